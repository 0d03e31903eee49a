"""The files of sources that a folder of releases keeps, each under the hash of its content.

Which of them are in a release is what its manifest says, and nothing else says it: a file that no
kept release names is removed.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from kzgraph.faults import Fault
from kzgraph.release.disk import sync
from kzgraph.release.errors import ReleaseDamaged, ReleaseError
from kzgraph.release.folder import CURRENT, Release, current, kept_releases
from kzgraph.sources.source_entries import KEPT, SourceEntry


def keep_files(root: Path, taken: Iterable[Path]) -> None:
    """Move new files to those that the folder of releases `root` keeps, and sync them.

    Raises:
        OSError: the disk fails.
    """
    folder = root / KEPT
    for path in taken:
        folder.mkdir(exist_ok=True)
        sync(path)
        path.replace(folder / path.name)
    if folder.is_dir():
        sync(folder)


def remove_unnamed(root: Path) -> None:
    """Remove the files that no kept release names; the lock of `root` is held.

    Raises:
        OSError: the disk fails.
    """
    folder = root / KEPT
    if not folder.is_dir():
        return
    releases = kept_releases(root)
    named = {
        f"{entry.sha256}.gz"
        for release in releases
        for entry in release.sources
        if not entry.packaged
    }
    for path in folder.iterdir():
        if path.name not in named:
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


class Before(NamedTuple):
    """What the next release starts from.

    Attributes:
        sources: of the release before, in the order in which they came.
        removed: the names of packaged sources that an operator took out.
    """

    sources: Sequence[SourceEntry] = ()
    removed: Collection[str] = ()


def find_before(root: Path, warn: Callable[[Fault], None]) -> Before:
    """What the current release of `root` has; the newest one that can be read, else.

    Args:
        root: the folder of releases.
        warn: called where the current one is damaged.
    """
    try:
        now = current(root)
        return Before(now.sources, now.removed_sources) if now is not None else Before()
    except ReleaseDamaged as damaged:
        whole = kept_releases(root)
        found = Before(whole[0].sources, whole[0].removed_sources) if whole else Before()
        if found.sources or (root / KEPT).exists():
            names = ", ".join(each.name for each in found.sources if not each.packaged)
            message = f"the current release is damaged ({damaged.faults[0]})"
            remedy = f"the sources that stay are those of the newest other one: {names or 'none'}"
            warn(Fault.of_file(str(root / CURRENT), message, remedy))
        return found


def refuse_other_documents(now: Release, slugs: Iterable[str]) -> None:
    """Refuse to change the sources of a release by way of tables of other documents.

    Raises:
        ReleaseError: the release has other documents than `slugs`.
    """
    has, given = {each["slug"] for each in now.manifest["documents"]}, set(slugs)
    if has != given:
        raise ReleaseError(
            f"the current release has the documents {_list(has)}, and the tables {_list(given)}; "
            "name the tables that it was built from with --tables, or build a release of these "
            "first (kzgraph build)"
        )


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
