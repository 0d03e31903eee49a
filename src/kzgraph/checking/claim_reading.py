"""Reading a claim: its numbers, and what it says of each, in English, Russian and Kazakh.

By rules and lists of words alone. What no rule knows stays unread and is told, and a word beside
a number that was not understood keeps the claim from being called stated.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kzgraph.checking.claim_text import ClaimText, Found
from kzgraph.checking.cues import (
    Token,
    find_row,
    find_together,
    load_words,
    tell,
)
from kzgraph.checking.known_words import KnownWords
from kzgraph.checking.units import PERSONS, find_step, find_unit
from kzgraph.checking.verdicts import Dimension, Quantified, Read
from kzgraph.checking.zones import Segment, cut, order
from kzgraph.verification.numbers import Number

#: A quantity that no release has, and a part of a group that no cue names.
OTHER = "other"
#: A part of a country, or a place abroad.
PART = "region"
#: By how much something is more or less than it was.
CHANGE = "quantity/change"
_ARRIVALS = "quantity/arrivals"
_BY = re.compile(
    r"(?<!\w)(?:by|на)\s+(?:(?:some|about|around|nearly|almost|over|more than|примерно|около|почти|"
    r"более чем|целых)\s+)?(?:(?:us)?[$€£]\s?|usd\s+)?\Z",
    re.IGNORECASE,
)
#: The endings of a verb that is denied, folded.
_NOT_IN_KAZAKH = re.compile(
    r"^(?!жет(?:ис)?пе|кобей)\w{2,}[мбп][ае](?:ды|ди|ган|ген|йды|йди|йтын|йтин)\w*$"
)
_SUM = re.compile(r"\s*\+\s*\d")
_BY_BEHIND = re.compile(
    r"(?:\s*(?:%|пайыз|адам|мың))?(?:\s*адам)?-?(?:ға|ге|қа|ке)(?!\w)(?!\s+(?:дейін|жуық|жетті))"
)
#: In Kazakh "from 500 to 300" has a case for each: to which number, and not by how much.
_FROM_BEFORE = re.compile(r"\d[-\u2011]?\s?[дтн][ае]н\s[^.;\d]{0,24}\Z")
#: "300 more refugees", and not "300 more or less".
_MORE_BEHIND = re.compile(
    r"(?:\s*(?:people|persons))?\s+(?:more|fewer|less)(?!\s+or)(?!\w)", re.IGNORECASE
)
#: What says of whom and where a number is.
_TELLING = frozenset(
    {
        *(Dimension.GROUP, Dimension.PLACE, Dimension.ORIGIN, Dimension.QUANTITY),
        *(Dimension.SERIES, Dimension.REGISTERED_BY),
    }
)
#: So many words in front of a number may say what happens to whom it counts.
_LEAD = 2
#: Of these a number may be of several together.
_JOINED = frozenset({Dimension.GROUP, Dimension.ORIGIN, Dimension.PLACE})
#: What is counted of a group and has no unit is people, unless it is as much as money.
_MANY = 1_000_000


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


def read_claim(text: str, known: KnownWords) -> ClaimRead:
    """The numbers of a claim and what it says of each."""
    return _Reading(text, known).read()


class _Reading(ClaimText):
    """One claim being read."""

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
            self._quantify(each, spans.index((each.start, each.end)), segments) for each in numbers
        ]
        return ClaimRead(
            self.language,
            tuple(quantified),
            tuple(self._written([at]) for at in unread),
            bool(self._any("now", range(len(self._tokens)))),
        )

    def _quantify(self, number: Number, which: int, segments: Sequence[Segment]) -> Quantified:
        zones = order(segments, which)
        own = zones[0]
        single = sum(bool(each.numbers) for each in segments) == 1
        wide = list(range(len(self._tokens))) if single else list(own.places)
        unit = find_unit(self._text, number, self._tokens, own)
        read = list(self._read_phrases(number, zones))
        if unit:
            read.append(unit)
        kinds = self._known.unit_kinds(unit.code if unit else "")
        counts = any(each.dimension is Dimension.GROUP for each in read)
        if unit is None and counts and number.value < _MANY:
            kinds = self._known.unit_kinds(PERSONS)
        read += self._read_quantity(zones, wide, kinds)
        read += self._read_together("registered-by", Dimension.REGISTERED_BY, zones[:1], wide)
        read += self._times.read(number, zones)
        read += self._read_hedge(number, self._end_of_counted(number, read))
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
            tuple(dict.fromkeys(self._find_blocking(number, segments, which, read))),
        )

    def _as_read(self, dimension: Dimension, code: str, places: Sequence[int]) -> Read:
        return tell(self._text, self._tokens, dimension, code, places)

    def _read_phrases(self, number: Number, zones: Sequence[Segment]) -> Iterator[Read]:
        for dimension in (Dimension.GROUP, Dimension.PLACE, Dimension.ORIGIN, Dimension.SERIES):
            of = [each for each in self._found if each.dimension is dimension]
            if dimension is Dimension.PLACE:
                of = self._narrow_places(of)
            for zone in zones:
                if dimension is Dimension.ORIGIN and zone.numbers and zone is not zones[0]:
                    break  # The origin of another number is not that of this one.
                here = [each for each in of if min(each.places) in zone.places]
                if zone.first > zones[0].first and not zone.numbers:
                    # "…, she told reporters in Almaty": where that is said.
                    here = [each for each in here if not self._known.is_city(each.codes[0])]
                if here:
                    chosen = [self._choose(number, here)]
                    if dimension in _JOINED:
                        beside = self._find_beside(of, zone, zones)
                        chosen += self._find_joined(chosen[0], [*here, *beside])
                    for each in chosen:
                        for code in each.codes:
                            read = self._as_read(dimension, code, each.places)
                            other = bool(zone.numbers) and zone is not zones[0]
                            yield replace(read, inherited=other)
                    break

    def _find_beside(
        self, found: Sequence[Found], zone: Segment, zones: Sequence[Segment]
    ) -> Iterator[Found]:
        """What stands next to a segment behind a comma or "and", and is counted with it."""
        free = {each.first: each for each in zones if not each.numbers}
        behind = free.get(zone.stop)
        while behind is not None:
            here = [each for each in found if 0 <= min(each.places) - behind.first <= 1]
            gap = self._text[self._tokens[behind.first - 1].end : self._tokens[behind.first].start]
            if not here or gap.strip(" ,/&"):
                return
            yield here[0]
            behind = free.get(behind.stop)

    def _find_joined(self, chosen: Found, found: Sequence[Found]) -> Iterator[Found]:
        """What else is counted together with something: "refugees and stateless persons"."""
        for each in found:
            code = each.codes[0]
            wider = self._known.broader(chosen.codes[0]) | self._known.broader(code)
            if code != chosen.codes[0] and not {code, chosen.codes[0]} & wider:
                yield each

    def _narrow_places(self, found: list[Found]) -> list[Found]:
        """An office named after a country is no country; a country in a region is the country."""
        operations = [each for each in found if self._known.is_single(each.codes[0])]
        if operations:
            return operations
        countries = [each for each in found if self._known.is_country(each.codes[0])]
        parts = [each for each in found if each.codes[0] == PART]
        return [*countries, *parts] or found

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
        near = [at for at in wide if self._tells_more(at, zones)]
        event = find_row(self._cues["event"], self._tokens, near, self._taken)
        # Who "needs" help is counted; of money that is needed it is said what it is.
        if event and find_row(cues, self._tokens, event, self._taken) != event:
            yield self._as_read(Dimension.QUANTITY, OTHER, event)
            return
        part = find_row(self._cues["subgroup"], self._tokens, near, self._taken)
        if part and not any(each.codes[0].endswith(("/UAC", "/HHT")) for each in self._found):
            yield self._as_read(Dimension.GROUP, OTHER, part)
        for places in (wide, *(list(zone.places) for zone in zones[1:])):
            found = find_together(cues, self._tokens, places, self._taken)
            if found:
                cue, at = found
                origin = any(each.dimension is Dimension.ORIGIN for each in self._found)
                if origin and cue.codes == (_ARRIVALS,) and len(cue.words) == 1:
                    return  # "They came from Ukraine" is said of those who are there.
                for code in cue.codes:
                    yield self._as_read(Dimension.QUANTITY, self._known.whole(code), at)
                return

    def _tells_more(self, at: int, zones: Sequence[Segment]) -> bool:
        """Whether a word is not in a clause behind a comma that tells of something else."""
        zone = next(each for each in zones if at in each.places)
        if zone.first <= zones[0].first:
            return True
        words = {self._tokens[place].text for place in zone.places[:2]}
        return bool(words & (load_words("relative") | load_words("and")))

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
        more = _BY_BEHIND if self.language == "kk" else _MORE_BEHIND
        behind = more.match(self._text, number.end)
        if behind and _FROM_BEFORE.search(self._text, max(0, number.start - 32), number.start):
            return
        found = before or behind
        if found:
            code = self._known.whole(CHANGE)
            yield Read(Dimension.QUANTITY, code, found[0].strip(), *found.span())

    @staticmethod
    def _end_of_counted(number: Number, read: Sequence[Read]) -> int:
        """Where what a number counts ends behind it: "354 refugees", or "354 people"."""
        counted = (Dimension.GROUP, Dimension.UNIT)
        ends = (each.end for each in read if each.dimension in counted and not each.inherited)
        return max((end for end in ends if end > number.end), default=number.end)

    def _read_hedge(self, number: Number, counted: int) -> Iterator[Read]:
        found = (
            self._known.hedges.find_at(self._text, number.start, end)
            for end in (number.end, counted)
        )
        word = next(filter(None, found), None)
        if word and not (word == "+" and _SUM.match(self._text, number.end)):
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
        after = [at for at, token in enumerate(self._tokens) if token.start >= number.end][:2]
        hedge = find_together(self._cues["approximately"], self._tokens, after, set())
        if hedge:
            yield self._as_read(Dimension.HEDGE, hedge[0].codes[0], hedge[1])

    def _find_blocking(
        self, number: Number, segments: Sequence[Segment], which: int, read: Sequence[Read]
    ) -> Iterator[str]:
        """Words that may change what the number counts, and were not understood.

        They stand right in front of the number, between it and what is counted, or behind these in
        the same segment: "354 refugees *caught* measles". Who tells it, in front of that or behind
        a comma, changes nothing.
        """
        own = next(each for each in segments if which in each.numbers)
        subject = {
            at
            for each in read
            if each.dimension in _TELLING
            for at in own.places
            if each.start <= self._tokens[at].start < each.end
        }
        counted = [at for at in own.places if self._tokens[at].end > number.start]
        begins = min([*subject & self._group_places, *counted[:1]], default=own.stop)
        lead = counted[0] - _LEAD if counted else own.stop
        places = [
            at
            for at in own.places
            if (at >= begins or at >= lead) and not self._lies_in(self._tokens[at], read)
        ]
        for at in places:
            if at not in self._read:
                yield self._written([at])
        if self.language == "kk":
            for at in places:
                if at not in self._taken and _NOT_IN_KAZAKH.search(self._tokens[at].text):
                    yield self._written([at])
        places = [
            at
            for each in segments
            if each is own
            or (not each.numbers and each.sentence == own.sentence and each.first < own.first)
            for at in each.places
            if not self._lies_in(self._tokens[at], read)
        ]
        for kind in ("not", "negation", "alters"):
            if kind == "not" and not number.value:
                continue  # "There were no children" is how nobody is counted.
            inside = [at for at in places if at in own.places or kind == "negation"]
            row = find_row(self._cues[kind], self._tokens, inside, self._taken)
            if row:
                yield self._written(row)

    @staticmethod
    def _lies_in(token: Token, read: Sequence[Read]) -> bool:
        """Whether a word is one of a hedge or a unit."""
        return any(
            each.start <= token.start < each.end
            for each in read
            if each.dimension in (Dimension.HEDGE, Dimension.UNIT)
        )
