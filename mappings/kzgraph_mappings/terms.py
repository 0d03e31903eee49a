"""Terms by their prefixed names."""

from functools import cache

from pyoxigraph import Literal, NamedNode

from kzgraph.prefixes import PREFIXES

XSD = PREFIXES["xsd"]
INTEGER = NamedNode(XSD + "integer")
DECIMAL = NamedNode(XSD + "decimal")


@cache
def curie(name: str) -> NamedNode:
    """The term that a prefixed name stands for.

    Raises:
        KeyError: the prefix is none of the project's.
    """
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


RDF_TYPE = curie("rdf:type")
RDFS_LABEL = curie("rdfs:label")


def number(text: str) -> Literal:
    """The literal of a number as published: an integer, or a decimal where it has a point."""
    return Literal(text, datatype=DECIMAL if "." in text else INTEGER)


def typed(text: str, datatype: str) -> Literal:
    """A literal of an XSD datatype, named without prefix."""
    return Literal(text, datatype=NamedNode(XSD + datatype))


def english(text: str) -> Literal:
    """A text in English."""
    return Literal(text, language="en")
