"""What helps to write a query: prefixes, example queries, and what things of each class have.

The programs of the SIB (sparql-editor, sparql-llm) ask the endpoint for these three, and where it
has none its descriptions: docs/descriptions.md#programs-that-write-queries.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad, Store, Triple

from kzgraph.example_queries import PREFIX_SET, declare_prefixes
from kzgraph.iri import graph
from kzgraph.namespaces import SH, VOID, VOID_EXT
from kzgraph.release.property_uses import PARTITIONS

_EXAMPLES, _METADATA = graph("examples"), graph("metadata")
#: What the graph `metadata` says with these, it says of the parts of the data set.
_OF_PARTS = (
    VOID["classPartition"],
    VOID["class"],
    VOID["propertyPartition"],
    VOID["property"],
    VOID_EXT["datatypePartition"],
    VOID_EXT["datatype"],
)


def find_query_help(store: Store) -> tuple[Triple, ...]:
    """What a release says of its examples and its parts, and the prefixes that the server knows."""
    found = (*declare_prefixes(), *(quad.triple for quad in _quads(store)))
    return tuple(dict.fromkeys(found))


def _quads(store: Store) -> Iterator[Quad]:
    yield from store.quads_for_pattern(None, None, None, _EXAMPLES)
    for name in _OF_PARTS:
        yield from store.quads_for_pattern(None, name, None, _METADATA)
    for quad in store.quads_for_pattern(None, VOID["triples"], None, _METADATA):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(PARTITIONS):
            yield quad


def declares_prefixes(service: NamedNode) -> Iterator[Triple]:
    """That the endpoint `service` knows the prefixes of the set."""
    for each in declare_prefixes():
        if each.subject == PREFIX_SET:
            yield Triple(service, SH["declare"], each.object)
