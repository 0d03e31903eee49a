"""Turning the words that an editor quotes as evidence into spans, in the tables themselves."""

from dataclasses import dataclass
from pathlib import Path

from kzgraph.editing.quotes import Quote, QuoteFault, find_quote, parse_items
from kzgraph.editing.replacing import replace_files
from kzgraph.faults import Fault, TableFaults
from kzgraph.resources import folder as resource
from kzgraph.tables import Row, Span, project_schemas
from kzgraph.tables.csv_cells import RawCell
from kzgraph.tables.folders import TableFile, table_files
from kzgraph.tables.raw_table import RawTable
from kzgraph.tables.reader import Findings, read_table
from kzgraph.tables.schema import Column, Schema
from kzgraph.tables.spans import QUOTATION_MARKS, SPAN_COLUMNS
from kzgraph.verification.sources import read_source

_DESCRIPTION = "document"


@dataclass(frozen=True)
class Annotation:
    """A quote that became a span, with the table, line and column that it stands in."""

    file: str
    line: int
    column: str
    quote: Quote
    span: Span


def annotate(slug: str, documents: Path, root: Path | None = None) -> list[Annotation]:
    """Write spans for all quotes in the tables of a document, or nothing if one is refused.

    Each table is replaced as a whole; all of it but the cells with quotes stays, to the byte.

    Args:
        slug: the document, which is the name of its folder.
        documents: the folder with the source files.
        root: the folder of tables, by default the project's own.

    Raises:
        TableFaults: there is no such document, its text is another one, or quotes are ambiguous,
            not found or not well-formed: all of them in one.
    """
    root = root or resource("mappings") / "tables"
    known = project_schemas()
    faults: list[Fault] = []
    files = [file for file in table_files(root, known, faults) if file.folder == slug]
    faults = [fault for fault in faults if fault.file.partition("/")[0] == slug]
    document = _describe(slug, files, known)
    text = read_source(document, documents)
    languages = tuple(document.cells["language"])
    made: list[Annotation] = []
    changed: dict[Path, bytes] = {}
    for file in files:
        schema = known[file.path.stem]
        if schema.by_name.keys() & SPAN_COLUMNS.keys() and not schema.made_by:
            try:
                done, data = _annotate_table(file, schema, text, languages)
            except TableFaults as refused:
                faults += refused.faults
                continue
            made += done
            if done:
                changed[file.path] = data
    if faults:
        raise TableFaults(faults)
    replace_files(changed)
    return made


def _describe(slug: str, files: list[TableFile], known: dict[str, Schema]) -> Row:
    """The row that describes the document."""
    for file in files:
        if file.path.stem == _DESCRIPTION:
            findings = Findings()
            rows = list(read_table(file, known[_DESCRIPTION], findings))
            if findings.faults:
                raise TableFaults(findings.faults)
            if len(rows) == 1:
                return rows[0]
    message = "the document is not described"
    raise TableFaults(
        [Fault.of_file(f"{slug}/{_DESCRIPTION}.csv", message, "give the table one row")]
    )


def _annotate_table(
    file: TableFile, schema: Schema, text: str, languages: tuple[str, ...]
) -> tuple[list[Annotation], bytes]:
    """The annotations of a table, and its bytes with them.

    Raises:
        TableFaults: it is not CSV, or quotes in it are refused.
    """
    table = RawTable(file, schema.by_name)
    made: list[Annotation] = []
    faults: list[Fault] = []
    changes: list[tuple[int, int, str]] = []
    for record in table.records:
        if not any(_has_quotes(cell) for cell in record.cells):
            continue
        if len(record.cells) != len(table.header.cells):
            texts = [cell.text for cell in record.cells]
            faults.append(table.parsed.width_fault(record.line, texts, len(table.header.cells)))
            continue
        for named, cell in zip(table.header.cells, record.cells, strict=True):
            column = schema.by_name.get(named.text)
            if not column or column.name not in SPAN_COLUMNS or not _has_quotes(cell):
                continue
            try:
                spans, found = _annotate_cell(column, cell.text, text, languages)
            except QuoteFault as fault:
                faults.append(file.fault(record.line, column.name, str(fault), fault.remedy))
                continue
            made += [Annotation(file.shown, record.line, column.name, *each) for each in found]
            # A table whose columns are all in quotes stays so; else the spans need none.
            written = f'"{spans}"' if named.is_enclosed else spans
            changes.append((cell.start, cell.end, written))
    if faults:
        raise TableFaults(faults)
    return made, table.replace(changes)


def _has_quotes(cell: RawCell) -> bool:
    return any(mark in cell.text for mark in QUOTATION_MARKS)


def _annotate_cell(
    column: Column, cell: str, text: str, languages: tuple[str, ...]
) -> tuple[str, list[tuple[Quote, Span]]]:
    """A cell with spans for its quotes, and the span of each.

    Raises:
        QuoteFault: a quote is refused, or its span does not fit the column.
    """
    longest = SPAN_COLUMNS[column.name]
    spans: list[str] = []
    found: list[tuple[Quote, Span]] = []
    for item in parse_items(cell):
        if isinstance(item, str):
            spans.append(item)
            continue
        span = find_quote(text, item, languages)
        if longest and span.end - span.start > longest:
            raise QuoteFault(
                f"the quote is {span.end - span.start} long",
                f"take the smallest text that supports the fact, at most {longest}",
            )
        if str(span) in spans:
            raise QuoteFault(f"{item} is the span {span}, which the cell has", "name it once")
        spans.append(str(span))
        found.append((item, span))
    if len(spans) > 1 and not column.separator:
        raise QuoteFault("the cell holds one span only", "give each span a row")
    return (column.separator or "").join(spans), found
