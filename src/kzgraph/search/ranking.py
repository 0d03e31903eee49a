"""How well the names of a thing fit a query, and the order in which things are shown.

First comes what is called as was asked, then what only begins so, what has the words, what is about
them, and what was found by changing them. Among equals comes first what more statements lead to.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kzgraph.search.entries import LABEL_SORT, LINK_SORT, MOST_REFERENCES, Name, last_segment
from kzgraph.search.meanings_of_words import Fit, Meaning


class Match(StrEnum):
    """How a thing was found, the best way first."""

    NAME = "name"
    """One of its names is what was asked for."""
    FORM = "form"
    """One of its names has the same words, in other forms or in another order."""
    BEGINNING = "beginning"
    """One of its names begins with what was asked for."""
    WORDS = "words"
    """One of its names has all words, or words that begin with them."""
    ABOUT = "about"
    """The words are in several of its names, or in those of what it is about."""
    SPELLING = "spelling"
    """Words were taken for others of similar letters or sound."""
    PART = "part"
    """Only some of the words are found."""


#: The least score of each, so that none reaches the next.
_BANDS = {
    Match.NAME: 0.9,
    Match.FORM: 0.8,
    Match.BEGINNING: 0.7,
    Match.WORDS: 0.6,
    Match.ABOUT: 0.4,
    Match.SPELLING: 0.2,
    Match.PART: 0.0,
}
_BAND = 0.099
#: The part of a score that counts for what was found by other words, so that it stays in its band.
_SPELT = 0.199
#: How much of the band is decided by how the name fits; the rest is how prominent the thing is.
_BY_NAME = 0.4


@dataclass(frozen=True)
class Rank:
    """How well a thing fits.

    Attributes:
        match: how it was found.
        score: from 0 to 1, to compare hits of one query.
        name: the name that fits best; None where only what the thing is about fits.
    """

    match: Match
    score: float
    name: Name | None


class Ranking:
    """Compares things with one query."""

    def __init__(self, meanings: Sequence[Meaning], key: str, *, whole: bool = True) -> None:
        """Take in a query.

        Args:
            meanings: of its words.
            key: all its words, or the IRI that it is.
            whole: whether things are found by all of the words.
        """
        self._meanings = meanings
        self._key = key
        self._otherwise = Match.ABOUT if whole else Match.PART
        self._corrected = any(each.corrected for each in meanings)
        # Most names of a thing have none of the words: in another language, they are not split.
        some = "|".join(each.pattern() for each in meanings if each.known)
        self._has_some = re.compile(rf"(?<!\S)(?:{some})").search if some else None

    def rank(self, names: Sequence[Name], references: int) -> Rank:
        """How well a thing fits.

        Args:
            names: of the thing.
            references: how many statements lead to it.
        """
        best, quality, chosen = self._otherwise, 0.0, None
        for name in names:
            match, how_much = self._fit(name)
            # Names are in order, and of those that fit alike the first is taken.
            if (_BANDS[match], how_much) > (_BANDS[best], quality):
                best, quality, chosen = match, how_much, name
        prominence = math.log1p(references) / math.log1p(MOST_REFERENCES)
        within = _BY_NAME * quality + (1 - _BY_NAME) * prominence
        score = _BANDS[best] + _BAND * within
        if self._corrected and best not in (Match.NAME, Match.PART):
            # In the order that they would have if what was taken for the words had been typed.
            best, score = Match.SPELLING, _BANDS[Match.SPELLING] + _SPELT * score
        return Rank(best, round(score, 6), chosen)

    def _fit(self, name: Name) -> tuple[Match, float]:
        """How a name fits, and how much of it is what was asked for."""
        weight = 1 - 0.1 * (name.sort - LABEL_SORT)
        if name.key == self._key:
            return Match.NAME, weight
        if name.sort == LINK_SORT:
            # What it is called elsewhere: Q232.
            code = last_segment(name.text).lower()
            return (Match.NAME, weight) if code == self._key else (self._otherwise, 0.0)
        if self._has_some is None or not self._has_some(name.key):
            return self._otherwise, 0.0
        words = name.key.split()
        fits = [max(map(each.fit, words)) for each in self._meanings]
        met = [fit for fit in fits if fit]
        quality = weight * sum(met) / (Fit.SAME * max(len(words), len(fits)))
        if len(met) < len(fits) and any(
            not fit and not each.optional for fit, each in zip(fits, self._meanings, strict=True)
        ):
            return self._otherwise, quality
        if len(words) == len(fits) == len(met) and self._are_forms(met):
            return Match.FORM, quality
        if name.key.startswith(self._key):
            return Match.BEGINNING, quality
        return Match.WORDS, quality

    def _are_forms(self, fits: Sequence[int]) -> bool:
        """Whether words are forms of those of the query, or of what those were taken for."""
        return min(fits) >= Fit.FORM or (self._corrected and Fit.BEGINNING not in fits)
