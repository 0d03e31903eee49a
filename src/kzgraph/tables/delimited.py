"""The records of a table's file: its encoding, and what separates its cells (RFC 4180).

Spreadsheets separate by commas, semicolons or tabs, as the system's language has it. The header row
tells which; Excel's line `sep=;` before it is skipped.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from kzgraph.faults import Fault, TableFaults
from kzgraph.tables.folders import TableFile

#: The largest table that is read, in bytes: far above any table of facts taken by hand.
MAX_TABLE_BYTES = 20_000_000

#: What may separate cells, and its name in messages; of two that fit alike, the first one does.
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}

#: Excel's line about the separator; a spreadsheet that takes it for a row adds empty cells.
_SEP_LINE = re.compile(r'"?sep=(.)"?[,;\t]*\r?\n?', re.IGNORECASE)
_SAVE = "save it as 'CSV UTF-8 (Comma delimited)'"
#: Byte order marks of encodings other than UTF-8; the mark of UTF-32 begins with one of UTF-16.
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
#: Two letters of Windows-1251 in a row; accented letters of Western encodings stand alone.
_CYRILLIC_PAIR = re.compile(rb"[\xc0-\xff]{2}")


class Record(NamedTuple):
    """The cells of one row, and the line it begins at, from 1."""

    line: int
    cells: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether it has no cell with more than blanks, as rows that a spreadsheet adds."""
        return not any(cell.strip() for cell in self.cells)


class Records:
    """The records of a file.

    Attributes:
        separator: what separates its cells.
        header: the names in the first row that is not empty; None without one.
        header_line: the line of the header.
        before: Excel's line about the separator, or nothing.
        text: the file behind that line, without a byte order mark, line ends as they are.
    """

    def __init__(self, file: TableFile, columns: Collection[str]) -> None:
        """Open a table whose columns have the names `columns`.

        Raises:
            TableFaults: the file is too large, in another encoding, or contradicts itself.
        """
        self._file = file
        text = _decode(file)
        said = _SEP_LINE.match(text)
        self.before = said[0] if said else ""
        self.text = text[len(self.before) :]
        self.separator = _find_separator(self.text, columns)
        if said and said[1] != self.separator:
            message = f"the line {said[0].strip()!r} is wrong"
            remedy = f"delete it: cells are separated by {SEPARATORS[self.separator]}"
            raise TableFaults([file.fault(1, "", message, remedy)])
        self._read = self._records()
        first = next((record for record in self._read if not record.is_empty), None)
        self.header = first.cells if first else None
        self.header_line = first.line if first else 1

    def __iter__(self) -> Iterator[Record]:
        """The records behind the header, once.

        Raises:
            TableFaults: the quotes are not those of CSV.
        """
        return self._read

    def width_fault(self, line: int, cells: list[str], wanted: int) -> Fault:
        """The fault of a row that has more or fewer cells than the header, which has `wanted`."""
        own, other = SEPARATORS[self.separator], self._find_other_separator(cells, wanted)
        return self._file.fault(
            line,
            "",
            f"the row has {len(cells)} cells, the header {wanted}",
            f"separate its cells by {own} as in the header, not by {other}"
            if other
            else f"quote a cell that holds {own}, and give every column a cell",
        )

    def _find_other_separator(self, cells: list[str], wanted: int) -> str | None:
        """The name of another separator that makes `wanted` cells of a row, or None."""
        text = self.separator.join(cells)
        for separator, name in SEPARATORS.items():
            row = next(csv.reader([text], delimiter=separator), [])
            if separator != self.separator and len(row) == wanted > 1:
                return name
        return None

    def _records(self) -> Iterator[Record]:
        lines = io.StringIO(self.text, newline="")
        reader = csv.reader(lines, delimiter=self.separator, strict=True)
        skipped = len(self.before.splitlines())
        line = skipped + 1
        try:
            for cells in reader:
                if cells:
                    yield Record(line, cells)
                line = skipped + reader.line_num + 1
        except csv.Error as error:
            at = skipped + reader.line_num
            message = f"the file is not CSV ({error})"
            remedy = (
                "in a text editor, write a cell with quotes in quotes, and each of its own twice:"
                ' """null""#4"'
            )
            raise TableFaults([self._file.fault(at, "", message, remedy)]) from None


def render_table(columns: Collection[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The CSV of a table as the project writes it: commas, line feeds, quotes where needed.

    Args:
        columns: the names of the columns, in order.
        rows: cells by column; one that is missing is empty, and others are left out.
    """
    out = io.StringIO()
    writer: csv.DictWriter[str] = csv.DictWriter(
        out, columns, restval="", lineterminator="\n", extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _decode(file: TableFile) -> str:
    if file.path.stat().st_size > MAX_TABLE_BYTES:
        message = f"the table is over {MAX_TABLE_BYTES:,} bytes"
        raise TableFaults([file.fault(0, "", message, "split it")])
    data = file.path.read_bytes()
    try:
        # Spreadsheets write a byte order mark before UTF-8; it is not a part of the first name.
        text = data.decode("utf-8-sig")
        if "\0" not in text:
            return text
        at = data.index(b"\0")
    except UnicodeDecodeError as error:
        at = error.start
    encoding = _guess_encoding(data)
    message = f"the file is in {encoding}" if encoding else "the file is not in UTF-8"
    remedy = f"{_SAVE}, in LibreOffice with the character set UTF-8"
    if encoding == "Windows-1251":
        remedy += "; from the workbook, since this encoding has no Kazakh letters"
    line = 1 if encoding else data.count(b"\n", 0, at) + 1
    raise TableFaults([file.fault(line, "", message, remedy)])


def _guess_encoding(data: bytes) -> str | None:
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return name
    # The letters of a header in UTF-16 take two bytes each, one of them zero.
    if data[:40].count(b"\0") * 4 > len(data[:40]):
        return "UTF-16"
    high = sum(byte >= 0x80 for byte in data)
    paired = sum(len(pair) for pair in _CYRILLIC_PAIR.findall(data))
    return "Windows-1251" if high and paired * 2 > high else None


def _find_separator(text: str, columns: Collection[str]) -> str:
    """The separator that makes most names of columns of the first line with any text."""
    first = next((line for line in text.splitlines() if line.strip(",;\t \"'")), "")

    def count(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=separator), [])
        return sum(cell.strip() in columns for cell in cells), len(cells)

    return max(SEPARATORS, key=count)
