"""The stores of a worker: on disk, and for a small release in memory as well."""

import hashlib
import json
import re
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from kzgraph.iri import ID
from kzgraph.sparql.job import Job
from kzgraph.sparql.superseded import open_vintages

#: A release up to this size of its N-Quads is read into memory. That of three documents and the
#: packaged sources has 17 MiB; small queries on it take less than half the time.
_MOST_BYTES = 32 << 20

#: How the line of a figure begins.
_FIGURE = f"<{ID}figure/".encode()

#: Where it is in the folder of a release.
DUMP = "dumps/kzgraph.nq"

#: In memory, graphs are listed in an order that differs from one process to the next, so a page of
#: rows would not continue the one before. Such a query goes to the disk.
_LISTS_GRAPHS = re.compile(r"(?<![a-z])graph")


class Stores:
    """The same quads, once or twice, and the superseded graphs.

    Args:
        folder: the store of a release, next to the folder of its dumps.
        in_memory: what `read_into_memory` gives for it.

    Attributes:
        vintages: where the release has superseded graphs.
    """

    def __init__(self, folder: Path, in_memory: Store | None) -> None:
        self._on_disk = Store.read_only(str(folder))
        self._in_memory = in_memory
        self.vintages = open_vintages(folder)

    def of(self, job: Job) -> Store:
        """The store to answer `job` from: all workers give its rows in the same order."""
        if self._in_memory is None or _LISTS_GRAPHS.search(job.query.lower()):
            return self._on_disk
        return self._in_memory


def read_into_memory(folder: Path) -> Store | None:
    """The quads of a small release in memory, read without any thread; None of a large one.

    Args:
        folder: the store of a release, next to the folder of its dumps.
    """
    dump = _dump(folder.parent)
    if dump is None:
        return None
    store = Store()
    for lines in _figures_last(dump):
        # `bulk_load` would give each blank node a new label, in each process another.
        store.bulk_extend(parse(lines, format=RdfFormat.N_QUADS))
    return store


def _figures_last(dump: bytes) -> tuple[bytes, bytes]:
    """The lines of the dump in the order of reading them, those of figures last and backwards.

    What is stored last in memory comes first where a query leaves the order open (pyoxigraph
    0.5.13): whoever begins with `SELECT * { ?s ?p ?o } LIMIT 10` meets a figure, property by
    property, and not the list nodes of a shape.
    """
    lines = dump.splitlines(keepends=True)
    figures = [line for line in lines if line.startswith(_FIGURE)]
    others = [line for line in lines if not line.startswith(_FIGURE)]
    return b"".join(others), b"".join(reversed(figures))


def _dump(release: Path) -> bytes | None:
    """The N-Quads of a small release; None if they do not match its manifest.

    The store on disk answers then: a dump may have been replaced since the release was opened.
    """
    path = release / DUMP
    try:
        files = json.loads((release / "manifest.json").read_bytes())["files"]
        (entry,) = (each for each in files if each["path"] == DUMP)
        if entry["bytes"] > _MOST_BYTES or path.stat().st_size != entry["bytes"]:
            return None
        data = path.read_bytes()
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return data if hashlib.sha256(data).hexdigest() == entry["sha256"] else None
