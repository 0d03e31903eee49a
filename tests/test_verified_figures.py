# ruff: noqa: RUF001 (words in Cyrillic)
"""A value, its bound and its hedge are those of its place in the text; prose is not copied from it.

The text of each case is held against one figure, whose evidence is the part between brackets.
"""

from pathlib import Path

import pytest

from kzgraph.faults import Fault
from kzgraph.tables import read_tables
from kzgraph.verification.rows import check_row
from small_tables import DOCUMENT, small, write
from test_verification import verified

POPULATION = f"{DOCUMENT}/population.csv"


def faults(
    root: Path, marked: str, languages: tuple[str, ...] = ("en",), /, **cells: str
) -> list[Fault]:
    """What is wrong with a figure whose evidence is the bracketed part of `marked`."""
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    tables = small()
    row = tables[POPULATION][1]
    row |= {"evidence": f"{start}-{end}", "context": "", "time": "", "component_of": ""} | cells
    tables[POPULATION] = [row]
    tables[f"{DOCUMENT}/document.csv"][0]["length"] = str(max(len(text), 200))
    read = read_tables(write(root, tables))
    (figure,) = read.of("population")
    return list(check_row(figure, text, read.hedges, languages, read.factors))


EXACT = {"value": "1500", "bound": "exact", "hedge": ""}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("there are [over 1,500 people]", "'over'"),
        ("there are over [1,500 people]", "'over'"),
        ("[More than 1,500 people] came", "'More than'"),
        ("[at least 1,500]", "'at least'"),
        ("[less than 1,500]", "'less than'"),
        ("[fewer than 1,500]", "'fewer than'"),
        ("[up to 1,500]", "'up to'"),
        ("[some 1,500]", "'some'"),
        ("[around 1,500]", "'around'"),
        ("[nearly 1,500]", "'nearly'"),
        ("[close to 1,500]", "'close to'"),
        ("[about US$ 1,500]", "'about'"),
        ("[over a total of 1,500]", "'over'"),
        ("[approx. 1,500]", "'approx.'"),
        ("[over\u00a01,500]", "'over'"),
        ("[over **1,500**]", "'over'"),
        ("[over\n1,500]", "'over'"),
        ("[1,500 or more]", "'or more'"),
        ("[1,500 people or so] came", "'or so'"),
        ("[some additional 1,500]", "'some'"),
        ("[1,500+ people]", "'+'"),
        ("[>1,500 people]", "'>'"),
        ("[1,500-plus people]", "'plus'"),
        ("[1,500, at least.]", "'at least'"),
        ("[1,500 (estimated)]", "'estimated'"),
        ("[1,500 persons of concern or more]", "'or more'"),
        ("[at\u00a0\nleast 1,500]", "'at least'"),
        ("[about\u200b1,500]", "'about'"),
        ("[over EUR 1,500]", "'over'"),
        ("[not quite 1,500]", "'not quite'"),
        ("[without exceeding 1,500]", "'without exceeding'"),
        ("[~ 1,500 people]", "'~'"),
    ],
)
def test_an_exact_number_that_the_text_hedges_is_found(
    tmp_path: Path, text: str, says: str
) -> None:
    (fault,) = faults(tmp_path, text, **EXACT)
    assert fault.column == "bound"
    assert says in fault.message


@pytest.mark.parametrize(
    "text",
    [
        "[1,500 people] came over",
        "[the Government 1,500 people]",
        "over 300 and [1,500 people]",
        "[1,500 refugees and more than 300 others]",
        "[1,500 refugees or over 300 others]",
        "some of the [1,500 people]",
        "over the border. [1,500 people]",
        "[1,500 people, over 1,500 in all]",
        "[somewhere 1,500]",
    ],
)
def test_a_hedge_of_something_else_is_none_of_the_number(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text, **EXACT) == []


@pytest.mark.parametrize(
    ("text", "hedge", "says"),
    [
        ("[the Government has 1,500 people]", "over", "does not go with"),
        ("[moreover 1,500 people]", "over", "does not go with"),
        ("[overall 1,500 people]", "over", "does not go with"),
        ("[something like 1,500]", "some", "does not go with"),
        ("[over 300 refugees and 1,500 people]", "over", "does not go with 1500"),
        ("[1,500 people. Over time they left]", "Over", "does not go with 1500"),
        ("[It is over. There are 1,500 people]", "over", "does not go with 1500"),
        ("[over the past year 1,500 people]", "over", "does not go with 1500"),
        ("[some of them: 1,500 people]", "some", "does not go with 1500"),
        ("[1,500 people over 60]", "over", "does not go with 1500"),
        ("[1,500 are left over from then]", "over", "does not go with 1500"),
        ("[no more than 1,500 people]", "more than", "does not go with 1500"),
        ("[without exceeding 1,500 people]", "exceeding", "does not go with 1500"),
    ],
)
def test_a_hedge_stands_as_a_word_with_its_number(
    tmp_path: Path, text: str, hedge: str, says: str
) -> None:
    bound = "approximate" if hedge == "some" else "lower"
    found = faults(tmp_path, text, value="1500", bound=bound, hedge=hedge)
    assert {fault.column for fault in found} == {"hedge"}
    assert any(says in fault.message for fault in found)


@pytest.mark.parametrize(
    "text",
    ["[over 1,500]", "[Over 1,500]", "[over another 1,500]", "[over\u00a0a\u00a0new\u00a01,500]"],
)
def test_a_hedge_beside_its_number_is_right(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text, value="1500", bound="lower", hedge="over") == []


@pytest.mark.parametrize(
    "text",
    [
        "[1,000-1,500 people]",
        "[1,500 - 2,000 people]",
        "[US$1,500\u2013$2,000]",
        "[between 1,000 and 1,500 people]",
        "[between US$ 1,500 and US$ 2,000]",
    ],
)
@pytest.mark.parametrize(("bound", "hedge"), [("exact", ""), ("lower", "over")])
def test_an_end_of_a_range_is_not_a_value(
    tmp_path: Path, text: str, bound: str, hedge: str
) -> None:
    messages = [
        fault.message
        for fault in faults(tmp_path, text, **EXACT | {"bound": bound, "hedge": hedge})
    ]
    assert "1500 is one end of a range in its evidence" in messages


OF = {"base_group": "REF"}
RANGE = {"value": "", "least": "1000", "most": "1500", "bound": "range", "hedge": ""}


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("[between 1,000 and 1,500 people]", {}),
        ("[from 1,000 to 1,500]", {}),
        ("[1,000-1,500] people", {}),
        ("[US$1,000\u2013$1,500]", {}),
        ("[some 1,000 to 1,500 people]", {"hedge": "some"}),
        ("[one thousand to fifteen hundred people]", {}),
        ("[5 to 7 per cent]", {"least": "5", "most": "7", "unit": "percent"} | OF),
        ("[between 5% and 7%]", {"least": "5", "most": "7", "unit": "percent"} | OF),
        ("fell by [5-7%]", {"least": "-7", "most": "-5", "unit": "percent"} | OF),
        ("[1-1.5 million people]", {"least": "1000000", "most": "1500000"}),
        ("[USD 1.2 to 3m]", {"least": "1200000", "most": "3000000"}),
        ("[от 1000 до 1500 человек]", {}),
        ("[1000-нан 1500-ге дейін адам]", {}),
    ],
)
def test_a_range_is_that_of_its_evidence(tmp_path: Path, text: str, cells: dict[str, str]) -> None:
    assert faults(tmp_path, text, **RANGE | cells) == []


@pytest.mark.parametrize(
    ("text", "cells", "says"),
    [
        ("[between 1,000 and 1,600]", {}, "1000 to 1500 is in no span"),
        ("[1,000 came and 1,500 left]", {}, "1000 to 1500 is in no span"),
        ("[1,000]-1,500", {}, "1000 to 1500 is in no span"),
        ("[1,500 to 1,000]", {}, "1000 to 1500 is in no span"),
        ("[in 2018-2019]", {"least": "2018", "most": "2019"}, "2018 to 2019 is in no span"),
        ("[some 1,000-1,500]", {}, "says 'some' with the range"),
        ("[some people, 1,000-1,500]", {"hedge": "some"}, "'some' does not go with the range"),
    ],
)
def test_a_range_that_the_text_does_not_give_is_found(
    tmp_path: Path, text: str, cells: dict[str, str], says: str
) -> None:
    (fault,) = faults(tmp_path, text, **RANGE | cells)
    assert says in fault.message


@pytest.mark.parametrize("text", ["[from 1,000 to 1,500]", "[an agreement between 1,500 people]"])
def test_a_number_beside_another_may_be_one_of_its_own(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text, **EXACT) == []


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("[in 2018 people came]", ""),
        ("[since 2018]", ""),
        ("[at the end of 2018, people came]", ""),
        ("[by early 2018]", ""),
        ("[on 5 May 2018]", ""),
        ("[17-JUL-2018]", ""),
        ("[2017/2018 people]", ""),
        ("[2018 results]", "2018"),
        ("[the 2018 Forum]", "2018"),
        ("[2018, 5 people]", "2018"),
        ("[2018 was a year]", "2017/2018"),
        ("[the 2018 Convention]", ""),
        ("[2018]", ""),
        ("[2017,2018,2019]", "2018"),
    ],
)
def test_a_year_is_not_a_value(tmp_path: Path, text: str, time: str) -> None:
    found = faults(tmp_path, text, value="2018", bound="exact", hedge="", time=time)
    assert "2018 belongs to a date in its evidence" in [fault.message for fault in found]


@pytest.mark.parametrize(
    "text",
    [
        *("[5 May 2018]", "[05-MAY-2018]", "[May 5, 2018]", "[5 January]"),
        *("[31/5/2018]", "[2018-12-05]", "[from 5:00 on]", "[at 9:05]"),
    ],
)
def test_a_day_is_not_a_value(tmp_path: Path, text: str) -> None:
    (fault,) = faults(tmp_path, text, value="5", bound="exact", hedge="")
    assert (fault.column, fault.message) == ("value", "5 belongs to a date in its evidence")


@pytest.mark.parametrize("text", ["[5 people in May]", "[in May 5 people came]", "[5 may come]"])
def test_a_small_count_may_stand_near_a_month(tmp_path: Path, text: str) -> None:
    assert (
        faults(tmp_path, text.replace("5 may", "5 could"), value="5", bound="exact", hedge="") == []
    )


@pytest.mark.parametrize(
    ("text", "value", "time"),
    [
        ("[2,018 people in 2018]", "2018", "2018"),
        ("[in 2018, 2018 refugees came]", "2018", "2018"),
        ("[2018 registered refugees]", "2018", "2018"),
        ("[there were 2018 of them] (2017)", "2018", ""),
        ("[2018 people]", "2018", ""),
        ("[2018 88,419]", "88419", "2018"),
        ("Chart: {Refugees:[2018]}", "2018", ""),
        ("[2019.5]", "2019.5", ""),
    ],
)
def test_a_count_may_look_like_a_year(tmp_path: Path, text: str, value: str, time: str) -> None:
    cells = {"value": value, "bound": "exact", "hedge": "", "time": time}
    if "." in value:
        cells["unit"] = "not-stated"
    assert faults(tmp_path, text, **cells) == []


@pytest.mark.parametrize(
    "text",
    [
        "[five hundred]",
        "[five tenths]",
        "[fifty-five]",
        "[five thousand people]",
        "[5m]",
        "[5.03M]",
        "[5k]",
    ],
)
def test_a_piece_of_a_number_is_not_the_number(tmp_path: Path, text: str) -> None:
    (fault,) = faults(tmp_path, text, value="5", bound="exact", hedge="")
    assert "is in no span" in fault.message


def test_a_span_cuts_no_number(tmp_path: Path) -> None:
    messages = [
        fault.message
        for fault in faults(
            tmp_path,
            "1[500 people]",
            **EXACT,
        )
    ]
    assert any("begins within a number" in message for message in messages)


@pytest.mark.parametrize(
    ("file", "column", "cell"),
    [
        ("contact_points.csv", "telephone", "7 727 000 00"),
        ("contact_points.csv", "telephone", "27 000 00 00"),
    ],
)
def test_a_piece_of_a_contact_is_not_the_contact(
    tmp_path: Path, file: str, column: str, cell: str
) -> None:
    tables = small()
    tables[f"{DOCUMENT}/{file}"][0][column] = cell
    (fault,) = verified(tmp_path, tables).faults
    assert (fault.column, fault.line) == (column, 2)


@pytest.mark.parametrize(
    ("text", "cell", "right"),
    [
        ("+998 71 555 01 24, доб. 3", "+998 71 555 01 24, доб. 3", True),
        ("+998 71 555 01 24\u00a0ext. 31", "+998 71 555 01 24 ext. 31", True),
        ("7 727 000 00 00 (ішкі 12)", "7 727 000 00 00 (ішкі 12)", True),
        ("+998 71 555 01 24, доб. 3", "+998 71 555 01 24, доб. 4", False),
        ("+998 71 555 01 24, доб. 31", "+998 71 555 01 24, доб. 3", False),
    ],
)
def test_a_telephone_number_is_read_with_its_extension(
    tmp_path: Path, text: str, cell: str, right: bool
) -> None:
    tables = small()
    contacts = f"{DOCUMENT}/contact_points.csv"
    tables[contacts] = [tables[contacts][0] | {"telephone": cell, "evidence": f"0-{len(text)}"}]
    read = read_tables(write(tmp_path, tables))
    (contact,) = read.of("contact_points")
    assert [fault.column for fault in check_row(contact, text, read.hedges)] == (
        [] if right else ["telephone"]
    )


@pytest.mark.parametrize(
    "copy",
    [
        "asylum seekers live in Almaty, 150 people in all. Call from today to 18:00 on Mondays",
        "The text goes: refugees and 30 ASYLUM SEEKERS live in Almaty 150 people in all call",
        "refugees - and 30 - asylum-seekers - live in - Almaty; 150 people in all. Call",
        "in words: 30 asylum-seekers live in Almaty, 150 people in",
    ],
)
@pytest.mark.parametrize("column", ["label", "description"])
def test_a_sentence_of_the_text_is_not_the_projects_own_words(
    tmp_path: Path, copy: str, column: str
) -> None:
    tables = small()
    tables["shared/places.csv"][1]["label_en"] = "Town"
    tables[f"{DOCUMENT}/statements.csv"] = [statement(column, copy)]
    report = verified(tmp_path, tables)
    # Numbers of other sentences are a fault of their own.
    found = [fault for fault in report.faults if fault.column == column]
    (fault,) = [each for each in found if "own words" in each.remedy]
    assert (fault.file, fault.line) == (f"{DOCUMENT}/statements.csv", 2)
    assert not report.passes


@pytest.mark.parametrize(
    ("file", "row", "column"),
    [("shared/organisations.csv", 1, "label_en"), ("shared/places.csv", 1, "alternative")],
)
def test_a_sentence_is_not_a_name(tmp_path: Path, file: str, row: int, column: str) -> None:
    tables = small()
    sentence = (
        "refugees and 30 asylum-seekers live in Almaty, 150 people in all. Call 7 727 000 00 00"
    )
    tables[file][row][column] = sentence
    (fault,) = verified(tmp_path, tables).faults
    assert (fault.file, fault.column) == (file, column)


@pytest.mark.parametrize(
    "text",
    [
        "30 asylum-seekers live in Almaty, 150 people",
        "In Almaty live refugees, and asylum-seekers: people, 150 in all, over 120 of one sort",
    ],
)
def test_eight_words_in_a_row_are_no_copy(tmp_path: Path, text: str) -> None:
    tables = small()
    tables[f"{DOCUMENT}/statements.csv"] = [statement("description", text)]
    assert verified(tmp_path, tables).faults == ()


def test_a_long_name_may_stand_in_a_label(tmp_path: Path) -> None:
    tables = small()
    name = "refugees and 30 asylum-seekers live in Almaty, 150 people in all. Call"
    tables["shared/organisations.csv"][1]["label_en"] = name
    tables[f"{DOCUMENT}/statements.csv"] = [statement("label", f"{name} as a partner")]
    assert verified(tmp_path, tables).faults == ()


def statement(column: str, text: str) -> dict[str, str]:
    return {
        "key": "life",
        "label": "Where they live",
        "kind": "situation",
        "description": "Some live in a town.",
        "scope": "country/KAZ",
        "evidence": "19-93",
    } | {column: text}


@pytest.mark.parametrize(
    ("heading", "number", "value", "right"),
    [
        ("Spent, USD million", "2.5", "us-dollars 2500000", True),
        ("Spent, USD million", "2.5", "us-dollars 2.5", False),
        ("Spent, USD million", "2.5", "million-us-dollars 2.5", True),
        ("Spent, USD million", "2.5", "million-us-dollars 2500000", False),
        ("Spent, USD", "2.5", "us-dollars 2.5", True),
        ("A project of a million", "2.5 dollars", "us-dollars 2.5", True),
        ("Расходы, млн сумов", "912,5", "912500000", True),
        ("Расходы, тыс. сумов", "1 216,5", "1216500", True),
        ("Шығыс, мың теңге", "304", "304000", True),
        ("Spent, thousand USD", "912.5", "912500", True),
        ("Budget (in millions)", "2.5", "2500000", True),
        ("USD '000", "1,500", "1500000", True),
        ("US$ m", "1.5", "1500000", True),
        ("People (thousands)", "27.6", "27600", True),
        ("Budget, USD million", "2.5", "2500", False),
        ("Budget, USD million", "2.5 million", "2500000000000", False),
        ("Budget, USD million", "2.5 million", "2500000", True),
        ("Of 2 million", "2.5", "2500000", False),
        ("Millions of people", "5", "5000000", False),
        ("Несколько тысяч людей", "5", "5000", False),
        ("Births per thousand", "5", "5000", False),
        ("Spent 1 000", "5", "5000", False),
    ],
)
def test_a_heading_may_scale_the_numbers_below_it(
    tmp_path: Path, heading: str, number: str, value: str, right: bool
) -> None:
    unit, _, value = value.rpartition(" ")
    cells = {"value": value, "bound": "exact", "hedge": "", "context": f"0-{len(heading)}"}
    cells |= {"unit": unit} if unit else {}
    found = faults(tmp_path, f"{heading}\n[{number}]\tx", ("ru", "kk"), **cells)
    assert [fault.column for fault in found] == ([] if right else ["value"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{budget:(2,[null])}", True),
        ("2026\t2,040,000\t[n/a]", True),
        ("2026 | [N/A] | 5", True),
        ("Самаркандская\t98\t196\t[–]\nВсего", True),
        ("Samarkand 98 196 [-]\n", True),
        ("Homes repaired   63   [tbc]", True),
        ("Homes repaired: [to be confirmed]", True),
        ("Үйлер\t[ж/қ]", True),
        ("Дома\t[н/д]\t4", True),
        ("Homes   [..]   4", True),
        ("27,6 тыс. [–] вдвое меньше", False),
        ("[-] homes", False),
        ("some [homes]", False),
        ("homes [0]", False),
    ],
)
def test_what_is_not_published_has_a_sign_of_it(tmp_path: Path, text: str, found: bool) -> None:
    nothing = {"value": "", "bound": "", "hedge": "", "availability": "not-published"}
    assert [fault.column for fault in faults(tmp_path, text, **nothing)] == (
        [] if found else ["evidence"]
    )


@pytest.mark.parametrize(
    ("text", "day", "found"),
    [
        ("[on 5 May 2021: 1,500 people]", "2021-05-05", True),
        ("[на 12 мая 2021 г. 1500 человек]", "2021-05-12", True),
        ("[2021 жылғы 12 мамырда 1500 адам]", "2021-05-12", True),
        ("[12.05.2021: 1500]", "2021-05-12", True),
        ("[2021-05-12: 1500]", "2021-05-12", True),
        ("[на конец 2021 года 1500 человек]", "2021-12-31", True),
        ("[2021 жылдың соңында 1500 адам]", "2021-12-31", True),
        ("[на 12 мая 2021 г. 1500 человек]", "2021-05-02", False),
        ("[на 12 марта 2021 г. 1500 человек]", "2021-05-12", False),
        ("[1500 in 2021]", "2021-05-12", False),
        ("[1500 on the twenty-third of May 2021]", "2021-05-23", True),
        ("[1500 on the twenty-third of May 2021]", "2021-05-03", False),
        ("[1500, 2021, желтоқсанның бесінші]", "2021-12-05", True),
        ("[1500, чем годом ранее, в мае 2021 г.]", "2020-05", True),
        ("[1500, былтыр, 2021]", "2020", True),
        ("[1500, былтыр, 2021]", "2019", False),
    ],
)
def test_a_day_is_in_the_words_or_digits_of_its_language(
    tmp_path: Path, text: str, day: str, found: bool
) -> None:
    wrong = faults(tmp_path, text, time=day, **EXACT)
    assert [fault.column for fault in wrong] == ([] if found else ["time"])
