"""The numbers of an official table as a table: its rows as in its file, in parts.

A whole table has a million cells, so no page looks at all of them. Without a facet a page is a
stretch of rows, each found by its number; with facets, the cells that they leave, if those are few.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from flask import request
from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import graph, term, thing
from kzgraph.namespaces import SCHEMA, SKOS, TYPE, XSD, Term
from kzgraph.problem import Problem
from kzgraph_server.pages.browse.facets import (
    DIMENSIONS,
    TABLE_FACETS,
    YEAR,
    Chosen,
    Facet,
    choose,
    read_choices,
)
from kzgraph_server.pages.browse.list_names import OfficialTable
from kzgraph_server.pages.browse.list_pages import Option, Panel, keep_members, show_value
from kzgraph_server.pages.browse.list_query import ListQuery, choose_columns, write_query
from kzgraph_server.pages.browse.members import MOST, SOME, Members, Pattern
from kzgraph_server.pages.browse.table_cells import (
    NUMBER,
    ROW,
    Layout,
    Row,
    Values,
    find_cells,
    find_rows,
    read_sample,
    row_of,
)
from kzgraph_server.pages.language import format_number, get_language
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.paging import ROWS, read_number
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, compute_once, get_served

_STOCK = thing("quantity", "stock")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table: its number or what else it says, and its page."""

    view: View
    number: str


@dataclass(frozen=True, slots=True)
class CellRow:
    """A row of the file: its number, what tells it apart, and its cells by column."""

    number: int
    heads: list[list[View]]
    cells: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class CellTable:
    """A part of an official table, as a page shows it.

    Attributes:
        heads: what the first columns hold.
        columns: what the others hold.
        constants: what all rows of the page have in common: a title, and the values.
        rows: the rows.
        first: the number in the file of the first row that the page is about.
        last: of the last one; of a page that facets choose both are None.
        total: how many rows the file has; with facets how many rows they leave, None if too many.
        at_most: how many cells are looked at where these are too many.
        page: the number of the part, and `pages` of how many.
        panels: the facets that can be chosen.
        chosen: those that are.
        before: the address of the part before.
        after: that of the part after.
        query: the query behind the table.
    """

    heads: list[str]
    columns: list[list[View]]
    constants: list[tuple[str, list[View]]]
    rows: list[CellRow]
    first: int | None
    last: int | None
    total: int | None
    at_most: int
    page: int
    pages: int
    panels: list[Panel]
    chosen: list[Panel]
    before: str | None
    after: str | None
    query: ListQuery


def show_table(entry: OfficialTable, address: Callable[..., str]) -> CellTable:
    """The part of an official table that the parameters of the request ask for.

    Args:
        entry: the file of the table.
        address: of its page, with parameters.

    Raises:
        Problem: 400, where a parameter cannot be what it is for; 404, where there is no such part.
    """
    store, where = get_served().store, graph(entry.graph)
    choices, number = read_choices(request.args, TABLE_FACETS), read_number()
    base = Pattern(ROW.predicate, None, where)
    patterns = [Pattern(each.facet.predicate, each.value, where) for each in choices]
    # Of a large table without facets no member is looked for: its rows are found by their numbers.
    members = None
    if choices or entry.triples <= 10 * MOST:
        members = compute_once(keep_members).find(
            store, (*patterns, base) if patterns else (base,), (*TABLE_FACETS, ROW), get_language()
        )
    if choices and members is not None:
        numbers = sorted({row_of(values) for values in members.values})
        total = len(numbers) if members.whole else None
        pages = max(1, -(-len(numbers) // ROWS))
    else:
        begin, end = find_rows(store, where, entry.rows)
        numbers, total = list(range(begin, end + 1)), entry.rows
        pages = max(1, -(-len(numbers) // ROWS))
    if number > pages:
        raise Problem(404, f"The last page of this table is {pages}.")
    shown = numbers[(number - 1) * ROWS : number * ROWS]
    cells = find_cells(store, where, shown, members if choices else None)
    parameters = {each.facet.name: each.text for each in choices}

    def at(page: int) -> str | None:
        return address(**parameters, page=page) if 0 < page <= pages and page != number else None

    viewer = Viewer(store)
    layout = Layout.of([*read_sample(store, entry), *cells.values()], choices)
    panels = _list_panels(entry, members, choices, viewer, address)
    met = {name for row in cells.values() for _node, values in row for name in values}
    used = [each for each in DIMENSIONS if each.name in met]
    columns = [("row", ROW.predicate), *choose_columns(used, choices), ("officialValue", NUMBER)]
    whole = members is not None and members.whole
    return CellTable(
        heads=[each.title() for each in layout.heads],
        columns=[_name_column(key, viewer) for key in layout.columns],
        constants=[
            *(
                (facet.title(), [show_value(each, viewer) for each in values])
                for facet, values in layout.constants
            ),
            *_find_unit(store, entry, met, viewer),
        ],
        rows=[
            _show_row(row, part, layout, viewer)
            for row, found in cells.items()
            for part in ([found] if layout.across else [[cell] for cell in found])
        ],
        first=None if choices or not shown else shown[0],
        last=None if choices or not shown else shown[-1],
        total=total,
        at_most=SOME,
        page=number,
        pages=pages,
        panels=[each for each in panels if each.chosen is None and len(each.options) > 1],
        chosen=[each for each in panels if each.chosen is not None],
        before=at(number - 1),
        after=at(number + 1),
        query=write_query(base, choices, columns, "", whole, "row"),
    )


def _find_unit(
    store: Store, entry: OfficialTable, met: Container[str], viewer: Viewer
) -> Iterator[tuple[str, list[View]]]:
    """The unit of a table whose cells have none of their own."""
    quads = store.quads_for_pattern(thing("dataset", entry.kind), term("unit"), None, None)
    for quad in quads if "unit" not in met else ():
        yield _("Unit"), [viewer.any(quad.object)]


def _name_column(key: tuple[tuple[Term, ...], ...], viewer: Viewer) -> list[View]:
    """What a column holds; nothing where there is one column of numbers only."""
    values = [each for found in key for each in found]
    # What is counted on a day is told by the group alone.
    telling = [each for each in values if each != _STOCK] or values
    return [show_value(each, viewer) for each in telling]


def _show_row(number: int, row: Row, layout: Layout, viewer: Viewer) -> CellRow:
    cells: list[list[Cell]] = [[] for _column in layout.columns]
    for node, values in row:
        column = layout.columns.index(layout.key(layout.across, values))
        cells[column].append(_show_cell(node, values, viewer))
    first = row[0][1]
    heads = [
        [show_value(each, viewer) for each in first.get(facet.name, ())] for facet in layout.heads
    ]
    return CellRow(number, heads, cells)


def _show_cell(node: NamedNode, values: Values, viewer: Viewer) -> Cell:
    found = next(iter(values.get("number", ())), None)
    if not isinstance(found, Literal):
        return Cell(viewer.named(node), "")
    try:
        number = format_number(found.value)
    except ArithmeticError:
        number = found.value
    return Cell(viewer.plain(node), number)


def _list_panels(
    entry: OfficialTable,
    members: Members | None,
    choices: Sequence[Chosen],
    viewer: Viewer,
    address: Callable[..., str],
) -> list[Panel]:
    whole = members is not None and members.whole
    panels = []
    for facet in TABLE_FACETS:
        chosen = next((each for each in choices if each.facet is facet), None)
        if whole and members is not None:
            counts = Counter(each for held in members.values for each in held.get(facet.name, ()))
            values: list[Term] = list(counts)
        else:
            counts = Counter()
            values = list(_list_values(entry, facet))
        options = []
        for value in values:
            text = facet.write(value)
            if text is not None and not (chosen and chosen.value == value):
                href = address(**choose(choices, facet, text))
                options.append(Option(show_value(value, viewer), counts.get(value), href))
        options.sort(key=lambda each: each.view.text.casefold(), reverse=facet is YEAR)
        without = address(**choose(choices, facet, None)) if chosen else None
        view = show_value(chosen.value, viewer) if chosen else None
        panels.append(Panel(facet.name, facet.title(), options, 0, view, without))
    return panels


def _list_values(entry: OfficialTable, facet: Facet) -> tuple[Term, ...]:
    """The values of a facet that a table has: each code is looked for once, no cell is counted."""
    made = compute_once(_keep_values)
    key = (entry.name, facet.name)
    if key not in made:
        store, where = get_served().store, graph(entry.graph)
        made[key] = tuple(
            each
            for each in _list_candidates(store, entry, facet)
            if Pattern(facet.predicate, each, where).has_any(store)
        )
    return made[key]


def _keep_values(_now: Served) -> dict[tuple[str, str], tuple[Term, ...]]:
    return {}


def _list_candidates(store: Store, entry: OfficialTable, facet: Facet) -> Iterator[Term]:
    """What may be a value of a facet: years of the file, places, or the codes of a list."""
    if facet is YEAR:
        yield from (Literal(str(year), datatype=XSD["integer"]) for year in entry.years)
        return
    patterns = [Pattern(TYPE, SCHEMA["Country"]), Pattern(TYPE, SCHEMA["Place"])]
    if facet.name not in ("scope", "origin"):
        patterns = []
    scheme = {"group": "population-group"}.get(facet.name, facet.name)
    patterns.append(Pattern(SKOS["inScheme"], thing("scheme", scheme)))
    yield from dict.fromkeys(each for pattern in patterns for each in pattern.read(store))
