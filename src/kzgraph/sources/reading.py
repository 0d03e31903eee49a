"""Reading sources piece by piece, each piece of bounded size.

The limits are settings, `source_...` in `kzgraph.settings`. What breaks one is refused as soon as
that is known: a gzip bomb after its first megabytes, an endless line at its limit.
"""

import csv
import gzip
import os
import re
import stat
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import BinaryIO, Protocol

from kzgraph.settings import CommandSettings, read_settings
from kzgraph.sources.errors import FaultList, SourceFaults

#: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1
GZIP_MAGIC = b"\x1f\x8b"
#: Six letters of the Russian alphabet in Windows-1251 in a row.
_CYRILLIC = re.compile(rb"[\xc0-\xff]{6}")
#: Bytes that may come out of a compressed file before its ratio is looked at.
_HARMLESS = 1 << 20
#: How content begins that is neither text nor XML: what it is then, and what would be right.
_OTHERS = {
    GZIP_MAGIC: ("compressed twice", "decompress it once, and ingest that"),
    b"PK\x03\x04": (
        "a ZIP archive, as workbooks (.xlsx) are too",
        "take the file out of it, or save the sheet as CSV in UTF-8",
    ),
    b"\xd0\xcf\x11\xe0": ("a workbook of Excel (.xls)", "save the sheet as CSV in UTF-8"),
    b"BZh": ("compressed by bzip2", "decompress it, or compress it by gzip"),
    b"\xfd7zXZ\0": ("compressed by xz", "decompress it, or compress it by gzip"),
    b"(\xb5/\xfd": ("compressed by Zstandard", "decompress it, or compress it by gzip"),
    b"%PDF-": ("a PDF", "fetch the data themselves"),
    b"PAR1": ("a Parquet file", "write it as CSV"),
    b"SQLite format 3\0": ("a database of SQLite", "write its table as CSV"),
}
#: What stands between cells in files of other programs and countries, in words.
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
#: One of them where RFC 4180 wants a comma: after a quoted cell.
_SEPARATED = re.compile(r'"([;\t|])')
#: What no text has, by https://www.w3.org/TR/xml/#charsets; surrogates are not UTF-8 either. A
#: release could not be written as RDF/XML with it.
_NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class HasPath(Protocol):
    """A source, as far as reading needs it."""

    @property
    def path(self) -> Path:
        """Where it lies."""


@dataclass(frozen=True)
class At:
    """A file that is not a source yet.

    Attributes:
        path: where it lies.
    """

    path: Path


class _Bounded(RawIOBase):
    """The content of a file, decompressed; a fault where it is more than a source may have."""

    def __init__(self, file: BufferedReader, faults: FaultList) -> None:
        self._file, self._faults = file, faults
        self._limits = read_settings(CommandSettings)
        self._packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        file.seek(0)
        self._content = gzip.GzipFile(fileobj=file) if self._packed else file
        self._size = self._lines = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        try:
            # What came out before the content ends too early is given, so that its line is known.
            data = self._content.read1(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self._stop(
                f"it is not whole: {error}", "fetch the file again, and ingest that"
            ) from None
        if self._size == 0:
            for beginning, (what, remedy) in _OTHERS.items():
                if data.startswith(beginning):
                    raise self._stop(f"it is {what}", remedy)
        self._size += len(data)
        self._lines += data.count(b"\n")
        most, ratio = self._limits.source_bytes, self._limits.source_ratio
        if self._size > most:
            raise self._faults.stop(
                0,
                "",
                f"it has more than {most} bytes of content",
                "take a smaller file, or raise KZGRAPH_SOURCE_BYTES",
            )
        if self._packed and self._size > max(_HARMLESS, ratio * self._file.tell()):
            raise self._stop(
                f"it is compressed more than {ratio} to one",
                "decompress it, look at what is in it, and ingest that",
            )
        buffer[: len(data)] = data
        return len(data)

    def _stop(self, message: str, remedy: str) -> SourceFaults:
        return self._faults.stop(self._lines + 1, "", message, remedy)


@contextmanager
def open_source(source: HasPath, faults: FaultList | None = None) -> Iterator[BinaryIO]:
    """The content of a source as a stream of bytes, decompressed where it is compressed.

    Args:
        source: what is read.
        faults: those that were found in it, for what is raised.

    Raises:
        SourceFaults: it is not a file; or, while it is read: it is larger than a source may be,
            compressed further, or ends too early.
        OSError: it cannot be read.
    """
    found = faults or FaultList(source.path.name)
    # A named pipe would be waited for.
    descriptor = os.open(source.path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise found.stop(0, "", "it is not a file", "name a file with the data")
    with os.fdopen(descriptor, "rb") as file:
        yield BufferedReader(_Bounded(file, found))


def read_lines(source: HasPath, faults: FaultList | None = None) -> Iterator[tuple[int, str]]:
    """The lines of a source as text, with their line ends, each with its number from 1 up.

    A byte order mark is left out.

    Raises:
        SourceFaults: see `open_source`; or a line is too long, is not UTF-8 or not text.
        OSError: it cannot be read.
    """
    found = faults or FaultList(source.path.name)
    most = read_settings(CommandSettings).source_line
    with open_source(source, found) as stream:
        number = 0
        while line := stream.readline(most + 1):
            number += 1
            if len(line) > most:
                raise found.stop(
                    number,
                    "",
                    f"the line has more than {most} bytes",
                    "check that this is the file that was meant, or raise KZGRAPH_SOURCE_LINE",
                )
            if number == 1:
                line = line.removeprefix(BOM_UTF8)
            try:
                text = line.decode()
            except UnicodeDecodeError as error:
                raise found.stop(
                    number,
                    "",
                    f"byte {error.start + 1} of the line is not UTF-8{_guess_encoding(line)}",
                    "save the file as UTF-8",
                ) from None
            if strange := _NO_TEXT.search(text):
                utf16 = ": it may be UTF-16" if number == 1 and strange[0] == "\0" else ""
                raise found.stop(
                    number,
                    "",
                    f"character {strange.start() + 1} of the line is U+{ord(strange[0]):04X}, "
                    f"which no text has{utf16}",
                    "save the file as UTF-8" if utf16 else "fetch the file again: it is damaged",
                )
            yield number, text


def _guess_encoding(line: bytes) -> str:
    """What a line that is not UTF-8 may be, as the end of a sentence; nothing where it is open."""
    if line.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return ", but UTF-16"
    # Letters of Windows-1251 stand together; accented ones of Western encodings stand alone.
    return ", but maybe Windows-1251" if _CYRILLIC.search(line) else ""


def read_csv(
    source: HasPath,
    faults: FaultList | None = None,
    *,
    ends_in_line: bool = False,
    has_paragraphs: bool = False,
) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file (RFC 4180), each with the number of its first line from 1 up.

    Blank lines come as empty records; nothing else is left out, and nothing is trimmed.

    Args:
        source: what is read.
        faults: those that were found in it, for what is raised.
        ends_in_line: whether the last line has to have an end, as programs write it: without one
            the file may have been cut within its last number, which nothing else tells.
        has_paragraphs: whether cells are texts of several lines, with any number of commas.

    Raises:
        SourceFaults: see `read_lines`; or a quote is not closed, or only after another row, or a
            cell is too long.
        OSError: it cannot be read.
    """
    found = faults or FaultList(source.path.name)
    most = read_settings(CommandSettings).source_cell
    begin = 1
    lines = _Texts(read_lines(source, found), found, ends_in_line)
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise found.stop(begin, "", *_describe(error, lines.last)) from None
        if reader.line_num > begin and not has_paragraphs and _has_row_inside(record):
            raise found.stop(
                begin,
                "",
                f"a quoted text goes on to line {reader.line_num}, with all commas of a row",
                "close the quote, so that each row is one",
            )
        for cell in record:
            if len(cell) > most:
                raise found.stop(
                    begin,
                    "",
                    f"a cell has more than {most} characters",
                    "check the quotes, or raise KZGRAPH_SOURCE_CELL",
                )
        yield begin, record
        begin = reader.line_num + 1


def _describe(error: csv.Error, line: str) -> tuple[str, str]:
    """What is wrong with a line that the parser refuses, and what would be right."""
    if separator := _SEPARATED.search(line):
        return describe_separator(OTHER_SEPARATORS[separator[1]])
    if "new-line character" in str(error):
        what = "lines end in carriage returns alone, or one stands in a cell without quotes"
        return what, "save the file with the line ends of Unix or Windows"
    return f"the line is not CSV: {error}", "quote cells as RFC 4180 says"


def _has_row_inside(record: Sequence[str]) -> bool:
    """Whether cells of a record over several lines may have a whole row in them.

    Two quotes too many in two rows make one of both, with as many cells as any other.
    """
    commas = sum(cell.count(",") for cell in record)
    return len(record) > 2 and commas >= len(record) - 1


def describe_separator(name: str) -> tuple[str, str]:
    """What is wrong where cells are apart by `name`, and what would be right."""
    return f"cells are separated by {name}", "save it with commas between cells"


class _Texts(Iterator[str]):
    """The texts of lines, and which was the last; a fault for a last one without an end."""

    def __init__(
        self, lines: Iterator[tuple[int, str]], faults: FaultList, ends_in_line: bool
    ) -> None:
        self._lines, self._faults, self._ends_in_line = lines, faults, ends_in_line
        self._number = 0
        self.last = ""

    def __next__(self) -> str:
        if self._ends_in_line and self.last and not self.last.endswith(("\n", "\r")):
            raise self._faults.stop(
                self._number,
                "",
                "the last line has no end, so the file may have been cut",
                "fetch it again; if it is whole, add a line break at its end",
            )
        self._number, self.last = next(self._lines)
        return self.last
