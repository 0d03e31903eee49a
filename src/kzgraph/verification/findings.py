"""What a check of a row against its text found, and whether it is sure."""

from typing import NamedTuple

from kzgraph.faults import Fault
from kzgraph.tables import Row, Span, parse_span


class Finding(NamedTuple):
    """A disagreement of a row with its text.

    Attributes:
        fault: what it is.
        sure: whether the row is wrong; else somebody has to look, and a build only warns.
    """

    fault: Fault
    sure: bool


def spans_of(row: Row, *columns: str) -> list[Span]:
    """The spans of some columns of a row, in order."""
    return [parse_span(item) for column in columns for item in row.cells[column]]


def texts_of(row: Row, text: str, *columns: str) -> list[str]:
    """The words of the spans of some columns of a row."""
    return [text[slice(*span)] for span in spans_of(row, *columns)]
