"""What a release calls things, for answers outside of pages: at the command line."""

from decimal import Decimal, InvalidOperation
from functools import cache

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import term, thing
from kzgraph.namespaces import DCT, LABEL, SCHEMA, Term
from kzgraph.prefixes import PREFIXES, shorten

_DATA_SET = NamedNode(f"{PREFIXES['qb']}dataSet")
#: What an official figure, which has no label, is called by.
_DIMENSIONS = ("populationGroup", "quantity", "origin", "scope", "time")
_UNTOLD = frozenset(
    {thing("origin", "all"), thing("origin", "stateless"), thing("quantity", "stock")}
)


class ReleaseLabels:
    """Names of things in a language, and numbers as English writes them.

    It remembers names: one for each answer.
    """

    def __init__(self, store: Store, language: str) -> None:
        """Look labels up in `store`, those in `language` first, then English ones."""
        self._store = store
        self._order = (language, "en", "")
        self.name = cache(self._name)

    def _name(self, node: NamedNode) -> str:
        for predicate in (LABEL, DCT["title"]):
            found = [
                (self._order.index(name.language or ""), name.value)
                for name in self._objects(node, predicate)
                if isinstance(name, Literal) and (name.language or "") in self._order
            ]
            if found:
                return min(found)[1]
        parts = [each for name in _DIMENSIONS for each in self._objects(node, term(name))]
        named = [
            self.name(each) for each in parts if isinstance(each, NamedNode) and each not in _UNTOLD
        ]
        return ", ".join(named) or shorten(node.value)

    def amount(self, node: NamedNode) -> str:
        """The number of a figure with its unit and hedge; empty where it has none."""
        numbers = [self._number(node, term(name)) for name in ("value", "officialValue")]
        numbers.append(self._number(node, SCHEMA["value"]))
        number = next((each for each in numbers if each is not None), None)
        if number is not None:
            written = self.number(number)
        else:
            ends = [self._number(node, term(name)) for name in ("least", "most")]
            written = " to ".join(self.number(each) for each in ends if each is not None)
        if not written:
            return ""
        unit = self._unit(node)
        written = f"{written}{unit}"
        dollars = self._number(node, term("usDollars"))
        if dollars is not None and dollars != number:
            written += f" (by a note of the project: {self.number(dollars)} US dollars)"
        for hedge in self._objects(node, term("hedge")):
            if isinstance(hedge, Literal):
                return f"{written} (in its words “{hedge.value}”)"
        return written

    def number(self, value: Decimal) -> str:
        """A number with all its digits, thousands separated by commas."""
        return f"{value:,f}"

    def _unit(self, node: NamedNode) -> str:
        """The unit of a figure, as it stands behind its number; nothing where it has none."""
        tables = [each for each in self._objects(node, _DATA_SET) if isinstance(each, NamedNode)]
        for about in (node, *tables):
            for unit in self._objects(about, term("unit")):
                if not isinstance(unit, NamedNode) or unit == thing("unit", "not-stated"):
                    return ""
                if unit == thing("unit", "percent"):
                    return "%"
                name = self.name(unit)
                # "Persons" in small letters, "US dollars" as it is.
                return f" {name[:1].lower() + name[1:] if name[1:2].islower() else name}"
        return ""

    def _number(self, node: NamedNode, predicate: NamedNode) -> Decimal | None:
        for found in self._objects(node, predicate):
            try:
                return Decimal(getattr(found, "value", ""))
            except InvalidOperation:
                return None
        return None

    def _objects(self, node: NamedNode, predicate: NamedNode) -> list[Term]:
        quads = self._store.quads_for_pattern(node, predicate, None, None)
        return sorted((quad.object for quad in quads), key=str)
