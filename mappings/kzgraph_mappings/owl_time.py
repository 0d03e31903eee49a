"""Times as nodes: instants and intervals of OWL-Time, https://www.w3.org/TR/owl-time/."""

from collections.abc import Iterator, Mapping
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import graph, thing
from kzgraph.namespaces import LABEL, TYPE
from kzgraph.tables import Time, parse_time
from kzgraph_mappings.curies import curie, number_literal, typed_literal
from kzgraph_mappings.time_labels import NOT_STATED, time_labels

_GRAPH = graph("entities")


def time_quads(time: Time) -> Iterator[Quad]:
    """The quads of a time's node, and of the days it begins and ends with."""
    node = thing("time", time.slug)
    days = [
        (name, day) for name, day in (("hasBeginning", time.start), ("hasEnd", time.end)) if day
    ]
    for _, day in days:
        yield from _instant(day)
    if time.is_day:
        return
    yield Quad(node, TYPE, curie("time:ProperInterval"), _GRAPH)
    yield from _labels(node, time_labels(time))
    for name, day in days:
        yield Quad(node, curie(f"time:{name}"), _day(day), _GRAPH)
    yield from year_quads(node, time, _GRAPH)


def year_quads(node: NamedNode, time: Time, where: NamedNode) -> Iterator[Quad]:
    """The years in which a time begins and ends, and that in which it lies, if it lies in one.

    That is given in the two types that queries compare.
    """
    for name, day in (("firstYear", time.start), ("lastYear", time.end)):
        if day is not None:
            yield Quad(node, curie(f"kzg:{name}"), number_literal(str(day.year)), where)
    if time.year is not None:
        yield Quad(node, curie("kzg:year"), number_literal(str(time.year)), where)
        yield Quad(node, curie("kzg:gYear"), typed_literal(f"{time.year:04}", "gYear"), where)


def undated_quads() -> Iterator[Quad]:
    """The quads of the node for a time that a document does not state."""
    node = thing("time", "not-stated")
    yield Quad(node, TYPE, curie("time:TemporalEntity"), _GRAPH)
    yield from _labels(node, NOT_STATED)


def _day(day: date) -> NamedNode:
    return thing("time", day.isoformat())


def _instant(day: date) -> Iterator[Quad]:
    node = _day(day)
    yield Quad(node, TYPE, curie("time:Instant"), _GRAPH)
    yield from _labels(node, time_labels(parse_time(day.isoformat())))
    yield Quad(node, curie("time:inXSDDate"), typed_literal(day.isoformat(), "date"), _GRAPH)


def _labels(node: NamedNode, labels: Mapping[str, str]) -> Iterator[Quad]:
    for language, text in labels.items():
        yield Quad(node, LABEL, Literal(text, language=language), _GRAPH)
