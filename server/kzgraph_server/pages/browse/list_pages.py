"""A list as a page shows it: the members with their values, the facets with counts, the parts."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import request
from pyoxigraph import Literal, NamedNode

from kzgraph.iri import term
from kzgraph.namespaces import DCT, SKOS, Term
from kzgraph.problem import Problem
from kzgraph_server.pages.browse.facets import (
    CLASS,
    YEAR,
    Chosen,
    Facet,
    choose,
    read_choices,
)
from kzgraph_server.pages.browse.list_query import ListQuery, choose_columns, write_query
from kzgraph_server.pages.browse.members import SOME, Members, MembersKept, Pattern
from kzgraph_server.pages.figure_values import Value, ValueReader
from kzgraph_server.pages.language import get_language
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.paging import ROWS, read_number
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, compute_once, get_served

#: By what a list can be sorted, as addresses have it: by year the newest come first.
ORDERS = ("year", "name")
#: Values of a facet that a page names.
_MOST_VALUES = 60
#: Facets that the line of a member repeats, where the list has several values of them.
_IN_LINE = ("kind", "scope", "donor", "document", "measure", "broader", "class")
_TEXTS = (DCT["description"], SKOS["definition"])
_NUMBERS = ("value", "officialValue", "unit")


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet: what it is called, how many members have it, the list with it alone."""

    view: View
    count: int | None
    href: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A facet with its values.

    Attributes:
        name: of its parameter.
        title: its heading.
        options: its values, those that most members have first; years from the newest.
        more: how many others there are.
        chosen: the value by which the list is narrowed down.
        without: the address of the list without it.
    """

    name: str
    title: str
    options: list[Option]
    more: int = 0
    chosen: View | None = None
    without: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A member of a list.

    Attributes:
        view: the member.
        value: its number, of a figure.
        notes: what else tells it apart.
        text: what it says, in a sentence or two.
    """

    view: View
    value: Value | None
    notes: list[View]
    text: View | None


@dataclass(slots=True)
class ListPage:
    """A part of a list.

    Attributes:
        lines: its members.
        first: the number of the first of them, from 1.
        total: of the members of the list; None where the list is too long to be counted.
        at_most: how many of a list that is not whole are shown.
        page: the number of the part, and `pages` of how many.
        panels: the facets.
        sorts: the orders: their titles and addresses; that of the list has none.
        before: the address of the part before.
        after: that of the part after.
        query: the query behind the list.
    """

    lines: list[Line]
    first: int
    total: int | None
    at_most: int
    page: int
    pages: int
    panels: list[Panel]
    sorts: list[tuple[str, str | None]]
    before: str | None
    after: str | None
    query: ListQuery
    chosen: list[Panel] = field(default_factory=list)


def keep_members(_now: Served) -> MembersKept:
    """What is kept of the lists of a release; asked for by `compute_once`."""
    return MembersKept()


def show_list(base: Pattern, facets: Sequence[Facet], address: Callable[..., str]) -> ListPage:
    """The part of a list that the parameters of the request ask for.

    Args:
        base: what its members have in common.
        facets: by which it can be narrowed down.
        address: of the list, with parameters.

    Raises:
        Problem: 400, where a parameter cannot be what it is for; 404, where there is no such part.
    """
    now, arguments = get_served(), request.args
    choices, number = read_choices(arguments, facets), read_number()
    order = _read_order(arguments.get("sort"))
    kept, language = compute_once(keep_members), get_language()
    all_of_it = kept.find(now.store, (base,), facets, language)
    if all_of_it.whole:
        members = _narrow(all_of_it, choices)
    else:
        patterns = [Pattern(each.facet.predicate, each.value) for each in choices]
        members = kept.find(now.store, (base, *patterns), facets, language)
    members = _sort(members, order)
    pages = max(1, -(-len(members.nodes) // ROWS))
    if number > pages:
        raise Problem(404, f"The last page of this list is {pages}.")
    parameters = {each.facet.name: each.text for each in choices}
    if order:
        parameters["sort"] = order

    def at(page: int) -> str | None:
        return address(**parameters, page=page) if 0 < page <= pages and page != number else None

    viewer = Viewer(now.store)
    first = (number - 1) * ROWS
    shown = members.select(range(first, min(first + ROWS, len(members.nodes))))
    counts = {
        facet.name: _count(
            _narrow_but(all_of_it, choices, facet) if all_of_it.whole else members, facet
        )
        for facet in facets
    }
    panels = [
        _show_facet(facet, counts[facet.name], choices, order, viewer, address, members.whole)
        for facet in facets
    ]
    used = [each for each in facets if counts[each.name]]
    numbers = [(name, term(name)) for name in _NUMBERS if _has_numbers(members)]
    columns = [*choose_columns(used, choices), *numbers]
    return ListPage(
        lines=_show_lines(shown, used, counts, viewer),
        first=first + 1,
        total=len(members.nodes) if members.whole else None,
        at_most=SOME,
        page=number,
        pages=pages,
        panels=[each for each in panels if each.chosen is None and len(each.options) > 1],
        chosen=[each for each in panels if each.chosen is not None],
        sorts=_list_orders(order, choices, address, bool(counts.get(YEAR.name)), members.whole),
        before=at(number - 1),
        after=at(number + 1),
        query=write_query(base, choices, columns, language, members.whole),
    )


def _read_order(text: str | None) -> str:
    if text is not None and text not in ORDERS:
        raise Problem(400, f"sort={str(text)[:20]!r} is neither year nor name.")
    return text or ""


def _sort(members: Members, order: str) -> Members:
    """The newest first, then by name; or by name alone."""
    places = list(range(len(members.nodes)))
    # What has no name of its own is called by its parts: the order of its address is theirs.
    if order != "name":
        places.sort(key=lambda at: -members.year(at))
    return members.select(places)


def _list_orders(
    order: str,
    choices: Sequence[Chosen],
    address: Callable[..., str],
    has_years: bool,
    whole: bool,
) -> list[tuple[str, str | None]]:
    if not has_years or not whole:
        return []
    parameters = {each.facet.name: each.text for each in choices}
    return [
        (_("Newest first"), address(**parameters) if order == "name" else None),
        (_("By name"), None if order == "name" else address(**parameters, sort="name")),
    ]


def _narrow(members: Members, choices: Iterable[Chosen]) -> Members:
    wanted = list(choices)
    if not wanted:
        return members
    return members.select(
        [
            at
            for at, values in enumerate(members.values)
            if all(each.value in values.get(each.facet.name, ()) for each in wanted)
        ]
    )


def _narrow_but(members: Members, choices: Iterable[Chosen], facet: Facet) -> Members:
    """By all but one facet, whose other values are offered."""
    return _narrow(members, (each for each in choices if each.facet is not facet))


def _count(members: Members, facet: Facet) -> Counter[Term]:
    return Counter(value for values in members.values for value in values.get(facet.name, ()))


def _show_facet(
    facet: Facet,
    counts: Counter[Term],
    choices: Sequence[Chosen],
    order: str,
    viewer: Viewer,
    address: Callable[..., str],
    whole: bool,
) -> Panel:
    chosen = next((each for each in choices if each.facet is facet), None)
    values = sorted(counts, key=lambda value: (-counts[value], str(value)))
    shown = values[:_MOST_VALUES]
    if facet is YEAR:
        shown = sorted(values, key=str, reverse=True)[:_MOST_VALUES]
    sort = {"sort": order} if order else {}
    options = []
    for value in shown:
        text = facet.write(value)
        if text is not None and not (chosen and chosen.value == value):
            parameters = {**choose(choices, facet, text), **sort}
            count = counts[value] if whole else None
            options.append(Option(show_value(value, viewer), count, address(**parameters)))
    without = address(**choose(choices, facet, None), **sort) if chosen else None
    return Panel(
        facet.name,
        facet.title(),
        options,
        len(values) - len(shown),
        show_value(chosen.value, viewer) if chosen else None,
        without,
    )


def show_value(value: Term, viewer: Viewer) -> View:
    """A value of a facet: a thing under its label, a year as its number."""
    return View(value.value) if isinstance(value, Literal) else viewer.any(value)


def _has_numbers(members: Members) -> bool:
    return any("quantity" in values or "table" in values for values in members.values[:ROWS])


def _show_lines(
    members: Members,
    facets: Sequence[Facet],
    counts: Mapping[str, Counter[Term]],
    viewer: Viewer,
) -> list[Line]:
    store = get_served().store
    reader = ValueReader(store, viewer)
    telling = [each for each in facets if each.name in _IN_LINE and len(counts[each.name]) > 1]
    lines = []
    for at, node in enumerate(members.nodes):
        value = reader.read(node)
        notes = []
        for facet in telling:
            found = members.values[at].get(facet.name, ())
            # Of many classes the narrowest is not known; those of the vocabulary tell enough.
            if facet is not CLASS or value is None:
                notes += [viewer.any(each) for each in found[:3]]
        if value is None:
            years = members.values[at].get(YEAR.name, ())
            notes = [View(each.value) for each in years if isinstance(each, Literal)] + notes
        text = None if value else find_text(node)
        lines.append(Line(viewer.named(node), value, notes, text))
    return lines


def find_text(node: NamedNode) -> View | None:
    """What a thing says of itself, in the language of the page or else in English."""
    store, wanted = get_served().store, (get_language(), "en", "")
    found: list[tuple[int, Literal]] = []
    for predicate in _TEXTS:
        for quad in store.quads_for_pattern(node, predicate, None, None):
            text = quad.object
            if isinstance(text, Literal) and (text.language or "") in wanted:
                found.append((wanted.index(text.language or ""), text))
    if not found:
        return None
    best = min(found, key=lambda each: (each[0], each[1].value))[1]
    return View(best.value, language=best.language)
