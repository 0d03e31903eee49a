"""Checking the value of a figure, its bound and its hedge against the evidence."""

import re
from collections.abc import Iterator
from decimal import Decimal

from kzgraph.faults import Fault
from kzgraph.tables import Hedges, Row, parse_span, parse_time
from kzgraph.verification.numbers import Number, belongs_to_date, numbers_in

#: What makes a number one end of a range, which is neither an exact number nor a hedged one.
_RANGES = re.compile(
    r"(?<!\w)between\s+\D{0,4}(\d[\d,.]*)\s+and\s+\D{0,4}(\d[\d,.]*)"
    r"|(\d[\d,.]*)\s?[-\u2013]\s?[^\w\s]{0,2}(\d[\d,.]*)",
    re.IGNORECASE,
)


def check_figure(row: Row, text: str, hedges: Hedges) -> Iterator[Fault]:
    """The faults of a figure whose value, bound or hedge disagrees with its evidence."""
    value = row.get("value")
    spans = [parse_span(item) for item in row.cells["evidence"]]
    if value is None:
        if row.get("availability") == "not-published" and not any(
            text[start:end] == "null" for start, end in spans
        ):
            yield row.fault("evidence", "the span is not a null", "point to the null itself")
        return
    places = [
        Number(found.value, start + found.start, start + found.end)
        for start, end in spans
        for found in numbers_in(text[start:end])
        if found.value == abs(Decimal(value))
    ]
    if not places:
        yield row.fault(
            "value", f"{value} is in no span of its evidence", "correct the number or the span"
        )
        return
    places = [place for place in places if not belongs_to_date(text, place, _years(row))]
    if not places:
        yield row.fault(
            "value", f"{value} belongs to a date in its evidence", "point to the number that counts"
        )
        return
    places = [place for place in places if not _is_in_range(text, place)]
    if not places:
        yield row.fault(
            "value", f"{value} is one end of a range in its evidence", "leave the figure out"
        )
    elif row.get("bound") == "exact":
        yield from _find_hidden_hedge(row, text, places, hedges)
    else:
        yield from _find_stray_hedge(row, text, places, hedges)


def _is_in_range(text: str, place: Number) -> bool:
    around = _RANGES.finditer(text, max(0, place.start - 60), place.end + 60)
    return any(place.start in map(found.start, range(1, 5)) for found in around)


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
            f"give {right!r}, and its bound" if right else "give the hedge of the number",
        )
