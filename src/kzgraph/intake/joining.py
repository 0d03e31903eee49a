"""Which sources join a release: the packaged ones, those of the release before, and new ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kzgraph.sources import Source, SourceError
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.sources.taking import Offer, hash_content, take_in
from kzgraph.sources.vintages import leave_out_extracts


@dataclass(frozen=True)
class Joining:
    """A source that joins a release.

    Attributes:
        source: the file.
        shown: what it is called in messages.
        packaged: whether it belongs to the packaged tables.
        new: whether it is not in the release before as it is now.
    """

    source: Source
    shown: str
    packaged: bool = False
    new: bool = False


@dataclass(frozen=True)
class Change:
    """What is to be otherwise than in the release before.

    Attributes:
        offers: files that are to be sources.
        replace: whether they become current, whatever their dates and years.
        removed: the name of a source that is to go; nothing for none.
    """

    offers: Sequence[Offer] = ()
    replace: bool = False
    removed: str = ""


#: Nothing is to be otherwise.
NO_CHANGE = Change()


@dataclass
class Plan:
    """What joins.

    Attributes:
        joining: the sources, in the order in which they came.
        decided: the names of graphs that are current, by a decision that was made before.
        removed: the names of packaged sources that an operator took out.
        taken: copies of the files that the folder of releases does not have yet.
        told: what is to be said of the files.
        changed: whether anything is otherwise than in the release before.
    """

    joining: list[Joining] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    taken: list[Path] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    changed: bool = False


def plan_sources(
    packaged: Sequence[Offer],
    before: Sequence[SourceEntry],
    change: Change,
    root: Path,
    folder: Path,
    removed: Iterable[str] = (),
) -> Plan:
    """What joins the next release of a folder.

    Args:
        packaged: the files of the packaged tables.
        before: the sources of the release before.
        change: what is to be otherwise.
        root: the folder of releases, which keeps the files that operators brought.
        folder: where the new ones are copied to.
        removed: the names of packaged files that an operator took out, and that stay out until they
            are taken in again.

    Raises:
        SourceFaults: a new file cannot be one.
        SourceError: a kept file is damaged or gone, or what is to be removed is not there.
        OSError: a file cannot be read or copied.
    """
    made = Plan(decided={each.name for each in before if each.current}, removed=set(removed))
    every: dict[str, Joining] = {}
    out: dict[str, Joining] = {}
    for offer in packaged:
        source = take_in(offer, folder)
        into = out if source.name in made.removed else every
        into[source.name] = Joining(source, offer.shown, packaged=True)
    for entry in before:
        if not entry.packaged and entry.name not in every:
            source = entry.source(root)
            every[source.name] = Joining(source, entry.name)
    if change.removed:
        _remove(change.removed, every, made)
    for each in every.values():
        if not each.packaged:
            _check_kept(each.source)
    _add(change, every, out, before, folder, made)
    left = leave_out_extracts([each.source for each in every.values()])
    made.joining = [every[source.name] for source in left]
    for name in sorted(every.keys() - {each.name for each in left}):
        if every[name].new:
            made.told.append(f"{name} is an extract of a file that is in, and is left out")
    return made


def _add(
    change: Change,
    every: dict[str, Joining],
    out: Mapping[str, Joining],
    before: Sequence[SourceEntry],
    folder: Path,
    made: Plan,
) -> None:
    """Add what is offered to `every`; `out` are packaged ones that were taken out before."""
    current = {each.name for each in before if each.current}
    for offer in change.offers:
        source = take_in(offer, folder)
        known = every.get(source.name)
        same = known is not None and _facts(known.source) == _facts(source)
        wins = change.replace and source.name not in current
        if same and not wins:
            made.told.append(f"{offer.shown} is in already, as {source.name}; nothing to do")
            continue
        made.changed = True
        made.removed.discard(source.name)
        known = known or out.get(source.name)
        if known is not None and known.packaged:
            # The copy that ships stays the one that is read.
            every[source.name] = Joining(known.source, known.shown, packaged=True, new=True)
        else:
            if known is None:
                made.taken.append(source.path)
            # Behind all others: it is what came last.
            every.pop(source.name, None)
            every[source.name] = Joining(source, offer.shown, new=True)
        if change.replace:
            of_kind = {name for name, each in every.items() if each.source.kind == source.kind}
            made.decided = made.decided - of_kind | {source.name}


def _facts(source: Source) -> tuple[str, ...]:
    return (
        source.sha256,
        source.title,
        source.licence,
        source.attribution,
        source.url,
        source.date,
        source.whole,
    )


def _remove(name: str, every: dict[str, Joining], made: Plan) -> None:
    """Take a source out of `every`; a packaged one stays out of later builds, too."""
    found = every.pop(name, None)
    if found is None:
        known = ", ".join(sorted(every)) or "none"
        if name in made.removed:
            raise SourceError(f"{name} was removed before; those that can be removed: {known}")
        raise SourceError(f"no source is called {name}; those that can be removed: {known}")
    made.changed = True
    if found.packaged:
        made.removed.add(name)
        kind = found.source.kind
        made.told.append(
            f"{name} ships with kzgraph; later builds leave it out too, until it is taken in "
            f"again: kzgraph ingest {kind} {found.source.path}"
        )


def _check_kept(source: Source) -> None:
    """Check that a kept file is what its name says."""
    remedy = f"ingest it again, or take it out: kzgraph ingest --remove {source.name}"
    try:
        found = hash_content(source.path, source.name)
    except FileNotFoundError:
        raise SourceError(f"{source.path} is gone; {remedy}") from None
    if found != source.sha256:
        raise SourceError(f"{source.path} is not what its name says; {remedy}")
