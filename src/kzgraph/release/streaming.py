"""The dumps of a release that is larger than memory, written line by line.

All of it as N-Quads, and in other formats where the operator wants them; each graph of a document,
of the vocabulary and of the project as Turtle, each graph of a source as N-Triples.
"""

import gzip
import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
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
from kzgraph.release.contents import Contents, parse_lines, read_file, split_row
from kzgraph.release.dumps import DUMPS, GZIP_LEVEL, STEM, File, write_one
from kzgraph.release.tally import Tally
from kzgraph.sources.source_entries import SourceGraph

#: Lines that are written together.
_PIECE = 2_000


def write_streamed(
    contents: Contents, root: Path, formats: Collection[Format]
) -> tuple[list[File], Tally]:
    """Write the dumps below `root`/dumps; the files, and the numbers of what they hold.

    Args:
        contents: what the release holds.
        root: the folder of the release.
        formats: in which all of it is written beside N-Quads.

    Raises:
        ContentFaults: a triple is in two graphs.
        OSError: the disk fails.
    """
    (root / DUMPS / "graphs").mkdir(parents=True)
    tally = Tally()
    files: list[File] = []

    def counted() -> Iterator[bytes]:
        for line in contents.lines():
            tally.add(split_row(line))
            yield line

    files += _write_lines(root, _whole(N_QUADS), counted())
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
    return files, tally


def write_source_graphs(sources: Iterable[SourceGraph], root: Path) -> list[File]:
    """Write graphs of sources below `root`/dumps as N-Triples; the files."""
    files = []
    for each in sources:
        path = f"{DUMPS}/graphs/{each.name}.{N_TRIPLES.suffix}"
        file = File(path, N_TRIPLES.media_type, 0, "", graph=graph(each.name).value)
        files += _write_lines(root, file, _triples(read_file(each.path)))
    return files


def _triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of N-Quads as N-Triples."""
    return (line.rsplit(b" ", 2)[0] + b" .\n" for line in lines)


def _whole(chosen: Format) -> File:
    return File(f"{DUMPS}/{STEM}.{chosen.suffix}", chosen.media_type, 0, "")


def _write_whole(contents: Contents, root: Path, chosen: Format) -> list[File]:
    """All of it in a format; JSON-LD and RDF/XML are made in memory."""
    if chosen is N_TRIPLES:
        return _write_lines(root, _whole(chosen), _triples(contents.lines()))
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


def _write_lines(root: Path, file: File, lines: Iterable[bytes]) -> list[File]:
    with _Writing(root, file) as writing:
        waiting: list[bytes] = []
        for line in lines:
            waiting.append(line)
            if len(waiting) == _PIECE:
                writing.write(b"".join(waiting))
                waiting.clear()
        writing.write(b"".join(waiting))
    return writing.files


class _Writing:
    """A new file and the same compressed, written at once, hashed and synced.

    Attributes:
        files: both, once all is written.
    """

    def __init__(self, root: Path, file: File) -> None:
        self._plain = _Hashing(root / file.path)
        self._packed = _Hashing(root / f"{file.path}.gz")
        self._gzip = gzip.GzipFile("", "wb", GZIP_LEVEL, self._packed, mtime=0)
        self._file = file
        self.files: list[File] = []

    def __enter__(self) -> Self:
        return self

    def write(self, data: bytes) -> int:
        """Take all of `data`."""
        self._gzip.write(data)
        return self._plain.write(data)

    def flush(self) -> None:
        """Nothing is to be done."""

    def __exit__(self, *raised: object) -> None:
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
