"""From a workbook back to the tables of a document: all of them, or none."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kzgraph.editing.replacing import make_folder, replace_files
from kzgraph.editing.sheet_cells import read_text
from kzgraph.editing.workbook_file import MOST_CELLS, open_workbook
from kzgraph.editing.workbook_layout import LISTS, example_row, is_example, tables_of
from kzgraph.faults import Fault, TableFaults
from kzgraph.resources import folder as resource
from kzgraph.tables import project_schemas
from kzgraph.tables.cells import CellFault
from kzgraph.tables.delimited import MAX_TABLE_BYTES, Records, render_table
from kzgraph.tables.drafts import is_draft
from kzgraph.tables.folders import TableFile, check_folder_name, table_files
from kzgraph.tables.letters import to_latin
from kzgraph.tables.reader import header_faults, read_cell
from kzgraph.tables.schema import Schema
from kzgraph.tables.spans import are_words

Cells = dict[str, str]


@dataclass(frozen=True)
class ImportedTable:
    """A table that a workbook gave.

    Attributes:
        name: the name of the table.
        rows: how many rows it has.
        added: how many of them have a key that the table had not.
        changed: how many have another content than the row of the same key had.
        removed: how many keys are gone, those of drafts aside.
        drafts: how many rows have a draft cell.
        words: how many rows have words in quotes that are not spans yet.
    """

    name: str
    rows: int
    added: int
    changed: int
    removed: int
    drafts: int
    words: int


def import_workbook(slug: str, workbook: Path, root: Path | None = None) -> list[ImportedTable]:
    """Write the tables of a document from a workbook, or nothing if one cell is refused.

    A table without a sheet stays as it is. The rows of a sheet take the place of those that its
    table has; the columns keep the order of the table, in the workbook they may have any.

    Args:
        slug: the name of the folder, which is made if it is not there.
        workbook: the file.
        root: the folder of tables, by default the project's own.

    Raises:
        TableFaults: the workbook, or anything in it, is refused: all of it in one.
    """
    root = root or resource("mappings") / "tables"
    known = project_schemas()
    if unusable := list(check_folder_name(slug, known)):
        raise TableFaults(unusable)
    files = {each.path.stem: each for each in table_files(root, known, []) if each.folder == slug}
    schemas = tables_of(slug, known)
    found, faults = _read_sheets(workbook, slug, schemas)
    made: list[ImportedTable] = []
    tables: dict[str, bytes] = {}
    for name, rows in found.items():
        sheet, schema = f"{workbook.name}:{name}", schemas[name]
        try:
            header, before = _read_before(files[name], schema) if name in files else ([], [])
        except TableFaults:
            header, before = [], []  # What is no table has no rows to lose.
        faults += _find_losses(sheet, f"{slug}/{name}.csv", schema, before, rows)
        if rows or name in files:
            columns = list(schema.by_name)
            order = header if sorted(header) == sorted(columns) else columns
            tables[f"{name}.csv"] = table = render_table(order, rows)
            made.append(_compare(schema, before, rows))
            if len(table) > MAX_TABLE_BYTES:
                faults.append(_too_large(sheet))
    if faults:
        raise TableFaults(faults)
    if (root / slug).is_dir():
        replace_files({root / slug / name: table for name, table in tables.items()})
    else:
        make_folder(root / slug, tables)
    return made


def _read_sheets(
    workbook: Path, slug: str, schemas: dict[str, Schema]
) -> tuple[dict[str, list[Cells]], list[Fault]]:
    """The rows of each sheet of a table that has any content, and what is wrong."""
    found: dict[str, list[Cells]] = {}
    faults: list[Fault] = []
    for sheet in open_workbook(workbook).worksheets:
        shown = f"{workbook.name}:{sheet.title}"
        try:
            if sheet.title in schemas:
                file = TableFile(workbook, shown, slug)
                rows = _Sheet(sheet, schemas[sheet.title], file).read()
                if rows is not None:
                    found[sheet.title] = rows
            elif sheet.title != LISTS and _has_content(sheet):
                faults.append(_unknown_sheet(shown, sheet.title, schemas))
        except TableFaults as refused:
            faults += refused.faults
    if not found and not faults:
        remedy = f"start from the workbook that kzgraph template {slug} writes"
        faults.append(Fault.of_file(workbook.name, "the workbook has no sheet of a table", remedy))
    return found, faults


def _find_losses(
    sheet: str, table: str, schema: Schema, before: list[Cells], rows: list[Cells]
) -> Iterator[Fault]:
    """The fault of a sheet that would empty its table, or a column of it, unasked."""
    name = table.rpartition("/")[2]
    if before and not rows:
        message = f"the sheet has no rows, and {name} has {len(before)}"
        remedy = f"delete the sheet to keep the table, or {table} if its rows may go"
        yield Fault.of_file(sheet, message, remedy)
    filled = {column for row in before for column in row} & schema.by_name.keys()
    if rows and (lost := sorted(filled - rows[0].keys())):
        message = f"the sheet lacks {', '.join(lost)}, and rows of {name} fill that in"
        remedy = "add each as a column, with empty cells if what is in it may go"
        yield Fault.of_file(sheet, message, remedy)


class _Sheet:
    """One sheet, read as a table."""

    def __init__(self, sheet: Worksheet, schema: Schema, file: TableFile) -> None:
        self._sheet = sheet
        self._schema = schema
        self._file = file
        self._faults: list[Fault] = []

    def read(self) -> list[Cells] | None:
        """The rows of the sheet; None if nothing is on it.

        Raises:
            TableFaults: something on it is refused.
        """
        if self._sheet.max_row * self._sheet.max_column > MOST_CELLS:
            last = f"{get_column_letter(self._sheet.max_column)}{self._sheet.max_row}"
            raise TableFaults(
                [
                    Fault.of_file(
                        self._file.shown,
                        f"the sheet reaches to {last}",
                        "delete the rows and columns behind the table, and save the workbook",
                    )
                ]
            )
        lines = [line for line in self._sheet.iter_rows() if any(map(_holds, line))]
        if not lines:
            return None
        for merged in self._sheet.merged_cells.ranges:
            fault = Fault.of_file(
                self._file.shown, f"the cells {merged} are merged", "unmerge them, one row per fact"
            )
            self._faults.append(fault)
        if self._sheet.sheet_state != "visible":
            self._faults.append(
                Fault.of_file(self._file.shown, "the sheet is hidden", "show it, or delete it")
            )
        names = self._read_header(lines[0])
        rows = [row for line in lines[1:] if (row := self._read_row(line, names)) is not None]
        if self._faults:
            raise TableFaults(self._faults)
        return rows

    def _read_header(self, line: tuple[Cell, ...]) -> list[str]:
        """The names of the columns, empty where there is none."""
        names = ["" if cell.value is None else str(cell.value).strip() for cell in line]
        at = line[0].row
        letters = {name: get_column_letter(at) for at, name in enumerate(names, line[0].column)}
        wrong = list(header_faults([name for name in names if name], at, self._file, self._schema))
        for fault in wrong:
            letter = letters.get(fault.column)
            self._faults.append(replace(fault, cell=f"{letter}{at}") if letter else fault)
        if wrong:
            raise TableFaults(self._faults)
        return names

    def _read_row(self, line: tuple[Cell, ...], names: list[str]) -> Cells | None:
        """The cells of a row by column; None for the example."""
        at = line[0].row
        if self._is_hidden(at):
            self._add(at, "", "the row is hidden", "show all rows (clear the filter), or delete it")
        cells: Cells = {}
        for cell, name in zip(line, names, strict=True):
            if not name:
                if _holds(cell):
                    message = "the cell is in a column without a name"
                    self._add(at, "", message, "delete it, or move it", cell.coordinate)
                continue
            try:
                cells[name] = read_text(cell, self._schema.by_name[name])
            except CellFault as fault:
                self._add(at, name, str(fault), fault.remedy, cell.coordinate)
        if is_example(self._schema, cells):
            if {name: text for name, text in cells.items() if text} != example_row(self._schema):
                remedy = "write a key of its own without the mark, or delete the row"
                self._add(at, self._schema.primary_key[0], "the row is marked as example", remedy)
            return None
        if not is_draft(cells.get("key", "")):
            places = {name: cell.coordinate for cell, name in zip(line, names, strict=True)}
            self._check(at, cells, places)
        return cells

    def _check(self, at: int, cells: Cells, places: dict[str, str]) -> None:
        """Check a row as a build does, but for what is not settled yet."""
        for name, text in cells.items():
            if is_draft(text) or are_words(name, text):
                continue
            try:
                read_cell(self._schema.by_name[name], text)
            except CellFault as fault:
                self._add(at, name, str(fault), fault.remedy, places[name])

    def _is_hidden(self, at: int) -> bool:
        known = self._sheet.row_dimensions
        if at in known:
            return bool(known[at].hidden)
        return bool(self._sheet.sheet_format.zeroHeight)

    def _add(self, at: int, name: str, message: str, remedy: str, cell: str = "") -> None:
        self._faults.append(replace(self._file.fault(at, name, message, remedy), cell=cell))


def _holds(cell: Cell) -> bool:
    """Whether a cell holds more than blanks."""
    return cell.value is not None and bool(str(cell.value).strip())


def _has_content(sheet: Worksheet) -> bool:
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        return True
    return any(_holds(cell) for line in sheet.iter_rows() for cell in line)


def _unknown_sheet(shown: str, title: str, schemas: dict[str, Schema]) -> Fault:
    near = to_latin(title).strip().casefold().replace(" ", "_")
    remedy = f"call it {near}" if near in schemas else "delete it, or use " + ", ".join(schemas)
    return Fault.of_file(shown, "no table of the folder is called so", remedy)


def _too_large(shown: str) -> Fault:
    return Fault.of_file(shown, f"the table is over {MAX_TABLE_BYTES:,} bytes", "split it")


def _read_before(file: TableFile, schema: Schema) -> tuple[list[str], list[Cells]]:
    """The header of the table that is there, and the cells of its rows that hold anything.

    Raises:
        TableFaults: it is not CSV.
    """
    records = Records(file, schema.by_name)
    header = records.header or []
    rows = [
        _filled(dict(zip(header, record.cells, strict=False)))
        for record in records
        if not record.is_empty
    ]
    return [name for name in header if name.strip()], rows


def _filled(row: Cells) -> Cells:
    """The cells that hold anything: a table may leave out columns."""
    return {name: text for name, text in row.items() if text.strip()}


def _compare(schema: Schema, before: list[Cells], rows: list[Cells]) -> ImportedTable:
    old = {_key(schema, row): row for row in before}
    new = {_key(schema, row): _filled(row) for row in rows}
    return ImportedTable(
        schema.name,
        len(rows),
        len(new.keys() - old.keys()),
        sum(old[key] != new[key] for key in new.keys() & old.keys()),
        sum(not any(map(is_draft, key)) for key in old.keys() - new.keys()),
        sum(any(map(is_draft, row.values())) for row in rows),
        sum(any(are_words(*cell) for cell in row.items()) for row in rows),
    )


def _key(schema: Schema, row: Cells) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in schema.primary_key)
