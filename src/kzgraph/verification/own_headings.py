"""Checking a number of a chart or table against the headings of its own row and column."""

from collections.abc import Iterable, Iterator

from kzgraph.faults import Fault
from kzgraph.tables import Row, Span, parse_span
from kzgraph.verification.charts import Cell, cells_in
from kzgraph.verification.text_tables import cells_in_tables


def read_cells(text: str, languages: tuple[str, ...]) -> dict[Span, list[Cell]]:
    """The cells of each chart and table of a text, by its span."""
    found: dict[Span, list[Cell]] = {}
    for cell in (*cells_in(text), *cells_in_tables(text, languages)):
        found.setdefault(cell.whole, []).append(cell)
    return found


def check_headings(row: Row, text: str, charts: Iterable[list[Cell]]) -> Iterator[Fault]:
    """The fault of a row that has one number of a chart and the heading of another.

    A row without a heading of the chart is not at fault, nor one with more than its own, such as
    all headings in one span.

    Args:
        row: a row with evidence.
        text: the document.
        charts: the cells of each chart and table.
    """
    evidence = [parse_span(item) for item in row.cells["evidence"]]
    spans = evidence + [parse_span(item) for item in row.cells["context"]]
    held = [
        (cell, cells)
        for cells in charts
        for cell in cells
        if _lies_in(cell.evidence, evidence) and len(cell.context) > 1
    ]
    if len(held) != 1:
        return
    cell, cells = held[0]
    for axis, span in enumerate(cell.context):
        own = _within_quotes(span, text)
        others = (
            _within_quotes(each.context[axis], text) for each in cells if len(each.context) > axis
        )
        wrong = next((each for each in others if each != own and _lies_in(each, spans)), None)
        if wrong and not _lies_in(own, spans):
            yield row.fault(
                "context",
                f"the number at {cell.evidence} is not of {text[slice(*wrong)]!r} in its chart or"
                f" table, but of {text[slice(*own)]!r}",
                f"point to its own heading, {own}, or correct the evidence",
            )


def _within_quotes(span: Span, text: str) -> Span:
    """The name of a heading without the quotes of JSON, which a span may leave out."""
    return Span(span.start + 1, span.end - 1) if text[span.start] == '"' else span


def _lies_in(span: Span, spans: list[Span]) -> bool:
    return any(each.start <= span.start and span.end <= each.end for each in spans)
