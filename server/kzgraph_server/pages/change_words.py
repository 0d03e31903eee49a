"""What changed between two releases, in words."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kzgraph.iri import PROJECT_GRAPHS, graph, is_path, thing
from kzgraph.release.history import ChangeList, GraphCounts
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.language import ngettext
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served


@dataclass(frozen=True)
class Words:
    """What changed in one graph.

    Attributes:
        name: of the graph.
        view: the document, or the graph, under its name.
        facts: what happened to facts, as whole phrases.
        others: what happened to other things, likewise.
        counts: of both together, by the kind of change.
        blank_nodes: whether lists without names differ as well.
    """

    name: str
    view: View
    facts: list[str]
    others: list[str]
    counts: dict[str, int]
    blank_nodes: bool


def tell_changes(changes: ChangeList, now: Served) -> list[Words]:
    """The graphs that differ, documents first, each with what happened in it."""
    viewer = Viewer(now.store)
    return [_tell(each, viewer) for each in changes.graphs]


def tell_total(changes: ChangeList) -> list[str]:
    """What happened in all graphs together, as whole phrases."""
    totals: dict[str, Counter[str]] = {"facts": Counter(), "others": Counter()}
    for each in changes.graphs:
        for name, total in totals.items():
            total.update(each.counts.get(name, {}))
    return [*_facts(totals["facts"]), *_others(totals["others"])]


def _tell(each: GraphCounts, viewer: Viewer) -> Words:
    facts, others = (dict(each.counts.get(name, {})) for name in ("facts", "others"))
    kinds = dict.fromkeys([*facts, *others])
    return Words(
        each.graph,
        _name(each, viewer),
        list(_facts(facts)),
        list(_others(others)),
        {kind: facts.get(kind, 0) + others.get(kind, 0) for kind in kinds},
        each.blank_nodes,
    )


def _name(each: GraphCounts, viewer: Viewer) -> View:
    if each.document and is_path(each.graph):
        return viewer.named(thing("document", each.graph))
    names = {
        "compared": _("Comparisons"),
        "computed": _("What the project computes"),
        "concepts": _("Code lists"),
        "editorial": _("Notes of the project"),
        "entailed": _("What follows by logic"),
        "entities": _("Operations, organisations, places and treaties"),
        "examples": _("Example queries"),
        "links": _("Links to other data"),
        "metadata": _("The description of the data"),
        "ontology": _("The vocabulary"),
        "shapes": _("The shapes that data are checked by"),
    }
    if each.graph in PROJECT_GRAPHS and each.graph in names:
        return View(names[each.graph])
    node = graph(each.graph) if is_path(each.graph) and "/" not in each.graph else None
    view = viewer.named(node) if isinstance(node, NamedNode) else View(each.graph)
    return View(each.graph) if view.text.startswith("<") else view


def _facts(counts: Mapping[str, int]) -> Iterator[str]:
    added, removed, changed = (counts.get(kind, 0) for kind in ("added", "removed", "changed"))
    said = [
        (added, ngettext("%(num)s fact added", "%(num)s facts added", added)),
        (removed, ngettext("%(num)s fact removed", "%(num)s facts removed", removed)),
        (changed, ngettext("%(num)s fact changed", "%(num)s facts changed", changed)),
    ]
    yield from (text for number, text in said if number)


def _others(counts: Mapping[str, int]) -> Iterator[str]:
    added, removed, changed = (counts.get(kind, 0) for kind in ("added", "removed", "changed"))
    said = [
        (added, ngettext("%(num)s other thing added", "%(num)s other things added", added)),
        (removed, ngettext("%(num)s other thing removed", "%(num)s other things removed", removed)),
        (changed, ngettext("%(num)s other thing changed", "%(num)s other things changed", changed)),
    ]
    yield from (text for number, text in said if number)
