"""Hedged numbers: how quotients are rounded, and which bound a result can honestly have."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzgraph.reasoning.hedged import joint_bound, opposite_bound, quotient


def test_six_digits_half_to_even() -> None:
    assert quotient(Decimal(1), Decimal(3), scale=100) == Decimal("33.3333")
    assert quotient(Decimal("1.0000005"), Decimal(1)) == Decimal("1")
    assert quotient(Decimal("1.000015"), Decimal(1)) == Decimal("1.00002")
    assert quotient(Decimal("1.000025"), Decimal(1)) == Decimal("1.00002")


@pytest.mark.parametrize(
    ("bounds", "result"),
    [
        (["exact", "exact"], "exact"),
        (["exact", "lower"], "lower"),
        (["upper", "exact"], "upper"),
        (["approximate", "exact"], "approximate"),
        (["approximate", "approximate"], "approximate"),
        (["lower", "upper"], None),
        (["lower", "approximate"], None),
        (["", "exact"], None),
    ],
)
def test_a_joint_bound(bounds: list[str], result: str | None) -> None:
    assert joint_bound(bounds) == result


POSITIVE = st.integers(1, 10**6).map(Decimal)
BOUND = st.sampled_from(["exact", "lower", "upper"])


def true_number(stated: Decimal, bound: str, by: int) -> Decimal:
    """A number that a stated one with its bound leaves possible; `by` chooses which."""
    return {"exact": stated, "lower": stated + by, "upper": stated / (1 + by)}[bound]


def holds(truth: Decimal, stated: Decimal, bound: str | None) -> bool:
    """Whether a published result is right for the true inputs."""
    if bound == "lower":
        return truth >= stated
    if bound == "upper":
        return truth <= stated
    return bound is None or truth == stated


@given(POSITIVE, BOUND, st.integers(0, 999), POSITIVE, BOUND, st.integers(0, 999))
def test_a_published_bound_holds_whatever_the_true_inputs(
    a: Decimal, a_bound: str, a_by: int, b: Decimal, b_bound: str, b_by: int
) -> None:
    true_a, true_b = true_number(a, a_bound, a_by), true_number(b, b_bound, b_by)
    falling = joint_bound([a_bound, opposite_bound(b_bound)])
    assert holds(true_a - true_b, a - b, falling)
    assert holds(true_a / true_b, a / b, falling)
    assert holds(true_a * true_b, a * b, joint_bound([a_bound, b_bound]))
