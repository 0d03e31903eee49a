"""Checking the value of a figure, its bound and its hedge against the evidence."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kzgraph.faults import Fault
from kzgraph.tables import Hedges, Row, Span, parse_span, parse_time
from kzgraph.tables.schema import NUMBER_COLUMNS
from kzgraph.verification.dates import belongs_to_date
from kzgraph.verification.nothing import says_nothing
from kzgraph.verification.numbers import Number, numbers_in
from kzgraph.verification.ranges import ranges_in
from kzgraph.verification.scales import scales_in

#: How many numbers of an evidence a message lists.
_SHOWN = 5


def check_figure(
    row: Row,
    text: str,
    hedges: Hedges,
    languages: tuple[str, ...] = ("en",),
    factors: Mapping[str, Decimal] | None = None,
) -> Iterator[Fault]:
    """The faults of a figure whose value, bound or hedge disagrees with its evidence.

    Args:
        row: the figure.
        text: the text of its document, in `languages`.
        hedges: the words that hedge a number.
        languages: the languages of the text.
        factors: how many one of each unit of money is.
    """
    value, least, most = (row.get(name) for name in NUMBER_COLUMNS)
    spans = [parse_span(item) for item in row.cells["evidence"]]
    factor = (factors or {}).get(row.get("unit") or "")
    scales = _scales(row, text, languages, factor or Decimal(1))
    if least is not None and most is not None:
        yield from _check_range(row, text, hedges, numbers_in(text, languages), scales)
        return
    if value is None:
        if row.get("availability") == "not-published" and not any(
            says_nothing(text, span) for span in spans
        ):
            yield row.fault(
                "evidence",
                "the span is not a null or another sign that the number is not published",
                "point to null, n/a, tbc or the dash alone; if the text has none, the availability"
                " is not-given, or no-reports",
            )
        return
    numbers = numbers_in(text, languages)
    stated = abs(Decimal(value))
    places = [
        found
        for span in spans
        for found in numbers
        if span.start <= found.start
        and found.end <= span.end
        and _equals(text, found, stated, scales, row.get("unit") == "percent")
    ]
    if not places:
        cut = next((found for span in spans for found in numbers if _cuts(span, found)), None)
        yield row.fault(
            "value",
            f"{value} is in no span of its evidence"
            + (f", which cuts {text[cut.start : cut.end]!r}" if cut else ""),
            f"take the whole number: {Span(cut.start, cut.end)}"
            if cut
            else _list_numbers(text, numbers, spans, scales, value),
        )
        return
    if factor and all(_is_cell(text, place, spans) and place.value == stated for place in places):
        meant = [stated * scale for scale in scales[1:]]
        if len(meant) == 1:
            yield row.fault(
                "value",
                f"{value} is not scaled as the heading among its spans says",
                f"write {meant[0].normalize():f}, or a unit that has the scale",
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
            "value",
            f"{value} is one end of a range in its evidence",
            "empty value, and give least, most and the bound range",
        )
    elif row.get("bound") == "exact":
        yield from _find_hidden_hedge(row, text, places, hedges)
    else:
        yield from _find_stray_hedge(row, text, places, hedges)


def _is_cell(text: str, found: Number, spans: list[Span]) -> bool:
    """Whether a number is all of a span, as in the cell of a table, with no scale of its own."""
    shown = text[found.start : found.end]
    cells = {text[slice(*span)].strip(" ()") for span in spans}
    return shown in cells and not any(map(str.isalpha, shown))


def _scales(row: Row, text: str, languages: tuple[str, ...], factor: Decimal) -> list[Decimal]:
    """By what a number of a row may be scaled: 1, and what a heading among its spans says.

    The scale of the unit is taken from that of the heading: in millions of dollars, a number below
    `USD million` is as it stands.
    """
    if row.get("unit") == "percent":
        return [Decimal(1)]
    spans = [parse_span(item) for name in ("evidence", "context") for item in row.cells[name]]
    found = {scale for span in spans for scale in scales_in(text[slice(*span)], languages)}
    return [Decimal(1), *sorted({scale / factor for scale in found} - {Decimal(1)})]


def _scaled(text: str, found: Number, scales: list[Decimal]) -> list[Decimal]:
    """What a number may mean; one that has a scale of its own takes no other."""
    return [
        found.value * scale
        for scale in scales
        if scale == 1 or not any(map(str.isalpha, text[found.start : found.end]))
    ]


def _list_numbers(
    text: str,
    numbers: tuple[Number, ...],
    spans: list[Span],
    scales: list[Decimal],
    value: str,
) -> str:
    """The remedy for a value that is not in its spans: the numbers that are."""
    there = [
        f"{meant.normalize():f}"
        for number in numbers
        if any(span.start <= number.start and number.end <= span.end for span in spans)
        for meant in _scaled(text, number, scales)
    ]
    if not there:
        return f"the evidence has no number: point to {value} in the text"
    shown = ", ".join(dict.fromkeys(there[:_SHOWN]))
    return f"correct the number, of which the evidence has {shown}, or point to {value}"


def _check_range(
    row: Row, text: str, hedges: Hedges, numbers: tuple[Number, ...], scales: list[Decimal]
) -> Iterator[Fault]:
    """The faults of a range: both its ends are in one span, as one range, with the right hedge."""
    percent = row.get("unit") == "percent"
    # A fall by 5 to 7 per cent is from -7 to -5.
    ends = sorted(Decimal(row.require(name)).copy_abs() for name in ("least", "most"))
    spans = [parse_span(item) for item in row.cells["evidence"]]
    places = [
        found
        for found in ranges_in(text, numbers)
        if any(span.start <= found.least.start and found.most.end <= span.end for span in spans)
        and any(
            _equals(text, found.least, ends[0], [scale], percent)
            and _equals(text, found.most, ends[1], [scale], percent)
            for scale in scales
        )
    ]
    if not places:
        yield row.fault(
            "least",
            f"{row.get('least')} to {row.get('most')} is in no span of its evidence as a range",
            "correct the numbers, or take a span that holds both",
        )
        return
    words = [hedges.find_at(text, found.least.start, found.least.end) for found in places]
    hedge = row.get("hedge")
    if hedge is None and all(words):
        yield row.fault("hedge", f"the document says {words[0]!r} with the range", "give the hedge")
    elif hedge and hedge.casefold() not in {word.casefold() for word in words if word}:
        yield row.fault(
            "hedge", f"{hedge!r} does not go with the range", "give its hedge, or empty it"
        )


def _equals(
    text: str, found: Number, stated: Decimal, scales: list[Decimal], percent: bool
) -> bool:
    """Whether a number is the stated one; a third is 0.33, or 33.3 in per cent."""
    if not found.fraction:
        return stated in _scaled(text, found, scales)
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
    found = (each for each in ranges_in(text, numbers) if each.sure)
    return {(end.start, end.end) for each in found for end in (each.least, each.most)}


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
