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


def find_kept(root: Path, version: str, mount: str = "") -> Release:
    """The release `version` of `root`.

    Args:
        root: the folder of releases.
        version: as an address names it.
        mount: the path below which the server is, for the address of what replaced it.

    Raises:
        Problem: 404, where there never was one; 410, where it is gone or was redacted, with the
            release that replaced it: the earliest that followed it and is still kept.
    """
    found = find_known(root, version)
    if found.release is not None:
        return found.release
    redacted = found.entry is not None and found.entry.redacted
    reason = "gone: something was redacted in it" if redacted else "no longer kept"
    history = read_sound_history(root)
    left = (each for each in history.find_successors(version) if _is_kept(root, history, each))
    following = next(left, None)
    if following is None:
        raise Problem(410, f"Release {version} is {reason}; /releases/ lists those that are kept.")
    raise Problem(
        410,
        f"Release {version} is {reason}; release {following} "
        f"{'has the rest of it' if redacted else 'replaced it'}.",
        # https://www.rfc-editor.org/rfc/rfc5829#section-3.3
        {"Link": f'<{mount}/releases/{following}/>; rel="successor-version"'},
        replaced_by=following,
    )


def _is_kept(root: Path, history: History, version: str) -> bool:
    entry = history.find(version)
    return not (entry and entry.redacted) and any(
        each.version == version for each in kept_releases(root)
    )


def _know(version: str, history: History, kept: dict[str, Release]) -> Known:
    entry = history.find(version)
    gone = entry is not None and entry.redacted
    return Known(version, entry, None if gone else kept.get(version))
