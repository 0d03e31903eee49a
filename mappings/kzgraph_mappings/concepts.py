"""Concept schemes and their concepts, https://www.w3.org/TR/skos-reference/."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import thing
from kzgraph.tables import Row
from kzgraph.tables.checks import SCHEME_CODE
from kzgraph_mappings.rows import row_quads
from kzgraph_mappings.terms import RDF_TYPE, curie

_LANGUAGES = ("en", "ru", "kk")


def quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a concept, or of a scheme where the row describes one."""
    scheme = thing("scheme", row.require("scheme"))
    if row.get("code") == SCHEME_CODE:
        yield Quad(scheme, RDF_TYPE, curie("skos:ConceptScheme"), graph)
        for language in _LANGUAGES:
            label = Literal(row.require(f"label_{language}"), language=language)
            yield Quad(scheme, curie("skos:prefLabel"), label, graph)
        definition = Literal(row.require("definition"), language="en")
        yield Quad(scheme, curie("skos:definition"), definition, graph)
        return
    yield from row_quads(row, graph)
    if not row.cells["broader"]:
        yield Quad(NamedNode(row.iri), curie("skos:topConceptOf"), scheme, graph)
