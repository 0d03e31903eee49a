"""The quads that follow from a table schema alone: types, links and literals of one row.

This is the conversion of CSV on the Web, https://www.w3.org/TR/csv2rdf/, but for numbers: one
without decimals is published as an xsd:integer, the type that the store keeps all integers in.
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.namespaces import TYPE
from kzgraph.tables import Row
from kzgraph.tables.schema import Column
from kzgraph_mappings.curies import curie, number_literal, typed_literal

#: Columns with a script of their own, in any table.
_SCRIPTED = {"issued", "time", "base_time"}


def row_quads(row: Row, graph: NamedNode) -> Iterator[Quad]:
    """The quads of a row's subject: its types, and one for each item that maps to a property."""
    subject = NamedNode(row.iri)
    for name in row.schema.types:
        yield Quad(subject, TYPE, curie(name), graph)
    for column in row.schema.columns:
        if column.predicate is None or column.name in _SCRIPTED:
            continue
        predicate = curie(column.predicate)
        if column.value_url:
            for iri in row.object_iris(column.name):
                yield Quad(subject, predicate, NamedNode(iri), graph)
        else:
            for item in row.cells[column.name]:
                yield Quad(subject, predicate, _literal(column, item), graph)


def _literal(column: Column, item: str) -> Literal:
    if column.lang:
        return Literal(item, language=column.lang)
    if column.datatype == "string":
        return Literal(item)
    if column.datatype in {"decimal", "nonNegativeInteger"}:
        return number_literal(item)
    return typed_literal(item, column.datatype)
