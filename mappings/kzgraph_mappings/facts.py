"""The quads that every fact has: its document, its evidence and its time."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import thing
from kzgraph.namespaces import LABEL, TYPE
from kzgraph.tables import Row, Span, parse_span, parse_time
from kzgraph_mappings.curies import curie, number_literal, typed_literal
from kzgraph_mappings.generic import row_quads
from kzgraph_mappings.owl_time import time_quads, year_quads

STATED_IN = curie("kzg:statedIn")

#: Whom a fact is about where its table has no scope, or an empty one: by table, the columns of
#: which the first that names just one thing does. A pledge is about the state that made it.
_SCOPE_FROM = {
    "appointments": ("organisation",),
    "events": ("place", "actor"),
    "legal_changes": ("actor",),
    "participations": ("participant",),
    "pledges": ("actor",),
}
_SCOPES = ("country/", "operation/", "organisation/", "place/")

#: What a span is called, by language; a document by its slug, which needs none.
_SPAN_LABELS = {
    "en": "{document}, characters {span}",
    "ru": "{document}, символы {span}",
    "kk": "{document}, {span} таңбалар",
}


def fact_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a fact."""
    yield from row_quads(row, graph)
    subject = NamedNode(row.iri)
    if not row.cells.get("scope"):
        yield from _scope(row, subject, graph)
    yield Quad(subject, STATED_IN, thing("document", row.folder), graph)
    for item in row.cells["evidence"] + row.cells["context"]:
        yield from _evidence(row.folder, parse_span(item), graph)
    text = row.get("time") if "time" in row.cells else None
    if text:
        yield from _time(subject, text, graph)


def _scope(row: Row, subject: NamedNode, graph: NamedNode) -> Iterator[Quad]:
    for column in _SCOPE_FROM.get(row.schema.name, ()):
        items = row.cells[column]
        if len(items) == 1 and items[0].startswith(_SCOPES):
            yield Quad(subject, curie("kzg:scope"), NamedNode(row.object_iris(column)[0]), graph)
            return


def _evidence(document: str, span: Span, graph: NamedNode) -> Iterator[Quad]:
    """A span as a specific resource, https://www.w3.org/TR/annotation-vocab/#specificresource."""
    evidence = thing("evidence", document, str(span))
    selector = thing("selector", document, str(span))
    yield Quad(evidence, TYPE, curie("oa:SpecificResource"), graph)
    for language, text in _SPAN_LABELS.items():
        label = Literal(text.format(document=document, span=span), language=language)
        yield Quad(evidence, LABEL, label, graph)
    yield Quad(evidence, curie("oa:hasSource"), thing("document", document), graph)
    yield Quad(evidence, curie("oa:hasSelector"), selector, graph)
    yield Quad(selector, TYPE, curie("oa:TextPositionSelector"), graph)
    yield Quad(selector, curie("oa:start"), number_literal(str(span.start)), graph)
    yield Quad(selector, curie("oa:end"), number_literal(str(span.end)), graph)


def _time(subject: NamedNode, text: str, graph: NamedNode) -> Iterator[Quad]:
    """The time as a node, and also as plain values, since SPARQL cannot compare the types."""
    time = parse_time(text)
    yield Quad(subject, curie("kzg:time"), thing("time", time.slug), graph)
    yield from time_quads(time)
    yield from year_quads(subject, time, graph)
    if time.is_day:
        yield Quad(subject, curie("kzg:date"), typed_literal(time.text, "date"), graph)
