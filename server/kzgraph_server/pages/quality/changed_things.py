"""`/quality/changes`: what this release has otherwise than the one before it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from pyoxigraph import NamedNode, RdfFormat, parse

from kzgraph.problem import Problem
from kzgraph.release.differences import KINDS
from kzgraph.release.history import ChangeList, Entry, HistoryDamaged, read_changes
from kzgraph_server.kept import read_sound_history
from kzgraph_server.pages.change_words import tell_changes
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.paging import read_number, read_paging
from kzgraph_server.pages.quality.cross_checks import forget
from kzgraph_server.pages.quality.room import blueprint, render
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, get_served

#: Lists up to here are read for a page; a longer one is there as a file.
MOST_BYTES = 4_000_000
#: Changes on a page, and values of a change.
_ROWS, _VALUES = 25, 8


@dataclass(frozen=True)
class PropertyChange:
    """A property that differs: what it said, and says."""

    name: View
    old: list[View]
    new: list[View]
    hidden: int


@dataclass(frozen=True)
class Change:
    """A thing that was added, removed or changed, with what differs."""

    kind: str
    view: View
    properties: list[PropertyChange]


@blueprint.get("/quality/changes")
@in_languages
def change() -> Response:
    """What changed in words, graph by graph, or the changes of `?graph=`, of one `?kind=`."""
    now = get_served()
    entry = find_entry(now)
    changes = entry.changes if entry else None
    name, kind = request.args.get("graph"), request.args.get("kind")
    if kind is not None and kind not in KINDS:
        raise Problem(400, f"The parameter kind is one of {', '.join(KINDS)}.")
    if name is None:
        read_number()
        words = tell_changes(changes, now) if changes else []
        listed = is_listed(changes)
        return forget(render("changes", entry=entry, changes=changes, words=words, listed=listed))
    rows = [
        each
        for each in _read_list(now, changes, name)
        if kind is None or each.get("change") == kind
    ]
    paging = read_paging(len(rows), _ROWS)
    viewer = Viewer(now.store)
    return forget(
        render(
            "changed",
            entry=entry,
            graph=name,
            kind=kind,
            paging=paging,
            rows=[_show(viewer, each) for each in paging.cut(rows)],
        )
    )


def is_listed(changes: ChangeList | None) -> bool:
    """Whether there is a list of changes, short enough to be shown."""
    return changes is not None and bool(changes.path) and changes.bytes <= MOST_BYTES


def find_entry(now: Served) -> Entry | None:
    """What the history says of the release that is served."""
    return read_sound_history(now.root).find(now.release.version)


def _read_list(now: Served, changes: ChangeList | None, name: str) -> list[Mapping[str, Any]]:
    """The changes of a graph.

    Raises:
        Problem: 404, where none are listed; 500, where the list is damaged.
    """
    known = changes is not None and name in [each.graph for each in changes.graphs]
    if changes is None or not known or not is_listed(changes):
        raise Problem(404, "There is no list of such changes; /quality/changes has what there is.")
    try:
        found = json.loads(read_changes(now.root, changes))
    except HistoryDamaged:
        raise Problem(500, "The list cannot be read; this is the server's fault.") from None
    return [row for graph in found["graphs"] if graph["graph"] == name for row in graph["changes"]]


def _show(viewer: Viewer, row: Mapping[str, Any]) -> Change:
    node = NamedNode(row["iri"])
    named = viewer.named(node)
    if named.text == viewer.plain(node).text and row.get("label"):
        # It is gone, or has lost its name: the list still has it.
        label = show_term(viewer, row["label"])
        named = View(label.text, node.value, None, label.language)
    if row["change"] == "removed":
        named = View(named.text, named.iri, None, named.language)
    return Change(
        row["change"],
        named,
        [_show_property(viewer, each) for each in row["properties"]],
    )


def _show_property(viewer: Viewer, found: Mapping[str, Any]) -> PropertyChange:
    old, new = ([*found[name]] for name in ("old", "new"))
    return PropertyChange(
        viewer.named(NamedNode(found["property"])),
        [show_term(viewer, each) for each in old[:_VALUES]],
        [show_term(viewer, each) for each in new[:_VALUES]],
        max(0, len(old) - _VALUES) + max(0, len(new) - _VALUES),
    )


def show_term(viewer: Viewer, text: str) -> View:
    """A term in the form of N-Triples, as a page shows it."""
    try:
        (quad,) = parse(f"<kzg:s> <kzg:p> {text} .", RdfFormat.N_TRIPLES)
    except (ValueError, SyntaxError):
        return View(text)
    return viewer.any(quad.object)
