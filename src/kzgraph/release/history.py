"""The history of a folder of releases: what came before what, when, and what changed.

It stands beside the releases and in none of them, because a version follows from its content and
from nothing else. `history.json` has an entry for each time that a release became the current one,
oldest first; `history/<number>.json` lists what changed with it, as `kzgraph diff` does. Both are
replaced whole, and `history.json` carries the SHA-256 of its entries, and of each list.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from kzgraph.release.differences import Difference, compare_releases
from kzgraph.release.disk import replace_file
from kzgraph.release.errors import ReleaseDamaged, ReleaseError
from kzgraph.release.folder import CURRENT, Release, find_release

HISTORY = "history.json"
#: The folder of the lists of changes.
LISTS = "history"

#: The format of `history.json` that this code writes, and the only one that it reads.
FORMAT = 1
#: Changes of more things than these are counted and not listed: a file of 50 MB.
MOST_LISTED = 100_000

_MEANING = "move it away, and the next build begins another; or bring it back from a copy"


class HistoryDamaged(ReleaseError):
    """The history cannot be used; the message says why, and what to do."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}; {_MEANING}")


@dataclass(frozen=True)
class GraphCounts:
    """How many facts and other things of a graph were `added`, `removed` and `changed`."""

    graph: str
    document: bool
    blank_nodes: bool
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class ChangeList:
    """What changed with a release, in numbers, and where it is listed.

    Attributes:
        graphs: the numbers of each graph that differs, documents first.
        path: of the list, from the folder of releases; nothing where it is not kept.
        bytes: its size.
        sha256: of it, hexadecimal.
    """

    graphs: tuple[GraphCounts, ...]
    path: str = ""
    bytes: int = 0
    sha256: str = ""

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """What `asdict` made."""
        graphs = tuple(GraphCounts(**each) for each in found["graphs"])
        return cls(**{**found, "graphs": graphs})


@dataclass(frozen=True)
class Entry:
    """A release that became the current one.

    Attributes:
        version: its version.
        previous: the version that was current before; None of the first.
        published: when, in UTC: `2024-05-31T12:00:00Z`.
        triples: how many it has.
        documents: the slugs of its documents, in order.
        changes: since `previous`; None where there was none, or it was no longer whole.
        redacted: whether something was taken out of it, so that it is gone for good.
        replacement: the version of the release that has the rest of it, where it was redacted.
    """

    version: str
    previous: str | None
    published: str
    triples: int
    documents: tuple[str, ...]
    changes: ChangeList | None = None
    redacted: bool = False
    replacement: str | None = None

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """What `asdict` made."""
        changes = found["changes"] and ChangeList.from_json(found["changes"])
        return cls(**{**found, "documents": tuple(found["documents"]), "changes": changes})


@dataclass(frozen=True)
class History:
    """The entries, oldest first."""

    entries: tuple[Entry, ...] = ()

    def find(self, version: str) -> Entry | None:
        """The entry of `version`, the first of several: so no version comes before itself."""
        return next((each for each in self.entries if each.version == version), None)

    def find_successors(self, version: str) -> list[str]:
        """The versions that came after `version` became current last, in order.

        Where it was redacted, that which has the rest of it comes first.
        """
        at = [number for number, each in enumerate(self.entries) if each.version == version]
        if not at:
            return []
        entry = self.entries[at[-1]]
        later = [entry.replacement or "", *(each.version for each in self.entries[at[-1] + 1 :])]
        return [each for each in dict.fromkeys(later) if each not in ("", version)]

    @property
    def last(self) -> Entry | None:
        """The entry of the release that became current last."""
        return self.entries[-1] if self.entries else None

    def to_json(self) -> bytes:
        """The history as JSON, with its checksum."""
        entries = [asdict(each) for each in self.entries]
        document = {"format": FORMAT, "sha256": _sum(entries), "releases": entries}
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _sum(entries: Sequence[Any]) -> str:
    text = json.dumps(entries, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_history(root: Path) -> History:
    """The history of the folder of releases `root`; without entries where there is none yet.

    Raises:
        HistoryDamaged: it cannot be read, is of another format, or not what its checksum says.
    """
    path = root / HISTORY
    try:
        found = json.loads(path.read_bytes())
        if found["format"] != FORMAT:
            raise HistoryDamaged(path, f"its format is not {FORMAT}")
        if found["sha256"] != _sum(found["releases"]):
            raise HistoryDamaged(path, "its entries are not what its checksum says")
        return History(tuple(map(Entry.from_json, found["releases"])))
    except FileNotFoundError:
        return History()
    except OSError as error:
        raise HistoryDamaged(path, f"it cannot be read: {error.strerror}") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise HistoryDamaged(path, f"it is not a history of releases ({error})") from None


def read_changes(root: Path, changes: ChangeList) -> bytes:
    """The list of what changed, as JSON.

    Raises:
        HistoryDamaged: it cannot be read, or is not what the history says.
    """
    path = root / changes.path
    try:
        data = path.read_bytes()
    except OSError as error:
        raise HistoryDamaged(path, f"it cannot be read: {error.strerror}") from None
    if hashlib.sha256(data).hexdigest() != changes.sha256:
        raise HistoryDamaged(path, "it is not what the history says")
    return data


class Recorder:
    """Adds to a history what is about to become current, while the folder is locked."""

    def __init__(self, root: Path) -> None:
        """Read the history of the folder of releases `root`.

        Raises:
            HistoryDamaged: see `read_history`.
        """
        self._root = root
        self._history = self._known = read_history(root)

    def add(self, release: Release, published: datetime | None = None) -> None:
        """Add `release`, unless it is the last of the history; `write` keeps that.

        Args:
            release: what becomes the current release, or has become it without this code.
            published: when; by default now.

        Raises:
            OSError: the disk fails.
        """
        last = self._history.last
        if last is not None and last.version == release.version:
            return
        stamp = (published or datetime.now(UTC)).astimezone(UTC)
        entry = Entry(
            version=release.version,
            previous=None if last is None else last.version,
            published=stamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
            triples=release.manifest["counts"]["triples"],
            documents=tuple(sorted(each["slug"] for each in release.manifest["documents"])),
        )
        found = None if last is None else self._compare(last.version, release)
        if found is not None:
            number = len(self._history.entries) + 1
            entry = replace(entry, changes=_keep_changes(self._root, number, found))
        self._history = History((*self._history.entries, entry))

    def add_current(self) -> None:
        """Add the current release, where it became that without this code: the link was turned.

        Raises:
            OSError: the disk fails.
        """
        link = self._root / CURRENT
        try:
            release = Release(link)
        except ReleaseDamaged:
            return  # There is none, or none that can be told.
        self.add(release, datetime.fromtimestamp(link.lstat().st_mtime, UTC))

    def _compare(self, version: str, release: Release) -> Difference | None:
        """What changed since `version`; None where that is no longer there, or not whole."""
        try:
            before = find_release(self._root, version)
            if before is None:
                return None
            return compare_releases(before, release, MOST_LISTED)
        except (ReleaseDamaged, OSError):
            return None

    def write(self) -> None:
        """Replace the history by what was added to it, if anything was.

        Raises:
            OSError: the disk fails.
        """
        if self._history != self._known:
            replace_file(self._root / HISTORY, self._history.to_json())
            self._known = self._history


def _keep_changes(root: Path, number: int, found: Difference) -> ChangeList:
    changes, data = _make_list(found, number)
    if data is not None:
        replace_file(root / changes.path, data)
    return changes


def _make_list(found: Difference, number: int | None) -> tuple[ChangeList, bytes | None]:
    """What the history says of the changes, and their list, called by a number or by its hash."""
    graphs = tuple(
        GraphCounts(each.graph, each.document, each.blank_nodes, each.counts())
        for each in found.graphs
    )
    if not found.listed:
        return ChangeList(graphs), None
    data = (json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n").encode()
    digest = hashlib.sha256(data).hexdigest()
    path = f"{LISTS}/{digest[:16] if number is None else number}.json"
    return ChangeList(graphs, path, len(data), digest), data


@dataclass
class Rewritten:
    """A history after releases were replaced by redacted ones.

    Attributes:
        history: the entries.
        lists: new lists of changes, by path.
        doomed: the paths of those that go.
    """

    history: History
    lists: dict[str, bytes]
    doomed: list[str]


def rewrite_history(
    root: Path, replaced: Mapping[str, Release], names: Callable[[str], bool]
) -> Rewritten:
    """The history once releases are replaced; nothing is written.

    The entry of each stays, says that something was redacted and which release has the rest, and
    has that release after it. What changed is compared anew, where both releases are there.

    Args:
        root: the folder of releases, which has to be locked.
        replaced: the redacted releases by the versions that they replace.
        names: whether a list of changes names what was taken out.

    Raises:
        HistoryDamaged: see `read_history`, `read_changes`.
        OSError: the disk fails.
    """
    done = Rewritten(History(), {}, [])
    entries: list[Entry] = []
    for entry in read_history(root).entries:
        new, before = replaced.get(entry.version), replaced.get(entry.previous or "")
        after = replaced.get(entry.replacement or "")
        if after is not None:
            entry = replace(entry, replacement=after.version)
        if new is None and before is None:
            entries.append(_drop_list(root, entry, names, done))
            continue
        path = entry.changes.path if entry.changes else ""
        done.doomed += [path] if path else []
        if before is not None:
            entry = replace(entry, previous=before.version)
        if new is not None:
            entries.append(replace(entry, changes=None, redacted=True, replacement=new.version))
            if len(entries) > 1 and entries[-2].version == new.version:
                continue  # It differed in what was taken out and in nothing else.
            entry = replace(entry, version=new.version, triples=new.manifest["counts"]["triples"])
        now = new or find_release(root, entry.version)
        before = before or (find_release(root, entry.previous) if entry.previous else None)
        changes = _compare_anew(before, now, names, done) if before and now else None
        entries.append(replace(entry, changes=changes))
    done.history = History(tuple(entries))
    return done


def _compare_anew(
    before: Release, now: Release, names: Callable[[str], bool], done: Rewritten
) -> ChangeList | None:
    """The changes between two releases, their list put among those of `done`.

    None if one of the two is damaged.
    """
    with suppress(ReleaseDamaged):
        changes, data = _make_list(compare_releases(before, now, MOST_LISTED), None)
        # One of the two may be damaged, so that it was not redacted but goes.
        if data is None or not names(data.decode()):
            done.lists |= {changes.path: data} if data is not None else {}
            return changes
    return None


def _drop_list(root: Path, entry: Entry, names: Callable[[str], bool], done: Rewritten) -> Entry:
    """`entry` without its list of changes, if that names what was taken out."""
    changes = entry.changes
    if changes is None or not changes.path:
        return entry
    if not names(read_changes(root, changes).decode()):
        return entry
    done.doomed.append(changes.path)
    return replace(entry, changes=ChangeList(changes.graphs))
