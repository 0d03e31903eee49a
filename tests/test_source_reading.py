"""Reading sources: piece by piece, within limits, and a reason where that fails."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import pytest

from kzgraph.sources import FaultList, SourceFaults, open_source, read_csv, read_lines
from kzgraph.sources.errors import MOST


@dataclass(frozen=True)
class File:
    path: Path


def file(tmp_path: Path, data: bytes) -> File:
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    return File(path)


def refusal(source: File) -> str:
    with pytest.raises(SourceFaults) as refused:
        list(read_csv(source))
    return str(refused.value)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_records_come_with_the_number_of_their_first_line(tmp_path: Path, pack: object) -> None:
    data = '\ufeffa,b\r\n1,"x\ny"\r\n\r\n2,"""z"\n'.encode()
    source = file(tmp_path, pack(data))  # type: ignore[operator]
    assert list(read_csv(source)) == [
        (1, ["a", "b"]),
        (2, ["1", "x\ny"]),
        (4, []),
        (5, ["2", '"z']),
    ]


def test_a_text_of_several_lines_is_not_taken_for_a_row(tmp_path: Path) -> None:
    """Of three columns it may have one comma; a preamble of two columns as many as it likes."""
    source = file(tmp_path, b'a,"b,\nc,d"\n1,"x,\ny",2\n')
    assert [cells for _, cells in read_csv(source)] == [["a", "b,\nc,d"], ["1", "x,\ny", "2"]]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    assert list(read_lines(file(tmp_path, b""))) == []


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"a\nb\xff\n", 2, "byte 2 of the line is not UTF-8"),
        (b"a\n" + b"x" * 201, 2, "more than 200 bytes"),
        (b"a\n" + b"x" * 200 + b"\n", 2, "more than 200 bytes"),
        (b"a\n" + b"x" * 60 + b"\n", 2, "more than 50 characters"),
        (b'a\n"open\n', 2, "is not CSV"),
        (gzip.compress(b"a\n" * 50)[:-9], 51, "is not whole"),
        (gzip.compress(b"a\n" * 50) + b"x", 51, "is not whole"),
        (b"\x1f\x8bnot gzip", 1, "is not whole"),
        (b"a\n" * 2_000_000, 0, "more than 3000000 bytes"),
        (gzip.compress(gzip.compress(b"a\n")), 1, "compressed twice; decompress"),
        (b"PK\x03\x04\x14\0x", 1, "a ZIP archive, as workbooks"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", 1, "workbook of Excel"),
        (b"a\nb\0\n", 2, "character 2 of the line is U+0000, which no text has; fetch"),
        (b"a\0\n\0", 1, "U+0000, which no text has: it may be UTF-16; save"),
        (b"a\nb\x01\n", 2, "is U+0001"),
        ("a\nb\uffff\n".encode(), 2, "is U+FFFF"),
        (b"a,b\r1,2\r", 1, "carriage returns alone"),
        (b'a,b,c\n1,"x,2\n3,y",4\n', 2, "goes on to line 3, with all commas of a row; close"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_what_breaks_a_limit_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, line: int, words: str
) -> None:
    for name, limit in (("BYTES", 3_000_000), ("RATIO", 100), ("LINE", 200), ("CELL", 50)):
        monkeypatch.setenv(f"KZGRAPH_SOURCE_{name}", str(limit))
    said = refusal(file(tmp_path, data))
    assert said.startswith(f"file.csv:{line}: " if line else "file.csv: ")
    assert words in said
    assert "; " in said  # what would be right


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    source = file(tmp_path, gzip.compress(b"a" * 40_000_000))
    with (
        pytest.raises(SourceFaults, match=r"file\.csv:1: .* 200 to one; "),
        open_source(source) as stream,
    ):
        size = 0
        while data := stream.read(100_000):
            size += len(data)
            assert size < 20_000_000


def test_faults_are_listed_up_to_a_number_and_then_said_to_be_more() -> None:
    faults = FaultList("file.csv")
    with pytest.raises(SourceFaults) as refused:
        for line in range(1, 1000):
            faults.add(line, "a", "it is not a number", "write digits")
    assert len(refused.value.faults) == MOST
    assert str(refused.value).splitlines()[-1].startswith("and more")
