# ruff: noqa: RUF001 (words in Cyrillic)
"""Checking the value of a figure, its bound and its hedge against the evidence."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from kzgraph.faults import Fault
from kzgraph.tables import Hedges, Row, Span, parse_span, parse_time
from kzgraph.verification.dates import belongs_to_date
from kzgraph.verification.numbers import Number, numbers_in

#: What makes two numbers the ends of a range: the word before the first, and what is between.
_RANGES = tuple(
    (
        re.compile(rf"(?<!\w)(?:{first})[^\w.;]{{0,3}}(?:us|usd)?[^\w.;]{{0,3}}\Z", re.IGNORECASE),
        re.compile(between, re.IGNORECASE),
    )
    for first, between in (
        (r"between", r"\s+and\s+\D{0,4}"),
        (r"между", r"\s+и\s+\D{0,4}"),
        (r"от", r"(?:\s+[^\W\d]+)?\s+до\s+\D{0,4}"),
    )
)
#: How many numbers of an evidence a message lists.
_SHOWN = 5
_DASH = re.compile(r"\s?[-\u2013]\s?[^\w\s]{0,2}(?:US)?[$€£₸]?")
_KAZAKH_RANGE = re.compile(r"(?:-?[ндт][ае]н)?\s+(?:(?:мен|бен|пен)\s+)?")
_KAZAKH_RANGE_END = re.compile(r"(?:-?[ғгқк][ае])?\s+(?:[^\W\d]+\s+)?(?:дейін|аралығ)")
_KAZAKH_FROM = re.compile(r"[ндт][ае]н\s|\s(?:мен|бен|пен)\s")


def check_figure(
    row: Row, text: str, hedges: Hedges, languages: tuple[str, ...] = ("en",)
) -> Iterator[Fault]:
    """The faults of a figure whose value, bound or hedge disagrees with its evidence."""
    value = row.get("value")
    spans = [parse_span(item) for item in row.cells["evidence"]]
    if value is None:
        if row.get("availability") == "not-published" and not any(
            text[start:end] == "null" for start, end in spans
        ):
            yield row.fault("evidence", "the span is not a null", "point to the null itself")
        return
    numbers = numbers_in(text, languages)
    stated = abs(Decimal(value))
    places = [
        found
        for span in spans
        for found in numbers
        if span.start <= found.start
        and found.end <= span.end
        and _equals(found, stated, row.get("unit") == "percent")
    ]
    if not places:
        cut = next((found for span in spans for found in numbers if _cuts(span, found)), None)
        yield row.fault(
            "value",
            f"{value} is in no span of its evidence"
            + (f", which cuts {text[cut.start : cut.end]!r}" if cut else ""),
            f"take the whole number: {Span(cut.start, cut.end)}"
            if cut
            else _list_numbers(numbers, spans, value),
        )
        return
    places = [place for place in places if not belongs_to_date(text, place, _years(row))]
    if not places:
        yield row.fault(
            "value", f"{value} belongs to a date in its evidence", "point to the number that counts"
        )
        return
    ends = _range_ends(text, numbers)
    places = [place for place in places if (place.start, place.end) not in ends]
    if not places:
        yield row.fault(
            "value", f"{value} is one end of a range in its evidence", "leave the figure out"
        )
    elif row.get("bound") == "exact":
        yield from _find_hidden_hedge(row, text, places, hedges)
    else:
        yield from _find_stray_hedge(row, text, places, hedges)


def _list_numbers(numbers: tuple[Number, ...], spans: list[Span], value: str) -> str:
    """The remedy for a value that is not in its spans: the numbers that are."""
    there = [
        f"{number.value.normalize():f}"
        for number in numbers
        if any(span.start <= number.start and number.end <= span.end for span in spans)
    ]
    if not there:
        return f"the evidence has no number: point to {value} in the text"
    shown = ", ".join(dict.fromkeys(there[:_SHOWN]))
    return f"correct the number, of which the evidence has {shown}, or point to {value}"


def _equals(found: Number, stated: Decimal, percent: bool) -> bool:
    """Whether a number is the stated one; a third is 0.33, or 33.3 in per cent."""
    if not found.fraction:
        return found.value == stated
    whole = found.value * 100 if percent else found.value
    exponent = stated.as_tuple().exponent
    rounded = isinstance(exponent, int) and len(stated.as_tuple().digits) > 1
    return whole == stated or (
        rounded and whole.quantize(Decimal(1).scaleb(int(exponent))) == stated
    )


def _cuts(span: Span, found: Number) -> bool:
    """Whether the span holds a part of the number only."""
    overlaps = span.start < found.end and found.start < span.end
    return overlaps and not (span.start <= found.start and found.end <= span.end)


def _range_ends(text: str, numbers: tuple[Number, ...]) -> set[tuple[int, int]]:
    """The places of the numbers that are one end of a range, neither exact nor hedged."""
    ends: set[tuple[int, int]] = set()
    for one, two in pairwise(numbers):
        between = text[one.end : two.start]
        # A dash that begins a line is the bullet of a list.
        if one.end > two.start or len(between) > 30 or re.search(r"[\r\n]\s*[-\u2013]", between):
            continue
        before = text[max(0, one.start - 30) : one.start]
        named = any(first.search(before) and middle.fullmatch(between) for first, middle in _RANGES)
        kazakh = (
            _KAZAKH_FROM.search(text[one.start : two.start])
            and _KAZAKH_RANGE.fullmatch(between)
            and _KAZAKH_RANGE_END.match(text, two.end)
        )
        if named or kazakh or _DASH.fullmatch(between):
            ends |= {(one.start, one.end), (two.start, two.end)}
    return ends


def _years(row: Row) -> set[int]:
    item = row.get("time")
    return set() if item is None else {int(part[:4]) for part in parse_time(item).parts}


def _find_hidden_hedge(
    row: Row, text: str, places: list[Number], hedges: Hedges
) -> Iterator[Fault]:
    """An exact number that the text hedges, also just outside the span."""
    found = [hedges.find_at(text, place.start, place.end) for place in places]
    words = [word for word in found if word]
    if len(words) == len(found):
        yield row.fault(
            "bound",
            f"the document says {words[0]!r} with {row.get('value')}",
            f"give the hedge, and write {' or '.join(sorted(hedges.bounds(words[0])))}",
        )


def _find_stray_hedge(row: Row, text: str, places: list[Number], hedges: Hedges) -> Iterator[Fault]:
    """A hedge that is in the evidence, but with another number than the value."""
    hedge = row.get("hedge") or ""
    found = [hedges.find_at(text, place.start, place.end) for place in places]
    if not {word.casefold() for word in found if word} & {*hedges.find_in(hedge)}:
        right = next(filter(None, found), None)
        yield row.fault(
            "hedge",
            f"{hedge!r} does not go with {row.get('value')}",
            f"give {right!r}, and its bound" if right else "empty it, and set bound to exact",
        )
