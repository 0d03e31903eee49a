"""The rows of a SELECT result, one by one: a page of them, or a file for other tools.

The store's own serializer is quicker and is used where it can be. It cannot stop at a row, and it
knows no spreadsheets. What each format holds:

| name | terms | waits in memory |
| --- | --- | --- |
| json, xml, tsv | all that SPARQL 1.1 Query Results have: `text` | a row |
| csv | values without their types, as SPARQL 1.1 has it: `text` | a row |
| csv-excel | the same, for Excel: `excel` | a row |
| xlsx | typed cells: `xlsx` | a row; the sheet waits in a temporary file |
| parquet | typed columns: `parquet` | a row group; the rows wait in a temporary file |

ASK has no rows: csv-excel, xlsx and parquet are for SELECT alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from kzgraph.rdf.formats import (
    RESULTS_CSV,
    RESULTS_EXCEL_CSV,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XLSX,
    RESULTS_XML,
    Format,
)
from kzgraph.results.terms import Solution, Writer

#: The header field that says whether rows follow those of a page.
MORE_ROWS = "Kzgraph-More-Rows"

#: A page is kept in memory up to this many bytes, and in a temporary file beyond them.
_IN_MEMORY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RowCount:
    """What was written of a result.

    Attributes:
        rows: how many rows.
        more: whether at least one row follows the last one written.
    """

    rows: int
    more: bool


def write_rows(
    variables: Sequence[str],
    solutions: Iterable[Solution],
    chosen: Format,
    out: BinaryIO,
    *,
    max_rows: int | None = None,
    offset: int = 0,
    tags: Sequence[str] | None = None,
    credit: str = "",
) -> RowCount:
    """Write rows of a SELECT result.

    Args:
        variables: the names of the columns.
        solutions: for each row one term, or None, for each variable; read no further than the
            first row behind the page.
        chosen: one of `RESULT_FORMATS`.
        out: takes the bytes; xlsx is written only when all rows are read.
        max_rows: how many rows at most; None for all.
        offset: how many rows to leave out first.
        tags: the HXL hashtags of the columns, for a row behind their names; only for one of
            `HXL_FORMATS`.
        credit: whose data it is; kept by formats that have room for it, xlsx and parquet.

    Raises:
        Problem: 406 where a value cannot be written in the format, 422 where the result is larger
            than the format allows. Bytes may have been written before: what they belong to must
            then not look complete.
    """
    writer = _writer(chosen, variables, out, tagged=tags is not None, credit=credit)
    rows, more = 0, False
    try:
        if tags is not None:
            writer.tag(tags)
        for solution in islice(solutions, offset, None):
            if rows == max_rows:
                more = True
                break
            writer.row(tuple(solution))
            rows += 1
        writer.finish()
    finally:
        writer.close()
    return RowCount(rows, more)


def spool_rows(
    variables: Sequence[str],
    solutions: Iterable[Solution],
    chosen: Format,
    *,
    max_rows: int | None = None,
    offset: int = 0,
    tags: Sequence[str] | None = None,
    credit: str = "",
) -> tuple[RowCount, BinaryIO]:
    """The same, into a file that stands at its beginning; the caller closes it.

    Whether a page is the last one is known only behind its last row, and must be said in a header
    field before the first: so a page waits, in memory while it is small.
    """
    page = cast("BinaryIO", SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115
    try:
        count = write_rows(
            variables,
            solutions,
            chosen,
            page,
            max_rows=max_rows,
            offset=offset,
            tags=tags,
            credit=credit,
        )
    except BaseException:
        page.close()
        raise
    page.seek(0)
    return count, page


def announcement(count: RowCount, *, max_rows: int, offset: int) -> dict[str, str]:
    """The header fields of a page of a capped result.

    `Kzgraph-Row-Limit`: the rows of a full page. `Kzgraph-Row-Offset`: the rows before this page.
    `Kzgraph-Rows`: the rows in this page. `Kzgraph-More-Rows`: `true` or `false`.

    Args:
        count: of the page.
        max_rows: the cap.
        offset: the rows left out before the page.
    """
    return {
        "Kzgraph-Row-Limit": str(max_rows),
        "Kzgraph-Row-Offset": str(offset),
        "Kzgraph-Rows": str(count.rows),
        MORE_ROWS: "true" if count.more else "false",
    }


def _writer(
    chosen: Format,
    variables: Sequence[str],
    out: BinaryIO,
    *,
    tagged: bool = False,
    credit: str = "",
) -> Writer:
    # Each is imported where it is asked for: an idle worker does not carry them all.
    if chosen.results is not None:
        from kzgraph.results import text

        writers: dict[Format, Callable[[Sequence[str], BinaryIO], Writer]] = {
            RESULTS_JSON: text.JsonWriter,
            RESULTS_XML: text.XmlWriter,
            RESULTS_CSV: text.CsvWriter,
            RESULTS_TSV: text.TaggedTsvWriter if tagged else text.TsvWriter,
        }
        return writers[chosen](variables, out)
    if chosen is RESULTS_EXCEL_CSV:
        from kzgraph.results.excel import ExcelCsvWriter

        return ExcelCsvWriter(variables, out)
    if chosen is RESULTS_XLSX:
        from kzgraph.results.xlsx import XlsxWriter

        return XlsxWriter(variables, out, credit)
    from kzgraph.results.parquet import ParquetWriter

    return ParquetWriter(variables, out, credit)
