"""Whole graphs as bytes: a small one written to be read, a large one as it comes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from kzgraph.iri import graph
from kzgraph.problem import Problem

#: Name and content type of each format of a graph.
GRAPH_FORMATS = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
#: Name and content type of each format of several graphs.
QUAD_FORMATS = {"trig": "application/trig; charset=utf-8", "nq": "application/n-quads"}

#: Turtle beyond this many triples is written by the store's serialiser, unsorted: ours, made to be
#: read, is written in Python and takes about ten times as long.
_READABLE_TRIPLES = 20_000

_GRAPHS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
}
_NOT_IN_XML_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_SERIALIZERS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}
_OF_QUADS = ("trig", "nq")
_WITH_PREFIXES = ("ttl", "trig")

#: A graph of more triples is written while it is sent.
_WHOLE = 20_000


class Output(Protocol):
    """What takes bytes, as the store's serialiser wants it."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`."""

    def flush(self) -> None:
        """Nothing is to be done."""


def write_whole(
    store: Store,
    name: NamedNode | None,
    format_name: str,
    prefixes: Mapping[str, str],
    output: Output,
) -> None:
    """Write the graph called `name`, or the union of all where there is none, to `output`.

    Raises:
        Problem: 406, at a triple that RDF/XML cannot hold.
    """
    first = list(islice(_quads_of(store, name), _WHOLE + 1))
    if len(first) <= _WHOLE and format_name not in _OF_QUADS:
        write_graph((quad.triple for quad in first), format_name, prefixes, output)
        return
    quads = first if len(first) <= _WHOLE else _quads_of(store, name)
    write_quads(quads, format_name, prefixes, output)


def write_quads(
    quads: Iterable[Quad], format_name: str, prefixes: Mapping[str, str], output: Output
) -> None:
    """Write `quads` to `output` as they come.

    Formats of triples leave the graph out. The graphs of a release are disjoint, so no triple
    comes twice; where it did, the RDF would still be the same, for a graph is a set.

    Raises:
        Problem: 406, at a triple that RDF/XML cannot hold.
    """
    named = _named_apart(quads)
    if format_name == "rdf":
        # Only here: it brings urllib.request along.
        from kzgraph.rdf.streaming_xml import xml_pieces

        for piece in xml_pieces(named):
            output.write(piece)
        return
    kept = dict(prefixes) if format_name in _WITH_PREFIXES else None
    # The serialiser asks for a binary file and uses two methods of one.
    target: Any = output
    if format_name in _OF_QUADS:
        serialize(named, target, _SERIALIZERS[format_name], prefixes=kept)
    else:
        triples = (each.triple for each in named)
        serialize(triples, target, _SERIALIZERS[format_name], prefixes=kept)


def _quads_of(store: Store, name: NamedNode | None) -> Iterator[Quad]:
    if name is not None:
        return iter(store.quads_for_pattern(None, None, None, name))
    return (quad for quad in store if not isinstance(quad.graph_name, DefaultGraph))


def _named_apart(quads: Iterable[Quad]) -> Iterator[Quad]:
    """`quads` with a letter before the labels of blank nodes: XML knows no name like `8f3a`."""
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, BlankNode) or isinstance(value, BlankNode):
            subject = _lettered(subject) if isinstance(subject, BlankNode) else subject
            value = _lettered(value) if isinstance(value, BlankNode) else value
            yield Quad(subject, quad.predicate, value, quad.graph_name)
        else:
            yield quad


def _lettered(node: BlankNode) -> BlankNode:
    return BlankNode(f"b{node.value}")


def write_graph(
    triples: Iterable[Triple], format_name: str, prefixes: Mapping[str, str], output: Output
) -> None:
    """Write a graph to `output`, each triple once, whatever `triples` repeats.

    Raises:
        Problem: 406, where a triple cannot be written in RDF/XML.
    """
    # Only here, because they take 0.1 s to import: the worker does so while it is idle.
    from kzgraph.rdf.content import Content, ContentFaults
    from kzgraph.rdf.rdfxml import rdf_xml
    from kzgraph.rdf.turtle import TurtleWriter

    def content(triples: list[Triple]) -> Content:
        # The writers of a release want a graph name; the merge that is written does not show it.
        name = graph("answer")
        return Content(Quad(each.subject, each.predicate, each.object, name) for each in triples)

    unique = relabelled(triples)
    if format_name == "rdf":
        _check_xml(unique)
        try:
            output.write(rdf_xml(content(unique), prefixes))
        except ContentFaults as error:
            raise not_xml(str(error)) from None
        return
    if format_name == "ttl" and len(unique) <= _READABLE_TRIPLES:
        try:
            output.write(TurtleWriter(content(unique), prefixes).merge())
        except ContentFaults:
            pass  # a triple term, which only the store's serialiser writes
        else:
            return
    target: Any = output
    serialize(unique, target, format=_GRAPHS[format_name], prefixes=dict(prefixes))


def relabelled(triples: Iterable[Triple]) -> list[Triple]:
    """`triples` without repetitions, blank nodes called b0, b1 ... in order of appearance.

    The store calls them by numbers, which are no names in XML.
    """
    labels: dict[str, BlankNode] = {}

    def label(term: Any) -> Any:
        if isinstance(term, BlankNode):
            return labels.setdefault(term.value, BlankNode(f"b{len(labels)}"))
        return term

    return [
        Triple(label(each.subject), each.predicate, label(each.object))
        for each in dict.fromkeys(triples)
    ]


def _check_xml(triples: Iterable[Triple]) -> None:
    for triple in triples:
        if isinstance(triple.object, Literal) and _NOT_IN_XML_TEXT.search(triple.object.value):
            raise not_xml("A value holds a control character")


def not_xml(reason: str) -> Problem:
    """The refusal of what XML cannot hold."""
    return Problem(406, f"{reason}, which XML cannot express. Ask for another format.")
