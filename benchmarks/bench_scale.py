"""What a release costs by its size: `make bench-scale` prints the table of `docs/scaling.md`.

Each size is a build of all that ships with kzgraph and of a table with as many invented rows as
make so many triples, in a process of its own. Then the server is started, and asked.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import official_rows
from machine import description
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bench_build import run_build

from kzgraph.release import Release
from running import Server, free_port

#: Triples of the table.
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)

_SUM = """
SELECT ?year (SUM(?number) AS ?all) WHERE {
  ?figure a kzg:OfficialHeadlineFigure ; kzg:year ?year ; kzg:populationGroup ?group ;
    kzg:officialValue ?number
} GROUP BY ?year ORDER BY ?year
"""


def measure(folder: Path, triples: int) -> list[str]:
    """A row of the table."""
    sources, root = folder / f"sources-{triples}", folder / f"releases-{triples}"
    rows = round(triples / official_rows.TRIPLES)
    official_rows.write_folder(sources, rows)
    built = run_build(root, sources=sources)
    seconds = sum(built.phases.values())
    release = (root / "current").resolve()
    largest = max(Release(release).sources, key=lambda each: each.triples)
    if not largest.current:
        raise SystemExit("what ships is later than the invented table, and has taken its place")
    command = [sys.executable, "-m", "kzgraph", "serve", "--releases", str(root)]
    started = time.perf_counter()
    with Server(command, free_port()) as server:
        server.ask("ASK { ?figure kzg:value 87632 }")
        start = time.perf_counter() - started
        asked = time.perf_counter()
        server.ask(_SUM)
        answer = (time.perf_counter() - asked) * 1000
    store = _size(release / "store") + _size(release / "store-all")
    return [
        f"{triples:,}",
        f"{rows:,}",
        f"{seconds:.0f}",
        f"{built.processor:.0f}",
        f"{built.mebibytes:,.0f}",
        *(f"{size / 2**20:,.0f}" for size in (
            _size(release / "dumps"), store, _size(release / "columns.duckdb"),
            _size(release / "search.sqlite"),
        )),
        f"{start:.1f}",
        f"{answer:,.0f}",
    ]  # fmt: skip


def _size(path: Path) -> int:
    """The bytes of a file, or of all files below a folder; 0 where there is none."""
    if path.is_file():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="in triples")
    options = parser.parse_args()
    shown = Table(box=None, header_style="bold")
    for name in ("Triples", "Rows", "Build, s", "Processor, s", "Memory, MiB", "Dumps, MiB",
                 "Store, MiB", "Columns, MiB", "Search, MiB", "Start, s", "A sum, ms"):  # fmt: skip
        shown.add_column(name, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            shown.add_row(*measure(Path(folder), size))
    Console(width=160).print(shown)
    print(description())


if __name__ == "__main__":
    main()
