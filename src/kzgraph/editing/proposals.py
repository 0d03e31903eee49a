"""Draft rows for a text: each number with what can be said of it without judgement.

What is read off: the span of the number with its hedge, its value, its bound, and in which table it
belongs by the sign or word next to it. What takes judgement (whom a figure is about, what it
measures, its status) stays empty for the editor.
"""

import re
from collections.abc import Iterator

from kzgraph.editing.contacts import contacts_in
from kzgraph.editing.money import DOLLARS, MONEY
from kzgraph.editing.text_tables import cells_in_tables
from kzgraph.tables import Hedges, Row, Span
from kzgraph.tables.drafts import draft
from kzgraph.verification.charts import Cell, cells_in
from kzgraph.verification.dates import belongs_to_date, dates_in
from kzgraph.verification.numbers import Number, numbers_in
from kzgraph.verification.people import PEOPLE
from kzgraph.verification.ranges import ranges_in
from kzgraph.verification.tokens import NUMERIC, mask, tokens

#: A draft row: its table, and its cells by column.
Proposal = tuple[str, dict[str, str]]

#: Signs of money before or after a number.
_MONEY_BEFORE = re.compile(rf"(?:{MONEY.pattern})\s?\Z")
_MONEY_AFTER = re.compile(rf"\s?(?:{MONEY.pattern})(?!\w)")
_PERCENT = re.compile(r"\s?(?:%|per ?cent\b|процент\w*|пайыз\w*)")
_PEOPLE = re.compile(
    rf"(?:(?<=тыс)\.|(?<=млн)\.)?\s+(?:[\w-]+\s+){{0,3}}?(?:{PEOPLE})(?!\w)", re.IGNORECASE
)
_STOP = re.compile(r"[.!?]*[ \t]*[\r\n]\s*|[.!?]\s+")
#: The decimals of a value at most; a third has no end of them.
_DECIMALS = 9
#: The longest sentence that a label shows, in code points.
_SHOWN = 200


def propose(text: str, languages: tuple[str, ...], concepts: list[Row]) -> Iterator[Proposal]:
    """The draft rows for a text: the cells of its charts and tables, its contacts, its prose.

    Args:
        text: the text of the document.
        languages: its languages, by which its numbers are read.
        concepts: the rows of the code lists, for hedges, groups, quantities and series.
    """
    names = _Names(concepts)
    cells = [*cells_in(text), *cells_in_tables(text, languages)]
    for cell in cells:
        yield _propose_cell(cell, names)
    yield from _propose_years(text, cells)
    contacts = list(contacts_in(text))
    for contact in contacts:
        label = draft(text[slice(*contact.span)])
        yield contact.table, {"label": label, **contact.cells, "evidence": str(contact.span)}
    spans = {cell.whole for cell in cells} | {contact.span for contact in contacts}
    taken = mask(len(text), spans)
    hedges = Hedges.of(concepts)
    for sentence in _sentences(text):
        yield from _propose_sentence(text, languages, sentence, taken, hedges)


class _Names:
    """The codes by what they are called: code, label or other name, in any case."""

    def __init__(self, concepts: list[Row]) -> None:
        columns = ("code", "label_en", "label_ru", "label_kk", "alternative")
        self._codes = {
            (row.require("scheme"), name.casefold()): row.require("code")
            for row in concepts
            for column in (*columns, "alternative_ru", "alternative_kk")
            for name in row.cells[column]
        }

    def code(self, scheme: str, name: str | None) -> str:
        """The code of a scheme that is called so, or an empty string.

        The first words of a name do where no other code has them: Stateless for Stateless persons.
        """
        called = (name or "").casefold()
        if not called or (scheme, called) in self._codes:
            return self._codes.get((scheme, called), "")
        begin = {
            code
            for (of, each), code in self._codes.items()
            if of == scheme and each.startswith(f"{called} ")
        }
        return begin.pop() if len(begin) == 1 else ""


def _propose_cell(cell: Cell, names: _Names) -> Proposal:
    """The draft row for a number of a chart or table.

    It is of population if it counts a group, or is a whole number of nothing that is known.
    """
    group = names.code("population-group", cell.series or cell.category)
    quantity, series = names.code("quantity", cell.series), names.code("series", cell.series)
    whole = cell.number is None or any(map(str.isdigit, cell.number.split()))
    shown = " ".join(filter(None, (cell.series, cell.category)))
    row = {
        "label": draft(shown),
        "value": cell.number or "",
        "bound": "exact" if cell.number else "",
        "availability": "" if cell.number else "not-published",
        "time": cell.year or "",
        "evidence": str(cell.evidence),
        "context": " ".join(map(str, cell.context)),
    }
    if not cell.is_money and (group or (whole and not quantity and not series)):
        return "population", {**row, "group": group, "unit": draft("persons")}
    total = "total" if quantity else ""
    row |= {"quantity": quantity, "series": series or total, "unit": draft("not-stated")}
    return "finance", row


def _propose_years(text: str, cells: list[Cell]) -> Iterator[Proposal]:
    """A statement for the years of each chart or table, which its numbers have as context only."""
    years: dict[Span, list[Span]] = {}
    for cell in cells:
        years.setdefault(cell.whole, []).extend(
            span for span in cell.context if text[slice(*span)] == cell.year
        )
    for spans in filter(None, years.values()):
        found = sorted(set(spans))
        label = draft(f"Years {', '.join(text[slice(*span)] for span in found)}")
        evidence = " ".join(map(str, found))
        yield "statements", {"label": label, "kind": draft("presentation"), "evidence": evidence}


def _sentences(text: str) -> Iterator[Span]:
    """The sentences of a text; a line end ends one too."""
    start = 0
    for stop in _STOP.finditer(text):
        after = text[stop.end() : stop.end() + 1]
        if not {"\n", "\r"}.isdisjoint(stop[0]) or after.isupper() or not after:
            yield Span(start, stop.start() + len(stop[0].rstrip()))
            start = stop.end()
    yield Span(start, len(text))


def _propose_sentence(
    text: str, languages: tuple[str, ...], sentence: Span, taken: bytearray, hedges: Hedges
) -> Iterator[Proposal]:
    """A figure for each number of a sentence, and one statement for its dates and other digits."""
    shown = " ".join(text[sentence.start : sentence.end].split())
    label = draft(shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}...")
    found = [
        number._replace(start=sentence.start + number.start, end=sentence.start + number.end)
        for number in numbers_in(text[sentence.start : sentence.end], languages)
    ]
    free = [each for each in found if not any(taken[each.start : each.end])]
    dates = [number for number in free if belongs_to_date(text, number, set())]
    times = _times(text, sentence, dates)
    dated = {"time": "", "context": ""}
    if len(times) == 1:
        ((span, time),) = times.items()
        dated = {"time": time, "context": str(span)}
    figures: dict[Span, list[Number]] = {}
    for each in sorted((each for each in free if each not in dates), key=lambda each: each.start):
        if not _is_pronoun(text, each):
            figures.setdefault(Span(each.start, each.end), []).append(each)
    if len(figures) > 1 and not any(map(str.isalpha, shown)):
        figures = {}  # a telephone number, or a row of a table that the text lost
    numbers = [each for readings in figures.values() for each in readings]
    ranges = {found.most: found.least for found in ranges_in(text, numbers) if found.sure}
    begun = {Span(least.start, least.end) for least in ranges.values()}
    for place, readings in figures.items():
        if place not in begun:
            table, row = _propose_figure(text, readings, ranges.get(readings[0]), hedges)
            yield table, {"label": label, **row, **dated}
    covered = mask(len(text), figures)
    rest = [
        Span(sentence.start + token.span.start, sentence.start + token.span.end)
        for token in tokens(NUMERIC, text[sentence.start : sentence.end])
    ]
    rest = [
        span for span in rest if not any(covered[slice(*span)]) and not any(taken[slice(*span)])
    ]
    if rest:
        whole = [next((date for date in times if date.covers(span)), span) for span in rest]
        evidence = " ".join(dict.fromkeys(str(_widen(text, span)) for span in whole))
        yield "statements", {"label": label, "time": dated["time"], "evidence": evidence}


def _times(text: str, sentence: Span, dates: list[Number]) -> dict[Span, str]:
    """The dates of a sentence that are written in full, and the years that stand alone."""
    start = sentence.start
    times = {
        Span(start + first, start + last): time
        for time, first, last in dates_in(text[sentence.start : sentence.end])
    }
    for number in dates:
        span, year = Span(number.start, number.end), text[number.start : number.end]
        if len(year) == len("2018") and not any(date.covers(span) for date in times):
            times[span] = year
    return times


def _is_pronoun(text: str, number: Number) -> bool:
    """Whether it is `no` or `one` and counts nobody, as in `one of the main results`."""
    in_words = text[number.start].isalpha() and number.value <= 1
    return in_words and not _PEOPLE.match(text, number.end)


def _propose_figure(
    text: str, readings: list[Number], least: Number | None, hedges: Hedges
) -> Proposal:
    """The table of a number, and its cells that can be read off the text.

    Args:
        text: the text.
        readings: the number, once for each value that it may have.
        least: where the range begins that the number ends, if it does.
        hedges: the known hedges.
    """
    number = readings[0]
    first = least or number
    start, end = first.start, number.end
    before = _MONEY_BEFORE.search(text, max(0, start - 12), start)
    after = _MONEY_AFTER.match(text, end)
    percent = _PERCENT.match(text, end)
    if before or after:
        sign = (before or after or [""])[0]
        unit = "us-dollars" if DOLLARS.search(sign) else draft("us-dollars" if "$" in sign else "")
        table, cells = "finance", {"unit": unit}
        start -= len(before[0]) if before else 0
        end += len(after[0]) if after and not before else 0
    elif percent:
        table, cells = "indicators", {"unit": "percent"}
        end = percent.end()
    elif _PEOPLE.match(text, end):
        table, cells = "population", {"unit": "persons"}
    else:
        table, cells = "indicators", {}
    hedge = hedges.find_at(text, first.start, first.end)
    bound = "range" if least else "exact"
    if hedge:
        place = _find_hedge(text, hedge, start, end)
        start, end = min(start, place.start), max(end, place.end)
        meant = sorted(hedges.bounds(hedge))
        if not least:
            bound = meant[0] if len(meant) == 1 else draft(" or ".join(meant))
    values = list(map(_written, readings))
    value = values[0] if len(values) == 1 else draft(" or ".join(values))
    return table, cells | {
        **({"least": _written(least), "most": value} if least else {"value": value}),
        "bound": bound,
        "hedge": hedge or "",
        "evidence": str(Span(start, end)),
    }


def _written(number: Number) -> str:
    return f"{round(number.value, _DECIMALS).normalize():f}"


def _find_hedge(text: str, hedge: str, start: int, end: int) -> Span:
    """Where the hedge of the number in `text[start:end]` is: the nearest before it, or after it."""
    words = re.compile(r"\s+".join(map(re.escape, hedge.split())), re.IGNORECASE)
    before = [*words.finditer(text, max(0, start - 80), end)]
    match = before[-1] if before else words.search(text, end)
    return Span(*match.span()) if match else Span(start, end)


def _widen(text: str, span: Span) -> Span:
    """The span with the letters around it, so that it cuts no word in two."""
    start, end = span
    while start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return Span(start, end)
