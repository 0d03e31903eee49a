"""Figures of population, finance and indicators: observations of a data cube.

A figure with a value is an observation in the data set of its document and kind,
https://www.w3.org/TR/vocab-data-cube/. A figure without a published value is not an
observation: an observation of a cube needs its measure.
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import thing
from kzgraph.namespaces import LABEL, TYPE
from kzgraph.tables import Row, parse_time
from kzgraph_mappings.curies import curie
from kzgraph_mappings.facts import fact_quads
from kzgraph_mappings.owl_time import time_quads, undated_quads

_LABELS = {
    "population": {
        "en": "Population figures",
        "ru": "Показатели численности",
        "kk": "Адам санының көрсеткіштері",
    },
    "finance": {
        "en": "Finance figures",
        "ru": "Финансовые показатели",
        "kk": "Қаржылық көрсеткіштер",
    },
    "indicators": {
        "en": "Results and targets",
        "ru": "Результаты и целевые показатели",
        "kk": "Нәтижелер мен нысаналы көрсеткіштер",
    },
}


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a figure."""
    yield from fact_quads(row, graph)
    subject = NamedNode(row.iri)
    if not row.cells["availability"]:
        published = thing("availability", "published")
        yield Quad(subject, curie("kzg:availability"), published, graph)
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
        kind = row.schema.name
        data_set = thing("dataset", row.folder, kind)
        yield Quad(subject, TYPE, curie("qb:Observation"), graph)
        yield Quad(subject, curie("qb:dataSet"), data_set, graph)
        yield from _data_set(data_set, kind, row.folder, graph)


def _data_set(node: NamedNode, kind: str, document: str, graph: NamedNode) -> Iterator[Quad]:
    yield Quad(node, TYPE, curie("qb:DataSet"), graph)
    for language, text in _LABELS[kind].items():
        yield Quad(node, LABEL, Literal(f"{text}, {document}", language=language), graph)
    yield Quad(node, curie("qb:structure"), thing("structure", kind), graph)
    yield Quad(node, curie("dcterms:source"), thing("document", document), graph)
