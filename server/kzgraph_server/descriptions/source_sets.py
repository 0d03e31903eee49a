"""The data sets that sources are, in DCAT: each file that joined the release, and its vintages.

https://www.w3.org/TR/vocab-dcat-3/#dataset-versions
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import graph, term
from kzgraph.licences import name_licence
from kzgraph.namespaces import LABEL, SCHEMA, TYPE
from kzgraph.release.dumps import File
from kzgraph.release.statistics import Place

#: The most countries that are named as what a source is about.
_MOST_COUNTRIES = 300


@dataclass(frozen=True)
class SourceSet:
    """A source of a release.

    Attributes:
        iri: of its graph.
        kind: the name of the table that it is a vintage of.
        title: in English; likewise the others are as the manifest has them.
        years: the first and the last that it is about.
        replaced_by: the graph that has its place; None of a current one.
        places: the countries that it is about.
        files: of its graph.
    """

    iri: NamedNode
    kind: str
    title: str
    licence: NamedNode
    attribution: str
    url: str
    date: str
    sha256: str
    years: tuple[int, int] | None
    replaced_by: NamedNode | None
    places: tuple[Place, ...]
    files: tuple[File, ...]

    @property
    def licence_name(self) -> str:
        """What people call its licence."""
        return name_licence(self.licence.value)


def find_source_sets(
    manifest: Mapping[str, Any], store: Store, files: Iterable[File]
) -> Iterator[SourceSet]:
    """The sources of a release, in the order of its manifest.

    Args:
        manifest: of the release.
        store: the graphs that a plain query meets: a superseded source is about what the one is
            about that has its place.
        files: of its dumps.
    """
    of_graph: dict[str, list[File]] = {}
    for file in files:
        of_graph.setdefault(file.graph, []).append(file)
    countries = _read_countries(store)
    for each in manifest.get("sources", ()):
        if not each.get("licence"):
            continue
        node = graph(each["name"])
        after = graph(each["replaced_by"]) if each["replaced_by"] else None
        years = each["years"]
        yield SourceSet(
            node,
            each["kind"],
            each["title"],
            NamedNode(each["licence"]),
            each["attribution"],
            each["url"],
            each["date"],
            each["sha256"],
            (min(years), max(years)) if years else None,
            after,
            tuple(_find_places(store, after or node, countries)),
            tuple(of_graph.get(node.value, ())),
        )


def _read_countries(store: Store) -> list[tuple[NamedNode, Place]]:
    """All countries, each with its names, in the order of their IRIs."""
    found = {quad.subject for quad in store.quads_for_pattern(None, TYPE, SCHEMA["Country"])}
    countries = sorted((each for each in found if isinstance(each, NamedNode)), key=str)
    return [(each, _read_place(store, each)) for each in countries]


def _read_place(store: Store, country: NamedNode) -> Place:
    labels = [
        (label.language or "", label.value)
        for quad in store.quads_for_pattern(country, LABEL, None)
        if isinstance(label := quad.object, Literal)
    ]
    codes = [
        quad.object.value
        for quad in store.quads_for_pattern(country, SCHEMA["identifier"], None)
        if isinstance(quad.object, Literal)
    ]
    iso3 = next((code for code in codes if len(code) == 3 and code.isupper()), "")
    return Place(country.value, tuple(sorted(labels)), iso3)


def _find_places(
    store: Store, name: NamedNode, countries: Iterable[tuple[NamedNode, Place]]
) -> Iterator[Place]:
    """Those of the countries that a graph is about."""
    # There are few countries, and a graph may have a million cells.
    about = term("country")
    found = (
        place
        for country, place in countries
        if next(store.quads_for_pattern(None, about, country, name), None) is not None
    )
    return islice(found, _MOST_COUNTRIES)
