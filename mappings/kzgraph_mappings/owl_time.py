"""Times as nodes: instants and intervals of OWL-Time, https://www.w3.org/TR/owl-time/."""

from collections.abc import Iterator
from datetime import date

from pyoxigraph import NamedNode, Quad

from kzgraph.iri import graph, thing
from kzgraph.namespaces import LABEL, TYPE
from kzgraph.tables import Time
from kzgraph_mappings.curies import curie, english_literal, number_literal, typed_literal

_GRAPH = graph("entities")


def time_quads(time: Time) -> Iterator[Quad]:
    """The quads of a time's node, and of the days it begins and ends with."""
    if time.is_day:
        yield from _instant(time.start)
        return
    node = thing("time", time.slug)
    yield Quad(node, TYPE, curie("time:ProperInterval"), _GRAPH)
    yield Quad(node, LABEL, english_literal(_label(time)), _GRAPH)
    yield Quad(node, curie("time:hasBeginning"), _day(time.start), _GRAPH)
    yield from _instant(time.start)
    if time.end:
        yield Quad(node, curie("time:hasEnd"), _day(time.end), _GRAPH)
        yield from _instant(time.end)
    yield from year_quads(node, time, _GRAPH)


def year_quads(node: NamedNode, time: Time, where: NamedNode) -> Iterator[Quad]:
    """The year that a time lies in, if it lies in one, in the two types that queries compare."""
    if time.year is not None:
        yield Quad(node, curie("kzg:year"), number_literal(str(time.year)), where)
        yield Quad(node, curie("kzg:gYear"), typed_literal(f"{time.year:04}", "gYear"), where)


def undated_quads() -> Iterator[Quad]:
    """The quads of the node for a time that a document does not state."""
    node = thing("time", "not-stated")
    yield Quad(node, TYPE, curie("time:TemporalEntity"), _GRAPH)
    yield Quad(node, LABEL, english_literal("time not stated"), _GRAPH)


def _day(day: date) -> NamedNode:
    return thing("time", day.isoformat())


def _instant(day: date) -> Iterator[Quad]:
    node = _day(day)
    yield Quad(node, TYPE, curie("time:Instant"), _GRAPH)
    yield Quad(node, LABEL, english_literal(f"{day.day} {day:%B %Y}"), _GRAPH)
    yield Quad(node, curie("time:inXSDDate"), typed_literal(day.isoformat(), "date"), _GRAPH)


def _label(time: Time) -> str:
    if time.end is None:
        return f"since {time.start.year}"
    if time.year is None:
        return f"{time.start.year} to {time.end.year}"
    return time.text if len(time.text) == len("2018") else f"{time.start:%B %Y}"
