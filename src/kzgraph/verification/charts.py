"""Charts in a text: the arrays of JSON that a page leaves behind, each number with its places.

JSON is parsed as https://www.rfc-editor.org/rfc/rfc8259 has it, with the position of each value.
Five forms are charts: pairs of a name and a number `[["Refugees",588],...]`, an object of numbers
`{"Refugees":588,...}`, series of one length over one list of categories
`{"categories":[2017,2018],"budget":[1.5,null]}`, the same with the name of a series within it,
`"series":[{"name":"budget","data":[1.5,null]}]`, and with the names and the numbers of all in lists
of their own, `"name":["budget","p1"],"data":[[1.5,null],[1,2]]`. Other lists, such as a footnote
`[1]`, are not.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kzgraph.tables import Span
from kzgraph.years import PATTERN as YEAR

_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null')
_BLANK = re.compile(r"[ \t\r\n]*")
_YEAR = re.compile(YEAR)
#: The longest chart that is looked for, in code points: each bracket of a text may begin one.
_LONGEST = 20_000
_BEGIN = re.compile(r'\[\s*\[\s*["\d]|\{\s*"')
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


@dataclass(frozen=True)
class Element:
    """A value of JSON in a text: what it is, with numbers as they are written, and its span."""

    value: "str | bool | list[Element] | list[tuple[Element, Element]] | None"
    span: Span
    kind: str


@dataclass(frozen=True)
class Cell:
    """One number of a chart or table.

    Attributes:
        series: the name of its series, or None where the chart has one series without a name.
        category: what it belongs to: a name or a year.
        number: the number as it is written, or None for a null.
        evidence: the span of the number, or of its pair.
        context: the spans of the category and the series, where they are apart from it.
        whole: the span of the chart.
        is_money: whether its heading or sign says that it is an amount of money.
        is_share: whether its sign says that it is a percentage.
        heading: what is written above a number of a table, the nearest first; None in a chart.
    """

    series: str | None
    category: str
    number: str | None
    evidence: Span
    context: tuple[Span, ...]
    whole: Span
    is_money: bool = False
    is_share: bool = False
    heading: str | None = None

    @property
    def year(self) -> str | None:
        """The year that the category is, or else the one that the headings of a table name."""
        if _YEAR.fullmatch(self.category) or self.heading is None:
            return self.category if _YEAR.fullmatch(self.category) else None
        named = {year for name in (self.series, self.category) for year in find_years(name or "")}
        return named.pop() if len(named) == 1 else None


def find_years(name: str) -> list[str]:
    """The years in the name of a series or category; a fiscal year is none.

    >>> find_years("Actual 2024"), find_years("2024/25")
    (['2024'], [])
    """
    return re.findall(rf"(?<![\w/.-]){YEAR}(?![\w/]|[-\u2013.]\d)", name)


def cells_in(text: str) -> Iterator[Cell]:
    """The numbers of all charts in a text, in order."""
    at = 0
    while found := _BEGIN.search(text, at):
        at = found.start()
        try:
            _DECODER.raw_decode(text[at : at + _LONGEST])
            element, end = _parse(text, at)
            cells = list(_read_chart(element))
        except ValueError:
            cells = []
        except RecursionError:
            # Nesting that no chart has: trying it again at each bracket would take minutes.
            at += _LONGEST
            continue
        yield from cells
        # What is not a chart may hold one.
        at = end if cells else at + 1


def _parse(text: str, at: int) -> tuple[Element, int]:
    """The element at `at` of a text that is known to be JSON there, and where it ends."""
    if text[at] not in "[{":
        match = _SCALAR.match(text, at)
        if match is None:
            raise ValueError("not a value")
        written = match[0]
        kind = {'"': "name", "n": "null", "t": "boolean", "f": "boolean"}.get(written[0], "number")
        value = json.loads(written) if kind == "name" else written
        return Element(value, Span(*match.span()), kind), match.end()
    start, close = at, "]" if text[at] == "[" else "}"
    items: list[Element] = []
    pairs: list[tuple[Element, Element]] = []
    at = _skip(text, at + 1)
    while text[at] != close:
        item, at = _parse(text, at)
        at = _skip(text, at)
        if close == "}":
            value, at = _parse(text, _skip(text, at + 1))
            pairs.append((item, value))
            at = _skip(text, at)
        else:
            items.append(item)
        at = _skip(text, at + 1) if text[at] == "," else at
    if close == "}":
        return Element(pairs, Span(start, at + 1), "object"), at + 1
    return Element(items, Span(start, at + 1), "list"), at + 1


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _read_chart(element: Element) -> Iterator[Cell]:
    """The cells of a chart; none if the element is not one."""
    if element.kind == "list":
        pairs = [_items(item) for item in _items(element)]
        if pairs and all(len(pair) == 2 and _is_pair(*pair) for pair in pairs):
            for name, number in pairs:
                pair_span = Span(name.span.start - 1, number.span.end + 1)
                yield _cell(None, name, number, pair_span, (), element.span)
        return
    members = _members(element)
    if members and all(_is_pair(*member) for member in members):
        for name, number in members:
            span = Span(name.span.start, number.span.end)
            yield _cell(None, name, number, span, (), element.span)
        return
    yield from _read_series(members, element.span)


def _read_series(members: list[tuple[Element, Element]], whole: Span) -> Iterator[Cell]:
    """The cells of series over the categories that one of the members lists."""
    # The list of categories may be in an object of its own, as that of an axis.
    axes = [each for _, value in members for each in _members(value)]
    lists = [(name, _items(value)) for name, value in [*members, *axes] if _items(value)]
    lists += [found for _, items in list(lists) for item in items for found in _named_series(item)]
    categories = next((items for _, items in lists if _are_years(items)), None) or next(
        (items for _, items in lists if all(item.kind == "name" for item in items)), None
    )
    for name, items in lists:
        if categories is None or items is categories or len(items) != len(categories):
            continue
        if all(item.kind in {"number", "null"} for item in items):
            for category, item in zip(categories, items, strict=True):
                context = (category.span, name.span)
                yield _cell(str(name.value), category, item, item.span, context, whole)
    yield from _read_rows(lists, whole)


def _read_rows(lists: list[tuple[Element, list[Element]]], whole: Span) -> Iterator[Cell]:
    """The cells of a list of rows, whose names and whose categories two other lists have."""
    named = [
        items
        for _, items in lists
        if _are_years(items) or all(item.kind == "name" for item in items)
    ]
    # Years are categories, whatever comes first.
    named.sort(key=lambda items: not _are_years(items))
    for _, items in lists:
        rows = [_items(item) for item in items]
        if len({len(row) for row in rows}) != 1 or not all(
            item.kind in {"number", "null"} for row in rows for item in row
        ):
            continue
        categories = next((each for each in named if len(each) == len(rows[0])), None)
        series = next(
            (each for each in named if each is not categories and len(each) == len(rows)), None
        )
        if not categories or not series:
            continue
        for name, row in zip(series, rows, strict=True):
            for category, item in zip(categories, row, strict=True):
                context = (category.span, name.span)
                yield _cell(str(name.value), category, item, item.span, context, whole)


def _named_series(element: Element) -> Iterator[tuple[Element, list[Element]]]:
    """The series of an object that has its name beside its one list, with that name."""
    names = [value for _, value in _members(element) if value.kind == "name"]
    lists = [_items(value) for _, value in _members(element) if _items(value)]
    if len(lists) == 1 and len(names) == 1:
        yield names[0], lists[0]


def _cell(
    series: str | None,
    category: Element,
    number: Element,
    evidence: Span,
    context: tuple[Span, ...],
    whole: Span,
) -> Cell:
    value = f"{Decimal(str(number.value)):f}" if number.kind == "number" else None
    return Cell(series, str(category.value), value, evidence, context, whole)


def _is_pair(name: Element, number: Element) -> bool:
    named = name.kind == "name" or _are_years([name])
    return named and number.kind in {"number", "null"}


def _are_years(items: list[Element]) -> bool:
    return bool(items) and all(
        item.kind in {"number", "name"} and bool(_YEAR.fullmatch(str(item.value))) for item in items
    )


def _items(element: Element) -> list[Element]:
    """The items of a list; none of anything else."""
    if element.kind != "list" or not isinstance(element.value, list):
        return []
    return [item for item in element.value if isinstance(item, Element)]


def _members(element: Element) -> list[tuple[Element, Element]]:
    """The members of an object; none of anything else."""
    if element.kind != "object" or not isinstance(element.value, list):
        return []
    return [item for item in element.value if isinstance(item, tuple)]
