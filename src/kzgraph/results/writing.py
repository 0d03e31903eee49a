"""Results of SELECT and ASK as bytes, written to an output as they come."""

from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from pyoxigraph import QueryBoolean, QuerySolutions

from kzgraph.rdf.formats import RESULTS_CSV, RESULTS_XML, Format
from kzgraph.rdf.graph_writer import Output
from kzgraph.results.page import write_rows


def write_results(
    result: QuerySolutions | QueryBoolean,
    chosen: Format,
    output: Output,
    tags: Sequence[str] | None = None,
) -> None:
    """Write a SELECT or ASK result to `output`.

    Args:
        result: of a query.
        chosen: a format that it can be written in.
        output: takes the bytes.
        tags: see `write_rows`.

    Raises:
        Problem: 406, where a value cannot be written in the format.
    """
    if isinstance(result, QuerySolutions) and (tags is not None or not is_stores(result, chosen)):
        names = [variable.value for variable in result.variables]
        file = cast("BinaryIO", output)  # The writers of rows use no more of a file.
        write_rows(names, map(tuple, result), chosen, file, tags=tags)
        return
    # The output is asked for a binary file; the serializer uses two methods of one.
    target: Any = output
    result.serialize(target, format=chosen.results)


def is_stores(result: QuerySolutions, chosen: Format) -> bool:
    """Whether the store's serializer writes `result` as it should be.

    pyoxigraph 0.5.13 writes an unbound value of a single column as an empty line of CSV, which
    readers take for no row, and control characters and bare carriage returns into XML.
    `tests/test_rows.py` turns red when it does neither.
    """
    if chosen is RESULTS_XML or (chosen is RESULTS_CSV and len(result.variables) == 1):
        return False
    return chosen.results is not None
