"""Figures of population, finance and indicators: observations of a data cube.

A figure with a value is an observation in the data set of its kind, which the ontology describes,
https://www.w3.org/TR/vocab-data-cube/. A figure without a published value is not an
observation: an observation of a cube needs its measure.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad

from kzgraph.iri import thing
from kzgraph.namespaces import TYPE
from kzgraph.tables import Row, parse_time
from kzgraph_mappings.curies import curie
from kzgraph_mappings.facts import fact_quads
from kzgraph_mappings.owl_time import time_quads, undated_quads

#: What an empty cell means: the code of the scheme that is called like the column.
_IF_EMPTY = {
    "availability": "published",
    "sex": "all",
    "age": "all",
    "disability": "all",
    "unit": "not-stated",
    "status": "actual",
}


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a figure that is an observation if it has a value."""
    yield from _figure(row, graph)
    if row.cells["value"]:
        subject = NamedNode(row.iri)
        yield Quad(subject, TYPE, curie("qb:Observation"), graph)
        yield Quad(subject, curie("qb:dataSet"), thing("dataset", row.schema.name), graph)


def contribution_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a contribution: a figure of money, and one of its own.

    Two gifts of one donor in one year are two, where a cube has one observation for a cell: so it
    is none.
    """
    yield from _figure(row, graph)
    subject = NamedNode(row.iri)
    yield Quad(subject, curie("kzg:quantity"), thing("quantity", "contribution"), graph)
    yield Quad(subject, curie("kzg:series"), thing("series", "total"), graph)


def _figure(row: Row, graph: NamedNode) -> Iterator[Quad]:
    yield from fact_quads(row, graph)
    subject = NamedNode(row.iri)
    for column, code in _IF_EMPTY.items():
        if column in row.cells and not row.cells[column]:
            yield Quad(subject, curie(f"kzg:{column}"), thing(column, code), graph)
    if not row.cells["time"]:
        # A cube needs a value for every dimension; that the text gives no date is that value.
        yield Quad(subject, curie("kzg:time"), thing("time", "not-stated"), graph)
        yield from undated_quads()
    base_time = row.get("base_time") if "base_time" in row.cells else None
    if base_time:
        time = parse_time(base_time)
        yield Quad(subject, curie("kzg:baseTime"), thing("time", time.slug), graph)
        yield from time_quads(time)
