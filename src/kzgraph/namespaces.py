"""The vocabularies that the code names terms of, and the terms that it names most."""

from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.prefixes import PREFIXES

#: What can be an object of a triple.
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple


class Namespace:
    """A vocabulary whose terms are looked up by their local names."""

    def __init__(self, iri: str) -> None:
        """Start every term with `iri`."""
        self.iri = iri

    def __getitem__(self, name: str) -> NamedNode:
        """The term called `name`."""
        return NamedNode(self.iri + name)


DCAT = Namespace(PREFIXES["dcat"])
DCT = Namespace(PREFIXES["dcterms"])
FOAF = Namespace(PREFIXES["foaf"])
OA = Namespace(PREFIXES["oa"])
ORG = Namespace(PREFIXES["org"])
OWL = Namespace(PREFIXES["owl"])
OWL_TIME = Namespace(PREFIXES["time"])
PROV = Namespace(PREFIXES["prov"])
RDF = Namespace(PREFIXES["rdf"])
RDFS = Namespace(PREFIXES["rdfs"])
SCHEMA = Namespace(PREFIXES["schema"])
SH = Namespace(PREFIXES["sh"])
SKOS = Namespace(PREFIXES["skos"])
SPDX = Namespace(PREFIXES["spdx"])
SPEX = Namespace(PREFIXES["spex"])
VOID = Namespace(PREFIXES["void"])
VOID_EXT = Namespace(PREFIXES["void-ext"])
XSD = Namespace(PREFIXES["xsd"])

#: rdf:type and rdfs:label.
TYPE, LABEL = RDF["type"], RDFS["label"]
#: The languages of labels; English, which everything has, comes first.
LANGUAGES = ("en", "ru", "kk")
#: The datatypes of literals that are written without one.
PLAIN = frozenset({XSD["string"], RDF["langString"]})
