"""The OWL 2 RL closure of a graph, without its trivial part.

The rules of the profile are SPARQL updates, run to a fixpoint inside the store,
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules.
Rules that find inconsistencies (`false` in the profile) are left to validation.
"""

from collections.abc import Set as AbstractSet

from pyoxigraph import Quad, Store, Triple

from kzgraph.namespaces import OWL
from kzgraph.reasoning.rules_text import select, update
from kzgraph.reasoning.trivial import is_trivial

_SAME_AS = OWL["sameAs"]
#: Rules about properties give instances of classes more often than the reverse: in this order the
#: fixpoint takes fewer rounds.
_ROUND = ("schema.ru", "properties.ru", "classes.ru")


class UnsupportedChain(ValueError):
    """A property chain of a length that no rule covers."""


def close(store: Store) -> None:
    """Add to the default graph of `store` what OWL 2 RL entails from it.

    Reflexive triples and instances of `owl:Thing` are never materialised. Chains may have two or
    three links.

    Raises:
        UnsupportedChain: the graph has a chain of another length.
    """
    for solution in select(store, "unsupported-chains.rq"):
        raise UnsupportedChain(f"{solution['property']} has a chain of neither 2 nor 3 links")
    size = -1
    while size != len(store):
        size = len(store)
        for name in _ROUND:
            update(store, name)
        # Equality copies every statement about a thing to its equals: skipped where there are
        # none, the usual case.
        if any(store.quads_for_pattern(None, _SAME_AS, None, None)):
            update(store, "equality.ru")


def entailments(store: Store, given: AbstractSet[Triple]) -> list[Triple]:
    """The triples of the default graph of `store` that are neither in `given` nor trivial."""
    closed = (quad.triple for quad in store)
    found = [triple for triple in closed if triple not in given and not is_trivial(*triple)]
    return sorted(found, key=str)


def default_graph(quads: AbstractSet[Triple]) -> Store:
    """A store in memory with `quads` in its default graph."""
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in quads)
    return store
