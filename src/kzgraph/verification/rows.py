"""Whether what a row says stands in the text that it points to."""

from collections.abc import Iterator
from decimal import Decimal

from kzgraph.faults import Fault
from kzgraph.tables import Row, parse_span, parse_time
from kzgraph.verification.numbers import numbers

#: Columns whose text is copied from the document as it stands.
_VERBATIM = ("hedge", "email", "telephone", "street", "postal_code", "time_zone")


def check_row(row: Row, text: str) -> Iterator[Fault]:
    """Every way in which a fact and its spans disagree."""
    evidence = [_slice(text, item) for item in row.cells["evidence"]]
    context = [_slice(text, item) for item in row.cells["context"]]
    yield from _edges(row, text)
    if "value" in row.cells:
        yield from _value(row, evidence)
    yield from _years(row, evidence + context)
    for column in _VERBATIM:
        for item in row.cells.get(column, ()):
            if not any(item.lower() in span.lower() for span in evidence):
                yield row.fault(
                    column, f"{item!r} stands in no span of its evidence", "mend one of the two"
                )
    yield from _address(row, evidence)


def _slice(text: str, item: str) -> str:
    start, end = parse_span(item)
    return text[start:end]


def _edges(row: Row, text: str) -> Iterator[Fault]:
    """A span begins and ends with a mark that can be seen, and cuts no word in two."""
    for column in ("evidence", "context"):
        for item in row.cells[column]:
            start, end = parse_span(item)
            span = text[start:end]
            if span != span.strip():
                yield row.fault(
                    column, f"the span {item} begins or ends with white space", "leave it out"
                )
            for before, after, where in ((start - 1, start, "begins"), (end - 1, end, "ends")):
                inside = before >= 0 and after < len(text)
                if inside and text[before].isalpha() and text[after].isalpha():
                    yield row.fault(
                        column, f"the span {item} {where} within a word", "take the whole word"
                    )


def _value(row: Row, evidence: list[str]) -> Iterator[Fault]:
    value = row.get("value")
    if value is not None:
        wanted = abs(Decimal(value))
        if not any(wanted in numbers(span) for span in evidence):
            yield row.fault(
                "value", f"{value} stands in no span of its evidence", "mend the number or the span"
            )
    elif row.get("availability") == "not-published" and "null" not in evidence:
        yield row.fault("evidence", "the span is no null", "point to the null itself")


def _years(row: Row, spans: list[str]) -> Iterator[Fault]:
    text = row.get("time") if "time" in row.cells else None
    if text is None:
        return
    time = parse_time(text)
    years = {time.start.year} | ({time.end.year} if time.end else set())
    for year in sorted(years):
        if not any(str(year) in span for span in spans):
            yield row.fault(
                "time",
                f"the year {year} stands in no span of its evidence or context",
                "add the span that dates the fact as context, or leave the time empty",
            )
    if time.is_day:
        month = f"{time.start:%b}".lower()
        day = str(time.start.day)
        if not any(month in span.lower() and day in span for span in spans) and not (
            _is_year_end(row, spans)
        ):
            yield row.fault(
                "time", f"the day {text} stands in none of its spans", "add the span that says it"
            )


def _is_year_end(row: Row, spans: list[str]) -> bool:
    """Whether the last day of a year is said in words, as in the end of 2018."""
    words = " ".join(spans).lower()
    return row.require("time").endswith("-12-31") and any(
        phrase in words for phrase in ("end of", "year end", "year-end")
    )


def _address(row: Row, evidence: list[str]) -> Iterator[Fault]:
    for item in row.cells.get("url", ()):
        bare = item.partition("://")[2].removeprefix("www.").rstrip("/")
        if not any(bare in span for span in evidence):
            yield row.fault("url", f"{bare!r} stands in no span of its evidence", "mend it")
