"""Triples, gathered thing by thing, and the vocabularies that descriptions are written in."""

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.namespaces import TYPE, Namespace
from kzgraph.prefixes import PREFIXES

Value = NamedNode | Literal


DCATAP = Namespace("http://data.europa.eu/r5r/")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")

#: The prefixes of the project, and those that only descriptions use.
DESCRIPTION_PREFIXES = dict(PREFIXES) | {
    "dcatap": DCATAP.iri,
    "formats": FORMATS.iri,
    "sd": SD.iri,
}


class Description:
    """A list of triples under construction."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.triples: list[Triple] = []

    def typed(self, subject: NamedNode, *classes: NamedNode) -> None:
        """Say that `subject` is of each of `classes`."""
        self.add(subject, TYPE, *classes)

    def add(self, subject: NamedNode, predicate: NamedNode, *values: Value | None) -> None:
        """Say each of `values` of `subject`; None stands for what is not known."""
        for value in values:
            if value is not None:
                self.triples.append(Triple(subject, predicate, value))


def english(text: str) -> Literal:
    """`text` as English."""
    return Literal(text, language="en")
