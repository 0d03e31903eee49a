"""A workbook to fill in: a sheet for each kind of table, with the rows that the tables have."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kzgraph.editing.choices import Choices, read_things
from kzgraph.editing.workbook_layout import (
    LISTS,
    LONGEST,
    TEXT,
    escape,
    example_row,
    fits,
    tables_of,
)
from kzgraph.faults import TableFaults
from kzgraph.resources import folder as resource
from kzgraph.tables import project_schemas
from kzgraph.tables.cells import shorten
from kzgraph.tables.delimited import Record, Records
from kzgraph.tables.folders import TableFile, check_folder_name, table_files
from kzgraph.tables.reader import header_faults
from kzgraph.tables.schema import Column, Schema

#: The rows that get drop-downs.
_ROWS = 5000
#: The least and greatest width of a column, in characters.
_WIDTHS = (12, 48)
#: The characters that Excel shows of a note about a list.
_NOTE = 250
_BOLD = Font(bold=True)
_FAINT = Font(italic=True, color="808080")
_REQUIRED = PatternFill("solid", fgColor="FCE4B0")
_OPTIONAL = PatternFill("solid", fgColor="E7E7E7")
#: The colours of the sheets: the document, its facts, what they refer to.
_TABS = ("C00000", "2F75B5", "548235")


def write_template(slug: str, out: Path, root: Path | None = None) -> dict[str, int]:
    """Write the workbook of a document, with the rows of its tables if it has a folder.

    Args:
        slug: the name of the folder, which need not be there.
        out: the workbook, which must not be there.
        root: the folder of tables, by default the project's own.

    Returns:
        The number of rows by table.

    Raises:
        TableFaults: the slug is not one, or a table of the folder is not a table.
        FileExistsError: there is a file of the name.
    """
    root = root or resource("mappings") / "tables"
    known = project_schemas()
    if faults := list(check_folder_name(slug, known)):
        raise TableFaults(faults)
    schemas = tables_of(slug, known)
    files = {each.path.stem: each for each in table_files(root, known, []) if each.folder == slug}
    book = Workbook()
    book.remove(book.worksheets[0])
    choices = Choices(read_things(root, known))
    counts: dict[str, int] = {}
    for schema in schemas.values():
        file = files.get(schema.name)
        header, rows = list(schema.by_name), list[Record]()
        if file:
            try:
                header, rows = _read(file, schema)
            except TableFaults as refused:
                faults += refused.faults
                continue
        counts[schema.name] = len(rows)
        _fill(book.create_sheet(schema.name), schema, header, rows, choices)
    if faults:
        raise TableFaults(faults)
    _fill_lists(book.create_sheet(LISTS), choices)
    _save(book, out)
    return counts


def _read(file: TableFile, schema: Schema) -> tuple[list[str], list[Record]]:
    """The header of a table with the columns that it leaves out behind, and its rows.

    Raises:
        TableFaults: it is not a table of the schema, or has characters that no workbook holds.
    """
    records = Records(file, schema.by_name)
    header = records.header
    while header and not header[-1].strip():
        header = header[:-1]
    faults = list(header_faults(header, records.header_line, file, schema))
    if header is None or faults:
        raise TableFaults(faults)
    rows = [record for record in records if not record.is_empty]
    for line, cells in rows:
        if len(cells) != len(records.header or ()):
            faults.append(records.width_fault(line, cells, len(records.header or ())))
        for name, text in zip(header, cells, strict=False):
            if not fits(text):
                message = f"{shorten(text)} cannot be in a workbook"
                remedy = f"remove control characters, and shorten it to {LONGEST:,}"
                faults.append(file.fault(line, name, message, remedy))
    if faults:
        raise TableFaults(faults)
    left_out = [name for name in schema.by_name if name not in header]
    blanks = [""] * len(left_out)
    return header + left_out, [Record(line, cells[: len(header)] + blanks) for line, cells in rows]


def _fill(
    sheet: Worksheet, schema: Schema, header: list[str], rows: list[Record], choices: Choices
) -> None:
    """The header, the example and the rows of a table."""
    sheet.sheet_properties.tabColor = _TABS[0 if schema.name == "document" else 2 - schema.is_fact]
    sheet.freeze_panes = "B3"
    example = example_row(schema)
    for at, name in enumerate(header, 1):
        column = schema.by_name[name]
        top = sheet.cell(1, at, name)
        top.font, top.number_format = _BOLD, TEXT
        top.fill = _REQUIRED if column.required else _OPTIONAL
        top.comment = Comment("\n".join(_describe(column)), "kzgraph", height=160, width=320)
        shown = _write(sheet, 2, at, example.get(name, ""))
        shown.font = _FAINT
        letter = get_column_letter(at)
        longest = max((len(row.cells[at - 1]) for row in rows), default=0)
        least, greatest = _WIDTHS
        width = max(least, len(name) + 2, len(example.get(name, "")) + 2, longest + 2)
        sheet.column_dimensions[letter].width = min(greatest, width)
        # Of the cells that are not there yet, so that Excel turns no span into a day.
        sheet.column_dimensions[letter].number_format = TEXT
        if check := _make_list(column, choices):
            sheet.add_data_validation(check)
            check.add(f"{letter}3:{letter}{_ROWS}")
    for down, row in enumerate(rows, 3):
        for at, text in enumerate(row.cells, 1):
            _write(sheet, down, at, text)


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """A cell with a text; what looks like a formula or a number is none."""
    cell = sheet.cell(row, column)
    cell.number_format = TEXT
    if text:
        cell.value = escape(text)
        cell.data_type = "s"
    return cell


def _describe(column: Column) -> Iterator[str]:
    """What the note on the name of a column says."""
    yield column.description
    if column.required:
        yield "It must not be empty."
    if column.separator:
        by = {" ": "blanks"}.get(column.separator, column.separator)
        yield f"Several are separated by {by}."
    if column.is_span:
        yield 'Or type the words of the document in quotes: "2018 7,588"'
    if column.example:
        yield f"Example: {column.example}"


def _make_list(column: Column, choices: Choices) -> DataValidation | None:
    """The drop-down of a column, or None."""
    name = choices.name_of(column)
    if name is None:
        return None
    at, size = list(choices.lists).index(name), len(choices.lists[name])
    letter = get_column_letter(2 * at + 1)
    check = DataValidation("list", formula1=f"{LISTS}!${letter}$2:${letter}${size + 1}")
    check.allow_blank = True
    # A list of several items and a new code are right without being on the list.
    check.showErrorMessage = not column.separator
    check.errorStyle = "warning"
    check.errorTitle, check.error = "Not on the list", _warn(column)
    check.showInputMessage = True
    check.promptTitle, check.prompt = column.name[:32], column.description[:_NOTE]
    return check


def _warn(column: Column) -> str:
    if column.scheme:
        return f"A new code of {column.scheme} gets a row on the sheet concepts."
    return "A new thing gets a row on the sheet of its kind."


def _fill_lists(sheet: Worksheet, choices: Choices) -> None:
    """The lists side by side, each item with what it is called."""
    sheet.freeze_panes = "A2"
    for at, (name, items) in enumerate(choices.lists.items()):
        for row, (item, label) in enumerate([(name, "label"), *items], 1):
            for column, text in ((2 * at + 1, item), (2 * at + 2, label)):
                cell = _write(sheet, row, column, text)
                cell.font = _BOLD if row == 1 else Font()
                cell.alignment = Alignment(vertical="top")
        sheet.column_dimensions[get_column_letter(2 * at + 1)].width = 28
        sheet.column_dimensions[get_column_letter(2 * at + 2)].width = 36


def _save(book: Workbook, out: Path) -> None:
    """Write a workbook, whole or not at all, and never in the place of another one.

    Raises:
        FileExistsError: there is a file of the name.
    """
    data = BytesIO()
    book.save(data)
    with out.open("xb") as file:
        try:
            file.write(data.getvalue())
        except BaseException:
            out.unlink(missing_ok=True)
            raise
