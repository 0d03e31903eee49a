"""All official figures as one table: the rows of the table by address `official`.

It has the columns of `queries/tables/official.rq`, in each language of labels, and its rows in the
same order: that of the IRIs of cells.
"""

from pathlib import Path

from kzgraph.cubes.graph_tables import Connection
from kzgraph.cubes.table_files import copy_table, find_number, list_types
from kzgraph.tidy.cube_columns import CODED
from kzgraph.tidy.table_templates import Table

#: Columns that are not called as those of cells are.
_OTHERS = {
    "cell": "identifier.text[2:-2]",
    "measured": "codes_measured.label",
    "funder_name": "codes_funder.label",
}
_NAME = "_name"
#: The columns with labels in one language.
OF_LANGUAGE = frozenset(
    f"{each}{_NAME}"
    for each in ("dataset", "scope", "country", "origin", "group", "quantity", "status", "unit")
)


def write_official(
    database: Connection, table: Table, language: str, path: Path
) -> tuple[int, list[str]]:
    """Write the table as Parquet; the number of its rows, and the types of its columns.

    Args:
        database: with `cells` and codes.
        table: the one called `official`.
        language: of labels.
        path: of the new file.

    Raises:
        duckdb.Error: the disk fails.
    """
    coded = {*CODED, "dataset"}
    value = {"value": find_number(database, "official AND cell IS NOT NULL", "i", "d")}
    selected = []
    for each in (column.name for column in table.columns):
        stem = each.removesuffix(_NAME)
        if each in _OTHERS:
            made = _OTHERS[each]
        elif stem in coded:
            made = f"codes_{stem}.{language if each.endswith(_NAME) else 'code'}"
        else:
            made = value.get(each, f'cells."{each}"')
        selected.append(f'{made} AS "{each}"')
    joins = " ".join(
        f'LEFT JOIN codes_{name} ON codes_{name}.id = cells."{name}"'
        for name in (*sorted(coded), "measured", "funder")
    )
    database.execute(
        f"""CREATE OR REPLACE TABLE made AS SELECT {", ".join(selected)} FROM cells {joins}
        JOIN graph.terms AS identifier ON identifier.id = cells.cell
        WHERE official AND cells.scope IS NOT NULL AND COALESCE(i, d) IS NOT NULL
        ORDER BY 1"""  # noqa: S608 - own names
    )
    copy_table(database, path)
    row = database.execute("SELECT count(*) FROM made").fetchone()
    types = list_types(database)
    database.execute("DROP TABLE made")
    return row[0] if row else 0, types
