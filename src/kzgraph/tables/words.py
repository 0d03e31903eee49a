"""The words of a text, and which of them count when a stretch of a document is taken over."""

import re
from collections.abc import Container, Iterable, Iterator

from kzgraph.tables.reader import Row

#: This many words of a document in a row are a copy.
COPIED_WORDS = 9
#: The longest name or title in words: a longer one is a sentence.
LONGEST_NAME = 16

#: Names as words in lower case, longest first, by the first word.
Names = dict[str, list[tuple[str, ...]]]

_WORD = re.compile(r"[^\W_]+")


def list_words(text: str) -> list[str]:
    """The words of a text in order and in lower case; digits are words.

    >>> list_words("Over 1,000 refugees")
    ['over', '1', '000', 'refugees']
    """
    return [word.casefold() for word in _WORD.findall(text)]


def list_names(rows: Iterable[Row], columns: Iterable[str], lengths: Container[int]) -> Names:
    """The names and titles in some columns of tables of things, of certain lengths in words."""
    found: dict[str, set[tuple[str, ...]]] = {}
    columns = tuple(columns)
    for row in rows:
        if row.schema.name != "concepts":
            for words in _cells(row, columns):
                if len(words) in lengths:
                    found.setdefault(words[0], set()).add(words)
    return {first: sorted(names, key=len, reverse=True) for first, names in found.items()}


def _cells(row: Row, columns: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for column in columns:
        for item in row.cells.get(column, ()):
            if words := list_words(item):
                yield tuple(words)


def mark_counted(words: list[str], names: Names) -> list[bool]:
    """For each word whether it counts: words of names do not."""
    counted = [True] * len(words)
    at = 0
    while at < len(words):
        here = (
            name for name in names.get(words[at], ()) if tuple(words[at : at + len(name)]) == name
        )
        length = len(next(here, ()))
        counted[at : at + length] = [False] * length
        at += length or 1
    return counted
