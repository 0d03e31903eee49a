"""The W3C's tests that do not pass: one list, with what happens instead and why.

`tests/data/w3c.toml` is the list. Nothing else in these tests knows a test by name.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

LIST = Path(__file__).parent / "data" / "w3c.toml"

#: What may happen instead of the right answer. The list has no word for a wrong one.
REFUSED, DIFFERS, EMPTY = "refused", "differs", "empty"


@dataclass(frozen=True)
class Outcome:
    """What a test came to.

    Attributes:
        kind: "passes"; "refused" by the product; "differs" where the answer is the same by the
            values of its literals, though not as they are written; "wrong" for anything else.
        detail: what came, in words.
        status: the status code of a refusal.
    """

    kind: str
    detail: str = ""
    status: int | None = None


PASSES = Outcome("passes")


@dataclass(frozen=True)
class Deviation:
    """What is done otherwise.

    Attributes:
        outcome: "refused", "differs" or "empty".
        summary: what is otherwise, in a sentence of docs/endpoint.md.
        section: the address of what the specification says.
        status: the status code of the refusal.
        detail: what a refusal says, or a part of it.
        tests: tests that do not pass for this reason.
        examples: queries that show it.
    """

    outcome: str
    summary: str
    section: str
    status: int | None = None
    detail: str = ""
    tests: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@cache
def deviations() -> tuple[Deviation, ...]:
    """The list."""
    listed = tomllib.loads(LIST.read_text("utf-8"))["deviation"]
    lists = ("tests", "examples")
    return tuple(
        Deviation(**{**each, **{name: tuple(each.get(name, ())) for name in lists}})
        for each in listed
    )


def check(name: str, outcome: Outcome) -> None:
    """Fail unless the test called `name` passes, or comes to what the list says of it."""
    listed = next((each for each in deviations() if name in each.tests), None)
    if listed is None:
        if outcome != PASSES:
            pytest.fail(f"{name} is {outcome.kind}: {outcome.detail}", pytrace=False)
        return
    if outcome == PASSES:
        pytest.fail(f"{name} passes now: take it off {LIST.name}", pytrace=False)
    if not is_as_listed(outcome, listed):
        expected = f"{listed.outcome} {listed.status or ''} {listed.detail!r}"
        pytest.fail(
            f"{name} is {outcome.kind} {outcome.status or ''}: {outcome.detail}\n"
            f"{LIST.name} says that it is {expected}",
            pytrace=False,
        )


def is_as_listed(outcome: Outcome, listed: Deviation) -> bool:
    """Whether what came is what the list says."""
    same = (outcome.kind, outcome.status) == (listed.outcome, listed.status)
    return same and listed.detail in outcome.detail


def describe(total: int) -> str:
    """What docs/endpoint.md says of the list.

    Args:
        total: how many tests the suite has.
    """
    listed = deviations()
    passing = total - sum(len(each.tests) for each in listed)
    rows = "".join(
        f"| {each.summary} | [section]({each.section}) | {each.outcome} | "
        f"{len(each.tests) or 'none'} |\n"
        for each in listed
    )
    return f"""Of the W3C's {total} tests {passing} pass. The others, and what no test asks for:

| here | specification | it is | tests |
| --- | --- | --- | --- |
{rows}"""
