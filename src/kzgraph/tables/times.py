"""The time notation of the tables: a day, a month, a quarter, a year, or a period between two.

The notation is that of ISO 8601 with quarters, and of its extension for periods that are open:
`2018-12-31`, `2018-06`, `2018-Q3`, `2018`, `2018-07/2019-06`, `2014/..`, `../2009`. A fiscal year
is the period of its months. https://www.loc.gov/standards/datetime/
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

#: How a time is written, for messages.
EXAMPLES = "2018, 2018-Q3, 2018-06, 2018-12-31, 2018-07/2019-06, 2014/.. or ../2009"

_PART = re.compile(r"([0-9]{4})(?:-(?:Q([1-4])|([0-9]{2})(?:-([0-9]{2}))?))?")
#: Where a period is open.
_OPEN = ".."


@dataclass(frozen=True)
class Time:
    """A day or a period.

    Attributes:
        text: the notation it was read from.
        start: its first day, or None where it is open at the beginning.
        end: its last day, or None where it is open.
    """

    text: str
    start: date | None
    end: date | None

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return self.start == self.end

    @property
    def year(self) -> int | None:
        """The one calendar year that it lies in, or None where it lies in several."""
        if self.start is None or self.end is None or self.start.year != self.end.year:
            return None
        return self.start.year

    @property
    def parts(self) -> list[str]:
        """The notations of what it begins and ends with, or of itself."""
        return [part for part in self.text.split("/") if part != _OPEN]

    @property
    def slug(self) -> str:
        """The name of its node: the notation with `--` for the slash and words for an open end."""
        if self.start is None:
            return f"until-{self.parts[0]}"
        return self.text.replace("/", "--").replace(_OPEN, "")


def parse_time(text: str) -> Time:
    """Read a time.

    >>> parse_time("2018-06").end
    datetime.date(2018, 6, 30)
    >>> parse_time("2018-07/2019-06").year is None, parse_time("../2009").end
    (True, datetime.date(2009, 12, 31))

    Raises:
        ValueError: the notation is another one, it names no day of the calendar, or the period
            does not end after it begins.
    """
    first, slash, last = text.partition("/")
    if not slash:
        return Time(text, *_days(text))
    if first == last == _OPEN:
        raise ValueError(f"the period {text} is open at both ends")
    begins = None if first == _OPEN else _days(first)
    ends = None if last == _OPEN else _days(last)
    if begins and ends and ends[0] <= begins[1]:
        raise ValueError(f"the period {text} does not end after what it begins with")
    return Time(text, begins and begins[0], ends and ends[1])


def _days(text: str) -> tuple[date, date]:
    """The first and the last day of a year, quarter, month or day."""
    match = _PART.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time")
    year, quarter, month, day = (int(item) if item else None for item in match.groups())
    if year is None or month == 0 or day == 0:
        raise ValueError(f"{text} is not in the calendar")
    if day and month:
        return (date(year, month, day),) * 2
    first = 3 * quarter - 2 if quarter else month or 1
    last = 3 * quarter if quarter else month or 12
    begins = date(year, first, 1)
    return begins, date(year, last, calendar.monthrange(year, last)[1])
