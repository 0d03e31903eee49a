"""The words of a claim, its numbers, and the things that it names."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from kzgraph.checking.cues import (
    Cue,
    Token,
    choose_cues,
    find_phrases,
    find_row,
    find_together,
    load_words,
    matches,
    split_words,
)
from kzgraph.checking.known_words import KnownWords
from kzgraph.checking.moments import find_moments
from kzgraph.checking.times_of_numbers import Times
from kzgraph.checking.verdicts import Dimension
from kzgraph.money import MONEY
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
_LOCATIVE = re.compile(r"[дт][ае](?:г[ыи])?$")
_ABLATIVE = re.compile(r"(?:станнан|(?<!с)[дт][ае]н|(?<!ста)н[ае]н)$")
#: Kinds whose words stand side by side.
_IN_A_ROW = frozenset({*_PHRASES, "event", "subgroup", "negation", "alters", "neutral"})
#: How many numbers of a claim are answered. One more is read, so that it is known of.
MOST_NUMBERS = 12
_MAX_DIGITS = 15
#: Numbers of pages are below.
_PAGES = 1_000


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


def find_language(text: str) -> str:
    """The language that a claim seems to be in.

    >>> find_language("354 беженца"), find_language("354 босқын"), find_language("87,632")
    ('ru', 'kk', 'en')
    """
    if not _CYRILLIC.search(text):
        return "en"
    return "kk" if _KAZAKH.search(text) else "ru"


class ClaimText:
    """One claim: its words and numbers, and the things that it names."""

    def __init__(self, text: str, known: KnownWords) -> None:
        self._text = text
        self._known = known
        self.language = find_language(text)
        self._moments = find_moments(text)
        self._tokens = [
            token if self._in_moment(token) else known.correct(token) for token in split_words(text)
        ]
        self._cues = choose_cues(self._tokens)
        self._times = Times(text, self._tokens, self._moments, self.language)
        #: Places of tokens that mean something, and of those that are part of a phrase.
        self._taken = {at for at, token in enumerate(self._tokens) if self._in_moment(token)}
        self._taken |= self._find_money()
        self._read: set[int] = set(self._taken)
        self._found: list[Found] = []

    def _find_money(self) -> set[int]:
        """The places of the names of currencies, some of which have a country's in them."""
        spans = [each.span() for each in MONEY.finditer(self._text)]
        return {
            at
            for at, token in enumerate(self._tokens)
            if any(start <= token.start and token.end <= end for start, end in spans)
        }

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
            if self._known.is_city(iri) and not self._is_locative(places):
                self._read.update(places)  # A capital stands for its government.
                continue
            self._add(_DIMENSIONS[kind], (iri,), places)
        self._tell_origins()

    def _add(self, dimension: Dimension, codes: tuple[str, ...], places: Sequence[int]) -> None:
        self._read.update(places)
        whole = tuple(map(self._known.whole, codes))
        self._found.append(Found(dimension, whole, tuple(places)))

    def _is_locative(self, places: range) -> bool:
        """Whether something is said to be in a place."""
        before = {token.text for token in self._tokens[max(0, places.start - 1) : places.start]}
        name = self._tokens[places.stop - 1].text
        return bool(before & load_words("locative")) or bool(_LOCATIVE.search(name))

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
        ended = -2
        for each in sorted(self._found, key=lambda each: each.places[0]):
            is_country = each.dimension is Dimension.PLACE and each.codes[0] in countries
            if is_country and self._is_origin(each, hosts, joined=each.places[0] - ended <= 2):
                self._found[self._found.index(each)] = Found(
                    Dimension.ORIGIN, each.codes, each.places
                )
                ended = max(each.places)
            elif each.dimension is Dimension.ORIGIN:
                ended = max(each.places)

    def _is_origin(self, found: Found, hosts: Set[str], joined: bool) -> bool:
        """Whether people come from a country that is named, and are not in it.

        Args:
            found: the country.
            hosts: the countries among those of the claim that documents have figures about.
            joined: whether it follows one that people come from.
        """
        begins, ends = min(found.places), max(found.places)
        before = {token.text for token in self._tokens[max(0, begins - 2) : begins]}
        word = self._tokens[ends].text
        ablative = _ABLATIVE.search(word) if word not in self._known.names.words else None
        ablative = ablative if self.language == "kk" else None
        if (before & load_words("from") or ablative) and not self._any("leaving", self._all):
            return True
        behind = range(ends + 1, ends + 2)
        is_word = any(
            matches(word, self._tokens[ends].text)
            for cue in self._cues["inhabitant"]
            for word in cue.words
        )
        if is_word and any(set(each.places) & {*behind} for each in self._groups):
            return True
        if not hosts or found.codes[0] in hosts:
            return False
        beside = self._tokens[begins - 1 : begins] + self._tokens[ends + 1 : ends + 2]
        return joined or any(token.text.isdigit() for token in beside)

    @property
    def _all(self) -> range:
        return range(len(self._tokens))

    @property
    def _group_places(self) -> set[int]:
        return {at for each in self._groups for at in each.places}

    @property
    def _groups(self) -> list[Found]:
        return [each for each in self._found if each.dimension is Dimension.GROUP]

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
            if re.fullmatch(r"\d{1,3}\.\d{3}", written):
                # Thousands, as some write them in English.
                found.append(each._replace(value=each.value * 1_000))
        counted = [each for each in found if not self._counts_time(each)]
        kept = [each for each in counted or found if not self._numbers_a_page(each)]
        for each in found:
            if each not in kept:
                self._read.update(
                    at
                    for at, token in enumerate(self._tokens)
                    if each.start < token.end and token.start < each.end
                )
        starts = sorted({each.start for each in kept})[: MOST_NUMBERS + 1]
        return [each for each in kept if each.start in starts]

    def _numbers_a_page(self, number: Number) -> bool:
        """Whether a number is that of a page, a table or the like."""
        before = [token for token in self._tokens if token.end <= number.start][-1:]
        words = load_words("numbered")
        return bool(before) and before[0].text in words and number.value < _PAGES

    def _counts_time(self, number: Number) -> bool:
        behind = next((token for token in self._tokens if token.start >= number.end), None)
        return behind is not None and any(
            matches(cue.words[0], behind.text) for cue in self._cues["duration"]
        )

    def _mark_known(self) -> None:
        """Mark the tokens that some cue has, whether or not it means something here."""
        for cues in self._cues.values():
            for cue in cues:
                if len(cue.words) > 1:
                    # A word of several is read where all of them are there.
                    if cue.kind in _IN_A_ROW:
                        self._read.update(find_row([cue], self._tokens, self._all, set()) or ())
                    else:
                        found = find_together([cue], self._tokens, self._all, set())
                        self._read.update(found[1] if found else ())
                    continue
                for at, token in enumerate(self._tokens):
                    if matches(cue.words[0], token.text):
                        self._read.add(at)
        for at, token in enumerate(self._tokens):
            if len(token.text) == 1 or token.text.isdigit():
                self._read.add(at)

    def _any(self, kind: str, places: Sequence[int]) -> tuple[Cue, list[int]] | None:
        return find_together(self._cues[kind], self._tokens, list(places), self._taken)
