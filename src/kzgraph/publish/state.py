"""What has been published where, so that an interrupted run resumes where it stopped.

One file per target and version below the folder of releases. It holds names, counts and hashes:
no user name, no password, and no address but that of the target without its query.
"""

import hashlib
import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from kzgraph.engines import strip_secrets
from kzgraph.publish.errors import PublishError
from kzgraph.publish.graph_files import Graph
from kzgraph.release.disk import lock
from kzgraph.release.dumps import write_file

#: The folder of the files, below the folder of releases.
FOLDER = ".publish"

SENT = "sent"
VERIFIED = "verified"


class State:
    """The graphs of one release that one target has.

    Attributes:
        path: the file.
    """

    def __init__(self, root: Path, url: str, version: str) -> None:
        """The state of `version` at the target `url`, kept below the folder of releases `root`."""
        # The hash is of the whole address: its query may distinguish two stores, or be a key.
        self._key = hashlib.sha256(url.encode()).hexdigest()[:16]
        self._folder = root / FOLDER
        self._target = strip_secrets(url)
        self._version = version
        self.path = self._folder / f"{self._key}-{version}.json"
        self._graphs: dict[str, dict[str, Any]] = {}

    def lock(self) -> AbstractContextManager[None]:
        """Lock this target against other runs.

        Raises:
            PublishError: another run holds the lock.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        busy = PublishError(f"another publish to {self._target} is running")
        return lock(self._folder / f"{self._key}.lock", busy)

    def read(self) -> None:
        """Load the state of an earlier run; a file that cannot be read counts as none."""
        try:
            known = json.loads(self.path.read_bytes())
            if known["target"] == self._target and known["version"] == self._version:
                self._graphs = {str(iri): dict(entry) for iri, entry in known["graphs"].items()}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            self._graphs = {}

    def begin(self) -> None:
        """Delete the state of other versions at this target: they are about to be replaced."""
        for path in self._folder.glob(f"{self._key}-*.json"):
            if path != self.path:
                path.unlink()

    def status(self, graph: Graph) -> str | None:
        """`SENT` or `VERIFIED` where the target has this very graph; else None."""
        entry = self._graphs.get(graph.iri, {})
        return entry.get("status") if entry.get("sha256") == graph.sha256 else None

    def record(self, graph: Graph, status: str | None) -> None:
        """Record that `graph` has `status`; None: that it is to be sent again."""
        if status is None:
            self._graphs.pop(graph.iri, None)
        else:
            entry = {"status": status, "triples": graph.triples, "sha256": graph.sha256}
            self._graphs[graph.iri] = entry
        known = {"target": self._target, "version": self._version, "graphs": self._graphs}
        draft = self.path.with_suffix(".new")
        draft.unlink(missing_ok=True)  # Of a run that was killed.
        write_file(draft, (json.dumps(known, indent=2, sort_keys=True) + "\n").encode())
        draft.replace(self.path)
