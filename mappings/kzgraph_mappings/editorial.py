"""The project's own statements: annotations, https://www.w3.org/TR/annotation-vocab/#annotation."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from kzgraph.tables import Row
from kzgraph_mappings.curies import curie
from kzgraph_mappings.generic import row_quads


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of an annotation, whose motivation is to comment."""
    yield from row_quads(row, graph)
    yield Quad(NamedNode(row.iri), curie("oa:motivatedBy"), curie("oa:commenting"), graph)
