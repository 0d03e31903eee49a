"""What taking a person out would change, and doing it.

The releases are replaced first, in one step, with tombstones that keep a build from publishing the
person again; then the tables are, one by one, the table of people last. So a run that is
interrupted leaves all releases as they were or all without the person, and one that is repeated
still knows the name.
"""

import gzip
import os
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.editing.replacing import replace_files
from kzgraph.iri import ID, is_path, term
from kzgraph.namespaces import FOAF, SCHEMA, SKOS, TYPE
from kzgraph.rdf.content import Content
from kzgraph.rdf.formats import GRAPH_FORMATS
from kzgraph.redaction.mentions import Mentions
from kzgraph.redaction.source_graphs import RedactedSources, redact_source_graphs, stated_quads
from kzgraph.redaction.statements import Redacted, redact_statements
from kzgraph.redaction.table_edits import TableEdits, emails, people, plan_edits, read_texts
from kzgraph.release import (
    CROSS_CHECK,
    CURRENT,
    Release,
    ReleaseDamaged,
    ReleaseError,
    describe_counted,
)
from kzgraph.release.contents import Contents, gather
from kzgraph.release.dumps import DUMPS, STEM
from kzgraph.release.folder import RELEASE_NAME
from kzgraph.release.history import HISTORY, read_history, rewrite_history
from kzgraph.release.journal import STAGED, Replacement, commit
from kzgraph.release.publish import folder_of_sources, free_name, lock_releases, write_folder
from kzgraph.release.statistics import LABELS
from kzgraph.release.store_stamps import STAMP
from kzgraph.release.tombstones import TOMBSTONES, Tombstones
from kzgraph.sources.source_entries import KEPT
from kzgraph.validation import Report, check_by_own_shapes
from kzgraph.validation.batches import find_mentioned

PERSON = "person/"
_NAMES = (FOAF["name"], *LABELS, SKOS["altLabel"], SKOS["hiddenLabel"])

#: Called with the name of each step.
Step = Callable[[str], None]


class PersonUnknown(ReleaseError):
    """There is no such person in the tables or in a kept release, or there are several."""


@dataclass
class ReleaseEdit:
    """What changes in a kept release.

    Attributes:
        folder: its name.
        version: its version; nothing where it is damaged, so that it is removed.
        facts: how many facts, notes and people go.
        others: how many other things go.
        texts: texts in which the name is replaced.
    """

    folder: str
    version: str
    facts: int = 0
    others: int = 0
    texts: tuple[str, ...] = ()


@dataclass
class Plan:
    """What taking a person out changes.

    Attributes:
        mentions: what names the person.
        tables: the changes of the tables.
        releases: those of the kept releases that change.
        lists: lists of changes in the history that go.
        by_hand: files beside the releases that name the person.
        suspects: texts of releases that stay and have the surname alone.
        addresses: things that have the name in their address and are not facts: they stop it.
    """

    mentions: Mentions
    tables: TableEdits
    releases: list[ReleaseEdit] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    suspects: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.tables.edits or self.releases or self.lists)


def find_person(name: str, tables: Path | None, releases: Path, also: Iterable[str]) -> Mentions:
    """What names the person called `name`.

    Args:
        name: the path (`person/first-last`), the slug, the IRI or the name itself.
        tables: the folder of tables; None for none.
        releases: the folder of releases.
        also: see `Mentions.of`.

    Raises:
        PersonUnknown: nobody is called so, or several people are.
    """
    texts = read_texts(tables) if tables else []
    known = people(texts)
    addresses: dict[str, set[str]] = {}
    for release in _kept(releases).values():
        if release is not None:
            _add_people(release.store, known, addresses)
    path = name.removeprefix(ID)
    path = path if path.startswith(PERSON) else PERSON + path
    if path not in known:
        called = [each for each, names in known.items() if name in names]
        if len(called) > 1:
            raise PersonUnknown(f"several people are called {name}: {', '.join(sorted(called))}")
        if called:
            path = called[0]
        elif is_path(path) and Tombstones.read(releases).has(ID + path):
            known[path] = set()
        else:
            raise PersonUnknown(
                f"nobody is called {name} in the tables or in a release of {releases}; "
                f"there are: {', '.join(sorted(known)) or 'no people'}"
            )
    others = {each: names for each, names in known.items() if each != path}
    reached = addresses.get(path, set()) | emails(texts, path)
    return Mentions.of(path, known[path], reached, others, also)


def _add_people(store: Store, known: dict[str, set[str]], addresses: dict[str, set[str]]) -> None:
    for quad in store.quads_for_pattern(None, TYPE, FOAF["Person"], None):
        person = quad.subject
        if not isinstance(person, NamedNode) or not person.value.startswith(ID):
            continue
        path = person.value.removeprefix(ID)
        names = known.setdefault(path, set())
        for name in _NAMES:
            for each in store.quads_for_pattern(person, name, None, None):
                names |= {each.object.value} if isinstance(each.object, Literal) else set()
        for contact in store.quads_for_pattern(None, term("scope"), person, None):
            for each in store.quads_for_pattern(contact.subject, SCHEMA["email"], None, None):
                if isinstance(each.object, Literal):
                    addresses.setdefault(path, set()).add(each.object.value)


def _kept(root: Path) -> dict[str, Release | None]:
    """The folders of releases below `root` by name; None for one that cannot be read."""
    found: dict[str, Release | None] = {}
    for path in sorted(root.iterdir()) if root.is_dir() else []:
        if RELEASE_NAME.fullmatch(path.name):
            try:
                release = Release(path)
                _ = release.store
                found[path.name] = release
            except ReleaseDamaged:
                found[path.name] = None
    return found


def plan(mentions: Mentions, tables: Path | None, releases: Path, step: Step) -> Plan:
    """What taking the person out changes; nothing is written.

    Args:
        mentions: what `find_person` found.
        tables: the folder of tables; None for none.
        releases: the folder of releases.
        step: called with the name of each step.

    Raises:
        HistoryDamaged: see `read_history`.
        TombstonesDamaged: see `Tombstones.read`.
        OSError: a file cannot be read.
    """
    found, searched = _search(mentions, tables, releases, step)
    for each in searched:
        with TemporaryDirectory() as folder:
            each.redact_sources(mentions, Path(folder), found)
    return found


@dataclass
class _Searched:
    """A kept release, and its statements without the person."""

    release: Release
    done: Redacted

    def redact_sources(self, mentions: Mentions, folder: Path, found: Plan) -> RedactedSources:
        """Write the graphs of its sources into `folder`, and tell `found` what changes in all."""
        done = self.done
        sources = redact_source_graphs(self.release, mentions, done.refused | done.gone, folder)
        if done.changed or sources.changed:
            texts = tuple(sorted(done.texts | sources.texts))
            counts = len(done.refused), len(done.gone)
            name = self.release.path.name
            found.releases.append(ReleaseEdit(name, self.release.version, *counts, texts))
        return sources


def _search(
    mentions: Mentions, tables: Path | None, releases: Path, step: Step
) -> tuple[Plan, list[_Searched]]:
    """What changes, but for graphs of sources, and the statements of the releases."""
    step("Searching the tables")
    edits = plan_edits(tables, read_texts(tables), mentions) if tables else TableEdits()
    found = Plan(mentions, edits, addresses=set(edits.addresses))
    searched = []
    for name, release in _kept(releases).items():
        step(f"Searching release {name}")
        if release is None:
            found.releases.append(ReleaseEdit(name, ""))
            continue
        done = redact_statements(stated_quads(release), mentions)
        found.suspects |= done.suspects
        found.addresses |= done.addresses
        searched.append(_Searched(release, done))
    found.lists = rewrite_history(releases, {}, _namer(mentions)).doomed
    found.by_hand = list(_beside(releases, mentions, {*found.lists}))
    return found, searched


def _namer(mentions: Mentions) -> Callable[[str], bool]:
    return lambda text: bool(mentions.find(text))


def _beside(root: Path, mentions: Mentions, known: set[str]) -> Iterable[str]:
    """Files beside the releases, made by nobody known, that name the person."""
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        name = path.relative_to(root).as_posix()
        first = name.partition("/")[0]
        known_file = name in known or RELEASE_NAME.fullmatch(first) or first.startswith(".repl")
        if known_file or first.endswith(CROSS_CHECK) or not path.is_file() or path.is_symlink():
            continue
        if first == KEPT and path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
                named = any(map(mentions.find, lines))
        else:
            named = bool(mentions.find(path.read_bytes().decode("utf-8", "replace")))
        if named:
            yield str(path)


def redact(mentions: Mentions, tables: Path | None, releases: Path, step: Step) -> Plan:
    """Take the person out; what was changed. The arguments are those of `plan`.

    Raises:
        ReleaseError: the name is in the address of something that is not a fact; the folder of
            releases is locked, or its history or tombstones are damaged.
        OSError: the disk fails; the next run finishes.
    """
    # What is found has to be what is there when it is replaced.
    with lock_releases(releases) if releases.is_dir() else nullcontext():
        made, searched = _search(mentions, tables, releases, step)
        if made.addresses:
            raise ReleaseError(
                "the name is in the address of what is not a fact, which no redaction can change: "
                f"{', '.join(sorted(made.addresses))}; take that out of the tables first, build, "
                "and let the build keep no release that has it (kzgraph build --keep 1)"
            )
        if releases.is_dir():
            _redact_releases(mentions, releases, made, searched, step)
    step("Changing the tables")
    replace_files({table.file.path: table.to_bytes() for table in made.tables.tables})
    return made


def _redact_releases(
    mentions: Mentions, root: Path, made: Plan, searched: list[_Searched], step: Step
) -> None:
    moved: dict[str, str] = {}
    written: dict[str, Path] = {}
    replaced: dict[str, Release] = {}
    becomes: dict[str, str] = {}
    removed = [each.folder for each in made.releases]  # those that are damaged
    tombs = Tombstones.read(root).add({ID + mentions.path} | made.tables.refused, ())
    link = root / CURRENT
    now = link.resolve().name if link.is_symlink() else ""
    if now in removed:
        raise ReleaseError(f"the current release, {now}, is damaged; build anew first")
    for each in searched:
        release, done, name = each.release, each.done, each.release.path.name
        step(f"Redacting release {name}")
        with folder_of_sources(root) as folder:
            sources = each.redact_sources(mentions, folder, made)
            if not done.changed and not sources.changed:
                continue
            tombs = tombs.add(done.refused, done.gone)
            version, content, tally = describe_counted(Content(done.quads), sources.graphs)
            if version not in written:
                contents = gather(content, sources.graphs, release.removed_sources, tally)
                written[version] = _write(contents, version, release, moved)
        replaced[release.version] = Release(written[version])
        becomes[name] = moved.get(written[version].name, version)
        removed += [name, name + CROSS_CHECK, name + STAMP]
    history = rewrite_history(root, replaced, _namer(mentions))
    files = {TOMBSTONES: tombs.to_json().decode()}
    files |= {path: data.decode() for path, data in history.lists.items()}
    if history.history != read_history(root):
        files[HISTORY] = history.history.to_json().decode()
    commit(root, Replacement(moved, files, becomes.get(now), (*removed, *history.doomed)))
    made.lists = history.doomed


def _is_whole(path: Path, version: str) -> bool:
    try:
        release = Release(path)
        release.verify()
    except ReleaseDamaged:
        return False
    return release.version == version


def _validate(contents: Contents) -> Report:
    """The report of a release by its own shapes; graphs that are files alone go by batches."""
    quads = contents.content.quads
    if not contents.streamed:
        return check_by_own_shapes(quads, files=[each.path for each in contents.superseded])
    current = [each.path for each in contents.current]
    beside = [*find_mentioned(current, quads), *contents.references()]
    return check_by_own_shapes(quads, beside, [each.path for each in contents.sources])


def _write(contents: Contents, version: str, old: Release, moved: dict[str, str]) -> Path:
    """The folder of the release that takes the place of `old`, with its time.

    It is there already, or is written, and waits in `moved` for the name that it will have.
    """
    root = old.path.parent
    existing = root / version
    if existing.is_dir() and _is_whole(existing, version):
        return existing
    staged = root / f"{STAGED}{len(moved)}"
    # All formats of a release that was in memory; it is not streamed now.
    formats = [each for each in GRAPH_FORMATS if f"{DUMPS}/{STEM}.{each.suffix}" in old.files]
    write_folder(contents, version, _validate(contents), staged, formats)
    stamp = old.path.stat()
    os.utime(staged, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    moved[staged.name] = free_name(root, version).name
    return staged
