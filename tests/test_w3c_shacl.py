"""The SHACL tests of the W3C: each passes, or is refused with the name of what is lacking."""

import csv
from pathlib import Path

import pytest

from w3c_shacl import W3cTest, suite_below

SUITE = Path(__file__).parents[2] / "shared" / "w3c" / "shacl"
FOUND = suite_below(SUITE)
with (Path(__file__).parent / "data" / "w3c-shacl.csv").open(encoding="utf-8") as stream:
    REFUSED = {row["test"]: row["refused for"] for row in csv.DictReader(stream)}

pytestmark = pytest.mark.skipif(
    not SUITE.is_dir(), reason="the W3C's SHACL tests are not in ../shared/w3c/shacl"
)


@pytest.mark.parametrize("test", FOUND, ids=lambda test: test.name)
def test_a_test_of_the_w3c_passes_or_is_refused_for_what_the_list_says(test: W3cTest) -> None:
    outcome = test.outcome()
    if test.name in REFUSED:
        assert outcome.startswith("refused: "), f"{outcome}: take it off the list"
        assert REFUSED[test.name] in outcome
    else:
        assert outcome == "passes"


def test_the_page_says_how_many_pass() -> None:
    page = (Path(__file__).parents[1] / "docs" / "shacl.md").read_text("utf-8")
    core = [test.name for test in FOUND if test.name.startswith("core/")]
    refused = [name for name in REFUSED if name.startswith("core/")]
    rest = len(FOUND) - len(core)
    passed = rest - len(REFUSED) + len(refused)
    assert f"all {len(core) - len(refused)} of SHACL Core and {passed} of {rest}" in page


def test_the_whole_suite_is_there_and_the_list_names_nothing_else() -> None:
    names = {test.name for test in FOUND}
    assert len([name for name in names if name.startswith("core/")]) == 98
    assert len([name for name in names if name.startswith("sparql/")]) == 23
    assert set(REFUSED) <= names
