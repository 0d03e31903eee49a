"""How a release on disk differs from its manifest: a sentence for each fault.

Nothing here follows a symbolic link or opens what is not a regular file: a release holds files and
folders of its own, and a link could lead anywhere, a named pipe could hold the reader up.
"""

import hashlib
import os
import stat
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, parse

from kzgraph.columns.column_file import COLUMNS
from kzgraph.iri import GRAPH, graph, thing
from kzgraph.namespaces import DCAT
from kzgraph.release.all_graphs import all_graphs_faults, count_expected
from kzgraph.release.dumps import DUMPS, LINES, SUMS, check_sums
from kzgraph.release.errors import ReleaseDamaged, ReleaseError
from kzgraph.release.manifest import MANIFEST
from kzgraph.search import INDEX, Index, IndexDamaged, IndexMissing
from kzgraph.sparql.superseded import ALL_GRAPHS

STORE = "store"
#: What follows from the quads, and is not in the manifest: its bytes depend on the versions of the
#: libraries that write it.
_DERIVED = (f"{STORE}/", f"{ALL_GRAPHS}/", INDEX, COLUMNS)

#: Counts 2 million quads in 0.7 s, and lets other threads run meanwhile.
_COUNTS = "SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"


def open_store(root: Path, name: str = STORE) -> Store:
    """A store of the release in `root`, read-only; several processes may have it open.

    Args:
        root: the folder of the release.
        name: of the store: that of the current graphs, or `ALL_GRAPHS`.

    Raises:
        ReleaseDamaged: it is missing, or RocksDB refuses it.
    """
    with _reading(root, name):
        return Store.read_only(str(root / name))


@contextmanager
def _reading(root: Path, name: str = STORE) -> Iterator[None]:
    """Say what the store called `name` raises as a fault of the release in `root`."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # RuntimeError: RocksDB finds it corrupt.
        what = " ".join(str(error).split())
        raise ReleaseDamaged(root, [f"{name} cannot be read: {what}"]) from None


def file_faults(root: Path, manifest: Mapping[str, Any], *, hashed: bool) -> list[str]:
    """Files of the release in `root` that are missing, changed, too many or not files.

    Args:
        root: the folder of the release, links followed.
        manifest: what `read_manifest` gave.
        hashed: whether to compare contents by SHA-256, and not sizes alone.
    """
    sizes = {file["path"]: file["bytes"] for file in manifest["files"]}
    sums = {file["path"]: file["sha256"] for file in manifest["files"]}
    faults: list[str] = []
    if len(sizes) != len(manifest["files"]):
        faults.append(f"{MANIFEST} lists a file twice")
    if sum(manifest["counts"]["graphs"].values()) != manifest["counts"]["triples"]:
        faults.append(f"{MANIFEST} counts other triples in all than in its graphs together")
    found, odd = _walk(root)
    faults += odd
    for path, size in sizes.items():
        if path not in found:
            if not any(fault.startswith(f"{path} ") for fault in odd):
                faults.append(f"{path} is missing")
        elif found[path] != size:
            faults.append(f"{path} has {found[path]} bytes, and the manifest says {size}")
        elif hashed:
            with _noting(path, faults):
                if _sha256(root / path) != sums[path]:
                    faults.append(f"{path} is not what the manifest says")
    own = {MANIFEST, f"{DUMPS}/{SUMS}", f"{DUMPS}/{MANIFEST}"}
    faults += (f"{path} is not in the manifest" for path in found.keys() - sizes.keys() - own)
    _check_sums(root, sums, found, faults)
    return sorted(faults)


def store_faults(root: Path, manifest: Mapping[str, Any]) -> list[str]:
    """How the stores differ from the manifest: their version, and the quads of each graph.

    Raises:
        ReleaseDamaged: one cannot be read.
    """
    expected: dict[str, int] = manifest["counts"]["graphs"]
    faults = _store_faults(root, STORE, expected, manifest["version"])
    every = count_expected(manifest)
    if every:
        faults += _store_faults(root, ALL_GRAPHS, every, manifest["version"])
    elif (root / ALL_GRAPHS).exists():
        faults.append(f"{ALL_GRAPHS} is there, and {MANIFEST} has no superseded graph")
    return faults


def _store_faults(root: Path, store: str, expected: Mapping[str, int], version: str) -> list[str]:
    with _reading(root, store):
        # A store of its own: it is closed at the end, with its files and its cache.
        opened = open_store(root, store)
        data_set, metadata = thing("dataset", "kzgraph"), graph("metadata")
        about = opened.quads_for_pattern(data_set, DCAT["version"], None, metadata)
        stated = {each.object.value for each in about if isinstance(each.object, Literal)}
        counted = _counts(opened)
    faults = []
    if stated != {version}:
        of = " and ".join(sorted(stated)) or "no release"
        faults.append(f"{store} is that of {of}, and the manifest is that of {version}")
    for name in sorted(expected.keys() | counted.keys()):
        here, there = counted.get(name, 0), expected.get(name, 0)
        if here != there:
            faults.append(f"{store} holds {here} quads of {name}, and the manifest says {there}")
    return faults


def content_faults(root: Path) -> list[str]:
    """Whether the store has the same quads as the dump of N-Quads; 20,000 take 0.1 s.

    A store that has as many quads of each graph as the manifest says (`store_faults`) holds what
    the dump holds if it has each quad of it.

    Raises:
        ReleaseDamaged: the store cannot be read.
    """
    with _reading(root):
        store = open_store(root)
        quads = parse(path=str(root / LINES), format=RdfFormat.N_QUADS)
        if not all(quad in store for quad in quads):
            return [f"{STORE} does not hold what {LINES} holds"]
    return []


def vintage_faults(root: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Whether the store of all graphs has what the store and the dumps have; see `all_graphs`.

    Raises:
        ReleaseDamaged: a store cannot be read.
    """
    try:
        with _reading(root, ALL_GRAPHS):
            return all_graphs_faults(root, manifest, open_store(root))
    except ReleaseError as error:
        if isinstance(error, ReleaseDamaged):
            raise
        return [str(error)]


def index_faults(root: Path, version: str) -> list[str]:
    """Whether the index for search is whole, of this release, and of things that the store has.

    An index that is missing or of another version of kzgraph is not a fault: such a release is
    served without search.

    Raises:
        ReleaseDamaged: the store cannot be read.
    """
    try:
        index = Index.of_release(root, version)
    except IndexDamaged as error:
        return [str(error)]
    except IndexMissing:
        return []
    faults = index.check()
    with _reading(root):
        store = open_store(root)
        for iri in () if faults else index.subjects():
            if next(store.quads_for_pattern(NamedNode(iri), None, None, None), None) is None:
                return [f"{INDEX} has {iri}, which {STORE} has not"]
    return faults


def _counts(store: Store) -> dict[str, int]:
    # First: it raises where a block cannot be read, and the query (pyoxigraph 0.5) never ends.
    size = len(store)
    solutions = store.query(_COUNTS)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - it is a SELECT
    counted = {}
    for name, number in solutions:
        assert isinstance(name, NamedNode)  # noqa: S101 - Oxigraph names graphs so
        assert isinstance(number, Literal)  # noqa: S101 - a COUNT
        counted[name.value.removeprefix(GRAPH)] = int(number.value)
    default = size - sum(counted.values())
    return counted | ({"the default graph": default} if default else {})


def _walk(root: Path) -> tuple[dict[str, int], list[str]]:
    """The regular files outside the store with their sizes in bytes, and faults of the rest."""
    sizes: dict[str, int] = {}
    faults: list[str] = []

    def unreadable(error: OSError) -> None:
        path = Path(error.filename).relative_to(root).as_posix()
        faults.append(f"{path} cannot be read: {error.strerror}")

    for folder, folders, files in os.walk(root, onerror=unreadable):
        for name in sorted((*folders, *files)):
            file = Path(folder, name)
            path = file.relative_to(root).as_posix()
            with _noting(path, faults):
                status = file.lstat()
                if stat.S_ISLNK(status.st_mode):
                    faults.append(f"{path} is a symbolic link, which a release does not have")
                elif stat.S_ISREG(status.st_mode):
                    if not path.startswith(_DERIVED):
                        sizes[path] = status.st_size
                elif not stat.S_ISDIR(status.st_mode):
                    faults.append(f"{path} is not a file")
    return sizes, faults


def _check_sums(
    root: Path, sums: Mapping[str, str], files: Container[str], faults: list[str]
) -> None:
    """Add the faults of the two files that only `dumps/` has: they follow from the manifest."""
    below = f"{DUMPS}/"
    with _noting(MANIFEST, faults):
        manifest = (root / MANIFEST).read_bytes()
        listed = {path.removeprefix(below): sums[path] for path in sums if path.startswith(below)}
        listed[MANIFEST] = hashlib.sha256(manifest).hexdigest()
        for path, expected, fault in (
            (below + SUMS, check_sums(listed), "and the manifest differ"),
            (below + MANIFEST, manifest, "is not a copy of the manifest"),
        ):
            if path not in files:
                faults.append(f"{path} is missing")
                continue
            with _noting(path, faults):
                if (root / path).read_bytes() != expected:
                    faults.append(f"{path} {fault}")


@contextmanager
def _noting(path: str, faults: list[str]) -> Iterator[None]:
    """Add a fault where the system does not let a file be read."""
    try:
        yield
    except OSError as error:
        faults.append(f"{path} cannot be read: {error.strerror}")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
