"""Pairs of figures that may be compared, found by what they count, when and where.

Comparing each figure with each is quadratic in the number of documents. By keys the work grows
with the pairs that there are: figures of one country and time, and of those whose place is unknown
the ones with one status.
"""

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import NamedNode, Store

from kzgraph.iri import term
from kzgraph.namespaces import Term
from kzgraph.reasoning.figures import Figure
from kzgraph.reasoning.rules_text import objects
from kzgraph.reasoning.scopes import Scopes

#: What a figure may count, one of which it needs, and what it may count it within.
_COUNTED = tuple(map(term, ("populationGroup", "quantity", "indicator")))
_WITHIN = tuple(map(term, ("origin", "series", "sex", "age", "disability")))


def comparable_pairs(
    store: Store, figures: dict[NamedNode, Figure]
) -> Iterator[tuple[Figure, Figure]]:
    """Each pair of figures that count the same in the same unit, once.

    Their times may be equal or one contain the other. Their scopes are the same; or contain each
    other, overlap or are unknown, and then their status is the same.
    """
    counts: dict[tuple[object, ...], list[Figure]] = {}
    for iri in sorted(figures, key=lambda iri: iri.value):
        figure = figures[iri]
        counted = tuple(frozenset(objects(store, iri, each)) for each in (*_COUNTED, *_WITHIN))
        # Two gifts of one donor are two gifts, not one told twice.
        dated = figure.span is not None and "donor" not in figure.cell
        if dated and "unit" in figure.cell and any(counted[: len(_COUNTED)]):
            counts.setdefault((figure.cell["unit"], *counted), []).append(figure)
    scopes = Scopes(store)
    for alike in counts.values():
        # Figures of several years meet in each of them.
        met: set[tuple[NamedNode, NamedNode]] = set()
        for contemporary in _by_time(alike):
            for one, other in _by_place(contemporary, scopes):
                pair = (
                    (one.iri, other.iri)
                    if one.iri.value < other.iri.value
                    else (other.iri, one.iri)
                )
                if pair not in met:
                    met.add(pair)
                    yield figures[pair[0]], figures[pair[1]]


def _by_time(alike: Iterable[Figure]) -> Iterator[Sequence[Figure]]:
    """Figures that may be of one time: flows of the same, stocks of a year in common.

    A period that is open at one end may contain any other.
    """
    found: dict[object, list[Figure]] = {}
    unended = []
    for figure in alike:
        span = figure.span
        if span is None:
            continue
        if figure.code("quantity") != "stock":
            found.setdefault(figure.cell.get("time"), []).append(figure)
        elif span.start is None or span.end is None:
            unended.append(figure)
        else:
            for year in range(span.start.year, span.end.year + 1):
                found.setdefault(year, []).append(figure)
    yield unended
    for contemporary in found.values():
        yield contemporary + unended


def _by_place(alike: Sequence[Figure], scopes: Scopes) -> Iterator[tuple[Figure, Figure]]:
    """Figures of one scope, or whose scopes may meet; some twice.

    Figures of two scopes differ in that already, so that they have to agree in their status.
    """
    of_one: dict[Term | None, list[Figure]] = {}
    covering: dict[tuple[Term | None, Term | None], list[Figure]] = {}
    for figure in alike:
        scope, status = figure.cell.get("scope"), figure.cell.get("status")
        for other in of_one.setdefault(scope, []):
            yield figure, other
        of_one[scope].append(figure)
        for place in scopes.places(scope) or (None,):
            covering.setdefault((place, status), []).append(figure)
    for figure in alike:
        scope, status = figure.cell.get("scope"), figure.cell.get("status")
        # What lies in a place finds it from here; what is unknown is found by all.
        for place in (*scopes.enclosing(scope), None):
            for other in covering.get((place, status), ()):
                if other.cell.get("scope") != scope:
                    yield figure, other
