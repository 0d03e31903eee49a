"""Results and graphs as bytes in each of the formats."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from kzgraph.iri import graph
from kzgraph.release.content import Content
from kzgraph.release.errors import ContentFaults
from kzgraph.release.rdfxml import rdf_xml
from kzgraph.release.turtle import TurtleWriter
from kzgraph_server import formats
from kzgraph_server.problems import Problem

_RESULTS = {
    formats.RESULTS_JSON: QueryResultsFormat.JSON,
    formats.RESULTS_XML: QueryResultsFormat.XML,
    formats.RESULTS_CSV: QueryResultsFormat.CSV,
    formats.RESULTS_TSV: QueryResultsFormat.TSV,
}
_GRAPHS = {
    formats.TURTLE: RdfFormat.TURTLE,
    formats.N_TRIPLES: RdfFormat.N_TRIPLES,
    formats.JSON_LD: RdfFormat.JSON_LD,
}

#: Turtle beyond this many triples is written by the store's serialiser, unsorted: ours, made to be
#: read, is written in Python and takes about ten times as long.
_READABLE_TRIPLES = 20_000

# What no XML 1.0 document can hold: https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_results(result: QuerySolutions | QueryBoolean, chosen: formats.Format) -> bytes:
    """A SELECT or ASK result in the format `chosen`.

    Raises:
        Problem: 406, where a value cannot be written in XML.
    """
    data = result.serialize(format=_RESULTS[chosen]) or b""
    if chosen is formats.RESULTS_XML:
        if _NOT_IN_XML.search(data.decode("utf-8")):
            raise _not_xml("A value holds a control character")
        # An XML parser would read a bare carriage return as a line feed.
        data = data.replace(b"\r", b"&#13;")
    return data


def write_graph(
    triples: Iterable[Triple], chosen: formats.Format, prefixes: Mapping[str, str]
) -> bytes:
    """A graph in the format `chosen`, each triple once, whatever `triples` repeats.

    Raises:
        Problem: 406, where a triple cannot be written in RDF/XML.
    """
    unique = relabelled(triples)
    if chosen is formats.RDF_XML:
        return _write_xml(unique, prefixes)
    if chosen is formats.TURTLE and len(unique) <= _READABLE_TRIPLES:
        try:
            return TurtleWriter(_content(unique), prefixes).merge()
        except ContentFaults:
            pass  # a triple term, which only the store's serialiser writes
    data = serialize(unique, format=_GRAPHS[chosen], prefixes=dict(prefixes))
    return data or b""


def relabelled(triples: Iterable[Triple]) -> list[Triple]:
    """`triples` without repetitions, blank nodes called b0, b1 ... in order of appearance.

    The store calls them by numbers, which are no names in XML.
    """
    labels: dict[str, BlankNode] = {}

    def label(term: Any) -> Any:
        if isinstance(term, BlankNode):
            return labels.setdefault(term.value, BlankNode(f"b{len(labels)}"))
        return term

    return [
        Triple(label(each.subject), each.predicate, label(each.object))
        for each in dict.fromkeys(triples)
    ]


def _write_xml(triples: list[Triple], prefixes: Mapping[str, str]) -> bytes:
    for triple in triples:
        if isinstance(triple.object, Literal) and _NOT_IN_XML.search(triple.object.value):
            raise _not_xml("A value holds a control character")
    try:
        return rdf_xml(_content(triples), prefixes)
    except ContentFaults as error:
        raise _not_xml(str(error)) from None


def _content(triples: list[Triple]) -> Content:
    # The writers of a release want a graph name; the merge that is written does not show it.
    name: NamedNode = graph("answer")
    return Content(Quad(each.subject, each.predicate, each.object, name) for each in triples)


def _not_xml(reason: str) -> Problem:
    return Problem(406, f"{reason}, which XML cannot express. Ask for another format.")
