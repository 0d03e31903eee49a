# ruff: noqa: RUF001 (words in Cyrillic)
"""Numbers and their hedges as documents write them, in English, Russian and Kazakh."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzgraph.tables import read_tables
from kzgraph.verification.numbers import numbers_in
from kzgraph.verification.rows import check_row
from kzgraph.verification.tokens import numeric_tokens
from small_tables import DOCUMENT, small, write

CASES: dict[str, list[tuple[str, list[Decimal | int]]]] = {
    "en": [
        ("USD 2 181 727", [2181727]),
        ("USD 2\xa0181\u202f727", [2181727]),
        ("87'632 and 87’632", [87632, 87632]),
        ("$10.03m", [10030000]),
        ("1.2M", [1200000]),
        ("3.5 bn", [3500000000]),
        ("12 thousand", [12000]),
        ("fifty-seven", [57]),
        ("one hundred and five people", [105]),
        ("two hundred and three hundred people", [200, 300]),
        ("a dozen", [12]),
        ("two dozen", [24]),
        ("half a million", [500000]),
        ("one and a half million", [1500000]),
        ("one third of", [Decimal(1) / 3]),
        ("three quarters", [Decimal("0.75")]),
        ("a third country", []),
        ("a third of them", [Decimal(1) / 3]),
        ("five hundred", [500]),
        ("hundreds of", []),
        ("several hundred", []),
        ("twenty-first", []),
        ("two-year tenure", []),
        ("2018 four refugees", [2018, 4]),
        ('[["Refugees",588],["Asylum",195],["x",4]]', [588, 195, 4]),
        ('"p1":[588,195,4]', [588, 195, 4]),
        ("588 195 4", [588, 195, 4]),
        ("7 727 258 45 98", [7, 727, 258, 45, 98]),
        ("2018 2 181 727", [2018, 2181727]),
        ("nineteen fifty-one", []),
        ("2½ million", [2500000]),
        ("2½ or ½", [Decimal("2.5"), Decimal("0.5")]),
        ("4 ½ hectares, and in 2018 ½", [Decimal("4.5"), 2018, Decimal("0.5")]),
        ("1,004 ½", [1004, Decimal("0.5")]),
        ("a quarter of a million", [250000]),
        ("three quarters of a million people", [750000]),
        ("half of a million", [500000]),
        ("some quarter of a million", [250000]),
        ("a quarter of a family", [Decimal("0.25")]),
        ("a quarter of 1,000", [Decimal("0.25"), 1000]),
        ("1/3 of", [Decimal(1) / 3]),
        ("2017/2018", [2017, 2018]),
        ("USD 10.03 m", [10030000]),
        ("10.03 m", [Decimal("10.03")]),
        ("No. 5 and #5", []),
        ("no more than 5", [5]),
        ("two million three hundred thousand and four", [2300004]),
        ("1,234.56", [Decimal("1234.56")]),
        ("half of them", [Decimal("0.5")]),
        ("first half of the year", []),
        ("two and three quarters", [Decimal("2.75")]),
        ("a hundred and fifty thousand", [150000]),
        ("one, two and three", [1, 2, 3]),
        ("31.12.2018", []),
        ("half a dozen", [6]),
        ("twelve hundred", [1200]),
        ("one and two", [1, 2]),
        ("five sixths", [Decimal(5) / 6]),
    ],
    "ru": [
        ("пятьдесят семь", [57]),
        ("двести", [200]),
        ("около двухсот пятидесяти человек", [250]),
        ("12 тыс. человек", [12000]),
        ("2 млн 300 тыс. тенге", [2300000]),
        ("1,5 млн", [1500000]),
        ("10,03 млн долл.", [10030000]),
        ("1,500", [Decimal("1.5"), 1500]),
        ("две трети", [Decimal(2) / 3]),
        ("треть", [Decimal(1) / 3]),
        ("половина", [Decimal("0.5")]),
        ("двадцать первый", []),
        ("сто пятый", []),
        ("5-й и 5-го", []),
        ("5-ти", [5]),
        ("две с половиной тысячи", [2500]),
        ("полтора миллиона", [1500000]),
        ("тысяча", [1000]),
        ("несколько тысяч", []),
        ("сотни тысяч", []),
        ("две сотни", [200]),
        ("одна пятая", [Decimal("0.2")]),
        ("двадцать пятая", []),
        ("три четверти", [Decimal("0.75")]),
        ("он пришёл", []),
        ("двух-трёх", []),
        ("1.500.000,50", [Decimal("1500000.5")]),
        ("2 181 727,5", [Decimal("2181727.5")]),
        ("ни одного", [0]),
        ("тридцатью тремя тысячами двумястами", [33200]),
        ("четверть миллиона", [250000]),
        ("двадцати одного человека", [21]),
        ("5 тыс. 123", [5123]),
    ],
    "kk": [
        ("елу жеті", [57]),
        ("жүз адам", [100]),
        ("жүзден астам", [100]),
        ("екі жүз елу", [250]),
        ("үштен бірі", [Decimal(1) / 3]),
        ("төрттен үші", [Decimal("0.75")]),
        ("жартысы", [Decimal("0.5")]),
        ("12 мың", [12000]),
        ("12 мыңнан астам", [12000]),
        ("515 мыңы жұмсалды", [515000]),
        ("1,5 миллионына", [1500000]),
        ("2 млн-ы", [2000000]),
        ("екі жүзі", [200]),
        ("жер жүзінде, жүзі", []),
        ("бірнеше мың", []),
        ("жүздеген адам", []),
        ("5-ші", []),
        ("500-ден астам", [500]),
        ("он екі", [12]),
        ("бір мың тоғыз жүз", [1900]),
        ("жиырма бірінші", []),
        ("үшін", []),
        ("екі жарым миллион", [2500000]),
        ("жарты миллион", [500000]),
        ("мың екі жүз елуге жуық", [1250]),
        ("он бестен бірі", [Decimal(1) / 15]),
        ("1,2 миллион", [1200000]),
        ("2 млн 300 мың", [2300000]),
        ("елу-алпыс", []),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [(language, *case) for language, cases in CASES.items() for case in cases],
)
def test_a_text_has_these_numbers_and_no_others(
    language: str, text: str, values: list[Decimal | int]
) -> None:
    assert [number.value for number in numbers_in(text, (language,))] == values


@given(
    st.integers(0, 10**12),
    st.sampled_from([" ", "\u00a0", "\u2009", "\u202f", "'", "\u2019"]),
    st.sampled_from(["en", "ru", "kk"]),
)
def test_a_number_is_read_in_each_style_of_grouping(value: int, blank: str, language: str) -> None:
    text = f"({value:,})".replace(",", blank)
    (number,) = numbers_in(text, (language,))
    assert (number.value, number.start, number.end) == (Decimal(value), 1, len(text) - 1)


@given(
    st.decimals(Decimal("0.01"), 10**6, places=2),
    st.sampled_from(
        [
            *(("en", ".", "m", 6), ("en", ".", " million", 6), ("en", ".", " bn", 9)),
            *(("ru", ",", " тыс.", 3), ("ru", ",", " млн", 6), ("kk", ",", " мың", 3)),
        ]
    ),
)
def test_a_decimal_is_read_with_its_scale(value: Decimal, style: tuple[str, str, str, int]) -> None:
    language, point, scale, power = style
    (number,) = numbers_in(f"{value}".replace(".", point) + scale, (language,))
    assert number.value == value.scaleb(power)


ENGLISH = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen
"""
ENGLISH_TENS = """
    twenty thirty forty fifty sixty seventy eighty ninety
"""
RUSSIAN = """
    ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать
    тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать
"""
RUSSIAN_TENS = """
    двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто
"""
RUSSIAN_HUNDREDS = """
    сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот
"""
KAZAKH = """
    нөл бір екі үш төрт бес алты жеті сегіз тоғыз
"""
KAZAKH_TENS = """
    он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан
"""


def english(value: int) -> str:
    if value >= 100:
        rest = f" and {english(value % 100)}" if value % 100 else ""
        return f"{ENGLISH.split()[value // 100]} hundred{rest}"
    if value >= 20:
        return ENGLISH_TENS.split()[value // 10 - 2] + (
            f"-{ENGLISH.split()[value % 10]}" if value % 10 else ""
        )
    return ENGLISH.split()[value]


def russian(value: int) -> str:
    words = [RUSSIAN_HUNDREDS.split()[value // 100 - 1]] if value >= 100 else []
    rest = value % 100
    if rest >= 20:
        words.append(RUSSIAN_TENS.split()[rest // 10 - 2])
        rest %= 10
    return " ".join([*words, RUSSIAN.split()[rest]] if rest or not words else words)


def kazakh(value: int) -> str:
    words = [KAZAKH.split()[value // 100]] if value >= 200 else []
    words += ["жүз"] if value >= 100 else []
    words += [KAZAKH_TENS.split()[value % 100 // 10 - 1]] if value % 100 >= 10 else []
    return " ".join([*words, KAZAKH.split()[value % 10]] if value % 10 or not words else words)


@pytest.mark.parametrize(("language", "spell"), [("en", english), ("ru", russian), ("kk", kazakh)])
def test_every_number_below_a_thousand_is_read_in_words(
    language: str, spell: Callable[[int], str]
) -> None:
    for value in range(1000):
        text = f"({spell(value)})"
        assert [(each.value, each.start, each.end) for each in numbers_in(text, (language,))] == [
            (Decimal(value), 1, len(text) - 1)
        ], text


def messages(root: Path, marked: str, language: str, **cells: str) -> list[str]:
    """What is wrong with a figure whose evidence is the bracketed part of `marked`."""
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    tables = small()
    row = tables[f"{DOCUMENT}/population.csv"][1]
    row |= {"evidence": f"{start}-{end}", "context": "", "time": "", "component_of": ""} | cells
    tables[f"{DOCUMENT}/population.csv"] = [row]
    tables[f"{DOCUMENT}/document.csv"][0] |= {"length": "200", "language": language}
    read = read_tables(write(root, tables))
    (figure,) = read.of("population")
    return [fault.message for fault in check_row(figure, text, read.hedges, (language,))]


@pytest.mark.parametrize(
    ("language", "text", "bound", "hedge"),
    [
        ("en", "[over a hundred people]", "lower", "over"),
        ("ru", "[более 100 человек]", "lower", "более"),
        ("ru", "[свыше ста человек]", "lower", "свыше"),
        ("ru", "[не менее 100 человек]", "lower", "не менее"),
        ("ru", "[не более ста человек]", "upper", "не более"),
        ("ru", "[до 100 человек]", "upper", "до"),
        ("ru", "[почти сто человек]", "approximate", "почти"),
        ("ru", "[около ста человек]", "approximate", "около"),
        ("ru", "[100 и более человек]", "lower", "и более"),
        ("ru", "[сто с лишним человек]", "lower", "с лишним"),
        ("kk", "[100-ден астам адам]", "lower", "астам"),
        ("kk", "[жүзден астам адам]", "lower", "астам"),
        ("kk", "[100 адамнан астам]", "lower", "астам"),
        ("kk", "[100-ден астамы]", "lower", "астамы"),
        ("kk", "[жүзге жуық адам]", "approximate", "жуық"),
        ("kk", "[100 адамға жуық]", "approximate", "жуық"),
        ("ru", "[более чем в 100 странах]", "lower", "более чем"),
        ("kk", "[кемінде 100 адам]", "lower", "кемінде"),
        ("kk", "[шамамен жүз адам]", "approximate", "шамамен"),
        ("kk", "[100-ге жуық адам]", "approximate", "жуық"),
        ("kk", "[жүзге дейін адам]", "upper", "дейін"),
        ("kk", "[100-ден кем емес адам]", "lower", "кем емес"),
        ("kk", "[100-ден артық емес адам]", "upper", "артық емес"),
        ("kk", "[100%-ға жуығы]", "approximate", "жуығы"),
        ("kk", "[100 адамнан аз]", "upper", "аз"),
        ("ru", "[больше чем 100 человек]", "lower", "больше чем"),
        ("en", "In 2023 [fewer than 100 came]", "upper", "fewer than"),
    ],
)
def test_a_hedge_is_found_and_neither_lost_nor_turned(
    tmp_path: Path, language: str, text: str, bound: str, hedge: str
) -> None:
    stated = {"value": "100", "bound": bound, "hedge": hedge}
    assert messages(tmp_path / "right", text, language, **stated) == []
    exact = {"value": "100", "bound": "exact", "hedge": ""}
    (lost,) = messages(tmp_path / "lost", text, language, **exact)
    assert lost == f"the document says {hedge!r} with 100"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "снизилось до [100 человек]"),
        ("ru", "с 300 до [100 человек]"),
        ("ru", "[100 человек, более 300 детей]"),
        ("kk", "осы күнге дейін [100 адам]"),
        ("kk", "[100-ге дейін азайды]"),
        ("kk", "[100 адам, 300-ден астам бала]"),
        ("ru", "на [100 % меньше], чем годом ранее"),
        ("ru", "[на 100 больше], чем весной"),
        ("ru", "[стало на 100 меньше]."),
        ("en", "[100 per cent more than last year]"),
        ("en", "14 per cent more than [100 a year before]"),
        ("en", "fewer by 9 than [100]"),
        ("kk", "былтырғыдан [100-ге аз]"),
        ("kk", "бұрынғыдан [100 адамға көп]"),
        ("kk", "[100%-ға артық]"),
    ],
)
def test_a_word_that_hedges_something_else_is_not_a_hedge(
    tmp_path: Path, language: str, text: str
) -> None:
    assert messages(tmp_path, text, language, value="100", bound="exact", hedge="") == []


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "[one in twelve refugees]", "8.33"),
        ("ru", "[каждый пятый] беженец", "20"),
        ("kk", "[әрбір оныншы] адам", "10"),
    ],
)
def test_one_of_so_many_is_a_share(tmp_path: Path, language: str, text: str, value: str) -> None:
    exact = {"unit": "percent", "base_group": "REF", "bound": "exact", "hedge": ""}
    assert messages(tmp_path / "right", text, language, value=value, **exact) == []
    assert messages(tmp_path / "wrong", text, language, value="25", **exact)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "USD 2 181 [727]", "727"),
        ("en", "[five] hundred", "5"),
        ("en", "[10.03] million", "10"),
        ("en", "[one] third", "1"),
        ("ru", "[пять] тысяч", "5"),
        ("ru", "[5] тыс.", "5"),
        ("kk", "[бес] жүз", "5"),
    ],
)
def test_a_span_that_cuts_a_number_does_not_hold_one(
    tmp_path: Path, language: str, text: str, value: str
) -> None:
    found = messages(tmp_path, text, language, value=value, bound="exact", hedge="")
    assert [message for message in found if "is in no span of its evidence, which cuts" in message]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("ru", "[5 мая]", "5"),
        ("ru", "[31.12.2018]", "31"),
        ("ru", "[2018 год]", "2018"),
        ("ru", "[в 2018 году, 30 человек]", "2018"),
        ("kk", "[5 мамыр]", "5"),
        ("kk", "[2018 жылы]", "2018"),
        ("ru", "[от 50 до 100 человек]", "100"),
        ("ru", "[между пятьюдесятью и ста]", "50"),
        ("kk", "[50-ден 100-ге дейін]", "100"),
        ("kk", "[50 мен 100 аралығында]", "50"),
    ],
)
def test_a_date_and_an_end_of_a_range_are_not_values(
    tmp_path: Path, language: str, text: str, value: str
) -> None:
    assert messages(tmp_path, text, language, value=value, bound="exact", hedge="") != []


def test_a_year_before_a_number_makes_no_range_with_it(tmp_path: Path) -> None:
    text = "[a fall from 6,706 in 2018 to 5,000 in 2019]"
    assert messages(tmp_path, text, "en", value="5000", bound="exact", hedge="") == []


@pytest.mark.parametrize(
    ("value", "unit", "right"),
    [
        ("0.33", "not-stated", True),
        ("0.3333", "not-stated", True),
        ("33.3", "percent", True),
        ("33", "percent", True),
        ("0.34", "not-stated", False),
        ("30", "percent", False),
        ("0", "not-stated", False),
        ("3", "not-stated", False),
    ],
)
def test_a_third_is_given_in_decimals(tmp_path: Path, value: str, unit: str, right: bool) -> None:
    found = messages(
        *(tmp_path, "[one third of them]", "en"),
        value=value,
        unit=unit,
        bound="exact",
        hedge="",
        base_group="REF",
    )
    assert (found == []) == right


def test_number_words_are_to_be_covered() -> None:
    text = "One of fifty-seven people and $10.03 million,\nno child, half of them"
    assert [(token.text, token.line) for token in numeric_tokens(text)] == [
        *(("fifty-seven", 1), ("10", 1), ("03", 1), ("million", 1), ("half", 2)),
    ]


@pytest.mark.parametrize("word", ["five hundred and ", "a ", "жүз "])
def test_a_phrase_without_end_is_not_a_number(word: str) -> None:
    assert numbers_in(word * 5000, ("kk",)) == ()
