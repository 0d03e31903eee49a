"""Reading XML sources: record by record, within limits, and without leaving the file."""

import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kzgraph.settings import CommandSettings
from kzgraph.sources import FaultList, SourceFaults, xml_records
from kzgraph.sources.xml_records import Counts, Element, read_records

ENTITIES = b"""<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<r><a>&b;</a></r>"""


@dataclass(frozen=True)
class File:
    path: Path


def records(data: bytes, folder: Path, counts: Counts | None = None) -> list[Element]:
    path = folder / "file.xml"
    path.write_bytes(data)
    faults = FaultList("file.xml")
    found = list(read_records(File(path), faults, "a", lambda _: None, counts))
    faults.check()
    return found


def refusal(data: bytes, folder: Path) -> str:
    with pytest.raises(SourceFaults) as refused:
        records(data, folder)
    return str(refused.value)


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    small = CommandSettings(source_line=100_000, source_cell=1000)
    monkeypatch.setattr(xml_records, "read_settings", lambda _: small)
    monkeypatch.setattr(xml_records, "MOST_ELEMENTS", 100)
    monkeypatch.setattr(xml_records, "MOST_TEXT", 5000)
    monkeypatch.setattr(xml_records, "MOST_NAMES", 50)
    yield


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_record_comes_with_its_lines(tmp_path: Path, encoding: str, pack: object) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?>\n<r>\n<a n=" é ">\n <b> ü </b>\n</a></r>'
    (record,) = records(pack(text.encode(encoding)), tmp_path)  # type: ignore[operator]
    (child,) = record.children
    assert (record.line, record.get("n"), record.text) == (3, "é", "")
    assert (child.name, child.line, child.text, child.children) == ("b", 4, "ü", [])


def test_elements_of_other_namespaces_are_left_out_and_counted(tmp_path: Path) -> None:
    data = b'<r xmlns:x="http://x/"><x:a/><a x:n="1" xml:lang="kk"><x:b><b/></x:b><b/></a></r>'
    counts = Counts()
    (record,) = records(data, tmp_path, counts)
    assert record.attributes == {"lang": "kk"}
    assert [child.name for child in record.children] == ["b"]
    assert counts.foreign == {"http://x/ a": 1, "http://x/ b": 1}


def test_names_of_left_out_elements_are_counted_up_to_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_records, "MOST_NAMES", 1000)
    counts = Counts()
    many = b"".join(b'<c xmlns="http://x/%d"/>' % at for at in range(500))
    records(b"<r>" + many + b"</r>", tmp_path, counts)
    assert (len(counts.foreign), counts.more) == (100, 400)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 0, "is empty"),
        (b" \n ", 0, "is empty"),
        (b"<r>\n<a>", 2, "ends before"),
        (b"<r>\n<a></b>", 2, "mismatched tag"),
        (b"<r>\n&x;</r>", 2, "undefined entity"),
        (b"\x00\x01PK", 1, "well-formed"),
        (b"<r>\n<a>\xff</a></r>", 2, "well-formed"),
        (ENTITIES, 1, "document type declaration"),
        (b'<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd"><r/>', 1, "document type declaration"),
        (b'<?xml version="1.0" encoding="gbk"?><r/>', 1, "encoding"),
        (b'<?xml version="1.0" encoding="none-such"?><r/>', 1, "encoding"),
        (b"<r>" + b"<a>" * 60 + b"</a>" * 60 + b"</r>", 1, "50 deep"),
        (b"<r><a>" + b"<b/>" * 200 + b"</a></r>", 1, "100 elements"),
        (b"<r><c xmlns='http://x/'>" + b"<b/>" * 200 + b"</c></r>", 1, "100 elements"),
        (b"<r>" + b"".join(b"<a><b%d/></a>" % at for at in range(100)) + b"</r>", 1, "50 names"),
        (b"<r>\n<A/></r>", 2, "A: what stands here is not an <a>; call it <a>"),
        (b"<r><a>" + b"x" * 1001 + b"</a></r>", 1, "1000 characters"),
        (b"<r><a>" + b"<b>" + b"x" * 900 + b"</b>" * 1 + b"y" * 4200 + b"</a></r>", 1, "5000"),
        (b'<r><a n="' + b"x" * 300_000 + b'"/></r>', 1, "100000 bytes"),
        (b"<r><!--" + b"x" * 300_000 + b"--></r>", 1, "100000 bytes"),
    ],
)
def test_what_is_not_read_is_refused_with_its_line(
    tmp_path: Path, data: bytes, line: int, words: str
) -> None:
    said = refusal(data, tmp_path)
    assert said.startswith(f"file.xml:{line}:" if line else "file.xml: ")
    assert words in said


def test_many_records_are_not_one_large_one(tmp_path: Path) -> None:
    assert (
        len(records(b"<r>" + b"<a><b/></a><c xmlns='http://x/'><d/></c>" * 500 + b"</r>", tmp_path))
        == 500
    )


def test_every_beginning_and_damaged_copies_are_read_or_refused(tmp_path: Path) -> None:
    whole = (
        '<?xml version="1.0"?>\n<r v="1"><a n="é"><b><![CDATA[x]]></b></a><!-- c --></r>'.encode()
    )
    for length in range(len(whole)):
        refusal(whole[:length], tmp_path)
    source = random.Random(8)  # noqa: S311
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[source.randrange(len(whole))] ^= 1 << source.randrange(8)
        try:
            records(bytes(damaged), tmp_path)
        except SourceFaults as refused:
            assert "file.xml" in str(refused)
