"""The graphs of a release, each in a file of its own, ready to be sent.

The N-Quads dump is the source: it is canonical, sorted and covered by the manifest's hashes. It is
read once, line by line, so that memory does not grow with the release.
"""

import hashlib
import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from kzgraph.iri import GRAPH
from kzgraph.publish.errors import PublishError
from kzgraph.release import Release, ReleaseError
from kzgraph.release.all_graphs import read_graph
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
        superseded: whether a query has to name it.
    """

    iri: str
    path: Path
    triples: int
    size: int
    sha256: str
    has_blank_nodes: bool
    sample: tuple[bytes, ...]
    superseded: bool = False

    @property
    def name(self) -> str:
        """The short name: `entities`."""
        return self.iri.removeprefix(GRAPH)

    def read(self) -> Iterator[Triple]:
        """The triples, one by one."""
        for quad in parse(path=self.path, format=RdfFormat.N_TRIPLES):
            yield quad.triple


def split(
    release: Release, folder: Path, names: Sequence[str] = (), all_vintages: bool = False
) -> list[Graph]:
    """Write the graphs of `release` into `folder`, `metadata` last.

    Args:
        release: what is published.
        folder: an empty folder.
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
    source = f"{DUMPS}/{STEM}.nq"
    expected = {file["path"]: file["sha256"] for file in release.manifest["files"]}[source]
    digest = hashlib.sha256()
    with ExitStack() as files, (release.path / source).open("rb") as lines:
        streams = {
            f"<{GRAPH}{name}>".encode(): files.enter_context((folder / f"{place}.nt").open("wb"))
            for place, name in enumerate(wanted)
        }
        for line in lines:
            digest.update(line)
            # The graph's name is the last term, and an IRI holds no space.
            triple, graph, _ = line.rsplit(b" ", 2)
            if graph in streams:
                streams[graph].write(triple + b" .\n")
        for name in wanted:
            if name in release.superseded:
                stream = streams[f"<{GRAPH}{name}>".encode()]
                stream.writelines(_read_superseded(release, name))
    if digest.hexdigest() != expected:
        raise PublishError(f"{release.path / source} does not match the manifest")
    salt = release.version.encode()
    graphs = [_describe(graph[1:-1].decode(), Path(streams[graph].name), salt) for graph in streams]
    marked = (replace(each, superseded=each.name in release.superseded) for each in graphs)
    return sorted(marked, key=lambda graph: (graph.name == _LAST, graph.iri))


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


def _describe(iri: str, path: Path, salt: bytes) -> Graph:
    """The graph whose triples are the lines of a file."""

    def lines() -> Iterator[bytes]:
        with path.open("rb") as stream:
            yield from stream

    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    # The lines whose salted hashes are smallest: spread over the graph, the same in every run.
    sample = heapq.nsmallest(
        SAMPLE,
        (line for line in lines() if not _has_blank_node(line)),
        key=lambda line: hashlib.sha256(salt + line).digest(),
    )
    return Graph(
        iri=iri,
        path=path,
        triples=sum(1 for _ in lines()),
        size=path.stat().st_size,
        sha256=digest,
        has_blank_nodes=any(map(_has_blank_node, lines())),
        sample=tuple(sample),
    )


def _has_blank_node(line: bytes) -> bool:
    return line.startswith(b"_:") or b" _:" in line
