"""Reading one table: from a CSV file (RFC 4180) to rows that are valid by its schema."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kzgraph.faults import Fault
from kzgraph.tables.cells import CellFault, check_item, check_text, split
from kzgraph.tables.schema import Schema, expand

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


def read_table(
    path: Path, shown: str, folder: str, schema: Schema, faults: list[Fault]
) -> Iterator[Row]:
    """Yield the valid rows of a table; the faults of the others are added to `faults`.

    Args:
        path: the CSV file.
        shown: how messages name it.
        folder: the name of the folder it lies in.
        schema: what its rows are checked against.
        faults: where faults are collected.
    """
    text = _text(path, shown, faults)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, None)
        if header is None or not _check_header(header, shown, schema, faults):
            if header is None:
                faults.append(Fault(shown, 1, "", "the table is empty", _header_remedy(schema)))
            return
        line = reader.line_num + 1
        for record in reader:
            if record:
                row = _row(record, header, shown, folder, line, schema, faults)
                if row:
                    yield row
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(
            Fault(shown, reader.line_num, "", f"the file is not CSV ({error})", "fix the quotes")
        )


def _text(path: Path, shown: str, faults: list[Fault]) -> str | None:
    if path.stat().st_size > MAX_TABLE_BYTES:
        faults.append(
            Fault(shown, 0, "", f"the table is over {MAX_TABLE_BYTES:,} bytes", "split it")
        )
        return None
    data = path.read_bytes()
    try:
        # Spreadsheets write a byte order mark before UTF-8; it is not a part of the first name.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(Fault(shown, line, "", "the file is not in UTF-8", "save it as CSV in UTF-8"))
        return None


def _header_remedy(schema: Schema) -> str:
    return "the first line is " + ",".join(schema.by_name)


def _check_header(header: list[str], shown: str, schema: Schema, faults: list[Fault]) -> bool:
    known = schema.by_name
    before = len(faults)
    for name in dict.fromkeys(header):
        if name not in known:
            faults.append(
                Fault(shown, 1, name, f"the column {name!r} is unknown", "use " + ", ".join(known))
            )
        elif header.count(name) > 1:
            faults.append(Fault(shown, 1, name, "the column is there twice", "remove one"))
    for name in known:
        if name not in header:
            faults.append(
                Fault(shown, 1, name, "the column is missing", "add it; its cells may be empty")
            )
    return len(faults) == before


def _row(
    record: list[str],
    header: list[str],
    shown: str,
    folder: str,
    line: int,
    schema: Schema,
    faults: list[Fault],
) -> Row | None:
    if len(record) != len(header):
        faults.append(
            Fault(
                shown,
                line,
                "",
                f"the row has {len(record)} cells, the header {len(header)}",
                "quote a cell that holds a comma, and give every column a cell",
            )
        )
        return None
    before = len(faults)
    cells: dict[str, list[str]] = {}
    for name, text in zip(header, record, strict=True):
        column = schema.by_name[name]
        try:
            check_text(text)
            items = split(column, text)
            for item in items:
                check_item(column, item)
        except CellFault as fault:
            faults.append(Fault(shown, line, name, str(fault), fault.remedy))
            continue
        if column.required and not items:
            faults.append(Fault(shown, line, name, "the cell is empty", column.description))
        cells[name] = items
    return Row(schema, folder, shown, line, cells) if len(faults) == before else None
