"""What was published to a target, so that the next run sends only what is not there.

One file per target below the folder of releases. What it says of a graph holds for every release
that has the same one, so that of a new release only the graphs that differ are sent. It holds
names, counts and hashes: no user name, no password, and no address but that of the target without
its query.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzgraph.engines import strip_secrets
from kzgraph.publish.errors import PublishError
from kzgraph.publish.graph_files import Graph
from kzgraph.release.disk import lock, replace_file

#: The folder of the files, below the folder of releases.
FOLDER = ".publish"

SENDING = "sending"
SENT = "sent"
VERIFIED = "verified"


@dataclass(frozen=True)
class Place:
    """How much of a graph has arrived.

    Attributes:
        size: bytes of its file.
        triples: that these bytes hold.
    """

    size: int = 0
    triples: int = 0


class State:
    """The graphs that one target has.

    Attributes:
        path: the file.
        folder: of it, and of what is written for the time of a run.
    """

    def __init__(self, root: Path, url: str) -> None:
        """The state of the target `url`, kept below the folder of releases `root`."""
        # The hash is of the whole address: its query may distinguish two stores, or be a key.
        self._key = hashlib.sha256(url.encode()).hexdigest()[:16]
        self.folder = root / FOLDER
        self._target = strip_secrets(url)
        self.path = self.folder / f"{self._key}.json"
        self._graphs: dict[str, dict[str, Any]] = {}

    def lock(self) -> AbstractContextManager[None]:
        """Lock this target against other runs.

        Raises:
            PublishError: another run holds the lock.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        busy = PublishError(f"another publish to {self._target} is running")
        return lock(self.folder / f"{self._key}.lock", busy)

    @property
    def workspace(self) -> Path:
        """Where a run that holds the lock writes the graphs."""
        return self.folder / f"{self._key}.graphs"

    def read(self) -> None:
        """Load the state of an earlier run; a file that cannot be read counts as none."""
        try:
            known = json.loads(self.path.read_bytes())
            if known["target"] == self._target:
                self._graphs = {str(iri): dict(entry) for iri, entry in known["graphs"].items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            self._graphs = {}

    def forget(self, graphs: Iterable[Graph]) -> None:
        """Let `graphs` be sent again."""
        for graph in graphs:
            self._graphs.pop(graph.iri, None)

    def is_sent(self, graph: Graph) -> bool:
        """Whether the target was sent all of this very graph."""
        return self._entry(graph).get("status") in (SENT, VERIFIED)

    def place(self, graph: Graph) -> Place:
        """How much of this very graph has arrived, where a run was interrupted."""
        size, triples = (self._entry(graph).get(name) for name in ("arrived_bytes", "arrived"))
        if isinstance(size, int) and isinstance(triples, int) and 0 < size < graph.size:
            return Place(size, triples)
        return Place()

    def _entry(self, graph: Graph) -> dict[str, Any]:
        entry = self._graphs.get(graph.iri, {})
        return entry if entry.get("sha256") == graph.sha256 else {}

    def record(self, graph: Graph, status: str | None, place: Place | None = None) -> None:
        """Record that `graph` has `status`; None: that it is to be sent again.

        Args:
            graph: the graph.
            status: `SENDING`, `SENT` or `VERIFIED`.
            place: how much has arrived of a graph that is being sent.
        """
        if status is None:
            self._graphs.pop(graph.iri, None)
        else:
            entry = {"status": status, "triples": graph.triples, "sha256": graph.sha256}
            if place is not None:
                entry |= {"arrived_bytes": place.size, "arrived": place.triples}
            self._graphs[graph.iri] = entry
        known = {"target": self._target, "graphs": self._graphs}
        replace_file(self.path, (json.dumps(known, indent=2, sort_keys=True) + "\n").encode())
