"""Chosen figures: of the stated figures of one thing in one year and place the one to take.

Headline figures are those of them to add up: no two count the same (`kzgraph.reasoning.disjoint`).
A plain sum over what one takes for a series must not mix unlike numbers, so a candidate is a figure

1. that a document reports: actual, or of the only status that its quantity has, as of a budget;
2. that adds up with others: of an additive quantity, for all origins, sexes, ages and donors; of
   people how many there are (a stock, not how many came or left); of money what is dollars, by the
   document or a note; of money and things as much as in a whole year;
3. whose time lies in one calendar year;
4. that is about a country or more: a number of a city is none of its country;
5. that is no part of a figure of the same group and place.

Figures that share population group, series, quantity and year are rivals if their places are the
same, contain each other or may overlap. The first of them is chosen, the next that overlaps with
none of those chosen, and so on: a country before an operation of several; then dollars one by one
before others; then the later date; then all registering bodies before one; then persons before
households; then exact before hedged; then the later document. `kzg:chosenInstead` leads from all
others to what was chosen, also from parts, forecasts and plans that no candidate is.

Amounts that are not in dollars one by one are chosen, and are no headlines: their numbers cannot be
added to dollars, their `kzg:usDollars` can.

Where no document says what an operation covers, a note of the project may; where neither does it
may overlap with any place.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term, thing
from kzgraph.namespaces import DCT, TYPE, Term
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

Key = tuple[Term | None, ...]


@dataclass(frozen=True)
class Rival:
    """A figure that counts what a chosen one would; `candidate` if it may be that itself.

    `adds_up` says that its number can be added to others of its quantity as it stands.
    """

    figure: Figure
    key: Key
    candidate: bool
    adds_up: bool
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
    pools: dict[Key, list[Rival]] = {}
    for rivals in groups.values():
        for rival, instead in _choose(rivals, places):
            yield from (Triple(rival.figure.iri, _INSTEAD, other) for other in instead)
            if not instead:
                yield Triple(rival.figure.iri, TYPE, term("ChosenFigure"))
                if rival.adds_up:
                    year = rival.figure.cell["year"]
                    pools.setdefault((_counted(rival.figure), year), []).append(rival)
    for pool in pools.values():
        ranked = sorted(pool, key=lambda each: each.rank)
        for figure in find_disjoint(store, [each.figure for each in ranked], places):
            yield Triple(figure.iri, TYPE, term("HeadlineFigure"))


def _choose(rivals: Iterable[Rival], places: Places) -> Iterator[tuple[Rival, list[NamedNode]]]:
    """Each rival that has an outcome, with what was chosen instead: nothing of a chosen one.

    Candidates come first, so that what a forecast leads to is known when its turn comes.
    """
    chosen = places.start_choice()
    for rival in sorted(rivals, key=lambda each: (not each.candidate, each.rank)):
        scope = rival.figure.cell.get("scope")
        taken = chosen.overlapping(scope)
        if taken:
            yield rival, sorted(taken, key=str)
        elif rival.candidate:
            chosen.add(scope, rival.figure.iri)
            yield rival, []


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
    adds_up = dollars in (None, figure.value)
    rank = _rank(store, figure, places, adds_up)
    return Rival(figure, key, candidate, adds_up, rank)


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


def _rank(store: Store, figure: Figure, places: Places, adds_up: bool) -> tuple[object, ...]:
    end = figure.span and figure.span.end
    return (
        places.breadth(figure.cell.get("scope")),
        not adds_up,
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
