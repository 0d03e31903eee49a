"""Concept schemes and their concepts, https://www.w3.org/TR/skos-reference/."""

from collections.abc import Iterator

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
    """The quads by which a country that people come from is a code of the scheme of origins.

    Its labels are those that it has as a place.
    """
    country, scheme = NamedNode(row.iri), thing("scheme", "origin")
    yield Quad(country, TYPE, curie("skos:Concept"), graph)
    yield Quad(country, curie("skos:inScheme"), scheme, graph)
    yield Quad(country, curie("skos:topConceptOf"), scheme, graph)
    yield Quad(
        country, curie("skos:notation"), Literal(row.require("id").rpartition("/")[2]), graph
    )
    for language in LANGUAGES:
        for label in row.cells[f"label_{language}"]:
            yield Quad(country, _PREF_LABEL, Literal(label, language=language), graph)
    text = f"{row.require('label_en')} as the country that people come from."
    yield Quad(country, curie("skos:definition"), english_literal(text), graph)
