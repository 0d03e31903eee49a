"""Counting triples that come one by one, as those of a dump larger than memory do."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from kzgraph.iri import BASE, ID, is_path
from kzgraph.namespaces import OWL, SCHEMA, SKOS, TYPE
from kzgraph.rdf.content import Row

#: Links say that a thing here and one elsewhere are the same or alike; where a type or a term of a
#: vocabulary is used, nothing is linked.
LINKING = {str(SCHEMA["sameAs"]), str(OWL["sameAs"])} | {
    str(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")
}
#: The last segment of an IRI, which is not its host: what stands before it is where it leads to.
_LAST_SEGMENT = re.compile(r"(?:(?<=[/#])(?<!//)|\A)[^/#]+[/#]?\Z")
_TYPE, _OURS = str(TYPE), f"<{ID}"


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


@dataclass
class _Numbers:
    """Of one graph or property; `last` is the subject that was counted last."""

    triples: int = 0
    subjects: int = 0
    last: str = ""
    objects: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)

    def add(self, row: Row) -> None:
        subject, name, value, _ = row
        self.triples += 1
        if subject != self.last:
            self.subjects += 1
            self.last = subject
        self.objects.add(value)
        self.properties.add(name)


class Tally:
    """Counts quads that come in order of their lines, as those of a sorted dump do.

    Memory grows with the values that differ, some 200 bytes for each, and not with the triples.
    """

    def __init__(self) -> None:
        self._all = _Numbers()
        self._entities = 0
        self._graphs: dict[str, _Numbers] = {}
        self._properties: dict[str, _Numbers] = {}
        self._classes: dict[str, _Numbers] = {}
        self._examples: dict[str, str] = {}
        self._links: dict[tuple[str, str], int] = defaultdict(int)
        self._values: dict[str, str] = {}

    def add(self, row: Row) -> None:
        """Count a quad."""
        subject, name, value, where = row
        row = subject, name, self._values.setdefault(value, value), where
        if subject != self._all.last and subject.startswith(_OURS):
            self._entities += 1
        self._all.add(row)
        self._of(self._graphs, where).add(row)
        self._of(self._properties, name).add(row)
        if name == _TYPE and value.startswith("<"):
            self._of(self._classes, value).add(row)
            iri, known = subject[1:-1], self._examples.get(value[1:-1])
            if iri.startswith(ID) and (known is None or iri < known) and is_path(iri[len(ID) :]):
                self._examples[value[1:-1]] = iri
        elif name in LINKING and subject.startswith(_OURS):
            space = _LAST_SEGMENT.sub("", value[1:-1])
            if value.startswith("<") and not value.startswith(f"<{BASE}") and space:
                self._links[name[1:-1], space] += 1

    @staticmethod
    def _of(numbers: dict[str, _Numbers], name: str) -> _Numbers:
        found = numbers.get(name)
        if found is None:
            found = numbers[name] = _Numbers()
        return found

    @property
    def triples(self) -> int:
        """How many quads came."""
        return self._all.triples

    @property
    def subjects(self) -> int:
        """How many subjects they have, `objects` likewise; `entities` are those under `id/`."""
        return self._all.subjects

    @property
    def objects(self) -> int:
        """See `subjects`."""
        return len(self._all.objects)

    @property
    def entities(self) -> int:
        """See `subjects`."""
        return self._entities

    def graphs(self) -> tuple[GraphCounts, ...]:
        """How much each graph holds, in order of their IRIs."""
        return tuple(
            GraphCounts(name, each.triples, each.subjects, len(each.objects), len(each.properties))
            for name, each in _in_order(self._graphs)
        )

    def properties(self) -> tuple[PropertyCounts, ...]:
        """How much is said with each property, in order of their IRIs."""
        return tuple(
            PropertyCounts(name, each.triples, each.subjects, len(each.objects))
            for name, each in _in_order(self._properties)
        )

    def classes(self) -> tuple[ClassCounts, ...]:
        """How many things are of each class, in order of their IRIs."""
        return tuple(
            ClassCounts(name, each.subjects, self._examples.get(name))
            for name, each in _in_order(self._classes)
        )

    def links(self) -> tuple[LinkCounts, ...]:
        """Links to other data sets, in order of property and space."""
        return tuple(
            LinkCounts(name, space, number) for (name, space), number in sorted(self._links.items())
        )


def _in_order(numbers: dict[str, _Numbers]) -> list[tuple[str, _Numbers]]:
    """By IRIs without their brackets."""
    return sorted(((name[1:-1], each) for name, each in numbers.items()), key=lambda item: item[0])
