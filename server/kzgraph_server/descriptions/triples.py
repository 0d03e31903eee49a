"""Triples, gathered thing by thing, and the vocabularies that descriptions are written in."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from kzgraph.prefixes import PREFIXES

Value = NamedNode | Literal


class Namespace:
    """A vocabulary whose terms are looked up by their local names."""

    def __init__(self, iri: str) -> None:
        """Start every term with `iri`."""
        self.iri = iri

    def __getitem__(self, name: str) -> NamedNode:
        """The term called `name`."""
        return NamedNode(self.iri + name)


DCAT = Namespace(PREFIXES["dcat"])
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCT = Namespace(PREFIXES["dcterms"])
FOAF = Namespace(PREFIXES["foaf"])
FORMATS = Namespace("http://www.w3.org/ns/formats/")
PROV = Namespace(PREFIXES["prov"])
RDF = Namespace(PREFIXES["rdf"])
SCHEMA = Namespace(PREFIXES["schema"])
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH = Namespace(PREFIXES["sh"])
SKOS = Namespace(PREFIXES["skos"])
SPDX = Namespace(PREFIXES["spdx"])
VOID = Namespace(PREFIXES["void"])
XSD = Namespace(PREFIXES["xsd"])

#: What descriptions use beside the prefixes of the project.
MORE_PREFIXES = {"dcatap": DCATAP.iri, "formats": FORMATS.iri, "sd": SD.iri}


class Description:
    """A list of triples under construction."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.triples: list[Triple] = []

    def typed(self, subject: NamedNode, *classes: NamedNode) -> None:
        """Say that `subject` is of each of `classes`."""
        self.add(subject, RDF["type"], *classes)

    def add(self, subject: NamedNode, predicate: NamedNode, *values: Value | None) -> None:
        """Say each of `values` of `subject`; None stands for what is not known."""
        for value in values:
            if value is not None:
                self.triples.append(Triple(subject, predicate, value))

    def extend(self, triples: Iterable[Triple]) -> None:
        """Take over `triples`."""
        self.triples.extend(triples)


def english(text: str) -> Literal:
    """`text` as English."""
    return Literal(text, language="en")
