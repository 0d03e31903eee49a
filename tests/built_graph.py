"""The graph of the real tables, with the ontology and what follows: built once for all tests."""

from functools import cache

from pyoxigraph import Quad, Store

from kzgraph.reasoning import infer
from kzgraph.resources import folder
from kzgraph.tables import read_tables
from kzgraph.vocabulary import ontology_quads
from kzgraph_mappings import map_tables


@cache
def built_quads() -> tuple[Quad, ...]:
    """All quads of the mapping, the graph `ontology` and the graph `inferred`."""
    mappings = folder("mappings")
    store = Store()
    store.extend(map_tables(read_tables(mappings / "tables", mappings / "schemas")))
    store.extend(ontology_quads())
    store.extend(infer(store))
    return tuple(store)


def merged_store() -> Store:
    """All triples in the default graph of a new store, for a test that queries or damages them."""
    store = Store()
    store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in built_quads())
    return store
