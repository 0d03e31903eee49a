"""Terms of pyoxigraph as those of rdflib, and back, letter by letter."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

_STRING = rdflib.XSD.string


def rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """A graph of rdflib with these triples, with their blank nodes and lexical forms."""
    graph = rdflib.Graph()
    for triple in triples:
        graph.add(tuple(map(to_rdflib, triple)))  # type: ignore[arg-type]
    return graph


def to_rdflib(term: object) -> rdflib.term.IdentifiedNode | rdflib.Literal:
    """The term in rdflib; a literal keeps its text, which rdflib would else rewrite.

    Raises:
        TypeError: it is a triple term, which rdflib does not have.
    """
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if not isinstance(term, Literal):
        raise TypeError(f"{term} cannot be a term of rdflib")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == str(_STRING):
        return rdflib.Literal(term.value)
    datatype = rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def from_rdflib(node: rdflib.term.Node) -> NamedNode | BlankNode | Literal:
    """The node in pyoxigraph.

    Raises:
        ValueError: it is an IRI that is not well-formed.
        TypeError: it is neither an IRI, a blank node nor a literal.
    """
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    if not isinstance(node, rdflib.Literal):
        raise TypeError(f"{node} cannot be a term of pyoxigraph")
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype or _STRING)))


@contextmanager
def keep_lexical_forms() -> Iterator[None]:
    """Have rdflib keep the lexical forms of all literals that it makes meanwhile.

    By default it writes `1.50` as `1.5`, which would hide a difference, or make one.
    """
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before
