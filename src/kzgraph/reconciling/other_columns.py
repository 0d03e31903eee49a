"""Other columns of a row, compared with what candidates have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import ID
from kzgraph.namespaces import LABEL, SKOS, Term
from kzgraph.reconciling.comparing_names import Text
from kzgraph.reconciling.properties import Property
from kzgraph.search.entries import last_segment

_NAMES = (LABEL, SKOS["prefLabel"], SKOS["altLabel"])


class Fit(IntEnum):
    """How a candidate fits what other columns say."""

    CONTRADICTED = -1
    """It has values of a property, and none of them is what the column has."""
    UNKNOWN = 0
    """It has no values of any of the properties."""
    MET = 1
    """It has a value that the column has, and none is contradicted."""
    IDENTIFIED = 2
    """So it has of a property whose values no two things share."""


@dataclass(frozen=True)
class Constraint:
    """What another column says.

    Attributes:
        property: the property that the column is of.
        values: what it has: texts, or identifiers of things; one has to fit.
    """

    property: Property
    values: Sequence[str]

    def fit(self, store: Store, node: NamedNode) -> Fit:
        """How a thing fits."""
        has = list(self.property.read(node))
        if not has:
            return Fit.UNKNOWN
        wanted = {each.casefold() for each in self.values}
        keys = {Text.read(each).key for each in self.values} - {""}
        for value in has:
            spelled = list(_spell(store, value))
            if any(each.casefold() in wanted for each in spelled) or (
                not self.property.identifies
                and any(Text.read(each).key in keys for each in spelled)
            ):
                return Fit.IDENTIFIED if self.property.identifies else Fit.MET
        return Fit.CONTRADICTED


def fit_all(constraints: Sequence[Constraint], store: Store, node: NamedNode) -> Fit:
    """How a thing fits all of them: one that is contradicted counts for more than any that fit."""
    fits = [each.fit(store, node) for each in constraints]
    return Fit.CONTRADICTED if Fit.CONTRADICTED in fits else max(fits, default=Fit.UNKNOWN)


def _spell(store: Store, value: Term) -> Iterator[str]:
    """The ways in which a column may have a value."""
    if isinstance(value, Literal):
        yield value.value
    elif isinstance(value, NamedNode):
        yield value.value
        if value.value.startswith(ID):
            yield value.value.removeprefix(ID)
            for predicate in _NAMES:
                for quad in store.quads_for_pattern(value, predicate, None, None):
                    if isinstance(quad.object, Literal):
                        yield quad.object.value
        else:
            yield last_segment(value.value)
