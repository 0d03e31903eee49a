"""Legal instruments: conventions, protocols, constitutions and bodies of law."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from kzgraph.tables import Row
from kzgraph_mappings.curies import curie, number_literal
from kzgraph_mappings.generic import row_quads


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of an instrument; its year is given as an integer and as xsd:gYear."""
    yield from row_quads(row, graph)
    year = row.get("year")
    if year:
        yield Quad(NamedNode(row.iri), curie("kzg:year"), number_literal(year), graph)
