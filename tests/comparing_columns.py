"""Compare columns and the store by generated queries, for as long as is wanted.

    python tests/comparing_columns.py [--seconds 3600] [--seed 2026]

Prints how many queries were compared, how many of them columns answered, by what is in them, and
each wrong answer. Ends with 1 if there is one.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pyoxigraph import Store

from aggregate_queries import Shape
from column_comparison import Answering, Mismatch, Tally, compare, shapes, simplify, until
from column_data import awkward_quads, load_lines, write_lines
from known_data import Known
from kzgraph.columns.column_file import COLUMNS

MEMORY_MIB = 256
#: Wrong answers after which a comparison ends.
ENOUGH = 5


@dataclass(frozen=True)
class Data:
    """Quads, to be asked about both ways."""

    store: Store
    known: Known
    columns: Path

    @classmethod
    def of_lines(cls, lines: Path) -> "Data":
        """Those of a file of canonical N-Quads; the columns are written beside it."""
        # Imported here, as below, so that it is the one with a fault in it where there is one.
        from kzgraph.columns.column_tables import write_columns

        store = load_lines(lines)
        columns = lines.with_suffix(".duckdb")
        write_columns(lines, columns, "1", MEMORY_MIB)
        return cls(store, Known(store), columns)

    @classmethod
    def of_release(cls, release: Path) -> "Data":
        """Those of a release."""
        store = Store.read_only(str(release / "store"))
        return cls(store, Known(store), release / COLUMNS)

    def open(self) -> Answering:
        """The columns, opened anew."""
        from kzgraph.columns.column_answers import Columns

        return Columns(self.columns, MEMORY_MIB)

    def find_mismatches(
        self, made: Iterable[Shape], tally: Tally, most: int = ENOUGH
    ) -> list[Mismatch]:
        """The first wrong answers to queries of these shapes, simplified."""
        found = islice(compare(made, self.open(), self.open(), self.store, tally), most)
        return [simplify(each, self.open, self.store) for each in found]


def awkward_data(folder: Path) -> Data:
    """All that makes aggregates awkward."""
    lines = folder / "awkward.nq"
    write_lines(awkward_quads(), lines)
    return Data.of_lines(lines)


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3600, help="of the processor")
    parser.add_argument("--seed", default="2026")
    chosen = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        data = awkward_data(Path(folder))
        made = until(shapes(data.known, chosen.seed), chosen.seconds)
        found = data.find_mismatches(made, tally)
    print(f"Seed {chosen.seed}. {tally.table()}")  # noqa: T201 - it is what this is for
    print(*found, sep="\n")  # noqa: T201
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
