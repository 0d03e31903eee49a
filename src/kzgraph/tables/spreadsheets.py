"""What a spreadsheet made of a date, a time of day, a number or a span, and what was meant.

Excel shows a date in the order of the system's language, and takes a span such as `1-10` for one.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from kzgraph.months import number_of
from kzgraph.years import PATTERN as YEAR

#: Excel counts days from here; its day 60, 29 February 1900, never was.
_EPOCH = date(1899, 12, 30)
#: The days that Excel's number is taken to mean: from 1982 to 2064.
_SERIAL = range(30_000, 60_000)

_YEARS = re.compile(rf"({YEAR}) ?[-\u2013/] ?({YEAR}|\d\d)")
_CLOCK_BEHIND = re.compile(r"[T ]\d{1,2}:\d\d(:\d\d)?$")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d\d)(?: ?\u0433\.?)?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[./](\d{4})")
_WORDS = re.compile(r"(\d{1,2})[. -]+([^\W\d_]{3,})\.?,?[. -]+(\d{4}|\d\d)(?: ?\u0433\.?)?")
_WORDS_US = re.compile(r"([^\W\d_]{3,})\.?[. -]+(\d{1,2}),[. -]+(\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})[. -]([^\W\d_]{3,})\.?")
_MONTH_NUMBER = re.compile(r"([^\W\d_]{3,})\.?[. -](\d{4}|\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?: ?([ap])\.?m\.?)?", re.IGNORECASE)
_FRACTION = re.compile(r"0?[.,]\d+")


def guess_days(text: str) -> list[str]:
    """The days, or the month, that a spreadsheet or a person may mean, in the notation of tables.

    Two where the order of day and month is open.

    >>> guess_days("05.05.2020"), guess_days("5/6/2020"), guess_days("43956")
    (['2020-05-05'], ['2020-06-05', '2020-05-06'], ['2020-05-05'])
    >>> guess_days("May-20"), guess_days("next week")
    (['2020-05'], [])
    """
    return list(dict.fromkeys(_guess_days(_CLOCK_BEHIND.sub("", text.strip()))))


def guess_years(text: str) -> list[str]:
    """The period of years that a person may mean.

    >>> guess_years("2018-2019"), guess_years("2018-19"), guess_years("914-933")
    (['2018/2019'], ['2018/2019'], [])
    """
    match = _YEARS.fullmatch(text)
    if match is None:
        return []
    last = match[2] if len(match[2]) > len("19") else f"{match[1][:2]}{match[2]}"
    return [f"{match[1]}/{last}"] if match[1] < last else []


def _guess_days(text: str) -> Iterator[str]:
    if text.isdecimal() and text.isascii() and len(text) == len("43956"):
        if int(text) in _SERIAL:
            yield (_EPOCH + timedelta(int(text))).isoformat()
    elif match := _YEAR_FIRST.fullmatch(text):
        yield from _day(*match.groups())
    elif match := _YEAR_LAST.fullmatch(text):
        first, second, year = match.groups()
        yield from _day(year, second, first)
        # With points the day is first, as in Russian and Kazakh.
        if "." not in text:
            yield from _day(year, first, second)
    elif match := _MONTH_YEAR.fullmatch(text):
        if 1 <= int(match[1]) <= 12:
            yield f"{match[2]}-{int(match[1]):02}"
    elif match := _WORDS.fullmatch(text):
        yield from _day(match[3], number_of(match[2]), match[1])
    elif match := _WORDS_US.fullmatch(text):
        yield from _day(match[3], number_of(match[1]), match[2])
    elif (match := _MONTH_NUMBER.fullmatch(text)) and (month := number_of(match[1])):
        yield f"{_full_year(match[2])}-{month:02}"


def _day(year: str, month: str | int | None, day: str) -> Iterator[str]:
    try:
        yield date(int(_full_year(year)), int(month or 0), int(day)).isoformat()
    except ValueError:
        return


def _full_year(text: str) -> str:
    """A year of four digits: Excel takes 00 to 29 for this century."""
    if len(text) == len("2020"):
        return text
    return f"{'20' if int(text) < 30 else '19'}{int(text):02}"


def guess_spans(text: str) -> list[str]:
    """The spans that a spreadsheet may have turned into a date.

    >>> guess_spans("10-Jan"), guess_spans("Jan-10"), guess_spans("01.10.2020")
    (['1-10'], ['1-10', '1-2010'], ['1-10'])
    >>> guess_spans("914-933")
    []
    """
    pairs: list[tuple[int, int]] = []
    if (match := _DAY_MONTH.fullmatch(text)) and (month := number_of(match[2])):
        pairs = [(int(match[1]), month), (month, int(match[1]))]
    elif (match := _MONTH_NUMBER.fullmatch(text)) and (month := number_of(match[1])):
        pairs = [(month, int(match[2]))]
        if len(match[2]) < len("2010"):
            pairs.append((month, int(_full_year(match[2]))))
    else:
        for day in map(date.fromisoformat, filter(_is_day, guess_days(text))):
            pairs += [(day.month, day.day), (day.day, day.month)]
    return list(dict.fromkeys(f"{start}-{end}" for start, end in pairs if start < end))


def _is_day(text: str) -> bool:
    return len(text) == len("2020-05-05")


def guess_clock(text: str) -> str | None:
    """The time of day that a spreadsheet or a person may mean, or None.

    >>> guess_clock("9:00"), guess_clock("6:30 PM"), guess_clock("0.375"), guess_clock("18")
    ('09:00:00', '18:30:00', '09:00:00', '18:00:00')
    """
    if _FRACTION.fullmatch(text) and len(text) < 20:
        seconds = round(float(text.replace(",", ".")) * 86_400)
    elif match := _CLOCK.fullmatch(text):
        hour = int(match[1])
        if match[4]:
            hour = hour % 12 + (12 if match[4] in "pP" else 0)
        if int(match[2]) > 59 or int(match[3] or 0) > 59:
            return None
        seconds = hour * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    elif re.fullmatch(r"[0-9]{1,2}", text):
        seconds = int(text) * 3600
    else:
        return None
    minutes, second = divmod(seconds, 60)
    if minutes >= 24 * 60:
        return None
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"


_GROUPS = re.compile(r"-?\d{1,3}(?:[ ',\u2019.]\d{3})+")
_EXPONENT = re.compile(r"-?\d(?:[.,]\d+)?E\+?\d{1,2}", re.IGNORECASE)


def guess_numbers(text: str) -> list[str]:
    """The numbers that a text with separators, an exponent or a sign of percent may mean.

    Two where a comma may be one of thousands or of decimals.

    >>> guess_numbers("2 181 727"), guess_numbers("10,03"), guess_numbers("1,500")
    (['2181727'], ['10.03'], ['1500', '1.5'])
    >>> guess_numbers("1.5E+06"), guess_numbers("44 %"), guess_numbers("many")
    (['1500000'], ['44'], [])
    """
    bare = text.removesuffix("%").strip()
    found: list[str] = []
    if len(bare) > 40:
        return []
    if _EXPONENT.fullmatch(bare):
        return [_shorten(bare.replace(",", "."))]
    if _GROUPS.fullmatch(bare):
        found.append(re.sub(r"[^\d-]", "", bare))
    decimal = bare.replace(",", ".")
    if re.fullmatch(r"-?\d+(\.\d+)?", decimal):
        found.append(_shorten(decimal))
    return [each for each in dict.fromkeys(found) if each != text]


def _shorten(number: str) -> str:
    return f"{Decimal(number).normalize():f}"
