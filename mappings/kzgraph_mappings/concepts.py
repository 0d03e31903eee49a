"""Concept schemes and their concepts, https://www.w3.org/TR/skos-reference/."""

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import thing
from kzgraph.namespaces import LABEL, LANGUAGES, TYPE
from kzgraph.tables import Row
from kzgraph.tables.checks import SCHEME_CODE
from kzgraph_mappings.curies import curie, english_literal
from kzgraph_mappings.generic import row_quads
from kzgraph_mappings.naming import identifier_quads

_PREF_LABEL = curie("skos:prefLabel")


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a concept, or of a scheme where the row describes one.

    Its preferred labels are its labels as well: https://www.w3.org/TR/skos-reference/#L1607
    """
    for quad in _quads(row, graph):
        yield quad
        if quad.predicate == _PREF_LABEL:
            yield Quad(quad.subject, LABEL, quad.object, graph)


def _quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    scheme = thing("scheme", row.require("scheme"))
    if row.get("code") == SCHEME_CODE:
        yield Quad(scheme, TYPE, curie("skos:ConceptScheme"), graph)
        yield from identifier_quads(scheme, graph)
        for column in row.schema.columns:
            if column.predicate and column.lang:
                for item in row.cells[column.name]:
                    text = Literal(item, language=column.lang)
                    yield Quad(scheme, curie(column.predicate), text, graph)
        return
    yield from row_quads(row, graph)
    yield from identifier_quads(NamedNode(row.iri), graph)
    if not row.cells["broader"]:
        yield Quad(NamedNode(row.iri), curie("skos:topConceptOf"), scheme, graph)


def origin_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads by which a country of the tables is a code of the scheme of origins."""
    labels = {
        language: row.cells[f"label_{language}"][0]
        for language in LANGUAGES
        if row.cells[f"label_{language}"]
    }
    code = row.require("id").rpartition("/")[2]
    yield from country_as_origin(NamedNode(row.iri), code, labels, graph)


def country_as_origin(
    country: NamedNode, code: str, labels: Mapping[str, str], graph: NamedNode
) -> Iterator[Quad]:
    """The quads by which a country that people come from is a code of the scheme of origins.

    Its labels, by language, are those that it has as a place.
    """
    scheme = thing("scheme", "origin")
    yield Quad(country, TYPE, curie("skos:Concept"), graph)
    yield Quad(country, curie("skos:inScheme"), scheme, graph)
    yield Quad(country, curie("skos:topConceptOf"), scheme, graph)
    yield Quad(country, curie("skos:notation"), Literal(code), graph)
    for language, label in labels.items():
        yield Quad(country, _PREF_LABEL, Literal(label, language=language), graph)
    text = f"{labels['en']} as the country that people come from."
    yield Quad(country, curie("skos:definition"), english_literal(text), graph)
