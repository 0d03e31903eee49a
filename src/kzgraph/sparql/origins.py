"""The sources whose data a description has.

The graph of a source says in itself whose it is and under which licence. A description has parts of
graphs, so it repeats that of each source that one of its statements is from.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kzgraph.iri import GRAPH, term
from kzgraph.licences import name_licence
from kzgraph.namespaces import DCT, SCHEMA

#: The graphs whose statements the project makes from those of sources.
MADE_FROM = ("compared", "computed")

_TITLE, _LICENCE, _CREDIT = DCT["title"], DCT["license"], SCHEMA["creditText"]
#: What a description repeats of the graph of a source.
_REPEATED = (_TITLE, _LICENCE, _CREDIT, DCT["created"], SCHEMA["url"], term("sha256"))
_MADE = frozenset(GRAPH + name for name in MADE_FROM)
#: Things that are looked up of those that another is made from.
_MOST_INPUTS = 1000
#: Triples of the answer to a DESCRIBE that are looked up: 10,000 take 50 ms.
_MOST_DESCRIBED = 10_000


@dataclass(frozen=True)
class Origin:
    """A source, as its graph describes itself.

    Attributes:
        graph: its name.
        title: in English.
        licence: as an IRI.
        credit: whom whoever uses its data has to name.
        triples: what a description repeats of it.
    """

    graph: NamedNode
    title: str
    licence: str
    credit: str
    triples: tuple[Triple, ...]

    @property
    def licence_name(self) -> str:
        """What people call its licence."""
        return name_licence(self.licence)


def find_origins(store: Store, quads: Iterable[Quad]) -> list[Origin]:
    """The sources that quads are from, and those that what they say was computed from.

    Args:
        store: of the release.
        quads: of a description.
    """
    graphs: dict[str, None] = {}
    inputs: dict[NamedNode, None] = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            graphs[quad.graph_name.value] = None
            if quad.graph_name.value in _MADE and isinstance(quad.object, NamedNode):
                inputs[quad.object] = None
    for node in islice(inputs, _MOST_INPUTS):
        for stated in islice(store.quads_for_pattern(node, None, None), 1):
            if isinstance(stated.graph_name, NamedNode):
                graphs[stated.graph_name.value] = None
    return [*_read(store, sorted(graphs))]


def _read(store: Store, graphs: Iterable[str]) -> Iterator[Origin]:
    for node in map(NamedNode, graphs):
        triples = [
            quad.triple
            for name in _REPEATED
            for quad in store.quads_for_pattern(node, name, None, node)
        ]
        said = {each.predicate: each.object for each in triples}
        title, licence, credit = (said.get(name) for name in (_TITLE, _LICENCE, _CREDIT))
        if isinstance(licence, NamedNode) and isinstance(credit, Literal):
            titled = title.value if isinstance(title, Literal) else node.value
            yield Origin(node, titled, licence.value, credit.value, tuple(triples))


def describe_origins(
    node: NamedNode, quads: Iterable[Quad], origins: Iterable[Origin]
) -> Iterator[Triple]:
    """What a description of `node` says of its sources.

    Args:
        node: the thing.
        quads: of its description.
        origins: of these.
    """
    own = {quad.graph_name for quad in quads if quad.subject == node}
    for each in origins:
        if each.graph in own:
            yield Triple(node, DCT["source"], each.graph)
        yield from each.triples


def describe_sources(
    store: Store, triples: Iterable[Triple], graphs: Container[NamedNode] | None
) -> Iterator[Triple]:
    """What the answer to a DESCRIBE says of the sources that it is from.

    Args:
        store: all graphs by name.
        triples: the answer.
        graphs: those that the query was evaluated on; None for all of the store.
    """
    quads = [
        quad
        for each in islice(triples, _MOST_DESCRIBED)
        for quad in store.quads_for_pattern(each.subject, each.predicate, each.object)
        if isinstance(quad.graph_name, NamedNode) and (graphs is None or quad.graph_name in graphs)
    ]
    origins = find_origins(store, quads)
    for node in dict.fromkeys(quad.subject for quad in quads):
        if isinstance(node, NamedNode):
            yield from describe_origins(node, quads, origins)
