"""Countries and other places."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from kzgraph.namespaces import TYPE
from kzgraph.tables import Row
from kzgraph_mappings.curies import curie
from kzgraph_mappings.generic import row_quads


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a place; a country is a schema:Country as well."""
    yield from row_quads(row, graph)
    if row.get("kind") == "country":
        yield Quad(NamedNode(row.iri), TYPE, curie("schema:Country"), graph)
