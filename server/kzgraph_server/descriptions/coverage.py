"""The time and the places that the facts of a release are about."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import term
from kzgraph_server.descriptions.statistics import years
from kzgraph_server.descriptions.triples import RDF, SCHEMA
from kzgraph_server.served import Served
from kzgraph_server.views import LABELS

_AREA = term("area")


@dataclass(frozen=True)
class Place:
    """A place; `iso3` is the ISO 3166-1 code of a country, else nothing."""

    iri: NamedNode
    names: tuple[Literal, ...]
    iso3: str

    def name(self) -> str:
        """The name in English, or what there is."""
        english = (each.value for each in self.names if each.language == "en")
        return next(english, self.names[0].value if self.names else self.iri.value)


@dataclass(frozen=True)
class Coverage:
    """What the facts are about: the first and last year, and the places, in order of IRIs."""

    years: tuple[int, int] | None
    places: tuple[Place, ...]

    def interval(self) -> str:
        """The years as an ISO 8601 interval, or nothing."""
        return "" if self.years is None else "{}/{}".format(*self.years)


def coverage(now: Served) -> Coverage:
    """The years of the facts, and the areas of the operations with the regions they are in."""
    store = now.store
    areas = _objects(store, None, _AREA)
    regions = {
        region
        for area in areas
        for region in _objects(store, area, SCHEMA["containedInPlace"])
        if not _is_country(store, region)
    }
    places = sorted(areas | regions, key=lambda place: place.value)
    return Coverage(years(now), tuple(_place(store, each) for each in places))


def _objects(store: Store, subject: NamedNode | None, predicate: NamedNode) -> set[NamedNode]:
    quads = store.quads_for_pattern(subject, predicate, None, None)
    return {quad.object for quad in quads if isinstance(quad.object, NamedNode)}


def _is_country(store: Store, node: NamedNode) -> bool:
    return SCHEMA["Country"] in _objects(store, node, RDF["type"])


def _place(store: Store, node: NamedNode) -> Place:
    names = [text for label in LABELS for text in _literals(store, node, label)]
    codes = [
        text.value
        for text in _literals(store, node, SCHEMA["identifier"])
        if _is_country(store, node) and len(text.value) == 3 and text.value.isalpha()
    ]
    ordered = sorted(set(names), key=lambda text: (text.language or "", text.value))
    return Place(node, tuple(ordered), min(codes, default=""))


def _literals(store: Store, node: NamedNode, predicate: NamedNode) -> Iterator[Literal]:
    for quad in store.quads_for_pattern(node, predicate, None, None):
        if isinstance(quad.object, Literal):
            yield quad.object
