"""Whole graphs as bytes: a small one written to be read, a large one as it comes."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, serialize

from kzgraph_server.engine.streaming_xml import xml_pieces
from kzgraph_server.engine.writing import Output, write_graph

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
