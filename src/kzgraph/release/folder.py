"""A release on disk, opened for reading.

A release is a folder that never changes:

- `manifest.json`: version, counts, licence, source documents, files with their hashes;
- `store/`: the quads, for pyoxigraph's `Store.read_only`;
- `dumps/`: `kzgraph.ttl .nt .nq .trig .jsonld .rdf`, `graphs/<name>.ttl`, each also `.gz`;
  `context.jsonld`, `SHA256SUMS`, and the manifest once more;
- `report/`: the validation report as Turtle, JSON and text.

Beside the folders the symbolic link `current` leads to the one that is served.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from kzgraph.rdf.content import Content
from kzgraph.release.dumps import STEM, check_sums
from kzgraph.release.errors import ReleaseDamaged

CURRENT = "current"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"


class Release:
    """One release.

    Attributes:
        path: its folder, with `current` and other links followed, so that a release opened
            before another takes its place stays whole.
        manifest: what `manifest.json` says.
    """

    path: Path
    manifest: dict[str, Any]

    def __init__(self, path: Path) -> None:
        """Open the release in the folder `path`.

        Raises:
            ReleaseDamaged: the folder has no readable manifest.
        """
        self.path = path.resolve()
        try:
            self.manifest = json.loads((self.path / MANIFEST).read_bytes())
            self.version = str(self.manifest["version"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReleaseDamaged(path, [f"{MANIFEST} cannot be read: {error}"]) from error

    def __repr__(self) -> str:
        return f"Release({str(self.path)!r})"

    @property
    def dumps(self) -> Path:
        """The folder of the dumps."""
        return self.path / "dumps"

    @property
    def report(self) -> Path:
        """The folder of the validation report."""
        return self.path / "report"

    @cached_property
    def store(self) -> Store:
        """The quads, opened read-only on first use; several processes may have it open.

        Raises:
            OSError: the store is damaged.
        """
        return Store.read_only(str(self.path / "store"))

    def verify(self) -> None:
        """Hold every file to its hash, and the store to the N-Quads.

        Raises:
            ReleaseDamaged: a file is missing, changed or too many, or the store holds other quads.
        """
        faults = sorted({*self._faults_of_files(), *self._faults_of_sums()})
        if not faults:
            faults = [*self._faults_of_store()]
        if faults:
            raise ReleaseDamaged(self.path, faults)

    def _faults_of_files(self) -> Iterator[str]:
        listed = {file["path"]: file["sha256"] for file in self.manifest["files"]}
        for path, sha256 in listed.items():
            file = self.path / path
            if not file.is_file():
                yield f"{path} is missing"
            elif _sha256(file) != sha256:
                yield f"{path} is not what the manifest says"
        listed |= dict.fromkeys((f"dumps/{SUMS}", f"dumps/{MANIFEST}"), "")
        for folder in (self.dumps, self.report):
            for file in folder.rglob("*"):
                path = file.relative_to(self.path).as_posix()
                if file.is_file() and path not in listed:
                    yield f"{path} is not in the manifest"

    def _faults_of_sums(self) -> Iterator[str]:
        sums = {
            file["path"].removeprefix("dumps/"): file["sha256"]
            for file in self.manifest["files"]
            if file["path"].startswith("dumps/")
        }
        sums[MANIFEST] = _sha256(self.path / MANIFEST)
        file = self.dumps / SUMS
        if not file.is_file() or file.read_bytes() != check_sums(sums):
            yield f"dumps/{SUMS} and the manifest differ"
        copy = self.dumps / MANIFEST
        if not copy.is_file() or _sha256(copy) != sums[MANIFEST]:
            yield f"dumps/{MANIFEST} is no copy of the manifest"

    def _faults_of_store(self) -> Iterator[str]:
        try:
            found = Content(self.store).digest
        except OSError as error:
            yield f"store cannot be read: {error}"
            return
        if found != _sha256(self.dumps / f"{STEM}.nq"):
            yield f"store does not hold what dumps/{STEM}.nq holds"


def current(root: Path) -> Release | None:
    """The release that is served from the folder of releases `root`; None if there is none yet.

    Raises:
        ReleaseDamaged: `current` leads to a folder that is no release.
    """
    link = root / CURRENT
    return Release(link) if link.exists() else None


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
