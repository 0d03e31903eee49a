"""Reading one table: from the records of a file to rows that are valid by its schema."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field

from kzgraph.faults import Fault, TableFaults
from kzgraph.tables.cells import CellFault, parse_cell
from kzgraph.tables.delimited import Record, Records
from kzgraph.tables.drafts import draft_faults
from kzgraph.tables.folders import SHARED, TableFile
from kzgraph.tables.letters import to_latin
from kzgraph.tables.schema import Column, Schema, expand
from kzgraph.tables.spans import are_words

#: How many lines a warning lists.
_SHOWN = 5


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
    def has_subject(self) -> bool:
        """Whether the cells that the IRI of its subject is made of are there."""
        return all(self.cells[name] for name in self.schema.primary_key)

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


@dataclass
class Findings:
    """What reading tables found, rows that are valid by themselves aside.

    Attributes:
        faults: the faults of files and rows.
        warnings: about rows that are skipped.
        refused: the faulty rows that have a subject; a faulty cell of theirs is empty.
        lost: the schemas of tables with things that are not known, as their rows have no subject.
    """

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    lost: list[Schema] = field(default_factory=list)


def read_table(file: TableFile, schema: Schema, findings: Findings) -> Iterator[Row]:
    """Yield the valid rows of a table; what is wrong with the others is added to `findings`.

    Args:
        file: the CSV file.
        schema: what its rows are checked against.
        findings: where faults are collected.

    Raises:
        TableFaults: the file is not a table of the schema, or in the wrong folder.
    """
    if schema.is_fact and file.folder == SHARED:
        raise TableFaults(
            [file.fault(0, "", "a table of facts in shared", "move it to its document's folder")]
        )
    records = Records(file, schema.by_name)
    header = _trim(records.header)
    if wrong := list(header_faults(header, records.header_line, file, schema)):
        raise TableFaults(wrong)
    empty: list[int] = []
    try:
        for record in records:
            if record.is_empty:
                empty.append(record.line)
                continue
            try:
                row, wrong = _row(record, header or [], file, schema, records)
            except TableFaults as refused:
                findings.faults += refused.faults
                findings.lost.append(schema)
                continue
            if not wrong:
                yield row
            elif row.has_subject:
                findings.refused.append(row)
            else:
                findings.lost.append(schema)
            findings.faults += wrong
    except TableFaults as refused:
        findings.faults += refused.faults
        findings.lost.append(schema)
    if empty:
        lines = ", ".join(map(str, empty[:_SHOWN])) + (" ..." if len(empty) > _SHOWN else "")
        message = f"empty rows are skipped (lines {lines})"
        findings.warnings.append(file.fault(empty[0], "", message, "delete them"))


def _trim(header: list[str] | None) -> list[str] | None:
    """The header without the empty cells that a spreadsheet adds at its end."""
    if header is None:
        return None
    while header and not header[-1].strip():
        header = header[:-1]
    return header


def header_faults(
    header: list[str] | None, line: int, file: TableFile, schema: Schema
) -> Iterator[Fault]:
    """What is wrong with the header of a table, which is None where there is none.

    A column that need not be filled in may be left out: its cells count as empty.
    """
    known = schema.by_name
    if header is None:
        remedy = "the first line is " + ",".join(known)
        yield file.fault(1, "", "the table is empty", remedy)
        return
    meant: set[str] = set()
    needed = {name for name, column in known.items() if column.required} - set(header)
    for name in dict.fromkeys(header):
        if name not in known:
            right = to_latin(name).strip().casefold().replace(" ", "_")
            if right in known and right not in header:
                meant.add(right)
                remedy = f"write {right}" + ("" if name.isascii() else ", in Latin letters")
            else:
                near = difflib.get_close_matches(right, sorted(known.keys() - set(header)), 1)
                meant.update(near)
                remedy = f"did you mean {near[0]}?" if near else "use " + ", ".join(known)
            yield file.fault(line, name, f"the column {name!r} is unknown", remedy)
        elif header.count(name) > 1:
            yield file.fault(line, name, "the column is there twice", "remove one")
    if missing := [name for name in known if name in needed - meant]:
        one = len(missing) == 1
        yield file.fault(
            line,
            missing[0],
            "the column is missing" if one else f"columns are missing: {', '.join(missing)}",
            f"add {'it' if one else 'them'}; {'its' if one else 'their'} cells hold, for example, "
            + ", ".join(known[name].example or "a text" for name in missing),
        )


def read_cell(column: Column, text: str) -> list[str]:
    """The items of a cell, valid by its column.

    Raises:
        CellFault: it is faulty, or empty where it must not be.
    """
    items = parse_cell(column, text)
    if column.required and not items:
        raise CellFault("the cell is empty", column.hint)
    return items


def _row(
    record: Record, header: list[str], file: TableFile, schema: Schema, records: Records
) -> tuple[Row, list[Fault]]:
    """A row from the cells of its line, and the faults of those that are left empty.

    Raises:
        TableFaults: there are too many cells, or too few; or the row is a draft.
    """
    line, texts = record
    if len(texts) == len(records.header or ()) and not any(map(str.strip, texts[len(header) :])):
        texts = texts[: len(header)]
    if len(texts) != len(header):
        raise TableFaults([records.width_fault(line, texts, len(header))])
    drafts = {
        fault.column: fault
        for fault in draft_faults(dict(zip(header, texts, strict=True)), file, line)
    }
    faults = list(drafts.values())
    if "key" in drafts:
        raise TableFaults(faults)
    cells: dict[str, list[str]] = {name: [] for name in schema.by_name}
    for name, text in zip(header, texts, strict=True):
        if name in drafts:
            continue
        column = schema.by_name[name]
        if are_words(name, text):
            remedy = f"run kzgraph annotate {file.folder} --documents DIR"
            faults.append(file.fault(line, name, "words in quotes are not spans yet", remedy))
            continue
        try:
            cells[name] = read_cell(column, text)
        except CellFault as fault:
            faults.append(file.fault(line, name, str(fault), fault.remedy))
    return Row(schema, file.folder, file.shown, line, cells), faults
