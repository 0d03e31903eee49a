"""A release on disk, opened for reading.

A release is a folder that never changes:

- `manifest.json`: version, counts, licence, source documents, files with their hashes;
- `store/`: the quads that a plain query meets, for pyoxigraph's `Store.read_only`;
- `store-all/`: these and the superseded graphs, where there are any (`kzgraph.sparql.superseded`);
- `search.sqlite`: the index of `kzgraph.search`, which follows from the store; a release that was
  written before there was one has none, and is not searched;
- `columns.duckdb`: the tables of `kzgraph.columns`, which follow from the quads; where a release
  has none, the store answers everything;
- `dumps/`: `kzgraph.ttl .nt .nq .trig .jsonld .rdf`, `graphs/<name>.ttl .nt .jsonld .rdf`, each
  also `.gz`; of a release larger than memory `kzgraph.nq`, `graphs/<name>.ttl`, and
  `graphs/<name>.nt` of each source;
  `context.jsonld`, `statistics.json`, `ATTRIBUTION.txt`, `SHA256SUMS`, and the manifest once more;
- `quality/`: the validation report as Turtle, JSON and text.

Next to the folders, the symbolic link `current` points to the one that is served, `sources/` holds
the files that operators brought (see `kzgraph.release.kept_files`), and a large release has a stamp
(see `kzgraph.release.store_stamps`).
"""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from kzgraph import settings
from kzgraph.columns.column_file import ColumnsMissing, open_columns
from kzgraph.release.dumps import DUMPS, File
from kzgraph.release.errors import ReleaseDamaged, ReleaseMissing, describe_elsewhere
from kzgraph.release.integrity import (
    STORE,
    content_faults,
    file_faults,
    index_faults,
    open_store,
    store_faults,
    vintage_faults,
)
from kzgraph.release.manifest import MANIFEST, read_manifest, source_entries
from kzgraph.release.release_columns import columns_faults
from kzgraph.release.statistics import STATISTICS, Statistics
from kzgraph.release.store_stamps import COUNTED_UP_TO, is_stamped, look_at_stores, write_stamp
from kzgraph.search import Index, IndexMissing
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.sparql.superseded import ALL_GRAPHS, Tables, Vintages, read_superseded

CURRENT = "current"
CROSS_CHECK = ".cross-check.json"
REPORT = "quality"

#: The name of a release's folder: its version, and a number where a damaged one has that name.
RELEASE_NAME = re.compile(r"[0-9][A-Za-z0-9.]*-[0-9a-f]{12}(?:-[0-9]+)?")

#: The files of a larger release are compared by size alone when it is opened: 100 MB take 0.3 s.
CHECKSUMS_UP_TO = 200_000_000


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
            ReleaseDamaged: there is no such folder, or its manifest cannot be used: it is not
                JSON, of another format, or a member is not what it should be.
        """
        try:
            self.path = path.resolve(strict=True)
        except (OSError, RuntimeError) as error:  # RuntimeError: a loop, before Python 3.13
            reason = error.strerror if isinstance(error, OSError) else "it leads to itself"
            raise ReleaseDamaged(path, [f"it leads to no folder: {reason}"]) from None
        try:
            manifest = self.path / MANIFEST
            if manifest.is_fifo():  # Nothing might ever come.
                raise ReleaseDamaged(self.path, [f"{MANIFEST} is not a file"])
            self.manifest = read_manifest(manifest.read_bytes())
        except OSError as error:
            reason = f"{MANIFEST} cannot be read: {error.strerror}"
            raise ReleaseDamaged(self.path, [reason]) from None
        except ValueError as error:
            raise ReleaseDamaged(self.path, [f"{MANIFEST} cannot be used: {error}"]) from None
        self.version = str(self.manifest["version"])

    def __repr__(self) -> str:
        return f"Release({str(self.path)!r})"

    @property
    def dumps(self) -> Path:
        """The folder of the dumps."""
        return self.path / DUMPS

    @property
    def report(self) -> Path:
        """The folder of the validation report."""
        return self.path / REPORT

    @property
    def cross_check(self) -> Path:
        """The outcome of a cross-check: next to the folder, which never changes."""
        return self.path.with_name(self.path.name + CROSS_CHECK)

    @cached_property
    def files(self) -> dict[str, File]:
        """The files that the manifest accounts for, by their paths."""
        files = map(File.from_manifest, self.manifest["files"])
        return {file.path: file for file in files}

    @cached_property
    def sources(self) -> list[SourceEntry]:
        """Its sources, in the order in which they came."""
        return source_entries(self.manifest)

    @cached_property
    def removed_sources(self) -> list[str]:
        """The names of packaged sources that an operator took out."""
        return list(self.manifest.get("removed_sources", ()))

    @cached_property
    def store(self) -> Store:
        """The quads that a plain query meets, opened read-only on first use.

        Several processes may have it open.

        Raises:
            ReleaseDamaged: it is missing, or cannot be read.
        """
        return open_store(self.path)

    @cached_property
    def vintages(self) -> Vintages | None:
        """All graphs, opened likewise; None where no graph is superseded.

        Raises:
            ReleaseDamaged: they are missing, or cannot be read.
        """
        if not self.superseded:
            return None
        return Vintages(open_store(self.path, ALL_GRAPHS), Tables.of_manifest(self.manifest))

    @cached_property
    def index(self) -> Index:
        """The index for search, opened on first use; threads may share it.

        Raises:
            IndexMissing: there is none; see `Index.of_release`.
        """
        return Index.of_release(self.path, self.version)

    @property
    def has_index(self) -> bool:
        """Whether it has an index that this code reads."""
        try:
            return bool(self.index)
        except IndexMissing:
            return False

    @property
    def has_columns(self) -> bool:
        """Whether it has columns that this code reads."""
        try:
            open_columns(self.path, self.version, 64).close()
        except ColumnsMissing:
            return False
        return True

    @cached_property
    def superseded(self) -> dict[str, int]:
        """The graphs that a query has to name, by name, with their numbers of triples."""
        return read_superseded(self.manifest)

    @cached_property
    def statistics(self) -> Statistics:
        """The numbers of the release, as the build counted them.

        Raises:
            ReleaseDamaged: they cannot be read.
        """
        try:
            return Statistics.from_json((self.dumps / STATISTICS).read_bytes())
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            fault = f"{DUMPS}/{STATISTICS} cannot be read: {reason}"
            raise ReleaseDamaged(self.path, [fault]) from None

    @property
    def is_large(self) -> bool:
        """Whether counting its quads takes longer than an opening should."""
        return bool(self.manifest["counts"]["triples"] > COUNTED_UP_TO)

    def check(self) -> None:
        """Check, before the release is served, that it matches its manifest.

        Files are compared with the manifest by size, and up to `CHECKSUMS_UP_TO` bytes in all by
        checksum too; the store by its version and the number of quads in each graph. 2 million
        quads take about a second: those of a large release are counted once, and again where a file
        of its stores is another than it was then.

        Raises:
            ReleaseDamaged: it does not.
        """
        size = sum(file["bytes"] for file in self.manifest["files"])
        self._refuse(file_faults(self.path, self.manifest, hashed=size <= CHECKSUMS_UP_TO))
        seen = look_at_stores(self.path, (STORE, ALL_GRAPHS)) if self.is_large else None
        if not is_stamped(self.path, seen):
            self._refuse(store_faults(self.path, self.manifest))
            write_stamp(self.path, seen)
        _ = self.statistics

    def verify(self) -> None:
        """Check every file against its checksum, and what follows from the quads against the dumps.

        Raises:
            ReleaseDamaged: a file is missing, changed or too many, the store or the columns hold
                other quads, or the index is of another release.
        """
        self._refuse(
            file_faults(self.path, self.manifest, hashed=True)
            or store_faults(self.path, self.manifest)
            or content_faults(self.path)
            or vintage_faults(self.path, self.manifest)
            or index_faults(self.path, self.version)
            or columns_faults(self.path, self.version)
        )

    def _refuse(self, faults: list[str]) -> None:
        if faults:
            raise ReleaseDamaged(self.path, faults)


def current(root: Path) -> Release | None:
    """The release that is served from the folder of releases `root`; None if there is none yet.

    Raises:
        ReleaseDamaged: `current` leads to nothing, or to what is not a release.
    """
    link = root / CURRENT
    return Release(link) if link.is_symlink() or link.exists() else None


def kept_releases(root: Path) -> list[Release]:
    """The releases that the folder of releases `root` keeps, the one published last first.

    Of several folders of one version only the one that was published last counts; a folder that
    is not a release is left out.
    """
    if not root.is_dir():
        return []
    paths = [path for path in root.iterdir() if RELEASE_NAME.fullmatch(path.name)]
    found: dict[str, tuple[int, Release]] = {}
    for path in paths:
        try:
            release, stamp = Release(path), path.stat().st_mtime_ns
        except (ReleaseDamaged, OSError):
            continue
        if stamp > found.get(release.version, (-1, release))[0]:
            found[release.version] = stamp, release
    in_order = sorted(found.values(), key=lambda each: (-each[0], each[1].version))
    return [release for _, release in in_order]


def find_release(root: Path, version: str) -> Release | None:
    """The release `version` in the folder of releases `root`: the current one, if it is that.

    Raises:
        ReleaseDamaged: `current` leads to nothing, or to what is not a release.
    """
    now = current(root)
    if now is not None and now.version == version:
        return now
    return next((each for each in kept_releases(root) if each.version == version), None)


def find_current(root: Path) -> Release:
    """The same, where there has to be one.

    Raises:
        ReleaseMissing: there is none yet.
        ReleaseDamaged: see `current`.
    """
    found = current(root)
    if found is None:
        raise ReleaseMissing(root, find_elsewhere(root))
    return found


def find_elsewhere(root: Path) -> Path | None:
    """Where `root` has no release, a folder of releases that has one and was likely meant.

    Looked for around `root`, which may be a release itself or hold the folder, and then where
    releases usually are.
    """
    near = (root / settings.RELEASES, root.parent, *settings.usual_release_folders())
    # Unlike Path.exists, this takes a folder that may not be read for one that has nothing.
    found = (each for each in near if os.path.exists(each / CURRENT / MANIFEST))  # noqa: PTH110
    return next(found, None)


def describe_kept(root: Path) -> str:
    """What follows "no release V in `root`": what is kept there, or else where there is one."""
    kept = ", ".join(each.version for each in kept_releases(root))
    return f"; kept there: {kept}" if kept else describe_elsewhere(find_elsewhere(root))
