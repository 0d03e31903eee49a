"""Results and graphs as bytes, written to an output as they come."""

import re
from typing import Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
)

from kzgraph.rdf.graph_writer import Output, not_xml
from kzgraph.results.counts import COUNTS, RowCount

_RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
#: Name and content type of each format of a SELECT or ASK result.
RESULT_FORMATS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
# What no XML 1.0 document can hold, in UTF-8: https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


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
            raise not_xml("A value holds a control character")
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
