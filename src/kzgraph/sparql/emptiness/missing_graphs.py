"""Graphs that a query names and that are not there, and what only superseded graphs have."""

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from pyoxigraph import NamedNode, Store

from kzgraph.iri import GRAPH
from kzgraph.prefixes import shorten
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.dataset import Dataset, resolve_names
from kzgraph.sparql.emptiness.names import find_names, list_words
from kzgraph.sparql.emptiness.probe import Reason
from kzgraph.sparql.superseded import Vintages

#: Graphs that are shown, and triples of one name that are looked at.
_MOST, _MOST_QUADS = 4, 1_000


def find_unknown_graphs(dataset: Dataset | None, known: Collection[str]) -> Iterator[Reason]:
    """The graphs of a data set that the release does not have.

    Args:
        dataset: the one that the query, or its request, names.
        known: the IRIs of the graphs of the release.
    """
    if dataset is None:
        return
    names = [each.removeprefix(GRAPH) for each in known]
    for graph in dict.fromkeys((*(dataset.default or ()), *(dataset.named or ()))):
        if graph.value in known:
            continue
        near = get_close_matches(graph.value.removeprefix(GRAPH), names, n=3, cutoff=0.6)
        advice = (
            f" Did you mean {list_words([f'<graph/{each}>' for each in near])}?" if near else ""
        )
        yield Reason("unknown-graph", f"There is no graph {graph}, so it is empty.{advice}")


def find_superseded_names(analysis: Analysis, store: Store, vintages: Vintages) -> Iterator[Reason]:
    """The names of a query that are in superseded graphs only.

    Args:
        analysis: of the whole query.
        store: the current graphs.
        vintages: all graphs.
    """
    texts = frozenset(find_names(analysis.tokens[analysis.start :]))
    tokens = {each.text: each for each in analysis.tokens if each.text in texts}
    for node in resolve_names(analysis, tokens.values()):
        if _graphs_of(node, store):
            continue
        found = [each for each in _graphs_of(node, vintages.store) if each in vintages.superseded]
        if found:
            message = (
                f"{shorten(node.value)} is only in {_list(found)}, superseded: "
                f"ask for it by GRAPH {_list(found[:1])}."
            )
            yield Reason("superseded", message)


def explain_more_graphs(vintages: Vintages) -> Reason:
    """A query has solutions where GRAPH goes through superseded graphs as well."""
    found = sorted(vintages.superseded, key=lambda each: each.value)
    return Reason(
        "superseded",
        f"There are solutions with superseded graphs, which are {_list(found)}: a variable of "
        "GRAPH goes through the current graphs, and through superseded ones that the query names.",
    )


def _graphs_of(node: NamedNode, store: Store) -> list[NamedNode]:
    """The graphs that say something of `node`, each once, in order of their names."""
    found: dict[NamedNode, None] = {}
    for subject, value in ((node, None), (None, node)):
        for number, quad in enumerate(store.quads_for_pattern(subject, None, value, None)):
            if isinstance(quad.graph_name, NamedNode):
                found[quad.graph_name] = None
            if number >= _MOST_QUADS:
                break
    return sorted(found, key=lambda each: each.value)


def _list(graphs: Sequence[NamedNode]) -> str:
    shown = [f"<graph/{each.value.removeprefix(GRAPH)}>" for each in graphs[:_MOST]]
    if len(graphs) > _MOST:
        shown.append(f"{len(graphs) - _MOST} more")
    return list_words(shown, "and")
