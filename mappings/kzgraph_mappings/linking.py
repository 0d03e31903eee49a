"""The graph `links`: links to other data sets, and codes and numbers that others gave.

Each is a statement with a node about it, which says where it comes from and how sure it is, in the
form that SSSOM gives to a mapping in RDF: https://mapping-commons.github.io/sssom/spec-formats-rdf/.
No reasoning takes the graph in: see `kzgraph.iri.UNREASONED_GRAPHS`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import ID, graph, term
from kzgraph.namespaces import LABEL, LANGUAGES, OWL, SCHEMA, SKOS
from kzgraph.tables import Row, Tables
from kzgraph_mappings.curies import curie
from kzgraph_mappings.generic import row_quads
from kzgraph_mappings.naming import Names

LINKS = graph("links")
#: The tables that the graph is made of.
TABLES = frozenset(("linked_data_sets", "links", "notations"))

#: Whose codes the columns of `mappings/sources/countries.csv` hold, by the names of datatypes.
_COUNTRY_CODES = {
    "iso2": "iso3166Alpha2",
    "iso3": "iso3166Alpha3",
    "numeric": "iso3166Numeric",
    "m49": "m49",
    "unhcr": "unhcrCode",
}


def notation_quad(subject: NamedNode, datatype: str, text: str, *, is_code: bool = False) -> Quad:
    """The statement that others gave `subject` the code or number `text`.

    Args:
        subject: the thing.
        datatype: the local name of one of the datatypes of `ontology/datatypes.ttl`.
        text: the code or number.
        is_code: whether the thing is a code of a code list, whose one `skos:notation` is that
            code; it gets a `schema:identifier` instead.
    """
    predicate = SCHEMA["identifier"] if is_code else SKOS["notation"]
    return Quad(subject, predicate, Literal(text, datatype=term(datatype)), LINKS)


def country_code_quads(country: NamedNode, cells: Mapping[str, str]) -> Iterator[Quad]:
    """The codes of a country, each with its datatype.

    Args:
        country: the country.
        cells: a row of `mappings/sources/countries.csv`; an empty cell is a code that it has not.
    """
    for column, datatype in _COUNTRY_CODES.items():
        if cells[column]:
            yield notation_quad(country, datatype, cells[column])


@dataclass(frozen=True)
class Linking:
    """What the rows of the tables of links are mapped with.

    Attributes:
        names: of the things that are linked, and of the data sets.
        codes: the paths of the codes of code lists.
        spaces: the path of each data set that is linked to, by how the IRIs there begin.
    """

    names: Names
    codes: frozenset[str]
    spaces: Mapping[str, str]

    @classmethod
    def of(cls, tables: Tables, names: Names) -> "Linking":
        """Map with what `tables` hold."""
        codes = (row.iri.removeprefix(ID) for row in tables.of("concepts"))
        data_sets = tables.of("linked_data_sets")
        spaces = {row.require("uri_space"): row.require("id") for row in data_sets}
        return cls(names, frozenset(codes), spaces)

    def quads(self, row: Row) -> Iterator[Quad]:
        """The quads of a row of one of `TABLES`."""
        yield from row_quads(row, LINKS)
        if row.schema.name == "links":
            relation, there = curie(row.require("relation")), row.require("object")
            yield from self._statement(row, relation, NamedNode(there), self._place(there))
        elif row.schema.name == "notations":
            text, is_code = row.require("notation"), row.require("subject") in self.codes
            subject = NamedNode(row.object_iris("subject")[0])
            stated = notation_quad(subject, row.require("datatype"), text, is_code=is_code)
            assert isinstance(stated.object, Literal)  # noqa: S101 - it was made above
            yield Quad(NamedNode(row.iri), OWL["annotatedTarget"], stated.object, LINKS)
            yield from self._statement(row, stated.predicate, stated.object, {})

    def _statement(
        self, row: Row, relation: NamedNode, value: NamedNode | Literal, place: Mapping[str, str]
    ) -> Iterator[Quad]:
        """What a row states, and in the node about it the relation, and what and whither it is."""
        node = NamedNode(row.iri)
        yield Quad(NamedNode(row.object_iris("subject")[0]), relation, value, LINKS)
        yield Quad(node, OWL["annotatedProperty"], relation, LINKS)
        named = self.names.of_thing.get(row.require("subject"), {})
        for language in LANGUAGES:
            if language in named:
                text = f"{named[language]} – {place.get(language, value.value)}"  # noqa: RUF001
                yield Quad(node, LABEL, Literal(text, language=language), LINKS)

    def _place(self, target: str) -> Mapping[str, str]:
        """The names of the data set that an IRI leads into."""
        paths = (path for space, path in self.spaces.items() if target.startswith(space))
        return self.names.of_thing.get(next(paths, ""), {})
