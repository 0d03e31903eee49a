"""What things of each class have: the partitions of VoID by class, property and what is there.

https://www.w3.org/TR/void/#class-property-partitions, with the datatypes of literals in the terms
of http://ldf.fi/void-ext#. Programs that complete or write queries read a schema out of them.
"""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import BASE, graph
from kzgraph.namespaces import DCAT, OWL, RDF, RDFS, SH, TYPE, VOID, VOID_EXT, XSD
from kzgraph.prefixes import split
from kzgraph.rdf.content import Content
from kzgraph.rdf.sorted_lines import About, merge_subjects, read_subjects, split_end
from kzgraph.sources.source_entries import SourceGraph

#: What the IRIs of parts of the data set begin with.
PARTITIONS = f"{BASE}.well-known/void#"
#: Classes of these describe terms and data sets, not the world; what has them is documented by
#: those who made them.
_META = tuple(f"<{each.iri}" for each in (DCAT, OWL, RDF, RDFS, SH, VOID))
_TYPE, _SUBCLASS = str(TYPE), str(RDFS["subClassOf"])
_TYPED, _BELOW = f"{_TYPE} ".encode(), f"{_SUBCLASS} ".encode()
_MARKED = (_TYPED, _BELOW)
#: Different ends of lines that are counted before they are looked into: 30 MB.
_MOST_WAITING = 100_000
#: Ends of lines that are counted together.
_PIECE = 10_000
_LOCAL_NAME = re.compile(r"[A-Za-z0-9._~-]+")
_METADATA = graph("metadata")


@dataclass
class _Uses:
    """What one property says of things with the same classes; terms are in N-Triples form."""

    triples: int = 0
    datatypes: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)


@dataclass
class _Alike:
    """Things with the same classes: the hash of each, eight bytes for a million are few."""

    things: "array[int]" = field(default_factory=lambda: array("q"))
    uses: dict[str, _Uses] = field(default_factory=lambda: defaultdict(_Uses))
    waiting: Counter[bytes] = field(default_factory=Counter)
    ends: list[bytes] = field(default_factory=list)

    def add(self, ends: Iterable[bytes]) -> None:
        """Add the ends of the lines about a thing."""
        self.ends += ends
        if len(self.ends) >= _PIECE:
            self.waiting.update(self.ends)
            self.ends.clear()
            if len(self.waiting) >= _MOST_WAITING:
                self.count()

    def count(self) -> None:
        """Count what waits: ends of lines, each with the number of things that have it."""
        self.waiting.update(self.ends)
        self.ends.clear()
        for end, number in self.waiting.items():
            name, value, _ = split_end(end)
            uses = self.uses[name]
            uses.triples += number
            if value.startswith('"'):
                uses.datatypes.add(_datatype(value))
            elif name != _TYPE:
                uses.objects.add(value)
        self.waiting.clear()


@dataclass(frozen=True)
class PropertyUse:
    """How things of a class use a property, in IRIs.

    Attributes:
        triples: how many have it and such a subject.
        datatypes: of the literals there, in order.
        classes: of the things there, in order; of classes above each other the lowest.
    """

    triples: int
    datatypes: tuple[str, ...]
    classes: tuple[str, ...]


def partition_quads(
    content: Content, sources: Sequence[SourceGraph], data_set: NamedNode
) -> Iterator[Quad]:
    """The partitions of a release, as the graph `metadata` has them.

    Args:
        content: the graphs that are in memory, but `metadata`.
        sources: the graphs of sources, whose files are read once.
        data_set: the release as a data set.
    """
    files = (read_subjects(each.path) for each in sources if each.entry.current)
    for of_class, uses in count_uses(content.subjects(), *files).items():
        part = name_partition(("class", of_class))
        yield Quad(data_set, VOID["classPartition"], part, _METADATA)
        yield Quad(part, VOID["class"], NamedNode(of_class), _METADATA)
        for name, use in uses.items():
            node = name_partition(("class", of_class), ("property", name))
            yield Quad(part, VOID["propertyPartition"], node, _METADATA)
            yield Quad(node, VOID["property"], NamedNode(name), _METADATA)
            yield Quad(node, VOID["triples"], Literal(use.triples), _METADATA)
            for vocabulary, kind, there in (
                *((VOID_EXT, "datatype", each) for each in use.datatypes),
                *((VOID, "class", each) for each in use.classes),
            ):
                value = name_partition(("class", of_class), ("property", name), (kind, there))
                yield Quad(node, vocabulary[f"{kind}Partition"], value, _METADATA)
                yield Quad(value, vocabulary[kind], NamedNode(there), _METADATA)


def name_partition(*steps: tuple[str, str]) -> NamedNode:
    """The IRI of a part of the data set, so that it can be referred to.

    Args:
        steps: `class`, `property` or `datatype`, each with its IRI.

    >>> name_partition(("class", "https://w3id.org/kzgraph/ontology#Figure")).value
    'https://w3id.org/kzgraph/.well-known/void#class-kzg:Figure'
    """
    path = "/".join(f"{kind}-{_name(term)}" for kind, term in steps)
    return NamedNode(PARTITIONS + path)


def _name(term: str) -> str:
    found = split(term)
    # A prefixed name has a colon, so no hash is mistaken for one.
    return ":".join(found) if found and _LOCAL_NAME.fullmatch(found[1]) else hash_terms(term)


def hash_terms(*terms: str) -> str:
    """A name for what has no short one."""
    return sha256(" ".join(terms).encode()).hexdigest()[:16]


def count_uses(*sides: Iterable[About]) -> dict[str, dict[str, PropertyUse]]:
    """How things of each class use each property, in order of the IRIs.

    Memory grows with the IRIs that differ among the objects, not with the triples.

    Args:
        sides: graphs by subject, no two of which have a triple in common.
    """
    alike, above = _gather(merge_subjects(*sides))
    classes_of = _find_classes(alike, _lowest(alike, above))
    found: dict[str, dict[str, list[_Uses]]] = defaultdict(lambda: defaultdict(list))
    for classes, group in alike.items():
        for each in classes:
            for name, uses in group.uses.items():
                found[each][name].append(uses)
    return {
        of_class[1:-1]: {
            name[1:-1]: _sum(parts, classes_of) for name, parts in sorted(properties.items())
        }
        for of_class, properties in sorted(found.items())
    }


def _sum(parts: Iterable[_Uses], classes_of: dict[str, tuple[str, ...]]) -> PropertyUse:
    parts = list(parts)
    there = {each for uses in parts for thing in uses.objects for each in classes_of.get(thing, ())}
    datatypes = {each for uses in parts for each in uses.datatypes}
    return PropertyUse(
        sum(uses.triples for uses in parts),
        tuple(sorted(datatypes)),
        tuple(sorted(each[1:-1] for each in there)),
    )


def _gather(
    things: Iterable[tuple[bytes, list[list[bytes]]]],
) -> tuple[dict[tuple[str, ...], _Alike], dict[str, set[str]]]:
    """Things by their classes, and the classes above each class as they are stated."""
    alike: dict[tuple[str, ...], _Alike] = {}
    above: dict[str, set[str]] = defaultdict(set)
    classes_of: dict[tuple[bytes, ...], tuple[str, ...]] = {}
    for subject, parts in things:
        start = len(subject)
        ends = [line[start:] for lines in parts for line in lines]
        marked = [end for end in ends if end.startswith(_MARKED)]
        types = tuple([end for end in marked if end.startswith(_TYPED)])
        classes = classes_of.get(types)
        if classes is None:
            stated = sorted({split_end(end)[1] for end in types})
            kept = tuple(each for each in stated if not each.startswith((*_META, "_")))
            classes = classes_of[types] = kept
        for end in marked:
            if end.startswith(_BELOW):
                above[subject[:-1].decode()].add(split_end(end)[1])
        if not classes:
            continue
        group = alike.get(classes)
        if group is None:
            group = alike[classes] = _Alike()
        group.things.append(hash(subject))
        group.add(ends)
    for group in alike.values():
        group.count()
    return alike, above


def _datatype(literal: str) -> str:
    """The datatype of a literal in N-Triples form.

    >>> _datatype('"a"'), _datatype('"a"@en')
    ('http://www.w3.org/2001/XMLSchema#string', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString')
    """
    rest = literal.rpartition('"')[2]
    if not rest:
        return XSD["string"].value
    return RDF["langString"].value if rest.startswith("@") else rest[3:-1]


def _lowest(
    alike: Iterable[tuple[str, ...]], above: dict[str, set[str]]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Of each set of classes those that have no other one of it below them."""

    def reach(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            new = above.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    higher = {each: reach(each) for classes in alike for each in classes}
    return {
        classes: tuple(
            each
            for each in classes
            # Classes that are above each other are equal, and both stay.
            if not any(each in higher[other] and other not in higher[each] for other in classes)
        )
        for classes in alike
    }


def _find_classes(
    alike: dict[tuple[str, ...], _Alike], lowest: dict[tuple[str, ...], tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The classes of each thing that stands as an object."""
    objects = {
        hash(f"{each} ".encode()): each
        for group in alike.values()
        for uses in group.uses.values()
        for each in uses.objects
    }
    return {
        objects[thing]: lowest[classes]
        for classes, group in alike.items()
        for thing in group.things
        if thing in objects
    }
