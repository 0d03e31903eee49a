"""Which budgets of an activity of IATI a sum counts."""

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode

from kzgraph_mappings.official.iati_figures import Money
from kzgraph_mappings.official.iati_money import Budget, choose_budgets
from kzgraph_mappings.official.iati_values import period


@pytest.mark.parametrize("start", range(1, 13))
@pytest.mark.parametrize("last", [1, 3, 7, 12])
def test_a_revised_budget_takes_the_place_of_original_ones_of_its_days(
    start: int, last: int
) -> None:
    """As by looking at each day."""

    def made(kind: str, first: int, end: int) -> Budget:
        time = period(date(2020, first, 1), date(2020, end, 28))
        return Budget(
            Money("budget", time, Literal(1), NamedNode("u:u"), 1, is_headline=True), kind
        )

    spans = [(1, 2), (2, 4), (6, 6), (6, 6), (9, 12)]
    revised = [made("2", *each) for each in spans]
    original = made("1", min(start, last), max(start, last))
    days = {month for first, end in spans for month in range(first, end + 1)}
    stands = days.isdisjoint(range(min(start, last), max(start, last) + 1))
    (*others, money) = choose_budgets([*revised, original], "AA-1", "AA-1")
    assert [money.is_headline, all(each.is_headline for each in others)] == [stands, True]
