"""The cells of a CSV file with their positions, so that one can change and the rest stay as it is.

RFC 4180, as Python's csv module parses it in strict mode: https://www.rfc-editor.org/rfc/rfc4180
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")


class RawCell(NamedTuple):
    """A cell of a CSV file.

    Attributes:
        text: what it holds, without the quotes around it.
        start: where it begins in the file, its quote included.
        end: where it ends.
        is_enclosed: whether it is in quotes.
    """

    text: str
    start: int
    end: int
    is_enclosed: bool


class RawRecord(NamedTuple):
    """A record of a CSV file: the line it begins at, counted from 1, and its cells."""

    line: int
    cells: list[RawCell]


def raw_records(text: str, delimiter: str = ",") -> Iterator[RawRecord]:
    """The records of a CSV file; none for an empty line.

    Args:
        text: the file, which the csv module parses without an error.
        delimiter: what separates two cells.
    """
    cell = re.compile(
        rf'(?:"(?P<enclosed>(?:[^"]|"")*+)"|(?P<bare>[^{re.escape(delimiter)}\r\n]*+))'
        rf"(?P<end>{re.escape(delimiter)}|\r\n|\r|\n|\Z)"
    )
    at, line, first_line = 0, 1, 1
    cells: list[RawCell] = []
    while at < len(text) or cells:
        match = cell.match(text, at)
        if match is None:
            raise ValueError(f"line {line} is not CSV")
        enclosed = match["enclosed"]
        held = match["bare"] if enclosed is None else enclosed.replace('""', '"')
        cells.append(RawCell(held, at, match.start("end"), enclosed is not None))
        line += len(_LINE_END.findall(match[0]))
        at = match.end()
        if match["end"] != delimiter:
            if len(cells) > 1 or cells[0].start < cells[0].end:
                yield RawRecord(first_line, cells)
            cells, first_line = [], line


def replace_places(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """`text` with other contents at places that do not overlap: start, end, contents."""
    parts, at = [], 0
    for start, end, new in sorted(changes):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])
