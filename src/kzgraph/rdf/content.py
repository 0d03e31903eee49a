"""The quads of a release, sorted once and shared by every dump.

Rows hold terms in their canonical N-Triples form, so that comparing, sorting and hashing are
plain string work: https://www.w3.org/TR/n-triples/#canonical-ntriples
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, pairwise
from typing import Self

from pyoxigraph import Quad, Triple

from kzgraph.iri import GRAPH, is_path
from kzgraph.rdf.formats import RDF_XML
from kzgraph.rdf.graph_writer import BLANK_NODE_GRAPHS, find_fault

#: Subject, predicate, object, graph name.
Row = tuple[str, str, str, str]


class ContentFaults(ValueError):
    """The named graphs violate a rule of the data set; `faults` has a sentence for each."""

    #: How many faults the message spells out before it only counts the rest.
    SHOWN = 20

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        shown = self.faults[: self.SHOWN]
        if len(self.faults) > self.SHOWN:
            shown.append(f"and {len(self.faults) - self.SHOWN} more")
        super().__init__("\n".join(shown))


class Content:
    """Quads in order.

    Attributes:
        rows: the terms of each quad in their N-Triples form, in code point order of the N-Quads
            line, without duplicates.
        quads: the same quads in the same order.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        """Sort `quads`; duplicates are dropped."""
        found = {
            (str(quad.subject), str(quad.predicate), str(quad.object), str(quad.graph_name)): quad
            for quad in quads
        }
        self.rows: list[Row] = sorted(found)
        self.quads: list[Quad] = [found[row] for row in self.rows]

    def with_quads(self, quads: Iterable[Quad]) -> Self:
        """This content and `quads`."""
        return type(self)(chain(self.quads, quads))

    @cached_property
    def graphs(self) -> dict[str, list[Row]]:
        """Rows of each named graph, by the graph's name (`entities`), names in order."""
        by_graph: dict[str, list[Row]] = {}
        for row in self.rows:
            by_graph.setdefault(row[3], []).append(row)
        return {graph_name(iri): by_graph[iri] for iri in sorted(by_graph)}

    @cached_property
    def n_quads(self) -> bytes:
        """Canonical N-Quads, lines in code point order."""
        return "".join([f"{s} {p} {o} {g} .\n" for s, p, o, g in self.rows]).encode()

    @cached_property
    def triples(self) -> dict[str, list[Triple]]:
        """Triples of each named graph, likewise."""
        by_graph: dict[str, list[Triple]] = {name: [] for name in self.graphs}
        for row, quad in zip(self.rows, self.quads, strict=True):
            by_graph[graph_name(row[3])].append(quad.triple)
        return by_graph

    @property
    def digest(self) -> str:
        """SHA-256 of the N-Quads, hexadecimal."""
        return hashlib.sha256(self.n_quads).hexdigest()


def graph_name(graph: str) -> str:
    """The name of one of our graphs, given in N-Triples form; any other graph's IRI.

    >>> graph_name("<https://w3id.org/kzgraph/graph/entities>")
    'entities'
    """
    return graph[1:-1].removeprefix(GRAPH)


def check(content: Content) -> None:
    """Validate the data set against its rules, and against what every format can carry.

    Every quad is in a graph of the project, no triple in two of them (the store's union would count
    it twice), blank nodes only where OWL and SHACL need them, each in one graph.

    Raises:
        ContentFaults: every break, naming the triple and the graphs.
    """
    faults = [*_faults_of_graphs(content), *_faults_of_terms(content)]
    if faults:
        raise ContentFaults(faults)


def _faults_of_graphs(content: Content) -> Iterator[str]:
    for name, rows in content.graphs.items():
        # The name also names a file.
        if f"<{GRAPH}{name}>" != rows[0][3] or not is_path(name) or "/" in name:
            yield f"{_triple(rows[0])} is in {rows[0][3]}, which is not a graph of the project"
    # Rows are sorted, so a triple in several graphs has neighbouring rows.
    for row, after in pairwise(content.rows):
        if row[:3] == after[:3]:
            both = f"{graph_name(row[3])} and {graph_name(after[3])}"
            yield f"{_triple(row)} is in two graphs, {both}; keep it in one"


def _faults_of_terms(content: Content) -> Iterator[str]:
    graph_of: dict[str, str] = {}
    for row in content.rows:
        for term in (row[0], row[2]):
            if not term.startswith("_:"):
                continue
            graph = graph_name(row[3])
            if graph not in BLANK_NODE_GRAPHS:
                yield f"{_triple(row)} has a blank node in the graph {graph}; give it an IRI"
            elif graph_of.setdefault(term, graph) != graph:
                both = " and ".join(sorted((graph_of[term], graph)))
                yield f"{term} is in two graphs, {both}; name it apart"
    # RDF/XML carries least: what it takes, every format does.
    faults = (find_fault(quad.triple, RDF_XML) for quad in content.quads)
    yield from dict.fromkeys(fault for fault in faults if fault is not None)


def _triple(row: Row) -> str:
    return " ".join(row[:3])
