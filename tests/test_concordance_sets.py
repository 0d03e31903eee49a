"""Which set of countries explains the numbers of a scope: found, several, none, never by chance."""

import random
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kzgraph.iri import thing
from kzgraph.namespaces import Term
from kzgraph.reasoning.concordance.cell_totals import HIDDEN, ROUNDED, Cell, Total, add_up
from kzgraph.reasoning.concordance.country_sets import (
    CHANCE,
    MOST_MEMBERS,
    Target,
    search_sets,
)
from kzgraph.reasoning.concordance.number_matches import Number

COUNTRIES = tuple(thing("country", f"C{index}") for index in range(MOST_MEMBERS + 1))
GROUP, ALONE = thing("population-group", "REF"), thing("population-group", "STA")


def total(*values: int, group: NamedNode = ALONE) -> Total:
    """The sum of cells with values; where the group is ALONE nobody can hide beside them."""
    cells = (
        Cell(
            thing("cell", str(index)), Decimal(value), 2018, thing("quantity", "stock"), group=group
        )
        for index, value in enumerate(values)
        if value
    )
    return add_up(cells, frozenset({ALONE}))


def target(number: int, parts: dict[Term, Total], bound: str = "exact") -> Target:
    """A number that a set has to give."""
    return Target(Number(Decimal(number), bound), parts)


def alone(*values: int) -> dict[Term, Total]:
    """A number for each country in which nobody can hide."""
    return {country: total(value) for country, value in zip(COUNTRIES, values, strict=False)}


def test_one_large_exact_number_is_enough() -> None:
    search = search_sets([target(87632, alone(7690, 548, 4616, 4714, 79942))], COUNTRIES[:5])
    assert search.is_claimed
    assert search.sets == (frozenset({COUNTRIES[0], COUNTRIES[4]}),)
    assert not search.undetermined


def test_one_small_number_never_is() -> None:
    search = search_sets([target(195, alone(190, 105, 5, 74, 315))], COUNTRIES[:5])
    assert search.sets and not search.is_claimed


def test_small_numbers_together_are() -> None:
    parts = [(190, 105, 315, 3, 0), (581, 329, 2654, 21, 13), (412, 77, 1009, 530, 81)]
    wanted = [parts[0][0] + parts[0][3], parts[1][0] + parts[1][3], parts[2][0] + parts[2][3]]
    targets = [target(number, alone(*part)) for number, part in zip(wanted, parts, strict=True)]
    search = search_sets(targets, COUNTRIES[:5])
    assert search.is_claimed
    assert search.sets == (frozenset({COUNTRIES[0], COUNTRIES[3]}),)


def test_a_sum_of_other_targets_proves_nothing_more() -> None:
    parts = alone(190, 105, 315, 74, 12)
    once = search_sets([target(295, parts)], COUNTRIES[:5])
    whole = Target(Number(Decimal(295)), parts, is_independent=False)
    assert search_sets([target(295, parts), whole], COUNTRIES[:5]).chance == once.chance


def test_members_without_cells_stay_undetermined() -> None:
    search = search_sets([target(87632, alone(7690, 0, 4616, 0, 79942))], COUNTRIES[:5])
    assert search.sets == (frozenset({COUNTRIES[0], COUNTRIES[4]}),)
    assert search.undetermined == {COUNTRIES[1], COUNTRIES[3]}


def test_several_sets_are_all_kept() -> None:
    numbers = (70001, 30000, 25000, 5000, 200)
    search = search_sets([target(100001, alone(*numbers))], COUNTRIES[:5])
    one, other = frozenset(COUNTRIES[:2]), frozenset({COUNTRIES[0], *COUNTRIES[2:4]})
    assert search.sets == (one, other)
    assert search.is_claimed


def test_small_cells_leave_room_and_no_more() -> None:
    parts: dict[Term, Total] = {
        COUNTRIES[0]: total(538, 15, 15, group=GROUP),
        COUNTRIES[1]: total(13, group=GROUP),
    }
    room = HIDDEN * 4
    for number, fits in (
        (581, True),
        (581 + int(room), True),
        (582 + int(room), False),
        (579, False),
    ):
        search = search_sets([target(number, parts)], COUNTRIES[:2])
        assert (frozenset(COUNTRIES[:2]) in search.sets) is fits, number


@pytest.mark.parametrize(
    ("number", "fits"), [(0, False), (1, True), (5, True), (9, True), (10, False)]
)
def test_a_five_may_be_one_to_five_and_hide_another_cell(number: int, *, fits: bool) -> None:
    search = search_sets(
        [target(number, {COUNTRIES[0]: total(int(ROUNDED), group=GROUP)})], COUNTRIES[:1]
    )
    assert bool(search.sets) is fits


def test_too_many_candidates_are_said_to_be_so() -> None:
    parts = alone(*range(1000, 1000 + MOST_MEMBERS + 1))
    search = search_sets([target(2001, parts)], COUNTRIES)
    assert search.too_many and not search.sets and not search.is_claimed


def test_known_sets_are_tried_alone() -> None:
    """One candidate is met by chance less often than one of thirty-one."""
    parts = alone(7690, 548, 4616, 4714, 1200)
    known = frozenset({COUNTRIES[0], COUNTRIES[4]})
    every = search_sets([target(8890, parts)], COUNTRIES[:5])
    alone_tried = search_sets([target(8890, parts)], COUNTRIES[:5], [known])
    assert alone_tried.sets == (known,)
    assert alone_tried.chance < every.chance / 20


Numbers = st.lists(st.integers(0, 90000), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(Numbers, min_size=1, max_size=4), st.data())
def test_every_set_that_gives_the_numbers_is_found_and_no_other(
    columns: list[list[int]], data: st.DataObject
) -> None:
    """Against the definition: all subsets, added up one by one."""
    width = max(map(len, columns))
    columns = [column + [0] * (width - len(column)) for column in columns]
    chosen = data.draw(st.sets(st.integers(0, width - 1), min_size=1))
    wanted = [sum(column[index] for index in chosen) for column in columns]
    targets = [
        target(number, alone(*column)) for number, column in zip(wanted, columns, strict=True)
    ]
    search = search_sets(targets, COUNTRIES[:width])
    silent = {index for index in range(width) if not any(column[index] for column in columns)}
    assert search.undetermined == {COUNTRIES[index] for index in silent}
    expected = {
        frozenset(COUNTRIES[index] for index in members)
        for size in range(1, width + 1)
        for members in combinations(sorted(set(range(width)) - silent), size)
        if all(
            sum(column[index] for index in members) == number
            for column, number in zip(columns, wanted, strict=True)
        )
        # A number that ends in zeros is met by what rounds to it, which is told apart elsewhere.
        or all(
            abs(sum(column[index] for index in members) - number) * 2 <= _place(number)
            for column, number in zip(columns, wanted, strict=True)
        )
    }
    assert expected == set(search.sets)
    assert search.chance >= 0


def _place(number: int) -> int:
    digits = str(number).rstrip("0")
    if len(digits) < 2:
        return number // 10 if number >= 1000 else 0
    return int("1" + "0" * (len(str(number)) - len(digits)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(5, 400), min_size=2, max_size=5), st.data())
def test_what_rounding_makes_of_small_cells_is_never_refused(
    values: list[int], data: st.DataObject
) -> None:
    """True cells of one to four are published as 0 or 5; the true sum still fits."""
    true = [data.draw(st.sampled_from((1, 2, 3, 4, value))) for value in values]
    published = [
        value if value > HIDDEN else data.draw(st.sampled_from((0, int(ROUNDED)))) for value in true
    ]
    hidden = sum(value == 0 for value in published)
    if hidden > len(published) - hidden:
        return  # More is hidden than one cell for each that is shown: no bound is promised.
    parts: dict[Term, Total] = {COUNTRIES[0]: total(*published, group=GROUP)}
    search = search_sets([target(sum(true), parts)], COUNTRIES[:1])
    assert search.sets == (frozenset(COUNTRIES[:1]),)


def test_random_tables_explain_nothing() -> None:
    """Decoys: scopes with the numbers of nothing, of which as many as `CHANCE` may match."""
    chance = random.Random(8)  # noqa: S311 -- a fixed sample, not a secret
    claimed = matched = 0
    for _ in range(1000):
        tellers = chance.randint(1, 4)
        targets = []
        for _ in range(tellers):
            top = 10 ** chance.randint(1, 5)
            parts: dict[Term, Total] = {
                country: total(
                    *(chance.randint(0, top) for _ in range(chance.randint(1, 4))), group=GROUP
                )
                for country in COUNTRIES[:5]
            }
            whole = sum(part.value for part in parts.values())
            targets.append(target(chance.randint(0, int(whole)), parts))
        search = search_sets(targets, COUNTRIES[:5])
        claimed += search.is_claimed
        matched += bool(search.sets)
    # One scope in ten is met by some set, and none of these matches is told.
    assert matched > 50
    assert claimed <= 1000 * CHANCE
