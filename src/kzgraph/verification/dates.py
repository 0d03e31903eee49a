# ruff: noqa: RUF001 (words in Cyrillic)
"""Telling the years, days and times of a text from the numbers that count something."""

import calendar
import datetime
import re
from collections.abc import Iterator
from functools import cache

from kzgraph.months import PATTERN as MONTHS
from kzgraph.months import months_in, number_of
from kzgraph.tables.spreadsheets import guess_days
from kzgraph.verification.numbers import Number
from kzgraph.verification.ordinal_days import word_days_in
from kzgraph.verification.people import PEOPLE, SEVERAL
from kzgraph.verification.periods import MIDDLE, NUMBERED, SPECIAL
from kzgraph.years import PATTERN as YEAR

#: A day in digits.
_IN_DIGITS = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")


@cache
def _turn(words: str, *periods: str) -> re.Pattern[str]:
    """The period, by default a month or year, of which a text names the start or end by a word.

    Compiled when it is asked for: together they take a tenth of a second, and each server would.
    """
    period = "|".join(periods) or rf"{MONTHS}|{YEAR}(?!\d)|year|год|жыл"
    return re.compile(
        rf"(?<!\w)(?:(?:{words})[\s-]+(?:of\s+)?(?:the\s+)?(?P<after>{period})(?!\d)"
        rf"|(?P<before>{period})(?:\s+(?:ай|жыл)\w*)?[\s-]+(?:{words})(?!\w))",
        re.IGNORECASE,
    )


_START_WORDS = r"start|beginning|начал[аоеу]|бас[ыт]\w*"
_END_WORDS = r"end|кон(?:ец|ц[аеу])|соң\w*|аяғ\w*"
#: The middle of a year is 30 June, which is the day of UNHCR's mid-year statistics.
_MIDDLE = re.compile(rf"(?<!\w)(?:{MIDDLE})(?!\w)", re.IGNORECASE)
_MIDDLE_DAY = (6, 30)
#: A year that follows a period: `Q3 2026`, `третьего квартала 2026 года`.
_ITS_YEAR = re.compile(rf"[\s,]+(?:of\s+)?({YEAR})(?!\d)")
_DATE = re.compile(
    rf"(?<![\w.-])(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{MONTHS})\.?,?\s+\d{{4}}"
    rf"|(?:{MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,\s+\d{{4}}"
    rf"|(?:{MONTHS})\.?\s+\d{{4}}"
    rf"|\d{{4}}\s+(?:жылғы|жылдың|ж\.)\s+(?:\d{{1,2}}\s+)?(?:{MONTHS})"
    r"|\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4}|\d\d?/\d\d?/\d{4})(?![\w-]|\.\d)",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(r"(\d{4}) (?:жылғы|жылдың|ж\.) (.+)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)", re.IGNORECASE)
#: Days of a month of which the first and last one are named: `21-23 March`.
_DAYS = re.compile(
    r"(?<![\d.,])(?P<first>\d{1,2})(?:\s?[-\u2013]\s?|\s+(?:to|по)\s+)(?P<last>\d{1,2})"
    rf"\s+(?:of\s+)?(?:{MONTHS})(?!\w)",
    re.IGNORECASE,
)
_END_OF = re.compile(r"(?<!\w)(?:end of|кон(?:ец|ц[аеу]))\s+\Z", re.IGNORECASE)
#: What precedes a year and never a count.
_BEFORE_YEAR = re.compile(
    r"(?:(?<!\w)(?:in|since|year|years|during|until|till|by|from|early|mid|late|end of|as of|"
    rf"start of|beginning of|году|года|год|{MONTHS})[\s,.-]+(?:the\s+)?|\d[/.-])\Z",
    re.IGNORECASE,
)
#: What follows a year, and no count.
_AFTER_YEAR = re.compile(r"\s*[-\u2013]?\s*(?:год|гг?\.|жыл)", re.IGNORECASE)
#: What follows a number that counts people, or surrounds one in JSON.
_COUNTED = re.compile(
    r"\s+(?:of (?:them|whom|which)|(?:[^\W\d_-]+(?:-[^\W\d_]+)*\s+){0,2}?"
    rf"(?:{PEOPLE}|{SEVERAL}))(?!\w)",
    re.IGNORECASE,
)
_IN_JSON = re.compile(r"[\[,:]\Z")
_YEAR = re.compile(YEAR)
_DAY = re.compile(r"[0-2]?\d|3[01]")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?[\s-]+(?:of\s+)?(?:{MONTHS})(?!\w)", re.IGNORECASE)
_MONTH_BEFORE = re.compile(rf"(?<!\w)(?:{MONTHS})\.?\s+\Z", re.IGNORECASE)
#: Days and times of day in digits.
_STAMP = re.compile(
    r"\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}|(?<![\d:])\d\d?:\d\d(?![\d:])"
)
#: A year of two, as fiscal and school years are: `2025/26`, `FY25/26`. What may also be a month,
#: as `2011-12`, has a word for such a year before or behind it.
_TWO_YEARS = re.compile(
    rf"(?<![\w/.-])(?P<word>(?:FY|(?:{SPECIAL})\s+(?:years?|год\w*|жыл\w*))[\s'\u2019]*)?"
    r"(?P<first>(?:19|20)?\d\d)\s?(?P<sign>[-/\u2013])\s?(?P<last>\d\d)(?![\w/.-]|[\u2013,]\d)"
    rf"(?P<behind>\s*(?:жылғы\s+)?(?:{SPECIAL}))?",
    re.IGNORECASE,
)
#: The words for the year before the one that is told.
_YEAR_EARLIER = re.compile(
    r"(?<!\w)(?:(?:a|one)\s+year\s+(?:earlier|ago|before)|(?:the\s+)?year\s+before"
    r"|(?:last|(?:the\s+)?(?:previous|prior|preceding))\s+year|год(?:ом)?\s+(?:ранее|раньше|назад)"
    r"|(?:прошл|предыдущ|минувш)\w+\s+год\w*|(?:за\s+)?год\s+до\s+(?:того|этого)"
    r"|былтыр\w*|(?:өткен|алдыңғы|бұрнағы)\s+жыл\w*|(?:бір\s+)?жыл\s+бұрын\w*)(?!\w)",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(rf"(?:st|nd|rd|th)?,?\s+{YEAR}\b")


def names_day(day: datetime.date, spans: list[str]) -> bool:
    """Whether spans say a day: one in digits or with its month, all as an end of a period.

    >>> names_day(datetime.date(2025, 6, 30), ["at the end of June 2025"])
    True
    >>> names_day(datetime.date(2026, 9, 30), ["на конец III квартала 2026 года"])
    True
    >>> names_day(datetime.date(2025, 3, 22), ["21-23 March"])
    True
    >>> names_day(datetime.date(2024, 12, 5), ["Пятого декабря 2024 года"])
    True
    >>> names_day(datetime.date(2025, 6, 30), ["в июне 2025 года", "30"])
    False
    """
    number = re.compile(rf"(?<!\d)0?{day.day}(?!\d)")
    for span in spans:
        if number.search(span) and day.month in months_in(span):
            return True
        if (day.month, day.day) in word_days_in(span):
            return True
        if any(
            int(found["first"]) <= day.day <= int(found["last"])
            and day.month in months_in(found[0])
            for found in _DAYS.finditer(span)
        ):
            return True
        if any(day.isoformat() in guess_days(stamp) for stamp in _IN_DIGITS.findall(span)):
            return True
    said = " ".join(spans)
    is_last = (day + datetime.timedelta(1)).day == 1
    # The start of a year is that of January, its end that of December.
    turns = [(_turn(_START_WORDS), 1)] if day.day == 1 else []
    turns += [(_turn(_END_WORDS), 12)] if is_last else []
    if any(
        (number_of(found["after"] or found["before"]) or month) == day.month
        for turn, month in turns
        for found in turn.finditer(said)
    ):
        return True
    of_periods = [
        _turn(_START_WORDS, words)
        for months, words in NUMBERED
        if day.day == 1 and months[0] == day.month
    ]
    of_periods += [
        _turn(_END_WORDS, words)
        for months, words in NUMBERED
        if is_last and months[-1] == day.month
    ]
    of_periods += [_MIDDLE] if (day.month, day.day) == _MIDDLE_DAY else []
    return any(
        _is_of_year(day.year, said, found) for turn in of_periods for found in turn.finditer(said)
    )


def _is_of_year(year: int, text: str, found: re.Match[str]) -> bool:
    """Whether a period in a text is one of the year, or names none."""
    after = _ITS_YEAR.match(text, found.end())
    named = [after[1]] if after else _YEAR.findall(found[0])
    return not named or str(year) in named


def two_years_in(text: str) -> Iterator[tuple[int, int, int]]:
    """The fiscal, school and like years of a text that begin in one year and end in the next.

    Returns:
        The year in which each begins, and its place.

    >>> list(two_years_in("in fiscal year 2025/26, not in 2011-12 or 2025/27"))
    [(2025, 3, 22)]
    """
    for found in _TWO_YEARS.finditer(text):
        named = found["word"] or found["behind"]
        month = found["sign"] == "-" and int(found["last"]) <= 12
        if not named and (month or len(found["first"]) == len("25")):
            continue
        first = int(found["first"]) + (2000 if len(found["first"]) == len("25") else 0)
        if (first + 1) % 100 == int(found["last"]):
            yield first, *found.span()


def names_year(year: int, spans: list[str]) -> bool:
    """Whether spans name a year, in full or as one of the two of a fiscal year.

    >>> names_year(2026, ["FY2025/26"]), names_year(2026, ["26 people, 2025"])
    (True, False)
    """
    return any(
        str(year) in span or any(first in {year - 1, year} for first, _, _ in two_years_in(span))
        for span in spans
    )


def names_year_before(year: int, spans: list[str]) -> bool:
    """Whether spans name the year before one of theirs: `a year earlier`, `годом ранее`, `былтыр`.

    >>> names_year_before(2023, ["30 September 2024", "a year earlier"])
    True
    >>> names_year_before(2023, ["30 September 2025", "былтыр"]), names_year_before(2023, ["2024"])
    (False, False)
    """
    return any(map(_YEAR_EARLIER.search, spans)) and names_year(year + 1, spans)


def dates_in(text: str) -> Iterator[tuple[str, int, int]]:
    """The dates that a text writes in full: each in the notation of tables, with its place.

    A day, or a month with its year; the end of a month is its last day.

    >>> list(dates_in("from 9 May 2024 until the end of June 2025"))
    [('2024-05-09', 5, 15), ('2025-06-30', 26, 42)]
    """
    for found in _DATE.finditer(text):
        written = " ".join(_ORDINAL.sub("", found[0].replace(",", ", ")).split())
        if kazakh := _YEAR_BEFORE.fullmatch(written):
            written = f"{kazakh[2]} {kazakh[1]}"
        meant = guess_days(written)
        if len(meant) != 1:
            continue
        if len(meant[0]) > len("2018-06"):
            yield meant[0], *found.span()
            continue
        start = datetime.date.fromisoformat(f"{meant[0]}-01")
        end_of = _END_OF.search(text, max(0, found.start() - 10), found.start())
        if end_of:
            last = calendar.monthrange(start.year, start.month)[1]
            yield start.replace(day=last).isoformat(), end_of.start(), found.end()
        else:
            yield meant[0], *found.span()


def belongs_to_date(text: str, number: Number, years: set[int]) -> bool:
    """Whether a number in `text` is a year or a day, by its form and the words around it.

    Args:
        text: the text.
        number: a number of it.
        years: the years of the fact; such a number is a year unless it plainly counts people.

    >>> from kzgraph.verification.numbers import numbers_in
    >>> text = "on 5 May 2018, 2018 people came"
    >>> [belongs_to_date(text, number, {2018}) for number in numbers_in(text)]
    [True, True, False]
    """
    written = text[number.start : number.end]
    before = max(0, number.start - 30)
    stamps = _STAMP.finditer(text, max(0, number.start - 10), number.end + 10)
    if any(stamp.start() <= number.start and number.end <= stamp.end() for stamp in stamps):
        return True
    around = text[before : number.end + 40]
    if any(
        before + start <= number.start and number.end <= before + end
        for _, start, end in two_years_in(around)
    ):
        return True
    if _DAY.fullmatch(written):
        return bool(
            _MONTH_AFTER.match(text, number.end)
            or (
                _MONTH_BEFORE.search(text, before, number.start)
                and _YEAR_AFTER.match(text, number.end)
            )
        )
    if not _YEAR.fullmatch(written):
        return False
    if _BEFORE_YEAR.search(text, before, number.start) or _AFTER_YEAR.match(text, number.end):
        return True
    if _COUNTED.match(text, number.end):
        return False
    return int(written) in years or not _IN_JSON.search(text, before, number.start)
