"""A faulty official file is refused with its line, its column and what would be right."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from kzgraph_mappings.official import MAPPERS
from official_files import POPULATION, a_file, a_source, faults_of, map_with

ROW = "2018,Afghanistan,AFG,AFG,Uzbekistan,UZB,UZB,14,0,0,0,0,0,0,,0"
OTHER = "2018,Stateless,STA,XXA,Kazakhstan,KAZ,KAZ,0,5,0,0,0,7690,0,,0"
WHOLE = f"{POPULATION}\n{ROW}\n{OTHER}\n"
KIND = "unhcr-population"


def faults(folder: Path, data: bytes) -> list[str]:
    return faults_of(MAPPERS[KIND], a_source(KIND, a_file(folder, data)))


def with_cell(column: str, text: str) -> bytes:
    cells = ROW.split(",")
    cells[POPULATION.split(",").index(column)] = text
    return f"{POPULATION}\n{','.join(cells)}\n{OTHER}\n".encode()


def test_the_sound_file_is_taken(tmp_path: Path) -> None:
    for data in (WHOLE.encode(), gzip.compress(WHOLE.encode())):
        sink = map_with(MAPPERS[KIND], a_source(KIND, a_file(tmp_path, data)))
        assert sink.rows == 2


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("refugees", "-5", "-5 is less than 0"),
        ("refugees", "1.5", "1.5 is not a whole number"),
        ("refugees", "many", "'many' is not a whole number"),
        ("refugees", "1e5", "'1e5' is not a whole number"),
        ("refugees", '"1,234"', "'1,234' is a number with separators"),
        ("refugees", "1\u202f234", "is a number with separators"),
        ("refugees", "\u0661\u0662", "is not a whole number"),
        ("refugees", "9" * 30, "has too many digits"),
        ("year", "1850", "1850 is less than 1951"),
        ("year", "20188", "20188 is more than 2050"),
        ("year", "02018", "02018 has zeros before it"),
        ("year", "", "the cell is empty"),
        ("coo_iso", "ZZZ", "'ZZZ' is not a code of countries.csv"),
        ("coo", "XYZ", "'XYZ' is not a code of countries.csv"),
        ("coa_iso", "KAZ", "coa 'UZB' and coa_iso 'KAZ' are not codes of one thing"),
    ],
)
def test_a_wrong_cell_is_told_with_its_line_and_column(
    column: str, text: str, said: str, tmp_path: Path
) -> None:
    first = faults(tmp_path, with_cell(column, text))[0]
    assert first.startswith(f"table.csv:2:{column}: ")
    assert said in first and "; " in first


@pytest.mark.parametrize(
    ("extracted", "said"),
    [
        ("2018-01-01", []),
        ("2017-12-31", ["2018 is after the day on which the file was extracted, 2017-12-31"] * 2),
        ("", []),
    ],
)
def test_no_year_is_after_the_day_of_extraction(
    extracted: str, said: list[str], tmp_path: Path
) -> None:
    source = replace(a_source(KIND, a_file(tmp_path, WHOLE.encode())), date=extracted)
    told = faults_of(MAPPERS[KIND], source) if said else []
    assert [each.split(": ")[1].split("; ")[0] for each in told] == said
    assert said or map_with(MAPPERS[KIND], source).rows == 2


def test_the_codes_that_belong_together_are_told(tmp_path: Path) -> None:
    """UNHCR's AUS is Austria, whose code of ISO is AUT."""
    row = with_cell("coo", "AUS")
    assert "these are: coo AUS, coo_iso AUT" in faults(tmp_path, row)[0]


def renamed(names: str) -> str:
    """Rows on Afghans and Iraqis in Uzbekistan and Kazakhstan, with names of origins."""
    codes = ("AFG,AFG,Uzbekistan,UZB,UZB", "IRQ,IRQ,Uzbekistan,UZB,UZB",
             "AFG,AFG,Kazakhstan,KAZ,KAZ", "IRQ,IRQ,Kazakhstan,KAZ,KAZ")  # fmt: skip
    rows = (
        f"2018,{name},{each},14,0,0,0,0,0,0,,0\n"
        for name, each in zip(names.split("|"), codes, strict=True)
    )
    return f"{POPULATION}\n{''.join(rows)}"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (
            "Afghanistan|Afghanistan|Iraq|Iraq",
            [
                "3:coo_name: 'Afghanistan' is a name of AFG, and the code is IRQ",
                "4:coo_name: 'Iraq' is a name of IRQ, and the code is AFG",
            ],
        ),
        (
            "L'Aflandie|L'Aflandie|L'Iraquie|L'Iraquie",
            [
                '3:coo_name: "L\'Aflandie" is the name of AFG in line 2, and the code is IRQ',
                '4:coo_name: "L\'Iraquie" is another name than AFG has in line 2',
            ],
        ),
        (
            "Afghanistan|Iraq|Iraqia|Iraq",
            ["4:coo_name: 'Iraqia' is another name than AFG has in line 2"],
        ),
        (
            "AFG|IRQ|Afghanistan|Iraq",
            [
                "4:coo_name: 'Afghanistan' is another name than AFG has in line 2",
                "5:coo_name: 'Iraq' is another name than IRQ has in line 3",
            ],
        ),
    ],
)
def test_names_that_are_not_those_of_their_codes_are_told(
    names: str, said: list[str], tmp_path: Path
) -> None:
    """As after sorting one column of a sheet: all codes are right, and all rows wrong."""
    told = faults(tmp_path, renamed(names).encode())
    assert [each.split("; put")[0].partition(":")[2] for each in told] == said


@pytest.mark.parametrize(
    "names",
    [
        "AFGHANISTAN|Iraq|Афганистан|Ирак",
        "Islamic Republic of Afghanistan|Irak|Afghanistan|Iraq",
        "L'Aflandie|L'Iraquie|L\u2019Aflandi\u00e9|l'iraquie",
        "|-|Afghanistan|Iraq",
        "| ||",
    ],
)
def test_a_spelling_that_is_not_known_is_no_fault(names: str, tmp_path: Path) -> None:
    sink = map_with(MAPPERS[KIND], a_source(KIND, a_file(tmp_path, renamed(names).encode())))
    assert sink.rows == 4


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (WHOLE[:-2], ":3: the last line has no end"),
        (WHOLE[:-20], ":3: the row has"),
        (f"{POPULATION}\n", ":1: the file has a header only"),
        ("", ": the file is empty"),
        (f"{WHOLE}{ROW}\n", ":4: line 2 has the same year, coa_iso, coo_iso"),
        (f"{POPULATION}\n{POPULATION}\n{ROW}\n", ":2:year: 'year' is not a whole number"),
        (f"{WHOLE}2018,Iraq,IRQ,Albania,ALB,9,5,0,-,0,0,0\n", ":4: the row has 12 cells"),
        (WHOLE.replace("stateless", "steteless", 1), ":1:steteless: the layout of the API has no"),
        (WHOLE.replace("idps,", "ooc,", 1), ":1:ooc: the column is there twice"),
        (f"Date extracted:,x\n{WHOLE}", ":1: a line stands before the header"),
        (WHOLE.replace(",", ";"), ":1: cells are separated by semicolons"),
        (WHOLE.replace(",", "\t"), ":1: cells are separated by tabs"),
        ("idps\trefugees,stateless,ooc\n", ":1: cells are separated by tabs"),
        (
            "".join(f'"{line}"\n' for line in WHOLE.replace(",", '";"').splitlines()),
            ":1: cells are separated by semicolons",
        ),
        ("<!DOCTYPE html>\n<html><p>502 Bad Gateway\n", ":1: it is a page in HTML, not CSV"),
        ('{"items": []}\n', ":1: it is JSON, not CSV"),
        (WHOLE.replace("Afghanistan", '"Afghanistan'), ":2: the line is not CSV"),
        (
            WHOLE.replace("Afghanistan", '"Afghanistan').replace("Stateless", 'Stateless"'),
            ":2: a quoted text goes on to line 3",
        ),
        (f"{POPULATION}\n{'1,' * 600_000}\n", ":2: the line has more than 1048576 bytes"),
    ],
)
def test_a_wrong_file_is_told(data: str, said: str, tmp_path: Path) -> None:
    assert said in f"{faults(tmp_path, data.encode())[0]}"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-16", "but UTF-16"), ("utf-16-le", "UTF-16"), ("cp1251", "maybe Windows-1251")],
)
def test_another_encoding_is_named(encoding: str, said: str, tmp_path: Path) -> None:
    data = WHOLE.replace(
        "Afghanistan", "\u0410\u0444\u0433\u0430\u043d\u0438\u0441\u0442\u0430\u043d"
    )
    assert said in faults(tmp_path, data.encode(encoding))[0]


def test_a_damaged_or_exploding_archive_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(WHOLE.encode())
    assert "it is not whole" in faults(tmp_path, packed[:-6])[0]
    many = gzip.compress(f"{POPULATION}\n".encode() + b"\n" * 5_000_000)
    assert "compressed more than" in faults(tmp_path, many)[0]


def test_of_many_faults_the_first_hundred_are_told(tmp_path: Path) -> None:
    rows = "".join(f"{ROW.replace('14', f'-{n}')}\n" for n in range(1, 300))
    assert len(faults(tmp_path, f"{POPULATION}\n{rows}".encode())) == 100


def test_a_file_of_another_licence_than_stated_is_refused(tmp_path: Path) -> None:
    lines = (
        '"Usage licence",https://creativecommons.org/licenses/by-nc/4.0/',
        "Year,Country of Origin,Country of Origin ISO,Country of Asylum,"
        "Country of Asylum ISO,Refugees",
        "2018,Afghanistan,AFG,Uzbekistan,UZB,14",
    )
    source = a_source(KIND, a_file(tmp_path, lines), "https://creativecommons.org/licenses/by/4.0/")
    assert "it states the licence" in faults_of(MAPPERS[KIND], source)[0]
