"""Cells that the graph leaves out, taken back from the table of a release.

Who writes a release anew from an earlier one, as a redaction does, has no files of sources at hand.
"""

from pathlib import Path

from kzgraph.cubes.graph_tables import Connection, Properties, quote, term
from kzgraph.cubes.left_out_cells import DATA_SET
from kzgraph.iri import ID
from kzgraph.namespaces import TYPE
from kzgraph.sources.left_out import LeftOutWriter, join_objects
from kzgraph.tidy.cube_columns import CODED, LITERAL, PATHS, make_code

#: A zero that may be added up is of a class that says so, whichever.
_HEADLINE = term("OfficialHeadlineFigure")
#: Rows that are read together.
_PIECE = 10_000


def restore_left_out(
    database: Connection, properties: Properties, table: Path, data_set: str, target: Path
) -> Path | None:
    """Write the cells of a table that are no observations as a mapper would hand them over.

    Args:
        database: with the graph of the release that has the table.
        properties: of it.
        table: the Parquet file.
        data_set: its IRI.
        target: the new file.

    Returns:
        the file; None where the table has no such cells.

    Raises:
        duckdb.Error: the table cannot be read.
    """
    source = f"read_parquet({quote(str(table))})"
    described = database.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608 - a path, quoted
    there = {name for name, *_ in described}
    names = [name for name in CODED if name in there]
    iris = {name: _find_iris(database, properties, name, source) for name in names}
    stated = (*(CODED[name] for name in names), LITERAL["year"], TYPE.value, DATA_SET)
    selected = ", ".join(f'"{name}"' for name in ("cell_kind", "row", "year", "headline", *names))
    rows = database.execute(
        f"SELECT {selected} FROM {source} WHERE cell_kind <> 'observation'"  # noqa: S608 - own names
    )
    writer = LeftOutWriter(target)
    while piece := rows.fetchmany(_PIECE):
        for kind, row, year, headline, *codes in piece:
            objects = [
                iris[name].get(code, f"{ID}{code}") if code is not None else ""
                for name, code in zip(names, codes, strict=True)
            ]
            objects += [str(year or ""), _HEADLINE if headline else "", data_set]
            writer.add(row, stated, [(kind, join_objects(objects))])
    return writer.finish()


def _find_iris(
    database: Connection, properties: Properties, name: str, source: str
) -> dict[str, str]:
    """The IRIs of the things of the graph that the codes of a column are of.

    A code whose thing no observation has is looked up under what the IRIs of others begin with.
    """
    if name in PATHS:
        return {}
    rows = database.execute(
        f"SELECT DISTINCT text[2:-2] FROM {properties.table(CODED[name])} "  # noqa: S608 - own names
        "JOIN graph.terms ON id = o"
    ).fetchall()
    found = {make_code(name, iri): iri for (iri,) in rows}
    prefixes = sorted({iri.removesuffix(code) for code, iri in found.items()})
    codes = database.execute(
        f'SELECT DISTINCT "{name}" FROM {source} WHERE "{name}" IS NOT NULL'  # noqa: S608 - own names
    ).fetchall()
    others = [f"{prefix}{code}" for (code,) in codes if code not in found for prefix in prefixes]
    known = database.execute(
        "SELECT text[2:-2] FROM graph.terms SEMI JOIN (SELECT unnest($texts) AS text) USING (text)",
        {"texts": [f"<{iri}>" for iri in others]},
    ).fetchall()
    return {make_code(name, iri): iri for (iri,) in sorted(known)} | found
