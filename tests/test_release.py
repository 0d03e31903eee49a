"""A release on disk: whole, checked, and never half there."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import BASE, graph
from kzgraph.prefixes import PREFIXES
from kzgraph.release import (
    Release,
    ReleaseDamaged,
    ReleaseError,
    ReleaseRefused,
    current,
    publish,
    write,
)
from kzgraph.validation import Severity
from small_release import BESIDE, content, names, published, report


def test_a_release_is_the_store_the_dumps_the_report_and_a_manifest(tmp_path: Path) -> None:
    release = published(tmp_path)
    derived = {"store", "search.sqlite", "columns.duckdb"}
    assert names(release.path) == {*derived, "dumps", "quality", "manifest.json"}
    assert names(release.report) == {"report.ttl", "report.json", "report.txt"}
    assert set(map(str, release.store)) == set(map(str, content()[1].quads))
    release.verify()


def test_sha256sum_agrees_with_the_sums(tmp_path: Path) -> None:
    dumps = published(tmp_path).dumps
    subprocess.run(["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=dumps, check=True)
    summed = {line.split("  ")[1] for line in (dumps / "SHA256SUMS").read_text().splitlines()}
    there = {str(path.relative_to(dumps)) for path in dumps.rglob("*") if path.is_file()}
    assert summed == there - {"SHA256SUMS"}


def test_the_manifest_tells_what_is_in_the_release(tmp_path: Path) -> None:
    release = published(tmp_path)
    manifest = release.manifest
    assert manifest["version"] == release.version == release.path.name
    assert manifest["licence"]["iri"] == "https://creativecommons.org/licenses/by/4.0/"
    assert manifest["documents"] == [
        {
            "slug": "note",
            "iri": BASE + "id/document/note",
            "title": "A note",
            "sha256": "0" * 64,
            "length": 12,
        }
    ]
    counts = manifest["counts"]
    assert counts["graphs"]["note"] == 6
    assert counts["triples"] == sum(counts["graphs"].values()) == len(release.store)
    assert manifest["validation"] == {"Violation": 0, "Warning": 1, "Info": 0}
    assert manifest["prefixes"] == dict(PREFIXES)
    for file in manifest["files"]:
        data = (release.path / file["path"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    copy = (release.dumps / "manifest.json").read_bytes()
    assert copy == (release.path / "manifest.json").read_bytes()


def test_the_graph_metadata_counts_every_graph_and_itself(tmp_path: Path) -> None:
    release = published(tmp_path)
    counted = {
        quad.subject.value.removeprefix(BASE + "graph/"): int(quad.object.value)
        for quad in release.store.quads_for_pattern(
            None, NamedNode(PREFIXES["void"] + "triples"), None, graph("metadata")
        )
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }
    assert counted.pop(BASE + "id/dataset/kzgraph") == len(release.store)
    assert counted == release.manifest["counts"]["graphs"]


def test_a_version_names_a_folder_and_a_path_segment_anywhere() -> None:
    version, _ = content()
    assert version.isascii()
    assert set(version) <= set("0123456789abcdef.-")
    assert version != content(4)[0]


def test_the_report_is_there_in_three_forms(tmp_path: Path) -> None:
    folder, expected = published(tmp_path).report, report(Severity.WARNING)
    assert (folder / "report.ttl").read_bytes() == expected.to_turtle()
    assert (folder / "report.json").read_text("utf-8") == expected.to_json()
    assert (folder / "report.txt").read_text("utf-8") == expected.to_text()


def test_current_is_the_release_written_last(tmp_path: Path) -> None:
    assert current(tmp_path) is None
    assert current(tmp_path / "nowhere") is None
    first = published(tmp_path)
    second = published(tmp_path, 4)
    found = current(tmp_path)
    assert found is not None
    assert found.path == second.path != first.path
    first.verify()


def test_an_opened_release_does_not_change_under_its_reader(tmp_path: Path) -> None:
    published(tmp_path)
    opened = current(tmp_path)
    assert opened is not None
    published(tmp_path, 4)
    assert opened.version == content(3)[0]
    assert len(opened.store) == len(content(3)[1].quads)


def test_the_same_release_is_used_again(tmp_path: Path) -> None:
    first = published(tmp_path)
    written = (first.path / "manifest.json").stat()
    published(tmp_path, 4)
    again = published(tmp_path)
    assert again.path == first.path
    assert (again.path / "manifest.json").stat() == written, "not written a second time"
    found = current(tmp_path)
    assert found is not None
    assert found.path == first.path


@pytest.mark.parametrize("name", ["search.sqlite", "columns.duckdb"])
def test_a_release_without_what_follows_stays_and_the_same_is_written_with_it(
    tmp_path: Path, name: str
) -> None:
    old = published(tmp_path)
    had = names(old.path)
    (old.path / name).unlink()
    old.verify()
    again = Release(old.path)
    assert (again.has_index, again.has_columns) == (name[0] != "s", name[0] != "c")
    new = published(tmp_path)
    assert (new.version, new.has_index, new.has_columns) == (old.version, True, True)
    assert new.path != old.path
    assert names(old.path) == had - {name}, "nothing was added"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _damage_store(release: Release) -> None:
    shutil.rmtree(release.path / "store")
    Store(str(release.path / "store")).flush()


DAMAGES: dict[str, Callable[[Release], object]] = {
    "a dump was cut": lambda release: _cut(release.dumps / "kzgraph.nt"),
    "a dump is missing": lambda release: (release.dumps / "kzgraph.ttl.gz").unlink(),
    "the report was changed": lambda release: _cut(release.report / "report.txt"),
    "the sums were changed": lambda release: _cut(release.dumps / "SHA256SUMS"),
    "the sums are missing": lambda release: (release.dumps / "SHA256SUMS").unlink(),
    "the copy of the manifest was changed": lambda release: _cut(release.dumps / "manifest.json"),
    "a file too many": lambda release: (release.dumps / "extra.ttl").write_text(""),
    "the store is empty": _damage_store,
    "the store is missing": lambda release: shutil.rmtree(release.path / "store"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_release_is_told_and_built_anew(tmp_path: Path, name: str) -> None:
    release = published(tmp_path)
    DAMAGES[name](release)
    with pytest.raises(ReleaseDamaged, match=r"dumps|quality|store"):
        release.verify()
    again = published(tmp_path)
    again.verify()
    found = current(tmp_path)
    assert found is not None
    assert found.path == again.path
    assert found.version == release.version
    assert not release.path.exists(), "the damaged one is gone"


def test_a_folder_that_is_no_release_is_told(tmp_path: Path) -> None:
    release = published(tmp_path)
    (release.path / "manifest.json").write_text("{")
    with pytest.raises(ReleaseDamaged, match=r"manifest\.json cannot be used: it is not JSON"):
        current(tmp_path)


def test_violations_stop_a_release(tmp_path: Path) -> None:
    served = published(tmp_path)
    before = names(tmp_path)
    version, data = content(4)
    found = report(Severity.VIOLATION, Severity.INFO)
    with pytest.raises(ReleaseRefused, match="violations of the shapes: 1;") as caught:
        write(data, version, found, tmp_path)
    assert caught.value.report is found
    assert names(tmp_path) == before
    still = current(tmp_path)
    assert still is not None
    assert still.path == served.path
    served.verify()


def test_a_failing_disk_leaves_the_release_served_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = published(tmp_path)
    before = names(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(publish, "_write_rest", full)
        with pytest.raises(OSError, match="No space left"):
            published(tmp_path, 4)
    assert names(tmp_path) == before
    served.verify()


@pytest.mark.parametrize("step", ["free_name", "sync", "make_current", "sync_folders"])
def test_a_step_that_fails_leaves_the_release_served_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    served = published(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(publish, step, fail)
        with pytest.raises(OSError, match="Input/output"):
            published(tmp_path, 4)
    found = current(tmp_path)
    assert found is not None
    assert found.path == served.path
    found.verify()
    assert not list(tmp_path.glob(".building-*"))
    assert published(tmp_path, 4).path.name == content(4)[0], "the next build is as the first"


def test_an_old_release_that_cannot_be_removed_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path)
    remove = shutil.rmtree

    def refuse(path: Any, *rest: Any, **options: Any) -> None:
        if (Path(path) / "manifest.json").exists():
            raise PermissionError(13, "Permission denied")
        remove(path, *rest, **options)

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", refuse)
        last = published(tmp_path, 4, keep=1)
    found = current(tmp_path)
    assert found is not None
    assert found.path == last.path
    published(tmp_path, 5, keep=1)
    assert len(list(tmp_path.glob("[0-9]*"))) == 1, "the next build removes it"


def test_a_folder_in_the_place_of_the_link_is_refused_beforehand(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(ReleaseError, match="is not a symbolic link"):
        published(tmp_path)
    assert names(tmp_path) == {".lock", "current"}


def test_old_releases_are_removed_but_never_the_current_one(tmp_path: Path) -> None:
    releases = [published(tmp_path, size, keep=2) for size in range(3, 7)]
    assert [release.path.exists() for release in releases] == [False, False, True, True]
    published(tmp_path, 5, keep=2)
    last = published(tmp_path, 8, keep=1)
    assert names(tmp_path) == {*BESIDE, last.path.name}
    published(tmp_path, 9, keep=0).verify()


def test_a_release_used_again_counts_as_new(tmp_path: Path) -> None:
    first = published(tmp_path, 3, keep=2)
    second = published(tmp_path, 4, keep=2)
    published(tmp_path, 3, keep=2)
    third = published(tmp_path, 5, keep=2)
    assert first.path.exists()
    assert third.path.exists()
    assert not second.path.exists()


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    for name in ("thesis", ".building-notes", "0.1-photos"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}")
    for size in range(3, 6):
        published(tmp_path, size, keep=1)
    assert {"thesis", ".building-notes", "0.1-photos"} <= names(tmp_path)


def test_the_manifest_is_json_for_everyone(tmp_path: Path) -> None:
    text = (published(tmp_path).path / "manifest.json").read_bytes()
    assert text.endswith(b"}\n")
    assert json.loads(text)["name"] == "kzgraph"
