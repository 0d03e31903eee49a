"""An Excel workbook (Office Open XML) with the rows of a SELECT result.

https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3 (Excel's limits)

One sheet, its first row the names of the variables, frozen. What a term becomes:

- a literal with a number's datatype: a number, where Excel keeps all its digits (15), else text; so
  are NaN and the infinities
- xsd:boolean: TRUE or FALSE
- xsd:date, and xsd:dateTime without a time zone, from March 1900 on: a day or a moment. Excel knows
  neither earlier days nor time zones: these stay text, as the literal has them
- any other literal, an IRI or a blank node: text. Nothing is a formula and nothing a live link
- an unbound variable: an empty cell

Whose data it is, is among the properties of the workbook, as its description.

A language tag and any other datatype are not kept: Parquet keeps them. What does not fit a sheet is
refused, never cut off.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from shutil import copyfileobj
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any, BinaryIO

import xlsxwriter
from pyoxigraph import Literal
from xlsxwriter.exceptions import FileCreateError

from kzgraph.datatypes import BOOLEANS, DATE
from kzgraph.namespaces import Term
from kzgraph.problem import Problem
from kzgraph.results.columns import Kind, kind_of
from kzgraph.results.terms import Writer, plain

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
#: Characters of one cell, in UTF-16 code units, as Excel counts them.
MAX_CELL = 32_767

_DIGITS = 15
# Excel treats 1900 as a leap year, so that its days before March 1900 are another program's days.
_FIRST_DAY = datetime(1900, 3, 1)
_COLUMN_WIDTH = 24
# A workbook says when it was made. The same rows make the same file, so this is not a clock.
_MADE = datetime(2000, 1, 1)


class XlsxWriter(Writer):
    """Writes a workbook; nothing reaches the output before the last row is read.

    Raises in `row`:
        Problem: 422, the sheet is full, or a text is too long for a cell.
    """

    def __init__(self, variables: Sequence[str], out: BinaryIO, credit: str = "") -> None:
        if len(variables) > MAX_COLUMNS:
            raise _too_large(f"{len(variables):,} columns", f"{MAX_COLUMNS:,}")
        self._out = out
        # One of our own, because the library leaves its files behind when a result breaks off.
        self._folder = TemporaryDirectory()
        # The archive is written with seeks, which an output need not allow.
        self._file = TemporaryFile()  # noqa: SIM115
        self._book: Any = xlsxwriter.Workbook(
            self._file, {"constant_memory": True, "tmpdir": self._folder.name}
        )
        self._book.set_properties({"created": _MADE, "comments": credit})
        self._sheet = self._book.add_worksheet("results")
        # The library passes a text like `<r>...</r>` on as XML of its own, unescaped.
        self._sheet._xml_rich_inline_string = self._write_text
        self._plain = self._book.add_format()
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._exact_moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        self._sheet.freeze_panes(1, 0)
        if variables:
            self._sheet.set_column(0, len(variables) - 1, _COLUMN_WIDTH)
        bold = self._book.add_format({"bold": True})
        for column, name in enumerate(variables):
            self._sheet.write_string(0, column, name, bold)
        self._rows = 1

    def tag(self, tags: Sequence[str]) -> None:
        """Write the row of hashtags, and keep it in view with the names."""
        self._sheet.freeze_panes(2, 0)
        for column, tag in enumerate(tags):
            if tag:
                self._sheet.write_string(1, column, tag, self._plain)
        self._rows = 2

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""
        if self._rows == MAX_ROWS:
            raise _too_large(f"more than {MAX_ROWS - 1:,} rows", f"{MAX_ROWS:,} with the header")
        for column, term in enumerate(terms):
            if term is not None:
                self._cell(column, term)
        if all(term is None for term in terms):
            # A row without a cell would not be there, were it the last.
            self._sheet.write_blank(self._rows, 0, None, self._plain)
        self._rows += 1

    def finish(self) -> None:
        """Close the workbook and hand it to the output."""
        try:
            self._book.close()
        except FileCreateError as error:
            # The library hides what the system said, such as that a disk is full.
            raise error.args[0] if isinstance(error.args[0], OSError) else error from None
        self._file.seek(0)
        copyfileobj(self._file, self._out)

    def close(self) -> None:
        """Remove the temporary files, those of a workbook that broke off too."""
        # Closing it a second time is a warning, and closing it at all would write it.
        self._book.fileclosed = True
        sheet_file = getattr(self._sheet, "row_data_fh", None)
        if sheet_file is not None:
            sheet_file.close()
        self._file.close()
        self._folder.cleanup()

    def _write_text(self, text: str, attributes: Sequence[tuple[str, object]] = ()) -> None:
        self._sheet._xml_inline_string(text, True, attributes)

    def _cell(self, column: int, term: Term) -> None:
        value = _value(term) if isinstance(term, Literal) else None
        if isinstance(value, bool):
            self._sheet.write_boolean(self._rows, column, value)
        elif isinstance(value, float):
            self._sheet.write_number(self._rows, column, value)
        elif isinstance(value, datetime) and isinstance(term, Literal):
            self._sheet.write_datetime(self._rows, column, value, self._date_format(term))
        else:
            text = plain(term)
            _check_length(text, self._rows)
            self._sheet.write_string(self._rows, column, text)

    def _date_format(self, term: Literal) -> Any:
        if term.datatype.value == DATE:
            return self._day
        return self._exact_moment if "." in term.value else self._moment


def _check_length(text: str, row: int) -> None:
    # Most texts are short; four bytes are at most two code units.
    if len(text) * 2 > MAX_CELL and len(text.encode("utf-16-le")) // 2 > MAX_CELL:
        raise _too_large(f"a text of {len(text):,} characters in row {row:,}", f"{MAX_CELL:,}")


def _too_large(what: str, limit: str) -> Problem:
    return Problem(
        422,
        f"The result has {what}, and Excel holds {limit}. Ask for less, or for format=parquet or "
        "format=csv.",
    )


def _value(term: Literal) -> object:
    """What a cell can hold of `term` without a loss; None where that is its text alone."""
    text, kind = term.value, kind_of(term.datatype.value, term.value)
    if kind is Kind.BOOLEAN:
        return BOOLEANS[text]
    if kind in (Kind.INTEGER, Kind.DECIMAL):
        whole, _, fraction = text.lstrip("+-").partition(".")
        digits = (whole + fraction.rstrip("0")).lstrip("0")
        return float(Decimal(text)) if len(digits) <= _DIGITS else None
    if kind is Kind.DOUBLE:
        number = float(text)
        # Excel has no infinity, no NaN, no subnormal numbers, and ends a little before IEEE 754.
        usable = number == 0 or 2.3e-308 <= abs(number) <= 9.99e307
        return number if usable else None
    # A serial number of days holds a moment to the millisecond.
    if kind is Kind.DATE or (kind is Kind.LOCAL and len(text.partition(".")[2]) <= 3):
        moment = datetime.fromisoformat(text)
        return moment if moment >= _FIRST_DAY else None
    return None
