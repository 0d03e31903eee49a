"""Reading one table: from a CSV file (RFC 4180) to rows that are valid by its schema."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from kzgraph.faults import Fault, TableFaults
from kzgraph.tables.cells import CellFault, check_item, check_text, split
from kzgraph.tables.folders import SHARED, TableFile
from kzgraph.tables.schema import Schema, expand
from kzgraph.tables.spans import QUOTATION_MARKS, SPAN_COLUMNS

#: The largest table that is read, in bytes: far above any table of facts taken by hand.
MAX_TABLE_BYTES = 20_000_000


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes:
        schema: the schema of its table.
        folder: the name of the folder: the document's, or `shared`.
        file: the file, for messages.
        line: the line it begins at.
        cells: column name to items; a column without items has an empty list.
    """

    schema: Schema
    folder: str
    file: str
    line: int
    cells: dict[str, list[str]]

    def get(self, column: str) -> str | None:
        """The single item of a column, or None where it is empty."""
        items = self.cells[column]
        return items[0] if items else None

    def require(self, column: str) -> str:
        """The single item of a column that the schema requires."""
        return self.cells[column][0]

    @property
    def iri(self) -> str:
        """The IRI of the row's subject."""
        return expand(self.schema.about_url, {"_document": self.folder, **self._singles()})

    def object_iris(self, column: str) -> list[str]:
        """The IRIs that the items of a column denote, by its valueUrl."""
        template = self.schema.by_name[column].value_url or ""
        values = {"_document": self.folder, **self._singles()}
        return [expand(template, {**values, column: item}) for item in self.cells[column]]

    def fault(self, column: str, message: str, remedy: str) -> Fault:
        """A fault of this row."""
        return Fault(self.file, self.line, column, message, remedy)

    def _singles(self) -> dict[str, str]:
        return {name: items[0] for name, items in self.cells.items() if items}


def read_table(file: TableFile, schema: Schema, faults: list[Fault]) -> Iterator[Row]:
    """Yield the valid rows of a table; the faults of the others are added to `faults`.

    Args:
        file: the CSV file.
        schema: what its rows are checked against.
        faults: where faults of rows are collected.

    Raises:
        TableFaults: the file is not a table of the schema, or in the wrong folder.
    """
    if schema.is_fact and file.folder == SHARED:
        raise TableFaults(
            [file.fault(0, "", "a table of facts in shared", "move it to its document's folder")]
        )
    reader = csv.reader(io.StringIO(table_text(file), newline=""), strict=True)
    try:
        header = next(reader, None)
        if wrong := list(_header_faults(header, file, schema)):
            raise TableFaults(wrong)
        line = reader.line_num + 1
        for record in reader:
            if record:
                try:
                    yield _row(record, header or [], file, line, schema)
                except TableFaults as refused:
                    faults += refused.faults
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(
            file.fault(reader.line_num, "", f"the file is not CSV ({error})", "fix the quotes")
        )


def table_text(file: TableFile) -> str:
    """The text of a table without a byte order mark, line ends as they are.

    Raises:
        TableFaults: it is too long, or not in UTF-8.
    """
    if file.path.stat().st_size > MAX_TABLE_BYTES:
        message = f"the table is over {MAX_TABLE_BYTES:,} bytes"
        raise TableFaults([file.fault(0, "", message, "split it")])
    data = file.path.read_bytes()
    try:
        # Spreadsheets write a byte order mark before UTF-8; it is not a part of the first name.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = file.fault(line, "", "the file is not in UTF-8", "save it as CSV in UTF-8")
        raise TableFaults([fault]) from None


def _header_faults(header: list[str] | None, file: TableFile, schema: Schema) -> Iterator[Fault]:
    known = schema.by_name
    if header is None:
        remedy = "the first line is " + ",".join(known)
        yield file.fault(1, "", "the table is empty", remedy)
        return
    for name in dict.fromkeys(header):
        if name not in known:
            yield file.fault(1, name, f"the column {name!r} is unknown", "use " + ", ".join(known))
        elif header.count(name) > 1:
            yield file.fault(1, name, "the column is there twice", "remove one")
    for name in known:
        if name not in header:
            yield file.fault(1, name, "the column is missing", "add it; its cells may be empty")


def width_fault(file: TableFile, line: int, cells: int, columns: int) -> Fault:
    """The fault of a row that has more or fewer cells than the header."""
    message = f"the row has {cells} cells, the header {columns}"
    remedy = "quote a cell that holds a comma, and give every column a cell"
    return file.fault(line, "", message, remedy)


def _row(record: list[str], header: list[str], file: TableFile, line: int, schema: Schema) -> Row:
    """A row from the cells of its line.

    Raises:
        TableFaults: cells are faulty, or too many or too few.
    """
    if len(record) != len(header):
        raise TableFaults([width_fault(file, line, len(record), len(header))])
    faults: list[Fault] = []
    cells: dict[str, list[str]] = {}
    for name, text in zip(header, record, strict=True):
        column = schema.by_name[name]
        if name in SPAN_COLUMNS and any(mark in text for mark in QUOTATION_MARKS):
            remedy = f"run kzgraph annotate {file.folder} --documents DIR"
            faults.append(file.fault(line, name, "words in quotes are not spans yet", remedy))
            continue
        try:
            check_text(text)
            items = split(column, text)
            for item in items:
                check_item(column, item)
        except CellFault as fault:
            faults.append(file.fault(line, name, str(fault), fault.remedy))
            continue
        if column.required and not items:
            faults.append(file.fault(line, name, "the cell is empty", column.description))
        cells[name] = items
    if faults:
        raise TableFaults(faults)
    return Row(schema, file.folder, file.shown, line, cells)
