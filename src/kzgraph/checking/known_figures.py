"""The figures of a release that claims are compared with, as numbers with what they are of."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import term, thing
from kzgraph.namespaces import SCHEMA, SKOS, TYPE, Term
from kzgraph.prefixes import PREFIXES

_PERSONS, _PER_CENT = thing("unit", "persons"), thing("unit", "percent")
_FORESEEN = thing("status", "foreseen")
_OPERATIONS = f"{PREFIXES['kzr']}operation/"


@dataclass(frozen=True)
class Known:
    """A figure, stated by a document or computed from such figures.

    Attributes:
        node: the figure.
        value: as published.
        amount: of money the dollars, where they are known; else the value.
        unit_kind: `people`, `money`, `ratio`, `count` or `not-stated`.
        unit: the IRI of its unit.
        quantity: the IRI of its quantity or indicator.
        measure: `stock`, `flow`, `share`, `change` or `ratio`.
        scope: the IRI of the operation, country or organisation that it is about.
        country: the one country that it is about; empty where there is none.
        group: the IRI of its population group; empty where there is none.
        origin: the IRI of the country that the people come from; empty of all together.
        series: the IRI of the part of the money; empty where there is none.
        registered_by: the IRI of who registers; empty where that is not told.
        bound: `exact`, `approximate`, `lower` or `upper`.
        is_foreseen: whether it was planned or expected and had not happened.
        is_computed: whether the project computed it.
        year: that its time lies in; None where it has none.
        date: its day, `2024-01-01`; empty where it is of a period or undated.
        since: the year that an open period begins in; None where it is not open.
        newest: the year until which its document tells of things.
    """

    node: NamedNode
    value: Decimal
    amount: Decimal
    unit_kind: str
    unit: str
    quantity: str
    measure: str
    scope: str
    country: str
    group: str
    origin: str
    series: str
    registered_by: str
    bound: str
    is_foreseen: bool
    is_computed: bool
    year: int | None
    date: str
    since: int | None
    newest: int

    @property
    def amounts(self) -> set[Decimal]:
        """The numbers that a claim may give it by, without a sign."""
        return {abs(self.value), abs(self.amount)}

    @property
    def is_dated(self) -> bool:
        """Whether its document says of what time it is."""
        return self.year is not None or self.since is not None


class Figures:
    """The figures of documents, and those that are computed of them.

    Attributes:
        known: all that have a value.
        broader: a population group to those that it is one of.
        updated: a figure to the one by which a later source replaces it.
        areas: the countries of operations that cover several.
        measures: the measure of each quantity.
        kinds: the kinds of unit that each quantity has.
    """

    def __init__(self, store: Store) -> None:
        """Read them."""
        self._store = store
        self.measures: dict[str, str] = {}
        self.kinds: dict[str, set[str]] = {}
        for quad in store.quads_for_pattern(None, term("measure"), None, None):
            self.measures[_iri(quad.subject)] = _last(quad.object)
        for quad in store.quads_for_pattern(None, term("unitKind"), None, None):
            self.kinds.setdefault(_iri(quad.subject), set()).add(_last(quad.object))
        self._foreseen = {
            quad.subject for quad in store.quads_for_pattern(None, SKOS["broader"], _FORESEEN, None)
        }
        self._newest: dict[str, int] = {}
        self.known = [*self._read("StatedFigure", False), *self._read("DerivedFigure", True)]
        self._amounts = sorted(
            ((float(amount), at) for at, each in enumerate(self.known) for amount in each.amounts),
        )
        self._subjects: dict[str, set[int]] = {}
        for at, each in enumerate(self.known):
            for subject in {each.group, each.quantity, each.series} - {""}:
                self._subjects.setdefault(subject, set()).add(at)
        self.broader = self._read_pairs(SKOS["broader"], "population-group/")
        self.updated = self._read_updates()
        self.areas = self._read_areas()

    def find(
        self, values: Iterable[Decimal], within: Decimal, subjects: Iterable[str]
    ) -> list[Known]:
        """The figures with about one of some values, or of one of some subjects.

        Args:
            values: numbers without a sign.
            within: how far a number may be from them, as a part of them.
            subjects: IRIs of groups, quantities and series.
        """
        found: set[int] = set()
        for value in values:
            least, most = float(value * (1 - within)), float(value * (1 + within))
            first = bisect_left(self._amounts, (least, -1))
            for amount, at in islice(self._amounts, first, None):
                if amount > most:
                    break
                found.add(at)
        for subject in subjects:
            found |= self._subjects.get(subject, set())
        return [self.known[at] for at in sorted(found)]

    def _read(self, kind: str, is_computed: bool) -> Iterable[Known]:
        for quad in self._store.quads_for_pattern(None, TYPE, term(kind), None):
            if isinstance(quad.subject, NamedNode):
                known = self._make(quad.subject, is_computed)
                if known is not None:
                    yield known

    def _make(self, node: NamedNode, is_computed: bool) -> Known | None:
        said: dict[NamedNode, Term] = {}
        for quad in self._store.quads_for_pattern(node, None, None, None):
            said.setdefault(quad.predicate, quad.object)
        value = _number(said.get(term("value")))
        if value is None:
            return None

        def get(name: str) -> str:
            return _iri(said.get(term(name)))

        def year(name: str) -> int | None:
            found = _number(said.get(term(name)))
            return None if found is None else int(found)

        unit, quantity = get("unit"), get("quantity") or get("indicator")
        dollars = _number(said.get(term("usDollars")))
        first, last = year("firstYear"), year("lastYear")
        origin, registered = get("origin"), get("registeredBy")
        document = get("statedIn")
        return Known(
            node=node,
            value=value,
            amount=value if dollars is None else dollars,
            unit_kind="money" if dollars is not None else self._unit_kind(unit),
            unit=unit,
            quantity=quantity,
            measure=self.measures.get(quantity, ""),
            scope=get("scope"),
            country=get("country"),
            group=get("populationGroup"),
            origin="" if origin.endswith("/all") else origin,
            series=get("series"),
            registered_by="" if registered.endswith("/not-stated") else registered,
            bound=_last(said.get(term("bound"))) or "exact",
            is_foreseen=said.get(term("status")) in self._foreseen,
            is_computed=is_computed,
            year=year("year"),
            date=getattr(said.get(term("date")), "value", ""),
            since=first if first is not None and last is None else None,
            newest=self._find_newest(document) if document else 0,
        )

    def _unit_kind(self, unit: str) -> str:
        return next(iter(self.kinds.get(unit, ())), "not-stated")

    def _find_newest(self, document: str) -> int:
        """The last year that a document tells something of; 0 where it names none."""
        if document not in self._newest:
            years = [0]
            stated = self._store.quads_for_pattern(
                None, term("statedIn"), NamedNode(document), None
            )
            for quad in stated:
                for each in self._store.quads_for_pattern(
                    quad.subject, term("firstYear"), None, None
                ):
                    years.append(int(_number(each.object) or 0))
            self._newest[document] = max(years)
        return self._newest[document]

    def _read_pairs(self, name: NamedNode, scheme: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for quad in self._store.quads_for_pattern(None, name, None, None):
            if f"/id/{scheme}" in _iri(quad.subject):
                found.setdefault(_iri(quad.subject), set()).add(_iri(quad.object))
        return found

    def _read_updates(self) -> dict[NamedNode, NamedNode]:
        found: dict[NamedNode, NamedNode] = {}
        update = thing("comparison-kind", "update")
        for quad in self._store.quads_for_pattern(None, term("kind"), update, None):
            older, newer = (
                next(self._store.quads_for_pattern(quad.subject, term(name), None, None), None)
                for name in ("baseline", "comparand")
            )
            pair = [each.object for each in (older, newer) if each]
            match pair:
                case [NamedNode() as replaced, NamedNode() as replacing]:
                    found[replaced] = replacing
        return found

    def _read_areas(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for quad in self._store.quads_for_pattern(None, SCHEMA["areaServed"], None, None):
            if _iri(quad.subject).startswith(_OPERATIONS):
                found.setdefault(_iri(quad.subject), set()).add(_iri(quad.object))
        return {iri: frozenset(countries) for iri, countries in found.items()}


def _iri(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def _last(node: object) -> str:
    return _iri(node).rsplit("/", 1)[-1]


def _number(node: object) -> Decimal | None:
    try:
        found = Decimal(node.value) if isinstance(node, Literal) else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None
