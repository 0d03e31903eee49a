"""What is said of a thing, as the general part of its page has it: by whoever says it.

The graphs of a release are kept apart by authority (docs/model.md, "Named graphs"): what documents
state, what official data sets have, what the project computes, compares or notes, and what follows.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode, Quad

from kzgraph.iri import GRAPH, ONTOLOGY, is_source, term, thing
from kzgraph.namespaces import TYPE, Term
from kzgraph.release.statistics import LABELS
from kzgraph_server.pages.description import EVIDENCE, Note, Span, read_notes, read_span
from kzgraph_server.pages.kinds.look import Look
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import View, sorted_views

#: The graph of what follows, which a page folds away.
ENTAILED = GRAPH + "entailed"
_LINKS = GRAPH + "links"
_CAVEAT = term("caveat")
#: What a page says otherwise, or what is only for searching.
_NOT_SHOWN = frozenset({TYPE, term("searchText"), *LABELS})
#: Values of one property that a page shows.
_MOST_VALUES = 50


@dataclass(frozen=True)
class Property:
    """A property and what one authority says by it, spans and notes apart from other values.

    Attributes:
        name: the property.
        values: what it leads to.
        spans: the evidence that it leads to.
        notes: the notes of the project that it leads to.
        total: how many values there are; some more may not have been read (`Look.is_cut`).
    """

    name: View
    values: list[View] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    total: int = 0


@dataclass(frozen=True)
class Authority:
    """What one authority says of a thing.

    Attributes:
        title: who says it, in words.
        source: the graph or document, where it has a page.
        properties: what it says, the properties of the project first.
    """

    title: str
    source: View | None
    properties: list[Property]


def list_statements(look: Look) -> tuple[list[Authority], Authority | None]:
    """What is said of a thing by each authority, and what follows from that."""
    by_graph: dict[str, list[Quad]] = {}
    for quad in look.quads:
        if quad.predicate not in _NOT_SHOWN and isinstance(quad.graph_name, NamedNode):
            by_graph.setdefault(quad.graph_name.value, []).append(quad)
    found = {
        name: _gather(look, name, quads) for name, quads in sorted(by_graph.items(), key=_rank)
    }
    entailed = found.pop(ENTAILED, None)
    return list(found.values()), entailed


def name_classes(look: Look) -> list[View]:
    """What a thing is, in words: its classes but those that only follow, where it has others.

    Those of other vocabularies, which are mostly without a name here, stand where there is none of
    the project's.
    """
    types = [quad for quad in look.quads if quad.predicate == TYPE]
    stated = [quad for quad in types if quad.graph_name != NamedNode(ENTAILED)]
    found = dict.fromkeys(quad.object for quad in stated or types)
    views = sorted_views(map(look.viewer.any, found))
    return [each for each in views if (each.iri or "").startswith(ONTOLOGY)] or views


def list_links(look: Look) -> list[Property]:
    """What other data sets call the thing, and the codes that they have for it."""
    linked = [quad for quad in look.quads if quad.graph_name == NamedNode(_LINKS)]
    found = _list_properties(look, linked)
    return [replace(each, values=[*map(_shorten, each.values)]) for each in found]


def _shorten(view: View) -> View:
    """A link elsewhere as a reader tells it: by host and path."""
    if not view.iri or view.href != view.iri:
        return view
    return replace(view, text=re.sub(r"^https?://(www\.)?", "", view.iri).rstrip("/"))


def _rank(item: tuple[str, object]) -> tuple[int, str]:
    """Documents and data sets before what the project makes of them."""
    name = item[0].removeprefix(GRAPH)
    order = ("entities", "concepts", "ontology", "links", "editorial", "compared", "computed")
    return (order.index(name) + 1 if name in order else 0, name)


def _gather(look: Look, graph: str, quads: Iterable[Quad]) -> Authority:
    name = graph.removeprefix(GRAPH)
    titles = {
        "computed": _("Computed by the project"),
        "compared": _("Compared by the project"),
        "concepts": _("Kept by the project: codes"),
        "editorial": _("Noted by the project"),
        "entailed": _("What follows"),
        "entities": _("Kept by the project: names and kinds"),
        "examples": _("Kept by the project: example queries"),
        "links": _("Links to other data sets"),
        "metadata": _("Told of the data set"),
        "ontology": _("The vocabulary"),
    }
    source: View | None = None
    if name in titles:
        title = titles[name]
    elif is_source(name):
        title, source = _("Official data"), look.viewer.named(NamedNode(graph))
    else:
        title, source = _("Stated in the document"), look.viewer.named(thing("document", name))
    return Authority(title, source, _list_properties(look, quads))


def _list_properties(look: Look, quads: Iterable[Quad]) -> list[Property]:
    grouped: dict[NamedNode, dict[Term, None]] = {}
    for quad in quads:
        grouped.setdefault(quad.predicate, {})[quad.object] = None
    return sorted((_show(look, *each) for each in grouped.items()), key=_order)


def _show(look: Look, predicate: NamedNode, objects: dict[Term, None]) -> Property:
    total = len(objects)
    shown = sorted(objects, key=str)[:_MOST_VALUES]
    spans: list[Span] = []
    if predicate in EVIDENCE:
        found = {each: read_span(look.store, look.viewer, each) for each in shown}
        spans = [span for span in found.values() if span is not None]
        spans.sort(key=lambda span: (span.document.text, int(span.start)))
        shown = [each for each in shown if found[each] is None]
    notes = list(read_notes(look.store, look.viewer, shown)) if predicate == _CAVEAT else []
    values = [] if notes else sorted_views(map(look.viewer.any, shown))
    return Property(look.viewer.named(predicate), values, spans, notes, total)


def _order(each: Property) -> tuple[bool, str]:
    return not (each.name.iri or "").startswith(ONTOLOGY), each.name.text.casefold()
