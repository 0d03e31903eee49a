"""A release is what its manifest says, or it is refused with each fault in a sentence."""

import hashlib
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from commands import run
from kzgraph.iri import graph, thing
from kzgraph.release import Release, ReleaseDamaged, current, folder
from kzgraph.release.dumps import check_sums
from kzgraph.release.manifest import FORMAT, MANIFEST, read_manifest
from kzgraph.release.release_columns import columns_faults
from processes import PATIENCE
from small_release import published


def _edit(path: Path, **members: Any) -> None:
    """Change members of a manifest, `...` taking them out, and of what follows from it."""
    before = json.loads((path / MANIFEST).read_bytes())
    manifest = {key: value for key, value in (before | members).items() if value is not ...}
    data = json.dumps(manifest).encode()
    for file in (path / MANIFEST, path / "dumps" / MANIFEST):
        file.write_bytes(data)
    sums = {each["path"]: each["sha256"] for each in before["files"]}
    sums |= {f"dumps/{MANIFEST}": hashlib.sha256(data).hexdigest()}
    dumps = {name[6:]: digest for name, digest in sums.items() if name.startswith("dumps/")}
    (path / "dumps/SHA256SUMS").write_bytes(check_sums(dumps))


def _files(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((path / MANIFEST).read_bytes())["files"]
    return found


def _replace(path: Path) -> None:
    """Another content of the same size."""
    path.write_bytes(bytes(len(path.read_bytes())))


def _table_file(path: Path) -> Path:
    """One of the files in which the store keeps its quads."""
    return max((path / "store").glob("*.sst"), key=lambda file: file.stat().st_size)


def _other_store(path: Path) -> None:
    """The store of a release with the same counts."""
    quads = list(Store.read_only(str(path / "store")))
    here = NamedNode("http://www.w3.org/ns/dcat#version")
    shutil.rmtree(path / "store")
    store = Store(str(path / "store"))
    for quad in quads:
        other = quad.predicate == here
        store.add(
            Quad(quad.subject, here, Literal("0.0-other"), quad.graph_name) if other else quad
        )
    store.flush()


def _more_quads(path: Path) -> None:
    store = Store(str(path / "store"))
    store.add(Quad(thing("a"), NamedNode("http://example.org/p"), Literal(1), graph("note")))
    store.add(Quad(thing("a"), NamedNode("http://example.org/p"), Literal(1)))
    store.flush()


def _move_out(path: Path) -> None:
    """Put a link in the place of a file or folder, which moves out of the release."""
    root = next(folder for folder in path.parents if (folder / "current").is_symlink())
    elsewhere = root / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def _make(path: Path, make: Callable[[Path], object]) -> None:
    """Put what `make` makes in the place of a file or folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    make(path)


def _add_folder(path: Path) -> None:
    path.mkdir()
    (path / "x").write_text("")


#: What is done to the folder of a release, and what is said of it.
FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a dump is cut": (
        lambda path: os.truncate(path / "dumps/kzgraph.nq", 100),
        r"dumps/kzgraph\.nq has 100 bytes, and the manifest says \d+",
    ),
    "a dump is replaced": (
        lambda path: _replace(path / "dumps/kzgraph.nq"),
        r"dumps/kzgraph\.nq is not what the manifest says",
    ),
    "a dump is missing": (
        lambda path: (path / "dumps/kzgraph.ttl").unlink(), r"dumps/kzgraph\.ttl is missing"
    ),
    "a dump is a folder": (
        lambda path: _make(path / "dumps/kzgraph.ttl", Path.mkdir),
        r"dumps/kzgraph\.ttl is missing",
    ),
    "a dump is a pipe": (
        lambda path: _make(path / "dumps/kzgraph.ttl", os.mkfifo),
        r"dumps/kzgraph\.ttl is not a file",
    ),
    "a dump is a link out of the release": (
        lambda path: _move_out(path / "dumps/kzgraph.nq"), r"dumps/kzgraph\.nq is a symbolic link"
    ),
    "the dumps are a link": (
        lambda path: _move_out(path / "dumps"),
        r"dumps is a symbolic link",
    ),
    "the dumps are missing": (lambda path: shutil.rmtree(path / "dumps"), r"SHA256SUMS is missing"),
    "a file is too many": (
        lambda path: (path / "dumps/graphs/more.ttl").write_text(""),
        r"dumps/graphs/more\.ttl is not in the manifest",
    ),
    "a folder is too many": (
        lambda path: _add_folder(path / "more"),
        r"more/x is not in the manifest",
    ),
    "the sums are another release's": (
        lambda path: _replace(path / "dumps/SHA256SUMS"), r"SHA256SUMS and the manifest differ"
    ),
    "the copy of the manifest is another": (
        lambda path: _replace(path / "dumps/manifest.json"), r"is not a copy of the manifest"
    ),
    "the index is a link": (
        lambda path: _move_out(path / "search.sqlite"),
        r"search\.sqlite is a symbolic link",
    ),
    "the columns are a link": (
        lambda path: _move_out(path / "columns.duckdb"),
        r"columns\.duckdb is a symbolic link",
    ),
    "a file of the store is emptied": (
        lambda path: os.truncate(_table_file(path), 0), r"store cannot be read: .*size mismatch"
    ),
    "a file of the store is missing": (
        lambda path: _table_file(path).unlink(), r"store cannot be read: .*No such file"
    ),
    "the store is missing": (
        lambda path: shutil.rmtree(path / "store"), r"store cannot be read: .*No such file"
    ),
    "the store is a link": (
        lambda path: _move_out(path / "store"),
        r"store is a symbolic link",
    ),
    "the store is a file": (
        lambda path: _make(path / "store", Path.touch),
        r"store is not in the manifest",
    ),
    "the store is that of another release": (_other_store, r"store is that of 0\.0-other"),
    "the store holds more": (_more_quads, r"store holds 7 quads of note, and the manifest says 6"),
    "the store has a default graph": (_more_quads, r"store holds 1 quads of the default graph"),
    "a graph is not counted": (
        lambda path: _edit(path, counts={"triples": 6, "subjects": 5, "graphs": {"note": 6}}),
        r"quads of metadata, and the manifest says 0",
    ),
    "the counts do not add up": (
        lambda path: _edit(path, counts={"triples": 7, "subjects": 5, "graphs": {"note": 6}}),
        r"counts other triples in all",
    ),
    "a file is listed twice": (
        lambda path: _edit(path, files=_files(path) * 2), r"lists a file twice"
    ),
    "a file is listed that is not there": (
        lambda path: _edit(path, files=[{**_files(path)[0], "path": "dumps/no.ttl"}]),
        r"dumps/no\.ttl is missing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_release_with_a_fault_is_refused(tmp_path: Path, name: str) -> None:
    release = published(tmp_path)
    release.check()
    damage, said = FAULTS[name]
    damage(release.path)
    with pytest.raises(ReleaseDamaged, match=said) as caught:
        Release(release.path).check()
    assert "\n" not in caught.value.summary()
    with pytest.raises(ReleaseDamaged, match=said):
        Release(release.path).verify()


#: Members of the manifest, and what is said of them.
MEMBERS: dict[str, tuple[dict[str, Any], str]] = {
    "no format": ({"format": ...}, f"its format is none, and kzgraph .* reads format {FORMAT}"),
    "a format to come": ({"format": FORMAT + 1}, rf"its format is {FORMAT + 1}, and kzgraph .* r"),
    "a format in words": ({"format": "1"}, r'its format is "1", and kzgraph'),
    "a format that is true": ({"format": True}, r"its format is true, and kzgraph"),
    "no version": ({"version": ...}, r"its member version is missing"),
    "a version that is a path": ({"version": "../x"}, r"version is not a version of letters"),
    "a version that is a number": ({"version": 1}, r"version is not a version of letters"),
    "no counts": ({"counts": {}}, r"counts\.triples is missing"),
    "counts that are a list": ({"counts": []}, r"counts is not a JSON object"),
    "negative counts": (
        {"counts": {"triples": -1, "subjects": 0, "graphs": {}}}, r"counts\.triples is not a whole"
    ),
    "counts in words": (
        {"counts": {"triples": 1, "subjects": 0, "graphs": {"a": "1"}}}, r"counts\.graphs\.a is not"
    ),
    "files that are an object": ({"files": {}}, r"files is not a JSON list"),
    "a file without a size": (
        {"files": [{"path": "a", "media_type": "text/plain", "sha256": "0" * 64}]},
        r"files\[0\]\.bytes is missing",
    ),
    "a file out of the release": (
        {"files": [{"path": "../a", "media_type": "", "bytes": 1, "sha256": "0" * 64}]},
        r"files\[0\]\.path is not a path within the release",
    ),
    "a file at the root": (
        {"files": [{"path": "/etc/passwd", "media_type": "", "bytes": 1, "sha256": "0" * 64}]},
        r"files\[0\]\.path is not a path within the release",
    ),
    "a hash that is none": (
        {"files": [{"path": "a", "media_type": "", "bytes": 1, "sha256": "x"}]},
        r"files\[0\]\.sha256 is not a SHA-256",
    ),
    "a document without an IRI": (
        {"documents": [{"slug": "a", "iri": "a b", "title": "", "sha256": "0" * 64, "length": 1}]},
        r"documents\[0\]\.iri is not an IRI",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MEMBERS)
def test_a_manifest_with_an_odd_member_is_refused(tmp_path: Path, name: str) -> None:
    release = published(tmp_path)
    members, said = MEMBERS[name]
    _edit(release.path, **members)
    with pytest.raises(ReleaseDamaged, match=f"manifest.json cannot be used: .*{said}"):
        Release(release.path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_not_a_manifest_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_manifest(data)


def test_a_manifest_is_not_waited_for(tmp_path: Path) -> None:
    release = published(tmp_path)
    (release.path / MANIFEST).unlink()
    os.mkfifo(release.path / MANIFEST)
    with pytest.raises(ReleaseDamaged, match=r"manifest\.json is not a file"):
        Release(release.path)


def test_members_that_a_reader_does_not_know_are_left_alone(tmp_path: Path) -> None:
    release = published(tmp_path)
    _edit(release.path, more={"in": ["a", "later", "version"]})
    Release(release.path)


def test_a_release_above_the_limit_is_opened_by_its_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = published(tmp_path)
    _replace(release.path / "dumps/kzgraph.nt")
    monkeypatch.setattr(folder, "CHECKSUMS_UP_TO", 100)
    release.check()
    with pytest.raises(ReleaseDamaged, match=r"kzgraph\.nt is not what the manifest says"):
        release.verify()


def test_a_store_with_a_block_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """The query that counts would never end: pyoxigraph 0.5."""
    release = published(tmp_path, size=2_000)
    said: dict[str, str] = {}

    def check_each() -> None:
        for table in sorted((release.path / "store").glob("*.sst")):
            whole = table.read_bytes()
            table.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
            try:
                Release(release.path).check()
                said[table.name] = ""
            except ReleaseDamaged as error:
                said[table.name] = str(error)
            table.write_bytes(whole)

    checking = threading.Thread(target=check_each, daemon=True)
    checking.start()
    checking.join(PATIENCE)
    assert not checking.is_alive()
    refused = [text for text in said.values() if text]
    assert len(refused) > 1
    assert all("store cannot be read: Corruption" in text for text in refused)


def test_a_value_that_differs_in_the_store_alone_is_found_by_verifying(tmp_path: Path) -> None:
    release = published(tmp_path)
    store = Store(str(release.path / "store"))
    value = thing("figure", "note", "0"), NamedNode("https://w3id.org/kzgraph/ontology#value")
    store.remove(Quad(*value, Literal(0), graph("note")))
    store.add(Quad(*value, Literal(9), graph("note")))
    store.flush()
    del store
    with pytest.raises(ReleaseDamaged, match=r"store does not hold what dumps/kzgraph\.nq holds"):
        release.verify()


#: Of an index, and what verifying says: a release is served meanwhile, without search.
INDEX_FAULTS: dict[str, tuple[str, str]] = {
    "cut": ("", r"search\.sqlite cannot be read: "),
    "of another release": (
        "UPDATE about SET value = '0-x' WHERE name = 'version'",
        r"search\.sqlite is that of 0-x, and the release is ",
    ),
    "of a thing that is not there": (
        "UPDATE thing SET iri = 'http://example.org/x' WHERE id = 1",
        r"search\.sqlite has http://example\.org/x, which store has not",
    ),
}


@pytest.mark.parametrize("name", INDEX_FAULTS)
def test_a_fault_of_the_index_is_found_by_verifying(tmp_path: Path, name: str) -> None:
    release = published(tmp_path)
    release.verify()
    statement, said = INDEX_FAULTS[name]
    path = release.path / "search.sqlite"
    if statement:
        with closing(sqlite3.connect(path, isolation_level=None)) as index:
            index.execute(statement)
    else:
        os.truncate(path, 5_000)
    again = Release(release.path)
    again.check()
    with pytest.raises(ReleaseDamaged, match=said):
        again.verify()


COLUMN_FAULTS = {
    "of another release": (
        "UPDATE about SET value = '0-x' WHERE name = 'version'",
        r"columns\.duckdb is that of 0-x, and the release is ",
    ),
    "a value is another": (
        "UPDATE p{value} SET i = i + 1 WHERE i = 2",
        r"columns\.duckdb does not hold what the quads hold: its table p\d+ differs",
    ),
    "a row is missing": ("DELETE FROM p{value} WHERE i = 2", r"its table p\d+ differs"),
    "a row is too many": ("INSERT INTO p{value} FROM p{value} LIMIT 1", r"its table p\d+ differs"),
    "a term is another": (
        "UPDATE terms SET text = 'x' WHERE id = 1",
        r"its table terms differs",
    ),
    "a property is missing": ("DROP TABLE p{value}", r"other properties than the quads"),
}


@pytest.mark.parametrize("name", COLUMN_FAULTS)
def test_a_fault_of_the_columns_is_found_by_verifying(tmp_path: Path, name: str) -> None:
    release = published(tmp_path)
    statement, said = COLUMN_FAULTS[name]
    with duckdb.connect(str(release.path / "columns.duckdb")) as columns:
        found = columns.execute("SELECT number FROM properties WHERE least = 0 AND most = 2")
        (number,) = found.fetchone() or (None,)
        columns.execute(statement.format(value=number))
    release.check()
    with pytest.raises(ReleaseDamaged, match=said):
        release.verify()


def test_columns_that_are_cut_or_changed_on_the_disk_are_found(tmp_path: Path) -> None:
    release = published(tmp_path)
    path = release.path / "columns.duckdb"
    whole = path.read_bytes()
    for damaged in (b"", whole[:100], whole[:-20_000], b"x" + whole[1:], bytes(len(whole))):
        path.write_bytes(damaged)
        (fault,) = columns_faults(release.path, release.version)
        assert fault.startswith("columns.duckdb cannot be read: ")
    # Each block has a checksum; what lies in one that is not used is no fault.
    found = []
    for start in range(0, len(whole), len(whole) // 20):
        path.write_bytes(whole[:start] + bytes([whole[start] ^ 1]) + whole[start + 1 :])
        found += columns_faults(release.path, release.version)
    assert len(found) > 3
    assert all(fault.startswith("columns.duckdb cannot be read: ") for fault in found)


def test_columns_of_another_version_of_kzgraph_are_not_read(tmp_path: Path) -> None:
    release = published(tmp_path)
    assert release.has_columns
    with duckdb.connect(str(release.path / "columns.duckdb")) as columns:
        columns.execute("UPDATE about SET value = '0' WHERE name = 'format'")
    release.verify()
    assert not release.has_columns


def test_a_file_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = published(tmp_path)
    opened = Path.open

    def refuse(self: Path, *args: Any, **options: Any) -> Any:
        if self.name == "kzgraph.rdf":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReleaseDamaged, match=r"kzgraph\.rdf cannot be read: Permission denied"):
        release.check()


@pytest.mark.parametrize("target", ["nowhere", "current", "file", "folder"])
def test_a_link_that_leads_to_no_release_is_said(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "current").symlink_to(target)
    with pytest.raises(ReleaseDamaged, match=r"leads to no folder|cannot be read"):
        current(tmp_path)


def test_the_command_prints_a_line_of_a_whole_release(tmp_path: Path) -> None:
    release = published(tmp_path)
    done = run("verify-release", "--releases", str(tmp_path))
    assert done.returncode == 0, done.stderr
    (head, line) = done.stdout.splitlines()
    assert head.split() == ["Release", "Format", "Files", "Bytes", "Graphs", "Triples", "Whole"]
    triples = str(release.manifest["counts"]["triples"])
    assert line.split()[:2] == [release.version, str(FORMAT)]
    assert line.split()[-2:] == [triples, "yes"]


def test_the_command_prints_a_line_for_each_fault(tmp_path: Path) -> None:
    release = published(tmp_path)
    (release.path / "dumps/kzgraph.ttl").unlink()
    _replace(release.path / "dumps/kzgraph.nt")
    done = run("verify-release", str(release.path))
    assert done.returncode == 1
    assert [line.partition("dumps/")[2] for line in done.stderr.splitlines()] == [
        "kzgraph.nt is not what the manifest says",
        "kzgraph.ttl is missing",
    ]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: os.truncate(_table_file(path), 0),
        lambda path: shutil.rmtree(path / "store"),
        lambda path: (path / MANIFEST).write_text("{}"),
    ],
)
def test_a_query_to_a_damaged_release_is_one_line(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    damage(published(tmp_path).path)
    done = run("query", "ASK { ?s ?p ?o }", "--releases", str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
