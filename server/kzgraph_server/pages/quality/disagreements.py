"""`/quality/disagreements`: figures of documents that invite comparison and differ, and why."""

from dataclasses import dataclass
from decimal import Decimal

from flask import Response, request
from pyoxigraph import NamedNode, Store

from kzgraph.iri import ID, term
from kzgraph.namespaces import TYPE
from kzgraph.problem import Problem
from kzgraph_server.pages.figure_values import Value, ValueReader, read_number
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.paging import read_paging
from kzgraph_server.pages.quality.room import blueprint, render
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, compute_once, get_served

_KINDS = (term("kind"), term("furtherKind"))


@dataclass(frozen=True)
class Pair:
    """Two figures that differ.

    Attributes:
        node: the comparison.
        kinds: the reasons, the main one first.
    """

    node: NamedNode
    kinds: tuple[NamedNode, ...]


@dataclass(frozen=True)
class ShownPair:
    """A pair on the page: the figures, what one has more than the other, and why.

    Attributes:
        comparison: the page of the comparison.
        baseline: the figure that is compared with; None where it is not one.
        comparand: the one that is compared.
        difference: the comparand less the baseline; None where none is told.
        percent: that in per cent of the baseline.
        kinds: the reasons.
    """

    comparison: View
    baseline: Value | None
    comparand: Value | None
    difference: Decimal | None
    percent: Decimal | None
    kinds: list[View]


@blueprint.get("/quality/disagreements")
@in_languages
def disagree() -> Response:
    """The kinds with how many pairs are of each, and the pairs, or those of `?kind=`."""
    now = get_served()
    viewer, values = Viewer(now.store), ValueReader(now.store, Viewer(now.store))
    pairs, kinds = compute_once(find_pairs), list_kinds(now, viewer)
    kind, chosen = request.args.get("kind"), None
    if kind is not None:
        chosen = next((view for code, view, _ in kinds if code == kind), None)
        if chosen is None:
            raise Problem(404, "Nothing differs in this way; /quality/disagreements lists how.")
        pairs = [pair for pair in pairs if any(name_code(each) == kind for each in pair.kinds)]
    paging = read_paging(len(pairs))
    shown = [_show(now.store, viewer, values, pair) for pair in paging.cut(pairs)]
    return render(
        "disagreements", kinds=kinds, kind=kind, chosen=chosen, pairs=shown, paging=paging
    )


def list_kinds(now: Served, viewer: Viewer) -> list[tuple[str, View, int]]:
    """The reasons: the code of each, the reason, and how many pairs it accounts for."""
    counts: dict[NamedNode, int] = {}
    for pair in compute_once(find_pairs):
        for kind in pair.kinds:
            counts[kind] = counts.get(kind, 0) + 1
    rows = [(name_code(each), viewer.named(each), number) for each, number in counts.items()]
    return sorted(rows, key=lambda row: (-row[2], row[1].text))


def find_pairs(now: Served) -> list[Pair]:
    """The comparisons of the release, in order."""
    found = []
    for quad in now.store.quads_for_pattern(None, TYPE, term("Comparison"), None):
        if isinstance(quad.subject, NamedNode):
            kinds = dict.fromkeys(
                each
                for name in _KINDS
                for each in sorted(find_objects(now.store, quad.subject, name), key=str)
            )
            found.append(Pair(quad.subject, tuple(kinds)))
    return sorted(found, key=lambda pair: pair.node.value)


def find_objects(store: Store, node: NamedNode, name: NamedNode) -> list[NamedNode]:
    """The things that a property of `node` leads to."""
    quads = store.quads_for_pattern(node, name, None, None)
    return [quad.object for quad in quads if isinstance(quad.object, NamedNode)]


def find_number(store: Store, node: NamedNode, name: NamedNode) -> Decimal | None:
    """The number that a property of `node` has; the smallest of several."""
    quads = store.quads_for_pattern(node, name, None, None)
    numbers = (read_number(quad.object) for quad in quads)
    return min((each for each in numbers if each is not None), default=None)


def name_code(node: NamedNode) -> str:
    """The code of a concept in its list: `scope` of `comparison-kind:scope`."""
    return node.value.removeprefix(ID).rpartition("/")[2]


def _show(store: Store, viewer: Viewer, values: ValueReader, pair: Pair) -> ShownPair:
    figures = {}
    for name in ("baseline", "comparand"):
        found = find_objects(store, pair.node, term(name))
        figures[name] = values.read(found[0]) if found else None
    return ShownPair(
        comparison=viewer.named(pair.node),
        difference=find_number(store, pair.node, term("difference")),
        percent=find_number(store, pair.node, term("percentDifference")),
        kinds=[viewer.named(each) for each in pair.kinds],
        **figures,
    )
