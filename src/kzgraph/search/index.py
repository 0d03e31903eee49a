"""The index of a release, opened for reading."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kzgraph.prefixes import PREDECLARED
from kzgraph.search.alphabets import retype
from kzgraph.search.entries import LABEL_SORT, Name, last_segment
from kzgraph.search.indexing import FORMAT, INDEX, kind_token
from kzgraph.search.kinds_of_things import KIND_NAMES
from kzgraph.search.meanings_of_words import Fit, Meaning, find_meanings, find_nearest
from kzgraph.search.ranking import Match, Rank, Ranking
from kzgraph.search.typed_words import MAX_LENGTH, read_query

#: The things that are compared with a query: of all that have its words the most prominent.
COMPARED = 300
#: How far things are counted, by kind and in all.
COUNTED = 2_000
#: Seconds that a search may take; what was found by then is what there is.
PATIENCE = 1.0
#: Steps of SQLite's machine between two looks at the clock: 0.1 ms.
_STEPS = 5_000
#: Words that are suggested for one that nothing was found for.
_NEAREST = 5
#: Most pages of things that one name leads to: as many have the same.
_NAMESAKES = 100
#: The least letters of a word that another keyboard would have given.
_SURE = 3


class IndexMissing(Exception):
    """A release has no index that this code can read; the message is one line."""


@dataclass(frozen=True)
class Hit:
    """A thing that was found.

    Attributes:
        iri: of the thing.
        kind: the class that it is grouped by.
        match: how it was found.
        score: from 0 to 1: how well it fits, and how prominent it is.
        name: the name that fits best; None where only what it is about fits.
        labels: what it is called, one for each language.
    """

    iri: str
    kind: str
    match: Match
    score: float
    name: Name | None
    labels: tuple[Name, ...]

    def label(self, language: str) -> Name | None:
        """What it is called in a language, in English, or else in any; None for no name."""
        order = (language, "en", "")
        return min(
            self.labels,
            key=lambda name: order.index(name.language) if name.language in order else len(order),
            default=None,
        )


@dataclass
class Reading:
    """What a query was taken for.

    Attributes:
        words: the words that were looked for.
        retyped: what the keys of the query are on another keyboard, where that was looked for.
        corrected: words that the index does not have, and those that were taken for them.
        dropped: words that nothing was found for.
        nearest: words of the index to suggest for them.
        partial: whether nothing has all words, so that what has some is shown.
        shortened: whether the query was longer than what is read of one.
    """

    words: tuple[str, ...] = ()
    retyped: str = ""
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    partial: bool = False
    shortened: bool = False


@dataclass
class Found:
    """What a search found.

    Attributes:
        hits: those asked for, the best first.
        total: how many things there are, up to `COUNTED`, of the kinds asked for.
        ranked: how many of them can be turned to.
        kinds: how many there are of each kind, of all kinds, the most first.
        reading: what the query was taken for.
        complete: whether there was time for all of it.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    ranked: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    complete: bool = True


class Index:
    """The index of one release; threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open the index in the file `path`.

        Raises:
            IndexMissing: there is none, or it is not one that this code reads.
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
            raise IndexMissing(f"{path.name} cannot be read: {error}") from None
        if about.get("format") != str(FORMAT):
            raise IndexMissing(f"{path.name} is of another version of kzgraph")
        self.version: str = about.get("version", "")

    @classmethod
    def of_release(cls, folder: Path) -> Self:
        """The index of the release in `folder`.

        Raises:
            IndexMissing: see `Index`.
        """
        if not (folder / INDEX).is_file():
            raise IndexMissing("the release was written without an index for search")
        return cls(folder / INDEX)

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
            search = _Search(connection, self._kinds, set(kinds), set(languages), found)
            try:
                ranked = search.run(query)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_INTERRUPT":
                    raise
                found.complete = False
                ranked = search.ranked
            found.ranked = len(ranked)
            found.total = max(found.total, found.ranked)
            found.hits = search.open(ranked[offset : offset + limit])
        return found

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


_Ranked = tuple[int, Rank]


class _Search:
    """One search.

    Attributes:
        ranked: things that were found, the best first.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        kinds: dict[int, str],
        wanted: set[str],
        languages: set[str],
        found: Found,
    ) -> None:
        self._connection = connection
        self._kinds = kinds
        self._wanted = {number for number, iri in kinds.items() if iri in wanted}
        self._none = bool(wanted) and not self._wanted
        self._languages = languages and languages | {""}
        self._found = found
        self._reading = found.reading
        self.ranked: list[_Ranked] = []

    def run(self, query: str) -> list[_Ranked]:
        """Find and rank things."""
        if self._none:
            return []
        iri = _read_iri(query)
        if iri:
            candidates = self._identified(iri)
            self._rank(candidates, (), iri, whole=True)
            kinds = Counter(kind for _, _, kind, _ in self._things(candidates))
            self._found.kinds = {self._kinds[kind]: count for kind, count in kinds.items()}
            if self.ranked:
                return self.ranked
            query = last_segment(iri)
        words = read_query(query)
        if not words:
            return []
        meanings = self._understand(query, words)
        self._reading.words = tuple(meaning.word for meaning in meanings)
        key = " ".join(self._reading.words)
        expression, whole = self._choose(meanings)
        candidates = self._called(key)
        if expression:
            candidates |= set(self._match(self._of_kinds(expression), COMPARED))
        self._rank(candidates, meanings, key, whole=whole)
        if expression:
            self._count(expression)
        if not self.ranked or self._reading.dropped:
            self._suggest(meanings)
        return self.ranked

    def _understand(self, query: str, words: Sequence[str]) -> list[Meaning]:
        """What the words may be meant as; if they are none, what their keys are elsewhere."""
        meanings = find_meanings(self._connection, words, spelling=True)
        if all(each.known and not each.corrected for each in meanings):
            return meanings
        # Where each word is almost one of the index, it is more likely a mistake than a keyboard.
        least = Fit.SAME if all(each.known for each in meanings) else Fit.BEGINNING
        for text in retype(query[:MAX_LENGTH]):
            others = find_meanings(self._connection, read_query(text), spelling=False)
            if others and all(_is_sure(each, least) for each in others):
                self._reading.retyped = " ".join(each.word for each in others)
                return others
        return meanings

    def _choose(self, meanings: Sequence[Meaning]) -> tuple[str, bool]:
        """What to ask the full-text table, and whether that is all words."""
        needed = [each for each in meanings if not each.optional]
        known = [each for each in needed if each.known]
        self._reading.dropped = tuple(each.word for each in needed if not each.known)
        self._reading.corrected = {
            each.word: tuple(each.words) for each in known if each.corrected
        }
        if not known:
            return "", False
        every = " AND ".join(each.expression() for each in known)
        whole = len(known) == len(needed)
        if len(known) == 1 or self._any(every):
            self._reading.partial = not whole
            return every, whole
        self._reading.partial = True
        for left in (len(known) - 1, 1):
            some = " OR ".join(
                f"({' AND '.join(each.expression() for each in part)})"
                for part in _leave_out(known, left)
            )
            if self._any(some):
                return some, False
        return "", False

    def _of_kinds(self, expression: str) -> str:
        if not self._wanted:
            return expression
        tokens = " OR ".join(f'"{kind_token(each)}"' for each in sorted(self._wanted))
        return f"({expression}) AND kind : ({tokens})"

    def _match(self, expression: str, most: int) -> list[int]:
        rows = self._connection.execute(
            "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rowid LIMIT ?",
            (expression, most),
        )
        return [number for (number,) in rows]

    def _any(self, expression: str) -> bool:
        return bool(self._match(f"{{own context}} : ({expression})", 1))

    def _called(self, key: str) -> set[int]:
        """The things of which a name has just these words."""
        rows = self._connection.execute(
            "SELECT DISTINCT thing FROM name WHERE key = ? LIMIT ?", (key, _NAMESAKES)
        )
        return {number for (number,) in rows}

    def _identified(self, iri: str) -> set[int]:
        """The things that have an IRI, here or in another data set, by either scheme of the web."""
        scheme, colon, rest = iri.partition(":")
        other = {"http": "https", "https": "http"}.get(scheme, scheme) + colon + rest
        rows = self._connection.execute("SELECT id FROM thing WHERE iri IN (?, ?)", (iri, other))
        return {number for (number,) in rows} | self._called(iri) | self._called(other)

    def _rank(
        self, candidates: Collection[int], meanings: Sequence[Meaning], key: str, *, whole: bool
    ) -> None:
        # What is found by its IRI has none of the words.
        ranking = Ranking(meanings, key, whole=whole)
        names = self._names(candidates)
        for number, iri, kind, references in self._things(candidates):
            if self._wanted and kind not in self._wanted:
                continue
            called = names[number] if meanings else [Name(iri, "", LABEL_SORT, key)]
            if self._languages:
                called = [name for name in called if name.language in self._languages]
            ranked = ranking.rank(called, references)
            if not self._languages or ranked.match not in (Match.ABOUT, Match.PART):
                self.ranked.append((number, ranked))
        self.ranked.sort(key=lambda each: (-each[1].score, each[0]))

    def _things(self, numbers: Collection[int]) -> list[tuple[int, str, int, int]]:
        """Of things their numbers, IRIs, kinds, and how many statements lead to each."""
        return self._connection.execute(
            "SELECT id, iri, kind, refs FROM thing WHERE id IN (SELECT value FROM json_each(?))",
            (_list(numbers),),
        ).fetchall()

    def _names(self, numbers: Collection[int]) -> dict[int, list[Name]]:
        """The names of things, by their numbers, each in order."""
        found: dict[int, list[Name]] = {number: [] for number in numbers}
        rows = self._connection.execute(
            "SELECT thing, text, language, sort, key FROM name"
            " WHERE thing IN (SELECT value FROM json_each(?)) ORDER BY thing, number",
            (_list(numbers),),
        )
        for thing, *name in rows:
            found[thing].append(Name._make(name))
        return found

    def _count(self, expression: str) -> None:
        rows = self._connection.execute(
            "SELECT kind, COUNT(*) FROM thing WHERE id IN"
            " (SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rowid LIMIT ?)"
            " GROUP BY kind ORDER BY COUNT(*) DESC, kind",
            (expression, COUNTED),
        ).fetchall()
        self._found.kinds = {self._kinds[kind]: count for kind, count in rows}
        counted = self._of_kinds(expression) if self._wanted else ""
        if counted:
            self._found.total = len(self._match(counted, COUNTED))
        else:
            self._found.total = sum(self._found.kinds.values())

    def _suggest(self, meanings: Sequence[Meaning]) -> None:
        unknown = [each.word for each in meanings if not each.known]
        found = [word for each in unknown for word in find_nearest(self._connection, each, _NEAREST)]
        self._reading.nearest = tuple(dict.fromkeys(found))

    def open(self, ranked: Sequence[_Ranked]) -> list[Hit]:
        """The hits that things are, in the same order."""
        numbers = [number for number, _ in ranked]
        things = {number: (iri, kind) for number, iri, kind, _ in self._things(numbers)}
        names = self._names(numbers)
        hits = []
        for number, rank in ranked:
            iri, kind = things[number]
            labels: dict[str, Name] = {}
            for name in names[number]:
                if name.sort == LABEL_SORT:
                    labels.setdefault(name.language, name)
            kept = tuple(labels.values())
            hits.append(Hit(iri, self._kinds[kind], rank.match, rank.score, rank.name, kept))
        return hits


def _list(numbers: Collection[int]) -> str:
    return json.dumps(sorted(numbers))


def _leave_out(meanings: Sequence[Meaning], left: int) -> Iterator[Sequence[Meaning]]:
    """All but one of them, each in turn, or one of them."""
    if left == 1:
        yield from ([each] for each in meanings)
    else:
        yield from (
            [*meanings[:place], *meanings[place + 1 :]] for place in range(len(meanings))
        )


def _is_sure(meaning: Meaning, least: Fit) -> bool:
    """Whether a word that nobody typed is surely one of the index: no letter or two is."""
    best = max(meaning.words.values(), default=Fit.BEGINNING if meaning.begins else 0)
    return best >= least and len(meaning.word) >= _SURE


def _read_iri(text: str) -> str:
    """The IRI that a query is, in full or as SPARQL may write it; nothing if it is none."""
    text = text.strip().removeprefix("<").removesuffix(">")
    if len(text) > MAX_LENGTH or not text or any(each.isspace() for each in text):
        return ""
    if text.startswith(("http://", "https://")):
        return text
    prefix, colon, rest = text.partition(":")
    return PREDECLARED[prefix] + rest.replace("\\", "") if colon and prefix in PREDECLARED else ""


def name_kinds(names: Collection[str]) -> set[str]:
    """The classes that are called so in addresses; those that are not known are left out."""
    return {KIND_NAMES[name].value for name in names if name in KIND_NAMES}
