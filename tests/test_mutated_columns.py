"""The comparison of columns with the store finds faults: each of those that are put in."""

from itertools import islice
from pathlib import Path

import pytest

from column_comparison import Mismatch, Tally, compare, shapes
from column_mutants import MUTANTS
from comparing_columns import Data, awkward_data
from mutated_columns import Mutant, mutated

#: Shapes with what a fault is about, within which it is found.
SHAPES = 1000
#: Those for a fault that is found soon.
FEW = 40


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Data:
    return awkward_data(tmp_path_factory.mktemp("awkward"))


def find_fault(mutant: Mutant, data: Data, folder: Path, most: int) -> Mismatch | None:
    """The first wrong answer of columns with a fault in them."""
    made = (
        shape
        for shape in shapes(data.known, "mutants")
        if not mutant.about or mutant.about in shape.features
    )
    with mutated(mutant):
        asked = awkward_data(folder) if mutant.module == "column_tables" else data
        return next(
            compare(islice(made, most), asked.open(), asked.open(), data.store, Tally()), None
        )


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_a_fault_is_of_the_code_as_it_is(mutant: Mutant) -> None:
    assert mutant.places == 1
    assert mutant.new != mutant.old


@pytest.mark.parametrize(
    "mutant", [each for each in MUTANTS if each.soon], ids=lambda each: each.name
)
def test_a_fault_is_found_soon(mutant: Mutant, awkward: Data, tmp_path: Path) -> None:
    assert find_fault(mutant, awkward, tmp_path, FEW) is not None


@pytest.mark.long
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_a_fault_is_found(mutant: Mutant, awkward: Data, tmp_path: Path) -> None:
    assert find_fault(mutant, awkward, tmp_path, SHAPES) is not None


def test_without_a_fault_nothing_is_found(awkward: Data, tmp_path: Path) -> None:
    same = Mutant("compiling", "class Compiler:", "class Compiler:  #")
    assert same.places == 1
    assert find_fault(same, awkward, tmp_path, FEW) is None


def test_there_are_enough_faults() -> None:
    assert len(set(MUTANTS)) == len(MUTANTS) >= 25
    assert sum(each.soon for each in MUTANTS) >= 10
