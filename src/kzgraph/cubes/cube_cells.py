"""The cells of all cubes as one narrow table of ids.

`cells` has a row for each observation and each other figure of an official source, and for each
cell that the graph leaves out: `cell`, the id of the figure or nothing; `dataset`; a column for
each of `CODED`; `year` and `row`; `i` and `d`, the number; `usi` and `usd`, the same in dollars;
`hedge`; `measured` and `funder`, of activities; `kind`; `official`; `chosen`, `headline` and
`caveat`.
"""

from collections.abc import Iterable
from pathlib import Path

from kzgraph.cubes.graph_tables import (
    Connection,
    Properties,
    find_term,
    term,
)
from kzgraph.cubes.left_out_cells import BY_DATA_SET, DATA_SET, HEADLINES, add_left_out
from kzgraph.namespaces import SCHEMA, TYPE
from kzgraph.tidy.cube_columns import CODED, LITERAL

#: What cells are measured by; each has one of them.
_MEASURES = (term("value"), term("officialValue"))
#: The class of what official sources have.
_OFFICIAL = term("OfficialFigure")
#: What the table of all official figures has in addition.
_OF_ACTIVITIES = {"measured": SCHEMA["variableMeasured"].value, "funder": SCHEMA["funder"].value}
#: Cells that are joined at a time, which bounds the memory that takes.
_PIECE = 100_000

_FIGURES = """
CREATE TABLE figures AS
SELECT s, dataset, {official} AS official
FROM (SELECT s, o AS dataset FROM {sets}) FULL JOIN ({of_class}) AS official USING (s)
ORDER BY s
"""
_BOUNDS = """
SELECT min(s), max(s) FROM (SELECT s, row_number() OVER (ORDER BY s) - 1 AS n FROM figures)
GROUP BY n // ? ORDER BY 1
"""
_CELLS = """
SELECT figures.s AS cell, dataset, {coded}, "year".i::INTEGER AS "year", "row".i AS "row",
    number.i AS i, number.d AS d, us_dollars.i AS usi, us_dollars.d AS usd, hedge.o AS hedge,
    measured.o AS measured, funder.o AS funder, 'observation' AS kind, official,
    figures.s IN ({chosen}) AS chosen, figures.s IN ({headline}) AS headline,
    figures.s IN (SELECT s FROM {caveat}) AS caveat
FROM (SELECT * FROM figures WHERE {within}) AS figures {joins}
"""


def make_cells(database: Connection, properties: Properties, left_out: Iterable[Path]) -> None:
    """Make the table `cells`.

    Args:
        database: with the graph.
        properties: of it.
        left_out: files of what the graph leaves out; see `kzgraph.sources.left_out`.
    """
    of_class = _members(database, properties, (_OFFICIAL,))
    database.execute(
        _FIGURES.format(
            sets=properties.table(DATA_SET),
            of_class=of_class,
            official="official.s IS NOT NULL",
        )
    )
    bounds = database.execute(_BOUNDS, [_PIECE]).fetchall()
    database.execute(f"CREATE TABLE cells AS {_select(database, properties, 0, -1)}")
    for first, last in bounds:
        database.execute(f"INSERT INTO cells {_select(database, properties, first, last)}")
    database.execute("DROP TABLE figures")
    database.execute("CREATE TABLE unknown (id INTEGER, iri VARCHAR)")
    for path in left_out:
        add_left_out(database, properties, path)


def _select(database: Connection, properties: Properties, first: int, last: int) -> str:
    """The query of the cells whose ids are in a range."""
    # Everywhere, so that of each table a part is read.
    within = f"s BETWEEN {first:d} AND {last:d}"

    def single(iri: str, columns: str = "o") -> str:
        return properties.single(iri, within, columns)

    def of(*classes: str) -> str:
        return f"{_members(database, properties, classes)} AND {within}"

    joins = {name: single(iri) for name, iri in {**CODED, **_OF_ACTIVITIES}.items()}
    joins |= {name: single(iri, "o, i, d") for name, iri in LITERAL.items()}
    numbers = " UNION ALL ".join(f"FROM {single(each, 'i, d')}" for each in _MEASURES)
    joins["number"] = f"({numbers})"
    for name in BY_DATA_SET:
        joins[f"set_{name}"] = properties.single(CODED[name], "s IN (SELECT dataset FROM figures)")
    coded = (
        f'COALESCE("{name}".o, set_{name}.o)' if name in BY_DATA_SET else f'"{name}".o'
        for name in CODED
    )
    return _CELLS.format(
        coded=", ".join(f'{value} AS "{name}"' for name, value in zip(CODED, coded, strict=True)),
        chosen=of(term("ChosenFigure")),
        headline=of(*HEADLINES),
        caveat=f"{properties.table(term('caveat'))} WHERE {within}",
        within=within,
        joins=" ".join(
            f'LEFT JOIN {table} AS "{name}" ON "{name}".s = '
            + ("dataset" if name.startswith("set_") else "figures.s")
            for name, table in joins.items()
        ),
    )


def _members(database: Connection, properties: Properties, classes: Iterable[str]) -> str:
    """The query of the subjects that are of one of the classes."""
    ids = ", ".join(str(find_term(database, each)) for each in classes)
    return f"SELECT DISTINCT s FROM {properties.table(TYPE.value)} WHERE o IN ({ids})"  # noqa: S608 - own names
