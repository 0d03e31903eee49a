"""What of a workbook cannot be taken is refused, each with its cell, and no table is changed."""

import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from small_tables import small
from workbook_fixtures import BOOK, POPULATION, at, refused, sheet_of, sound

# What is refused: what is in a cell, its number format, and what the message says of it.
REFUSED: dict[str, tuple[str, str, Any, str, tuple[str, ...]]] = {
    "a formula": ("population", "value", "=1+1", "General", ("formula", "paste its value")),
    "an error": ("population", "value", "#REF!", "General", ("error #REF!", "write what belongs")),
    "a share of a hundred": (
        "population", "value", 0.45, "0%",
        ("45% is 0.45", "write 45 (its unit is per cent) or 0.45"),
    ),
    "what was computed": (
        "finance", "value", 1 / 3, "General", ("15 digits", "write 0.333333333333333 if"),
    ),
    "a number of too many digits": (
        "finance", "value", 12345678901234567, "0", ("15 digits", "write it again"),
    ),
    "a number that became a day": (
        "finance", "value", datetime(2026, 3, 10), "d-mmm", ("10-Mar is a day", "10.3 or 10.03"),
    ),
    "a number that became a month": (
        "finance", "value", datetime(2018, 12, 1), "mmm-yy", ("Dec-18 is a day", "12.2018"),
    ),
    "a number that became a time": (
        "finance", "value", time(10, 3), "h:mm", ("10:03:00 is a time",),
    ),
    "a decimal comma": ("finance", "value", "10,03", "@", ("is not a number", "write 10.03")),
    "a span that became a day": (
        "population", "evidence", datetime(2026, 1, 10), "d-mmm",
        ("made one of a span", "write 1-10"),
    ),
    "a span that became a month": (
        "population", "evidence", datetime(2010, 1, 1), "mmm-yy", ("'Jan-10'", "1-10 or 1-2010"),
    ),
    "a span that became a whole date": (
        "population", "context", datetime(2026, 1, 10), "dd.mm.yyyy",
        ("'10.01.2026'", "write 1-10"),
    ),
    "a span that is a number": ("population", "evidence", 914, "General", ("914 is a number",)),
    "a day whose year Excel made up": (
        "population", "time", datetime(2026, 5, 12), "d-mmm",
        ("12-May is 2026-05-12 in the workbook", "write 2026-05-12 if that is meant"),
    ),
    "a day with its hour": (
        "population", "time", datetime(2020, 5, 12, 9, 30), "dd.mm.yyyy h:mm",
        ("has a time of day", "write 2020-05-12"),
    ),
    "Excel's number of a day": ("population", "time", 43956, "General", ("write 2020-05-05",)),
    "a day as text": (
        "population", "time", "10.12.2023", "@", ("another form", "write 2023-12-10"),
    ),
    "a moment": (
        "document", "captured", datetime(2019, 7, 20, 10, 47, 1), "dd.mm.yyyy h:mm",
        ("without its time zone", "write 2019-07-20T10:47:01Z if"),
    ),
    "half a month": (
        "holidays", "time", datetime(2020, 6, 1), "mmm-yy",
        ("2020-06 is 2020-06-01", "2020-06-01 if"),
    ),
    "a key that became a day": (
        "population", "key", datetime(2018, 12, 1), "mmm-yy",
        ("made one of a text", "write the text"),
    ),
    "a postal code that lost its zero": (
        "contact_points", "postal_code", 50000, "General",
        ("zeros before it", "50000 if that is all"),
    ),
    "a telephone that lost its plus": (
        "contact_points", "telephone", 77270000000, "0", ("a plus", "write it again"),
    ),
    "a hedge that became a truth": ("population", "hedge", True, "General", ("TRUE is a truth",)),
    "an hour as a number": ("opening_hours", "opens", 9, "General", ("write 09:00:00",)),
    "a duration": ("opening_hours", "opens", timedelta(hours=25), "[h]:mm", ("is a duration",)),
    "a no-break space": (
        "population", "label", "All\u00a0people", "@", ("the blank U+00A0", "write a plain blank"),
    ),
    "a line break": ("population", "label", "All\npeople", "@", ("U+000A cannot be seen",)),
    "half a character": ("population", "label", "x_xD83D_", "@", ("half a character",)),
    "look-alikes in a key": (
        "population", "key", "r\u0435fugees", "@", ("write refugees in Latin",),
    ),
    "a blank at the end": (
        "population", "unit", "persons ", "@", ("white space at the start or end",),
    ),
    "a cell that must not be empty": (
        "population", "label", None, "@", ("is empty", "What the fact"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "value", "form", "says"), REFUSED.values(), ids=REFUSED.keys()
)
def test_what_may_mean_several_texts_is_refused_with_its_cell(
    tmp_path: Path, table: str, column: str, value: Any, form: str, says: tuple[str, ...]
) -> None:
    book = sheet_of(table, sound(table))
    cell = at(book[table], column)
    cell.value, cell.number_format = value, form
    (fault,) = refused(tmp_path, book)
    assert (fault.file, fault.line, fault.column) == (f"{BOOK}:{table}", 2, column)
    assert fault.cell == cell.coordinate
    assert str(fault).startswith(f"{BOOK}:{table}:{cell.coordinate}:{column}: ")
    for words in says:
        assert words in str(fault)


def spoil_merged(book: openpyxl.Workbook) -> None:
    book["population"].merge_cells("A2:A3")


def spoil_hidden_row(book: openpyxl.Workbook) -> None:
    book["population"].row_dimensions[3].hidden = True


def spoil_hidden_rows(book: openpyxl.Workbook) -> None:
    book["population"].sheet_format.zeroHeight = True


def spoil_hidden_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("notes")
    book["population"].sheet_state = "hidden"


def spoil_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("Finance ")["A1"] = "key"


def spoil_column(book: openpyxl.Workbook) -> None:
    at(book["population"], "label", 1).value = "lable"


def spoil_column_twice(book: openpyxl.Workbook) -> None:
    at(book["population"], "label", 1).value = "hedge"


def spoil_unnamed(book: openpyxl.Workbook) -> None:
    book["population"].cell(3, 40).value = "note"


def spoil_far_cell(book: openpyxl.Workbook) -> None:
    book["population"]["XFD1048576"] = "note"


def spoil_example(book: openpyxl.Workbook) -> None:
    at(book["population"], "key").value = "Example: refugees"


def spoil_all_rows(book: openpyxl.Workbook) -> None:
    book["population"].delete_rows(2, 2)


def spoil_kind(book: openpyxl.Workbook) -> None:
    book["population"].title = "people in need"


def spoil_filled_column(book: openpyxl.Workbook) -> None:
    book["population"].delete_cols(at(book["population"], "hedge").column)


SPOILED: dict[Callable[[openpyxl.Workbook], None], tuple[str, str]] = {
    spoil_merged: ("population: the cells A2:A3 are merged", "unmerge them"),
    spoil_hidden_row: ("population:3: the row is hidden", "clear the filter"),
    spoil_hidden_rows: ("population:2: the row is hidden", "clear the filter"),
    spoil_hidden_sheet: ("population: the sheet is hidden", "show it"),
    spoil_sheet: ("Finance : no table of the folder is called so", "call it finance"),
    spoil_column: ("1:lable: the column 'lable' is unknown", "did you mean label?"),
    spoil_filled_column: ("population: the sheet lacks hedge, and rows", "add each as a column"),
    spoil_column_twice: ("1:hedge: the column is there twice", "remove one"),
    spoil_unnamed: ("population:AN3: the cell is in a column without a name", "move it"),
    spoil_far_cell: ("population: the sheet reaches to XFD1048576", "delete the rows"),
    spoil_example: ("2:key: the row is marked as example", "a key of its own"),
    spoil_all_rows: ("population: the sheet has no rows, and population.csv has 3", "to keep"),
    spoil_kind: ("people in need: no table of the folder is called so", "use document, "),
}


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: str(spoil.__name__))
def test_what_would_lose_something_is_refused(
    tmp_path: Path, spoil: Callable[[openpyxl.Workbook], None]
) -> None:
    people = small()[POPULATION]
    book = sheet_of("population", *people[:2])
    spoil(book)
    shown = "\n".join(map(str, refused(tmp_path, book)))
    for words in SPOILED[spoil]:
        assert words in shown


def test_all_faults_of_a_workbook_come_in_one_run(tmp_path: Path) -> None:
    book = sheet_of("population", *small()[POPULATION])
    spoil_unnamed(book)
    spoil_sheet(book)
    at(book["population"], "value", 2).value = "many"
    at(book["population"], "time", 4).value = 43956
    faults = refused(tmp_path, book)
    places = [(fault.file.partition(":")[2], fault.line, fault.column) for fault in faults]
    assert places == [
        ("Finance ", 0, ""),
        ("population", 2, "value"),
        ("population", 3, ""),
        ("population", 4, "time"),
    ]


def archive(**parts: bytes) -> bytes:
    """A ZIP archive with parts; a low line in a name is a slash."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", ".").replace("_", "/"), data)
    return made.getvalue()


def bomb() -> bytes:
    """An archive that says of a part of 40 MB that it has 10 bytes, with the checksum of those."""
    data = bytearray(archive(xl_workbook__xml=b"\0" * 40_000_000))
    size = (40_000_000).to_bytes(4, "little")
    crc = zlib.crc32(b"\0" * 40_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    return bytes(
        data.replace(size, (10).to_bytes(4, "little")).replace(
            crc, zlib.crc32(b"\0" * 10).to_bytes(4, "little")
        )
    )


FILES = {
    "an old workbook": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "Excel 97 to 2003 (.xls)"),
    "one with a password": (
        bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "a password",
    ),
    "one with macros": (archive(xl_vbaProject__bin=b"x"), "with macros (.xlsm)"),
    "a binary one": (archive(xl_workbook__bin=b"x"), "binary workbook (.xlsb)"),
    "one of LibreOffice": (archive(mimetype=b"x"), "OpenDocument file (.ods)"),
    "no workbook": (b"key;label\n", "it is not a workbook; save it as 'Excel Workbook (.xlsx)'"),
    "another archive": (archive(a__txt=b"x"), "the workbook is damaged"),
    "a bomb": (archive(xl_workbook__xml=b"\0" * 40_000_000), "over 20,000,000 bytes unpacked"),
    "a bomb that lies": (bomb(), "the workbook is damaged"),
    "one of the strict form": (
        archive(xl_workbook__xml=b'<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'),
        "of the form 'Strict Open XML'; save it as 'Excel Workbook (.xlsx)'",
    ),
    "entities": (archive(xl_workbook__xml=b"<!DOCTYPE x><x/>"), "the workbook is damaged"),
    "a sheet that is one merged cell": (
        archive(xl_worksheets_sheet1__xml=b'<x:mergeCell ref="A1:XFD1048576"/>'),
        "an area of 16,384 columns and 1,048,576 rows",
    ),
    "a sheet that is one link": (
        archive(xl_worksheets_x__xml=b"<hyperlink location='x' ref='B2:XFD1048576'/>"),
        "an area of 16,383 columns and 1,048,575 rows",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "says"), FILES.values(), ids=FILES.keys())
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    (fault,) = refused(tmp_path, data)
    assert says in str(fault)
    assert fault.file == BOOK


def test_a_workbook_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    data = BytesIO()
    sheet_of("population").save(data)
    (fault,) = refused(tmp_path, data.getvalue()[:-100])
    assert "not a workbook" in fault.message
