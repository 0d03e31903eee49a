"""Chosen figures: of the figures of one thing in one year and place the one to take.

Headline figures are those of them to add up: no two count the same (`kzgraph.reasoning.disjoint`).
A plain sum over what one takes for a series must not mix unlike numbers, so a candidate is a figure

1. that a document reports: actual, or of the only status that its quantity has, as of a budget;
2. that adds up with others: of an additive quantity, for all origins, sexes, ages and donors; of
   people how many there are (a stock, not how many came or left); of money what is dollars, by the
   document or a note; of money and things as much as in a whole year;
3. whose time lies in one calendar year;
4. that is about a country or more: a number of a city is none of its country;
5. that is no part of a figure of the same group and place.

Figures that share place, population group, series, quantity and year are rivals. The first of them
is chosen: dollars one by one before others; then the later date; then all registering bodies before
one; then persons before households; then exact before hedged; then the later document.
`kzg:chosenInstead` leads from the others to what was chosen, also from parts, forecasts and plans
that no candidate is.

Figures of places that contain each other or may overlap are chosen side by side, since who names a
place asks for its own, but only the first of them is a headline: a country comes before an
operation of several. A rate, share or change of money in per cent is chosen, or a headline, if all
amounts that it is computed of are: so the rates of headlines are those of the total. Of people none
is, since who counts people names no quantity.

Money is summed by `kzg:usDollars`: charts have their amounts in units of their own.

Where no document says what an operation covers, a note of the project may; where neither does it
may overlap with any place.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term, thing
from kzgraph.namespaces import DCT, PROV, TYPE, Term
from kzgraph.reasoning.disjoint import find_disjoint, stated_wholes
from kzgraph.reasoning.figures import Figure
from kzgraph.reasoning.places import Places
from kzgraph.reasoning.rules_text import objects

#: Dimensions by which documents break numbers down; a headline is of all.
_BREAKDOWNS = ("origin", "sex", "age", "disability")
_NOT_ANY = frozenset({thing("registered-by", "not-stated"), None})
_PEOPLE, _MONEY, _BARE = (thing("unit-kind", each) for each in ("people", "money", "not-stated"))
_STOCK, _FLOW = thing("measure", "stock"), thing("measure", "flow")
_ACTUAL = thing("status", "actual")
_UNIT_KIND = term("unitKind")
_INSTEAD = term("chosenInstead")
_CHOSEN, _HEADLINE = term("ChosenFigure"), term("HeadlineFigure")

Key = tuple[Term | None, ...]


@dataclass(frozen=True)
class Rival:
    """A figure that counts what a chosen one would; `candidate` if it may be that itself."""

    figure: Figure
    key: Key
    candidate: bool
    rank: tuple[object, ...]


def headlines(
    store: Store, figures: Mapping[NamedNode, Figure], dollars: Mapping[NamedNode, Decimal]
) -> Iterator[Triple]:
    """`kzg:ChosenFigure`, `kzg:HeadlineFigure` and `kzg:chosenInstead` of the `figures` of `store`.

    Args:
        store: the concepts, notes, places and parts are in its default graph.
        figures: the stated figures with a value.
        dollars: how many dollars figures of money are.
    """
    places = Places(store)
    groups: dict[Key, list[Rival]] = {}
    for figure in figures.values():
        rival = _rival(store, figure, figures, dollars.get(figure.iri), places)
        if rival:
            groups.setdefault(rival.key, []).append(rival)
    found: dict[NamedNode, set[NamedNode]] = {_CHOSEN: set(), _HEADLINE: set()}
    pools: dict[Key, list[Rival]] = {}
    for rivals in groups.values():
        ordered = sorted(rivals, key=lambda each: (not each.candidate, each.rank))
        for rival, instead in _choose(ordered, places):
            yield from (Triple(rival.figure.iri, _INSTEAD, other) for other in instead)
            if not instead:
                found[_CHOSEN].add(rival.figure.iri)
        for rival in _spread(ordered, places):
            year = rival.figure.cell["year"]
            pools.setdefault((_counted(rival.figure), year), []).append(rival)
    for pool in pools.values():
        ranked = sorted(pool, key=lambda each: each.rank)
        chosen = find_disjoint(store, [each.figure for each in ranked], places)
        found[_HEADLINE].update(figure.iri for figure in chosen)
    for kind, members in found.items():
        members.update(_computed_of(store, members, dollars))
        yield from (Triple(member, TYPE, kind) for member in members)


def _choose(ordered: Iterable[Rival], places: Places) -> Iterator[tuple[Rival, list[NamedNode]]]:
    """Each rival that has an outcome, with what was chosen instead: nothing of a chosen one.

    Candidates come first, so that what a forecast leads to is known when its turn comes. What is no
    candidate leads to figures of its own place, or else of places that overlap with it.
    """
    own: dict[Term | AbstractSet[Term] | None, NamedNode] = {}
    anywhere = places.start_choice()
    for rival in ordered:
        scope = rival.figure.cell.get("scope")
        place = places.own(scope)
        if place in own:
            yield rival, [own[place]]
        elif rival.candidate:
            own[place] = rival.figure.iri
            anywhere.add(scope, rival.figure.iri)
            yield rival, []
        else:
            instead = sorted(anywhere.overlapping(scope), key=str)
            if instead:
                yield rival, instead


def _spread(ordered: Iterable[Rival], places: Places) -> Iterator[Rival]:
    """The candidates whose places do not overlap with that of an earlier one."""
    taken = places.start_choice()
    for rival in ordered:
        scope = rival.figure.cell.get("scope")
        if rival.candidate and not taken.overlapping(scope):
            taken.add(scope, rival.figure.iri)
            yield rival


def _computed_of(
    store: Store, members: AbstractSet[NamedNode], dollars: Mapping[NamedNode, Decimal]
) -> set[NamedNode]:
    """The rates, shares and changes of a year that are computed of no amounts but `members`."""
    found = set()
    for quad in store.quads_for_pattern(None, TYPE, term("DerivedFigure"), None):
        figure = quad.subject
        if isinstance(figure, NamedNode) and figure not in dollars:
            amounts = dollars.keys() & set(objects(store, figure, PROV["wasDerivedFrom"]))
            if amounts and amounts <= members and objects(store, figure, term("year")):
                found.add(figure)
    return found


def _rival(
    store: Store,
    figure: Figure,
    figures: Mapping[NamedNode, Figure],
    dollars: Decimal | None,
    places: Places,
) -> Rival | None:
    counted, scope = _counted(figure), figure.cell.get("scope")
    unit_kinds = set(objects(store, figure.cell.get("unit"), _UNIT_KIND))
    if (
        counted is None
        or scope is None
        or "year" not in figure.cell
        or not _is_true(objects(store, counted, term("additive")))
        or any(not _is_of_all(figure.cell.get(name)) for name in _BREAKDOWNS)
        or objects(store, figure.iri, term("donor"))
        or not unit_kinds & set(objects(store, counted, _UNIT_KIND))
        or (unit_kinds & {_MONEY, _BARE} and dollars is None)
        or not _is_summed(figure, set(objects(store, counted, term("measure"))), unit_kinds)
        or places.is_within_country(scope)
    ):
        return None
    key = _key(figure)
    statuses = {_ACTUAL, *objects(store, counted, term("onlyStatus"))}
    wholes = (figures.get(each) for each in stated_wholes(store, figure.iri))
    is_part = any(
        whole and _key(whole) == key and whole.cell.get("scope") == scope for whole in wholes
    )
    candidate = figure.cell.get("status") in statuses and not is_part
    rank = _rank(store, figure, places, dollars in (None, figure.value))
    return Rival(figure, key, candidate, rank)


def _counted(figure: Figure) -> Term | None:
    """The quantity: for an indicator figure the indicator, which the closure makes its quantity."""
    return figure.cell.get("indicator") or figure.cell.get("quantity")


def _key(figure: Figure) -> Key:
    names = ("populationGroup", "series", "year")
    return (_counted(figure), *(figure.cell.get(name) for name in names))


def _is_summed(figure: Figure, measures: set[Term], unit_kinds: set[Term]) -> bool:
    """People at a date; other things at a date or in a whole year."""
    if _STOCK in measures:
        return True
    return _FLOW in measures and _PEOPLE not in unit_kinds and _is_whole_year(figure)


def _is_whole_year(figure: Figure) -> bool:
    start, end = (figure.span.start, figure.span.end) if figure.span else (None, None)
    if start is None or end is None:
        return False
    return (start.month, start.day, end) == (1, 1, date(start.year, 12, 31))


def _is_of_all(filler: Term | None) -> bool:
    return filler is None or (isinstance(filler, NamedNode) and filler.value.endswith("/all"))


def _is_true(found: list[Term]) -> bool:
    return [each.value for each in found if isinstance(each, Literal)] == ["true"]


def _rank(store: Store, figure: Figure, places: Places, is_unscaled: bool) -> tuple[object, ...]:
    end = figure.span and figure.span.end
    return (
        places.breadth(figure.cell.get("scope")),
        not is_unscaled,
        -(end.toordinal() if end else 0),
        figure.cell.get("registeredBy") not in _NOT_ANY,
        not objects(store, figure.cell.get("unit"), term("factor")),
        figure.bound != "exact",
        -_issued(store, figure),
        figure.iri.value,
    )


def _issued(store: Store, figure: Figure) -> int:
    """The date of issue as a number; of a month or year its end; 0 where there is none."""
    found = objects(store, figure.document, DCT["issued"])
    dates = [each.value[:10].replace("-", "") for each in found if isinstance(each, Literal)]
    return max((int(each.ljust(8, "9")) for each in dates if each.isdecimal()), default=0)
