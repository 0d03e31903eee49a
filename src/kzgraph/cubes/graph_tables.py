"""The quads of a release as tables of DuckDB, with room beside them for tables of one's own.

A term is an id here: that of the file of columns, or a negative one of a thing that the graph does
not have.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
from pyoxigraph import Literal, RdfFormat, parse

from kzgraph.columns.column_file import TermKind, silence
from kzgraph.iri import ONTOLOGY

#: What the database may take; what does not fit goes to files.
MEMORY_MIB = 320
#: Literals that are read together.
_PIECE = 10_000

Connection = duckdb.DuckDBPyConnection


@contextmanager
def open_graph(columns: Path, folder: Path) -> Iterator[Connection]:
    """A database with the file of columns attached as `graph`.

    Args:
        columns: the file.
        folder: where what does not fit into memory is meanwhile; it is left as it was.
    """
    with duckdb.connect(
        config={
            "memory_limit": f"{MEMORY_MIB}MiB",
            "temp_directory": str(folder / ".cubes"),
            # The order of the rows of one thread is the same each time.
            "threads": "1",
        }
    ) as database:
        silence(database)
        database.execute(f"ATTACH {quote(str(columns))} AS graph (READ_ONLY)")
        yield database


def quote(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


class Properties:
    """The tables of properties."""

    def __init__(self, database: Connection) -> None:
        """Those of the file that is attached."""
        found = database.execute("SELECT iri, number, kinds FROM graph.properties").fetchall()
        self._numbers = {iri: (number, kinds) for iri, number, kinds in found}

    def has(self, iri: str) -> bool:
        """Whether a quad has the property."""
        return iri in self._numbers

    def table(self, iri: str) -> str:
        """The table of a property, for FROM: `s`, `o`, `i` and `d`; empty where it has no quads."""
        if iri not in self._numbers:
            return "(SELECT 0 AS s, 0 AS o, 0::BIGINT AS i, 0::DECIMAL(38, 18) AS d WHERE false)"
        number, kinds = self._numbers[iri]
        i = "i" if kinds & 1 << TermKind.INTEGER else "NULL::BIGINT AS i"
        d = "d" if kinds & 1 << TermKind.DECIMAL else "NULL::DECIMAL(38, 18) AS d"
        return f"(SELECT s, o, {i}, {d} FROM graph.p{number:d})"  # noqa: S608 - a number

    def single(self, iri: str, where: str, columns: str = "o") -> str:
        """The same of the subjects that have one value of it, and of which `where` holds."""
        chosen = ", ".join(f"min({each}) AS {each}" for each in columns.split(", "))
        return (
            f"(SELECT s, {chosen} FROM {self.table(iri)} WHERE {where} "  # noqa: S608 - own names
            "GROUP BY s HAVING count(*) = 1)"
        )


def find_term(database: Connection, iri: str) -> int:
    """The id of an IRI; -1, which no term has, where no quad does."""
    found = database.execute("SELECT id FROM graph.terms WHERE text = ?", [f"<{iri}>"]).fetchone()
    return found[0] if found else -1


def read_literals(texts: Iterable[str]) -> list[Literal]:
    """Literals in N-Triples, read."""
    found: list[Literal] = []
    waiting: list[str] = []

    def read() -> None:
        data = "".join(f"<x:> <x:> {text} .\n" for text in waiting)
        for quad in parse(data, RdfFormat.N_TRIPLES):
            assert isinstance(quad.object, Literal)  # noqa: S101 - of columns that have literals
            found.append(quad.object)
        waiting.clear()

    for text in texts:
        waiting.append(text)
        if len(waiting) == _PIECE:
            read()
    read()
    return found


def read_texts(database: Connection, table: str, of: str) -> Mapping[int, dict[str, str]]:
    """The texts of things by their ids and by language; the first by its letters, of several.

    Args:
        database: with the graph.
        table: of the property.
        of: a table with the ids as `id`.
    """
    rows = database.execute(
        f"SELECT s, text FROM {table} "  # noqa: S608 - own names
        f"SEMI JOIN (SELECT id AS s FROM {of}) USING (s) JOIN graph.terms ON o = terms.id "
        f"WHERE kind IN ({TermKind.STRING:d}, {TermKind.TEXT:d}) ORDER BY s, text DESC"
    ).fetchall()
    found: dict[int, dict[str, str]] = {}
    for (thing, _), text in zip(rows, read_literals(text for _, text in rows), strict=True):
        found.setdefault(thing, {})[text.language or ""] = text.value
    return found


def term(name: str) -> str:
    """The IRI of a term of the vocabulary."""
    return ONTOLOGY + name
