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


def number_literal(text: str) -> Literal:
    """The literal of a published number: an integer, or a decimal where it has decimals.

    Zeros at the end of the decimals are left out: the store keeps values, not spellings, and what
    is served has to be what the dumps say.

    >>> number_literal("10.50").value, number_literal("7.0").datatype.value.rpartition("#")[2]
    ('10.5', 'integer')
    """
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Literal(text, datatype=DECIMAL if "." in text else INTEGER)


def typed_literal(text: str, datatype: str) -> Literal:
    """A literal of an XSD datatype, named without prefix."""
    return Literal(text, datatype=NamedNode(XSD + datatype))


def english_literal(text: str) -> Literal:
    """A text in English."""
    return Literal(text, language="en")
