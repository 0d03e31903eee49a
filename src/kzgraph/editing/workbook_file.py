"""Opening a workbook that somebody sends: what it is, and how much there is in it.

A workbook is a ZIP archive of XML (ECMA-376,
https://ecma-international.org/publications-and-standards/standards/ecma-376/). Its parts are
unpacked piece by piece up to a limit, and read from memory afterwards: what an archive says about
the size of its parts need not be true.
"""

import re
import warnings
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook.workbook import Workbook

from kzgraph.faults import Fault, TableFaults
from kzgraph.tables.delimited import MAX_TABLE_BYTES

#: The parts of an archive at most; a workbook has a few for each sheet.
_MOST_PARTS = 2000
_PIECE = 65_536
#: The cells of a sheet at most, empty ones among them.
MOST_CELLS = 500_000
_DRAWING = re.compile("xl/drawings/[^/]+[.]xml$")
_NO_DRAWING = b'<wsDr xmlns="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"/>'
#: What concerns an area of a sheet as a whole.
_AREAS = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*>")
_REF = re.compile(rb"""\bref\s*=\s*["']([^"']*)["']""")
#: How the files of Excel 97 begin, and those that are encrypted.
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE = "save it as 'Excel Workbook (.xlsx)'"
#: What the names begin with of the form that the library does not read.
_STRICT = b"http://purl.oclc.org/ooxml/"
#: Parts that only other kinds of workbook have, with what those are.
_OTHERS = {
    "xl/vbaProject.bin": "a workbook with macros (.xlsm)",
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "mimetype": "an OpenDocument file (.ods)",
    "Index/Document.iwa": "a workbook of Numbers",
}


def open_workbook(path: Path) -> Workbook:
    """The workbook in a file, with its formulas and not with their values.

    Raises:
        TableFaults: it is none that can be read, or there is too much in it.
    """
    parts = _unpack(path)
    try:
        with warnings.catch_warnings():
            # About what is of no use here, such as the layout of a print.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(parts, keep_links=False)
    except Exception:
        # What the library raises for a damaged part is up to that part.
        raise _refuse(path, "the workbook is damaged", f"open it in Excel, and {_SAVE}") from None


def _unpack(path: Path) -> BytesIO:
    """The archive anew, its parts unpacked.

    Raises:
        TableFaults: see `open_workbook`.
    """
    if not path.is_file():
        raise _refuse(path, "it is not a regular file", "name a workbook")
    if path.stat().st_size > MAX_TABLE_BYTES:
        raise _too_large(path)
    data = path.read_bytes()
    if data.startswith(_COMPOUND):
        if _ENCRYPTED in data:
            raise _refuse(path, "the workbook has a password", "save it without one")
        raise _refuse(path, "it is a workbook of Excel 97 to 2003 (.xls)", _SAVE)
    if not zipfile.is_zipfile(BytesIO(data)):
        remedy = f"{_SAVE}; a CSV table goes into its folder as it is"
        raise _refuse(path, "it is not a workbook", remedy)
    try:
        return _copy(path, data)
    except TableFaults:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise _refuse(path, "the workbook is damaged", f"open it in Excel, and {_SAVE}") from None


def _copy(path: Path, data: bytes) -> BytesIO:
    made, size = BytesIO(), 0
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(made, "w") as copy:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        for name, what in _OTHERS.items():
            if name in names:
                raise _refuse(path, f"it is {what}", _SAVE)
        if len(parts) > _MOST_PARTS or len(names) < len(parts):
            raise zipfile.BadZipFile
        for part in parts:
            if part.flag_bits & 1:
                raise _refuse(path, "the workbook has a password", "save it without one")
            if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise NotImplementedError
            pieces = []
            with archive.open(part) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    if size > MAX_TABLE_BYTES:
                        raise _too_large(path)
                    pieces.append(piece)
            content = _clean(path, part.filename, b"".join(pieces))
            copy.writestr(zipfile.ZipInfo(part.filename), content)
    made.seek(0)
    return made


def _clean(path: Path, name: str, content: bytes) -> bytes:
    """A part of which reading takes no more than there is in it; without pictures and charts.

    The library makes a cell for each one of an area that is merged or linked, the parser puts
    entities in the place of their names, and pictures need another library.

    Raises:
        ValueError: it is not XML as programs for spreadsheets write it.
        TableFaults: an area is larger than a sheet that is read.
    """
    if not name.endswith((".xml", ".rels")):
        return b""
    if _DRAWING.match(name):
        return _NO_DRAWING
    if name == "xl/workbook.xml" and _STRICT in content:
        raise _refuse(path, "it is a workbook of the form 'Strict Open XML'", _SAVE)
    if b"\0" in content or b"<!DOCTYPE" in content:
        raise ValueError
    for element in _AREAS.findall(content):
        written = _REF.search(element)
        columns, rows = _size(written[1].decode("ascii") if written else "")
        if columns * rows > MOST_CELLS:
            message = f"an area of {columns:,} columns and {rows:,} rows is merged or linked"
            raise _refuse(path, message, "unmerge it, or remove the link")
    return content


def _size(area: str) -> tuple[int, int]:
    """The columns and rows of an area.

    Raises:
        ValueError: it is none.
    """
    left, top, right, bottom = range_boundaries(area)
    if left is None or top is None or right is None or bottom is None:
        raise ValueError
    return right - left + 1, bottom - top + 1


def _too_large(path: Path) -> TableFaults:
    message = f"the workbook is over {MAX_TABLE_BYTES:,} bytes unpacked"
    return _refuse(path, message, "delete pictures, and rows and sheets that hold no facts")


def _refuse(path: Path, message: str, remedy: str) -> TableFaults:
    return TableFaults([Fault.of_file(path.name, message, remedy)])
