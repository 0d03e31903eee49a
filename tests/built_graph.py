"""The graph of the three documents, the ontology and what follows: built once for a process."""

from functools import cache

from pyoxigraph import Quad, Store

from fixed_tables import read_fixed_tables
from kzgraph.reasoning import infer
from kzgraph.vocabulary import ontology_quads
from kzgraph_mappings import map_tables


@cache
def built_quads() -> tuple[Quad, ...]:
    """All quads of the mapping, the graph `ontology` and those of reasoning."""
    store = Store()
    store.extend(map_tables(read_fixed_tables()))
    store.extend(ontology_quads())
    store.extend(infer(store))
    return tuple(store)


def merged_store() -> Store:
    """All triples in the default graph of a new store, for a test that queries or damages them."""
    store = Store()
    store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in built_quads())
    return store
