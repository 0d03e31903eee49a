"""Tables of the project that cells of official tables refer to: countries, codes.

They are CSV files of `mappings/sources`; the codes of concept schemes are those of the packaged
table of concepts.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

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
    path = folder("mappings") / "tables" / "shared" / "concepts.csv"
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["scheme"], set()).add(row["code"])
    return {scheme: frozenset(codes - {"scheme"}) for scheme, codes in found.items()}
