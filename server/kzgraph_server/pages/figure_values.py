"""Figures as pages show them wherever one is met: the number with what it must not go without.

The unit, the document's hedge, whether it happened or is expected, where, when and of whom. Pages
of figures, lists, search hits, charts and incoming links have it from here; templates show it by
the macros of `values.html`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from pyoxigraph import Literal, NamedNode, Quad, Store

from kzgraph.iri import term, thing
from kzgraph.namespaces import SCHEMA, TYPE, Term
from kzgraph.prefixes import PREFIXES
from kzgraph_server.pages.dimension_names import WRITTEN, write_with_unit
from kzgraph_server.pages.language import format_number
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View, Viewer

_DATA_SET = NamedNode(f"{PREFIXES['qb']}dataSet")
_CLASSES = frozenset(map(term, ("Figure", "OfficialFigure")))
_MONEY = SCHEMA["currency"]
#: Where the number of a figure stands: stated, official, and per inhabitants.
_NUMBERS = (term("value"), term("officialValue"), SCHEMA["value"])
#: What a thing that is counted may be called by, most telling first.
_COUNTED = (
    *map(term, ("populationGroup", "indicator", "donor", "series")),
    SCHEMA["variableMeasured"],
)
PER_CENT, _NO_UNIT = thing("unit", "percent"), thing("unit-kind", "not-stated")
#: What stands before a number that is a bound.
SIGNS = {
    thing("bound", "approximate"): "≈",
    thing("bound", "lower"): "≥",
    thing("bound", "upper"): "≤",
}
_ACTUAL = thing("status", "actual")


class Kind(Enum):
    """What a value is, which pages and charts show by shape and pattern."""

    EXACT = "exact"
    HEDGED = "hedged"
    FORECAST = "forecast"
    TARGET = "target"
    PLANNED = "planned"
    DERIVED = "derived"
    OFFICIAL = "official"
    #: There is no number.
    NONE = "none"


#: The kinds of figures that had not happened, by their status.
EXPECTED = {
    thing("status", each.value): each for each in (Kind.FORECAST, Kind.TARGET, Kind.PLANNED)
}


@dataclass(frozen=True, slots=True)
class Value:
    """A figure in short.

    Attributes:
        iri: the figure.
        href: its page.
        label: what it is called.
        kind: how its mark looks.
        number: None where there is none, or a range.
        least: the lower end of a range.
        most: its upper end.
        unit: what the number counts.
        sign: `≈`, `≥` or `≤`, where the number is a bound; else empty.
        hedge: the document's word for that.
        bound: exact, approximate, a lower or upper bound or a range.
        status: whether it happened or is expected.
        is_actual: whether it is told as having happened.
        availability: why there is no number, where a document gives none.
        scope: the operation, country or organisation that it is about.
        time: its day or period.
        year: where its time lies in one year.
        quantity: a stock, a flow, a budget or the like.
        counted: whom or what it counts: the group, indicator, series or donor.
        origin: where the people come from.
        dollars: the amount in dollars, of money.
        amount: the number with its unit, as the language of the page writes them.
    """

    iri: str
    href: str | None
    label: View
    kind: Kind
    number: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    unit: View | None = None
    sign: str = ""
    hedge: View | None = None
    bound: View | None = None
    status: View | None = None
    is_actual: bool = True
    availability: View | None = None
    scope: View | None = None
    time: View | None = None
    year: int | None = None
    quantity: View | None = None
    counted: View | None = None
    origin: View | None = None
    dollars: Decimal | None = None
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of numbers.

    Attributes:
        node: the unit.
        name: what the page calls it.
        currency: the code of ISO 4217, of money.
        factor: by how many of the currency it counts.
        is_stated: False of what has no unit in its document.
    """

    node: NamedNode
    name: View
    currency: str = ""
    factor: Decimal = Decimal(1)
    is_stated: bool = True


class ValueReader:
    """Reads figures; one per request, since it remembers units as the viewer does names.

    A figure costs two lookups, and one more for each thing that it names for the first time.
    """

    def __init__(self, store: Store, viewer: Viewer) -> None:
        """Read from `store`, with the names that `viewer` gives."""
        self._store = store
        #: Gives names.
        self.viewer = viewer
        self._units: dict[NamedNode, Unit | None] = {}
        #: A statement of each graph that figures were read from: whose data a page has.
        self.met: dict[object, Quad] = {}

    def read(self, node: NamedNode) -> Value | None:
        """The figure `node` in short; None where it is not a figure."""
        classes = {quad.object for quad in self._store.quads_for_pattern(node, TYPE, None, None)}
        # Asked first: of other things, such as a document, there may be any number of statements.
        if not classes & _CLASSES:
            return None
        found: dict[NamedNode, list[Term]] = {}
        for quad in self._store.quads_for_pattern(node, None, None, None):
            found.setdefault(quad.predicate, []).append(quad.object)
            self.met[quad.graph_name] = quad
        return self._make(node, found, classes)

    def _make(
        self, node: NamedNode, found: dict[NamedNode, list[Term]], classes: set[Term]
    ) -> Value:
        numbers = (read_number(_first(found, name)) for name in _NUMBERS)
        number = next((each for each in numbers if each is not None), None)
        least, most = (read_number(_first(found, term(name))) for name in ("least", "most"))
        bound, status = _first(found, term("bound")), _first(found, term("status"))
        unit = self.find_unit(found)
        counted = [each for name in _COUNTED if (each := _first(found, name)) is not None]
        year = read_number(_first(found, term("year")))
        hedge = _first(found, term("hedge"))
        named = self.viewer.named(node)
        sign = SIGNS.get(bound, "") if isinstance(bound, NamedNode) else ""
        return Value(
            iri=node.value,
            href=named.href,
            label=named,
            kind=_find_kind(classes, number, least, status, bound),
            number=number,
            least=least,
            most=most,
            unit=unit.name if unit else None,
            sign=sign,
            hedge=self.viewer.plain(hedge) if hedge else None,
            bound=self._named(bound),
            status=self._named(status),
            is_actual=status in (None, _ACTUAL),
            availability=self._named(_first(found, term("availability"))),
            scope=self._named(_first(found, term("scope"))),
            time=self._named(_first(found, term("time"))),
            year=int(year) if year is not None else None,
            quantity=self._named(_first(found, term("quantity"))),
            counted=self._named(counted[0]) if counted else None,
            origin=self._named(_first(found, term("origin"))),
            dollars=read_number(_first(found, term("usDollars"))),
            amount=_write_range(number, least, most, unit),
        )

    def _named(self, node: Term | None) -> View | None:
        return self.viewer.named(node) if isinstance(node, NamedNode) else None

    def find_unit(self, found: dict[NamedNode, list[Term]]) -> Unit | None:
        """The unit of a figure: its own, or that of its table or indicator.

        Args:
            found: what is said of the figure.
        """
        own = _first(found, term("unit"))
        if isinstance(own, NamedNode):
            return self._read_unit(own)
        for name in (_DATA_SET, SCHEMA["variableMeasured"]):
            table = _first(found, name)
            if isinstance(table, NamedNode):
                if table not in self._units:
                    quads = self._store.quads_for_pattern(table, term("unit"), None, None)
                    unit = min((quad.object for quad in quads), key=str, default=None)
                    self._units[table] = (
                        self._read_unit(unit) if isinstance(unit, NamedNode) else None
                    )
                if self._units[table] is not None:
                    return self._units[table]
        return None

    def _about(self, node: NamedNode, name: NamedNode) -> Iterator[Quad]:
        return self._store.quads_for_pattern(node, name, None, None)

    def _read_unit(self, node: NamedNode) -> Unit:
        unit = self._units.get(node)
        if unit is None:
            # By property: what has it as its unit may be said of a unit as well.
            currency, factor, kind = (
                next((quad.object for quad in self._about(node, name)), None)
                for name in (_MONEY, term("factor"), term("unitKind"))
            )
            unit = Unit(
                node,
                self.viewer.named(node),
                currency.value if isinstance(currency, Literal) else "",
                read_number(factor) or Decimal(1),
                kind != _NO_UNIT,
            )
            self._units[node] = unit
        return unit


def write_amount(number: Decimal, unit: Unit | None) -> str:
    """A number with its unit, as the language of the page writes them."""
    written = format_number(number)
    if unit is None or not unit.is_stated:
        return written
    if unit.node == PER_CENT:
        return _("%(number)s%%", number=written)
    if unit.currency and unit.factor == 1_000_000:
        return _("%(number)s million %(currency)s", number=written, currency=unit.currency)
    if unit.currency and unit.factor == 1:
        return _("%(number)s %(currency)s", number=written, currency=unit.currency)
    return write_with_unit(written, unit.name.text)


def _write_range(
    number: Decimal | None, least: Decimal | None, most: Decimal | None, unit: Unit | None
) -> str:
    if number is not None:
        return write_amount(number, unit)
    if least is None or most is None:
        return ""
    return _("%(least)s to %(most)s", least=format_number(least), most=write_amount(most, unit))


def _find_kind(
    classes: set[Term],
    number: Decimal | None,
    least: Decimal | None,
    status: Term | None,
    bound: Term | None,
) -> Kind:
    if number is None and least is None:
        return Kind.NONE
    if term("OfficialFigure") in classes:
        return Kind.OFFICIAL
    if term("DerivedFigure") in classes:
        return Kind.DERIVED
    if isinstance(status, NamedNode) and status in EXPECTED:
        return EXPECTED[status]
    hedged = isinstance(bound, NamedNode) and bound != thing("bound", "exact")
    return Kind.HEDGED if hedged else Kind.EXACT


def _first(found: dict[NamedNode, list[Term]], name: NamedNode) -> Term | None:
    return min(found.get(name, ()), key=str, default=None)


def read_number(found: Term | None) -> Decimal | None:
    """A number as the data have it: no infinity, and no exponent that is longer written out."""
    sound = isinstance(found, Literal) and WRITTEN.fullmatch(found.value)
    return Decimal(found.value) if isinstance(found, Literal) and sound else None
