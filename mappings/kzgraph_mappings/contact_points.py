"""Contact points: addresses, telephone numbers, e-mail addresses, time zones."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from kzgraph.iri import thing
from kzgraph.namespaces import TYPE
from kzgraph.tables import Row
from kzgraph_mappings.curies import curie
from kzgraph_mappings.facts import fact_quads

#: Columns of a postal address and their properties.
_ADDRESS = {
    "street": "schema:streetAddress",
    "postal_code": "schema:postalCode",
    "locality": "schema:addressLocality",
    "country": "schema:addressCountry",
}
_OF_ADDRESS = {curie(name) for name in _ADDRESS.values()}


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a contact point; a postal address is a node of its own."""
    subject = NamedNode(row.iri)
    address = thing("address", row.folder, row.require("key"))
    for quad in fact_quads(row, graph):
        if quad.predicate in _OF_ADDRESS:
            yield Quad(address, quad.predicate, quad.object, graph)
        else:
            yield quad
    if any(row.cells[column] for column in _ADDRESS):
        yield Quad(subject, curie("schema:address"), address, graph)
        yield Quad(address, TYPE, curie("schema:PostalAddress"), graph)
