"""The stores of a large release are counted once, and again where a file of them is another."""

import os
import shutil
from pathlib import Path

import pytest
from pyoxigraph import Quad, Store

from kzgraph.iri import graph, thing
from kzgraph.namespaces import LABEL
from kzgraph.release import Release, ReleaseDamaged, folder, integrity
from kzgraph.release.store_stamps import STAMP
from small_release import names, published


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The releases whose stores were counted; every release is a large one."""
    found: list[Path] = []
    count = integrity.store_faults

    def counting(root: Path, manifest: dict[str, object]) -> list[str]:
        found.append(root)
        return count(root, manifest)

    monkeypatch.setattr(folder, "COUNTED_UP_TO", 0)
    monkeypatch.setattr(folder, "store_faults", counting)
    return found


def _data(release: Release) -> Path:
    return max((release.path / "store").glob("*.sst"), key=lambda path: path.stat().st_size)


def test_the_build_counts_so_that_no_start_has_to(tmp_path: Path, counted: list[Path]) -> None:
    release = published(tmp_path)
    assert counted == [release.path]
    for _ in range(2):
        Release(release.path).check()
    assert counted == [release.path]
    release.verify()
    assert len(counted) == 2


@pytest.mark.parametrize("change", ["time", "more", "fewer", "stamp", "no stamp"])
def test_what_changed_is_counted_again(tmp_path: Path, counted: list[Path], change: str) -> None:
    release = published(tmp_path)
    stamp = release.path.with_name(release.path.name + STAMP)
    if change == "time":
        os.utime(_data(release))
    elif change == "more":
        (release.path / "store" / "more").touch()
    elif change == "fewer":
        next((release.path / "store").glob("LOG")).unlink()
    elif change == "stamp":
        stamp.write_text("{")
    else:
        stamp.unlink()
    again = Release(release.path)
    again.check()
    assert len(counted) == 2
    again.check()
    assert len(counted) == 2


def test_another_store_is_refused_in_spite_of_the_stamp(
    tmp_path: Path, counted: list[Path]
) -> None:
    release = published(tmp_path)
    store = Store(str(release.path / "store"))
    store.add(Quad(thing("figure", "x"), LABEL, thing("figure", "y"), graph("note")))
    store.flush()
    del store
    assert counted == [release.path]
    with pytest.raises(ReleaseDamaged, match="store holds"):
        release.check()


def test_stamps_of_releases_that_are_gone_go(tmp_path: Path, counted: list[Path]) -> None:
    first = published(tmp_path)
    stamp = first.path.name + STAMP
    assert stamp in names(tmp_path)
    shutil.rmtree(first.path)
    second = published(tmp_path, size=4)
    assert stamp not in names(tmp_path)
    assert second.path.name + STAMP in names(tmp_path)
    assert len(counted) == 2


def test_a_stamp_is_left_out_where_it_cannot_be_written(
    tmp_path: Path, counted: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse)
    release = published(tmp_path)
    release.check()
    assert len(counted) == 2
    assert release.path.name + STAMP not in names(tmp_path)
