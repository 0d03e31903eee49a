"""Reading a claim: its numbers, and what it says of each, in English, Russian and Kazakh.

By rules and lists of words alone. What no rule knows stays unread and is told, and a word beside
a number that was not understood keeps the claim from being called stated.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kzgraph.checking.cues import (
    Cue,
    Token,
    find_phrases,
    find_together,
    load_cues,
    load_words,
    matches,
    split_words,
    tell,
)
from kzgraph.checking.known_words import KnownWords
from kzgraph.checking.moments import find_moments
from kzgraph.checking.times_of_numbers import Times
from kzgraph.checking.units import find_step, find_unit
from kzgraph.checking.verdicts import Dimension, Quantified, Read
from kzgraph.checking.zones import Segment, cut, order
from kzgraph.verification.numbers import Number, numbers_in

_KAZAKH = re.compile(r"[әғқңөұүһі]", re.IGNORECASE)
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
#: What stands in a row, and whose kind says what it is about.
_PHRASES = ("group", "place", "other-place", "origin", "series", "name")
_DIMENSIONS = {
    "group": Dimension.GROUP,
    "place": Dimension.PLACE,
    "other-place": Dimension.PLACE,
    "country": Dimension.PLACE,
    "origin": Dimension.ORIGIN,
    "series": Dimension.SERIES,
    "registered-by": Dimension.REGISTERED_BY,
    "quantity": Dimension.QUANTITY,
}
_ABLATIVE = re.compile(r"(?:[нтд][ае]н)$")
#: A quantity that no release has, and a part of a group that no cue names.
OTHER = "other"
#: By how much something is more or less than it was.
CHANGE = "quantity/change"
_BY = re.compile(
    r"(?<!\w)(?:by|на)\s+(?:(?:some|about|around|nearly|almost|over|more than|примерно|около|почти|"
    r"более чем|целых)\s+)?\Z",
    re.IGNORECASE,
)
_BY_BEHIND = re.compile(
    r"(?:\s*(?:%|пайыз|адам|мың))?(?:\s*адам)?-?(?:ға|ге|қа|ке)(?!\w)(?!\s+(?:дейін|жуық|жетті))"
)
#: How far from a number a word that was not understood may change what it counts.
_NEAR = 2
_MAX_DIGITS = 15


@dataclass(frozen=True)
class Found:
    """Something that was read, with the places of its words.

    Attributes:
        dimension: what it is about.
        codes: what it means.
        places: the places of its tokens.
    """

    dimension: Dimension
    codes: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class ClaimRead:
    """A claim as it was read.

    Attributes:
        language: `en`, `ru` or `kk`.
        numbers: its numbers; where one can be read in two ways, both, with the same `start`.
        unread: the words that were not understood.
        speaks_of_now: whether it says that something is so today.
    """

    language: str
    numbers: tuple[Quantified, ...]
    unread: tuple[str, ...]
    speaks_of_now: bool


def find_language(text: str) -> str:
    """The language that a claim seems to be in.

    >>> find_language("354 беженца"), find_language("354 босқын"), find_language("87,632")
    ('ru', 'kk', 'en')
    """
    if not _CYRILLIC.search(text):
        return "en"
    return "kk" if _KAZAKH.search(text) else "ru"


def read_claim(text: str, known: KnownWords) -> ClaimRead:
    """The numbers of a claim and what it says of each."""
    return _Reading(text, known).read()


class _Reading:
    """One claim being read."""

    def __init__(self, text: str, known: KnownWords) -> None:
        self._text = text
        self._known = known
        self._cues = load_cues()
        self.language = find_language(text)
        self._moments = find_moments(text)
        self._tokens = [
            token if self._in_moment(token) else known.correct(token) for token in split_words(text)
        ]
        self._times = Times(text, self._tokens, self._moments)
        #: Places of tokens that mean something, and of those that are part of a phrase.
        self._taken = {at for at, token in enumerate(self._tokens) if self._in_moment(token)}
        self._read: set[int] = set(self._taken)
        self._found: list[Found] = []

    def read(self) -> ClaimRead:
        self._find_phrases()
        numbers = self._find_numbers()
        spans = sorted({(each.start, each.end) for each in numbers})
        phrases = [range(min(each.places), max(each.places) + 1) for each in self._found]
        segments = cut(self._text, self._tokens, spans, phrases)
        for at, token in enumerate(self._tokens):
            if any(start < token.end and token.start < end for start, end in spans):
                self._taken.add(at)
                self._read.add(at)
        self._mark_known()
        unread = [at for at in range(len(self._tokens)) if at not in self._read]
        quantified = [
            self._quantify(each, spans.index((each.start, each.end)), segments, unread)
            for each in numbers
        ]
        return ClaimRead(
            self.language,
            tuple(quantified),
            tuple(self._written([at]) for at in unread),
            bool(self._any("now", range(len(self._tokens)))),
        )

    def _in_moment(self, token: Token) -> bool:
        return any(each.start < token.end and token.start < each.end for each in self._moments)

    def _written(self, places: Sequence[int]) -> str:
        return self._text[self._tokens[min(places)].start : self._tokens[max(places)].end]

    def _find_phrases(self) -> None:
        cues = sorted(
            (cue for kind in _PHRASES for cue in self._cues[kind]),
            key=lambda cue: cue.weight,
            reverse=True,
        )
        for cue, places in find_phrases(cues, self._tokens, self._taken):
            if cue.kind in _DIMENSIONS:
                self._add(_DIMENSIONS[cue.kind], cue.codes, places)
        for kind, iri, places in self._known.names.find(self._tokens, self._taken):
            self._add(_DIMENSIONS[kind], (iri,), places)
        self._tell_origins()

    def _add(self, dimension: Dimension, codes: tuple[str, ...], places: Sequence[int]) -> None:
        self._read.update(places)
        whole = tuple(map(self._known.whole, codes))
        self._found.append(Found(dimension, whole, tuple(places)))

    def _tell_origins(self) -> None:
        """Countries that people come from, among those that were read as places."""
        countries = {
            each.codes[0]
            for each in self._found
            if each.dimension is Dimension.PLACE and self._known.is_country(each.codes[0])
        }
        hosts = countries & self._known.hosts
        area = self._known.area_of(countries)
        if area:
            kept = [each for each in self._found if each.codes[0] not in countries]
            places = tuple(
                place
                for each in self._found
                if each.codes[0] in countries
                for place in each.places[:1]
            )
            self._found = [*kept, *(Found(Dimension.PLACE, (area,), (at,)) for at in places)]
            return
        for at, each in enumerate(self._found):
            if each.dimension is not Dimension.PLACE or each.codes[0] not in countries:
                continue
            begins, ends = min(each.places), max(each.places)
            before = {token.text for token in self._tokens[max(0, begins - 2) : begins]}
            ablative = self.language == "kk" and _ABLATIVE.search(self._tokens[ends].text)
            said_from = bool(before & load_words("from")) or ablative
            other = bool(hosts) and each.codes[0] not in hosts
            if (
                (said_from and len(countries) > 1)
                or other
                or (said_from and each.codes[0] not in self._known.hosts)
            ):
                self._found[at] = Found(Dimension.ORIGIN, each.codes, each.places)

    def _find_numbers(self) -> list[Number]:
        found = []
        phrases = [(self._tokens[min(each.places)].start, self._tokens[max(each.places)].end)
                   for each in self._found]  # fmt: skip
        for each in numbers_in(self._text, (self.language,)):
            inside = [*((one.start, one.end) for one in self._moments), *phrases]
            written = self._text[each.start : each.end]
            if any(start < each.end and each.start < end for start, end in inside):
                continue
            if each.fraction or len(re.sub(r"\D", "", written)) > _MAX_DIGITS:
                continue
            if each.value == 1 and not written[0].isdigit():
                continue
            found.append(each)
        counted = [each for each in found if not self._counts_time(each)]
        return counted or found

    def _counts_time(self, number: Number) -> bool:
        behind = next((token for token in self._tokens if token.start >= number.end), None)
        return behind is not None and any(
            matches(cue.words[0], behind.text) for cue in self._cues["duration"]
        )

    def _mark_known(self) -> None:
        """Mark the tokens that some cue has, whether or not it means something here."""
        for cues in self._cues.values():
            for cue in cues:
                for word in cue.words:
                    for at, token in enumerate(self._tokens):
                        if matches(word, token.text):
                            self._read.add(at)
        for at, token in enumerate(self._tokens):
            if len(token.text) == 1 or token.text.isdigit():
                self._read.add(at)

    def _any(self, kind: str, places: Sequence[int]) -> tuple[Cue, list[int]] | None:
        return find_together(self._cues[kind], self._tokens, list(places), self._taken)

    def _quantify(
        self, number: Number, which: int, segments: Sequence[Segment], unread: Sequence[int]
    ) -> Quantified:
        zones = order(segments, which)
        own = zones[0]
        single = sum(bool(each.numbers) for each in segments) == 1
        wide = list(range(len(self._tokens))) if single else list(own.places)
        unit = find_unit(self._text, number, self._tokens, own)
        read = list(self._read_phrases(number, zones))
        if unit:
            read.append(unit)
        kinds = self._known.unit_kinds(unit.code if unit else "")
        read += self._read_quantity(zones, wide, kinds)
        read += self._read_together("registered-by", Dimension.REGISTERED_BY, zones[:1], wide)
        read += self._times.read(number, zones)
        read += self._read_hedge(number)
        read += self._read_words("ahead", Dimension.STATUS, zones)
        for kind in ("down", "up"):
            read += self._read_words(kind, Dimension.DIRECTION, zones[:1] if not single else zones)
        if any(each.dimension is Dimension.DIRECTION for each in read):
            read += self._read_by_how_much(number)
        return Quantified(
            number.value,
            self._text[number.start : number.end],
            number.start,
            number.end,
            find_step(number, self._text[number.start : number.end]),
            tuple(read),
            tuple(self._find_blocking(number, own, wide, unread, read)),
        )

    def _as_read(self, dimension: Dimension, code: str, places: Sequence[int]) -> Read:
        return tell(self._text, self._tokens, dimension, code, places)

    def _read_phrases(self, number: Number, zones: Sequence[Segment]) -> Iterator[Read]:
        for dimension in (Dimension.GROUP, Dimension.PLACE, Dimension.ORIGIN, Dimension.SERIES):
            of = [each for each in self._found if each.dimension is dimension]
            if dimension is Dimension.PLACE:
                of = self._narrow_places(of)
            for zone in zones:
                here = [each for each in of if min(each.places) in zone.places]
                if here:
                    chosen = self._choose(number, here)
                    for code in chosen.codes:
                        yield self._as_read(dimension, code, chosen.places)
                    break
                if dimension is Dimension.ORIGIN and zone.numbers:
                    break  # The origin of another number is not that of this one.

    def _narrow_places(self, found: list[Found]) -> list[Found]:
        """An office named after a country is no country; a country in a region is the country."""
        operations = [each for each in found if self._known.is_single(each.codes[0])]
        if operations:
            return operations
        countries = [each for each in found if self._known.is_country(each.codes[0])]
        return countries or found

    def _choose(self, number: Number, found: Sequence[Found]) -> Found:
        """The one that is meant of several: a narrower group, or else what follows the number."""
        for each in found:
            wider = self._known.broader(each.codes[0])
            if any(other.codes[0] in wider for other in found):
                return each

        def distance(each: Found) -> tuple[bool, int]:
            first, last = self._tokens[min(each.places)], self._tokens[max(each.places)]
            behind = first.start >= number.end
            return not behind, first.start - number.end if behind else number.start - last.end

        return min(found, key=distance)

    def _read_quantity(
        self, zones: Sequence[Segment], wide: list[int], kinds: frozenset[str]
    ) -> Iterator[Read]:
        cues = [cue for cue in self._cues["quantity"] if self._known.fits(cue.codes, kinds)]
        event = find_together(self._cues["event"], self._tokens, wide, self._taken)
        if event:
            yield self._as_read(Dimension.QUANTITY, OTHER, event[1])
            return
        part = find_together(self._cues["subgroup"], self._tokens, wide, self._taken)
        if part and not any(each.codes[0].endswith(("/UAC", "/HHT")) for each in self._found):
            yield self._as_read(Dimension.GROUP, OTHER, part[1])
        for places in (wide, *(list(zone.places) for zone in zones[1:])):
            found = find_together(cues, self._tokens, places, self._taken)
            if found:
                cue, at = found
                for code in cue.codes:
                    yield self._as_read(Dimension.QUANTITY, self._known.whole(code), at)
                return

    def _read_together(
        self, kind: str, dimension: Dimension, zones: Sequence[Segment], wide: list[int]
    ) -> Iterator[Read]:
        for places in (wide, *(list(zone.places) for zone in zones)):
            found = find_together(self._cues[kind], self._tokens, places, self._taken)
            if found:
                yield self._as_read(dimension, self._known.whole(found[0].codes[0]), found[1])
                return

    def _read_words(
        self, kind: str, dimension: Dimension, zones: Sequence[Segment]
    ) -> Iterator[Read]:
        for zone in zones:
            found = self._any(kind, zone.places)
            if found:
                yield self._as_read(dimension, found[0].codes[0], found[1])
                return

    def _read_by_how_much(self, number: Number) -> Iterator[Read]:
        """Whether a number is by how much something changed: "fell by 47 %", "на 47 % меньше"."""
        before = _BY.search(self._text, max(0, number.start - 32), number.start)
        behind = _BY_BEHIND.match(self._text, number.end) if self.language == "kk" else None
        found = before or behind
        if found:
            code = self._known.whole(CHANGE)
            yield Read(Dimension.QUANTITY, code, found[0].strip(), *found.span())

    def _read_hedge(self, number: Number) -> Iterator[Read]:
        word = self._known.hedges.find_at(self._text, number.start, number.end)
        if word:
            near = self._text.casefold().rfind(word.casefold(), 0, number.start)
            at = near if near >= 0 else self._text.casefold().find(word.casefold(), number.end)
            at = max(at, 0)
            for code in sorted(self._known.hedges.bounds(word)):
                yield Read(Dimension.HEDGE, code, word, at, at + len(word))
            return
        before = [at for at, token in enumerate(self._tokens) if token.end <= number.start][-2:]
        exact = find_together(self._cues["exact"], self._tokens, before, set())
        if exact:
            yield self._as_read(Dimension.HEDGE, "exact", exact[1])

    def _find_blocking(
        self,
        number: Number,
        own: Segment,
        wide: Sequence[int],
        unread: Sequence[int],
        read: Sequence[Read],
    ) -> Iterator[str]:
        """Words that may change what the number counts, and were not understood."""
        last = next(
            (at for at, token in enumerate(self._tokens) if token.start >= number.end),
            len(self._tokens),
        )
        group = [each for each in read if each.dimension is Dimension.GROUP]
        near = set(range(last - 1 - _NEAR, last + _NEAR))
        for each in group:
            behind = [at for at, token in enumerate(self._tokens) if token.end <= each.start]
            begins = len(behind)
            near |= set(range(min(last, begins), begins + 2 + _NEAR))
        for at in unread:
            if at in near and at in own.places:
                yield self._written([at])
        if number.value:
            for kind in ("negation", "each"):
                found = find_together(self._cues[kind], self._tokens, list(own.places), self._taken)
                if found and not self._is_hedge(found[1], read):
                    yield self._written(found[1])

    def _is_hedge(self, places: Sequence[int], read: Sequence[Read]) -> bool:
        start = self._tokens[min(places)].start
        return any(
            each.dimension is Dimension.HEDGE and each.start <= start < each.end + 8
            for each in read
        )
