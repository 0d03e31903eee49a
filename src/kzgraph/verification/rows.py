"""Checking a row against the text that its spans point to."""

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from kzgraph.faults import Fault
from kzgraph.tables import Hedges, Row, Span, parse_span, parse_time
from kzgraph.tables.cells import shorten
from kzgraph.verification.dates import names_day, names_year, names_year_before
from kzgraph.verification.evidence import Evidence, check_figure
from kzgraph.verification.hours import check_hours
from kzgraph.verification.periods import check_periods
from kzgraph.verification.tokens import find_cut

#: Columns whose text is copied from the document verbatim.
_VERBATIM = ("hedge", "email", "telephone", "street", "postal_code", "time_zone")
#: What is between two paragraphs.
_BLANK_LINE = re.compile(r"\n\s*\n")


def check_row(
    row: Row,
    text: str,
    hedges: Hedges,
    languages: tuple[str, ...] = ("en",),
    factors: Mapping[str, Decimal] | None = None,
) -> Iterator[Fault]:
    """The faults of a fact that disagrees with its spans in a text in `languages`.

    `factors` are those of the units of money, by their codes.
    """
    evidence = [_slice(text, item) for item in row.cells["evidence"]]
    context = [_slice(text, item) for item in row.cells["context"]]
    yield from _check_edges(row, text, languages)
    figure: list[Fault] = []
    if "value" in row.cells:
        figure += check_figure(row, Evidence.of(row, text, languages, factors or {}), hedges)
    yield from figure
    yield from _check_years(row, evidence + context, text)
    yield from check_periods(row, evidence + context)
    if row.schema.name == "opening_hours":
        yield from check_hours(row, evidence, context)
    for column in _VERBATIM:
        for item in row.cells.get(column, ()):
            # One fault for a cell, so that no two remedies disagree.
            if column in {fault.column for fault in figure}:
                continue
            if not any(_whole(item).search(_plain(span)) for span in evidence):
                yield row.fault(
                    column, f"{item!r} is in no span of its evidence", _read_evidence(evidence)
                )
    yield from _check_address(row, evidence)


def _read_evidence(evidence: list[str]) -> str:
    """The remedy for a cell that is not in its evidence: what the evidence says instead."""
    shown = " and ".join(shorten(_plain(span)) for span in evidence)
    return f"copy it from there, or correct the span, which has {shown}"


def _whole(item: str) -> re.Pattern[str]:
    """`item` as a whole: not within a word, an address or a longer number."""
    before = r"(?<![\w@])(?<!\w[.+-])" + (r"(?<!\d[ ()-])" if item[0].isdigit() else "")
    after = r"(?![\w@]|[.+-]\w)" + ("" if item[-1].isalpha() else r"(?![ ()-]\d)")
    return re.compile(before + re.escape(item) + after, re.IGNORECASE)


def _plain(text: str) -> str:
    """`text` with each run of white space, no-break spaces among it, as one blank."""
    return " ".join(text.split())


def _slice(text: str, item: str) -> str:
    start, end = parse_span(item)
    return text[start:end]


def _check_edges(row: Row, text: str, languages: tuple[str, ...]) -> Iterator[Fault]:
    """A span begins and ends with a visible character, and cuts no word in two."""
    for column in ("evidence", "context"):
        for item in row.cells[column]:
            start, end = parse_span(item)
            span = text[start:end]
            if span != span.strip():
                right = Span(start + len(span) - len(span.lstrip()), start + len(span.rstrip()))
                remedy = f"write {right}" if span.strip() else "point to the words themselves"
                message = f"the span {item} begins or ends with white space"
                yield row.fault(column, message, remedy)
                continue
            for at, where in ((start, "begins"), (end, "ends")):
                if what := find_cut(text, at, languages):
                    yield row.fault(
                        column,
                        f"the span {item} {where} within a {what}",
                        f"take the whole {what}: {_widen(text, start, end, languages)}",
                    )
                    break


def _widen(text: str, start: int, end: int, languages: tuple[str, ...]) -> Span:
    """The span with the rest of the words and numbers that it begins and ends within."""
    while find_cut(text, start, languages):
        start -= 1
    while find_cut(text, end, languages):
        end += 1
    return Span(start, end)


def _check_years(row: Row, spans: list[str], text: str) -> Iterator[Fault]:
    time = row.get("time") if "time" in row.cells else None
    if time is None:
        return
    parts = parse_time(time).parts
    for year in sorted({part[:4] for part in parts}):
        if not names_year(int(year), spans) and not names_year_before(int(year), spans):
            yield row.fault(
                "time",
                f"the year {year} is in no span of its evidence or context",
                _find_year(text, year, row),
            )
    for part in parts:
        is_day = len(part) == len("2018-12-31")
        if is_day and not names_day(datetime.date.fromisoformat(part), spans):
            yield row.fault(
                "time", f"the day {part} is in none of its spans", "add the span that says it"
            )


def _find_year(text: str, year: str, row: Row) -> str:
    """The remedy for a year without its span: the nearest place of it in the same paragraph.

    A place in another paragraph, or in a table, dates something else as a rule.
    """
    at = parse_span(row.cells["evidence"][0]).start
    places = [Span(*found.span()) for found in re.finditer(rf"(?<!\d){year}(?!\d)", text)]
    if not places:
        remedy = f"the text has no {year}: leave the time empty"
        if not names_year_before(int(year), [text]):
            return remedy
        return f"{remedy}, or point to the words for the year before and to {int(year) + 1}"
    remedy = "add the span that dates the fact as context, or leave the time empty"
    nearest = min(places, key=lambda place: abs(place.start - at))
    between = text[min(at, nearest.start) : max(at, nearest.start)]
    return remedy if _BLANK_LINE.search(between) else f"{remedy}; the nearest {year} is {nearest}"


def _check_address(row: Row, evidence: list[str]) -> Iterator[Fault]:
    for item in row.cells.get("url", ()):
        bare = item.partition("://")[2].removeprefix("www.").rstrip("/")
        whole = (
            rf"(?<![\w@/-])(?<![\w-]\.)(?:https?://)?(?:www\.)?{re.escape(bare)}/?(?![\w/-]|\.\w)"
        )
        if not any(re.search(whole, span) for span in evidence):
            remedy = _read_evidence(evidence)
            yield row.fault("url", f"{bare!r} is in no span of its evidence", remedy)
