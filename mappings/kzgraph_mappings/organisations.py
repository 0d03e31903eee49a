"""Organisations and their offices, https://www.w3.org/TR/vocab-org/."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from kzgraph.namespaces import TYPE
from kzgraph.tables import Row
from kzgraph_mappings.curies import curie
from kzgraph_mappings.generic import row_quads


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of an organisation; a part of another one is an organisational unit as well."""
    yield from row_quads(row, graph)
    if row.cells["unit_of"]:
        yield Quad(NamedNode(row.iri), TYPE, curie("org:OrganizationalUnit"), graph)
