"""The cells of all cubes as one narrow table of ids, and the codes that the ids have.

`cells` has a row for each observation and each other figure of an official source, and for each
cell that the graph leaves out: `cell`, the id of the figure or nothing; `dataset`; a column for
each of `CODED`; `year` and `row`; `i` and `d`, the number; `usi` and `usd`, the same in dollars;
`hedge`; `measured` and `funder`, of activities; `kind`; `official`; `chosen`, `headline` and
`caveat`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kzgraph.cubes.graph_tables import (
    Connection,
    Properties,
    find_term,
    quote,
    read_literals,
    read_texts,
    term,
)
from kzgraph.cubes.left_out_cells import BY_DATA_SET, DATA_SET, HEADLINES, add_left_out
from kzgraph.namespaces import LABEL, LANGUAGES, SCHEMA, TYPE
from kzgraph.prefixes import PREFIXES
from kzgraph.tidy.cube_columns import CODED, LITERAL, make_code

_CODE_LIST = f"{PREFIXES['qb']}codeList"
#: What cells are measured by; each has one of them.
_MEASURES = (term("value"), term("officialValue"))
#: The class of what official sources have.
_OFFICIAL = term("OfficialFigure")
#: What the table of all official figures has in addition.
_OF_ACTIVITIES = {"measured": SCHEMA["variableMeasured"].value, "funder": SCHEMA["funder"].value}
#: What their labels are called there.
_LABELS_OF_ACTIVITIES = {"measured": "measured", "funder": "funder_name"}
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
FROM (SELECT * FROM figures WHERE s BETWEEN {first} AND {last}) AS figures {joins}
"""


@dataclass(frozen=True)
class Codes:
    """What is to be known of the codes of a release.

    Attributes:
        prefixes: by the names of columns, what stands before each of their codes in the IRIs of
            things; not where that differs.
        lists: by the names of columns, the IRIs of their code lists; not of all columns.
        languages: by the names of columns with labels in whichever language there is, that language
            where it is one.
    """

    prefixes: Mapping[str, str]
    lists: Mapping[str, str]
    languages: Mapping[str, str]


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

    def single(iri: str, columns: str = "o") -> str:
        return properties.single(iri, f"s BETWEEN {first:d} AND {last:d}", columns)

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
        chosen=_members(database, properties, (term("ChosenFigure"),)),
        headline=_members(database, properties, HEADLINES),
        caveat=properties.table(term("caveat")),
        first=first,
        last=last,
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


def make_codes(database: Connection, properties: Properties) -> Codes:
    """Make `codes_NAME` of each column with things: `id`, `code` and a label in each language.

    Codes and labels are enumerations, in their own order, so that tables of them are narrow.
    """
    columns = (*CODED, "dataset", *_OF_ACTIVITIES)
    every = " UNION ".join(f'SELECT "{name}" AS id FROM cells' for name in columns)  # noqa: S608 - own names
    database.execute(f"CREATE TABLE wanted AS {every}")
    iris = dict(
        database.execute(
            "SELECT id, COALESCE(text[2:-2], iri) FROM wanted "
            "LEFT JOIN graph.terms USING (id) LEFT JOIN unknown USING (id) WHERE id IS NOT NULL"
        ).fetchall()
    )
    labels = read_texts(database, properties.table(LABEL.value), "wanted")
    prefixes: dict[str, str] = {}
    languages: dict[str, str] = {}
    for name in columns:
        things = [
            number
            for (number,) in database.execute(
                f'SELECT DISTINCT "{name}" FROM cells WHERE "{name}" IS NOT NULL ORDER BY 1'  # noqa: S608 - own names
            ).fetchall()
        ]
        codes = [make_code(name, iris[number]) for number in things]
        made: dict[str, Sequence[int] | Sequence[str | None]] = {"id": things, "code": codes}
        before = {
            iris[number].removesuffix(code) for number, code in zip(things, codes, strict=True)
        }
        if len(before) == 1:
            [prefixes[name]] = before
        for language in LANGUAGES:
            made[language] = [labels.get(number, {}).get(language) for number in things]
        if name in _OF_ACTIVITIES:
            # In English where there is such a label, else in the first language.
            found = [
                min(labels.get(number, {}).items(), key=_rank, default=("", None))
                for number in things
            ]
            made["label"] = [text for _, text in found]
            told = {language for language, text in found if text is not None}
            languages[_LABELS_OF_ACTIVITIES[name]] = told.pop() if len(told) == 1 else ""
        _write_codes(database, f"codes_{name}", made)
    rows = database.execute(
        "SELECT id, text FROM (SELECT DISTINCT hedge AS id FROM cells) JOIN graph.terms USING (id)"
    ).fetchall()
    words = [each.value for each in read_literals(text for _, text in rows)]
    _write_codes(database, "hedges", {"id": [number for number, _ in rows], "code": words})
    database.execute("DROP TABLE wanted")
    return Codes(prefixes, _read_lists(database, properties), languages)


def _rank(label: tuple[str, str]) -> tuple[bool, str]:
    return label[0] != "en", label[0]


def _read_lists(database: Connection, properties: Properties) -> dict[str, str]:
    rows = database.execute(
        f"""SELECT dimension.text[2:-2], list.text[2:-2]
        FROM {properties.table(_CODE_LIST)} AS stated
        JOIN graph.terms AS dimension ON dimension.id = stated.s
        JOIN graph.terms AS list ON list.id = stated.o"""  # noqa: S608 - own names
    ).fetchall()
    lists = dict(rows)
    return {name: lists[iri] for name, iri in CODED.items() if iri in lists}


def _write_codes(
    database: Connection, name: str, made: Mapping[str, Sequence[int] | Sequence[str | None]]
) -> None:
    """Write a table of ids and texts; each column of texts is an enumeration of its own."""
    types = ["id INTEGER"]
    for column, values in made.items():
        if column != "id":
            known = sorted({each for each in values if isinstance(each, str)})
            listed = ", ".join(map(quote, known or [""]))
            database.execute(f"CREATE TYPE {name}_{column} AS ENUM ({listed})")
            types.append(f"{column} {name}_{column}")
    database.execute(f"CREATE TABLE {name} ({', '.join(types)})")
    unnested = ", ".join(f"unnest(${column})" for column in made)
    database.execute(f"INSERT INTO {name} SELECT {unnested}", made)
