"""The graph `ontology` as rdflib reads it."""

from functools import cache

from rdflib import Graph

from kzgraph.vocabulary import ontology_quads


@cache
def ontology() -> Graph:
    """The graph `ontology` as published."""
    read = Graph()
    lines = (f"{q.subject} {q.predicate} {q.object} .\n" for q in ontology_quads())
    read.parse(data="".join(lines), format="nt")
    return read
