"""One search: from a query to ranked things."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from kzgraph.prefixes import PREDECLARED
from kzgraph.search.alphabets import retype
from kzgraph.search.entries import LABEL_SORT, Name, last_segment
from kzgraph.search.found import Found, Hit
from kzgraph.search.indexing import kind_token
from kzgraph.search.meanings_of_words import Fit, Meaning, find_meanings, find_nearest
from kzgraph.search.ranking import Match, Rank, Ranking
from kzgraph.search.typed_words import MAX_LENGTH, MAX_WORDS, read_query

#: The things that are compared with a query: of all that have its words the most prominent.
COMPARED = 300
#: How far things are counted, by kind and in all.
COUNTED = 2_000
#: Words that are suggested for one that nothing was found for.
_NEAREST = 5
#: The most things that are looked at because they are called exactly so.
_NAMESAKES = 100
#: The least letters of one of the words that another keyboard would have given: all two letters are
#: something.
_SURE = 3

_Ranked = tuple[int, Rank]


class Search:
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
        meanings, key = self._understand(query, words)
        self._reading.words = tuple(meaning.word for meaning in meanings)
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

    def _understand(self, query: str, words: Sequence[str]) -> tuple[list[Meaning], str]:
        """What the words may be meant as; if they are none, what their keys are elsewhere.

        Returns:
            The meanings of the first words, and all words.
        """
        meanings = find_meanings(self._connection, words[:MAX_WORDS], spelling=True)
        key = " ".join(words)
        if all(each.known and not each.corrected for each in meanings):
            return meanings, key
        # Where each word is almost one of the index, it is more likely a mistake than a keyboard.
        least = Fit.SAME if all(each.known for each in meanings) else Fit.BEGINNING
        for text in retype(query[:MAX_LENGTH]):
            words = read_query(text)
            others = find_meanings(self._connection, words[:MAX_WORDS], spelling=False)
            needed = [each for each in others if not each.optional]
            long = any(len(each.word) >= _SURE for each in needed)
            if long and all(_is_sure(each, least) for each in needed):
                self._reading.retyped = " ".join(words)
                return others, self._reading.retyped
        return meanings, key

    def _choose(self, meanings: Sequence[Meaning]) -> tuple[str, bool]:
        """What to ask the full-text table, and whether that is all words."""
        needed = [each for each in meanings if not each.optional]
        known = [each for each in needed if each.known]
        self._reading.dropped = tuple(each.word for each in needed if not each.known)
        self._reading.corrected = {each.word: tuple(each.words) for each in known if each.corrected}
        if not known:
            return "", False
        every = " AND ".join(each.expression() for each in known)
        whole = len(known) == len(needed)
        if len(known) == 1 or self._any(every):
            self._reading.partial = not whole
            return _in_names(every), whole
        self._reading.partial = True
        for left in (len(known) - 1, 1):
            some = " OR ".join(
                f"({' AND '.join(each.expression() for each in part)})"
                for part in _leave_out(known, left)
            )
            if self._any(some):
                return _in_names(some), False
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
        return bool(self._match(_in_names(expression), 1))

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
        found = [
            word for each in unknown for word in find_nearest(self._connection, each, _NEAREST)
        ]
        self._reading.nearest = tuple(dict.fromkeys(found))

    def list_kind(self, most: int) -> list[_Ranked]:
        """The most prominent things of the kinds that are wanted."""
        rows = self._connection.execute(
            "SELECT id FROM thing WHERE kind IN (SELECT value FROM json_each(?))"
            " ORDER BY id LIMIT ?",
            (_list(self._wanted), most),
        )
        return [(number, Rank(Match.PART, 0.0, None)) for (number,) in rows]

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
            kept, called = tuple(labels.values()), tuple(names[number])
            hits.append(
                Hit(iri, self._kinds[kind], rank.match, rank.score, rank.name, kept, called)
            )
        return hits


def _in_names(expression: str) -> str:
    """An expression that looks at no column but those of words."""
    return f"{{own context}} : ({expression})"


def _list(numbers: Collection[int]) -> str:
    return json.dumps(sorted(numbers))


def _leave_out(meanings: Sequence[Meaning], left: int) -> Iterator[Sequence[Meaning]]:
    """All but one of them, each in turn, or one of them."""
    if left == 1:
        yield from ([each] for each in meanings)
    else:
        yield from ([*meanings[:place], *meanings[place + 1 :]] for place in range(len(meanings)))


def _is_sure(meaning: Meaning, least: Fit) -> bool:
    """Whether a word that nobody typed is surely one of the index, or begins one."""
    begins = meaning.begins and len(meaning.word) >= _SURE
    best = max(meaning.words.values(), default=Fit.BEGINNING if begins else 0)
    return best >= least


def _read_iri(text: str) -> str:
    """The IRI that a query is, in full or as SPARQL may write it; nothing if it is none."""
    text = text.strip().removeprefix("<").removesuffix(">")
    if len(text) > MAX_LENGTH or not text or any(each.isspace() for each in text):
        return ""
    if text.startswith(("http://", "https://")):
        return text
    prefix, colon, rest = text.partition(":")
    return PREDECLARED[prefix] + rest.replace("\\", "") if colon and prefix in PREDECLARED else ""
