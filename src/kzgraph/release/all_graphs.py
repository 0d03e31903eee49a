"""The second store of a release: all its graphs, superseded ones among them.

Only a release with superseded graphs has one; `kzgraph.sparql.superseded` says what it holds, and
why. It follows from the dump of N-Quads and from those of the superseded graphs.
"""

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kzgraph.iri import GRAPH
from kzgraph.rdf.formats import N_TRIPLES, TURTLE
from kzgraph.release.dumps import LINES, File
from kzgraph.release.errors import ReleaseError
from kzgraph.sparql.superseded import ALL_GRAPHS, read_superseded

#: Quads that are loaded together.
_PIECE = 200_000
#: What a dump of one graph is read from, the fastest first.
_READABLE = {
    N_TRIPLES.media_type: RdfFormat.N_TRIPLES,
    TURTLE.media_type: RdfFormat.TURTLE,
}


def write_all_graphs(root: Path, manifest: Mapping[str, Any]) -> Path | None:
    """Write the store of all graphs of the release in `root`, if it has superseded ones.

    Memory does not grow with the graphs.

    Args:
        root: the folder of the release, in which the dumps are.
        manifest: of the release.

    Returns:
        The folder of the store, on the disk but not synced; None where there is none.

    Raises:
        ReleaseError: a superseded graph has no dump that can be read.
        OSError: the disk fails.
    """
    superseded = read_superseded(manifest)
    if not superseded:
        return None
    path = root / ALL_GRAPHS
    store = Store(str(path))
    with (root / LINES).open("rb") as lines:
        # In pieces: one load of all of them would hold a million at a time.
        while piece := list(islice(lines, _PIECE)):
            _load_twice(store, piece)
    for name in superseded:
        quads = _read_into(root, manifest, name)
        while found := list(islice(quads, _PIECE)):
            store.bulk_extend(found)
    store.flush()
    store.optimize()  # As `filling` does, and for the same reasons.
    return path


def _twice(current: Iterable[Quad]) -> Iterator[Quad]:
    for quad in current:
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object)


def _load_twice(store: Store, lines: Sequence[bytes]) -> None:
    """Load lines of N-Quads, once as they are and once without their graphs."""
    # They were checked when they were sorted. A load gives blank nodes other names.
    plain = [line for line in lines if b"_:" not in line]
    store.bulk_load(b"".join(plain), RdfFormat.N_QUADS, lenient=True)
    merged = b"".join(line[: line.rindex(b" <")] + b" .\n" for line in plain)
    store.bulk_load(merged, RdfFormat.N_TRIPLES, lenient=True)
    others = b"".join(line for line in lines if b"_:" in line)
    store.bulk_extend(_twice(parse(others, RdfFormat.N_QUADS)))


def read_graph(root: Path, manifest: Mapping[str, Any], name: str) -> Iterator[Quad]:
    """The triples of the graph called `name`, from its dump, one by one.

    Raises:
        ReleaseError: there is no dump of it, or it cannot be read.
        OSError: likewise.
    """
    with _open_dump(root, manifest, name) as (stream, syntax, path):
        try:
            yield from parse(stream, format=syntax)
        except (SyntaxError, ValueError, EOFError) as error:
            raise ReleaseError(f"{path} cannot be read: {error}") from None


@contextmanager
def _open_dump(
    root: Path, manifest: Mapping[str, Any], name: str
) -> Iterator[tuple[IO[bytes], RdfFormat, str]]:
    files = (File.from_manifest(each) for each in manifest["files"])
    order = list(_READABLE)
    found = min(
        (each for each in files if each.graph == GRAPH + name and each.media_type in _READABLE),
        key=lambda each: (order.index(each.media_type), each.compression),
        default=None,
    )
    if found is None:
        raise ReleaseError(f"{root} has no dump of the graph {name}")
    with (root / found.path).open("rb") as file:
        stream: IO[bytes] = gzip.GzipFile(fileobj=file) if found.compression else file  # type: ignore[assignment]
        yield stream, _READABLE[found.media_type], found.path


def count_expected(manifest: Mapping[str, Any]) -> dict[str, int]:
    """How many quads the store of all graphs has in each, by its name; nothing for no such store.

    The default graph is called as `store_faults` calls it.
    """
    superseded = read_superseded(manifest)
    if not superseded:
        return {}
    counts: dict[str, int] = manifest["counts"]["graphs"]
    return counts | superseded | {"the default graph": sum(counts.values())}


def all_graphs_faults(root: Path, manifest: Mapping[str, Any], current: Store) -> list[str]:
    """How the contents of the store of all graphs differ from what they follow from.

    A store that has as many quads of each graph as it should (`count_expected`) holds what it
    should if it has each of those quads.

    Raises:
        OSError, RuntimeError: the store cannot be read.
        ReleaseError: a dump cannot be.
    """
    superseded = read_superseded(manifest)
    if not superseded:
        return []
    store = Store.read_only(str(root / ALL_GRAPHS))
    faults = []
    if not all(quad in store for quad in _twice(current)):
        faults.append(f"{ALL_GRAPHS} does not hold the current graphs, by name and merged")
    for name in superseded:
        if not all(quad in store for quad in _read_into(root, manifest, name)):
            faults.append(f"{ALL_GRAPHS} does not hold what the dump of {name} holds")
    return faults


def _read_into(root: Path, manifest: Mapping[str, Any], name: str) -> Iterator[Quad]:
    graph = NamedNode(GRAPH + name)
    for quad in read_graph(root, manifest, name):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)
