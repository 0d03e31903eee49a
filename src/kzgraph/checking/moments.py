"""Reading the times that a claim names: days, months, years, and since when."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from kzgraph import months, years

_YEAR = rf"(?<![\w.,])(?P<year>{years.PATTERN})(?![\d]|[.,]\d)"
_SHORT_YEAR = rf"(?P<year>{years.PATTERN}|\d\d)"
_MONTH = rf"(?P<month>{months.PATTERN})[әғқңөұүһіа-я]*(?!\w)"
_OF_YEAR = r"(?:\s*(?:жыл\w*|ж\.?|год\w*|г\.?))?"
_DAY = r"(?<![\d.,])(?P<day>[0-3]?\d)(?:st|nd|rd|th|-?го|-?е)?"
_DATES = (
    rf"{_DAY}\s+(?:of\s+)?{_MONTH}\.?,?\s*{_YEAR}",
    rf"(?<!\w){_MONTH}\.?\s+{_DAY},?\s+{_YEAR}",
    rf"{_YEAR}{_OF_YEAR},?\s*{_DAY}[-\u2011]?\s*{_MONTH}",
    r"(?<!\d)(?P<year>\d{4})-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
    rf"(?<![\d.])(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.{_SHORT_YEAR}(?!\d|\.\d)",
    rf"(?<![\d/])(?P<day>[0-3]?\d)/(?P<month>[01]?\d)/{_SHORT_YEAR}(?![\d/])",
    rf"(?<!\w){_MONTH}\.?,?\s+(?:of\s+)?{_YEAR}",
    rf"{_YEAR}{_OF_YEAR},?\s*{_MONTH}",
    rf"{_DAY}\s+{_MONTH}\.?\s+(?P<year>\d\d)(?![\d.,%])",
    rf"{_DAY}\s+{_MONTH}",
)
#: From one year to another, as the time of a change.
_PERIOD = re.compile(
    rf"(?<![\w.,])(?P<first>{years.PATTERN})(?:\s*(?:год\w*|г\.?|жыл\w*))?"
    rf"(?:\s*[-–—]\s*|\s+(?:and|to|и|по|до|мен|және)\s+)(?P<last>{years.PATTERN})(?![\d.,]\d)",
    re.IGNORECASE,
)
_PLAIN_YEAR = re.compile(_YEAR.replace("(?<![\\w.,])", r"(?<![\d.,])(?<![^\W\d_])"))
#: Around a year: its first or its last day, or its middle.
_END = re.compile(
    r"(?:(?:year[-\s]?)?end(?:[-\s]of)?|close of|конец|конца|концу|конце|исход\w*)[-\s]*(?:the\s+)?"
    r"(?:year\s+)?\Z",
    re.IGNORECASE,
)
_START = re.compile(
    r"(?:start(?:[-\s]of)?|beginning of|early|начал\w+)[-\s]*(?:the\s+)?(?:year\s+)?\Z",
    re.IGNORECASE,
)
_END_AFTER = re.compile(rf"{_OF_YEAR}\s*(?:соңы|аяғы|year[-\s]?end)", re.IGNORECASE)
_START_AFTER = re.compile(rf"{_OF_YEAR}\s*бас(?:ы|та(?!п))", re.IGNORECASE)
_MIDDLE = re.compile(
    r"(?<!\w)(?:mid(?:dle(?:\s+of)?)?|середин\w+)[-\s]*(?:the\s+)?(?:year\s+)?\Z", re.IGNORECASE
)
_MIDDLE_AFTER = re.compile(rf"{_OF_YEAR}\s*орта(?:сы|мыз)\w*", re.IGNORECASE)
#: What the words in front of a year or behind it make of it.
_PARTS = (
    ("12-31", _END, _END_AFTER),
    ("01-01", _START, _START_AFTER),
    ("06", _MIDDLE, _MIDDLE_AFTER),
)
_CENTURY = 2000


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Those of dates, compiled when a claim is read: a server may start without."""
    return tuple(re.compile(each, re.IGNORECASE) for each in _DATES)


@dataclass(frozen=True)
class Moment:
    """A time in a claim.

    Attributes:
        code: `2018`, `2018-06`, `2018-12-31`, `2017/2018` of a period, or `--07-10` of a day
            without a year.
        start: where it begins in the claim, in code points.
        end: where it ends, exclusive.
        before: how many code points in front of it tell which part of a year it is.
        behind: and how many behind it.
    """

    code: str
    start: int
    end: int
    before: int = 0
    behind: int = 0

    @property
    def year(self) -> int | None:
        """Its year, of a period the last; None where it has none."""
        if "/" in self.code:
            return int(self.code[-4:])
        return int(self.code[:4]) if self.code[:4].isdigit() else None


def find_moments(text: str) -> list[Moment]:
    """The times in a text, in order; what is part of a day is not told again as a year."""
    found = [
        Moment(f"{each['first']}/{each['last']}", *each.span())
        for each in _PERIOD.finditer(text)
        if each["first"] < each["last"]
    ]
    for pattern in _patterns():
        for match in pattern.finditer(text):
            if any(match.start() < each.end and each.start < match.end() for each in found):
                continue
            code = _write(match)
            if code:
                found.append(Moment(code, *match.span()))
    for match in _PLAIN_YEAR.finditer(text):
        if not any(match.start() < each.end and each.start < match.end() for each in found):
            found.append(_find_part(text, match))
    return sorted(found, key=lambda each: each.start)


def _write(match: re.Match[str]) -> str:
    parts = match.groupdict()
    named = parts.get("month") or ""
    month = int(named) if named.isdigit() else months.number_of(named) or 0
    year = int(parts["year"]) if parts.get("year") else None
    if year is not None and year < 100:
        year += _CENTURY
    if not 1 <= month <= 12:
        return ""
    if parts.get("day") is None:
        return f"{year}-{month:02}"
    try:
        day = date(year or _CENTURY, month, int(parts["day"]))
    except ValueError:
        return ""
    return day.isoformat() if year else f"--{day:%m-%d}"


def _find_part(text: str, match: re.Match[str]) -> Moment:
    """A year, or its first or last day, or its middle, where the words around it say so."""
    year, span = match[0], match.span()
    near = max(0, span[0] - 24)
    for part, before, after in _PARTS:
        said = before.search(text, near, span[0])
        if said:
            return Moment(f"{year}-{part}", *span, before=span[0] - said.start())
        said = after.match(text, span[1])
        if said:
            return Moment(f"{year}-{part}", *span, behind=said.end() - span[1])
    return Moment(year, *span)
