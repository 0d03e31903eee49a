# ruff: noqa: RUF001 (words in Cyrillic)
"""Draft rows for what stands in a list below its heading: public holidays, and donors."""

import re
from collections.abc import Iterator

from kzgraph.editing.cell_rows import Drafted, Names
from kzgraph.editing.headings import Section, sections_about
from kzgraph.money import MONEY
from kzgraph.months import PATTERN as MONTHS
from kzgraph.months import number_of
from kzgraph.tables import Span
from kzgraph.tables.drafts import draft
from kzgraph.tables.times import parse_time
from kzgraph.verification.numbers import numbers_in
from kzgraph.years import PATTERN as YEAR

_HOLIDAYS = re.compile(r"(?<!\w)(?:holidays?|праздни\w+|мереке\w*)(?!\w)", re.IGNORECASE)
_DONORS = re.compile(
    r"(?<!\w)(?:donors?|gifts|earmarked\s+contributions|доноры?|донорлар\w*)(?!\w)", re.IGNORECASE
)
_YEAR = re.compile(rf"(?<!\d){YEAR}(?!\d)")
_ITEM = re.compile(r"[^|;\t\r\n•·]+")
_COMMA = re.compile(r"(?:[^,|;\t\r\n•·]|,(?!\s))+")
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_AND = r"(?:\s?[-\u2013,]\s?|\s+(?:and|to|и|по|мен|және)\s+)"
#: Days of one month: `1-2 and 7 January`, `March 8, 2024`, `8 наурыз`.
_DAYS = re.compile(
    rf"(?<![\d.,-])(?P<days>{_NUMBER}(?:{_AND}{_NUMBER})*)\s+(?P<month>{MONTHS})(?!\w)"
    rf"\.?(?:,?\s+(?P<year>{YEAR})(?!\d)(?:\s+года|\s*г\.)?)?"
    rf"|(?<!\w)(?P<before>{MONTHS})\.?\s+(?P<behind>{_NUMBER}(?:{_AND}{_NUMBER})*)"
    rf"(?:,?\s+(?P<later>{YEAR})(?!\d))?",
    re.IGNORECASE,
)
_EDGES = " \t\u00a0.,:()*-\u2013\u2014"
#: What an amount has before it and behind it in an item, besides the name.
_AFTER_AMOUNT = re.compile(rf"(?:(?<=\w)\.)?\s*(?:{MONEY.pattern})?[\s.)]*\Z")
_BEFORE_AMOUNT = re.compile(rf"[\s:(\u2010-\u2015-]*(?:{MONEY.pattern})?\s?\Z")
#: More about an amount, such as how long it is for.
_MORE = re.compile(r"\s*\([^()]*\)\s*\Z")
#: The longest name of a donor, in words.
_LONGEST_NAME = 9
_LONGEST_IN_LOWER_CASE = 4
#: The most days that a range in a list has.
_MOST_DAYS = 10


def holidays_in(text: str, names: Names) -> Iterator[Drafted]:
    """A draft row for each day below a heading of public holidays; the year is as stated."""
    for section in sections_about(text, _HOLIDAYS):
        years = set(_YEAR.findall(text[slice(*section.heading)]))
        for item in _items(text, section, _ITEM):
            found = list(_DAYS.finditer(text, *item))
            name = "".join(text[item.start : item.end].split(found[0][0])) if found else ""
            kind = names.code("holiday-kind", name.strip(_EDGES)) if len(found) == 1 else ""
            for days in found:
                place = Span(*days.span()) if len(found) > 1 else _trim(text, item)
                year = (
                    days["year"] or days["later"] or (years.copy().pop() if len(years) == 1 else "")
                )
                month = number_of(days["month"] or days["before"])
                several = _expand(days["days"] or days["behind"])
                for day in several:
                    cells = {
                        "label": draft(
                            text[slice(*place)] + (f": {day}" if len(several) > 1 else "")
                        ),
                        "kind": kind,
                        "time": _day(year, month, day),
                        "evidence": str(place),
                        "context": str(section.heading),
                    }
                    yield Drafted("holidays", cells, place)


def donors_in(text: str, languages: tuple[str, ...], names: Names) -> Iterator[Drafted]:
    """A draft row for each item of a list of donors, if half of those are known by name.

    An amount and its currency are as stated in the item.
    """
    for section in sections_about(text, _DONORS):
        if names.thing(text[slice(*section.heading)]):
            continue  # an item of a list, such as private donors
        read = [
            (item, *_read_donor(text, item, languages, names))
            for item in _items(text, section, _COMMA)
        ]
        known = [name for _, name, _ in read if names.thing(name)]
        if not known or 2 * len(known) < len(read):
            continue
        for item, name, amount in read:
            prose = name[:1].islower() and len(name.split()) > _LONGEST_IN_LOWER_CASE
            if not name or prose or len(name.split()) > _LONGEST_NAME:
                continue
            given = {"kind": "given", "bound": "exact"} if amount else {"kind": "listed"}
            cells = {
                "label": draft(text[slice(*item)]),
                **given,
                "donor": names.thing(name),
                **(amount or {"availability": "not-given"}),
                "evidence": str(item),
                "context": str(section.heading),
            }
            yield Drafted("contributions", cells, item)


def _items(text: str, section: Section, form: re.Pattern[str]) -> Iterator[Span]:
    for line in section.lines:
        for found in form.finditer(text, *line):
            item = _trim(text, Span(*found.span()))
            if item.start < item.end:
                yield item


def _trim(text: str, span: Span) -> Span:
    """The span without blanks and signs at its edges."""
    shown = text[slice(*span)]
    start = span.start + len(shown) - len(shown.lstrip(_EDGES))
    return Span(
        start, max(start, span.end - len(shown) + len(shown.rstrip(" \t\u00a0.,:-\u2013\u2014")))
    )


def _read_donor(
    text: str, item: Span, languages: tuple[str, ...], names: Names
) -> tuple[str, dict[str, str]]:
    """The name of a donor, and the cells of its amount if the item has one."""
    shown = text[slice(*item)].rpartition(": ")[2]
    alone = _MORE.sub("", shown)
    shown = alone if any(map(str.isdigit, alone)) else shown
    numbers = numbers_in(shown, languages)
    if not any(map(str.isdigit, shown)):
        return shown, {}
    if len(numbers) != 1:
        return "", {}
    number = numbers[0]
    after, before = (
        _AFTER_AMOUNT.match(shown, number.end),
        _BEFORE_AMOUNT.search(shown, 0, number.start),
    )
    if not after or not before:
        return "", {}
    value = f"{number.value.normalize():f}"
    sign = MONEY.search(shown)
    unit = names.unit_of_money(sign[0]) if sign else ""
    return shown[: before.start()].rstrip(_EDGES), {"value": value, "unit": unit}


def _expand(days: str) -> list[int]:
    """The days of a list with ranges."""
    found: list[int] = []
    for joint, number in re.findall(r"(\s?[-\u2013]\s?|\s+(?:to|по)\s+|)(\d{1,2})", days):
        day = int(number)
        if joint and found and found[-1] < day <= found[-1] + _MOST_DAYS:
            found += range(found[-1] + 1, day)
        found.append(day)
    return found


def _day(year: str, month: int | None, day: int) -> str:
    """The day, or nothing if its year is not known or the calendar has none."""
    time = f"{year}-{month or 0:02}-{day:02}"
    try:
        return parse_time(time).text if year else ""
    except ValueError:
        return ""
