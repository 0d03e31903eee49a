"""What things of each class have: the partitions of VoID by class, property and what is there.

https://www.w3.org/TR/void/#class-property-partitions, with the datatypes of literals in the terms
of http://ldf.fi/void-ext#. Programs that complete or write queries read a schema out of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import BASE, graph
from kzgraph.namespaces import DCAT, OWL, RDF, RDFS, SH, VOID, VOID_EXT
from kzgraph.prefixes import split
from kzgraph.release.tally import Members, Tally, Uses, hash_subject

#: What the IRIs of parts of the data set begin with.
PARTITIONS = f"{BASE}.well-known/void#"
#: Classes of these describe terms and data sets, not the world; what has them is documented by
#: those who made them.
_META = tuple(f"<{each.iri}" for each in (DCAT, OWL, RDF, RDFS, SH, VOID))
_LOCAL_NAME = re.compile(r"[A-Za-z0-9._~-]+")
_METADATA = graph("metadata")


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


def partition_quads(tally: Tally, data_set: NamedNode) -> Iterator[Quad]:
    """The partitions of a release, as the graph `metadata` has them.

    Args:
        tally: of all that a plain query meets, but `metadata`.
        data_set: the release as a data set.
    """
    for of_class, uses in find_uses(tally).items():
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


def find_uses(tally: Tally) -> dict[str, dict[str, PropertyUse]]:
    """How things of each class use each property, in order of the IRIs.

    Args:
        tally: of graphs no two of which have a triple in common.
    """
    alike: dict[tuple[str, ...], list[Members]] = defaultdict(list)
    for stated, members in tally.members().items():
        classes = tuple(each for each in stated if not each.startswith(_META))
        if classes:
            alike[classes].append(members)
    classes_of = _find_classes(alike, _lowest(alike, tally.above))
    found: dict[str, dict[str, list[Uses]]] = defaultdict(lambda: defaultdict(list))
    for classes, groups in alike.items():
        for each in classes:
            for members in groups:
                for name, uses in members.uses.items():
                    found[each][name].append(uses)
    return {
        of_class[1:-1]: {
            name[1:-1]: _sum(parts, classes_of) for name, parts in sorted(properties.items())
        }
        for of_class, properties in sorted(found.items())
    }


def _sum(parts: Iterable[Uses], classes_of: dict[str, tuple[str, ...]]) -> PropertyUse:
    parts = list(parts)
    there = {each for uses in parts for thing in uses.objects for each in classes_of.get(thing, ())}
    datatypes = {each for uses in parts for each in uses.datatypes}
    return PropertyUse(
        sum(uses.triples for uses in parts),
        tuple(sorted(datatypes)),
        tuple(sorted(each[1:-1] for each in there)),
    )


def _lowest(
    alike: Iterable[tuple[str, ...]], above: Mapping[str, set[str]]
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
    alike: Mapping[tuple[str, ...], Sequence[Members]],
    lowest: Mapping[tuple[str, ...], tuple[str, ...]],
) -> dict[str, tuple[str, ...]]:
    """The classes of each thing that stands as an object."""
    objects = {
        hash_subject(f"{each} ".encode()): each
        for groups in alike.values()
        for members in groups
        for uses in members.uses.values()
        for each in uses.objects
    }
    return {
        objects[thing]: lowest[classes]
        for classes, groups in alike.items()
        for members in groups
        for thing in members.things
        if thing in objects
    }
