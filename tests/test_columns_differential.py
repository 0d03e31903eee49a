"""What columns answer, the store answers too: asked by queries that nobody has thought of.

`KZGRAPH_FUZZ_SEED` makes it another run; `KZGRAPH_FUZZ_SECONDS` is how long the long one takes.
"""

import os
from itertools import islice
from pathlib import Path

import pytest

from column_comparison import Tally, shapes, until
from comparing_columns import Data, awkward_data

SEED = os.environ.get("KZGRAPH_FUZZ_SEED", "2026")
#: Of the processor, in the long run: an hour.
SECONDS = float(os.environ.get("KZGRAPH_FUZZ_SECONDS", "3600"))
#: Shapes of the short run, each asked three times with other constants: thousands of queries.
SHAPES = 700


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return awkward_data(tmp_path_factory.mktemp("awkward"))


def test_columns_answer_as_the_store_does(awkward: Data) -> None:
    tally = Tally()
    found = awkward.find_mismatches(islice(shapes(awkward.known, SEED), SHAPES), tally)
    assert not found, "".join(map(str, found))
    assert tally.queries >= 3 * SHAPES
    # Otherwise this would prove nothing.
    assert tally.answered > tally.queries / 2
    assert tally.nonempty > 0.4 * tally.answered


def test_they_do_so_over_a_release(release_root: Path) -> None:
    data = Data.of_release(release_root / "current")
    tally = Tally()
    made = shapes(data.known, f"{SEED} release", most=1500)
    found = data.find_mismatches(islice(made, SHAPES // 14), tally)
    assert not found, "".join(map(str, found))
    assert tally.answered > tally.queries / 2


@pytest.mark.long
def test_they_do_so_for_an_hour(awkward: Data) -> None:
    tally = Tally()
    found = awkward.find_mismatches(until(shapes(awkward.known, f"{SEED} long"), SECONDS), tally)
    print(f"seed {SEED}: {tally.table()}")  # noqa: T201 - for docs/benchmarks.md
    assert not found, "".join(map(str, found))
