"""The quads of a release, sorted once and shared by every dump.

Rows hold terms in their canonical N-Triples form, so that comparing, sorting and hashing are
plain string work: https://www.w3.org/TR/n-triples/#canonical-ntriples. A term is one string, and
one object, however many rows have it: of a hundred documents that is a third of the memory.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Self

from pyoxigraph import Quad, Triple

from kzgraph.iri import GRAPH, is_path
from kzgraph.rdf.formats import RDF_XML
from kzgraph.rdf.graph_writer import BLANK_NODE_GRAPHS, find_fault
from kzgraph.rdf.sorted_lines import About

#: Rows that are written together.
_PIECE = 10_000

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
        self._set(_found(quads))

    def _set(self, found: dict[Row, Quad]) -> None:
        self.rows: list[Row] = sorted(found)
        self.quads: list[Quad] = [found[row] for row in self.rows]

    def with_quads(self, quads: Iterable[Quad]) -> Self:
        """This content and `quads`."""
        other = type(self)(())
        other._set(dict(zip(self.rows, self.quads, strict=True)) | _found(quads))
        return other

    @cached_property
    def graphs(self) -> dict[str, list[Row]]:
        """Rows of each named graph, by the graph's name (`entities`), names in order."""
        by_graph: dict[str, list[Row]] = {}
        for row in self.rows:
            by_graph.setdefault(row[3], []).append(row)
        return {graph_name(iri): by_graph[iri] for iri in sorted(by_graph)}

    def subjects(self) -> Iterator[About]:
        """Each subject with its lines of canonical N-Quads, in order."""
        for subject, rows in groupby(self.rows, itemgetter(0)):
            yield f"{subject} ".encode(), [f"{' '.join(row)} .\n".encode() for row in rows]

    @property
    def n_quads(self) -> bytes:
        """Canonical N-Quads, lines in code point order."""
        return b"".join(self._pieces())

    @cached_property
    def triples(self) -> dict[str, list[Triple]]:
        """Triples of each named graph, likewise."""
        by_graph: dict[str, list[Triple]] = {name: [] for name in self.graphs}
        for row, quad in zip(self.rows, self.quads, strict=True):
            by_graph[graph_name(row[3])].append(quad.triple)
        return by_graph

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the N-Quads, hexadecimal."""
        digest = hashlib.sha256()
        for piece in self._pieces():
            digest.update(piece)
        return digest.hexdigest()

    def _pieces(self) -> Iterator[bytes]:
        """The N-Quads in pieces, which together may be larger than all else in memory."""
        for start in range(0, len(self.rows), _PIECE):
            rows = self.rows[start : start + _PIECE]
            yield "".join([f"{s} {p} {o} {g} .\n" for s, p, o, g in rows]).encode()


def _found(quads: Iterable[Quad]) -> dict[Row, Quad]:
    """Each quad by its row; equal terms of the rows are one string."""
    found: dict[Row, Quad] = {}
    terms: dict[str, str] = {}
    one = terms.setdefault
    for quad in quads:
        # One call over the language border instead of six: half of the time. No IRI, blank node or
        # graph name has a blank in it.
        graph = str(quad.graph_name)
        subject, predicate, rest = str(quad).split(" ", 2)
        value = rest.removesuffix(f" {graph}")
        row = one(subject, subject), one(predicate, predicate), one(value, value), one(graph, graph)
        found[row] = quad
    return found


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
    yield from dict.fromkeys(_faults_of_formats(content))


def _faults_of_formats(content: Content) -> Iterator[str]:
    """What no dump in RDF/XML can carry, which carries least: what it takes, every format does."""
    sound: set[str] = set()  # A fault is one of a term, and most terms are in many triples.
    for row, quad in zip(content.rows, content.quads, strict=True):
        if not sound.issuperset(row[:3]):
            fault = find_fault(quad, RDF_XML)
            if fault is None:
                sound.update(row[:3])
            else:
                yield fault


def _triple(row: Row) -> str:
    return " ".join(row[:3])
