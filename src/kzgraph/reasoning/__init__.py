"""Reasoning: what follows from the mapped graphs, in graphs by who answers for it.

`computed` holds what the project's arithmetic and choices give: derived figures, dollars, headline
figures, numbers per inhabitants, text for searching and days of the week. `compared` holds the
comparisons of figures, and their concordance with official ones. `entailed` holds the OWL 2 RL
closure of everything with these, so that the published graph is closed, and what rules add to it:
the country of a fact, what a fact is about, and to what a state is a party. A note of the project
on a figure is one on what is derived from it or compares it.

The shapes say what is expected, not what is the case, and are not an input; neither are the links.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad, Store, Triple

from kzgraph.iri import REASONED_GRAPHS, UNREASONED_GRAPHS, graph, is_source_graph, term
from kzgraph.namespaces import OA
from kzgraph.reasoning.citations import citations
from kzgraph.reasoning.closure import UnsupportedChain, close, default_graph, entailments
from kzgraph.reasoning.comparisons import comparisons
from kzgraph.reasoning.concordance import concordances
from kzgraph.reasoning.countries import countries
from kzgraph.reasoning.days import days_of_week
from kzgraph.reasoning.derived import derived_figures
from kzgraph.reasoning.dollars import dollar_triples, us_dollars
from kzgraph.reasoning.figures import figures
from kzgraph.reasoning.headlines import headlines
from kzgraph.reasoning.per_capita import per_capita_figures
from kzgraph.reasoning.rules_text import nodes, select
from kzgraph.reasoning.searching import search_texts

__all__ = ["BY_RULE", "UnsupportedChain", "infer"]

#: Properties in `entailed` that no ontology entails: the rules of the project do.
BY_RULE = frozenset(map(term, ("country", "about", "partyTo")))

_ENTAILED, _COMPUTED, _COMPARED = map(graph, REASONED_GRAPHS)
_REASONED = frozenset({_ENTAILED, _COMPUTED, _COMPARED})
_NO_INPUT = frozenset(map(graph, UNREASONED_GRAPHS))


def infer(store: Store, official: Store | None = None, earlier: Store | None = None) -> list[Quad]:
    """The quads of the graphs of reasoning, sorted; none of their triples is in another graph.

    Neither blank nodes nor trivial triples are among them (see `kzgraph.reasoning.trivial`). The
    store is not changed, and its graphs of reasoning are ignored.

    Args:
        store: the tables, mapped, and what sources share with them.
        official: what the current sources say of the countries of the tables' places, each source
            in its graph; it is compared with the figures, and never part of the closure.
        earlier: what other vintages of their tables say of them, likewise.

    Raises:
        UnsupportedChain: the ontology has a property chain of neither two nor three links.
    """
    given: set[Triple] = set()
    elsewhere: set[Triple] = set()
    for quad in store:
        if quad.graph_name in _NO_INPUT or is_source_graph(quad.graph_name):
            elsewhere.add(quad.triple)
        elif quad.graph_name not in _REASONED:
            given.add(quad.triple)
    working = default_graph(given)
    stated = figures(working)
    compared = set(comparisons(working, stated))
    computed = set(derived_figures(working, stated))
    compared.update(citations(working, list(compared)))
    computed.update(citations(working, list(computed)))
    computed.update(days_of_week(working))
    _extend(working, computed | compared)
    if official is not None:
        compared.update(concordances(working, official, earlier))
    _note_results(working, computed, compared)
    dollars = us_dollars(working)
    computed.update(dollar_triples(dollars), headlines(working, stated, dollars))
    _extend(working, computed)
    if official is not None:
        computed.update(per_capita_figures(working, stated, official))
        _extend(working, computed)
        _note_results(working, computed, compared)
    computed.update(search_texts(working))
    _extend(working, computed)
    _extend(working, {*countries(working), *_mentions(working)})
    close(working)
    return [
        Quad(triple.subject, triple.predicate, triple.object, _layer(triple, computed, compared))
        for triple in entailments(working, given | elsewhere)
    ]


def _mentions(store: Store) -> Iterator[Triple]:
    """What facts are about by a property of another vocabulary, and to what a state is a party."""
    for fact, mentioned in nodes(select(store, "about.rq"), "fact", "thing"):
        yield Triple(fact, term("about"), mentioned)
    for state, instrument in nodes(select(store, "party-to.rq"), "state", "instrument"):
        yield Triple(state, term("partyTo"), instrument)


def _note_results(store: Store, computed: set[Triple], compared: set[Triple]) -> None:
    """Put the notes on figures on what is computed of them and compares them, too.

    A doubt about a number is one about its share, its change, its difference from another.
    """
    nodes_compared = {triple.subject for triple in compared}
    for note, result in list(nodes(select(store, "caveats.rq"), "note", "result")):
        layer = compared if result in nodes_compared else computed
        layer.add(Triple(note, OA["hasTarget"], result))
    _extend(store, computed | compared)


def _extend(store: Store, triples: set[Triple]) -> None:
    store.bulk_extend(Quad(*triple) for triple in triples)


def _layer(triple: Triple, computed: set[Triple], compared: set[Triple]) -> NamedNode:
    if triple in compared:
        return _COMPARED
    return _COMPUTED if triple in computed else _ENTAILED
