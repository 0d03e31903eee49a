"""Amounts in dollars of the United States, where a document or a note says that they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Store, Triple

from kzgraph.iri import term, thing
from kzgraph.namespaces import OA, SCHEMA, Term
from kzgraph.reasoning.hedged import literal
from kzgraph.reasoning.rules_text import objects

_DOLLAR = "USD"
_BARE = thing("unit-kind", "not-stated")
_UNIT_KIND = term("unitKind")


@dataclass(frozen=True)
class _Money:
    """A unit of money."""

    currency: str
    factor: Decimal
    kinds: frozenset[Term]


def us_dollars(store: Store) -> dict[NamedNode, Decimal]:
    """The amount of each figure in the default graph of `store` that is one of dollars.

    A bare number has the unit that a note on it gives, if it is just one, and if its quantity is
    given in such units. Nothing is converted from one currency to another.
    """
    money = _units(store)
    found = {}
    for quad in store.quads_for_pattern(None, term("value"), None, None):
        figure, value = quad.subject, quad.object
        if isinstance(figure, NamedNode) and isinstance(value, Literal):
            unit = _unit(store, figure, money)
            if unit and unit.currency == _DOLLAR:
                found[figure] = Decimal(value.value) * unit.factor
    return found


def dollar_triples(amounts: dict[NamedNode, Decimal]) -> Iterator[Triple]:
    """`kzg:usDollars` of the figures with amounts."""
    for figure, amount in amounts.items():
        yield Triple(figure, term("usDollars"), literal(amount))


def _units(store: Store) -> dict[Term, _Money]:
    found: dict[Term, _Money] = {}
    for quad in store.quads_for_pattern(None, SCHEMA["currency"], None, None):
        unit, currency = quad.subject, quad.object
        factors = objects(store, unit, term("factor"))
        if len(factors) == 1 and isinstance(factors[0], Literal) and isinstance(currency, Literal):
            kinds = frozenset(objects(store, unit, _UNIT_KIND))
            found[unit] = _Money(currency.value, Decimal(factors[0].value), kinds)
    return found


def _unit(store: Store, figure: NamedNode, money: dict[Term, _Money]) -> _Money | None:
    own = objects(store, figure, term("unit"))
    if len(own) != 1 or own[0] in money:
        return money.get(own[0]) if len(own) == 1 else None
    if _BARE not in objects(store, own[0], _UNIT_KIND):
        return None
    notes = store.quads_for_pattern(None, OA["hasTarget"], figure, None)
    noted = {body for note in notes for body in objects(store, note.subject, OA["hasBody"])}
    given = [money[body] for body in noted if body in money]
    kinds = {
        kind
        for quantity in objects(store, figure, term("quantity"))
        for kind in objects(store, quantity, _UNIT_KIND)
    }
    return given[0] if len(given) == 1 and given[0].kinds & kinds else None
