"""The tables that tests build from: those of three documents, whatever else a checkout has.

What a test says of numbers, counts and answers, it says of these. Another document beside them, and
the rows that other documents add to the shared tables, change nothing here.
"""

import csv
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from kzgraph.resources import folder
from kzgraph.tables import Tables, read_tables

#: The folders of the three documents.
SLUGS = ("fact-sheet-2024", "global-focus-2018", "overview")


def fixed_tables(into: Path, source: Path | None = None) -> Path:
    """A copy of the tables of the three documents in the folder `into/tables`.

    A row of a shared table that refers to another document is left out.

    Args:
        into: a folder; it is made.
        source: all tables; by default the project's own.
    """
    source = source or folder("mappings") / "tables"
    made = into / "tables"
    for name in ("shared", *SLUGS):
        shutil.copytree(source / name, made / name)
    others = {each.name for each in source.iterdir() if each.is_dir()} - {"shared", *SLUGS}
    if others:
        named = re.compile(rf"(?:^|[/ ])(?:{'|'.join(map(re.escape, sorted(others)))})(?:[/ ]|$)")
        for path in (made / "shared").glob("*.csv"):
            _drop_rows(path, named)
    return made


def _drop_rows(path: Path, named: re.Pattern[str]) -> None:
    """Write a table anew without the rows in which a cell matches."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows(row for row in rows if not any(map(named.search, row)))


@cache
def read_fixed_tables() -> Tables:
    """The tables of the three documents."""
    with tempfile.TemporaryDirectory() as made:
        return read_tables(fixed_tables(Path(made)))
