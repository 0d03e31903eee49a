"""Checking the value of a figure, its bound and its hedge against the evidence."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, Self

from kzgraph.faults import Fault
from kzgraph.tables import Hedges, Row, Span, parse_span, parse_time
from kzgraph.tables.schema import NUMBER_COLUMNS
from kzgraph.tables.spans import FACT_SPANS
from kzgraph.verification.dates import belongs_to_date
from kzgraph.verification.nothing import says_nothing
from kzgraph.verification.numbers import Number, numbers_in
from kzgraph.verification.one_in import shares_in
from kzgraph.verification.ranges import Range, ranges_in
from kzgraph.verification.scales import scales_in

#: How many numbers of an evidence a message lists.
_SHOWN = 5


class Evidence(NamedTuple):
    """What a figure rests on.

    Attributes:
        text: the text of its document.
        numbers: the numbers of the text.
        spans: the spans of its evidence.
        scales: by what a number may be scaled: 1, and what a heading among its spans says.
        factor: how many one of its unit of money is; None where its unit is another.
        percent: whether its unit is per cent.
    """

    text: str
    numbers: tuple[Number, ...]
    spans: list[Span]
    scales: list[Decimal]
    factor: Decimal | None
    percent: bool

    @classmethod
    def of(
        cls, row: Row, text: str, languages: tuple[str, ...], factors: Mapping[str, Decimal]
    ) -> Self:
        """The evidence of `row` in a text; `factors` are those of the units of money."""
        spans, context = ([parse_span(item) for item in row.cells[name]] for name in FACT_SPANS)
        percent = row.get("unit") == "percent"
        factor = factors.get(row.get("unit") or "")
        # The scale of the unit is taken from that of the heading: in millions of dollars, a number
        # below `USD million` is as it stands.
        named = {
            scale / (factor or 1)
            for span in ([] if percent else [*spans, *context])
            for scale in scales_in(text[slice(*span)], languages)
        }
        scales = [Decimal(1), *sorted(named - {Decimal(1)})]
        shares = shares_in(text) if percent else ()
        numbers = tuple(
            sorted([*numbers_in(text, languages), *shares], key=lambda each: each.start)
        )
        return cls(text, numbers, spans, scales, factor, percent)

    @property
    def within(self) -> list[Number]:
        """The numbers that a span holds whole, in order."""
        return [
            found
            for found in self.numbers
            if any(span.start <= found.start and found.end <= span.end for span in self.spans)
        ]

    def meanings(self, found: Number) -> list[Decimal]:
        """What a number may mean; one that has a scale of its own takes no other."""
        has_own = any(map(str.isalpha, self.text[found.start : found.end]))
        return [found.value * scale for scale in self.scales if scale == 1 or not has_own]

    def equals(self, found: Number, stated: Decimal) -> bool:
        """Whether a number is the stated one; a third is 0.33, or 33.3 in per cent."""
        if not found.fraction:
            return stated in self.meanings(found)
        whole = found.value * 100 if self.percent else found.value
        exponent = stated.as_tuple().exponent
        rounded = isinstance(exponent, int) and len(stated.as_tuple().digits) > 1
        return whole == stated or (
            rounded and whole.quantize(Decimal(1).scaleb(int(exponent))) == stated
        )

    def has_range(self, found: Range, least: Decimal, most: Decimal) -> bool:
        """Whether one span holds a range, both ends of which have one scale and are as stated."""
        return any(
            span.start <= found.least.start and found.most.end <= span.end for span in self.spans
        ) and any(
            scaled.equals(found.least, least) and scaled.equals(found.most, most)
            for scale in self.scales
            for scaled in (self._replace(scales=[scale]),)
        )


def check_figure(row: Row, evidence: Evidence, hedges: Hedges) -> Iterator[Fault]:
    """The faults of a figure whose value, bound or hedge disagrees with its evidence."""
    value, least, most = (row.get(name) for name in NUMBER_COLUMNS)
    if least is not None and most is not None:
        yield from _check_range(row, evidence, hedges)
    elif value is not None:
        yield from _check_value(row, value, evidence, hedges)
    elif row.get("availability") == "not-published" and not any(
        says_nothing(evidence.text, span) for span in evidence.spans
    ):
        yield row.fault(
            "evidence",
            "the span is not a null or another sign that the number is not published",
            "point to null, n/a, tbc or the dash alone; if the text has none, the availability"
            " is not-given, or no-reports",
        )


def _check_value(row: Row, value: str, evidence: Evidence, hedges: Hedges) -> Iterator[Fault]:
    """The faults of a single number: it is in a span, scaled, counts, and is hedged as there."""
    text = evidence.text
    stated = abs(Decimal(value))
    places = [found for found in evidence.within if evidence.equals(found, stated)]
    if not places:
        yield _find_no_value(row, value, evidence)
        return
    if meant := _find_unscaled(places, stated, evidence):
        yield row.fault(
            "value",
            f"{value} is not scaled as the heading among its spans says",
            f"write {meant.normalize():f}, or a unit that has the scale",
        )
        return
    places = [place for place in places if not belongs_to_date(text, place, _years(row))]
    if not places:
        yield row.fault(
            "value", f"{value} belongs to a date in its evidence", "point to the number that counts"
        )
        return
    ends = _range_ends(text, evidence.numbers)
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


def _find_no_value(row: Row, value: str, evidence: Evidence) -> Fault:
    """The fault of a value that is in no span: one cuts it, or there are other numbers."""
    message = f"{value} is in no span of its evidence"
    every = (found for span in evidence.spans for found in evidence.numbers if _cuts(span, found))
    if cut := next(every, None):
        message += f", which cuts {evidence.text[cut.start : cut.end]!r}"
        return row.fault("value", message, f"take the whole number: {Span(cut.start, cut.end)}")
    meant = [each for found in evidence.within for each in evidence.meanings(found)]
    shown = ", ".join(dict.fromkeys(f"{each.normalize():f}" for each in meant[:_SHOWN]))
    remedy = (
        f"correct the number, of which the evidence has {shown}, or point to {value}"
        if shown
        else f"the evidence has no number: point to {value} in the text"
    )
    return row.fault("value", message, remedy)


def _find_unscaled(places: list[Number], stated: Decimal, evidence: Evidence) -> Decimal | None:
    """What is meant by an amount that stands as in its cell, below a heading with one scale."""
    text, scales = evidence.text, evidence.scales[1:]
    cells = {text[slice(*span)].strip(" ()") for span in evidence.spans}
    shown = [text[place.start : place.end] for place in places]
    as_they_stand = all(place.value == stated for place in places)
    # A number with a word for its scale has no other.
    alone = all(each in cells and not any(map(str.isalpha, each)) for each in shown)
    fits = evidence.factor and as_they_stand and alone and len(scales) == 1
    return stated * scales[0] if fits else None


def _check_range(row: Row, evidence: Evidence, hedges: Hedges) -> Iterator[Fault]:
    """The faults of a range: both its ends are in one span, as one range, with the right hedge."""
    text = evidence.text
    # A fall by 5 to 7 per cent is from -7 to -5.
    least, most = sorted(Decimal(row.require(name)).copy_abs() for name in ("least", "most"))
    places = [
        found
        for found in ranges_in(text, evidence.numbers)
        if evidence.has_range(found, least, most)
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
            f"give {right!r}, and its bound"
            if right
            else "empty it, and set bound to exact if no word beside the number hedges it",
        )
