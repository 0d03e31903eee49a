"""What changed between two releases: things added, removed and changed, graph by graph.

Read from the dumps of N-Quads, which are canonical and sorted, side by side and a subject at a
time: memory grows with the differences alone. The graph `metadata` describes the release and not
what it is about, so it is not compared. Two vintages of a table are compared as one graph, but for
the rows that cells stand in.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from operator import lt
from typing import Any

from kzgraph.iri import GRAPH, term
from kzgraph.namespaces import TYPE
from kzgraph.rdf.sorted_lines import PIECE, About, group_pieces
from kzgraph.release.dumps import LINES
from kzgraph.release.errors import ReleaseDamaged
from kzgraph.release.folder import Release
from kzgraph.release.statistics import LABELS

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
#: The kinds of change, in the order in which they are listed and counted.
KINDS = (ADDED, REMOVED, CHANGED)

_METADATA = "metadata"
_OF_METADATA = f" <{GRAPH}{_METADATA}> .\n".encode()
_LABELS = [str(each) for each in LABELS]
_FACT_TYPE = f"{TYPE} {term('Fact')} ".encode()
_ROW = f"{term('row')} ".encode()
_ENGLISH = re.compile(r'"@en\Z')

#: Property to objects, each a term in its N-Triples form.
_About = dict[str, set[str]]


@dataclass(frozen=True, order=True)
class PropertyChange:
    """What a property said of a thing, and what it says now.

    Attributes:
        property: its IRI.
        old: the values that are gone, each a term in its canonical N-Triples form, in order:
            https://www.w3.org/TR/n-triples/#canonical-ntriples
        new: the values that are new, likewise.
    """

    property: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One thing that a graph has, or says, otherwise.

    Attributes:
        kind: one of `KINDS`.
        iri: of the thing.
        label: its name as an N-Triples literal, in English where there is such a one, from the
            newer of the releases that have it; nothing where it has none.
        fact: whether it is a fact (`kzg:Fact`), and not what facts refer to.
        properties: those that differ; all that it had, or has, where it was removed or added.
    """

    kind: str
    iri: str
    label: str
    fact: bool
    properties: tuple[PropertyChange, ...]


@dataclass(frozen=True)
class GraphDifference:
    """How one named graph differs.

    Attributes:
        graph: its name: the slug of a document, or a graph of the project; of a table that has
            another vintage in each release its kind, such as `unhcr-population`.
        document: whether either release lists a document of this name.
        changes: in order of kind and IRI; none where there are more than were to be listed.
        numbers: how many there are, by kind and by whether they are of facts.
        blank_nodes: whether what is said with blank nodes differs, as a list of the ontology: they
            have no names by which one could say which.
    """

    graph: str
    document: bool
    changes: tuple[Change, ...]
    numbers: Mapping[tuple[str, bool], int]
    blank_nodes: bool

    def counts(self) -> dict[str, dict[str, int]]:
        """How many facts, and other things, there are of each kind of change."""
        return {
            name: {kind: self.numbers.get((kind, fact), 0) for kind in KINDS}
            for name, fact in (("facts", True), ("others", False))
        }


@dataclass(frozen=True)
class Difference:
    """What changed from the release `before` to the release `after`, both named by version.

    Attributes:
        graphs: those that differ, documents first.
        listed: whether the changes are listed, and not only counted.
    """

    before: str
    after: str
    graphs: tuple[GraphDifference, ...]
    listed: bool = True

    def as_json(self) -> dict[str, Any]:
        """The difference as a JSON document; docs/cli.md describes its members."""
        return {
            "from": self.before,
            "to": self.after,
            "equal": not self.graphs,
            "graphs": [
                {
                    "graph": each.graph,
                    "document": each.document,
                    "blank_nodes": each.blank_nodes,
                    "counts": each.counts(),
                    "changes": [_change_as_json(change) for change in each.changes],
                }
                for each in self.graphs
            ],
        }


def _change_as_json(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "iri": change.iri,
        "label": change.label or None,
        "fact": change.fact,
        "properties": [
            {"property": each.property, "old": list(each.old), "new": list(each.new)}
            for each in change.properties
        ],
    }


def compare_releases(before: Release, after: Release, most: int | None = None) -> Difference:
    """What changed from `before` to `after`: 0.3 s for 20,000 quads each.

    Args:
        before: the older release.
        after: the newer one.
        most: changes that are listed; where there are more, all are only counted, which takes a
            tenth of the time and no memory.

    Raises:
        ReleaseDamaged: a dump is not what the manifest says, or not sorted.
        OSError: a dump cannot be read.
    """
    largest = max(side.manifest["counts"]["triples"] for side in (before, after))
    # Of few triples there are few changes. Else they are counted before they are listed.
    found = _find(before, after, listed=most is None or largest <= most)
    if not found.listed and most is not None and found.count <= most:
        found = _find(before, after, listed=True)
    slugs = {each["slug"] for side in (before, after) for each in side.manifest["documents"]}
    differing = found.numbers.keys() | found.blank
    graphs = (
        GraphDifference(
            graph,
            graph in slugs,
            tuple(sorted(found.changes.get(graph, ()), key=lambda e: (KINDS.index(e.kind), e.iri))),
            found.numbers.get(graph, {}),
            graph in found.blank,
        )
        for graph in sorted(differing, key=lambda name: (name not in slugs, name))
    )
    return Difference(before.version, after.version, tuple(graphs), found.listed)


def _find(before: Release, after: Release, *, listed: bool) -> "_Found":
    found = _Found(listed)
    if _sum_of(before) != _sum_of(after):
        tables = _find_tables(before, after)
        with closing(_subjects(before, tables)) as old, closing(_subjects(after, tables)) as new:
            for subject, lines, others in _pair(old, new):
                if lines != others:
                    found.compare(subject, lines, others)
    return found


def _sum_of(release: Release) -> str:
    return release.files[_dump(release)].sha256


def _dump(release: Release) -> str:
    if LINES not in release.files:
        raise ReleaseDamaged(release.path, [f"the manifest lists no {LINES}"])
    return LINES


def _lines(release: Release) -> Iterator[list[bytes]]:
    """The lines of the dump in pieces; at the end it is known whether they were the right ones."""
    path, digest, last = _dump(release), hashlib.sha256(), b""
    with (release.path / path).open("rb") as stream:
        while lines := stream.readlines(PIECE):
            if lines[0] <= last or not all(map(lt, lines, islice(lines, 1, None))):
                raise ReleaseDamaged(release.path, [f"{path} is not sorted"])
            last = lines[-1]
            digest.update(b"".join(lines))
            yield lines
    if digest.hexdigest() != _sum_of(release):
        raise ReleaseDamaged(release.path, [f"{path} is not what the manifest says"])


def _subjects(release: Release, tables: Mapping[bytes, bytes]) -> Generator[About, None, None]:
    """The lines of each subject, in order of the dump, the graphs of `tables` called by these."""
    ends = {b" %b .\n" % name: b" %b .\n" % table for name, table in tables.items()}
    for subject, lines in group_pieces(_lines(release)):
        yield subject, _rename(subject, lines, ends) if ends else lines


def _find_tables(before: Release, after: Release) -> dict[bytes, bytes]:
    """The graphs of tables that have one vintage here and another one there, and what they are of.

    They are called differently, and tell of the same cells.
    """
    found: dict[bytes, bytes] = {}
    sides = [[each for each in side.sources if each.current] for side in (before, after)]
    for kind in {each.kind for each in sides[0]} & {each.kind for each in sides[1]}:
        old, new = ([each.name for each in side if each.kind == kind] for side in sides)
        if len(old) == len(new) == 1 and old != new:
            for name in (*old, *new):
                found[f"<{GRAPH}{name}>".encode()] = f"<{GRAPH}{kind}>".encode()
    return found


def _rename(subject: bytes, lines: list[bytes], ends: Mapping[bytes, bytes]) -> list[bytes]:
    """The lines with other names of graphs: from how lines end to how they shall end."""
    renamed: list[bytes] = []
    for end, part in _by_end(lines).items():
        new = ends.get(end)
        if new is None:
            renamed += part
        else:
            size, start = len(end), len(subject)
            # In another file a cell stands in another row, whatever it says.
            renamed += [line[:-size] + new for line in part if not line.startswith(_ROW, start)]
    return renamed


def _by_end(lines: list[bytes]) -> dict[bytes, list[bytes]]:
    """The lines by how they end: with a graph and a dot, and a space before either."""
    if not lines:
        return {}
    end = lines[0][lines[0].rindex(b" ", 0, -3) :]
    # Of most subjects all lines are in one graph, which one look at all of them tells.
    if b"".join(lines).count(end) == len(lines):
        return {end: lines}
    found: dict[bytes, list[bytes]] = {}
    for line in lines:
        found.setdefault(line[line.rindex(b" ", 0, -3) :], []).append(line)
    return found


def _pair(
    old: Iterator[About], new: Iterator[About]
) -> Iterator[tuple[bytes, list[bytes], list[bytes]]]:
    """Each subject, with its lines on either side, none where a side does not have it."""
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        first = min(side[0] for side in (left, right) if side is not None)
        here: list[bytes] = []
        there: list[bytes] = []
        if left is not None and left[0] == first:
            here, left = left[1], next(old, None)
        if right is not None and right[0] == first:
            there, right = right[1], next(new, None)
        yield first, here, there


class _Found:
    """Changes.

    Attributes:
        listed: whether they are listed, and not only counted.
        count: how many there are.
        numbers: of those of each graph, by kind and by whether they are of facts.
        changes: of each graph.
        blank: the graphs in which what is said with blank nodes differs.
    """

    def __init__(self, listed: bool) -> None:
        self.listed = listed
        self.count = 0
        self.numbers: dict[str, Counter[tuple[str, bool]]] = {}
        self.changes: dict[str, list[Change]] = {}
        self.blank: set[str] = set()

    def compare(self, subject: bytes, lines: list[bytes], others: list[bytes]) -> None:
        """Add the changes of one subject, of which one release has `lines`, the next `others`."""
        data = b"".join((*lines, *others))
        if b"_:" in data:
            unnamed = [line for line in {*lines} ^ {*others} if _has_blank_node(line)]
            self.blank |= {_split(line)[3] for line in unnamed} - {_METADATA}
            lines = [line for line in lines if not _has_blank_node(line)]
            others = [line for line in others if not _has_blank_node(line)]
        before, after = _by_end(lines), _by_end(others)
        differing = {
            end: CHANGED if end in before and end in after else kind
            for side, kind in ((before, REMOVED), (after, ADDED))
            for end in side
            if before.get(end) != after.get(end)
        }
        differing.pop(_OF_METADATA, None)
        if not differing:
            return
        fact = _FACT_TYPE in data and any(
            line.startswith(_FACT_TYPE, len(subject)) for line in (*lines, *others)
        )
        for end, kind in differing.items():
            graph = end[2:-4].decode().removeprefix(GRAPH)
            self.numbers.setdefault(graph, Counter())[kind, fact] += 1
            self.count += 1
            if self.listed:
                self._list(subject, lines, others, graph, kind, fact)

    def _list(
        self,
        subject: bytes,
        lines: list[bytes],
        others: list[bytes],
        graph: str,
        kind: str,
        fact: bool,
    ) -> None:
        before, after = _by_graph(lines), _by_graph(others)
        was, now = before.get(graph, {}), after.get(graph, {})
        said = after if others else before
        properties = sorted(
            PropertyChange(
                name[1:-1],
                tuple(sorted(was.get(name, set()) - now.get(name, set()))),
                tuple(sorted(now.get(name, set()) - was.get(name, set()))),
            )
            for name in was.keys() | now.keys()
            if was.get(name) != now.get(name)
        )
        label = _find_label(said.values())
        iri = subject[1:-2].decode()
        change = Change(kind, iri, label, fact, tuple(properties))
        self.changes.setdefault(graph, []).append(change)


def _has_blank_node(line: bytes) -> bool:
    if line.startswith(b"_:"):
        return True
    return b" _:" in line and _split(line)[2].startswith("_:")


def _split(line: bytes) -> tuple[str, str, str, str]:
    """Subject, property and object of a line in their N-Triples form, and the graph's name."""
    subject, name, rest = line.decode().split(" ", 2)
    value, graph, _ = rest.rsplit(" ", 2)
    return subject, name, value, graph[1:-1].removeprefix(GRAPH)


def _by_graph(lines: Iterable[bytes]) -> Mapping[str, _About]:
    """What each graph says of a subject."""
    found: dict[str, _About] = {}
    for line in lines:
        _, name, value, graph = _split(line)
        found.setdefault(graph, {}).setdefault(name, set()).add(value)
    return found


def _find_label(graphs: Iterable[_About]) -> str:
    names = [
        (_ENGLISH.search(value) is None, rank, value)
        for about in graphs
        for rank, name in enumerate(_LABELS)
        for value in about.get(name, ())
    ]
    return min(names)[2] if names else ""
