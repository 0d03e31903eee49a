"""Spans of a document: positions of Unicode code points, end exclusive.

The document is read as UTF-8 with no newline translation, as a text position selector counts:
https://www.w3.org/TR/annotation-model/#text-position-selector
"""

from typing import NamedTuple

#: The longest span allowed as evidence, in code points.
MAX_EVIDENCE = 300

#: Columns of spans, and the longest span each may hold (None: as long as the document).
SPAN_COLUMNS = {"evidence": MAX_EVIDENCE, "context": MAX_EVIDENCE, "span": None}

#: Those of facts: what supports one, and what else it needs.
FACT_SPANS = ("evidence", "context")

#: What words that are not a span yet begin with in such a column: `kzgraph annotate` finds them.
QUOTATION_MARKS = '"\u201c\u201d\u201e\u00ab'


def are_words(column: str, text: str) -> bool:
    """Whether a cell of a column of spans holds words in quotes, which are no spans yet."""
    return column in SPAN_COLUMNS and any(mark in text for mark in QUOTATION_MARKS)


class Span(NamedTuple):
    """The code points from `start` up to but not including `end`."""

    start: int
    end: int

    def covers(self, other: "Span") -> bool:
        """Whether the other span lies within this one."""
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"


def parse_span(text: str) -> Span:
    """Read `start-end`.

    >>> parse_span("914-933")
    Span(start=914, end=933)

    Raises:
        ValueError: it is not a span, or it ends before it starts.
    """
    if len(text) > 40:
        raise ValueError(f"the span {text[:20]}... has too many digits")
    start, _, end = text.partition("-")
    span = Span(int(start), int(end))
    if span.start >= span.end:
        raise ValueError(f"the span {text} ends before it starts")
    return span
