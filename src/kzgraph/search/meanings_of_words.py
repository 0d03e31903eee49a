"""What each word of a query may be meant as, among the words that an index has."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from kzgraph.folding import swap_alphabet
from kzgraph.search.alphabets import SHORTEST_BEGINNING, sound_out
from kzgraph.search.spelling import LAST, find_near
from kzgraph.search.typed_words import SMALL_WORDS, vary_number
from kzgraph.search.word_forms import SHORTEST_STEM, Forms

#: How many forms and spellings of a word are looked for.
_FORMS, _SPELLINGS = 20, 6
#: The words that are compared with one, in search of its forms: those with its stem, by frequency.
_COMPARED = 3_000
#: How much longer than a word its forms may be.
_ENDING = 7
#: A word of this length stands for all that begin with it, wherever in a query it is.
_BEGINNING = 3


class Fit(IntEnum):
    """How well a word of a name fits one of a query."""

    SPELLING = 1
    BEGINNING = 2
    FORM = 3
    SAME = 4


@dataclass
class Meaning:
    """What a word of a query may be meant as.

    Attributes:
        word: as it was typed, folded.
        words: words of the index, and how well they fit.
        begins: whether it stands for the words that begin with it as well.
        optional: whether it need not be there, as a small word between others.
        corrected: whether none of the words of the index is what was typed.
    """

    word: str
    words: dict[str, Fit] = field(default_factory=dict)
    begins: bool = False
    optional: bool = False
    corrected: bool = False

    @property
    def known(self) -> bool:
        """Whether the index has anything for it."""
        return bool(self.words) or self.begins

    def fit(self, word: str) -> int:
        """How well a word of a name fits; 0 where it does not."""
        found = self.words.get(word)
        if found:
            return found
        return Fit.BEGINNING if self.begins and word.startswith(self.word) else 0

    def pattern(self) -> str:
        """A regular expression of what fits, at the beginning of a word."""
        whole = [rf"{re.escape(word)}(?!\S)" for word in self.words]
        return "|".join([*whole, re.escape(self.word)] if self.begins else whole)

    def expression(self) -> str:
        """What the full-text table is asked for it (section 3 of its documentation)."""
        # Nothing in a word has a meaning there, and in quotation marks not even AND has one.
        alternatives = [f'"{word}"' for word in self.words]
        if self.begins:
            alternatives.append(f'"{self.word}" *')
        return f"({' OR '.join(alternatives)})"


def find_meanings(
    connection: sqlite3.Connection, words: Sequence[str], *, spelling: bool
) -> list[Meaning]:
    """What the words of a query may be meant as.

    Args:
        connection: to the index.
        words: of the query, in order.
        spelling: whether words that the index does not have are looked for by sound and with
            mistakes in them.
    """
    content = [word for word in words if word not in SMALL_WORDS]
    found = []
    for number, word in enumerate(words):
        meaning = Meaning(word, optional=bool(content) and word not in content)
        last = number == len(words) - 1
        meaning.words |= dict(_find_same(connection, word))
        if last or len(word) >= _BEGINNING:
            meaning.begins = _has_longer(connection, word)
        if spelling and not meaning.known:
            meaning.words |= dict(_find_spellings(connection, word))
            meaning.corrected = bool(meaning.words)
        elif spelling and not meaning.words:
            # What only begins other words may be a whole one in the other alphabet: mvd, mid.
            same = _find_alike(connection, word, whole=True)
            meaning.words |= dict.fromkeys(same, Fit.SPELLING)
        found.append(meaning)
    return found


def _find_same(connection: sqlite3.Connection, word: str) -> Iterator[tuple[str, Fit]]:
    """The word itself, the same number, what looks the same, and other forms."""
    others = [*vary_number(word), swap_alphabet(word)]
    places = ", ".join("?" * (1 + len(others)))
    query = f"SELECT word FROM word WHERE word IN ({places})"  # noqa: S608 - question marks
    there = {each for (each,) in connection.execute(query, (word, *others))}
    if word in there:
        yield word, Fit.SAME
    for each in others:
        if each in there:
            yield each, Fit.FORM
    yield from ((each, Fit.FORM) for each in _find_forms(connection, word))


def _find_forms(connection: sqlite3.Connection, word: str) -> list[str]:
    if len(word) < SHORTEST_STEM or not word.isalpha():
        return []
    forms = Forms(word)
    rows = connection.execute(
        "SELECT word, entries FROM word WHERE word >= ? AND word < ? AND length(word) <= ? LIMIT ?",
        (forms.stem, forms.stem + LAST, len(word) + _ENDING, _COMPARED),
    )
    found = sorted((-entries, each) for each, entries in rows if forms.has(each))
    return [each for _, each in found[:_FORMS]]


def _has_longer(connection: sqlite3.Connection, word: str) -> bool:
    query = "SELECT 1 FROM word WHERE word > ? AND word < ? LIMIT 1"
    return connection.execute(query, (word, word + LAST)).fetchone() is not None


def _find_spellings(connection: sqlite3.Connection, word: str) -> Iterator[tuple[str, Fit]]:
    """What sounds the same, in either alphabet, and what is spelt almost the same."""
    found = _find_alike(connection, word) + find_near(connection, word, _SPELLINGS)
    for each in found[: 2 * _SPELLINGS]:
        yield each, Fit.SPELLING
        yield from ((form, Fit.SPELLING) for form in _find_forms(connection, each))


def _find_alike(connection: sqlite3.Connection, word: str, *, whole: bool = False) -> list[str]:
    """Words that sound the same, or if not the `whole` of them has to, begin so."""
    sound = sound_out(word)
    if not sound:
        return []
    # The whole word first, then what it may be the beginning of.
    last = sound if whole or len(sound) < SHORTEST_BEGINNING else sound + LAST
    rows = connection.execute(
        "SELECT word FROM word WHERE sound <> '' AND sound BETWEEN ? AND ?"
        " ORDER BY length(sound) LIMIT ?",
        (sound, last, _SPELLINGS),
    )
    return [each for (each,) in rows]


def find_nearest(connection: sqlite3.Connection, word: str, most: int) -> list[str]:
    """Words to suggest in place of one that is not there, nearer or farther."""
    if len(word) < _BEGINNING or word.isdigit():
        return []
    near = find_near(connection, word, most, mistakes=3 if len(word) > 5 else 2)
    if near:
        return near
    beginning = word[:_BEGINNING]
    rows = connection.execute(
        "SELECT word FROM word WHERE word >= ? AND word < ? ORDER BY entries DESC, word LIMIT ?",
        (beginning, beginning + LAST, most),
    )
    return [each for (each,) in rows]
