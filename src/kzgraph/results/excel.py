"""CSV as Excel opens it rightly by a double click (`csv-excel`).

- A byte order mark says that the text is UTF-8. Without it Excel reads Cyrillic by the code page
  of the system.
- The separator is the comma, and there is no `sep=` line: where Excel obeys such a line, it no
  longer sees the byte order mark, and other programs take the line for data. Where the list
  separator of the system is the semicolon (Russian and Kazakh among others), Excel shows each line
  in one cell; Data > From Text/CSV finds the comma there, and `format=xlsx` needs no separator.
- Lines end in CR LF.
- A text that Excel would run as a formula gets an apostrophe before it: one that begins with
  `=`, `+`, `-`, `@`, a tab or a carriage return, with or without spaces before that. The same
  holds behind a semicolon, a tab or a line break inside the text, where another list separator
  would begin a cell. A text that is a plain number in itself (`-5`) is left as it is.
- A text that Excel would change while it reads it gets an apostrophe too: figures with leading
  zeros, with an exponent or of more than 15 digits, and what looks like a day or a month.
- Literals with a number's datatype are numbers, plain, with a point. Excel keeps 15 digits, so that
  a longer integer gets the apostrophe.
"""

import re
from collections.abc import Sequence
from typing import BinaryIO

from pyoxigraph import Literal

from kzgraph.results.terms import NUMBERS, STRING, Pieces, Term, plain
from kzgraph.results.text import quoted_field

#: What begins a formula; the wide forms do so in East Asian versions of Excel.
_FORMULA = re.compile("(^|[;\t\r\n])(?=[ \u00a0]*[=+@\\-\t\r\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DIGITS = 15
_CHANGED = re.compile(
    rf"""
      [+-]?0[0-9]+(?:\.[0-9]*)?               # leading zeros
    | [+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]+ # an exponent
    | [+-]?[0-9]{{{_DIGITS + 1},}}            # more digits than it keeps
    | [0-9]{{1,4}}[-/][0-9]{{1,2}}(?:[-/][0-9]{{1,4}})?
    """,
    re.VERBOSE,
)
#: A semicolon, too, for the systems where it parts the cells.
_NEEDS_QUOTES = re.compile('[",;\t\r\n]')


class ExcelCsvWriter:
    """CSV with a byte order mark, its values made safe for a spreadsheet."""

    def __init__(self, variables: Sequence[str], out: BinaryIO) -> None:
        self._pieces = Pieces(out)
        self._pieces.add("\ufeff" + ",".join(variables) + "\r\n")

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""
        fields = [_field(term) for term in terms]
        self._pieces.add((",".join(fields) if fields != [""] else '""') + "\r\n")

    def finish(self) -> None:
        """Write what has gathered."""
        self._pieces.flush()

    def close(self) -> None:
        """Nothing is held."""


def _field(term: Term | None) -> str:
    if term is None:
        return ""
    text = safe(term)
    return quoted_field(text) if _NEEDS_QUOTES.search(text) else text


def safe(term: Term) -> str:
    """The value of `term` such that Excel shows it and runs nothing.

    >>> safe(Literal("=1+1"))
    "'=1+1"
    >>> safe(Literal(-5))
    '-5'
    """
    text = plain(term)
    if isinstance(term, Literal):
        datatype = term.datatype.value
        if datatype in NUMBERS and _NUMBER.fullmatch(text):
            return f"'{text}" if _too_long(text) else text
        if (datatype == STRING or term.language) and _CHANGED.fullmatch(text):
            return f"'{text}"
    if _NUMBER.fullmatch(text):
        return text
    return _FORMULA.sub(r"\1'", text)


def _too_long(number: str) -> bool:
    return number.lstrip("+-0").isdigit() and len(number.lstrip("+-0")) > _DIGITS
