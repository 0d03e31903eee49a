"""The graphs of a release, each in a file of its own, ready to be sent.

The N-Quads dump is the source: it is canonical, sorted and covered by the manifest's hashes. It is
read once, line by line, so that memory does not grow with the release.
"""

import hashlib
import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import RdfFormat, Triple, parse

from kzgraph.iri import GRAPH
from kzgraph.publish.errors import PublishError
from kzgraph.release import Release
from kzgraph.release.dumps import DUMPS, STEM

#: Triples of each graph that are read back from the store afterwards.
SAMPLE = 50

#: This graph says which release it is, so it is sent last.
_LAST = "metadata"


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
    """

    iri: str
    path: Path
    triples: int
    size: int
    sha256: str
    has_blank_nodes: bool
    sample: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """The short name: `entities`."""
        return self.iri.removeprefix(GRAPH)

    def read(self) -> Iterator[Triple]:
        """The triples, one by one."""
        for quad in parse(path=self.path, format=RdfFormat.N_TRIPLES):
            yield quad.triple


def split(release: Release, folder: Path, names: Sequence[str] = ()) -> list[Graph]:
    """Write the graphs of `release` into `folder`, `metadata` last.

    Args:
        release: what is published.
        folder: an empty folder.
        names: of the graphs to write (`entities`); all if empty.

    Raises:
        PublishError: the dump does not match the manifest, or a graph is not in it.
    """
    counts: dict[str, int] = release.manifest["counts"]["graphs"]
    if unknown := [name for name in names if name not in counts]:
        raise PublishError(
            f"the release has no graph {', '.join(unknown)}; it has {', '.join(counts)}"
        )
    source = f"{DUMPS}/{STEM}.nq"
    expected = {file["path"]: file["sha256"] for file in release.manifest["files"]}[source]
    wanted = set(names or counts)
    writers: dict[bytes, _Writer] = {}
    digest = hashlib.sha256()
    with ExitStack() as files, (release.path / source).open("rb") as lines:
        for line in lines:
            digest.update(line)
            # The graph's name is the last term, and an IRI holds no space.
            triple, graph, _ = line.rsplit(b" ", 2)
            writer = writers.get(graph)
            if writer is None:
                iri = graph[1:-1].decode()
                path = folder / f"{len(writers)}.nt"
                stream = files.enter_context(path.open("wb"))
                writer = writers[graph] = _Writer(iri, path, stream, release.version.encode())
            if writer.iri.removeprefix(GRAPH) in wanted:
                writer.add(triple + b" .\n")
    if digest.hexdigest() != expected:
        raise PublishError(f"{release.path / source} does not match the manifest")
    graphs = [writer.graph() for writer in writers.values()]
    return sorted(
        (graph for graph in graphs if graph.name in wanted),
        key=lambda graph: (graph.name == _LAST, graph.iri),
    )


class _Writer:
    """Writes the lines of one graph."""

    def __init__(self, iri: str, path: Path, stream: BinaryIO, salt: bytes) -> None:
        self.iri = iri
        self._path = path
        self._stream = stream
        self._salt = salt
        self._digest = hashlib.sha256()
        self._triples = self._bytes = 0
        self._blank = False
        # The lines whose salted hashes are smallest: spread over the graph, the same in every run.
        # The heap keeps the largest of them on top, hence the minus.
        self._sample: list[tuple[int, bytes]] = []

    def add(self, line: bytes) -> None:
        self._stream.write(line)
        self._digest.update(line)
        self._triples += 1
        self._bytes += len(line)
        if line.startswith(b"_:") or b" _:" in line:
            self._blank = True
            return
        rank = -int.from_bytes(hashlib.sha256(self._salt + line).digest()[:8])
        if len(self._sample) < SAMPLE:
            heapq.heappush(self._sample, (rank, line))
        elif rank > self._sample[0][0]:
            heapq.heapreplace(self._sample, (rank, line))

    def graph(self) -> Graph:
        return Graph(
            self.iri,
            self._path,
            self._triples,
            self._bytes,
            self._digest.hexdigest(),
            self._blank,
            tuple(line for _, line in sorted(self._sample, reverse=True)),
        )
