"""Dumps read back by two parsers, in a form that can be compared."""

import hashlib
from collections.abc import Iterable

import rdflib
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from kzgraph.namespaces import XSD
from kzgraph.rdf.content import Content
from kzgraph.rdf.formats import TRIPLE_FORMATS
from kzgraph.rdf.graph_writer import graph_bytes, trig

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
}
RDFLIB = {
    "ttl": "turtle",
    "nt": "nt",
    "nq": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "rdf": "xml",
}
OF_QUADS = ("nq", "trig")


def canonical(quads: Iterable[Quad]) -> list[str]:
    """Quads in an order and with blank nodes that depend on nothing but what they say."""
    data = Dataset(quads)
    data.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, data))


def merged(quads: Iterable[Quad]) -> list[str]:
    return canonical(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads)


def read_by_oxigraph(data: bytes, suffix: str) -> list[Quad]:
    return list(parse(data, format=FORMATS[suffix]))


def read_by_rdflib(data: bytes, suffix: str) -> list[Quad]:
    found = rdflib.Dataset()
    target = found if suffix in OF_QUADS else found.default_graph
    target.parse(data=data, format=RDFLIB[suffix])
    return [
        Quad(
            _term(s),  # type: ignore[arg-type]
            NamedNode(str(p)),
            _term(o),
            DefaultGraph() if suffix not in OF_QUADS else NamedNode(str(name)),
        )
        for s, p, o, name in found.quads()
    ]


def _term(node: object) -> NamedNode | BlankNode | Literal:
    if isinstance(node, rdflib.BNode):
        return BlankNode("b" + hashlib.sha256(node.encode()).hexdigest())
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype or XSD["string"].value)))
    return NamedNode(str(node))


def every_dump(content: Content) -> dict[str, bytes]:
    triples = [quad.triple for quad in content.quads]
    dumps = {each.suffix: graph_bytes(triples, each) for each in TRIPLE_FORMATS}
    return dumps | {"nq": content.n_quads, "trig": trig(content.quads)}
