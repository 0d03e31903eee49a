"""The releases that a folder keeps, and those that its history knows."""

import logging
from dataclasses import dataclass
from pathlib import Path

from kzgraph.problem import Problem
from kzgraph.release import Release, kept_releases
from kzgraph.release.history import Entry, History, HistoryDamaged, read_history

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Known:
    """A release that is kept, or that the history knows.

    Attributes:
        version: its version.
        entry: of the history; None where it was never current, or there is no history.
        release: the release itself; None where it is no longer kept, or was redacted.
    """

    version: str
    entry: Entry | None
    release: Release | None


def read_sound_history(root: Path) -> History:
    """The history of `root`; without entries where it is damaged, which is logged.

    A damaged history stops the next build; it does not stop a server.
    """
    try:
        return read_history(root)
    except HistoryDamaged as error:
        _log.error("%s", error)
        return History()


def list_known(root: Path) -> list[Known]:
    """Every release of `root`, that which became current first last."""
    history = read_sound_history(root)
    kept = {each.version: each for each in kept_releases(root)}
    versions = list(dict.fromkeys(each.version for each in history.entries))
    strays = [version for version in reversed(kept) if version not in versions]
    return [_know(version, history, kept) for version in reversed([*strays, *versions])]


def find_known(root: Path, version: str) -> Known:
    """The release `version` of `root`, kept or gone.

    Raises:
        Problem: 404, where neither the folder nor its history knows it.
    """
    kept = {each.version: each for each in kept_releases(root)}
    found = _know(version, read_sound_history(root), kept)
    if found.entry is None and found.release is None:
        raise Problem(404, f"There is no release {version[:100]}; /releases/ lists them.")
    return found


def find_kept(root: Path, version: str) -> Release:
    """The release `version` of `root`.

    Raises:
        Problem: 404, where there never was one; 410, where it is gone or was redacted.
    """
    found = find_known(root, version)
    if found.release is not None:
        return found.release
    if found.entry is not None and found.entry.redacted:
        raise Problem(410, f"Release {version} is gone: something was redacted in it.")
    raise Problem(410, f"Release {version} is no longer kept; /releases/ lists those that are.")


def _know(version: str, history: History, kept: dict[str, Release]) -> Known:
    entry = history.find(version)
    gone = entry is not None and entry.redacted
    return Known(version, entry, None if gone else kept.get(version))
