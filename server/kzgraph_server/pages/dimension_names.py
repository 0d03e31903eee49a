"""Names in words for what has none in the data: official figures, parts of activities, addresses.

A cell of a table is one of hundreds of thousands and has no label of its own; what it is, its
dimensions say: "Refugees from Afghanistan, Uzbekistan, 31 December 2018". Its number stands beside.
"""

import re
from collections.abc import Callable

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import term, thing
from kzgraph.namespaces import PROV, SCHEMA, TYPE, Term
from kzgraph_server.pages.language import format_number
from kzgraph_server.pages.language import gettext as _

#: A number as data have it: an exponent may be millions of digits, written out.
WRITTEN = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?")
#: Dimensions that are named behind what is counted, where they tell anything apart.
_FURTHER = ("sex", "age", "decisionLevel", "registeredBy", "status", "kind")
#: A number on a day; the day says so too.
_STOCK = thing("quantity", "stock")
_ADDRESS = tuple(SCHEMA[each] for each in ("streetAddress", "addressLocality"))
_ALL = frozenset(
    thing(*each.split("/")) for each in ("origin/all", "sex/all", "age/all", "origin/stateless")
)


def name_by_dimensions(
    store: Store, node: NamedNode, name: Callable[[NamedNode], str]
) -> str | None:
    """What a thing without a label is called on the page; None for what is not known here.

    Args:
        store: the release.
        node: the thing.
        name: what another thing is called.
    """
    given: dict[NamedNode, list[Term]] = {}
    for quad in store.quads_for_pattern(node, None, None, None):
        given.setdefault(quad.predicate, []).append(quad.object)
    named = _Named(given, name)
    types = given.get(TYPE, ())
    if term("OfficialFigure") in types:
        return named.figure() or None
    if SCHEMA["PropertyValue"] in types:
        return named.share()
    if PROV["Association"] in types:
        return ", ".join(filter(None, (named.of(PROV["agent"]), named.of(PROV["hadRole"]))))
    if SCHEMA["PostalAddress"] in types:
        return named.texts(*_ADDRESS)
    return None


class _Named:
    """The values of a thing, in words."""

    def __init__(
        self,
        given: dict[NamedNode, list[Term]],
        name: Callable[[NamedNode], str],
    ) -> None:
        self._given = given
        self._name = name

    def figure(self) -> str:
        """What an official figure counts, where and when."""
        heads = [self.of(each) for each in (term("populationGroup"), SCHEMA["variableMeasured"])]
        quantity = self._first(term("quantity"))
        if quantity != _STOCK or not any(heads):
            heads.append(self.of(term("quantity")))
        what = ": ".join(filter(None, heads))
        parts = [self._between(what)]
        for each in _FURTHER:
            parts += map(_inside, self._all(term(each)))
        parts += [self.of(term("scope")), self.of(term("time"))]
        return ", ".join(filter(None, parts))

    def share(self) -> str:
        """A share of an activity, or the significance of a marker."""
        value = self.of(SCHEMA["value"]) or self._number(SCHEMA["value"])
        return f"{self.of(SCHEMA['propertyID'])}: {value}"

    def texts(self, *predicates: NamedNode) -> str:
        """The texts that some properties lead to, with commas."""
        found = map(self._first, predicates)
        return ", ".join(each.value for each in found if isinstance(each, Literal))

    def of(self, predicate: NamedNode) -> str:
        """What a property leads to; nothing where that tells nothing apart, or is a number."""
        return next(iter(self._all(predicate)), "")

    def _all(self, predicate: NamedNode) -> list[str]:
        found = sorted(self._given.get(predicate, ()), key=str)
        return [
            self._name(each) for each in found if isinstance(each, NamedNode) and each not in _ALL
        ]

    def _between(self, what: str) -> str:
        """What is counted, from whom or where and to whom."""
        for source in (self.of(term("origin")), self.of(SCHEMA["funder"])):
            if source:
                what = _("%(what)s from %(source)s", what=what, source=source)
        recipient = self.of(SCHEMA["recipient"])
        if recipient:
            what = _("%(what)s to %(recipient)s", what=what, recipient=recipient)
        return what

    def _number(self, predicate: NamedNode) -> str:
        found = self._first(predicate)
        if not isinstance(found, Literal):
            return _("no number")
        sound = WRITTEN.fullmatch(found.value)
        number = format_number(found.value) if sound else found.value
        unit = self.of(term("unit"))
        return f"{number} {_inside(unit)}" if unit else number

    def _first(self, predicate: NamedNode) -> Term | None:
        return next(iter(sorted(self._given.get(predicate, ()), key=str)), None)


def _inside(label: str) -> str:
    """A label inside a sentence: "Persons" in small letters, "US dollars" as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
