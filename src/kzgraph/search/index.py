"""The index of a release, opened for reading."""

import sqlite3
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from kzgraph.search.found import Found, Hit
from kzgraph.search.indexing import FORMAT, INDEX
from kzgraph.search.kinds_of_things import KIND_NAMES
from kzgraph.search.one_search import Search
from kzgraph.search.typed_words import MAX_LENGTH

#: Seconds that a search may take; what was found by then is what there is.
PATIENCE = 1.0
#: Steps of SQLite's machine between two looks at the clock: 0.1 ms.
_STEPS = 5_000


class IndexMissing(Exception):
    """A release has no index that this code can read; the message is one line."""


class IndexDamaged(IndexMissing):
    """The index of a release cannot be read, or is that of another release."""


class Index:
    """The index of one release; threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open the index in the file `path`.

        Raises:
            IndexMissing: it is of another version of kzgraph.
            IndexDamaged: it cannot be read.
        """
        # It never changes, so that SQLite need not look for changes or locks.
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._idle: list[sqlite3.Connection] = []
        try:
            with self._connect(float("inf")) as connection:
                about = dict(connection.execute("SELECT name, value FROM about"))
                rows = connection.execute("SELECT id, iri FROM kind")
                self._kinds: dict[int, str] = dict(rows)
        except sqlite3.Error as error:
            raise IndexDamaged(f"{path.name} cannot be read: {error}") from None
        if about.get("format") != str(FORMAT):
            raise IndexMissing(f"{path.name} is of another version of kzgraph")
        self.version: str = about.get("version", "")

    @classmethod
    def of_release(cls, folder: Path, version: str) -> Self:
        """The index of the release `version` in `folder`.

        Raises:
            IndexMissing: it was written without one, or by another version of kzgraph.
            IndexDamaged: it cannot be read, or is that of another release.
        """
        if not (folder / INDEX).is_file():
            raise IndexMissing("the release was written without an index for search")
        index = cls(folder / INDEX)
        if index.version != version:
            raise IndexDamaged(f"{INDEX} is that of {index.version}, and the release is {version}")
        return index

    def search(
        self,
        query: str,
        *,
        kinds: Collection[str] = (),
        languages: Collection[str] = (),
        limit: int = 20,
        offset: int = 0,
        patience: float = PATIENCE,
    ) -> Found:
        """Find things by their names, codes and values.

        Args:
            query: any text: words or their beginnings, in any order, a code, a number, an IRI.
            kinds: classes that things have to be of (`Entry.kind`); by default any.
            languages: of the names that are looked at, besides those without a language; by
                default all.
            limit: how many hits there may be.
            offset: how many of the best to leave out.
            patience: seconds after which what was found is what there is.
        """
        found = Found()
        found.reading.shortened = len(query) > MAX_LENGTH
        with self._connect(time.monotonic() + patience) as connection:
            search = Search(connection, self._kinds, set(kinds), set(languages), found)
            try:
                ranked = search.run(query)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_INTERRUPT":
                    raise
                found.complete = False
                ranked = search.ranked
            found.ranked = len(ranked)
            found.total = max(found.total, found.ranked)
            connection.set_progress_handler(None, 0)
            found.hits = search.open(ranked[offset : offset + limit])
        return found

    def list_hits(self, kind: str, most: int) -> list[Hit]:
        """The most prominent things of a kind, as if a query fitted all alike.

        Args:
            kind: the class (`Entry.kind`).
            most: how many.
        """
        with self._connect(float("inf")) as connection:
            search = Search(connection, self._kinds, {kind}, set(), Found())
            return search.open(search.list_kind(most))

    def count_entries(self) -> int:
        """How many things can be found."""
        with self._connect(float("inf")) as connection:
            row = connection.execute("SELECT MAX(id) FROM thing").fetchone()
        return int(row[0] or 0)

    def subjects(self) -> Iterator[str]:
        """The IRIs of all things that can be found.

        Raises:
            sqlite3.Error: the file is damaged.
        """
        with self._connect(float("inf")) as connection:
            for (iri,) in connection.execute("SELECT iri FROM thing"):
                yield iri

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file, a sentence each."""
        try:
            with self._connect(float("inf")) as connection:
                rows = [row for (row,) in connection.execute("PRAGMA quick_check(10)")]
        except sqlite3.Error as error:
            rows = [str(error)]
        return [f"{INDEX}: {row}" for row in rows if row != "ok"]

    @contextmanager
    def _connect(self, deadline: float) -> Iterator[sqlite3.Connection]:
        """A connection whose statements are interrupted at `deadline` of the monotonic clock."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        try:
            yield connection
        finally:
            connection.set_progress_handler(None, 0)
            self._idle.append(connection)


def name_kinds(names: Collection[str]) -> set[str]:
    """The classes that are called so in addresses; those that are not known are left out."""
    return {KIND_NAMES[name].value for name in names if name in KIND_NAMES}
