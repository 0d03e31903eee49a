"""Draft rows for a text: each number with what can be said of it without judgement.

What is read off: the span of the number with its hedge, its value, its bound, and in which table it
belongs by the sign or word next to it. What takes judgement (whom a figure is about, what it
measures, its status) stays empty for the editor.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from kzgraph.editing.cell_rows import Names, Proposal, propose_cell, propose_years
from kzgraph.editing.contacts import contacts_in
from kzgraph.editing.figure_rows import Setting, is_people, propose_figure
from kzgraph.editing.headings import (
    BULLET,
    is_caption,
    is_title,
    part_about,
    sections,
    status_said,
)
from kzgraph.editing.hour_rows import hours_in
from kzgraph.editing.listed_rows import donors_in, holidays_in
from kzgraph.editing.sentence_breaks import sentences
from kzgraph.editing.sentence_times import (
    Named,
    is_compared,
    is_deadline,
    is_of_others,
    is_relative,
    open_or_end,
    time_beside,
    time_inside,
    times_in,
)
from kzgraph.editing.uncounted import dates_nothing, is_uncounted
from kzgraph.tables import Hedges, Row, Span
from kzgraph.tables.drafts import draft
from kzgraph.verification.charts import Cell, cells_in
from kzgraph.verification.dates import belongs_to_date
from kzgraph.verification.hours import find_days
from kzgraph.verification.numbers import Number, numbers_in
from kzgraph.verification.ranges import ranges_in
from kzgraph.verification.text_tables import cells_in_tables
from kzgraph.verification.tokens import NUMERIC, mask, tokens

#: The kinds of tables whose rows tell what names mean.
KNOWN = ("concepts", "places", "organisations")
#: The longest sentence that a label shows, in code points.
_SHOWN = 200
#: A time of day, or two.
_CLOCK = re.compile(r"(?<![\d:])\d\d?:\d\d(?:\s?[-\u2010-\u2015]\s?\d\d?:\d\d)?(?![\d:])")
_DOTTED_CLOCK = re.compile(
    r"(?<![\d.])(?:[01]?\d|2[0-4])\.(?:00|15|30|45)\s?[-\u2013]\s?(?:[01]?\d|2[0-4])\.(?:00|15|30|45)"
    r"(?![\d.])"
)
_ENDS = re.compile(r"[.!?]\s*\Z")
#: The line above a chart or table, or what is before a chart in its line.
_CAPTION = re.compile(r"([^\r\n]{1,200})\r?\n\s{0,8}\Z")
_BEFORE_CHART = re.compile(r"(?m)^(?P<caption>[^\r\n{\[]{1,200}?)\s*[{\[]")
#: What is planned or to be reached, right before its number: `(target: 1,000)`.
_STATUS_BESIDE = re.compile(
    r"(?<!\w)(?:target|план|жоспар)(?:\s?[:\u2013\u2014]|\s+of)?\s+\Z", re.IGNORECASE
)
#: The tables of figures, whose numbers have a status.
_WITH_STATUS = ("population", "indicators", "finance")


def propose(text: str, languages: tuple[str, ...], known: list[Row]) -> Iterator[Proposal]:
    """The draft rows for a text: its charts and tables, its lists and contacts, its prose.

    Args:
        text: the text of the document.
        languages: its languages, by which its numbers are read.
        known: the rows of the code lists, places and organisations, for what is called what.
    """
    names = Names(known)
    cells = [*cells_in(text), *cells_in_tables(text, languages)]
    for cell in cells:
        above = _caption_of(text, cell)
        caption = text[slice(*above)]
        table, row = propose_cell(cell, names, caption if cell.heading is None else "")
        if cell.heading is not None and not cell.year:
            date = _date_by(text, above)
            context = f"{row['context']} {date['context']}".strip()
            row |= {"time": date["time"], "context": context}
        yield table, row
    yield from propose_years(text, cells)
    spans = {cell.whole for cell in cells}
    for reader in (
        contacts_in(text),
        hours_in(text),
        holidays_in(text, names),
        donors_in(text, languages, names),
    ):
        taken = mask(len(text), spans)
        for drafted in reader:
            if not any(taken[slice(*drafted.span)]):
                yield drafted.table, drafted.cells
                spans.add(drafted.span)
    page = _Page(text, languages, mask(len(text), spans), Hedges.of(known), names)
    for sentence in sentences(text):
        yield from page.propose_sentence(sentence)


def _caption_of(text: str, cell: Cell) -> Span:
    """The place of the caption of a chart or table, empty where there is none."""
    start = cell.whole.start
    line = text.rfind("\n", 0, start) + 1
    if cell.heading is None and (before := _BEFORE_CHART.match(text, line, start + 1)):
        return Span(*before.span("caption"))
    end = start if cell.heading is None else line
    above = _CAPTION.search(text, max(0, end - 210), end)
    return Span(*above.span(1)) if above and is_caption(above[1]) else Span(start, start)


class _Page:
    """A text with what is known of it, for the rows of its sentences."""

    def __init__(
        self, text: str, languages: tuple[str, ...], taken: bytearray, hedges: Hedges, names: Names
    ) -> None:
        self._text, self._languages, self._taken = text, languages, taken
        self._hedges, self._names = hedges, names
        below = [(line, each.heading) for each in sections(text) for line in each.lines]
        self._lines = [line for line, _ in below]
        self._headings = [heading for _, heading in below]

    def propose_sentence(self, sentence: Span) -> Iterator[Proposal]:
        """A figure for each number of a sentence, and one statement for its other digits."""
        text, start = self._text, sentence.start
        own = text[start : sentence.end]
        shown = " ".join(own.split())
        label = draft(shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}...")
        times, idle, counts = self._sort_numbers(sentence)
        heading = self._heading_of(sentence)
        below = heading if heading and _is_item(own) else None
        figures: dict[Span, list[Number]] = {}
        for each in counts:
            if not _is_pronoun(text, each, sentence.end):
                figures.setdefault(Span(each.start, each.end), []).append(each)
        if len(figures) > 1 and not any(map(str.isalpha, shown)):
            figures = {}  # a telephone number, or a row of a table that the text lost
        above = text[slice(*heading)] if heading else ""
        dates_of = _Dates(own, start, times)
        for place, table, row in self._propose_figures(sentence, above, figures):
            date = dates_of.of(place)
            told = _STATUS_BESIDE.search(text, max(start, place.start - 30), place.start)
            if below:
                status, by_heading = self._said_above(below, sentence, place)
                row |= {"status": status} if table in _WITH_STATUS else {}
                date = by_heading if dates_of.has_none(place) else date
            if told and table in _WITH_STATUS:
                row |= {"status": draft(status_said(told[0]))}
            yield table, {"label": label, **row, **date}
        rest = self._rest(sentence, [*figures], times, idle)
        if rest:
            title = not figures and is_title(shown)
            yield (
                "statements",
                {
                    "label": label,
                    # The year in a title dates the page.
                    "kind": draft("presentation") if title else "",
                    "time": "" if title else _date(own, start, times)["time"],
                    "evidence": " ".join(dict.fromkeys(map(str, rest))),
                },
            )

    def _said_above(self, heading: Span, sentence: Span, place: Span) -> tuple[str, dict[str, str]]:
        """The status and the time that a heading gives to a number of an item below it."""
        before = self._text[sentence.start : place.start]
        in_brackets = before.rfind("(") > before.rfind(")")
        part = part_about(self._text, heading, in_brackets)
        is_sure = part != heading or not in_brackets
        status = status_said(self._text[slice(*part)]) if is_sure else ""
        return draft(status) if status else "", _date_by(self._text, part)

    def _propose_figures(
        self, sentence: Span, above: str, figures: dict[Span, list[Number]]
    ) -> Iterator[tuple[Span, str, dict[str, str]]]:
        """A figure for each number or range of a sentence: its place, its table, its cells."""
        numbers = [each for readings in figures.values() for each in readings]
        ranges = {found.most: found.least for found in ranges_in(self._text, numbers) if found.sure}
        begun = {Span(least.start, least.end) for least in ranges.values()}
        before: str | None = None
        for place, readings in figures.items():
            if place in begun:
                continue
            least = ranges.get(readings[0])
            setting = Setting(self._text, sentence, above, before)
            before, row = propose_figure(setting, readings, least, self._hedges, self._names)
            yield Span((least or readings[0]).start, place.end), before, row

    def _sort_numbers(self, sentence: Span) -> tuple[list[Named], list[Number], list[Number]]:
        """The times of a sentence, the numbers that count nothing, and those that count, in order.

        All are at their places in the text.
        """
        own = self._text[sentence.start : sentence.end]
        dates: list[Number] = []
        idle: list[Number] = []
        counts: list[Number] = []
        for number in numbers_in(own, self._languages):
            placed = number._replace(
                start=sentence.start + number.start, end=sentence.start + number.end
            )
            if any(self._taken[placed.start : placed.end]):
                continue
            if belongs_to_date(own, number, set()):
                dates.append(placed)
            elif is_uncounted(own, number):
                idle.append(placed)
            else:
                counts.append(placed)
        times = _times(own, sentence.start, dates)
        spans = [_shift(span, sentence.start) for span, _ in times]
        if next(find_days(own), None):
            spans += [Span(*clock.span()) for clock in _DOTTED_CLOCK.finditer(own)]
        covered = mask(len(own), spans)
        counts = [
            each
            for each in counts
            if not all(covered[each.start - sentence.start : each.end - sentence.start])
        ]
        return times, idle, sorted(counts, key=lambda each: each.start)

    def _heading_of(self, sentence: Span) -> Span | None:
        """The heading right above the line of a sentence."""
        at = bisect_right(self._lines, sentence.start, key=lambda line: line.start) - 1
        inside = at >= 0 and sentence.start < self._lines[at].end
        return self._headings[at] if inside else None

    def _rest(
        self, sentence: Span, figures: list[Span], times: list[Named], idle: list[Number]
    ) -> list[Span]:
        """The places of the digits, and of the numbers in words, that are of no figure."""
        text, start = self._text, sentence.start
        own = text[start : sentence.end]
        covered = mask(len(own), [_shift(each, start) for each in figures])
        places = {each.span for each in tokens(NUMERIC, own)}
        places |= {Span(each.start - start, each.end - start) for each in idle}
        wholes = sorted(
            [_shift(span, start) for span, _ in times]
            + [Span(*clock.span()) for clock in _CLOCK.finditer(own)]
        )
        found: list[Span] = []
        for place in sorted(places):
            if any(covered[slice(*place)]) or any(self._taken[slice(*_shift(place, -start))]):
                continue
            at = bisect_right(wholes, place.start, key=lambda each: each.start) - 1
            whole = wholes[at] if at >= 0 and wholes[at].covers(place) else place
            found.append(_widen(text, _shift(whole, -start)))
        return found


def _times(own: str, start: int, dates: list[Number]) -> list[Named]:
    """The times of a sentence that begins at `start`: those in words, and the years alone."""
    times = times_in(own)
    for number in dates:
        year = Span(number.start - start, number.end - start)
        if year.end - year.start == len("2018") and not any(
            each.span.covers(year) for each in times
        ):
            times.append(open_or_end(own, Named(year, own[slice(*year)])))
    return [
        Named(Span(start + each.span.start, start + each.span.end), each.time)
        for each in sorted(open_or_end(own, each) for each in times)
    ]


def _date(own: str, start: int, times: list[Named]) -> dict[str, str]:
    """The time of all in a sentence, if it has one that dates it and no other."""
    dating = [
        each
        for each in times
        if not dates_nothing(own, each.span.start - start, each.span.end - start)
    ]
    if len(dating) != 1 or is_deadline(own, _shift(dating[0].span, start)):
        return {"time": "", "context": ""}
    return {"time": dating[0].time, "context": str(dating[0].span)}


def _date_by(text: str, heading: Span) -> dict[str, str]:
    """The time that a heading gives to what is right below it."""
    own = text[slice(*heading)]
    years = [each for each in numbers_in(own) if belongs_to_date(own, each, set())]
    placed = [
        each._replace(start=heading.start + each.start, end=heading.start + each.end)
        for each in years
    ]
    return _date(own, heading.start, _times(own, heading.start, placed))


class _Dates:
    """The times of a sentence at their places in it, and what each of its numbers has of them."""

    def __init__(self, own: str, start: int, times: list[Named]) -> None:
        self._own, self._start, self._dated = own, start, _date(own, start, times)
        self._times = [each._replace(span=_shift(each.span, start)) for each in times]
        self._dating = [each for each in self._times if not dates_nothing(own, *each.span)]

    def has_none(self, place: Span) -> bool:
        """Whether no time of the sentence is about a number, so that its heading may date it."""
        own = _shift(place, self._start)
        others = (is_of_others(self._own, own, each.span) for each in self._times)
        is_told = is_relative(self._own, *own, self._times) or is_compared(self._own, own.start)
        return not is_told and all(others)

    def of(self, place: Span) -> dict[str, str]:
        """The time of one number: of its own where the sentence has several, or compares it."""
        own = _shift(place, self._start)
        undated = {"time": "", "context": ""}
        if is_relative(self._own, *own, self._times):
            return undated
        compared = is_compared(self._own, own.start)
        dating = [each for each in self._dating if not is_of_others(self._own, own, each.span)]
        if self._dated["context"] and not compared:
            return self._dated if dating or not self._dating else undated
        beside = time_inside(self._own, own, dating) or time_beside(
            self._own, own.end, self._times if compared else dating
        )
        if beside and not is_deadline(self._own, beside.span):
            return {"time": beside.time, "context": str(_shift(beside.span, -self._start))}
        return undated if compared else self._dated


def _is_item(sentence: str) -> bool:
    """Whether a sentence is an item of a list or a cell, and not one of prose."""
    return bool(BULLET.match(sentence)) or not _ENDS.search(sentence)


def _shift(span: Span, start: int) -> Span:
    return Span(span.start - start, span.end - start)


def _is_pronoun(text: str, number: Number, end: int) -> bool:
    """Whether it is `no` or `one` and counts nobody, as in `one of the main results`."""
    in_words = text[number.start].isalpha() and number.value <= 1
    return in_words and not is_people(text, number.end, end)


def _widen(text: str, span: Span) -> Span:
    """The span with the letters around it, so that it cuts no word in two."""
    start, end = span
    while start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return Span(start, end)
