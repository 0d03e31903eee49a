"""Counting triples that come one by one, as those of a dump larger than memory do."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kzgraph.iri import BASE, ID, is_path
from kzgraph.namespaces import OWL, RDF, RDFS, SCHEMA, SKOS, TYPE, XSD
from kzgraph.rdf.sorted_lines import split_end

#: Links say that a thing here and one elsewhere are the same or alike; where a type or a term of a
#: vocabulary is used, nothing is linked.
LINKING = {str(SCHEMA["sameAs"]), str(OWL["sameAs"])} | {
    str(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")
}
#: The last segment of an IRI, which is not its host: what stands before it is where it leads to.
_LAST_SEGMENT = re.compile(r"(?:(?<=[/#])(?<!//)|\A)[^/#]+[/#]?\Z")
_TYPE, _OURS = str(TYPE), f"<{ID}".encode()
_BELOW = str(RDFS["subClassOf"])
#: Different ends of lines that are counted before they are looked into: 30 MB; ends that wait to be
#: counted; and kinds of things that do.
_MOST_WAITING, _PIECE, _MOST_ALIKE = 100_000, 10_000, 20_000

_Number = TypeVar("_Number")


@dataclass(frozen=True)
class GraphCounts:
    """How much a named graph holds; `subjects`, `objects` and `properties` are distinct."""

    term: str
    triples: int
    subjects: int
    objects: int
    properties: int


@dataclass(frozen=True)
class PropertyCounts:
    """How much is said with a property; `subjects` and `objects` are distinct."""

    term: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class ClassCounts:
    """How many things are of a class; `example` is one that the data set is about, if any is."""

    term: str
    entities: int
    example: str | None


@dataclass(frozen=True)
class LinkCounts:
    """How many links with a property lead into `space`, the beginning of the IRIs there."""

    term: str
    space: str
    triples: int


@dataclass(eq=False)
class _Numbers:
    """Of one graph or property."""

    triples: int = 0
    subjects: int = 0
    objects: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)


@dataclass(frozen=True, eq=False)
class _End:
    """What a line says of its subject, whatever the value; one object for all that say the same.

    Attributes:
        graph: the numbers of its graph.
        name: those of its property.
        of_class: the class that it gives, in N-Triples form; else nothing.
        link: property and space of a link; else nothing.
        below: whether it gives a class above.
    """

    graph: _Numbers
    name: _Numbers
    of_class: str = ""
    link: tuple[str, str] | None = None
    below: bool = False


@dataclass
class Uses:
    """What one property says of things with the same classes; terms are in N-Triples form."""

    triples: int = 0
    datatypes: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Members:
    """Things with the same classes.

    Attributes:
        things: the hash of each, as `hash_subject` gives it: eight bytes for a million are few.
        uses: what their properties say, by the names of these.
        waiting: ends of lines, each with the number of things that have it.
        ends: of lines, not yet among those.
    """

    things: "array[int]" = field(default_factory=lambda: array("q"))
    uses: dict[str, Uses] = field(default_factory=lambda: defaultdict(Uses))
    waiting: Counter[bytes] = field(default_factory=Counter)
    ends: list[bytes] = field(default_factory=list)


@dataclass(eq=False)
class _Alike:
    """How many things the same kinds of lines are about, and how many of them are ours.

    `least` is the first of these by its IRI; `members` are all with the same classes, and `below`
    is whether one of the lines gives a class above.
    """

    members: Members
    below: bool
    things: int = 0
    ours: int = 0
    least: bytes = b""


def hash_subject(subject: bytes) -> int:
    """The hash of a subject in N-Triples form, with the space behind it."""
    return hash(subject)


class Tally:
    """Counts quads that come in order of their lines, as those of a sorted dump do.

    Lines that say the same of many things are counted by the program's own counter, and looked
    into once. Memory grows with the values that differ, some 200 bytes for each, and not with the
    triples.
    """

    def __init__(self, watched: Container[str] = (), graphs: Container[str] = ()) -> None:
        """Count; and keep in `references` how some graphs refer to some things.

        Args:
            watched: these things, in N-Triples form.
            graphs: these graphs, likewise.
        """
        self._watched, self._of = watched, graphs
        #: By property and thing, in N-Triples form, the first line in one of the graphs.
        self.references: dict[tuple[str, str], bytes] = {}
        self._all = _Numbers()
        self._entities = 0
        self._graphs: dict[str, _Numbers] = {}
        self._properties: dict[str, _Numbers] = {}
        self._classes: dict[str, int] = defaultdict(int)
        self._examples: dict[str, str] = {}
        self._links: dict[tuple[str, str], int] = defaultdict(int)
        self._values: dict[str, str] = {}
        self._known: dict[bytes, _End] = {}
        self._kinds: dict[tuple[str, str, str, tuple[str, str] | None], _End] = {}
        self._alike: dict[tuple[_End, ...], _Alike] = {}
        self._members: dict[tuple[str, ...], Members] = {}
        self._different = 0
        #: The classes above each as they are stated, in N-Triples form.
        self.above: dict[str, set[str]] = defaultdict(set)

    def add(self, subject: bytes, lines: Iterable[bytes]) -> None:
        """Count all quads of a subject.

        Args:
            subject: in N-Triples form, with the space behind it.
            lines: of canonical N-Quads.
        """
        start = len(subject)
        ends = [line[start:] for line in lines]
        alike = self._find_alike(subject, ends)
        alike.things += 1
        members = alike.members
        members.things.append(hash_subject(subject))
        if subject.startswith(_OURS):
            alike.ours += 1
            iri = subject[1:-2]
            if (not alike.least or iri < alike.least) and is_path(iri[len(_OURS) - 1 :].decode()):
                alike.least = iri
        if alike.below:
            self.above[subject[:-1].decode()] |= {
                split_end(end)[1] for end in ends if self._known[end].below
            }
        members.ends += ends
        if len(members.ends) >= _PIECE:
            self._wait(members)
            if self._different >= _MOST_WAITING or len(self._alike) >= _MOST_ALIKE:
                self._count()

    def replace(self, subject: bytes, before: Iterable[bytes], lines: Iterable[bytes]) -> None:
        """Count a subject again, of which `before` was counted, and which has more lines now."""
        ends = [line[len(subject) :] for line in before]
        alike = self._find_alike(subject, ends)
        alike.things -= 1
        alike.ours -= subject.startswith(_OURS)
        self._wait(alike.members)
        alike.members.waiting.subtract(ends)
        self.add(subject, lines)

    def find_known(self, subjects: Iterable[bytes]) -> set[bytes]:
        """Those of `subjects` that were counted, and perhaps one or the other that was not."""
        wanted = {hash_subject(each): each for each in subjects}
        every = (each for members in self._members.values() for each in members.things)
        return {wanted[each] for each in every if each in wanted}

    def forget(self) -> None:
        """Let go of all but `references`: of a large release it takes a hundred megabytes."""
        references = self.references
        self.__init__()  # type: ignore[misc]
        self.references = references

    def members(self) -> Mapping[tuple[str, ...], Members]:
        """Things by their classes, which are in N-Triples form and in order."""
        self._count()
        return self._members

    def _find_alike(self, subject: bytes, ends: Sequence[bytes]) -> _Alike:
        known = self._known
        kinds = tuple([known.get(each) or self._learn(subject, each) for each in ends])
        alike = self._alike.get(kinds)
        if alike is None:
            classes = tuple(sorted({each.of_class for each in kinds if each.of_class}))
            members = self._members.setdefault(classes, Members())
            alike = self._alike[kinds] = _Alike(members, any(each.below for each in kinds))
        return alike

    def _wait(self, members: Members) -> None:
        """Let the ends of lines wait to be counted."""
        before = len(members.waiting)
        members.waiting.update(members.ends)
        members.ends.clear()
        self._different += len(members.waiting) - before

    def _learn(self, subject: bytes, end: bytes) -> _End:
        name, value, where = split_end(end)
        if value in self._watched and where in self._of:
            self.references.setdefault((name, value), subject + end)
        of_class, link = "", None
        if name == _TYPE and value.startswith("<"):
            of_class = value
        elif name in LINKING and value.startswith("<") and not value.startswith(f"<{BASE}"):
            space = _LAST_SEGMENT.sub("", value[1:-1])
            link = (name[1:-1], space) if space else None
        kind = where, name, of_class, link
        found = self._kinds.get(kind)
        if found is None:
            graph = self._graphs.setdefault(where, _Numbers())
            numbers = self._properties.setdefault(name, _Numbers())
            found = self._kinds[kind] = _End(graph, numbers, of_class, link, name == _BELOW)
        self._known[end] = found
        return found

    def _count_things(self) -> None:
        """Count the things that wait."""
        for kinds, alike in self._alike.items():
            self._all.subjects += alike.things
            self._entities += alike.ours
            for numbers in {each for end in kinds for each in (end.graph, end.name)}:
                numbers.subjects += alike.things
            for end in kinds:
                if end.of_class:
                    self._classes[end.of_class] += alike.things
                    self._find_example(end.of_class[1:-1], alike.least.decode())
                elif end.link and alike.ours:
                    self._links[end.link] += alike.ours
        self._alike.clear()

    def _find_example(self, of_class: str, iri: str) -> None:
        known = self._examples.get(of_class)
        if iri and (known is None or iri < known):
            self._examples[of_class] = iri

    def _count(self) -> None:
        """Count what waits."""
        self._count_things()
        for members in self._members.values():
            self._wait(members)
            for end, number in members.waiting.items():
                name, value, where = split_end(end)
                value = self._values.setdefault(value, value)
                for each in (self._all, self._graphs[where], self._properties[name]):
                    each.triples += number
                    each.objects.add(value)
                self._graphs[where].properties.add(name)
                uses = members.uses[name]
                uses.triples += number
                if value.startswith('"'):
                    uses.datatypes.add(_datatype(value))
                elif name != _TYPE:
                    uses.objects.add(value)
            members.waiting.clear()
        self._different = 0
        self._known.clear()

    @property
    def triples(self) -> int:
        """How many quads came."""
        self._count()
        return self._all.triples

    @property
    def subjects(self) -> int:
        """How many subjects they have, `objects` likewise; `entities` are those under `id/`."""
        self._count()
        return self._all.subjects

    @property
    def objects(self) -> int:
        """See `subjects`."""
        self._count()
        return len(self._all.objects)

    @property
    def entities(self) -> int:
        """See `subjects`."""
        self._count()
        return self._entities

    def graphs(self) -> tuple[GraphCounts, ...]:
        """How much each graph holds, in order of their IRIs."""
        self._count()
        return tuple(
            GraphCounts(name, each.triples, each.subjects, len(each.objects), len(each.properties))
            for name, each in _in_order(self._graphs)
        )

    def properties(self) -> tuple[PropertyCounts, ...]:
        """How much is said with each property, in order of their IRIs."""
        self._count()
        return tuple(
            PropertyCounts(name, each.triples, each.subjects, len(each.objects))
            for name, each in _in_order(self._properties)
        )

    def classes(self) -> tuple[ClassCounts, ...]:
        """How many things are of each class, in order of their IRIs."""
        self._count()
        return tuple(
            ClassCounts(name, number, self._examples.get(name))
            for name, number in _in_order(self._classes)
        )

    def links(self) -> tuple[LinkCounts, ...]:
        """Links to other data sets, in order of property and space."""
        self._count()
        return tuple(
            LinkCounts(name, space, number) for (name, space), number in sorted(self._links.items())
        )


def _in_order(numbers: Mapping[str, _Number]) -> list[tuple[str, _Number]]:
    """By IRIs without their brackets."""
    return sorted(((name[1:-1], each) for name, each in numbers.items()), key=lambda item: item[0])


def _datatype(literal: str) -> str:
    """The datatype of a literal in N-Triples form.

    >>> _datatype('"a"'), _datatype('"a"@en')
    ('http://www.w3.org/2001/XMLSchema#string', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString')
    """
    rest = literal.rpartition('"')[2]
    if not rest:
        return XSD["string"].value
    return RDF["langString"].value if rest.startswith("@") else rest[3:-1]
