"""The ontology and the shapes as quads: the only graphs of the project that have blank nodes.

OWL and SHACL need blank nodes for lists and restrictions. They are labelled by RDF Dataset
Canonicalization, https://www.w3.org/TR/rdf-canon/, so that two builds label them alike, and each
label begins with the name of its graph, so that the graphs never share one.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from kzgraph.iri import ONTOLOGY, graph
from kzgraph.namespaces import RDFS
from kzgraph.resources import folder

_DATATYPE = RDFS["Datatype"]


def ontology_quads() -> Iterator[Quad]:
    """The quads of the graph `ontology`: own terms, declarations of others' terms, data cubes."""
    return file_quads(folder("ontology"), "ontology")


def shapes_quads() -> Iterator[Quad]:
    """The quads of the graph `shapes`."""
    return file_quads(folder("shapes"), "shapes")


def terms() -> frozenset[NamedNode]:
    """The classes and properties of the project's own vocabulary."""
    return _own() - datatypes()


def datatypes() -> frozenset[NamedNode]:
    """The datatypes of the project's own vocabulary: whose code or number a literal is."""
    return _own() & {quad.subject for quad in ontology_quads() if quad.object == _DATATYPE}


def _own() -> frozenset[NamedNode]:
    return frozenset(
        quad.subject
        for quad in ontology_quads()
        if quad.predicate == RDFS["isDefinedBy"]
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith(ONTOLOGY)
    )


def file_quads(files: Path, name: str) -> Iterator[Quad]:
    """The triples of all Turtle files in the folder `files` as one graph called `name`, in order.

    Raises:
        SyntaxError: a file is not Turtle; names the file, line and column.
    """
    target = graph(name)
    quads = Dataset(
        quad
        for path in sorted(files.glob("*.ttl"))
        # Two files may use one label for two nodes, so each file's labels are renamed apart.
        for quad in parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)

    def label(node: Any) -> Any:
        return BlankNode(f"{name}-{node.value}") if isinstance(node, BlankNode) else node

    for quad in sorted(quads, key=str):
        yield Quad(label(quad.subject), quad.predicate, label(quad.object), target)
