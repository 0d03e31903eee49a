"""The list of the W3C's tests that do not pass, and what docs/endpoint.md says of it."""

from collections import Counter
from pathlib import Path

import pytest

from w3c_deviations import LIST, describe, deviations
from w3c_suite import ABSENT, DESCRIPTION, EVALUATION, REQUESTS, SYNTAX, Test, all_tests

DOCS = Path(__file__).parents[1] / "docs" / "endpoint.md"


@pytest.fixture
def every() -> tuple[Test, ...]:
    """All tests of the suite."""
    return all_tests() or pytest.skip(ABSENT)


def test_every_test_of_the_suite_is_of_a_class_that_is_run(every: tuple[Test, ...]) -> None:
    run = {*EVALUATION, *SYNTAX, *REQUESTS, *DESCRIPTION}
    assert {test.kind for test in every} == run


def test_the_list_names_tests_of_the_suite_and_each_once(every: tuple[Test, ...]) -> None:
    listed = Counter(name for each in deviations() for name in each.tests)
    assert [name for name, count in listed.items() if count > 1] == []
    assert sorted(listed - Counter(test.id for test in every)) == []


def test_a_listed_test_is_refused_or_differs_in_writing_only() -> None:
    assert {each.outcome for each in deviations()} <= {"refused", "differs"}


def test_the_documentation_says_what_the_list_says(every: tuple[Test, ...]) -> None:
    right = describe(len(every))
    assert right in DOCS.read_text("utf-8"), (
        f"by {LIST.name}, docs/endpoint.md must say:\n\n{right}"
    )
