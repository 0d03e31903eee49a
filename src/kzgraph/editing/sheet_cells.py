"""The text that a cell of a workbook stands for, by the column that it is in.

In a column formatted as text Excel keeps what is typed. Elsewhere it makes numbers, days, times and
truths of it. Where only one text can have been meant, it is taken; else the cell is refused with
what it may have been.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.utils.escape import unescape

from kzgraph.months import ENGLISH
from kzgraph.tables.cells import CellFault, parse_cell, shorten
from kzgraph.tables.schema import Column

#: The digits of a number that Excel keeps and shows.
_DIGITS = 15
#: Datatypes of numbers.
_NUMBERS = {"decimal", "double", "nonNegativeInteger"}
#: What a number format holds besides the letters for days and times.
_ASIDE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|;.*')
_MINUTES = re.compile(r"h+\W*m+|m+\W*s+")
_AS_TEXT = "format the column as text"


class _Shown(NamedTuple):
    """What of a moment its number format shows."""

    day: bool
    month: bool
    year: bool
    clock: bool

    @classmethod
    def of(cls, number_format: str) -> "_Shown":
        letters = _ASIDE.sub("", number_format).casefold()
        clock = bool(re.search("[hs]", letters))
        letters = _MINUTES.sub("", letters)
        return cls("d" in letters, "m" in letters, "y" in letters, clock)


def read_text(cell: Cell, column: Column) -> str:
    """The text of a cell; nothing for an empty one.

    Raises:
        CellFault: it holds a formula or an error, or what the spreadsheet made of a text that
            cannot be told from it.
    """
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise CellFault("the cell holds a formula", "copy it, and paste its value, as text")
    if cell.data_type == "e":
        remedy = _hint("write what belongs there", column)
        raise CellFault(f"the cell holds the error {value}", remedy)
    if isinstance(value, str):
        return _check_encoding(unescape(value))
    if isinstance(value, bool):
        return _read_truth(value, column)
    if isinstance(value, int | float):
        return _read_number(value, cell.number_format, column)
    if isinstance(value, datetime):
        return _read_moment(value, _Shown.of(cell.number_format), column)
    if isinstance(value, date):
        return _read_moment(datetime.combine(value, time()), _Shown.of(cell.number_format), column)
    if isinstance(value, time | timedelta):
        return _read_clock(value, column)
    raise CellFault(f"the cell holds {shorten(str(value))}", _hint("write a text", column))


def _check_encoding(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CellFault("half a character is in the cell", "write it anew") from None
    return text


def _hint(remedy: str, column: Column) -> str:
    return f"{remedy}, such as {column.example}" if column.example else remedy


def _read_truth(value: bool, column: Column) -> str:
    text = "true" if value else "false"
    if text in column.words:
        return text
    raise CellFault(f"{text.upper()} is a truth", f"{_AS_TEXT}, and write the word again")


def _read_number(value: float, number_format: str, column: Column) -> str:
    text = f"{Decimal(repr(value)):f}".removesuffix(".0")
    if "%" in _ASIDE.sub("", number_format):
        percent = f"{(Decimal(repr(value)) * 100).normalize():f}"
        raise CellFault(
            f"{percent}% is {text} in the workbook",
            f"{_AS_TEXT}, and write {percent} (its unit is per cent) or {text}, whichever is meant",
        )
    if len(text.replace(".", "").lstrip("-0")) > _DIGITS:
        right = f"{Decimal(f'{value:.{_DIGITS}g}'):f}"
        meant = f"{right} if that is meant" if "." in text else "it again"
        raise CellFault(
            f"{text} has more than the {_DIGITS} digits that a spreadsheet keeps",
            f"{_AS_TEXT}, and write {meant}",
        )
    is_year = re.fullmatch("[1-9][0-9]{3}", text)
    if column.datatype in _NUMBERS or (is_year and (column.is_day or column.datatype == "gYear")):
        return text
    if column.is_day or column.datatype in {"date", "time"}:
        parse_cell(column, text)  # Says which day or time of day the number is.
    raise CellFault(
        f"{text} is a number: zeros before it, a plus and the like may be lost",
        f"{_AS_TEXT}, and write it again: {text} if that is all",
    )


def _read_moment(value: datetime, shown: _Shown, column: Column) -> str:
    day = value.date().isoformat()
    if column.datatype == "dateTime":
        raise CellFault(
            f"{value.isoformat(' ')} is a moment without its time zone",
            f"{_AS_TEXT}, and write {value:%Y-%m-%dT%H:%M:%S}Z if that is the time in UTC",
        )
    if column.is_day or column.datatype == "date":
        if value.time() != time():
            raise CellFault(f"{value.isoformat(' ')} has a time of day", f"write {day}")
        if shown.day and shown.month and shown.year:
            return day
        if shown.month and shown.year and value.day == 1:
            return _take(column, f"{value:%Y-%m}", day)
        if shown.year and (value.month, value.day) == (1, 1):
            return _take(column, f"{value:%Y}", day)
        raise CellFault(
            f"{_show(value, shown)} is {day} in the workbook",
            f"{_AS_TEXT}, and write {day} if that is meant",
        )
    if column.is_span:
        parse_cell(column, _show(value, shown))  # Says which span the spreadsheet took for a day.
    if column.datatype in _NUMBERS:
        if shown.year and not shown.day:
            meant = f"{value.month}.{value.year}"
        else:
            meant = " or ".join(
                dict.fromkeys((f"{value.day}.{value.month}", f"{value.day}.{value.month:02}"))
            )
        raise CellFault(
            f"{_show(value, shown)} is a day: the spreadsheet made one of a number",
            f"{_AS_TEXT}, and write the number with a point: {meant}",
        )
    raise CellFault(
        f"{_show(value, shown)} is a day: the spreadsheet made one of a text",
        _hint(f"{_AS_TEXT}, and write the text again", column),
    )


def _take(column: Column, text: str, day: str) -> str:
    """A month or a year, if the column takes one."""
    try:
        parse_cell(column, text)
    except CellFault:
        raise CellFault(
            f"{text} is {day} in the workbook", f"write {day} if that is meant"
        ) from None
    return text


def _show(value: datetime, shown: _Shown) -> str:
    """A day as the spreadsheet shows it, in English."""
    month = ENGLISH[value.month - 1][:3]
    if shown.year and not shown.day:
        return f"{month}-{value.year % 100:02}"
    if shown.day and shown.month and not shown.year:
        return f"{value.day}-{month}"
    return f"{value:%d.%m.%Y}"


def _read_clock(value: time | timedelta, column: Column) -> str:
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
        if not 0 <= seconds < 86_400:
            raise CellFault(f"{value} is a duration", _hint("write a text", column))
        value = (datetime.min + timedelta(seconds=round(seconds))).time()
    text = value.replace(microsecond=0).isoformat()
    if column.datatype == "time":
        return text
    if column.datatype in _NUMBERS:
        raise CellFault(f"{text} is a time of day", f"{_AS_TEXT}, and write the number")
    raise CellFault(
        f"{text} is a time of day: the spreadsheet made one of a text",
        _hint(f"{_AS_TEXT}, and write the text again", column),
    )
