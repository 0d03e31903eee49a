"""Sorting a graph that is larger than memory, and checking each of its triples on the way."""

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

from kzgraph.rdf.formats import RDF_XML
from kzgraph.rdf.graph_writer import find_fault

#: Lines that are sorted in memory: 60 MB of them.
PIECE = 100_000


@dataclass(frozen=True)
class Sorted:
    """A graph as a file of canonical N-Quads, sorted, each line once.

    Attributes:
        path: of the file.
        triples: how many lines it has.
        sha256: of it, hexadecimal.
    """

    path: Path
    triples: int
    sha256: str


class UnsoundTriples(Exception):
    """A mapper wrote what is not a triple, or what no dump can carry: a fault of the program."""


class LineSorter:
    """Takes the triples of one graph, and writes them in order."""

    def __init__(self, graph: NamedNode, folder: Path, name: str) -> None:
        """Sort triples of `graph` into the file `name` in `folder`."""
        self._graph = str(graph)
        self._folder, self._name = folder, name
        self._waiting: list[str] = []
        self._pieces: list[Path] = []

    def add(self, triple: str) -> None:
        """Add a triple in N-Triples form, without its dot.

        Raises:
            UnsoundTriples: one of the triples so far is unsound.
        """
        self._waiting.append(triple)
        if len(self._waiting) >= PIECE:
            self._flush()

    def finish(self) -> Sorted:
        """Write the file.

        Raises:
            UnsoundTriples: a triple is unsound.
            OSError: the disk fails.
        """
        self._flush()
        path = self._folder / self._name
        digest, triples = hashlib.sha256(), 0
        with path.open("wb") as output, ExitStack() as opened:
            pieces = [opened.enter_context(piece.open("rb")) for piece in self._pieces]
            for line in drop_repeated(heapq.merge(*pieces)):
                output.write(line)
                digest.update(line)
                triples += 1
        for piece in self._pieces:
            piece.unlink()
        return Sorted(path, triples, digest.hexdigest())

    def _flush(self) -> None:
        """Sort what waits into a file of its own."""
        if not self._waiting:
            return
        piece = self._folder / f"{self._name}.{len(self._pieces)}"
        data = "".join([f"{triple} {self._graph} .\n" for triple in self._waiting])
        self._waiting.clear()
        with piece.open("wb") as output:
            output.writelines(line.encode() for line in sorted(_canonical(data)))
        self._pieces.append(piece)


def _canonical(data: str) -> Iterator[str]:
    """The lines as the store gives them back, which writes numbers in its own way."""
    store = Store()
    try:
        store.bulk_load(data, RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise UnsoundTriples(f"a mapper wrote what is not a triple: {error}") from error
    sound: set[object] = set()
    for quad in store:
        # A fault is one of a term, and most terms are in many triples.
        if not (quad.predicate in sound and quad.object in sound):
            fault = find_fault(quad, RDF_XML)
            if fault is not None:
                raise UnsoundTriples(fault)
            sound |= {quad.predicate, quad.object}
        line = str(quad)
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise UnsoundTriples(f"{line} has a blank node; give it an IRI")
        yield f"{line} .\n"


def drop_repeated(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines, each once."""
    last = b""
    for line in lines:
        if line != last:
            yield line
            last = line
