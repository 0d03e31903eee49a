"""The graph of the three documents, the ontology and what follows: built once for a process.

And the same with some of what the packaged sources say beside them.
"""

from functools import cache
from pathlib import Path

from pyoxigraph import Quad, Store

from fixed_tables import read_fixed_tables
from kzgraph.example_queries import example_quads
from kzgraph.iri import graph
from kzgraph.reasoning import infer
from kzgraph.vocabulary import ontology_quads
from kzgraph_mappings import map_tables
from kzgraph_mappings.official import MAPPERS, settle
from kzgraph_mappings.official.reference_tables import sources_folder
from official_files import a_source, map_with


@cache
def built_quads() -> tuple[Quad, ...]:
    """All quads of the mapping, the graph `ontology` and those of reasoning."""
    store = Store()
    store.extend(map_tables(read_fixed_tables()))
    store.extend(ontology_quads())
    store.extend(infer(store))
    return tuple(store)


_PACKAGED = sources_folder() / "data"
#: Files of sources that are small enough for every test, each with its kind.
SOURCES = (
    ("treaties", _PACKAGED / "treaties-central-asia.csv"),
    ("worldbank-population", _PACKAGED / "worldbank-population-central-asia.csv"),
    ("iati", Path(__file__).parent / "data" / "activities.xml"),
    *(
        (kind, _PACKAGED / f"{kind}-central-asia.csv")
        for kind in ("unhcr-population", "unhcr-solutions", "unhcr-asylum-applications")
    ),
    *(
        ("iati-tables", _PACKAGED / f"iati-central-asia-{part}.csv")
        for part in ("activities", "budgets", "transactions")
    ),
    # Those rows of the packaged results that indicators of the documents are compared with.
    ("iati-tables", Path(__file__).parent / "data" / "results.csv"),
)


@cache
def source_quads() -> tuple[Quad, ...]:
    """What some sources say, each in a graph of its own, and what they share."""
    sinks = [map_with(MAPPERS[kind], a_source(kind, path)) for kind, path in SOURCES]
    shared = set[Quad]().union(*(sink.shared for sink in sinks))
    own = (quad for sink in sinks for quad in sink.quads() if quad not in sink.shared)
    return (*own, *settle(shared))


@cache
def built_with_sources() -> tuple[Quad, ...]:
    """Those of `built_quads` and `source_quads`, what follows from them together, and examples."""
    store, official = Store(), Store()
    store.extend(map_tables(read_fixed_tables()))
    store.extend(ontology_quads())
    shared = {graph("entities"), graph("concepts"), graph("links")}
    for quad in source_quads():
        (store if quad.graph_name in shared else official).add(quad)
    store.extend(infer(store, official))
    store.extend(official)
    store.extend(example_quads())
    return tuple(store)


def merged_store() -> Store:
    """All triples in the default graph of a new store, for a test that queries or damages them."""
    store = Store()
    store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in built_quads())
    return store
