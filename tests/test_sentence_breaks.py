# ruff: noqa: RUF001 (words in Cyrillic)
"""Where the sentences of a text end, and where a dot ends none."""

import pytest

from kzgraph.editing.sentence_breaks import sentences

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
    "a number that begins one": (
        "Сабақ өтті. 2024 жылы қазан. 5 тамыз, корп. 3, Sept. 5 came.",
        ["Сабақ өтті.", "2024 жылы қазан.", "5 тамыз, корп. 3, Sept. 5 came."],
    ),
    "an item of a list": ("1. Issue papers. Go.", ["1. Issue papers.", "Go."]),
    "cells": ("Iraq 490 | Iran 205 |", ["Iraq 490", "Iran 205"]),
    "cells without words": ("| Refugees | over 300 | 5 |", ["| Refugees | over 300 | 5 |"]),
}


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=SENTENCES)
def test_sentences_end_where_they_do(text: str, expected: list[str]) -> None:
    found = [text[slice(*each)] for each in sentences(text)]
    assert [each for each in found if each.strip()] == expected
