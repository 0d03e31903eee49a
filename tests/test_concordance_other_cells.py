"""The concordance where tables tell who registered people, count cases, or have tiny cells."""

import pytest

from concordance_stores import cell, look_up
from reasoning_stores import figure

NEW = {"quantity": "quantity/arrivals", "populationGroup": "population-group/ASY"}


@pytest.mark.parametrize(
    ("value", "body", "why"),
    [
        ("521", "not-stated", "same"),
        ("515", "government", "same"),
        ("510", "government", "rounded"),
        ("6", "unhcr", "same"),
        ("521", "government", "not-found"),
        ("515", "not-stated", "not-found"),
        ("515", "partners", ""),
    ],
)
def test_a_table_may_tell_who_registered_people(value: str, body: str, why: str) -> None:
    official = cell("KAZ", "ASY", 515, quantity="arrivals", registeredBy="registered-by/government")
    official += cell(
        "KAZ", "ASY", 6, quantity="arrivals", registeredBy="registered-by/unhcr", origin="country/X"
    )
    document = figure("f", value, **{**NEW, "registeredBy": f"registered-by/{body}"})
    assert look_up(document, official).why("f") == why


@pytest.mark.parametrize(
    ("value", "more", "why"),
    [
        ("136", {}, "unit"),
        ("140", {}, "not-found"),
        ("136", {"unit": "unit/cases"}, "same"),
        ("140", {"unit": "unit/cases"}, "rounded"),
        ("200", {"unit": "unit/cases"}, "not-found"),
    ],
)
def test_people_may_be_published_as_cases(value: str, more: dict[str, str], why: str) -> None:
    cases = cell("KAZ", "ASY", 136, quantity="arrivals", unit="unit/cases")
    cases = cases.replace(", kzg:OfficialHeadlineFlow", "")
    # Of another country people are counted.
    people = cell("UZB", "ASY", 900, quantity="arrivals", unit="unit/persons")
    found = look_up(figure("f", value, **{**NEW, **more}), cases + people)
    assert found.why("f") == why
    if why == "unit":
        assert found.get("f", "unit") == {"cases"}
        assert found.get("f", "confidence") == {"low"}
    small = cases.replace("officialValue 136", "officialValue 74")
    assert look_up(figure("f", "74", **NEW), small + people).why("f") == "not-found"


@pytest.mark.parametrize(
    ("official", "value", "is_published"),
    [
        ("7690", "7685", True),
        ("7690", "7686", False),
        ("7690", "7685.5", False),
        # A file that masks nothing, and a cell that may be of fewer.
        ("3", "900", False),
        ("6", "900", True),
    ],
)
def test_no_difference_tells_a_count_of_one_to_four(
    official: str, value: str, *, is_published: bool
) -> None:
    document = figure("f", value, populationGroup="population-group/STA")
    found = look_up(document, cell("KAZ", "STA", official))
    assert found.why("f") == "not-found"
    assert bool(found.get("f", "difference")) is is_published
