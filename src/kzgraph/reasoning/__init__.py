"""Reasoning: what follows from the mapped graphs, for the graph `inferred`.

Four things follow: derived figures, comparisons, the project's notes on the figures that both come
from, and the OWL 2 RL closure of everything with these, so that the published graph is closed. The
shapes say what is expected, not what is the case, and are not an input.
"""

from pyoxigraph import Quad, Store, Triple

from kzgraph.iri import graph
from kzgraph.namespaces import OA
from kzgraph.reasoning.citations import citations
from kzgraph.reasoning.closure import UnsupportedChain, close, default_graph, entailments
from kzgraph.reasoning.comparisons import comparisons
from kzgraph.reasoning.days import days_of_week
from kzgraph.reasoning.derived import derived_figures
from kzgraph.reasoning.figures import figures
from kzgraph.reasoning.rules_text import nodes, select

__all__ = ["UnsupportedChain", "infer"]

_INFERRED = graph("inferred")
#: Graphs that speak about the release, not about the world.
_NO_INPUT = frozenset({graph("shapes"), graph("metadata"), _INFERRED})


def infer(store: Store) -> list[Quad]:
    """The quads of the graph `inferred`, sorted; none of their triples is in another graph.

    Neither blank nodes nor trivial triples are among them (see `kzgraph.reasoning.trivial`). The
    store is not changed, and its graph `inferred` is ignored.

    Raises:
        UnsupportedChain: the ontology has a property chain of neither two nor three links.
    """
    given: set[Triple] = set()
    elsewhere: set[Triple] = set()
    for quad in store:
        if quad.graph_name not in _NO_INPUT:
            given.add(quad.triple)
        elif quad.graph_name != _INFERRED:
            elsewhere.add(quad.triple)
    working = default_graph(given)
    stated = figures(working)
    results = [*derived_figures(working, stated), *comparisons(working, stated)]
    computed = [*results, *citations(working, results), *days_of_week(working)]
    working.extend(Quad(*triple) for triple in computed)
    # A doubt about a number is one about its share, its change, its difference from another, too.
    noted = list(nodes(select(working, "caveats.rq"), "note", "result"))
    working.extend(Quad(note, OA["hasTarget"], result) for note, result in noted)
    close(working)
    found = entailments(working, given | elsewhere)
    return [Quad(t.subject, t.predicate, t.object, _INFERRED) for t in found]
