"""The list of the W3C's tests that do not pass, and what docs/endpoint.md says of it."""

import io
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Store

from kzgraph.problem import Problem
from kzgraph.sparql.evaluation import evaluate
from kzgraph.sparql.job import Job
from w3c_deviations import (
    DIFFERS,
    EMPTY,
    LIST,
    REFUSED,
    Deviation,
    Outcome,
    describe,
    deviations,
    is_as_listed,
)
from w3c_results import Table, read_answer
from w3c_suite import (
    ABSENT,
    DESCRIPTION,
    EVALUATION,
    PARSING,
    READING,
    REQUESTS,
    SYNTAX,
    Test,
    all_tests,
)

DOCS = Path(__file__).parents[1] / "docs" / "endpoint.md"


@pytest.fixture
def every() -> tuple[Test, ...]:
    """All tests of the suite."""
    return all_tests() or pytest.skip(ABSENT)


def test_every_test_of_the_suite_is_of_a_class_that_is_run(every: tuple[Test, ...]) -> None:
    run = {*EVALUATION, *SYNTAX, *REQUESTS, *DESCRIPTION, *READING, *PARSING}
    assert {test.kind for test in every} == run


def test_the_list_names_tests_of_the_suite_and_each_once(every: tuple[Test, ...]) -> None:
    listed = Counter(name for each in deviations() for name in each.tests)
    assert [name for name, count in listed.items() if count > 1] == []
    assert sorted(listed - Counter(test.id for test in every)) == []


def test_nothing_on_the_list_is_a_wrong_answer() -> None:
    assert {each.outcome for each in deviations()} <= {REFUSED, DIFFERS, EMPTY}


@pytest.mark.parametrize(
    ("query", "listed"),
    [(query, each) for each in deviations() for query in each.examples],
)
def test_an_example_shows_what_the_list_says(query: str, listed: Deviation) -> None:
    out = io.BytesIO()
    try:
        evaluate(Job(query, (), (), ("json",), 30), Store(), 100).write(out)
    except Problem as problem:
        outcome = Outcome(REFUSED, problem.detail, problem.status)
    else:
        table = read_answer(out.getvalue(), "json")
        outcome = Outcome(
            EMPTY if table == Table(("x",), ({},)) else "wrong", out.getvalue().decode()
        )
    assert is_as_listed(outcome, listed), outcome


def test_the_documentation_says_what_the_list_says(every: tuple[Test, ...]) -> None:
    right = describe(len(every))
    assert right in DOCS.read_text("utf-8"), (
        f"by {LIST.name}, docs/endpoint.md must say:\n\n{right}"
    )
