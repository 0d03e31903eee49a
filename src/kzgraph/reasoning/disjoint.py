"""Of figures chosen one by one those that can be added up: none counts what another does.

A figure counts a part of another if its document says so (`kzg:componentOf`, `kzg:includedIn`), or
if its group and series are the other's or narrower ones in their code lists, in the same place.

- Groups that make up a total to the last number stand for it. Others give way to it, since without
  it something would be missing; so do the series of an amount, for which one asks by their names.
- Of places that overlap the narrower comes first, as among figures of one group.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from pyoxigraph import NamedNode, Store

from kzgraph.iri import term
from kzgraph.namespaces import SKOS, Term
from kzgraph.reach import reach
from kzgraph.reasoning.figures import Figure
from kzgraph.reasoning.places import Choice, Places
from kzgraph.reasoning.rules_text import objects

#: How a document says that a figure is a part of another.
WHOLES = (term("componentOf"), term("includedIn"))

_BROADER = SKOS["broader"]

#: A population group and a series.
Cell = tuple[Term | None, Term | None]


def stated_wholes(store: Store, figure: NamedNode) -> Iterator[NamedNode]:
    """What a figure is a part of, directly or not, as the documents say."""
    start: list[Term] = [figure]
    for each in reach(start, lambda one: (w for step in WHOLES for w in objects(store, one, step))):
        if isinstance(each, NamedNode) and each != figure:
            yield each


def find_disjoint(store: Store, figures: Sequence[Figure], places: Places) -> list[Figure]:
    """Those of `figures`, of one quantity and year, of which no two count the same.

    Args:
        store: the parts and code lists are in its default graph.
        figures: in the order in which to choose; no two may share place, group and series.
        places: where their scopes are.
    """
    return _Choosing(store, figures, places).choose()


class _Choosing:
    def __init__(self, store: Store, figures: Sequence[Figure], places: Places) -> None:
        self._store = store
        self._figures = {figure.iri: figure for figure in figures}
        self._places = places
        self._out: set[NamedNode] = set()
        self._around: dict[Term | None, frozenset[Term | None]] = {}

    def choose(self) -> list[Figure]:
        for whole in sorted(self._figures, key=lambda each: len(self._wholes[each])):
            if whole not in self._out:
                self._settle(whole)
        return list(self._apart())

    def _settle(self, whole: NamedNode) -> None:
        """Take out a total that its parts make up, or else its parts."""
        parts = [each for each in self._parts[whole] if each not in self._out]
        direct = [each for each in parts if self._wholes[each].isdisjoint(parts)]
        self._out.update([whole] if self._make_up(direct, self._figures[whole]) else parts)

    def _make_up(self, parts: Iterable[NamedNode], whole: Figure) -> bool:
        found = [self._figures[part] for part in parts]
        groups = all(part.cell.get("series") == whole.cell.get("series") for part in found)
        total = sum((part.value for part in found), Decimal(0))
        return groups and whole.value > 0 and total == whole.value

    def _apart(self) -> Iterator[Figure]:
        """The figures left whose places do not overlap, where their groups do."""
        left = [each for each in self._figures.values() if each.iri not in self._out]
        cells = {_cell(figure) for figure in left}
        related = {cell: [each for each in cells if self._is_related(cell, each)] for cell in cells}
        choices: dict[Cell, Choice] = {}
        for figure in left:
            scope, cell = figure.cell.get("scope"), _cell(figure)
            if not any(
                choices[each].overlapping(scope) for each in related[cell] if each in choices
            ):
                choices.setdefault(cell, self._places.start_choice()).add(scope, figure.iri)
                yield figure

    @cached_property
    def _wholes(self) -> dict[NamedNode, set[NamedNode]]:
        """What each figure is a part of, of those there are."""
        at: dict[Term | None, list[Figure]] = {}
        for figure in self._figures.values():
            at.setdefault(figure.cell.get("scope"), []).append(figure)

        def step(iri: NamedNode) -> list[NamedNode]:
            cell = _cell(self._figures[iri])
            near = at[self._figures[iri].cell.get("scope")]
            wider = [each.iri for each in near if self._is_within(cell, _cell(each))]
            stated = stated_wholes(self._store, iri)
            return [*wider, *(each for each in stated if each in self._figures)]

        return {each: {*reach([each], step)} - {each} for each in self._figures}

    @cached_property
    def _parts(self) -> dict[NamedNode, list[NamedNode]]:
        found: dict[NamedNode, list[NamedNode]] = {each: [] for each in self._figures}
        for part, wholes in self._wholes.items():
            for whole in wholes:
                found[whole].append(part)
        return found

    def _is_related(self, one: Cell, other: Cell) -> bool:
        return self._is_within(one, other) or self._is_within(other, one)

    def _is_within(self, one: Cell, other: Cell) -> bool:
        """Whether a cell is another or narrower, by the code lists, and not the same."""
        return one != other and all(
            wide in self._wider(narrow) for narrow, wide in zip(one, other, strict=True)
        )

    def _wider(self, code: Term | None) -> frozenset[Term | None]:
        """A code and all that it is narrower than."""
        if code not in self._around:
            found = reach([code], lambda each: objects(self._store, each, _BROADER))
            self._around[code] = frozenset(found)
        return self._around[code]


def _cell(figure: Figure) -> Cell:
    return figure.cell.get("populationGroup"), figure.cell.get("series")
