"""Tables of which a script adds one or two statements to what their schemas say."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.namespaces import LABEL, TYPE
from kzgraph.tables import Row
from kzgraph_mappings.curies import (
    DATE_TYPES,
    curie,
    english_literal,
    number_literal,
    typed_literal,
)
from kzgraph_mappings.generic import row_quads
from kzgraph_mappings.quoted_spans import state_quads


def annotation_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The project's own statement, whose motivation is to comment.

    https://www.w3.org/TR/annotation-vocab/#annotation
    """
    yield from row_quads(row, graph)
    yield Quad(NamedNode(row.iri), curie("oa:motivatedBy"), curie("oa:commenting"), graph)


def document_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """A document that facts are stated in; its label is its title, or what the project calls it.

    The text is one version of the page at its address, https://www.w3.org/TR/prov-o/#specializationOf
    """
    yield from row_quads(row, graph)
    yield Quad(NamedNode(row.iri), LABEL, english_literal(row.require("title")), graph)
    media_type = Literal("text/plain; charset=utf-8")
    yield Quad(NamedNode(row.iri), curie("schema:encodingFormat"), media_type, graph)
    issued = row.get("issued")
    if issued:
        date = typed_literal(issued, DATE_TYPES[len(issued)])
        yield Quad(NamedNode(row.iri), curie("dcterms:issued"), date, graph)
    for name, column in (("specializationOf", "address"), ("alternateOf", "archived")):
        if address := row.get(column):
            page = NamedNode(address)
            yield Quad(NamedNode(row.iri), curie(f"prov:{name}"), page, graph)
    yield from state_quads(row, graph)


def instrument_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """A convention, protocol, constitution or body of law.

    The year in its title is given as an integer.
    """
    yield from row_quads(row, graph)
    year = row.get("year")
    if year:
        yield Quad(NamedNode(row.iri), curie("kzg:yearInTitle"), number_literal(year), graph)


def organisation_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """An organisation; a part of another one is an organisational unit as well.

    https://www.w3.org/TR/vocab-org/
    """
    yield from row_quads(row, graph)
    if row.cells["unit_of"]:
        yield Quad(NamedNode(row.iri), TYPE, curie("org:OrganizationalUnit"), graph)


def person_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """A person, labelled by the name as the English documents write it."""
    yield from row_quads(row, graph)
    yield Quad(NamedNode(row.iri), LABEL, english_literal(row.require("name")), graph)


def place_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """A place; a country is a schema:Country as well."""
    yield from row_quads(row, graph)
    if row.get("kind") == "country":
        yield Quad(NamedNode(row.iri), TYPE, curie("schema:Country"), graph)
