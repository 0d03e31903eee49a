# ruff: noqa: RUF001 (words in Cyrillic)
"""What a draft row says of a number, by its sentence, cell or headings; and what has none."""

import pytest

from kzgraph.editing.cell_rows import Proposal
from kzgraph.editing.new_document import guess_language
from kzgraph.editing.proposals import propose
from kzgraph.editing.sentence_breaks import sentences
from kzgraph.resources import folder
from kzgraph.tables import Span, read_kind
from kzgraph.verification.tokens import NUMERIC, lies_in, mask, tokens


def draft_rows(text: str) -> list[Proposal]:
    concepts = read_kind("concepts", folder("mappings") / "tables").of("concepts")
    return list(propose(text, tuple(guess_language(text).split()), concepts))


def cells(row: dict[str, str], *columns: str) -> tuple[str, ...]:
    return tuple(row.get(column, "") for column in columns)


#: A text, and its counts: the table, the value, the unit and the time of each.
COUNTS: dict[str, tuple[str, list[tuple[str, str, str, str]]]] = {
    "ages": (
        "Of these, 402 were under 18 and 57 were 60 or older; 12 girls aged 5 to 11, 31 (60+).\n"
        "Children 0-4: 21\n18-59 | 44 men\n",
        [
            ("population", "402", "draft: persons", ""),
            ("population", "57", "draft: persons", ""),
            ("population", "12", "persons", ""),
            ("indicators", "31", "", ""),
            ("indicators", "21", "", ""),
            ("population", "44", "persons", ""),
        ],
    ),
    "numbers that look like ages": (
        "We work in 60+ countries; 5-11 men came, under 18 people left, and over 60 cases wait.\n",
        [
            ("indicators", "60", "", ""),
            ("population", "5 to 11", "persons", ""),
            ("population", "18", "persons", ""),
            ("indicators", "60", "draft: households", ""),
        ],
    ),
    "ages in Russian, and years ago": (
        "Из них 40 детей до 18 лет, 7 женщин 60 лет и старше; 5 лет назад было 30 семей.\n",
        [
            ("population", "40", "persons", ""),
            ("population", "7", "persons", ""),
            ("indicators", "30", "draft: households", ""),
        ],
    ),
    "numbers of a list": (
        "1. Register 300 children\n2) Give 40 laptops\n12 people came\n",
        [
            ("population", "300", "persons", ""),
            ("indicators", "40", "", ""),
            ("population", "12", "persons", ""),
        ],
    ),
    "a fiscal year": ("In fiscal year 2025/26 some 40 laptops.", [("indicators", "40", "", "")]),
    "days": (
        "Closed on 1-2 and 7 January, 3 and 8 March; 9-10 December 2009; May 3-4, 2010: 6 men.\n",
        [("population", "6", "persons", "")],
    ),
    "currencies": (
        "NOK 3.5 million; 912 млн сумов; 4 000 сом; 30 SEK, 7 euros, $5, TRY 2. ALL 300 MEN.\n"
        "1,2 млрд. сум; 6 million sums.\n",
        [
            ("finance", "1200000000", "draft: UZS", ""),
            ("finance", "6000000", "draft: UZS", ""),
            ("finance", "3500000", "draft: NOK", ""),
            ("finance", "912000000", "draft: UZS", ""),
            ("finance", "4000", "draft: KGS", ""),
            ("finance", "30", "draft: SEK", ""),
            ("finance", "7", "draft: euros", ""),
            ("finance", "5", "draft: us-dollars", ""),
            ("finance", "2", "draft: TRY", ""),
            ("population", "300", "persons", ""),
        ],
    ),
    "a year that is compared with": (
        "It fell by 14 per cent compared with 2025. In 2026, 30 men, fewer than in May 2024.\n"
        "The 1951 Convention protects 9 men. In 2025 the Convention had 8. "
        "More than 12 men came in 2023.\n",
        [
            ("indicators", "14", "percent", ""),
            ("population", "30", "persons", "2026"),
            ("population", "9", "persons", ""),
            ("indicators", "8", "", "2025"),
            ("population", "12", "persons", "2023"),
        ],
    ),
    "a name with a year": (
        "Bound by the [1951 Refugee Convention](#) and the [1967 Protocol](#), not to the 1954 and "
        "1961 Conventions. At the 2023 Global Refugee Forum 40 men spoke; 2023 refugees came.\n",
        [("population", "40", "persons", ""), ("population", "2023", "persons", "")],
    ),
    "a number of a heading": ("FACT SHEET | 2024\n\nPEOPLE\nIn all 12\nwomen\n", [
        ("indicators", "12", "", ""),
    ]),
    "cells with the name of a group": (
        "Refugees 1,530 | Stateless: 518 | Homes 7\nNational 38        Tbilisi (main)\n",
        [
            ("population", "1530", "draft: persons", ""),
            ("population", "518", "draft: persons", ""),
            ("indicators", "7", "", ""),
            ("indicators", "38", "", ""),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), COUNTS.values(), ids=COUNTS)
def test_what_counts_nothing_is_no_figure(text: str, expected: list[tuple[str, ...]]) -> None:
    rows = draft_rows(text)
    found = [
        (table, row.get("value") or f"{row['least']} to {row['most']}", *cells(row, "unit", "time"))
        for table, row in rows
        if table != "statements"
    ]
    assert sorted(found) == sorted(expected)
    places = [place for _, row in rows for place in row["evidence"].split()]
    covered = mask(len(text), [Span(*map(int, place.split("-"))) for place in places])
    assert [token for token in tokens(NUMERIC, text) if not lies_in(token, covered)] == []


SENTENCES = {
    "short words": (
        "Нужно 4 млн долл. США, ул. Абая, г. Ош, т. е. Там 5.",
        ["Нужно 4 млн долл. США, ул. Абая, г. Ош, т. е. Там 5."],
    ),
    "a year with its dot": (
        "В 2025 г. Узбекистан принял 5. Он принял 7 в 2024 г. Тогда было 8.",
        ["В 2025 г. Узбекистан принял 5.", "Он принял 7 в 2024 г.", "Тогда было 8."],
    ),
    "a scale that ends one": (
        "Получено 2,7 млн. Доноры дали 5 млн. USD.",
        ["Получено 2,7 млн.", "Доноры дали 5 млн. USD."],
    ),
    "titles": (
        "Mr. Lee met approx. A dozen, see No. B5. Then 4 left.",
        ["Mr. Lee met approx. A dozen, see No. B5.", "Then 4 left."],
    ),
    "an item of a list": ("1. Issue papers. Go.", ["1. Issue papers.", "Go."]),
    "cells": ("Iraq 490 | Iran 205 |", ["Iraq 490", "Iran 205"]),
    "cells without words": ("| Refugees | over 300 | 5 |", ["| Refugees | over 300 | 5 |"]),
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_sentences_end_where_they_do(text: str, expected: list[str]) -> None:
    found = [text[slice(*each)] for each in sentences(text)]
    assert [each for each in found if each.strip()] == expected


#: A table, and its draft rows: the table, the value, the unit, the status and the time of each.
TABLES: dict[str, tuple[str, list[tuple[str, ...]]]] = {
    "money in millions beside families": (
        "Область\tСемьи\tНаборы\tРасходы, млн сумов\nОш\t640\t12\t304\nНарын\t215\t13\t\u2013\n",
        [
            ("indicators", "640", "draft: households", "", ""),
            ("indicators", "12", "", "", ""),
            ("finance", "304", "draft: млн сумов", "", ""),
            ("indicators", "215", "draft: households", "", ""),
            ("indicators", "13", "", "", ""),
            ("finance", "", "draft: млн сумов", "", ""),
        ],
    ),
    "a currency above all": (
        "Needs (EUR)\nYear\tAsked\tBudget\n2024\t2,150,000\t7\n",
        [
            ("finance", "2150000", "draft: euros", "", "2024"),
            ("finance", "7", "draft: euros", "", "2024"),
        ],
    ),
    "what is done and what is planned": (
        "Work    Actual 2024    Planned 2025\nCourses    22    30\nRefugees met    4    n/a\n",
        [
            ("indicators", "22", "", "draft: actual", "2024"),
            ("indicators", "30", "", "draft: planned", "2025"),
            ("population", "4", "draft: persons", "draft: actual", "2024"),
            ("population", "", "draft: persons", "draft: planned", "2025"),
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TABLES.values(), ids=TABLES)
def test_a_table_says_in_its_headings_what_it_counts(
    text: str, expected: list[tuple[str, ...]]
) -> None:
    found = [
        (table, *cells(row, "value", "unit", "status", "time"))
        for table, row in draft_rows(text)
        if table != "statements"
    ]
    assert found == expected
