# ruff: noqa: RUF001 (words in Cyrillic)
"""The times that a sentence names, in the notation of tables, and which of its numbers they date.

A time that has no certain notation, such as a fiscal year or two quarters together, is found as
well and has none: what it dates stays empty, with its words as context.
"""

import calendar
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from kzgraph.months import PATTERN as MONTHS
from kzgraph.months import number_of
from kzgraph.tables import Span
from kzgraph.verification.changes import changes_in
from kzgraph.verification.dates import dates_in, two_years_in
from kzgraph.verification.periods import MIDDLE, NUMBERED
from kzgraph.years import PATTERN as YEAR

_YEAR_WORD = r"(?:\s+жыл\w*|\s+ж\.|\s+год\w*|\s*г\.)?"
_END_BEFORE = re.compile(
    r"(?<!\w)(?:(?:at\s+the\s+|at\s+)?end(?:\s+of(?:\s+the)?)?|year[ -]end"
    r"|(?:на\s+|в\s+)?кон(?:ец|це))[\s-]+\Z",
    re.IGNORECASE,
)
_END_AFTER = re.compile(r"\s+соң\w*", re.IGNORECASE)
#: What makes two periods of one, of which only the second has the year.
_JOINED = re.compile(
    r"(?:[QH]\d|\d[QH]|\bI{1,3}V?|\d|quarter|half|first|second|third|квартал\w*|перв\w+|втор\w+|трет\w+"
    r"|бірінші|екінші|үшінші)\s*(?:[-/&,\u2013]|and|to|or|и|по|және|мен)\s*\Z",
    re.IGNORECASE,
)
_JOINS = re.compile(r"\s(?:and|to|or|и|по|және)\s", re.IGNORECASE)
#: A share, as in `one quarter of 2024 arrivals`, is no quarter of a year.
_SHARE = re.compile(r"(?:one|two|three|four)[\s-]", re.IGNORECASE)
#: The quarters and halves of a year that a text gives together with the year.
_PERIODS = tuple(
    (
        months,
        re.compile(
            rf"(?<![\w.,])(?:(?:{words})(?:[\s,]+|-)(?:of\s+|in\s+)?(?P<year>{YEAR})(?!\d){_YEAR_WORD}"
            rf"|(?P<first>{YEAR}){_YEAR_WORD}[\s,-]+(?:{words})\w{{0,4}}(?!\w))",
            re.IGNORECASE,
        ),
    )
    for months, words in NUMBERED
)
_MIDDLE = re.compile(rf"(?<!\w)(?:{MIDDLE})(?:\s+{YEAR}(?!\d))?", re.IGNORECASE)
_DASH = r"(?:\s?[-\u2013]\s?|\s+(?:to|по|until|through)\s+)"
_OR_AND = rf"(?:{_DASH}|\s+(?:and|и|мен|және)\s+)"
#: Days or months of which the last one alone has the year.
_DAYS = re.compile(
    rf"(?<![\w.,-])(?P<first>\d{{1,2}})(?P<sign>{_OR_AND})(?P<last>\d{{1,2}})\s+(?P<month>{MONTHS})\.?,?"
    rf"\s+(?P<year>{YEAR})(?!\d)"
    rf"|(?<!\w)(?P<month_before>{MONTHS})\.?\s+(?P<from>\d{{1,2}})(?P<between>{_OR_AND})(?P<to>\d{{1,2}}),?"
    rf"\s+(?P<year_after>{YEAR})(?!\d)",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    rf"(?<!\w)(?P<first>{MONTHS})\.?(?P<sign>{_OR_AND})(?P<last>{MONTHS})\.?,?\s+(?P<year>{YEAR})(?!\d)",
    re.IGNORECASE,
)
#: Years that a period begins and ends with.
_YEARS = re.compile(
    rf"(?<![\w.,/-])(?:(?P<between>between|между)\s+)?(?P<first>{YEAR})(?P<sign>{_OR_AND})(?P<last>{YEAR})"
    r"(?![\w/-])",
    re.IGNORECASE,
)
_COUNT = (r"three|3|три|тр[её]х|үш", r"six|6|шест[ьи]|алты", r"nine|9|девят[ьи]|тоғыз")
#: The months of a year that are counted from its start.
_FIRST_MONTHS = tuple(
    (
        3 * at,
        re.compile(
            rf"(?<!\w)(?:first\s+(?:{words})\s+months\s+of\s+(?P<year>{YEAR})(?!\d)"
            rf"|(?:перв\w+\s+)?(?:{words})\s+месяц\w*\s+(?P<russian>{YEAR})(?!\d)"
            rf"|(?P<kazakh>{YEAR})\s+жылдың\s+(?:алғашқы\s+)?(?:{words})\s+ай\w*)",
            re.IGNORECASE,
        ),
    )
    for at, words in enumerate(_COUNT, 1)
)
_SINCE_BEFORE = re.compile(
    r"(?<!\w)(?:(?:ever\s+)?since|начиная\s+с|со?)\s+(?:the\s+)?"
    r"(?:(?:beginning\s+of|start\s+of|начала)\s+)?\Z"
    r"|(?<!\w)since\s+the\s+[^\d.,;]{2,60}\s(?:in|of|on)\s+\Z",
    re.IGNORECASE,
)
_SINCE_AFTER = re.compile(
    r"(?:\s+жыл\w*)?(?:\s+\w+[нт][ае]н)?\s+(?:бері|бастап)(?!\w)", re.IGNORECASE
)
#: What a deadline has before it, or a period that ends: no time of what is counted.
_BY_BEFORE = re.compile(
    r"(?<!\w)(?:by|until|till|before|к|до)\s+(?:the\s+)?(?:(?:end|start|beginning)\s+of\s+(?:the\s+)?"
    r"|кон(?:цу|ца)\s+|начал[уа]\s+)?\Z",
    re.IGNORECASE,
)
_BY_AFTER = re.compile(rf"{_YEAR_WORD}\s+(?:\w+\s+)?(?:дейін|қарай)(?!\w)", re.IGNORECASE)
_YEAR_END_AFTER = re.compile(rf"{_YEAR_WORD}\s+соң\w*", re.IGNORECASE)
_COMPARED_BEFORE = re.compile(
    r"(?<!\w)(?:compared\s+(?:with|to)|up\s+from|down\s+from|against|versus|vs\.?|по\s+сравнению\s+с|против)"
    r"\s+(?:[^\W\d]+\s+){0,2}\Z",
    re.IGNORECASE,
)
_FROM_BEFORE = re.compile(r"(?<!\w)(?:from|со?)\s+(?:[^\W\d]+\s+)?\Z", re.IGNORECASE)
_COUNTED_IN = re.compile(
    r"(?:\s?%)?(?:\s+[^\W\d]+){0,3}?\s+(?:\(|(?:in|on|at|as\s+of|during|в|во|на|за)\s+(?:the\s+)?)",
    re.IGNORECASE,
)
#: A time that is told from another one, of which no year is certain.
_RELATIVE = re.compile(
    rf"(?<!\w)(?:(?:годом|месяцем|кварталом)\s+(?:ранее|раньше)|год(?:ом)?\s+назад|в\s+прошлом\s+году"
    r"|(?:за\s+)?(?:тот|этот)\s+же\s+период|с\s+начала\s+(?:этого\s+|текущего\s+)?года(?!\s+\d)"
    r"|a\s+year\s+(?:earlier|ago|before)|(?:last|the\s+previous|the\s+year\s+before)\s+year"
    r"|since\s+the\s+(?:start|beginning)\s+of\s+the\s+year(?!\s+\d)|былтыр\w*|өткен\s+жылы\w*"
    rf"|жыл\s+басынан|к\s+концу\s+(?:{MONTHS})(?!\s+\d)|by\s+the\s+end\s+of\s+(?:{MONTHS})(?!\s+\d)"
    rf"|(?<!жылғы\s)(?<!жылдың\s)(?:{MONTHS})(?:[дтн][ыі]ң)?\s+соңына\s+(?:дейін|қарай))(?!\w)",
    re.IGNORECASE,
)
#: What a number has before it from which another rose or fell, up to its time; and a part.
_FROM_TIME = re.compile(r"(?<!\w)(?:from|со?)\s+\d[\d.,\u00a0 ]*%?\s+(?:in|at|в|на)\s+\Z")
_PART = re.compile(
    r"(?<!\w)(?:including|of\s+whom|of\s+which|из\s+них|в\s+том\s+числе|оның\s+ішінде)(?!\w)"
)
_BRACKETS = re.compile(r"\([^()]*\)")
#: How far before a time the words that tell are looked for, in code points.
_AROUND = 80


class Named(NamedTuple):
    """A time that a text names: its place, and its notation, empty where none is certain."""

    span: Span
    time: str


def times_in(sentence: str) -> list[Named]:
    """The times of a sentence that are more than a year alone, in order.

    >>> [time for _, time in times_in("in H1 2025, mid-2024, at the end of Q3 2026, FY2025/26")]
    ['2025-01/2025-06', '2024-06-30', '2026-09-30', '']
    """
    found: list[Named] = []
    dates = (Named(Span(start, end), time) for time, start, end in dates_in(sentence))
    years = (Named(Span(start, end), "") for _, start, end in two_years_in(sentence))
    for reader in (_periods(sentence), _ranges(sentence), years, dates):
        for named in reader:
            (start, end), _ = named
            if not any(each.span.start < end and start < each.span.end for each in found):
                found.append(named)
    return sorted(found)


def open_or_end(sentence: str, named: Named) -> Named:
    """The time as the words around it have it: what is since then is open, a year may end.

    >>> open_or_end("since January 1993", Named(Span(6, 18), "1993-01")).time
    '1993-01/..'
    >>> open_or_end("at the end of 2020", Named(Span(14, 18), "2020"))
    Named(span=Span(start=0, end=18), time='2020-12-31')
    """
    (start, end), time = named
    before = sentence[max(0, start - _AROUND) : start]
    since = _SINCE_BEFORE.search(before) or _SINCE_AFTER.match(sentence, end)
    if since and time and "/" not in time:
        return named._replace(time=f"{time}/..")
    ends, after = _END_BEFORE.search(before), _YEAR_END_AFTER.match(sentence, end)
    if time.isdigit() and (ends or after):
        start -= len(ends[0]) if ends else 0
        return Named(Span(start, after.end() if after else end), f"{time}-12-31")
    return named


def is_deadline(sentence: str, span: Span) -> bool:
    """Whether a time is one by which something is to be, or until which it was.

    >>> is_deadline("by the end of 2027", Span(14, 18))
    True
    """
    before = sentence[max(0, span.start - _AROUND) : span.start]
    return bool(_BY_BEFORE.search(before) or _BY_AFTER.match(sentence, span.end))


def is_compared(sentence: str, start: int) -> bool:
    """Whether the number at `start` is one that something is compared with.

    >>> is_compared("It is 30, up from 25 in 2023", 18)
    True
    """
    before = sentence[max(0, start - _AROUND) : start]
    return bool(
        _COMPARED_BEFORE.search(before)
        or (
            _FROM_BEFORE.search(before)
            and changes_in(sentence[max(0, start - 2 * _AROUND) : start + _AROUND])
        )
    )


def is_relative(sentence: str, start: int, end: int, times: list[Named]) -> bool:
    """Whether the time of the number at `start` to `end` is told from another: no year is certain.

    Such a time is behind the number, or the last one before it.

    >>> is_relative("In 2025, 30 men and last year 25", 30, 32, [Named(Span(3, 7), "2025")])
    True
    """
    named = max((each.span.end for each in times if each.span.end <= start), default=0)
    before = [each.end() for each in _RELATIVE.finditer(sentence, 0, start)]
    behind = _RELATIVE.search(sentence, end)
    beside = behind and re.fullmatch(
        r"\s?%?(?:\s+[^\W\d]+){0,3}?\s+", sentence[end : behind.start()]
    )
    return bool((before and before[-1] > named) or beside)


def is_of_others(sentence: str, place: Span, time: Span) -> bool:
    """Whether the time is of other numbers than the one at `place`, by what is around both.

    So is one in brackets with a number, or with that which something rose or fell from, or with a
    part of what was counted.

    >>> is_of_others("92% (2022: 88%)", Span(0, 3), Span(5, 9))
    True
    """
    for inside in _BRACKETS.finditer(sentence):
        if inside.start() < time.start and time.end < inside.end():
            rest = sentence[inside.start() : time.start] + sentence[time.end : inside.end()]
            return any(map(str.isdigit, rest)) and not (inside.start() < place.start < inside.end())
    if _FROM_TIME.search(sentence, max(0, time.start - _AROUND), time.start):
        return True
    return bool(_PART.search(sentence, place.end, time.start))


def time_inside(sentence: str, place: Span, times: list[Named]) -> Named | None:
    """The time in the brackets that the number at `place` stands in, if they have one only."""
    for inside in _BRACKETS.finditer(sentence):
        if inside.start() < place.start < inside.end():
            found = [each for each in times if inside.start() < each.span.start < inside.end()]
            return found[0] if len(found) == 1 else None
    return None


def time_beside(sentence: str, end: int, times: list[Named]) -> Named | None:
    """The time of the ordered ones that is right behind what the number that ends at `end` counts.

    >>> time_beside("30 men in 2024 and 25 in 2023", 2, [Named(Span(10, 14), "2024")])
    Named(span=Span(start=10, end=14), time='2024')
    """
    at = bisect_left(times, end, key=lambda each: each.span.start)
    following = times[at] if at < len(times) else None
    if following and _COUNTED_IN.fullmatch(sentence, end, following.span.start):
        return following
    return None


def _periods(sentence: str) -> Iterator[Named]:
    """Quarters and halves of a year, and its middle."""
    for months, words in _PERIODS:
        for found in words.finditer(sentence):
            start, end = found.span()
            year = int(found["year"] or found["first"])
            if _SHARE.match(found[0]):
                continue
            before = sentence[max(0, start - _AROUND) : start]
            if _JOINS.search(found[0]) or _JOINED.search(before):
                yield Named(Span(start, end), "")
                continue
            ends, after = _END_BEFORE.search(before), _END_AFTER.match(sentence, end)
            if ends or after:
                start -= len(ends[0]) if ends else 0
                end = after.end() if after else end
                day = calendar.monthrange(year, months[-1])[1]
                yield Named(Span(start, end), f"{year}-{months[-1]:02}-{day}")
            elif len(months) == len("Q11"):
                yield Named(Span(start, end), f"{year}-Q{months[-1] // 3}")
            else:
                yield Named(Span(start, end), f"{year}-{months[0]:02}/{year}-{months[-1]:02}")
    for last, months_of in _FIRST_MONTHS:
        for found in months_of.finditer(sentence):
            named = found["year"] or found["russian"] or found["kazakh"]
            yield Named(Span(*found.span()), f"{named}-01/{named}-{last:02}")
    for found in _MIDDLE.finditer(sentence):
        years = re.findall(YEAR, found[0])
        if len(years) == 1:
            yield Named(Span(*found.span()), f"{years[0]}-06-30")


def _ranges(sentence: str) -> Iterator[Named]:
    """Days, or months, of which the last one alone has the year."""
    for found in _DAYS.finditer(sentence):
        month = number_of(found["month"] or found["month_before"])
        first, last = int(found["first"] or found["from"]), int(found["last"] or found["to"])
        year = found["year"] or found["year_after"]
        joined = re.fullmatch(_DASH, found["sign"] or found["between"]) or last == first + 1
        sure = joined and month and first < last <= calendar.monthrange(int(year), month)[1]
        time = f"{year}-{month:02}-{first:02}/{year}-{month:02}-{last:02}" if sure else ""
        yield Named(Span(*found.span()), time)
    for found in _MONTHS.finditer(sentence):
        first_month, last_month = number_of(found["first"]), number_of(found["last"])
        dashed = re.fullmatch(_DASH, found["sign"])
        sure = dashed and first_month and last_month and first_month < last_month
        year = found["year"]
        time = f"{year}-{first_month:02}/{year}-{last_month:02}" if sure else ""
        yield Named(Span(*found.span()), time)
    for found in _YEARS.finditer(sentence):
        near = sentence[max(0, found.start() - 2 * _AROUND) : found.end() + _AROUND]
        both = found["between"] or re.fullmatch(_DASH, found["sign"])
        # Between the years of a change, one is what the other is compared with.
        sure = both and found["first"] < found["last"] and not changes_in(near)
        if sure:
            yield Named(Span(*found.span()), f"{found['first']}/{found['last']}")
