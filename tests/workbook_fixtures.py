"""Workbooks for tests: sheets with rows of the small tables, and what importing them gives."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kzgraph.editing.imports import import_workbook
from kzgraph.faults import Fault, TableFaults
from kzgraph.tables import project_schemas
from small_tables import DOCUMENT, small, write

POPULATION = f"{DOCUMENT}/population.csv"
BOOK = "note.xlsx"


def content(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.csv")}


def sheet_of(table: str, *rows: dict[str, Any]) -> openpyxl.Workbook:
    """A workbook with one sheet, its columns in another order than those of the table."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = table
    columns = sorted(project_schemas()[table].by_name)
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(name) for name in columns])
    return book


def at(sheet: Worksheet, column: str, row: int = 2) -> Any:
    """The cell of a column by its name."""
    names = [cell.value for cell in sheet[1]]
    return sheet.cell(row, names.index(column) + 1)


def imported(tmp_path: Path, book: openpyxl.Workbook | bytes, tables: Path | None = None) -> Path:
    """The folder of tables after the import of a workbook."""
    root = tables or write(tmp_path / "tables", small())
    path = tmp_path / BOOK
    if isinstance(book, bytes):
        path.write_bytes(book)
    else:
        book.save(path)
    import_workbook(DOCUMENT, path, root)
    return root


def refused(tmp_path: Path, book: openpyxl.Workbook | bytes) -> list[Fault]:
    """The faults of a workbook; the tables are as they were."""
    root = write(tmp_path / "tables", small())
    before = content(root)
    with pytest.raises(TableFaults) as caught:
        imported(tmp_path, book, root)
    assert content(root) == before
    assert not list(root.rglob(".*"))
    return caught.value.faults


CONCEPT = {
    "scheme": "indicator",
    "code": "of-ours",
    "label_en": "Ours",
    "definition": "A code of ours.",
}


def sound(table: str) -> dict[str, Any]:
    """A row of a table that an import takes: a sound one, or a draft."""
    if table == "concepts":
        return CONCEPT
    found = small().get(f"{DOCUMENT}/{table}.csv")
    return dict(found[0]) if found else {"key": "draft: 1"}
