"""The documents that the facts are stated in."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.namespaces import LABEL
from kzgraph.tables import Row
from kzgraph_mappings.curies import curie, english_literal
from kzgraph_mappings.generic import row_quads


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a document; its label is its title, or what the project calls it."""
    yield from row_quads(row, graph)
    yield Quad(NamedNode(row.iri), LABEL, english_literal(row.require("title")), graph)
    media_type = Literal("text/plain; charset=utf-8")
    yield Quad(NamedNode(row.iri), curie("schema:encodingFormat"), media_type, graph)
