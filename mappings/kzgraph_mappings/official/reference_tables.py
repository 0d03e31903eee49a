"""Tables of the project that cells of official tables refer to: countries, codes.

They are CSV files of `mappings/sources`; the codes of concept schemes, and what codes and treaties
are called, are those of the packaged tables of the documents.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kzgraph.namespaces import LANGUAGES
from kzgraph.resources import folder

Row = Mapping[str, str]


def sources_folder() -> Path:
    """The folder of metadata, tables and packaged files."""
    return folder("mappings") / "sources"


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """The rows of a table of `mappings/sources`, by the names of their columns."""
    with (sources_folder() / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, strict=True))


@cache
def index_table(name: str, keys: tuple[str, ...]) -> Mapping[tuple[str, ...], Row]:
    """The rows of a table by their cells in the columns `keys`.

    Raises:
        ValueError: two rows have the same.
    """
    rows = read_table(name)
    found = {tuple(row[key] for key in keys): row for row in rows}
    if len(found) < len(rows):
        raise ValueError(f"{name}: two rows are alike in {', '.join(keys)}")
    return found


@cache
def read_codes() -> Mapping[str, frozenset[str]]:
    """The codes of each concept scheme."""
    found: dict[str, set[str]] = {}
    for row in _read_shared("concepts"):
        found.setdefault(row["scheme"], set()).add(row["code"])
    return {scheme: frozenset(codes - {"scheme"}) for scheme, codes in found.items()}


@cache
def read_labels() -> Mapping[str, Mapping[str, str]]:
    """What codes and legal instruments are called: by path below `id/`, the labels by language."""
    rows = {f"{row['scheme']}/{row['code']}": row for row in _read_shared("concepts")}
    rows |= {row["id"]: row for row in _read_shared("instruments")}
    return {
        path: {each: label for each in LANGUAGES if (label := row[f"label_{each}"])}
        for path, row in rows.items()
    }


def _read_shared(name: str) -> tuple[Row, ...]:
    path = folder("mappings") / "tables" / "shared" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
