"""Texts of cells are what they look like, and hedges go with the bounds that they can mean."""

from pathlib import Path

import pytest

from kzgraph.faults import Fault, TableFaults
from kzgraph.tables import read_tables
from small_tables import DOCUMENT, small, write

POPULATION = f"{DOCUMENT}/population.csv"
#: The cells of a unit that follow the column `broader`.
UNIT = ",,people,,,,,,,"
CONCEPTS = "shared/concepts.csv"
PLACES = "shared/places.csv"


def faults_of(root: Path) -> list[Fault]:
    with pytest.raises(TableFaults) as refused:
        read_tables(root)
    return refused.value.faults


LABELS = {
    "a no-break space": ("All\u00a0people", "U+00A0", "plain blank"),
    "a narrow no-break space": ("All\u202fpeople", "U+202F", "plain blank"),
    "a thin space": ("All\u2009people", "U+2009", "plain blank"),
    "an ideographic space": ("All\u3000people", "U+3000", "plain blank"),
    "two blanks": ("All  people", "two blanks", "write one"),
    "a tab": ("All\tpeople", "U+0009", "remove"),
    "a zero-width space": ("Peo\u200bple", "U+200B", "remove"),
    "a zero-width joiner": ("Peo\u200dple", "U+200D", "remove"),
    "a byte order mark inside": ("Peo\ufeffple", "U+FEFF", "remove"),
    "a soft hyphen": ("Peo\u00adple", "U+00AD", "remove"),
    "a word joiner": ("Peo\u2060ple", "U+2060", "remove"),
    "a filler": ("Peo\u3164ple", "U+3164", "remove"),
    "a blank of Braille": ("Peo\u2800ple", "U+2800", "remove"),
    "a grapheme joiner": ("Peo\u034fple", "U+034F", "remove"),
    "a variation selector": ("People\ufe0f", "U+FE0F", "remove"),
    "a tag character": ("People\U000e0041", "U+E0041", "remove"),
    "a private character": ("People\ue000", "U+E000", "remove"),
    "an unassigned character": ("People\u0378", "U+0378", "remove"),
    "a lost character": ("Women\ufffds Day", "U+FFFD", "restore"),
    "a Cyrillic letter in a Latin word": ("Pe\u043eple", "U+043E", "one alphabet"),
    "a Latin letter in a Cyrillic word": ("\u0416\u0441s\u043a", "U+0073", "one alphabet"),
    "a Greek letter": ("Pe\u03bfple", "U+03BF", "one alphabet"),
    "an Armenian letter": ("Pe\u0585ple", "U+0585", "one alphabet"),
    "a Cherokee letter": ("\u13aalmaty", "U+13AA", "one alphabet"),
    "a word of Cyrillic look-alikes": ("The \u0421\u0410\u0420", "Cyrillic letters", "Latin"),
    "digits of another script": ("People of 201\u0668", "U+0668", "0 to 9"),
    "a no-break hyphen": ("Asylum\u2011seekers", "U+2011", "write -"),
    "a ligature": ("O\ufb03ce", "variants of letters", "plain letters"),
    "full-width letters": ("\uff30eople", "variants of letters", "plain letters"),
}


@pytest.mark.parametrize(("text", "says", "remedy"), LABELS.values(), ids=LABELS.keys())
def test_a_text_that_is_not_what_it_looks_like_is_refused(
    tmp_path: Path, text: str, says: str, remedy: str
) -> None:
    tables = small()
    tables[POPULATION][0]["label"] = text
    (fault,) = faults_of(write(tmp_path, tables))
    assert (fault.file, fault.line, fault.column) == (POPULATION, 2, "label")
    assert says in fault.message
    assert remedy in fault.remedy


@pytest.mark.parametrize("column", ["label_en", "label_ru", "label_kk", "alternative_kk", "id"])
def test_every_column_is_looked_at(tmp_path: Path, column: str) -> None:
    tables = small()
    tables[PLACES][1][column] = "place/almaty\u00a0city"
    assert [(fault.line, fault.column) for fault in faults_of(write(tmp_path, tables))] == [
        (3, column)
    ]


@pytest.mark.parametrize(
    "text", ["p1 қатары", "БҰҰ БЖКБ-нің ЮНИСЕФ-пен", "«Сана Сезім» (UNHCR)", "№ 317-I", "São Tomé"]
)
def test_words_of_different_alphabets_may_stand_side_by_side(tmp_path: Path, text: str) -> None:
    tables = small()
    tables[PLACES][1]["label_kk"] = text
    read_tables(write(tmp_path, tables))


def test_a_value_is_written_in_plain_digits(tmp_path: Path) -> None:
    tables = small()
    tables[POPULATION][0]["value"] = "15\u0660"
    (fault,) = faults_of(write(tmp_path, tables))
    assert (fault.column, fault.remedy) == ("value", "write 0 to 9")


HEDGES = [
    ("over", "upper", "lower"),
    ("Over", "approximate", "lower"),
    ("more than", "upper", "lower"),
    ("at least", "upper", "lower"),
    ("just over", "upper", "lower"),
    ("or more", "upper", "lower"),
    ("less than", "lower", "upper"),
    ("fewer than", "approximate", "upper"),
    ("up to", "lower", "upper"),
    ("no more than", "lower", "upper"),
    ("not less than", "upper", "lower"),
    ("some", "lower", "approximate"),
    ("around", "upper", "approximate"),
    ("an estimated", "lower", "approximate"),
    ("close to", "upper", "approximate"),
    ("nearly", "lower", "approximate or upper"),
]


@pytest.mark.parametrize(("hedge", "wrong", "right"), HEDGES)
def test_a_hedge_goes_with_the_bounds_that_it_can_mean(
    tmp_path: Path, hedge: str, wrong: str, right: str
) -> None:
    tables = small()
    tables[POPULATION][1] |= {"hedge": hedge, "bound": wrong}
    (fault,) = faults_of(write(tmp_path / "wrong", tables))
    assert (fault.file, fault.line, fault.column) == (POPULATION, 3, "bound")
    assert fault.remedy == f"write {right}"
    for bound in right.split(" or "):
        tables[POPULATION][1]["bound"] = bound
        read_tables(write(tmp_path / bound, tables))


@pytest.mark.parametrize("hedge", ["ver", "refugees", "overall", "something", "Government"])
def test_a_word_that_hedges_nothing_is_refused(tmp_path: Path, hedge: str) -> None:
    tables = small()
    tables[POPULATION][1]["hedge"] = hedge
    (fault,) = faults_of(write(tmp_path, tables))
    assert fault.column == "hedge"
    assert "concepts.csv" in fault.remedy


def test_a_new_hedge_is_a_row_of_data(tmp_path: Path) -> None:
    tables = small()
    tables[POPULATION][1]["hedge"] = "plus de"
    root = write(tmp_path, tables)
    concepts = root / CONCEPTS
    text = concepts.read_text("utf-8")
    concepts.write_text(text.replace("|upwards of", "|upwards of|plus de", 1), "utf-8")
    read_tables(root)


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        (CONCEPTS, [f"unit,x,X,X,X,,,,-,y{UNIT}", f"unit,y,Y,Y,Y,,,,-,x{UNIT}"]),
        (
            CONCEPTS,
            [
                f"unit,x,X,X,X,,,,-,y{UNIT}",
                f"unit,y,Y,Y,Y,,,,-,z{UNIT}",
                f"unit,z,Z,Z,Z,,,,-,x{UNIT}",
            ],
        ),
        (CONCEPTS, [f"unit,x,X,X,X,,,,-,x{UNIT}"]),
        (PLACES, ["place/x,city,X,X,X,,,,,place/y", "place/y,city,Y,Y,Y,,,,,place/x"]),
    ],
    ids=["two concepts", "three concepts", "a concept and itself", "two places"],
)
def test_a_circle_is_refused_at_each_of_its_rows(
    tmp_path: Path, file: str, rows: list[str]
) -> None:
    root = write(tmp_path, small())
    with (root / file).open("a", encoding="utf-8") as table:
        table.write("\n".join([*rows, ""]))
    lines = (root / file).read_text("utf-8").splitlines()
    found = faults_of(root)
    assert [lines[fault.line - 1] for fault in found] == rows
    assert {fault.message for fault in found} == {"it is a part of itself"}


def test_what_leads_into_a_circle_is_not_blamed(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    with (root / CONCEPTS).open("a", encoding="utf-8") as table:
        table.write(f"unit,x,X,X,X,,,,-,x{UNIT}\nunit,y,Y,Y,Y,,,,-,x{UNIT}\n")
    (fault,) = faults_of(root)
    assert fault.column == "broader"
