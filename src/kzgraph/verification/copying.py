"""Detecting sentences of a document copied into the project's own descriptions."""

from collections.abc import Iterator

from kzgraph.faults import Fault
from kzgraph.tables import Tables
from kzgraph.tables.words import (
    COPIED_WORDS,
    LONGEST_NAME,
    Names,
    list_names,
    list_words,
    mark_counted,
)

#: Names and titles of so many words are not counted; shorter ones do not make a copy.
_NAME_WORDS = range(4, LONGEST_NAME + 1)

#: Columns of prose in the project's own words.
_PROSE = ("label", "description", "purpose", "definition", "note", "source")
#: Columns of names and titles, which cannot be reworded.
_NAMES = ("label_en", "alternative", "title", "name")


def find_copies(tables: Tables, text: str) -> Iterator[Fault]:
    """A fault for every cell of prose, in any folder, that repeats a stretch of `text`."""
    words = list_words(text)
    names = list_names(tables.rows, _NAMES, _NAME_WORDS)
    starts: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        starts.setdefault(word, []).append(at)
    for row in tables.rows:
        for column in _PROSE + _NAMES:
            for item in row.cells.get(column, ()):
                run = _find_copy(list_words(item), words, starts, names)
                if run:
                    yield row.fault(
                        column,
                        f"copied from the document: {' '.join(run[:COPIED_WORDS])!r}",
                        f"use your own words, fewer than {COPIED_WORDS} in a row of the document",
                    )


def _find_copy(
    own: list[str],
    words: list[str],
    starts: dict[str, list[int]],
    names: Names,
) -> list[str]:
    """The first stretch of `own` that also occurs in `words` and counts as a copy."""
    counted = mark_counted(own, names)
    for begin, word in enumerate(own):
        for at in starts.get(word, ()):
            length = 0
            while (
                begin + length < len(own)
                and at + length < len(words)
                and own[begin + length] == words[at + length]
            ):
                length += 1
            if sum(counted[begin : begin + length]) >= COPIED_WORDS:
                return own[begin : begin + length]
    return []
