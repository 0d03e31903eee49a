"""The currency, the sign of a change and the headings of a cell are those of the text."""

from pathlib import Path

import pytest

from kzgraph.tables import survey_tables
from kzgraph.verification.changes import check_change
from kzgraph.verification.currencies import check_currency
from kzgraph.verification.numbers import numbers_in
from kzgraph.verification.own_headings import check_headings, read_cells
from small_tables import DOCUMENT, small, write

POPULATION = f"{DOCUMENT}/population.csv"

#: A text with its amount between brackets, what its context says, and the code of ISO 4217 that is
#: refused.
AMOUNTS = [
    ("Required [USD 5.6 M]", "", "EUR"),
    ("[NOK 3.5 million]", "", "EUR"),
    ("NOK [3.5 million]", "", "USD"),
    ("[4,2 млн] долл. США", "", "EUR"),
    ("[4,2 млн] сумов", "", "USD"),
    ("[US$ 2 million]", "", "KZT"),
    ("[$2 million]", "", "EUR"),
    ("[912,5]", "Budget (EUR)", "USD"),
    ("[912,5]", "Шығындар, теңге", "USD"),
    ("[NOK 3.5 million (EUR 300,000)]", "", "USD"),
    ("[Required USD 5.6 M]", "", "-USD"),
    ("[4,2 млн долл. США]", "", "-USD"),
    ("[$2 million]", "", "-USD"),
    ("[10 thousand soms]", "", "-UZS"),
    ("[912,5]", "Budget (EUR), budget (USD)", "-USD"),
    ("[912,5]", "Budget", "-EUR"),
    ("[3.5 million kroner]", "", "USD"),
    ("[3.5 million kroner]", "", "-SEK"),
    ("[38 million yen]", "", "USD"),
    ("[90 million won]", "", "USD"),
    ("¥[38 million]", "", "-CNY"),
    ("[38,5 млн иен]", "", "CNY"),
    ("[95,5 тыс. шв. франков]", "", "EUR"),
    ("[1,4 тыс. манатов]", "", "-TMT"),
    ("[1,4 тыс. манатов]", "", "USD"),
    ("[90,0 млн вон]", "", "USD"),
    ("[15,0 мың сомнан]", "", "USD"),
    ("[15,0 мың]", "соманың жартысы", "-USD"),
    ("[5.5 million]", "they won a prize", "-USD"),
]


@pytest.mark.parametrize(("marked", "about", "currency"), AMOUNTS)
def test_the_unit_is_of_the_currency_that_the_text_names(
    tmp_path: Path, marked: str, about: str, currency: str
) -> None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "") + "\n" + about
    languages = ("ru",) if "," in marked else ("en",)
    value = next(iter(numbers_in(text[start:end], languages))).value
    tables = small()
    row = tables[POPULATION][1] | {"value": f"{value:f}", "evidence": f"{start}-{end}"}
    context = f"{len(text) - len(about)}-{len(text)}" if about else ""
    tables[POPULATION] = [
        row | {"context": context, "unit": "coins", "time": "", "component_of": ""}
    ]
    (figure,) = survey_tables(write(tmp_path, tables)).of("population")
    found = list(check_currency(figure, text, {"coins": currency.strip("-")}, languages))
    assert [fault.column for fault in found] == ([] if currency.startswith("-") else ["unit"])


@pytest.mark.parametrize(
    ("text", "value", "right"),
    [
        ("applications fell by 14 per cent", "14", "-14"),
        ("applications fell by more than 14 per cent", "14", "-14"),
        ("14 per cent fewer applications", "14", "-14"),
        ("down 14 per cent", "14", "-14"),
        ("число снизилось на 14 %", "14", "-14"),
        ("сократилось более чем на 14 процентов", "14", "-14"),
        ("өтініштер саны 14 пайызға азайды", "14", "-14"),
        ("arrivals rose by 14 per cent", "-14", "14"),
        ("число выросло на 14 %", "-14", "14"),
        ("саны 14 пайызға өсті", "-14", "14"),
        ("fell by 14 per cent", "-14", ""),
        ("rose by less than 14 per cent", "14", ""),
        ("fell in May and rose by 14 per cent in June", "14", ""),
        ("did not fall by 14 per cent", "14", ""),
        ("a change of 14 per cent", "14", ""),
        ("14 per cent fewer than a year earlier", "14", "-14"),
        ("на 14 % меньше чем годом ранее", "14", "-14"),
        ("на 14 человек больше, чем годом ранее", "-14", "14"),
        ("былтырғыдан 131 адамға, яғни 14%-ға аз", "14", "-14"),
        ("былтырғыдан 14 адамға көп", "-14", "14"),
        ("14 адамға кем", "-14", ""),
        ("14 адамнан кем емес", "14", ""),
        ("14 адамға аз", "-14", ""),
    ],
)
def test_a_change_has_the_sign_of_its_words(
    tmp_path: Path, text: str, value: str, right: str
) -> None:
    tables = small()
    row = tables[POPULATION][1] | {"value": value, "evidence": f"0-{len(text)}", "context": ""}
    tables[POPULATION] = [row | {"time": "", "component_of": ""}]
    (figure,) = survey_tables(write(tmp_path, tables)).of("population")
    found = list(check_change(figure, text, {"quantity/stock"}))
    assert [fault.remedy for fault in found] == ([f"write {right}"] if right else [])


CHART = '{"categories":[2022,2023],"Refugees":[1105,1146],"Asylum-seekers":[388,270]}'
TABLE = "Region\tSpent, 2024\tBudget, 2024\nOsh\t1,874,300\t2,000,000\nNaryn\t57,000\t60,000\n"


@pytest.mark.parametrize(
    ("text", "evidence", "context", "right"),
    [
        (CHART, "1146", "2022 | Refugees", "2023"),
        (CHART, "388", "2022 | Refugees", "Asylum-seekers"),
        (TABLE, "1,874,300", "Budget, 2024", "Spent, 2024"),
        (TABLE, "57,000", "Osh", "Naryn"),
        (CHART, "1146", "2023 | Refugees", ""),
        (CHART, "1146", "2023", ""),
        (CHART, "1146", "", ""),
        (CHART, "1146", "[2022,2023]", ""),
        (TABLE, "57,000", "Naryn", ""),
        (TABLE, "1,874,300\t2,000,000", "Naryn", ""),
    ],
)
def test_a_cell_has_no_heading_of_another(
    tmp_path: Path, text: str, evidence: str, context: str, right: str
) -> None:
    def point(words: str) -> str:
        start = text.index(words)
        return f"{start}-{start + len(words)}"

    tables = small()
    row = tables[POPULATION][1] | {"evidence": point(evidence), "component_of": ""}
    cells = " ".join(map(point, filter(None, context.split(" | "))))
    tables[POPULATION] = [row | {"context": cells, "time": ""}]
    (figure,) = survey_tables(write(tmp_path, tables)).of("population")
    found = list(check_headings(figure, text, read_cells(text, ("en",)).values()))
    assert [fault.column for fault in found] == (["context"] if right else [])
    assert all(f"of {right!r}" in fault.message for fault in found)
