"""Filling a store in pieces."""

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kzgraph.release import filling

#: Of this many lines is each file, and each piece.
_FEW = 20


class _Recording:
    """A store that notes what is asked of it."""

    def __init__(self, path: str) -> None:
        self.store = Store(path)
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self.store, name)


def _lines(first: int, last: int) -> bytes:
    return b"".join(
        b"<urn:s%d> <urn:p%d> <urn:o%d> <urn:g> .\n" % (number % 50, number % 7, number)
        for number in range(first, last)
    )


@pytest.mark.parametrize("many", [4, 5])
def test_many_pieces_are_merged_once_all_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Which files the store has on the disk then is not told by looking: it removes some later."""
    monkeypatch.setattr(filling, "_MOST", _FEW)
    monkeypatch.setattr(filling, "_MANY", many)
    monkeypatch.setattr(filling, "Store", _Recording)
    files = [tmp_path / f"{number}.nq" for number in range(5)]
    for number, file in enumerate(files):
        file.write_bytes(_lines(number * _FEW, (number + 1) * _FEW))
    more = list(parse(_lines(1000, 1003), RdfFormat.N_QUADS))
    with filling.filling(tmp_path) as begun:
        for _again in range(2):
            made: Any = begun.finish(more, files)
        merged = ["optimize"] if many < 5 else []
        assert made.asked == [*["bulk_load"] * 5, "bulk_extend", "flush", *merged]
        quads = parse(_lines(0, 5 * _FEW), RdfFormat.N_QUADS)
        assert set(made.store) == {*quads, *more}
        del made
