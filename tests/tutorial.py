"""The tutorial of docs/adding-a-document.md, followed as an editor would: commands and cells."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from small_tables import Cells

PAGE = Path(__file__).parents[1] / "docs" / "adding-a-document.md"
_BLOCK = re.compile(r"^```(sh|csv (\w+)|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A block of the tutorial: commands to run, the rows of a table, or what is then shown."""

    table: str | None
    text: str
    shown: bool = False


def steps() -> Iterator[Step]:
    """The blocks of the tutorial, in order; the rules after it are no part of it."""
    tutorial = PAGE.read_text("utf-8").partition("\n## The rules\n")[0]
    for kind, table, text in _BLOCK.findall(tutorial):
        yield Step(table or None, text, shown=kind == "text")


def type_cells(folder: Path, table: str, text: str, drafts: dict[str, Cells]) -> int:
    """Put the rows of a block into a table, and give back how many cells one types for that.

    A row that names a draft row begins with its cells; the draft rows of the table go. A table that
    `kzgraph new` does not make has the columns of the block, and no others.
    """
    path = folder / f"{table}.csv"
    header = text.partition("\n")[0].split(",")
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
    old: list[Cells] = []
    if table == "document":
        with path.open(encoding="utf-8", newline="") as file:
            old = list(csv.DictReader(file))
    rows, typed = [], 0
    for given in csv.DictReader(io.StringIO(text)):
        start = drafts[given.pop("draft")] if given.get("draft") else {}
        row = dict.fromkeys(header, "") | (old[0] if old else {})
        row |= {name: cell for name, cell in start.items() if name in row}
        typed += sum(bool(cell) for cell in given.values())
        rows.append(row | {name: cell for name, cell in given.items() if cell})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return typed


def draft_rows(folder: Path) -> dict[str, Cells]:
    """The draft rows of a folder by their number."""
    found: dict[str, Cells] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("key", "").startswith("draft: "):
                    found[row["key"].removeprefix("draft: ")] = row
    return found
