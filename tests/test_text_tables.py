# ruff: noqa: RUF001 (words in Cyrillic)
"""Tables that a text holds become draft rows; what only looks like one does not."""

import pytest

from kzgraph.verification.text_tables import cells_in_tables

#: A text, and each number of its tables: series, category, number, evidence, whether it is money.
TABLES = {
    "a row a year, apart by tabs": (
        "Money, in US dollars\nYear\tRequired\tReceived\n"
        "2024\t3,400,000\t1.9 million\n2025\t\u2013\t850\n",
        [
            ("Required", "2024", "3400000", "3,400,000", True),
            ("Received", "2024", "1900000", "1.9 million", True),
            ("Required", "2025", None, "\u2013", True),
            ("Received", "2025", "850", "850", True),
        ],
    ),
    "a column a year, apart by blanks": (
        "Group            2023   2024\nRefugees        1,105  1 240\n"
        "Asylum-seekers   n/a    270\n\nEnd",
        [
            ("Refugees", "2023", "1105", "1,105", False),
            ("Refugees", "2024", "1240", "1 240", False),
            ("Asylum-seekers", "2023", None, "n/a", False),
            ("Asylum-seekers", "2024", "270", "270", False),
        ],
    ),
    "money in a sentence above, and not in the table": (
        "We spent 300 dollars.\n\nYear\tRefugees\n2023\t12\n",
        [("Refugees", "2023", "12", "12", False)],
    ),
    "bars and a rule, line ends of Windows": (
        "| Город | Лица |\r\n|---|--:|\r\n| Ош | 12 |\r\n| Нарын | 3 млн |\r\n",
        [("Лица", "Ош", "12", "12", False), ("Лица", "Нарын", "3000000", "3 млн", False)],
    ),
    "signs in the cells": (
        "Donor\tGift\nIreland\t€ 250,000\nJapan\t1.5 %\n",
        [
            ("Gift", "Ireland", "250000", "€ 250,000", True),
            ("Gift", "Japan", "1.5", "1.5 %", False),
        ],
    ),
    "a hedge ends the table": (
        "Year\tRefugees\n2023\t12\n2024\tover 300\n",
        [("Refugees", "2023", "12", "12", False)],
    ),
    "one kind for a column, and a heading with a year": (
        "Область\tСемьи\tРасходы, млн сумов\nОш\t640\t912,5\nНарын\t215\t\u2013\n",
        [
            ("Семьи", "Ош", "640", "640", False),
            ("Расходы, млн сумов", "Ош", "912.5", "912,5", True),
            ("Семьи", "Нарын", "215", "215", False),
            ("Расходы, млн сумов", "Нарын", None, "\u2013", True),
        ],
    ),
    "years with words": (
        "Work   Actual 2024   Planned 2025\nCourses    22     30\nHomes      63     tbc\n",
        [
            ("Courses", "Actual 2024", "22", "22", False),
            ("Courses", "Planned 2025", "30", "30", False),
            ("Homes", "Actual 2024", "63", "63", False),
            ("Homes", "Planned 2025", None, "tbc", False),
        ],
    ),
    "an empty line ends the table": (
        "Year\tRefugees\n2023\t12\n\n2024\t13\n",
        [("Refugees", "2023", "12", "12", False)],
    ),
    "numbers without headings": ("1\t2\n3\t4\n", []),
    "rows of other lengths": ("Year\tA\n2023\t1\t2\n", []),
    "a line of prose": ("Call us\t7 111 22 22\nor write\n", []),
    "years alone": ("2018 88,419\n2017 94,532\n", []),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_the_numbers_of_a_table_have_heading_and_row(name: str) -> None:
    text, expected = TABLES[name]
    languages = ("ru",) if "Область" in text else ("en",)
    cells = list(cells_in_tables(text, languages))
    found = [(c.series, c.category, c.number, text[slice(*c.evidence)], c.is_money) for c in cells]
    assert found == expected
    for cell in cells:
        named = [text[slice(*span)] for span in cell.context]
        assert named == [cell.category, cell.series]
