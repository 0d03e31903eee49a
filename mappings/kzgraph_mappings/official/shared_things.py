"""What statements of official tables lead to, described once for all sources that speak of it.

Times, countries and locations come into being with the cells that name them; codes have rows in the
packaged table of concepts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import ID, ONTOLOGY, graph, thing
from kzgraph.namespaces import LABEL, LANGUAGES, TYPE
from kzgraph.tables import parse_time
from kzgraph_mappings.concepts import country_as_origin
from kzgraph_mappings.curies import curie, english_literal
from kzgraph_mappings.linking import country_code_quads
from kzgraph_mappings.naming import identifier_quads
from kzgraph_mappings.official.reference_tables import index_table
from kzgraph_mappings.owl_time import time_quads

_ENTITIES, _CONCEPTS = graph("entities"), graph("concepts")
_COUNTRY, _TIME = f"{ID}country/", f"{ID}time/"
_ORIGIN = f"{ONTOLOGY}origin"
#: The place of a figure whose country is not known.
_UNKNOWN = thing("place", "unknown")
_UNKNOWN_LABELS = {"en": "Unknown country", "ru": "Страна неизвестна", "kk": "Елі белгісіз"}


def describe_used(used: Mapping[str, Iterable[str]]) -> Iterator[Quad]:
    """The quads that describe the times and countries that statements lead to.

    Args:
        used: properties to the IRIs that statements with them lead to.
    """
    everything = {iri for iris in used.values() for iri in iris}
    for iri in sorted(everything):
        if iri.startswith(_TIME):
            yield from time_quads(parse_time(iri.removeprefix(_TIME)))
        elif iri.startswith(_COUNTRY):
            yield from country_quads(iri.removeprefix(_COUNTRY))
        elif iri == _UNKNOWN.value:
            yield from _place_quads(_UNKNOWN, "unknown", _UNKNOWN_LABELS)
    for iri in sorted(used.get(_ORIGIN, ())):
        if iri.startswith(_COUNTRY):
            code = iri.removeprefix(_COUNTRY)
            yield from country_as_origin(NamedNode(iri), code, country_labels(code), _CONCEPTS)


def country_labels(code: str) -> dict[str, str]:
    """The names of a country by language.

    Args:
        code: of ISO 3166-1, three letters.

    Raises:
        KeyError: there is no such country.
    """
    row = index_table("countries.csv", ("iso3",))[(code,)]
    names = {language: row[f"name_{language}"] for language in LANGUAGES}
    return {language: name for language, name in names.items() if name}


def country_quads(code: str) -> Iterator[Quad]:
    """The quads of a country: what a row of the table of places would say of it."""
    country = thing("country", code)
    yield from _place_quads(country, "country", country_labels(code))
    yield Quad(country, TYPE, curie("schema:Country"), _ENTITIES)
    yield Quad(country, curie("schema:identifier"), Literal(code), _ENTITIES)
    yield from country_code_quads(country, index_table("countries.csv", ("iso3",))[(code,)])


def _place_quads(place: NamedNode, kind: str, labels: Mapping[str, str]) -> Iterator[Quad]:
    yield Quad(place, TYPE, curie("schema:Place"), _ENTITIES)
    yield Quad(place, curie("kzg:kind"), thing("place-kind", kind), _ENTITIES)
    yield from identifier_quads(place, _ENTITIES)
    for language, label in labels.items():
        yield Quad(place, LABEL, Literal(label, language=language), _ENTITIES)


def location_quads(
    code: str, name: str, country: str, location_kind: str, accommodation: str
) -> Iterator[Quad]:
    """The quads of a location of UNHCR's demographics.

    Args:
        code: in the scheme of locations.
        name: as the table has it.
        country: the code of its country, of ISO 3166-1.
        location_kind: the code of what sort of place it is.
        accommodation: the code of how people live there.
    """
    location, scheme = thing("location", code), thing("scheme", "location")
    parts: Sequence[NamedNode] = (
        thing("location-kind", location_kind),
        thing("accommodation", accommodation),
    )
    label = english_literal(f"{name} ({country}, {location_kind}{accommodation})")
    yield Quad(location, TYPE, curie("skos:Concept"), _CONCEPTS)
    yield Quad(location, curie("skos:inScheme"), scheme, _CONCEPTS)
    yield Quad(location, curie("skos:topConceptOf"), scheme, _CONCEPTS)
    yield Quad(location, curie("skos:notation"), Literal(code), _CONCEPTS)
    yield Quad(location, LABEL, label, _CONCEPTS)
    yield Quad(location, curie("skos:prefLabel"), label, _CONCEPTS)
    text = f"{name}: where people live, and how, by the codes {location_kind} and {accommodation}."
    yield Quad(location, curie("skos:definition"), english_literal(text), _CONCEPTS)
    yield from identifier_quads(location, _CONCEPTS)
    for part in parts:
        yield Quad(location, curie("kzg:kind"), part, _CONCEPTS)
