"""Publishing a release atomically.

Everything is written into a folder `.building-<pid>` and synced; that folder is renamed to its
name; the link `current` is replaced by a rename, and the history of releases by another. Each step
either happened or did not, and until `current` is replaced the release served before is untouched.
What a killed build left is removed by the next, which also adds to the history what is missing.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache, partial
from pathlib import Path

from kzgraph import settings
from kzgraph.citing import CFF, write_reference
from kzgraph.columns.column_file import COLUMNS
from kzgraph.rdf.content import Content
from kzgraph.rdf.formats import Format, essence
from kzgraph.release.all_graphs import write_all_graphs
from kzgraph.release.attribution import write_attribution
from kzgraph.release.concordance_table import concordance_files
from kzgraph.release.contents import Contents, read_quads
from kzgraph.release.disk import (
    lock,
    make_current,
    remove_folder,
    remove_left_overs,
    sync,
    sync_folders,
)
from kzgraph.release.dumps import (
    ATTRIBUTION,
    DUMPS,
    SUMS,
    File,
    check_sums,
    write_dumps,
    write_file,
    write_one,
)
from kzgraph.release.errors import ReleaseBusy, ReleaseDamaged, ReleaseError, ReleaseRefused
from kzgraph.release.filling import Filling, filling
from kzgraph.release.folder import CURRENT, RELEASE_NAME, Release
from kzgraph.release.hdx import HDX, describe_for_hdx, write_for_hdx
from kzgraph.release.history import Recorder
from kzgraph.release.integrity import STORE
from kzgraph.release.journal import JOURNAL, finish
from kzgraph.release.kept_files import keep_files, remove_unnamed
from kzgraph.release.manifest import MANIFEST, manifest, read_manifest
from kzgraph.release.mapping_set import mapping_files
from kzgraph.release.metadata import CREATOR, cite_release, documents
from kzgraph.release.release_columns import write_release_columns
from kzgraph.release.report_files import write_report
from kzgraph.release.statistics import STATISTICS, count
from kzgraph.release.streaming import write_source_graphs, write_streamed
from kzgraph.release.tombstones import Tombstones
from kzgraph.search import INDEX, write_index
from kzgraph.validation import Report

#: Releases that stay on disk, the current one among them.
KEEP = settings.DEFAULTS.keep
#: Seconds to wait for another build in the same folder.
PATIENCE = 120.0

#: How the release is cited, for programs that look for such a file.
CITATION = "CITATION.cff"

_LOCK = ".lock"


def write(
    content: Content | Contents, version: str, report: Report, root: Path, *, keep: int = KEEP
) -> Release:
    """Publish `content` below the folder `root` as the current release; see `publish`.

    Raises:
        ReleaseBusy: another process kept building for longer than `PATIENCE`.
    """
    if not report.conforms:
        raise ReleaseRefused(report)
    contents = content if isinstance(content, Contents) else Contents(content)
    with lock_releases(root):
        return publish(contents, version, lambda: report, root, keep=keep)


def publish(
    contents: Contents,
    version: str,
    check: Callable[[], Report],
    root: Path,
    *,
    keep: int = KEEP,
    formats: Collection[Format] = (),
    taken: Iterable[Path] = (),
    begun: Filling | None = None,
) -> Release:
    """Publish a release in the folder `root`, whose lock is held.

    Where the very same release is there already and whole, it becomes current as it is.

    Args:
        contents: what it holds, already checked (`contents.gather`).
        version: names the release and its folder.
        check: makes the validation report, of one larger than memory while parts are written.
        root: the folder of releases.
        keep: releases to keep, the new one included; older ones are removed.
        formats: in which all of a release that is larger than memory is written, beside N-Quads.
        taken: new files of sources, which are moved to those that the folder keeps.
        begun: its store, where filling that began before.

    Raises:
        ReleaseRefused: the report has violations; nothing is left of what was written.
        ReleaseDamaged: the release was not readable once written.
        ReleaseError: `current` in `root` is not a link, so that nothing can take its place; or
            the history of the releases there is damaged.
        OSError: the disk fails.
    """

    @cache
    def checked() -> Report:
        report = check()
        if not report.conforms:
            raise ReleaseRefused(report)
        # Before the release is there: a file that none names is removed by the next build.
        keep_files(root, taken)
        return report

    link = root / CURRENT
    if link.exists() and not link.is_symlink():
        raise ReleaseError(f"{link} is not a symbolic link; move it away, and build again")
    _refuse_redacted(root, contents.content)
    recorder = Recorder(root)
    damaged: list[Path] = []
    if not contents.streamed:
        checked()
    with _folder_of_build(root) as building:
        path = _place(contents, version, checked, building, damaged, formats, begun)
        sync(root)
        if (made := Release(path)).is_large:
            made.check()  # So that no server has to count, which may not leave a stamp.
        # All that may fail comes before the release takes its place. A build that is killed
        # between these two is in the history from the next one on.
        recorder.add_current()
        recorder.add(made)
        make_current(root, path.name)
        recorder.write()
        sync(root)
    # The release is published: what cannot be removed now is left to the next build.
    with suppress(OSError):
        _remove_old(root, keep, path, damaged)
        remove_unnamed(root)
    return Release(path)


@contextmanager
def lock_releases(root: Path) -> Iterator[None]:
    """Hold the lock of the folder of releases `root`, made if missing, with nothing half done.

    Raises:
        ReleaseBusy: another process kept it for longer than `PATIENCE`.
        ReleaseError: what another process left cannot be finished.
        OSError: the disk fails.
    """
    root.mkdir(parents=True, exist_ok=True)
    with lock(root / _LOCK, ReleaseBusy(f"another build is at work in {root}"), PATIENCE):
        finish(root)
        remove_left_overs(root)
        remove_unnamed(root)
        yield


def finish_interrupted(root: Path) -> None:
    """Finish the replacement of releases in `root`, if one was interrupted.

    Raises:
        ReleaseBusy: another process is at it.
        ReleaseError: it cannot be finished.
        OSError: the disk fails, or this user may not write there.
    """
    if (root / JOURNAL).exists():
        with lock_releases(root):
            pass


def write_folder(
    contents: Contents, version: str, report: Report, folder: Path, formats: Collection[Format] = ()
) -> None:
    """Write a release into the new folder `folder`, whatever its report says.

    Args:
        contents: see `publish`; likewise `version`, `report` and `formats`.
        version: of the release.
        report: its own.
        folder: which is not there yet.
        formats: of a release that is larger than memory.

    Raises:
        OSError: the disk fails.
    """
    folder.mkdir()
    with filling(folder) as store:
        _write_files(contents, version, lambda: report, folder, formats, store)
        _write_rest(contents, version, store, folder)


@contextmanager
def folder_of_sources(root: Path) -> Iterator[Path]:
    """A folder in `root`, whose lock is held, for the files and graphs of sources of a build."""
    folder = root / f".mapping-{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _folder_of_build(root: Path) -> Iterator[Path]:
    """The folder that a release is built in, which is removed if it did not become the release."""
    building = root / f".building-{os.getpid()}"
    try:
        yield building
    finally:
        if building.exists():
            shutil.rmtree(building)


def _place(
    contents: Contents,
    version: str,
    check: Callable[[], Report],
    building: Path,
    damaged: list[Path],
    formats: Collection[Format],
    begun: Filling | None,
) -> Path:
    """Write a release into `building`, and give it its name; or the same one that is there.

    Folders of this version that are not whole are added to `damaged`.
    """
    building.mkdir()
    with nullcontext(begun) if begun else filling(building) as store:
        again = any(building.parent.glob(f"{version}*"))
        described = _write_files(contents, version, check, building, formats, store, again=again)
        found = _find_existing(building.parent, version, described, damaged)
        if found is not None:
            os.utime(found)  # Used again, so it is not the next to be removed.
            return found
        _write_rest(contents, version, store, building)
    path = free_name(building.parent, version)
    building.rename(path)
    return path


def _refuse_redacted(root: Path, content: Content) -> None:
    subjects = {row[0][1:-1] for row in content.rows}
    found = Tombstones.read(root).find_refused(subjects)
    if found:
        raise ReleaseError(
            f"{len(found)} of the things in these tables were redacted in {root} and must not be "
            f"published again; take their rows out of the tables: {', '.join(found[:5])}"
        )


def _write_files(
    contents: Contents,
    version: str,
    check: Callable[[], Report],
    building: Path,
    formats: Collection[Format],
    begun: Filling,
    *,
    again: bool = False,
) -> bytes:
    """Write all but the store, of which there is no need `again`; the manifest written."""
    content = contents.content
    if contents.streamed:
        files = write_streamed(contents, building, formats)
    else:
        small, large = contents.split_superseded()
        apart = (Content(read_quads([each.path])) for each in small)
        files = write_dumps(content, building, apart) + write_source_graphs(large, building)
    with begun.beside(partial(_write_tables, contents, version, building)) as tables:
        counted = count(contents)
        report = check()
        files += write_report(report, building)
        entries = [each.entry for each in contents.sources]
        mapped = [*mapping_files(content, version), *concordance_files(content.quads, entries)]
        if not again:
            _write_index(contents, version, begun, building)
        files += tables.result()
    numbers = File(f"{DUMPS}/{STATISTICS}", "application/json", 0, "")
    files.append(write_one(building, numbers, counted.to_json()))
    citation = File(f"{DUMPS}/{CITATION}", essence(CFF.content_type), 0, "")
    cited = write_reference(cite_release(version, documents(content), entries=entries), CFF)
    files.append(write_one(building, citation, cited))
    credits_ = File(f"{DUMPS}/{ATTRIBUTION}", "text/plain", 0, "")
    files.append(write_one(building, credits_, write_attribution(version, CREATOR, entries, files)))
    for table in mapped:
        file = File(f"{DUMPS}/{table.name}", table.media_type, 0, "")
        files.append(write_one(building, file, table.data))
    names_of_dumps = [each.name for each in files]
    for_hdx = describe_for_hdx(version, counted, entries, names_of_dumps, building / DUMPS)
    described_there = File(f"{DUMPS}/{HDX}", "application/json", 0, "")
    files.append(write_one(building, described_there, write_for_hdx(for_hdx)))
    described = manifest(contents, version, report.counts, files, counted)
    write_file(building / MANIFEST, described)
    copy = write_one(building, File(f"{DUMPS}/{MANIFEST}", "application/json", 0, ""), described)
    sums = {
        file.path.removeprefix(f"{DUMPS}/"): file.sha256
        for file in [*files, copy]
        if file.path.startswith(f"{DUMPS}/")
    }
    write_file(building / DUMPS / SUMS, check_sums(sums))
    return described


def _write_tables(contents: Contents, version: str, building: Path) -> list[File]:
    """Write the columns and the tables of cubes, which are made from them; the files of these."""
    # Imported here: whoever serves a release writes none.
    from kzgraph.release.cube_tables import write_cube_tables

    write_release_columns(building, version)
    return write_cube_tables(contents, version, building)


def _write_index(contents: Contents, version: str, begun: Filling, building: Path) -> None:
    """Fill the store and write the index for search, unless that was done."""
    files = contents.current if contents.streamed else ()
    store = begun.finish(contents.content.quads, [each.path for each in files])
    if not (building / INDEX).exists():
        write_index(store, building / INDEX, version)


def _write_rest(contents: Contents, version: str, begun: Filling, building: Path) -> None:
    """Write what follows from the store, and wait until the folder of the release is on the disk.

    That is the store of all graphs and the index for search; the columns are there.
    """
    _write_index(contents, version, begun, building)
    begun.close()  # Nothing is written after this.
    every = write_all_graphs(building, read_manifest((building / MANIFEST).read_bytes()))
    begun.path.rename(building / STORE)
    for name in (INDEX, COLUMNS):
        sync(building / name)
    for folder in filter(None, (building / STORE, every)):
        for file in folder.iterdir():
            sync(file)
    sync_folders(building)


def _find_existing(root: Path, version: str, described: bytes, damaged: list[Path]) -> Path | None:
    """The whole release under `root` with the manifest `described`.

    Folders of this version that are not whole are added to `damaged`.
    """
    for path in sorted(root.glob(f"{version}*")):
        if not RELEASE_NAME.fullmatch(path.name) or not path.is_dir():
            continue
        try:
            release = Release(path)
            release.verify()
        except ReleaseDamaged:
            damaged.append(path)
            continue
        # One that was written before there was an index or columns is left as it is, for nothing is
        # added to a release: the same is written anew.
        same = (path / MANIFEST).read_bytes() == described
        if same and release.has_index and release.has_columns:
            return path
    return None


def free_name(root: Path, version: str) -> Path:
    """The folder for a new release.

    Its version names it, unless a damaged release or one that another state of the code wrote has
    that name: it may be the one that is served, and no rename replaces a folder.
    """
    path, number = root / version, 1
    while path.exists():
        number += 1
        path = root / f"{version}-{number}"
    return path


def _remove_old(root: Path, keep: int, current: Path, damaged: list[Path]) -> None:
    """Remove damaged releases and all but the newest `keep`; never the current one."""
    releases = [
        path
        for path in root.iterdir()
        if RELEASE_NAME.fullmatch(path.name) and (path / MANIFEST).is_file()
    ]
    releases.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    sound = [path for path in releases if path != current and path not in damaged]
    for number, path in enumerate([*damaged, *sound[max(keep - 1, 0) :]]):
        remove_folder(path, f".removed-{number}")
