"""The graphs of a release, each in a file of its own, ready to be sent.

The N-Quads dump is the source: it is canonical, sorted and covered by the manifest's hashes. It is
read once, line by line, so that memory does not grow with the release.
"""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from kzgraph.iri import GRAPH
from kzgraph.publish.errors import PublishError
from kzgraph.release import Release, ReleaseError
from kzgraph.release.all_graphs import read_graph
from kzgraph.release.dumps import LINES

#: Triples of each graph that are read back from the store afterwards.
SAMPLE = 50

#: Bytes of a piece, by which a large graph is sent. One transaction of Virtuoso 7 takes 50 MB, and
#: what is lost with a connection is one piece.
PIECE = 8 * 1024 * 1024
#: Bytes that are read from a file at a time.
_CHUNK = 64 * 1024

#: This graph says which release it is, so it is sent last.
_LAST = "metadata"


@dataclass(frozen=True)
class Piece:
    """Consecutive lines of a graph's file; iterating gives their bytes, as often as wanted.

    Attributes:
        path: the file.
        start: where it begins, in bytes.
        size: in bytes.
        triples: how many.
    """

    path: Path
    start: int
    size: int
    triples: int

    @property
    def end(self) -> int:
        """Where the next one begins, in bytes."""
        return self.start + self.size

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            left = self.size
            while left and (part := stream.read(min(_CHUNK, left))):
                left -= len(part)
                yield part

    def parse(self) -> Iterator[Triple]:
        """The triples, one by one."""
        for quad in parse(b"".join(self), format=RdfFormat.N_TRIPLES):
            yield quad.triple


@dataclass(frozen=True)
class Graph:
    """One named graph of a release.

    Attributes:
        iri: its name.
        path: a file that holds it as N-Triples.
        triples: how many.
        size: of the file in bytes.
        sha256: of the file, hexadecimal.
        has_blank_nodes: whether it has any.
        sample: lines of the file without blank nodes, the same for every run.
        predicates: how many triples have each, by its IRI.
        superseded: whether a query has to name it.
    """

    iri: str
    path: Path
    triples: int
    size: int
    sha256: str
    has_blank_nodes: bool
    sample: tuple[bytes, ...]
    predicates: Mapping[str, int]
    superseded: bool = False

    @property
    def name(self) -> str:
        """The short name: `entities`."""
        return self.iri.removeprefix(GRAPH)

    @property
    def whole(self) -> Piece:
        """All of it as one piece."""
        return Piece(self.path, 0, self.size, self.triples)

    def piece(self, start: int, size: int = PIECE) -> Piece:
        """What follows the byte `start`, at which a line begins, to the line that ends `size`.

        A blank node is known only within its request, so that a graph with any is one piece.
        """
        if self.has_blank_nodes or not self.size:
            return self.whole
        with self.path.open("rb") as stream:
            stream.seek(min(start + size, self.size) - 1)
            stream.readline()
            end = stream.tell()
        found = Piece(self.path, start, end - start, 0)
        return replace(found, triples=sum(part.count(b"\n") for part in found))


def split(
    release: Release, folder: Path | None, names: Sequence[str] = (), all_vintages: bool = False
) -> list[Graph]:
    """Write the graphs of `release` into `folder`, `metadata` last.

    Args:
        release: what is published.
        folder: an empty folder; without one nothing is written, and no graph can be sent.
        names: of the graphs to write (`entities`); all if empty.
        all_vintages: whether superseded graphs are among these.

    Raises:
        PublishError: a dump does not match the manifest, or a graph is not in it.
    """
    counts: dict[str, int] = release.manifest["counts"]["graphs"]
    known = counts | release.superseded
    if unknown := [name for name in names if name not in known]:
        raise PublishError(
            f"the release has no graph {', '.join(unknown)}; it has {', '.join(known)}"
        )
    wanted = dict.fromkeys(names or (known if all_vintages else counts))
    expected = {file["path"]: file["sha256"] for file in release.manifest["files"]}[LINES]
    digest = hashlib.sha256()
    salt = zlib.crc32(release.version.encode())
    with ExitStack() as files, (release.path / LINES).open("rb") as lines:
        writers = {
            f"<{GRAPH}{name}>".encode(): _Writer(
                name, folder and folder / f"{place}.nt", salt, files
            )
            for place, name in enumerate(wanted)
        }
        for line in lines:
            digest.update(line)
            # The graph's name is the last term, and an IRI holds no space.
            triple, graph, _ = line.rsplit(b" ", 2)
            if (writer := writers.get(graph)) is not None:
                writer.add(triple + b" .\n")
        for writer in writers.values():
            if writer.name in release.superseded:
                for line in _read_superseded(release, writer.name):
                    writer.add(line)
    if digest.hexdigest() != expected:
        raise PublishError(f"{release.path / LINES} does not match the manifest")
    graphs = [
        replace(each.graph(), superseded=each.name in release.superseded)
        for each in writers.values()
    ]
    return sorted(graphs, key=lambda graph: (graph.name == _LAST, graph.iri))


def _read_superseded(release: Release, name: str) -> Iterator[bytes]:
    """The lines of a superseded graph, which is in no dump of all graphs."""
    count = 0
    try:
        for quad in read_graph(release.path, release.manifest, name):
            count += 1
            yield f"{quad.subject} {quad.predicate} {quad.object} .\n".encode()
    except ReleaseError as error:
        raise PublishError(str(error)) from None
    if count != release.superseded[name]:
        raise PublishError(f"the dump of {name} in {release.path} does not match the manifest")


class _Writer:
    """Writes the lines of one graph, and notes what there is to know of them."""

    def __init__(self, name: str, path: Path | None, salt: int, files: ExitStack) -> None:
        self.name = name
        self._path = path or Path()
        self._stream = files.enter_context(path.open("wb")) if path else None
        self._salt = salt
        self._digest = hashlib.sha256()
        self._size = 0
        self._predicates: Counter[bytes] = Counter()
        self._has_blank_nodes = False
        self._sample: list[tuple[int, bytes]] = []
        self._bound = 1 << 32

    def add(self, line: bytes) -> None:
        if self._stream is not None:
            self._stream.write(line)
        self._digest.update(line)
        self._size += len(line)
        subject, predicate, value = line.split(b" ", 2)
        self._predicates[predicate] += 1
        if subject.startswith(b"_:") or value.startswith(b"_:"):
            self._has_blank_nodes = True
            return
        # The lines whose salted sums are smallest: spread over the graph, the same in every run.
        place = zlib.crc32(line, self._salt)
        if place < self._bound:
            self._sample.append((place, line))
            if len(self._sample) >= 10 * SAMPLE:
                self._sample = sorted(self._sample)[:SAMPLE]
                self._bound = self._sample[-1][0]

    def graph(self) -> Graph:
        return Graph(
            iri=GRAPH + self.name,
            path=self._path,
            triples=self._predicates.total(),
            size=self._size,
            sha256=self._digest.hexdigest(),
            has_blank_nodes=self._has_blank_nodes,
            sample=tuple(line for _, line in sorted(self._sample)[:SAMPLE]),
            predicates={iri[1:-1].decode(): count for iri, count in self._predicates.items()},
        )
