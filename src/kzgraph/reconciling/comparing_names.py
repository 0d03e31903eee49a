"""How alike a text and a name are, and whether they are surely the same name.

Words are compared with words (https://rapidfuzz.github.io/RapidFuzz/Usage/distance/OSA.html): two
names are surely one where each word of the one is a word of the other, in another form, in another
alphabet, abbreviated, or with a mistake that a word of its length can have. Numbers have no
mistakes, for 1951 and 1961 are two treaties; nor have short words, for Iran and Iraq are two
countries.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple, Self, cast

from rapidfuzz.distance import OSA

from kzgraph.folding import swap_alphabet
from kzgraph.reconciling.equivalents import unify
from kzgraph.reconciling.likeness import EXACT, NOTHING, Level, Likeness
from kzgraph.search.alphabets import sound_out
from kzgraph.search.typed_words import SMALL_WORDS, find_initials, split_words
from kzgraph.search.word_forms import Forms

#: The most words of a text, or of a name, that are compared.
MOST_WORDS = 16

#: How alike two words are that are not the same, but forms of one, and so on.
_FORM, _ABBREVIATED, _SOUND, _NEAR_SOUND, _BEGINNING = 0.97, 0.96, 0.95, 0.85, 0.6
#: What two words of one alphabet have in common at least, to be taken for one.
_LEAST = 0.7
#: A word that differs in more letters than it may have mistakes counts for less.
_DOUBTFUL = 0.9
#: The shortest word in which a mistake is surely one, and the shortest in which two are.
_ONE_MISTAKE, _TWO_MISTAKES = 5, 10
#: A name of no more letters is surely only what is written alike: three sounds are something else.
_FEW_LETTERS = 3
#: Letters of a whole name for which there may be one mistake.
_LETTERS_OF_MISTAKE = 5
#: Names written as one word, or as several, from this length on.
_JOINED = 6
#: The shortest names that may have so many mistakes, whichever of their words these are in.
_LONG_NAMES = ((10, 1), (24, 2))
#: How alike those are, and those that differ by letters.
_SAME_JOINED, _NEAR_JOINED = 0.96, 0.95
#: What initials are worth alone: others may have the same.
INITIALS = Likeness(Level.UNSURE, 0.85)
#: Words count by their length, up to this one.
_LONG = 8

_ABBREVIATION = re.compile(r"([^\W\d_]{2,})\.")


class Text(NamedTuple):
    """A text, or a name, in the form in which they are compared.

    Attributes:
        key: all its words.
        words: those that it is told by: without articles and the like, unless it has no others.
        unified: the same, with what says the same written in one way.
        abbreviated: the words that end with a point.
    """

    key: str
    words: tuple[str, ...]
    unified: tuple[str, ...]
    abbreviated: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> Self:
        """Take in a text as somebody wrote it."""
        ended = {word for each in _ABBREVIATION.findall(text) for word in split_words(each)}
        return cls.of_key(" ".join(split_words(text)))._replace(abbreviated=frozenset(ended))

    @classmethod
    def of_key(cls, key: str) -> Self:
        """Take in the words of a name, as the index has them."""
        return cls(key, _tell(key), _tell(unify(key)))


@lru_cache(maxsize=20_000)  # The names of the same things are compared with each text.
def _tell(key: str) -> tuple[str, ...]:
    words = key.split()
    large = [word for word in words if word not in SMALL_WORDS]
    return tuple((large or words)[:MOST_WORDS])


class _Pair(NamedTuple):
    """How alike two words are, and in how many letters they differ; None for too many."""

    alike: float
    mistakes: int | None


def compare(text: Text, name: Text) -> Likeness:
    """How alike a text and a name are."""
    if not text.words or not name.words:
        return NOTHING
    if text.key == name.key:
        return EXACT
    found = _compare_words(text.words, name.words, text.abbreviated)
    if (text.unified, name.unified) != (text.words, name.words):
        found = max(found, _compare_words(text.unified, name.unified, text.abbreviated))
    if found.level is not Level.UNSURE:
        return found
    return max(found, _compare_joined(text.key, name.key), _compare_initials(text, name))


def _compare_words(
    text: Sequence[str], name: Sequence[str], abbreviated: Collection[str]
) -> Likeness:
    """By the best pairs of words; each word is in one pair, or is left over."""
    pairs = []
    for one, mine in enumerate(text):
        for other, its in enumerate(name):
            pair = _compare_two(mine, its, mine in abbreviated)
            if pair is not None:
                pairs.append((-pair.alike, abs(one - other), one, other, pair))
    pairs.sort()
    mine_used: set[int] = set()
    its_used: set[int] = set()
    met, mistakes = 0.0, cast(int | None, 0)
    for _, _, one, other, pair in pairs:
        if one in mine_used or other in its_used:
            continue
        mine_used.add(one)
        its_used.add(other)
        met += pair.alike * (_weigh(text[one]) + _weigh(name[other]))
        known = mistakes is not None and pair.mistakes is not None
        mistakes = (mistakes or 0) + (pair.mistakes or 0) if known else None
    if not mine_used:
        return NOTHING
    alike = met / (sum(map(_weigh, text)) + sum(map(_weigh, name)))
    left = len(text) + len(name) - len(mine_used) - len(its_used)
    letters = sum(map(len, name))
    if left or mistakes is None or (letters <= _FEW_LETTERS and alike < 1):
        return Likeness(Level.UNSURE, alike)
    if not mistakes:
        return Likeness(Level.SAME_WORDS, alike)
    few = mistakes == 1 or mistakes * _LETTERS_OF_MISTAKE <= letters
    return Likeness(Level.MISTYPED if few else Level.UNSURE, alike)


def _weigh(word: str) -> int:
    return _LONG if word[0].isdigit() else min(len(word), _LONG)


def _compare_joined(text: str, name: str) -> Likeness:
    """What is written as one word and as several: Kyrgyz stan, АлмаАта."""
    mine, its = text.replace(" ", ""), name.replace(" ", "")
    if min(len(mine), len(its)) < _JOINED or _digits(mine) != _digits(its):
        return NOTHING
    if mine == its:
        return Likeness(Level.SAME_WORDS, _SAME_JOINED)
    alike = _NEAR_JOINED * OSA.normalized_similarity(mine, its, score_cutoff=_LEAST)
    mistakes = OSA.distance(mine, its)
    # A mistake may be in a short word of a long name, or make two words one.
    sure = any(mistakes <= most and len(its) >= letters for letters, most in _LONG_NAMES)
    return Likeness(Level.MISTYPED if sure else Level.UNSURE, alike)


def _compare_initials(text: Text, name: Text) -> Likeness:
    if len(text.words) > 1 or text.words[0] not in find_initials(name.key.split()):
        return NOTHING
    return INITIALS


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


@lru_cache(
    maxsize=50_000
)  # The words of a sheet, and those of names, are the same again and again.
def _compare_two(mine: str, its: str, abbreviated: bool) -> _Pair | None:
    if its in (mine, swap_alphabet(mine)):
        return _Pair(1.0, 0)
    if not (mine.isalpha() and its.isalpha()):
        return None
    if abbreviated and its.startswith(mine):
        return _Pair(_ABBREVIATED, 0)
    if mine.isascii() == its.isascii():
        return _compare_letters(mine, its)
    return _compare_sounds(sound_out(mine), sound_out(its))


def _compare_letters(mine: str, its: str) -> _Pair | None:
    """Two words of one alphabet."""
    if Forms(mine).has(its):
        return _Pair(_FORM, 0)
    alike = OSA.normalized_similarity(mine, its, score_cutoff=_LEAST)
    if alike:
        mistakes = OSA.distance(mine, its)
        if mistakes <= _allow(len(its)):
            return _Pair(alike, mistakes)
        return _Pair(alike * _DOUBTFUL, None)
    if len(mine) >= 3 and its.startswith(mine):
        return _Pair(_BEGINNING, None)
    return None


def _compare_sounds(mine: str, its: str) -> _Pair | None:
    """How two words of different alphabets sound."""
    if not mine or not its:
        return None
    if mine == its:
        return _Pair(_SOUND, 0)
    mistakes = OSA.distance(mine, its)
    if mistakes <= _allow(len(its)):
        return _Pair(_NEAR_SOUND, mistakes)
    alike = OSA.normalized_similarity(mine, its, score_cutoff=_LEAST)
    return _Pair(alike * _NEAR_SOUND * _DOUBTFUL, None) if alike else None


def _allow(letters: int) -> int:
    """How many mistakes a word of so many letters may surely have."""
    return 0 if letters < _ONE_MISTAKE else 1 if letters < _TWO_MISTAKES else 2
