"""Detecting sentences of a document copied into the project's own descriptions."""

import re
from collections.abc import Iterable, Iterator

from kzgraph.faults import Fault
from kzgraph.tables import Row, Tables

#: This many words of a document in a row are a copy.
COPIED_WORDS = 9
#: Names and titles of so many words are not counted: a longer one is a sentence.
_NAME_WORDS = range(4, 17)

#: Columns of prose in the project's own words.
_PROSE = ("label", "description", "definition", "note", "source")
#: Columns of names and titles, which cannot be reworded.
_NAMES = ("label_en", "alternative", "title", "name")

_WORD = re.compile(r"[^\W_]+")


def find_copies(tables: Tables, text: str) -> Iterator[Fault]:
    """A fault for every cell of prose, in any folder, that repeats a stretch of `text`."""
    words = _words(text)
    names = _names(tables)
    starts: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        starts.setdefault(word, []).append(at)
    for row in tables.rows:
        for column in _PROSE + _NAMES:
            for item in row.cells.get(column, ()):
                run = _find_copy(_words(item), words, starts, names)
                if run:
                    yield row.fault(
                        column,
                        f"copied from the document: {' '.join(run[:COPIED_WORDS])!r}",
                        f"use your own words, fewer than {COPIED_WORDS} in a row of the document",
                    )


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _names(tables: Tables) -> dict[str, list[tuple[str, ...]]]:
    """The long names and titles as words, longest first, by the first word."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for row in tables.rows:
        if row.schema.name != "concepts":
            for words in _cells(row, _NAMES):
                if len(words) in _NAME_WORDS:
                    found.setdefault(words[0], set()).add(words)
    return {first: sorted(names, key=len, reverse=True) for first, names in found.items()}


def _cells(row: Row, columns: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for column in columns:
        for item in row.cells.get(column, ()):
            if words := _words(item):
                yield tuple(words)


def _find_copy(
    own: list[str],
    words: list[str],
    starts: dict[str, list[int]],
    names: dict[str, list[tuple[str, ...]]],
) -> list[str]:
    """The first stretch of `own` that also occurs in `words` and counts as a copy."""
    counted = _mark_counted(own, names)
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


def _mark_counted(own: list[str], names: dict[str, list[tuple[str, ...]]]) -> list[bool]:
    """For each word whether it counts: words of long names do not."""
    counted = [True] * len(own)
    at = 0
    while at < len(own):
        here = (name for name in names.get(own[at], ()) if tuple(own[at : at + len(name)]) == name)
        length = len(next(here, ()))
        counted[at : at + length] = [False] * length
        at += length or 1
    return counted
