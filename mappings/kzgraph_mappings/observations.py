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

#: Dimensions that a document rarely divides people by, so that an empty cell means all of them.
_ALL_IF_EMPTY = ("sex", "age", "disability")


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a figure."""
    yield from fact_quads(row, graph)
    subject = NamedNode(row.iri)
    if not row.cells["availability"]:
        published = thing("availability", "published")
        yield Quad(subject, curie("kzg:availability"), published, graph)
    for dimension in _ALL_IF_EMPTY:
        if dimension in row.cells and not row.cells[dimension]:
            yield Quad(subject, curie(f"kzg:{dimension}"), thing(dimension, "all"), graph)
    if not row.cells["time"]:
        # A cube needs a value for every dimension; that the text gives no date is that value.
        yield Quad(subject, curie("kzg:time"), thing("time", "not-stated"), graph)
        yield from undated_quads()
    base_time = row.get("base_time")
    if base_time:
        time = parse_time(base_time)
        yield Quad(subject, curie("kzg:baseTime"), thing("time", time.slug), graph)
        yield from time_quads(time)
    if row.cells["value"]:
        yield Quad(subject, TYPE, curie("qb:Observation"), graph)
        yield Quad(subject, curie("qb:dataSet"), thing("dataset", row.schema.name), graph)
