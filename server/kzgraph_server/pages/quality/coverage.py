"""`/quality/coverage`: on how much of each document its facts rest, and on which spans.

The text of a document is not republished: of what no fact rests on, there are numbers only.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Response
from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import is_path, term, thing
from kzgraph.namespaces import OA, SCHEMA
from kzgraph.problem import Problem
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.paging import read_paging
from kzgraph_server.pages.quality.room import blueprint, render
from kzgraph_server.pages.views import View, Viewer, is_web
from kzgraph_server.served import get_served

#: Spans on a page of a document.
SPANS = 100
_PLACE = re.compile(r"[0-9]{1,9}")
_EVIDENCE, _CONTEXT = term("evidence"), term("context")


@dataclass
class Span:
    """A piece of a document that something rests on.

    Attributes:
        start: its first character, from 0.
        end: the one behind its last.
        node: the piece of evidence.
        quote: its words, where they may be quoted.
        supports: what it is evidence of.
        dates: what it is context of, such as the heading that says the year.
        gap: how many characters before it no fact rests on.
    """

    start: int
    end: int
    node: NamedNode
    quote: str | None = None
    supports: list[NamedNode] = field(default_factory=list)
    dates: list[NamedNode] = field(default_factory=list)
    gap: int = 0


@dataclass(frozen=True)
class ShownSpan:
    """A span on the page."""

    span: Span
    evidence: View
    link: str | None
    supports: list[View]
    dates: list[View]


@blueprint.get("/quality/coverage")
@in_languages
def cover() -> Response:
    """The documents, each with how much of it is evidence."""
    now = get_served()
    viewer = Viewer(now.store)
    rows = [
        (viewer.named(NamedNode(each.document)), _name(each.document), each)
        for each in now.statistics.coverage
    ]
    return render("coverage", rows=rows)


@blueprint.get("/quality/coverage/<path:document>")
@in_languages
def cover_document(document: str) -> Response:
    """The spans of one document in its order, each with the facts that rest on it."""
    now = get_served()
    node = thing("document", document) if is_path(document) else None
    found = next(
        (each for each in now.statistics.coverage if node and each.document == node.value), None
    )
    if node is None or found is None:
        raise Problem(404, "No facts are stated in such a document; /quality/coverage lists them.")
    spans = find_spans(now.store, node)
    gaps = _count_gaps(spans, found.length)
    paging = read_paging(len(spans), SPANS)
    viewer = Viewer(now.store)
    return render(
        "document",
        title=viewer.named(node),
        document=document,
        coverage=found,
        gaps=gaps,
        paging=paging,
        spans=[_show(now.store, viewer, each) for each in paging.cut(spans)],
    )


def find_spans(store: Store, document: NamedNode) -> list[Span]:
    """The spans of a document that facts rest on, in its order."""
    found = []
    for quad in store.quads_for_pattern(None, OA["hasSource"], document, None):
        if isinstance(quad.subject, NamedNode) and (span := _read_span(store, quad.subject)):
            found.append(span)
    found.sort(key=lambda span: (span.start, span.end, span.node.value))
    return found


def _read_span(store: Store, node: NamedNode) -> Span | None:
    selected: dict[NamedNode, str] = {}
    for selector in store.quads_for_pattern(node, OA["hasSelector"], None, None):
        if isinstance(selector.object, NamedNode):
            for quad in store.quads_for_pattern(selector.object, None, None, None):
                if isinstance(quad.object, Literal):
                    selected[quad.predicate] = quad.object.value
    start, end = selected.get(OA["start"], ""), selected.get(OA["end"], "")
    if not (_PLACE.fullmatch(start) and _PLACE.fullmatch(end)):
        return None
    span = Span(int(start), int(end), node, selected.get(OA["exact"]))
    for predicate, facts in ((_EVIDENCE, span.supports), (_CONTEXT, span.dates)):
        users = store.quads_for_pattern(None, predicate, node, None)
        facts += sorted(
            {quad.subject for quad in users if isinstance(quad.subject, NamedNode)},
            key=lambda fact: fact.value,
        )
    return span


def _count_gaps(spans: list[Span], length: int) -> list[int]:
    """The stretches that are evidence of nothing, by length; each is noted at the span after it."""
    reached, gaps = 0, defaultdict[int, int](int)
    for span in spans:
        if not span.supports:
            continue
        span.gap = max(0, span.start - reached)
        gaps[span.start] = span.gap
        reached = max(reached, span.end)
    gaps[length] = max(0, length - reached)
    return sorted(gap for gap in gaps.values() if gap)


def _show(store: Store, viewer: Viewer, span: Span) -> ShownSpan:
    return ShownSpan(
        span,
        viewer.plain(span.node),
        next(_find_links(store, span.node), None),
        [viewer.named(each) for each in span.supports],
        [viewer.named(each) for each in span.dates],
    )


def _find_links(store: Store, node: NamedNode) -> Iterator[str]:
    """The addresses that open the published page at the words of a span."""
    for quad in store.quads_for_pattern(node, SCHEMA["url"], None, None):
        value = getattr(quad.object, "value", "")
        if is_web(value):
            yield value


def _name(document: str) -> str:
    return document.partition("/document/")[2]
