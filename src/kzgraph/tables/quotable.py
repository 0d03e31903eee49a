"""Which spans of a document may be quoted, and what can be joined of it from all quotes.

The documents are not republished. A quote is of the evidence of a figure, a date, a name or a
contact, never of what a fact describes in the project's own words; it is short; and all quotes of a
document together, placed at their positions, never make up `COPIED_WORDS` words in a row.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kzgraph.tables.cells import is_invisible
from kzgraph.tables.reader import Row
from kzgraph.tables.schema import NUMBER_COLUMNS
from kzgraph.tables.words import (
    COPIED_WORDS,
    LONGEST_NAME,
    Names,
    list_names,
    list_words,
    mark_counted,
)

#: The longest quote with its prefix and suffix: words, and code points.
MAX_QUOTE_WORDS = 8
MAX_QUOTE = 120

#: Columns of names and titles, in all languages.
_NAMES = (
    *("label_en", "label_ru", "label_kk", "alternative", "alternative_ru", "alternative_kk"),
    *("title", "name"),
)
#: Two quotes are joined over so many code points, whatever stands there: a comma, or a short word.
_GAP = 5


class Passage(NamedTuple):
    """Words of a document at a place that a release tells: a quote with its prefix and suffix."""

    start: int
    words: str


def quotable_spans(rows: Iterable[Row]) -> set[str]:
    """The spans of a document that may be quoted for what they are evidence of.

    Args:
        rows: those of the document.
    """
    spans: set[str] = set()
    described: set[str] = set()
    for row in rows:
        told = "description" in row.schema.by_name or row.cells.get("purpose")
        # What names a donor is a name, with an amount or without.
        counts = "value" in row.cells and "donor" not in row.cells
        if told or (counts and not any(row.cells[name] for name in NUMBER_COLUMNS)):
            described.update(row.cells.get("evidence", ()))
        else:
            spans.update(row.cells.get("evidence", ()))
    return spans - described


def is_short(words: str) -> bool:
    """Whether words are few enough for a quote, and all of them can be seen.

    >>> is_short("over 1,000 refugees"), is_short("a b c d e f g h i")
    (True, False)
    """
    apart = [word for word in words.split() if any(map(str.isalnum, word))]
    return (
        # Both parts of 14,000 are words to whoever counts what is copied.
        max(len(apart), len(list_words(words))) <= MAX_QUOTE_WORDS
        and len(apart) > 0
        and len(words) <= MAX_QUOTE
        and not any(is_invisible(each) and each not in "\n\r\t" for each in words)
    )


def names_of(rows: Iterable[Row]) -> Names:
    """The names and titles that do not count where quotes are joined."""
    return list_names(rows, _NAMES, range(1, LONGEST_NAME + 1))


def join_passages(passages: Iterable[Passage], text: str | None = None) -> Iterator[Passage]:
    """What can be joined of a document: runs of passages with next to nothing between them.

    What stands between is as many blanks.

    Args:
        passages: in any order; they may overlap.
        text: the document, if it is at hand: then white space and punctuation of any length
            between passages joins them, too.

    >>> [run.words for run in join_passages([Passage(0, "5 May"), Passage(7, "2020")])]
    ['5 May  2020']
    >>> [run.words for run in join_passages([Passage(0, "5 May"), Passage(40, "people")])]
    ['5 May', 'people']
    """
    begin = end = 0
    run = ""
    for start, words in sorted(passages):
        if not run:
            begin, end, run = start, start, ""
        if start <= end:
            run += words[end - start :]
        elif start - end <= _GAP or (text and not any(map(str.isalnum, text[end:start]))):
            run += " " * (start - end) + words
        else:
            yield Passage(begin, run)
            begin, run = start, words
        end = max(end, start + len(words))
    if run:
        yield Passage(begin, run)


def counts_as_copy(run: Passage, names: Names) -> bool:
    """Whether a run has too many words in a row, names, titles and numbers aside."""
    words = list_words(run.words)
    marked = zip(words, mark_counted(words, names), strict=True)
    counted = sum(counts and not any(map(str.isdigit, word)) for word, counts in marked)
    return counted >= COPIED_WORDS
