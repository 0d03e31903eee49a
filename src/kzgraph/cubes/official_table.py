"""All official figures as one table: the rows of the table by address `official`.

It has the columns of `queries/tables/official.rq`, in each language of labels, and its rows in the
same order: that of the IRIs of cells.
"""

from collections.abc import Mapping
from pathlib import Path

from kzgraph.cubes.cube_codes import ANY_LANGUAGE, Codes
from kzgraph.cubes.graph_tables import Connection
from kzgraph.cubes.table_files import LARGE, copy_parquet, find_number, list_types
from kzgraph.tidy.cube_columns import CODED
from kzgraph.tidy.table_templates import Table

_CELLS = "official AND cell IS NOT NULL AND scope IS NOT NULL AND COALESCE(i, d) IS NOT NULL"
_NAME = "_name"


def list_languages(database: Connection, codes: Codes, table: Table) -> dict[str, str]:
    """The language of the labels in each column of the English table that has labels."""
    found = {each.name: "en" for each in table.columns if _of_code(each.name)}
    told = {label: codes.find_language(database, name) for name, label in ANY_LANGUAGE.items()}
    return {**found, **told}


def write_official(
    database: Connection, codes: Codes, table: Table, paths: Mapping[str, Path]
) -> tuple[int, list[str]]:
    """Write the table as Parquet; the number of its rows, and the types of its columns.

    Args:
        database: with `cells`.
        codes: of the cells.
        table: the one called `official`.
        paths: of the new files, by the language of labels.

    Raises:
        duckdb.Error: the disk fails.
    """
    row = database.execute(f"SELECT count(*) FROM cells WHERE {_CELLS}").fetchone()  # noqa: S608 - own names
    count = row[0] if row else 0
    named = (*CODED, "dataset", *ANY_LANGUAGE)
    codes.write(database, named, _CELLS, narrow=count > LARGE)
    labels = {label: name for name, label in ANY_LANGUAGE.items()}
    selected: dict[str, str] = {}
    for each in (column.name for column in table.columns):
        if each in labels:
            selected[each] = f"codes_{labels[each]}.label"
        elif stem := _of_code(each):
            selected |= {f"{each}_{language}": f"codes_{stem}.{language}" for language in paths}
        elif each in named:
            selected[each] = f"codes_{each}.code"
        elif each == "value":
            selected[each] = find_number(database, _CELLS, "i", "d")
        else:
            selected[each] = "identifier.text[2:-2]" if each == "cell" else f'cells."{each}"'
    joins = " ".join(
        f'LEFT JOIN codes_{name} ON codes_{name}.id = cells."{name}"' for name in named
    )
    columns = ", ".join(f'{value} AS "{name}"' for name, value in selected.items())
    database.execute(
        f"""CREATE TABLE made AS SELECT {columns}
        FROM (SELECT * FROM cells WHERE {_CELLS}) AS cells {joins}
        JOIN graph.terms AS identifier ON identifier.id = cells.cell ORDER BY "cell\""""  # noqa: S608 - own names
    )
    for language, path in paths.items():
        in_language = ", ".join(
            f'"{each.name}_{language}" AS "{each.name}"'
            if _of_code(each.name)
            else f'"{each.name}"'
            for each in table.columns
        )
        database.execute(f"CREATE OR REPLACE VIEW shown AS SELECT {in_language} FROM made")  # noqa: S608 - own names
        copy_parquet(database, "shown", path)
    types = list_types(database, "shown")
    database.execute("DROP VIEW shown")
    database.execute("DROP TABLE made")
    return count, types


def _of_code(name: str) -> str:
    """The column with the codes that the labels in a column are of; nothing of another column."""
    stem = name.removesuffix(_NAME)
    return stem if name.endswith(_NAME) and stem in {*CODED, "dataset"} else ""
