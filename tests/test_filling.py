"""Filling a store in pieces."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kzgraph.release import filling


def _lines(first: int, last: int) -> list[bytes]:
    return [
        b"<urn:s%d> <urn:p%d> <urn:o%d> <urn:g> .\n" % (number % 50, number % 7, number)
        for number in range(first, last)
    ]


def _fill(folder: Path, lines: list[bytes], piece: int, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(filling, "_PIECE", piece)
    folder.mkdir()
    path = folder / "lines.nq"
    path.write_bytes(b"".join(lines))
    beside = parse(b"".join(_lines(1000, 1003)), RdfFormat.N_QUADS)
    with filling.filling(folder) as begun:
        store = begun.finish(list(beside), [path])
        assert len(store) == len(lines) + 3
        folder = begun.path
        del store
    Store(str(folder))  # It removes the files that nothing needs any more.
    return folder


def test_a_store_filled_in_pieces_has_as_few_files_as_one_filled_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = _lines(0, 300)
    once = _fill(tmp_path / "once", lines, 1000, monkeypatch)
    pieces = _fill(tmp_path / "pieces", lines, 20, monkeypatch)
    files = [len(list(store.glob("*.sst"))) for store in (once, pieces)]
    assert files[0] == files[1], files
