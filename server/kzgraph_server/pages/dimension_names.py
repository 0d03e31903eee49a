"""Names in words for what has none in the data: official figures, parts of activities, addresses.

A cell of a table is one of hundreds of thousands and has no label of its own; what it is, its
dimensions say: "Refugees from Afghanistan, Uzbekistan, 31 December 2018". Its number stands beside.
Labels stay in the nominative: a rule cannot inflect them, and a translation sets them off.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import term, thing
from kzgraph.namespaces import PROV, SCHEMA, TYPE, Term
from kzgraph_server.pages.language import format_number, get_language, pgettext
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


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called, and in which language; None where that is not known."""

    text: str
    language: str | None


def name_by_dimensions(
    store: Store, node: NamedNode, name: Callable[[NamedNode], Name]
) -> Name | None:
    """What a thing without a label is called on the page; None for what is not known here.

    Args:
        store: the release.
        node: the thing.
        name: what another thing is called.

    Returns:
        The name. Its language is that of what it begins with, such as the indicator that a figure
        measures, whose label may be missing in the language of the page.
    """
    given: dict[NamedNode, list[Term]] = {}
    for quad in store.quads_for_pattern(node, None, None, None):
        given.setdefault(quad.predicate, []).append(quad.object)
    named = _Named(given, name)
    text = named.make(given.get(TYPE, ()))
    return Name(text, named.language) if text else None


class _Named:
    """The values of a thing, in words."""

    def __init__(
        self,
        given: dict[NamedNode, list[Term]],
        name: Callable[[NamedNode], Name],
    ) -> None:
        self._given = given
        self._find = name
        #: Of the label that the name begins with.
        self.language: str | None = None

    def make(self, types: Iterable[Term]) -> str:
        """The name of a thing of these classes; empty for those that are not known here."""
        if term("OfficialFigure") in types:
            return self.figure()
        if SCHEMA["PropertyValue"] in types:
            return self.share()
        if PROV["Association"] in types:
            return ", ".join(filter(None, (self.of(PROV["agent"]), self.of(PROV["hadRole"]))))
        return self.texts(*_ADDRESS) if SCHEMA["PostalAddress"] in types else ""

    def figure(self) -> str:
        """What an official figure counts, where and when."""
        heads = [self.of(each) for each in (term("populationGroup"), SCHEMA["variableMeasured"])]
        quantity = self._first(term("quantity"))
        if quantity != _STOCK or not any(heads):
            heads.append(self.of(term("quantity")))
        what = ": ".join(filter(None, heads))
        parts = [self._between(what)]
        for each in _FURTHER:
            parts += map(put_inside, self._all(term(each)))
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

    def _name(self, node: NamedNode) -> str:
        found = self._find(node)
        if self.language is None:
            self.language = found.language or get_language()
        return found.text

    def _between(self, what: str) -> str:
        """What is counted, from whom or where and to whom."""
        source = self.of(term("origin")) or self.of(SCHEMA["funder"])
        recipient = self.of(SCHEMA["recipient"])
        if source and recipient:
            return _(
                "%(what)s from %(source)s to %(recipient)s",
                what=what,
                source=source,
                recipient=recipient,
            )
        if source:
            return _("%(what)s from %(source)s", what=what, source=source)
        return _("%(what)s to %(recipient)s", what=what, recipient=recipient) if recipient else what

    def _number(self, predicate: NamedNode) -> str:
        found = self._first(predicate)
        if not isinstance(found, Literal):
            return _("no number")
        sound = WRITTEN.fullmatch(found.value)
        number = format_number(found.value) if sound else found.value
        unit = self.of(term("unit"))
        return write_with_unit(number, unit) if unit else number

    def _first(self, predicate: NamedNode) -> Term | None:
        return next(iter(sorted(self._given.get(predicate, ()), key=str)), None)


def write_with_unit(number: str, unit: str) -> str:
    """A number, as it is written, with the label of its unit behind it."""
    if unit[:1].isdigit():
        # As "100 000 тұрғынға шаққанда", which would read as one number with the one before it.
        return _("%(number)s (%(unit)s)", number=number, unit=unit)
    # A rule cannot put a label into the case that its number wants: a translation may set it off.
    return pgettext("number and unit", "%(number)s %(unit)s", number=number, unit=put_inside(unit))


def put_inside(label: str) -> str:
    """A label inside a sentence: "Persons" in small letters, "US dollars" as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
