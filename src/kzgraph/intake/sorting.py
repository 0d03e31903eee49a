"""Sorting a graph that is larger than memory, and checking each of its triples on the way.

A table says the same of many things: what is said, a property and a value, is checked and written
in canonical form once, and a thing in memory is its name and a list of these.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, parse

from kzgraph.namespaces import XSD
from kzgraph.rdf.formats import RDF_XML
from kzgraph.rdf.graph_writer import find_fault
from kzgraph.rdf.sorted_lines import merge_subjects, read_subjects

#: Lines that are sorted in memory: 180 MB of them.
PIECE = 3_000_000
#: Statements whose canonical form is kept; beyond, they are checked anew.
_MOST_KEPT = 100_000
#: Subjects that are written together.
_TOGETHER = 500

_SAFE = r"<https?://[A-Za-z0-9.-]+/[A-Za-z0-9._~/-]*(?:#[A-Za-z0-9._~/-]*)?>"
#: IRIs that are as they should be whatever they mean, and so are integers that the store writes as
#: they are.
_SAFE_IRI = re.compile(_SAFE)
_SAFE_VALUE = re.compile(
    rf'{_SAFE}|"(?:0|-?[1-9][0-9]{{0,17}})"\^\^{re.escape(str(XSD["integer"]))}'
)


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

    def __init__(
        self,
        graph: NamedNode,
        folder: Path,
        name: str,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Sort triples of `graph` into the file `name` in `folder`.

        Args:
            graph: what they are in.
            folder: which is there.
            name: of the file.
            notice: called with each property and value in canonical form, at least once.
        """
        self._end = f" {graph} .\n"
        self._folder, self._name = folder, name
        self._notice = notice
        self._waiting: list[tuple[str, list[str]]] = []
        self._lines = 0
        self._pieces: list[Path] = []
        self._said: dict[str, str] = {}
        self._properties: set[str] = set()

    def add(self, triple: str) -> None:
        """Add a triple in N-Triples form, without its dot.

        Raises:
            UnsoundTriples: it is unsound.
            OSError: the disk fails.
        """
        subject, _, said = triple.partition(" ")
        self.add_thing(subject, [said])

    def add_thing(self, subject: str, said: Iterable[str]) -> None:
        """Add triples of one subject.

        Args:
            subject: in N-Triples form.
            said: the property and the value of each, likewise.

        Raises:
            UnsoundTriples: one of them is unsound.
            OSError: the disk fails.
        """
        if not _SAFE_IRI.fullmatch(subject):
            subject = str(_read_triple(f"{subject} <x:y> <x:z>").subject)
        known = self._said
        about = [known.get(each) or self._check(each) for each in said]
        self._waiting.append((subject, about))
        self._lines += len(about)
        if self._lines >= PIECE:
            self._flush()

    def finish(self) -> Sorted:
        """Write the file.

        Raises:
            OSError: the disk fails.
        """
        path = self._folder / self._name
        if not self._pieces:
            return _write(path, self._sort())
        self._flush()
        made = _write(path, _merge(self._pieces))
        for piece in self._pieces:
            piece.unlink()
        return made

    def _flush(self) -> None:
        """Sort what waits into a file of its own."""
        piece = self._folder / f"{self._name}.{len(self._pieces)}"
        _write(piece, self._sort())
        self._pieces.append(piece)

    def _sort(self) -> Iterator[tuple[int, bytes]]:
        """What waits, subject by subject: how many lines, and these."""
        things: dict[str, list[str]] = {}
        for subject, said in self._waiting:
            known = things.setdefault(subject, said)
            if known is not said:
                known += said
        self._waiting.clear()
        self._lines = 0
        # An IRI ends where no other goes on, and what is said ends before a space: both are in the
        # order of the lines.
        for subject in sorted(things):
            ends = sorted({*things.pop(subject)})
            between = f"{self._end}{subject} "
            yield len(ends), f"{subject} {between.join(ends)}{self._end}".encode()

    def _check(self, said: str) -> str:
        """A property and a value as the store gives them back, which writes numbers in its way."""
        name, _, value = said.partition(" ")
        made = said
        if name not in self._properties or not _SAFE_VALUE.fullmatch(value):
            quad = _read_triple(f"<x:y> {said}")
            fault = find_fault(quad, RDF_XML)
            if fault is not None:
                raise UnsoundTriples(fault)
            made = f"{quad.predicate} {quad.object}"
            self._properties.add(str(quad.predicate))
        self._notice(made)
        if len(self._said) >= _MOST_KEPT:
            self._said.clear()
        self._said[said] = made
        return made


def _write(path: Path, about: Iterable[tuple[int, bytes]]) -> Sorted:
    """Write a file of sorted lines, which come subject by subject."""
    digest, triples = hashlib.sha256(), 0
    waiting: list[bytes] = []
    with path.open("wb") as output:

        def flush() -> None:
            data = b"".join(waiting)
            waiting.clear()
            output.write(data)
            digest.update(data)

        for number, data in about:
            waiting.append(data)
            triples += number
            if len(waiting) == _TOGETHER:
                flush()
        flush()
    return Sorted(path, triples, digest.hexdigest())


def _merge(pieces: Iterable[Path]) -> Iterator[tuple[int, bytes]]:
    """The lines of sorted files, each once, as those of `_write`."""
    for _, (lines, *others) in merge_subjects(*map(read_subjects, pieces)):
        if others:
            lines = sorted({*lines, *(line for other in others for line in other)})
        yield len(lines), b"".join(lines)


def _read_triple(text: str) -> Quad:
    """A triple in N-Triples form, without its dot, as the store gives it back."""
    try:
        found = list(parse(f"{text} .", RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise UnsoundTriples(f"a mapper wrote what is not a triple: {text}: {error}") from error
    if len(found) != 1:
        raise UnsoundTriples(f"a mapper wrote what is not one triple: {text}")
    store = Store()
    store.add(found[0])
    quad: Quad = next(iter(store))
    if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
        raise UnsoundTriples(f"{text} has a blank node; give it an IRI")
    return quad
