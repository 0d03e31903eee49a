"""The time notation of the tables: a day, a month, a year, a span of years, or an open period.

The notation is a subset of ISO 8601: `2018-12-31`, `2018-06`, `2018`, `2017/2018`, `2014/..`.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"(\d{4})")
_YEARS = re.compile(r"(\d{4})/(\d{4})")
_OPEN = re.compile(r"(\d{4})/\.\.")


@dataclass(frozen=True)
class Time:
    """A day or a period.

    Attributes:
        text: the notation it was read from.
        start: its first day.
        end: its last day, or None where it is open.
    """

    text: str
    start: date
    end: date | None

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return self.start == self.end

    @property
    def year(self) -> int | None:
        """The one calendar year that it lies in, or None where it lies in several."""
        return self.start.year if self.end and self.start.year == self.end.year else None

    @property
    def years(self) -> set[int]:
        """The calendar years that it begins and ends in."""
        return {day.year for day in (self.start, self.end) if day}

    @property
    def slug(self) -> str:
        """The name of its node: the notation with `--` for the slash and nothing for the dots."""
        return self.text.replace("/", "--").replace("..", "")


def parse_time(text: str) -> Time:
    """Read a time.

    >>> parse_time("2018-06").end
    datetime.date(2018, 6, 30)

    Raises:
        ValueError: the notation is not one of the five, or names no day of the calendar.
    """
    if match := _DAY.fullmatch(text):
        day = date(*map(int, match.groups()))
        return Time(text, day, day)
    if match := _MONTH.fullmatch(text):
        year, month = map(int, match.groups())
        first = date(year, month, 1)
        return Time(text, first, first.replace(day=calendar.monthrange(year, month)[1]))
    if match := _YEAR.fullmatch(text):
        return Time(text, date(int(text), 1, 1), date(int(text), 12, 31))
    if match := _YEARS.fullmatch(text):
        start, end = map(int, match.groups())
        if end <= start:
            raise ValueError(f"the period {text} does not end after the year it begins in")
        return Time(text, date(start, 1, 1), date(end, 12, 31))
    if match := _OPEN.fullmatch(text):
        return Time(text, date(int(match[1]), 1, 1), None)
    raise ValueError(f"{text!r} is not a time")
