"""What lists are called in addresses, and the addresses of the lists of a release."""

from dataclasses import dataclass

from flask import url_for
from pyoxigraph import NamedNode

from kzgraph.iri import GRAPH, ID, ONTOLOGY, is_path
from kzgraph.prefixes import PREFIXES, split
from kzgraph.release import Release

_SCHEME = f"{ID}scheme/"


def name_class(node: NamedNode) -> str | None:
    """What a class is called in an address: `ChosenFigure`, `schema:Country`; None if it cannot be.

    >>> name_class(NamedNode("https://w3id.org/kzgraph/ontology#Pledge"))
    'Pledge'
    >>> name_class(NamedNode("https://schema.org/Country"))
    'schema:Country'
    """
    if node.value.startswith(ONTOLOGY):
        name = node.value.removeprefix(ONTOLOGY)
        return name if name.isalnum() else None
    parts = split(node.value)
    return ":".join(parts) if parts and parts[1].isalnum() else None


def read_class(name: str) -> NamedNode | None:
    """The class that an address calls `name`; None where it calls none so."""
    prefix, colon, local = name.rpartition(":")
    namespace = PREFIXES.get(prefix) if colon else ONTOLOGY
    # What the vocabulary has itself has one address only, without a prefix.
    if namespace is None or (colon and namespace == ONTOLOGY) or not local.isalnum():
        return None
    return NamedNode(namespace + local) if local.isascii() else None


def address_class(node: NamedNode) -> str | None:
    """The address of the list of a class; None where it has none."""
    name = name_class(node)
    return url_for("browse.of_class", name=name) if name else None


def address_graph(node: NamedNode) -> str | None:
    """The address of the list of what a named graph speaks of."""
    name = node.value.removeprefix(GRAPH)
    return url_for("browse.of_graph", name=name) if name != node.value and is_path(name) else None


def address_scheme(node: NamedNode) -> str | None:
    """The address of the list of the codes of a concept scheme."""
    name = node.value.removeprefix(_SCHEME)
    return url_for("browse.of_scheme", name=name) if name != node.value and is_path(name) else None


@dataclass(frozen=True, slots=True)
class OfficialTable:
    """An official table that a plain query meets.

    Attributes:
        name: what its address calls it: its kind, which stays the same when another vintage takes
            its place, or where several files are of one kind, the name of its graph.
        graph: the name of its graph.
        kind: of the file.
        title: in English.
        licence: the IRI of its licence.
        attribution: whose it is.
        url: where it is from; may be empty.
        date: when it was extracted, by ISO 8601; may be empty.
        rows: how many its file has.
        triples: how many its graph has.
        years: that it is about, in order.
    """

    name: str
    graph: str
    kind: str
    title: str
    licence: str
    attribution: str
    url: str
    date: str
    rows: int
    triples: int
    years: tuple[int, ...]


def list_tables(release: Release) -> dict[str, OfficialTable]:
    """The official tables of a release, by their names in addresses."""
    current = [each for each in release.sources if each.current]
    kinds = [each.kind for each in current]
    names = [each.kind if kinds.count(each.kind) == 1 else each.name for each in current]
    return {
        name: OfficialTable(
            name,
            each.name,
            each.kind,
            each.title,
            each.licence,
            each.attribution,
            each.url,
            each.date,
            each.rows,
            each.triples,
            each.years,
        )
        for name, each in zip(names, current, strict=True)
    }
