"""The mapping scripts, from rows of tables to quads, one script per kind of fact.

The scripts are generic over documents, and tables that need but a statement or two share one
(`entities`). What a column means is in the schema of its table; a script holds only what a schema
cannot express.
"""

from collections.abc import Callable, Iterator

from pyoxigraph import NamedNode, Quad

from kzgraph.iri import graph
from kzgraph.tables import Row, Tables
from kzgraph_mappings import concepts, contact_points, entities, linking, observations, quoted_spans
from kzgraph_mappings.facts import fact_quads
from kzgraph_mappings.generic import row_quads
from kzgraph_mappings.naming import Names, identifier_quads

__all__ = ["map_tables"]

Script = Callable[[Row, NamedNode], Iterator[Quad]]

#: Tables of entities that several documents mention, and their scripts.
_ENTITIES: dict[str, Script] = {
    "initiatives": row_quads,
    "instruments": entities.instrument_quads,
    "operations": row_quads,
    "organisations": entities.organisation_quads,
    "people": entities.person_quads,
    "places": entities.place_quads,
}

#: Tables of what one document states, and their scripts.
_FACTS: dict[str, Script] = {
    "appointments": fact_quads,
    "contact_points": contact_points.quads,
    "contributions": observations.contribution_quads,
    "document": entities.document_quads,
    "events": fact_quads,
    "finance": observations.quads,
    "holidays": fact_quads,
    "indicators": observations.quads,
    "legal_changes": fact_quads,
    "offices": fact_quads,
    "opening_hours": fact_quads,
    "participations": fact_quads,
    "partnerships": fact_quads,
    "pledges": fact_quads,
    "population": observations.quads,
    "references": fact_quads,
    "statements": fact_quads,
}

#: Tables about the text of a document, not about what it states; `verify` reads them.
_UNMAPPED = {"parts"}


def map_tables(tables: Tables) -> Iterator[Quad]:
    """The quads of all rows, row by row.

    A quad may be repeated where rows share a node (evidence, a time); a store keeps one.

    Raises:
        LookupError: a table has a schema but no script.
    """
    names = Names.of(tables)
    linked = linking.Linking.of(tables, names)
    origins = {item for row in tables.rows for item in row.cells.get("origin", ())}
    for row in tables.rows:
        name = row.schema.name
        if name in _FACTS:
            quads = _FACTS[name](row, graph(row.folder))
            yield from names.date_quads(row, quads) if name == "appointments" else quads
            if "evidence" in row.cells or name == "document":
                yield from names.quads(row, graph(row.folder))
        elif name in _ENTITIES:
            yield from _ENTITIES[name](row, graph("entities"))
            yield from identifier_quads(NamedNode(row.iri), graph("entities"))
            if row.cells["id"][0] in origins:
                yield from concepts.origin_quads(row, graph("concepts"))
        elif name == "spans":
            yield from quoted_spans.quads(row, tables.documents[row.folder], graph(row.folder))
        elif name == "concepts":
            yield from concepts.quads(row, graph("concepts"))
        elif name in linking.TABLES:
            yield from linked.quads(row)
        elif name == "editorial":
            yield from entities.annotation_quads(row, graph("editorial"))
        elif name not in _UNMAPPED:
            raise LookupError(f"no mapping script for the table {name}")
