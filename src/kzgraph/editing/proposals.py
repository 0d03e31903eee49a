"""Draft rows for a text: each number with what can be said of it without judgement.

What is read off: the span of the number with its hedge, its value, its bound, and in which table it
belongs by the sign or word next to it. What takes judgement (whom a figure is about, what it
measures, its status) stays empty for the editor.
"""

import re
from collections.abc import Iterator

from kzgraph.editing.cell_rows import Names, Proposal, propose_cell, propose_years
from kzgraph.editing.contacts import contacts_in
from kzgraph.editing.sentence_breaks import sentences
from kzgraph.editing.uncounted import dates_nothing, is_uncounted, precedes_age
from kzgraph.money import DOLLARS, MONEY, currency_of
from kzgraph.tables import Hedges, Row, Span
from kzgraph.tables.drafts import draft
from kzgraph.verification.charts import cells_in
from kzgraph.verification.dates import belongs_to_date, dates_in
from kzgraph.verification.numbers import Number, numbers_in
from kzgraph.verification.people import PEOPLE, SEVERAL
from kzgraph.verification.ranges import ranges_in
from kzgraph.verification.text_tables import cells_in_tables
from kzgraph.verification.tokens import NUMERIC, mask, tokens

#: Signs of money before or after a number.
_MONEY_BEFORE = re.compile(rf"(?:{MONEY.pattern})\s?\Z")
_MONEY_AFTER = re.compile(rf"(?:(?<=тыс)\.|(?<=млн)\.|(?<=млрд)\.)?\s?(?:{MONEY.pattern})(?!\w)")
_PERCENT = re.compile(r"\s?(?:%|per ?cent\b|процент\w*|пайыз\w*)")
_PEOPLE = re.compile(
    rf"(?:(?<=тыс)\.|(?<=млн)\.)?\s+(?:[\w-]+\s+){{0,3}}?(?:{PEOPLE})(?!\w)", re.IGNORECASE
)
_SEVERAL = re.compile(rf"\s+(?:{SEVERAL})(?!\w)", re.IGNORECASE)
#: The name of what is counted before its number, in a cell of its own: `Refugees: 1,530`.
_NAME = re.compile(r"\W*(?P<name>[^\d]*?[^\W\d])\s*[:\u2013\u2014-]?\s*\Z")
#: What is behind the number of such a cell: nothing, or more about it in brackets.
_END_OF_CELL = re.compile(r"\W*\Z|\s*\(")
#: The longest name of a group, in code points.
_LONGEST_NAME = 80
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
    names = Names(concepts)
    cells = [*cells_in(text), *cells_in_tables(text, languages)]
    for cell in cells:
        yield propose_cell(cell, names)
    yield from propose_years(text, cells)
    contacts = list(contacts_in(text))
    for contact in contacts:
        label = draft(text[slice(*contact.span)])
        yield contact.table, {"label": label, **contact.cells, "evidence": str(contact.span)}
    spans = {cell.whole for cell in cells} | {contact.span for contact in contacts}
    taken = mask(len(text), spans)
    hedges = Hedges.of(concepts)
    for sentence in sentences(text):
        yield from _propose_sentence(text, languages, sentence, taken, hedges, names)


def _propose_sentence(
    text: str,
    languages: tuple[str, ...],
    sentence: Span,
    taken: bytearray,
    hedges: Hedges,
    names: Names,
) -> Iterator[Proposal]:
    """A figure for each number of a sentence, and one statement for its dates and other digits."""
    start, own = sentence.start, text[sentence.start : sentence.end]
    shown = " ".join(own.split())
    label = draft(shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}...")
    free: list[Number] = []
    dates: list[Number] = []
    idle: list[Number] = []
    for number in numbers_in(own, languages):
        placed = number._replace(start=start + number.start, end=start + number.end)
        if any(taken[placed.start : placed.end]):
            continue
        free.append(placed)
        if belongs_to_date(own, number, set()):
            dates.append(placed)
        elif is_uncounted(own, number):
            idle.append(placed)
    times = _times(text, sentence, dates)
    dating = {
        span: time
        for span, time in times.items()
        if not dates_nothing(own, span.start - start, span.end - start)
    }
    dated = {"time": "", "context": ""}
    if len(dating) == 1:
        ((span, time),) = dating.items()
        dated = {"time": time, "context": str(span)}
    figures: dict[Span, list[Number]] = {}
    counts = (each for each in free if each not in dates and each not in idle)
    for each in sorted(counts, key=lambda each: each.start):
        if not _is_pronoun(text, each, sentence.end):
            figures.setdefault(Span(each.start, each.end), []).append(each)
    if len(figures) > 1 and not any(map(str.isalpha, shown)):
        figures = {}  # a telephone number, or a row of a table that the text lost
    numbers = [each for readings in figures.values() for each in readings]
    ranges = {found.most: found.least for found in ranges_in(text, numbers) if found.sure}
    begun = {Span(least.start, least.end) for least in ranges.values()}
    for place, readings in figures.items():
        if place not in begun:
            table, row = _propose_figure(
                text, sentence, readings, ranges.get(readings[0]), hedges, names
            )
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


def _is_pronoun(text: str, number: Number, end: int) -> bool:
    """Whether it is `no` or `one` and counts nobody, as in `one of the main results`."""
    in_words = text[number.start].isalpha() and number.value <= 1
    return in_words and not _PEOPLE.match(text, number.end, end)


def _propose_figure(
    text: str,
    sentence: Span,
    readings: list[Number],
    least: Number | None,
    hedges: Hedges,
    names: Names,
) -> Proposal:
    """The table of a number, and its cells that can be read off the text.

    Args:
        text: the text.
        sentence: its sentence, beyond which no unit is sought.
        readings: the number, once for each value that it may have.
        least: where the range begins that the number ends, if it does.
        hedges: the known hedges.
        names: the names of codes.
    """
    number = readings[0]
    first = least or number
    start, end = first.start, number.end
    before = _MONEY_BEFORE.search(text, max(sentence.start, start - 12), start)
    after = _MONEY_AFTER.match(text, end, sentence.end)
    percent = _PERCENT.match(text, end, sentence.end)
    own = text[sentence.start : sentence.end]
    placed = number._replace(start=number.start - sentence.start, end=end - sentence.start)
    if before or after:
        sign = (before or after or [""])[0].lstrip(". ")
        table, cells = "finance", {"unit": _unit_of(sign, names)}
        start -= len(before[0]) if before else 0
        end += len(after[0]) if after and not before else 0
    elif percent:
        table, cells = "indicators", {"unit": "percent"}
        end = percent.end()
    elif _PEOPLE.match(text, end, sentence.end):
        table, cells = "population", {"unit": "persons"}
    elif _SEVERAL.match(text, end, sentence.end):
        table, cells = "indicators", {"unit": draft("households")}
    elif group := _group_beside(text, sentence, Span(start, end), names):
        table, cells = "population", {"group": group, "unit": draft("persons")}
    elif precedes_age(own, placed):
        table, cells = "population", {"unit": draft("persons")}
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


def _unit_of(sign: str, names: Names) -> str:
    """The unit of a sign of money: sure where the text names the dollars, else a draft."""
    if DOLLARS.search(sign):
        return "us-dollars"
    currency = currency_of(sign) or ("USD" if "$" in sign else None)
    return draft(names.money(currency, 1) or currency or sign.strip())


def _group_beside(text: str, sentence: Span, number: Span, names: Names) -> str:
    """The group whose name alone is before a number that ends its cell, or is in brackets after."""
    if number.start - sentence.start > _LONGEST_NAME:
        return ""
    name = _NAME.fullmatch(text, sentence.start, number.start)
    if not name or not _END_OF_CELL.match(text, number.end, sentence.end):
        return ""
    return names.code("population-group", name["name"].strip())


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
