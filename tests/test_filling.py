"""Filling a store in pieces."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kzgraph.release import filling

#: Of this many lines is each file, and in one of the stores each piece.
_FEW = 20


def _lines(first: int, last: int) -> bytes:
    return b"".join(
        b"<urn:s%d> <urn:p%d> <urn:o%d> <urn:g> .\n" % (number % 50, number % 7, number)
        for number in range(first, last)
    )


def _fill(folder: Path, files: list[Path], most: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Fill a store from pieces of `most` lines; how many files it has."""
    monkeypatch.setattr(filling, "_MOST", most)
    folder.mkdir()
    with filling.filling(folder) as begun:
        store = begun.finish(parse(_lines(1000, 1003), RdfFormat.N_QUADS), files)
        assert len(store) == len(files) * _FEW + 3
        path = begun.path
        del store
    Store(str(path))  # It removes the files that nothing needs any more.
    return len(list(path.glob("*.sst")))


def test_a_store_filled_in_pieces_has_as_few_files_as_one_filled_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / f"{number}.nq" for number in range(15)]
    for number, file in enumerate(files):
        file.write_bytes(_lines(number * _FEW, (number + 1) * _FEW))
    once = _fill(tmp_path / "once", files, 1000, monkeypatch)
    assert _fill(tmp_path / "pieces", files, _FEW, monkeypatch) == once
