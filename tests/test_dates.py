# ruff: noqa: RUF001 (words in Cyrillic)
"""A day that a fact has is in its spans: in digits, in words, or as the end of a period."""

import datetime

import pytest

from kzgraph.verification.dates import belongs_to_date, dates_in, names_day, names_year
from kzgraph.verification.numbers import numbers_in
from kzgraph.verification.periods import names_period

SAID = {
    ("2018-12-31", "by the end of 2018"): True,
    ("2018-12-31", "at the end of June 2018"): False,
    ("2018-12-31", "year-end 2018"): True,
    ("2018-12-31", "end of the year"): True,
    ("2018-12-31", "на конец 2018 года"): True,
    ("2018-12-31", "2018 жылдың соңында"): True,
    ("2018-06-30", "at the end of June 2018"): True,
    ("2025-06-30", "в конце июня 2025 г."): True,
    ("2025-06-30", "маусым айының соңында"): True,
    ("2025-06-30", "в июне 2025 года"): False,
    ("2024-02-29", "end of February"): True,
    ("2024-02-28", "end of February"): False,
    ("2024-01-01", "в начале 2024 года"): True,
    ("2024-01-01", "11 January 2024"): False,
    ("2024-01-01", "as of 01.01.2024"): True,
    ("2024-05-03", "3 мая"): True,
    ("2024-05-03", "753 people | in May"): False,
    ("2022-03-21", "21 наурызда"): True,
    ("2022-03-21", "2022-03-21"): True,
    ("2022-03-21", "12.3.2022"): False,
    ("2026-09-30", "At the end of Q3 2026 the country"): True,
    ("2026-06-30", "At the end of Q3 2026 the country"): False,
    ("2026-09-29", "At the end of Q3 2026 the country"): False,
    ("2025-09-30", "At the end of Q3 2026; 2025"): False,
    ("2026-03-31", "by the end of the first quarter of 2026"): True,
    ("2026-09-30", "на конец III квартала 2026 г."): True,
    ("2026-06-30", "в конце второго квартала"): True,
    ("2026-09-30", "2026 жылғы III тоқсанның соңында"): True,
    ("2025-06-30", "на конец первого полугодия 2025 года"): True,
    ("2025-06-30", "at the end of H1 2025"): True,
    ("2025-06-30", "в первом полугодии 2025 года"): False,
    ("2026-07-01", "at the beginning of Q3 2026"): True,
    ("2024-06-30", "as of mid-2024"): True,
    ("2024-06-30", "at mid-year | 2024"): True,
    ("2024-06-30", "на середину 2024 года"): True,
    ("2024-06-30", "2024 жылдың ортасында"): True,
    ("2024-06-30", "2024 ж. ортасына қарай"): True,
    ("2024-06-30", "mid-2023, and 2024"): False,
    ("2024-07-01", "mid-2024"): False,
    ("2024-06-30", "mid-March 2024"): False,
}


@pytest.mark.parametrize(("day", "said"), SAID)
def test_a_day_is_in_the_spans_or_not(day: str, said: str) -> None:
    found = names_day(datetime.date.fromisoformat(day), said.split(" | "))
    assert found is SAID[day, said]


PERIODS = {
    ("2026-03", "In March 2026"): True,
    ("2026-04", "In March 2026"): False,
    ("1993-02", "since January 1993"): False,
    ("2025-07", "на 1 июля 2025 г."): True,
    ("2025-06", "на 1 июля 2025 г."): False,
    ("2025-06", "В мае | 2025"): False,
    ("2025-07", "2025 жылғы шілдеде"): True,
    ("2025-07", "2025 жылғы маусымда"): False,
    ("2024-03", "as of 2024-03-31"): True,
    ("2024-03", "03.2024"): True,
    ("2024-03", "31/12/2024"): False,
    ("2026-Q3", "At the end of Q3 2026"): True,
    ("2026-Q2", "At the end of Q3 2026"): False,
    ("2026-Q3", "в III квартале 2026 года"): True,
    ("2026-Q2", "в третьем квартале 2026 года"): False,
    ("2026-Q3", "2026 жылдың үшінші тоқсанында"): True,
    ("2026-Q2", "the second and third quarters of 2026"): True,
    ("2026-Q1", "January to March 2026"): True,
    ("2026-Q1", "in March 2026"): False,
    ("2025-06", "в первом полугодии 2025 года"): True,
    ("2025-12", "в первом полугодии 2025 года"): False,
    ("2025-07", "за полгода | первое полугодие"): False,
    ("2025-06", "за полгода, 2025"): True,
    ("2025-12", "second half of 2025"): True,
    ("2025-01", "H2 2025"): False,
    ("2025-09", "the first nine months of 2025"): True,
    ("2025-10", "за девять месяцев 2025 года"): False,
    ("2024-06", "mid-2024"): True,
    ("2024-09", "mid-2024"): False,
    ("2024-Q1", "в середине 2024 года"): False,
    ("2024-12", "by the end of 2024"): True,
    ("2024-05", "by the end of 2024"): False,
    ("2025-07", "in fiscal year 2025/26"): True,
    ("2025-07", "летом 2025 года"): True,
    ("2025-07", "in 2025"): False,
}


@pytest.mark.parametrize(("part", "said"), PERIODS)
def test_a_month_or_quarter_is_in_the_spans_or_not(part: str, said: str) -> None:
    assert names_period(part, said.split(" | ")) is PERIODS[part, said]


YEARS = {
    "in fiscal year 2025/26": [2025, 2026],
    "fiscal year 2025-26": [2025, 2026],
    "FY2025/26": [2025, 2026],
    "FY 25/26": [2025, 2026],
    "в 2025/26 финансовом году": [2025, 2026],
    "2011-12 school year": [2011, 2012],
    "2011/12 оқу жылы": [2011, 2012],
    "2025\u201326": [2025, 2026],
    "2025-2026": [2025, 2026],
    "1999/00": [1999, 2000],
    "2011-12": [2011],
    "2011-12-31": [2011],
    "2025/27": [2025],
    "2025/26/27": [2025],
    "25/26 people in 2024": [2024],
    "1,025/26": [],
}


@pytest.mark.parametrize("text", YEARS)
def test_a_year_of_two_names_both(text: str) -> None:
    assert [year for year in range(1990, 2050) if names_year(year, [text])] == YEARS[text]


@pytest.mark.parametrize("text", ["in fiscal year 2025/26", "FY 25/26:", "2025-26 school year"])
def test_no_number_of_a_year_of_two_counts(text: str) -> None:
    assert all(belongs_to_date(text, number, set()) for number in numbers_in(text))


WRITTEN = {
    "30 June 2025": ["2025-06-30"],
    "June 30, 2025 and 3rd May 2020": ["2025-06-30", "2020-05-03"],
    "at the end of June 2025 some 1,240 people": ["2025-06-30"],
    "в конце июня 2025 года; 1 января 2024 г.": ["2025-06-30", "2024-01-01"],
    "2025 жылғы 30 маусымда, 2025 жылғы шілдеде": ["2025-06-30", "2025-07"],
    "In December 2023, 45 families": ["2023-12"],
    "31.12.2018, 2018-12-31": ["2018-12-31", "2018-12-31"],
    "05/06/2020 may be either": [],
    "March 15, in 2018, 31 June 2020": [],
}


@pytest.mark.parametrize("text", WRITTEN)
def test_the_dates_of_a_text_are_those_written_in_full(text: str) -> None:
    assert [date for date, _, _ in dates_in(text)] == WRITTEN[text]
