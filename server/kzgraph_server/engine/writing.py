"""Results and graphs as bytes, written to an output as they come."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from pyoxigraph import (
    BlankNode,
    Literal,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from kzgraph.iri import graph
from kzgraph_server.engine.job import Problem
from kzgraph_server.engine.rows import COUNTS, RowCount

_RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_GRAPHS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
}

#: Name and content type of each format of a SELECT or ASK result.
RESULT_FORMATS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
#: Name and content type of each format of a graph.
GRAPH_FORMATS = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
#: Name and content type of each format of several graphs.
QUAD_FORMATS = {"trig": "application/trig; charset=utf-8", "nq": "application/n-quads"}

#: Turtle beyond this many triples is written by the store's serialiser, unsorted: ours, made to be
#: read, is written in Python and takes about ten times as long.
_READABLE_TRIPLES = 20_000

# What no XML 1.0 document can hold, in UTF-8: https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NOT_IN_XML_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Output(Protocol):
    """What takes bytes, as the store's serialiser wants it."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`."""

    def flush(self) -> None:
        """Nothing is to be done."""


class _Counted:
    """Feeds a counter of rows with what it passes on."""

    def __init__(self, output: Output, count: RowCount) -> None:
        self._output = output
        self._count = count

    def write(self, data: bytes) -> int:
        self._count.feed(data)
        return self._output.write(data)

    def flush(self) -> None:
        """Nothing is to be done."""


class _XmlText:
    """Mends what an XML parser would read otherwise, and refuses what it would not read."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._tail = b""

    def write(self, data: bytes) -> int:
        if _NOT_IN_XML.search(self._tail + data):
            raise _not_xml("A value holds a control character")
        self._tail = data[-2:]
        # A bare carriage return would be read as a line feed.
        self._output.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Nothing is to be done."""


def write_results(
    result: QuerySolutions | QueryBoolean, format_name: str, output: Output
) -> int | None:
    """Write a SELECT or ASK result to `output`.

    Returns:
        The rows of a SELECT result where they are known.

    Raises:
        Problem: 406, where a value cannot be written in XML.
    """
    target = _XmlText(output) if format_name == "xml" else output
    if isinstance(result, QueryBoolean):
        target.write(result.serialize(format=_RESULTS[format_name]) or b"")
        return None
    count = COUNTS[format_name]()
    # The output is asked for a binary file; the serialiser uses these two methods of one.
    counted: Any = _Counted(target, count)
    result.serialize(counted, format=_RESULTS[format_name])
    return count.end()


def write_graph(
    triples: Iterable[Triple], format_name: str, prefixes: Mapping[str, str], output: Output
) -> None:
    """Write a graph to `output`, each triple once, whatever `triples` repeats.

    Raises:
        Problem: 406, where a triple cannot be written in RDF/XML.
    """
    # Only here, because they take 0.1 s to import: the worker does so while it is idle.
    from kzgraph.release.content import Content
    from kzgraph.release.errors import ContentFaults
    from kzgraph.release.rdfxml import rdf_xml
    from kzgraph.release.turtle import TurtleWriter

    def content(triples: list[Triple]) -> Content:
        # The writers of a release want a graph name; the merge that is written does not show it.
        name = graph("answer")
        return Content(Quad(each.subject, each.predicate, each.object, name) for each in triples)

    unique = relabelled(triples)
    if format_name == "rdf":
        _check_xml(unique)
        try:
            output.write(rdf_xml(content(unique), prefixes))
        except ContentFaults as error:
            raise _not_xml(str(error)) from None
        return
    if format_name == "ttl" and len(unique) <= _READABLE_TRIPLES:
        try:
            output.write(TurtleWriter(content(unique), prefixes).merge())
        except ContentFaults:
            pass  # a triple term, which only the store's serialiser writes
        else:
            return
    target: Any = output
    serialize(unique, target, format=_GRAPHS[format_name], prefixes=dict(prefixes))


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


def _check_xml(triples: Iterable[Triple]) -> None:
    for triple in triples:
        if isinstance(triple.object, Literal) and _NOT_IN_XML_TEXT.search(triple.object.value):
            raise _not_xml("A value holds a control character")


def _not_xml(reason: str) -> Problem:
    return Problem(406, f"{reason}, which XML cannot express. Ask for another format.")
