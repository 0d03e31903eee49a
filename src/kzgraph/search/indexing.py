"""The index of a release: one SQLite file, written once.

`entry` is a full-text table (https://www.sqlite.org/fts5.html) without contents, whose rows are in
the order of how many statements lead to a thing: the first rows that match are the most prominent,
and no query has to sort all. `word` lists all words, also read backwards and by their sound.
"""

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from pyoxigraph import Store

from kzgraph.search.alphabets import sound_out
from kzgraph.search.entries import LINK_SORT, Entry, last_segment, list_entries
from kzgraph.search.typed_words import split_words

#: The file in the folder of a release.
INDEX = "search.sqlite"
#: The layout of the tables and what they hold. An index of another one is not read.
FORMAT = 1

#: The tokenizer takes words as `split_words` made them: a point is part of a number.
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kind (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL, refs INTEGER NOT NULL
);
CREATE TABLE name (
    thing INTEGER NOT NULL, number INTEGER NOT NULL,
    sort INTEGER NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (thing, number)
) WITHOUT ROWID;
CREATE TABLE word (
    word TEXT PRIMARY KEY, backwards TEXT NOT NULL, sound TEXT NOT NULL, entries INTEGER NOT NULL
) WITHOUT ROWID;
CREATE VIRTUAL TABLE entry USING fts5 (
    own, context, kind, content = '', columnsize = 0, detail = column,
    prefix = '1 2 3 4', tokenize = "ascii tokenchars '.'"
);
CREATE VIRTUAL TABLE terms USING fts5vocab (entry, col);
"""
_WORDS = """
INSERT INTO word
SELECT term, backwards(term), sound_out(term), MAX(doc) FROM terms WHERE col <> 'kind'
GROUP BY term;
"""
_INDICES = """
CREATE UNIQUE INDEX thing_iri ON thing (iri);
CREATE INDEX name_key ON name (key);
CREATE INDEX word_backwards ON word (backwards);
CREATE INDEX word_sound ON word (sound) WHERE sound <> '';
DROP TABLE terms;
"""
#: Entries that are written together.
_PIECE = 1_000


def write_index(store: Store, path: Path, version: str) -> None:
    """Write the index of a release into the new file `path`, without syncing it.

    Args:
        store: what a plain query meets.
        path: where nothing is yet.
        version: of the release.

    Raises:
        OSError: the disk fails.
    """
    write_entries(list_entries(store), path, version)


def write_entries(entries: Iterable[Entry], path: Path, version: str) -> None:
    """The same of entries that are there, those that are referred to most first."""
    try:
        _write_file(entries, path, version)
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorname == "SQLITE_FULL"
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error), str(path)) from error


def _write_file(entries: Iterable[Entry], path: Path, version: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # The file is new and of no use until it is whole: nothing has to be rolled back.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA)
        connection.create_function("backwards", 1, lambda word: word[::-1], deterministic=True)
        connection.create_function("sound_out", 1, sound_out, deterministic=True)
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO about VALUES (?, ?)", [("format", str(FORMAT)), ("version", version)]
        )
        _Writer(connection).write(entries)
        connection.execute("INSERT INTO entry (entry) VALUES ('optimize')")
        connection.execute(_WORDS)
        connection.execute("COMMIT")
        connection.executescript(_INDICES)
        connection.execute("ANALYZE")


class _Writer:
    """Writes entries, and the kinds that they are of."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._kinds: dict[str, int] = {}

    def write(self, entries: Iterable[Entry]) -> None:
        """Write all of them."""
        waiting: list[tuple[int, Entry]] = []
        for place in enumerate(entries, 1):
            waiting.append(place)
            if len(waiting) == _PIECE:
                self._write(waiting)
                waiting.clear()
        self._write(waiting)

    def _write(self, entries: list[tuple[int, Entry]]) -> None:
        insert = self._connection.executemany
        insert(
            "INSERT INTO thing VALUES (?, ?, ?, ?)",
            [(n, each.iri, self._kind(each.kind), each.references) for n, each in entries],
        )
        insert(
            "INSERT INTO name VALUES (?, ?, ?, ?, ?, ?)",
            (
                (n, number, name.sort, name.language, name.text, name.key)
                for n, each in entries
                for number, name in enumerate(each.names)
            ),
        )
        insert(
            "INSERT INTO entry (rowid, own, context, kind) VALUES (?, ?, ?, ?)",
            (
                (n, own := " ".join(sorted(_own_words(each))), _rest(each, own), self._token(each))
                for n, each in entries
            ),
        )

    def _kind(self, iri: str) -> int:
        if iri not in self._kinds:
            self._kinds[iri] = len(self._kinds) + 1
            self._connection.execute("INSERT INTO kind VALUES (?, ?)", (self._kinds[iri], iri))
        return self._kinds[iri]

    def _token(self, entry: Entry) -> str:
        return kind_token(self._kind(entry.kind))


def kind_token(number: int) -> str:
    """The word by which the full-text table knows a kind."""
    return f"k{number}"


def _own_words(entry: Entry) -> Iterator[str]:
    found = set(entry.own)
    for name in entry.names:
        link = name.sort == LINK_SORT
        found.update(split_words(last_segment(name.text)) if link else name.key.split())
    found.update(split_words(last_segment(entry.iri)))
    return iter(found)


def _rest(entry: Entry, own: str) -> str:
    """The words of the context that are not its own."""
    return " ".join(sorted(entry.context.difference(own.split())))
