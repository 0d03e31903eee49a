"""The dumps of a release that is larger than memory, written line by line.

All of it as N-Quads, and in other formats where the operator wants them; each graph of a document,
of the vocabulary and of the project as Turtle, each graph of a source as N-Triples.
"""

import gzip
import hashlib
import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, Self

from pyoxigraph import Quad, RdfFormat, serialize

from kzgraph.iri import graph
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.formats import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from kzgraph.rdf.graph_writer import row_order, write_ordered
from kzgraph.rdf.jsonld import context_document
from kzgraph.rdf.sorted_lines import PIECE
from kzgraph.release.contents import Contents, parse_lines, read_file, split_row
from kzgraph.release.dumps import DUMPS, GZIP_LEVEL, STEM, File, write_one
from kzgraph.sources.source_entries import SourceGraph

#: Pieces that wait to be written, those of the compressed file too.
_MOST_PENDING = 16


def write_streamed(contents: Contents, root: Path, formats: Collection[Format]) -> list[File]:
    """Write the dumps below `root`/dumps; the files.

    Args:
        contents: what the release holds.
        root: the folder of the release.
        formats: in which all of it is written beside N-Quads.

    Raises:
        ContentFaults: a triple is in two graphs.
        OSError: the disk fails.
    """
    (root / DUMPS / "graphs").mkdir(parents=True)
    files: list[File] = []
    with _Writing(root, _whole(N_QUADS)) as writing:
        for _, lines in contents.subjects():
            writing.write(b"".join(lines))
    files += writing.files
    for chosen in formats:
        if chosen is not N_QUADS:
            files += _write_whole(contents, root, chosen)
    for name, rows in contents.content.graphs.items():
        ordered = sorted(rows, key=row_order)
        quads = parse_lines(f"{' '.join(row)} .\n".encode() for row in ordered)
        file = File(f"{DUMPS}/graphs/{name}.{TURTLE.suffix}", TURTLE.media_type, 0, "")
        with _Writing(root, replace(file, graph=graph(name).value)) as writing:
            write_ordered(quads, TURTLE, writing)
        files += writing.files
    files += write_source_graphs(contents.sources, root)
    context = File(f"{DUMPS}/context.{JSON_LD.suffix}", JSON_LD.media_type, 0, "")
    files.append(write_one(root, context, context_document().encode()))
    return files


def write_source_graphs(sources: Iterable[SourceGraph], root: Path) -> list[File]:
    """Write graphs of sources below `root`/dumps as N-Triples; the files."""
    files = []
    for each in sources:
        path = f"{DUMPS}/graphs/{each.name}.{N_TRIPLES.suffix}"
        name = graph(each.name)
        file = File(path, N_TRIPLES.media_type, 0, "", graph=name.value)
        with _Writing(root, file) as writing, each.path.open("rb") as stream:
            # No literal has a line break in it: what is replaced is how each line ends.
            end = f" {name} .\n".encode()
            while lines := stream.readlines(PIECE):
                writing.write(b"".join(lines).replace(end, b" .\n"))
        files += writing.files
    return files


def _triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of N-Quads as N-Triples."""
    return (line.rsplit(b" ", 2)[0] + b" .\n" for line in lines)


def _whole(chosen: Format) -> File:
    return File(f"{DUMPS}/{STEM}.{chosen.suffix}", chosen.media_type, 0, "")


def _write_whole(contents: Contents, root: Path, chosen: Format) -> list[File]:
    """All of it in a format; JSON-LD and RDF/XML are made in memory."""
    if chosen is N_TRIPLES:
        with _Writing(root, _whole(chosen)) as writing:
            for line in _triples(contents.lines()):
                writing.write(line)
        return writing.files
    with _Writing(root, _whole(chosen)) as writing:
        if chosen is TRIG:
            # The serializer asks for a binary file and uses two methods of one.
            target: Any = writing
            serialize(_by_graph(contents), target, RdfFormat.TRIG, prefixes=dict(PREFIXES))
        else:
            write_ordered(_in_reading_order(contents.lines()), chosen, writing)
    return writing.files


def _in_reading_order(lines: Iterable[bytes]) -> Iterator[Quad]:
    """Quads whose subjects are in the order of lines, each with its types first."""
    rows = (split_row(line) for line in lines)
    for _, about in groupby(rows, lambda row: row[0]):
        ordered = sorted(about, key=row_order)
        yield from parse_lines(f"{' '.join(row)} .\n".encode() for row in ordered)


def _by_graph(contents: Contents) -> Iterator[Quad]:
    """Quads graph by graph, in order of their names."""
    paths = {each.name: each.path for each in contents.current}
    for name in sorted({*contents.content.graphs, *paths}):
        if name in paths:
            yield from _in_reading_order(read_file(paths[name]))
        else:
            rows = contents.content.graphs[name]
            yield from _in_reading_order(f"{' '.join(row)} .\n".encode() for row in rows)


class _Writing:
    """A new file and the same compressed, written at once, hashed and synced.

    Both are written by threads of their own, which leave the interpreter free meanwhile.

    Attributes:
        files: both, once all is written.
    """

    def __init__(self, root: Path, file: File) -> None:
        self._plain = _Hashing(root / file.path)
        self._packed = _Hashing(root / f"{file.path}.gz")
        self._gzip = gzip.GzipFile("", "wb", GZIP_LEVEL, self._packed, mtime=0)
        self._file = file
        self._waiting: list[bytes] = []
        self._size = 0
        self._threads = [ThreadPoolExecutor(1, "dumps") for _ in range(2)]
        self._pending: deque[Future[int]] = deque()
        self.files: list[File] = []

    def __enter__(self) -> Self:
        return self

    def write(self, data: bytes) -> int:
        """Take all of `data`.

        Raises:
            OSError: the disk fails.
        """
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Let what waits be written."""
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        for thread, write in zip(self._threads, (self._plain.write, self._gzip.write), strict=True):
            self._pending.append(thread.submit(write, data))
        while len(self._pending) > _MOST_PENDING:
            self._pending.popleft().result()

    def __exit__(self, *raised: object) -> None:
        try:
            self.flush()
            while self._pending:
                self._pending.popleft().result()
        finally:
            for thread in self._threads:
                thread.shutdown()
            self._gzip.close()
            for each in (self._plain, self._packed):
                each.close()
        packed = replace(self._file, path=f"{self._file.path}.gz", compression="gzip")
        self.files = [self._plain.describe(self._file), self._packed.describe(packed)]


class _Hashing:
    def __init__(self, path: Path) -> None:
        self._stream = path.open("xb")
        self._digest, self._size = hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self._size += len(data)
        return self._stream.write(data)

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()

    def describe(self, file: File) -> File:
        return replace(file, bytes=self._size, sha256=self._digest.hexdigest())
