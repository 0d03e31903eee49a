"""What spreadsheets do to a table is understood, or answered with what would be right."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kzgraph.faults import Fault, TableFaults
from kzgraph.resources import folder
from kzgraph.tables import Tables, project_schemas, read_tables
from small_tables import DOCUMENT, small, write

POPULATION = f"{DOCUMENT}/population.csv"
HOURS = f"{DOCUMENT}/opening_hours.csv"
HOLIDAYS = f"{DOCUMENT}/holidays.csv"
CONTACTS = f"{DOCUMENT}/contact_points.csv"
DESCRIPTION = f"{DOCUMENT}/document.csv"
PLACES = "shared/places.csv"


def faults_of(root: Path) -> list[Fault]:
    with pytest.raises(TableFaults) as refused:
        read_tables(root)
    return refused.value.faults


def cells_of(tables: Tables) -> list[tuple[str, dict[str, list[str]]]]:
    return [(row.iri, row.cells) for row in tables.rows]


def separate(text: str, by: str) -> str:
    """The table of a text, its cells separated by `by`."""
    out = io.StringIO()
    csv.writer(out, delimiter=by, lineterminator="\r\n").writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()


@pytest.mark.parametrize("by", [",", ";", "\t"], ids=["commas", "semicolons", "tabs"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["no mark", "mark"])
@pytest.mark.parametrize("line", ["", "sep={}\r\n", '"SEP={}"\r\n'], ids=["no line", "sep", "SEP"])
def test_cells_may_be_separated_as_spreadsheets_do(
    tmp_path: Path, by: str, mark: str, line: str
) -> None:
    tables = small()
    tables[POPULATION][0]["label"] = 'All, with; the "others"'
    root = write(tmp_path, tables)
    before = cells_of(read_tables(root))
    for file in (POPULATION, DESCRIPTION, PLACES):
        text = separate((root / file).read_text("utf-8"), by)
        (root / file).write_text(mark + line.format(by) + text, "utf-8", newline="")
    assert cells_of(read_tables(root)) == before
    tables[POPULATION][1]["value"] = "many"
    (root / POPULATION).unlink()
    write(tmp_path, tables)
    text = separate((root / POPULATION).read_text("utf-8"), by)
    (root / POPULATION).write_text(mark + line.format(by) + text, "utf-8", newline="")
    (fault,) = faults_of(root)
    assert (fault.line, fault.column) == (4 if line else 3, "value")


def test_a_line_about_the_separator_that_is_wrong_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    path = root / POPULATION
    path.write_text("sep=;\n" + path.read_text("utf-8"), "utf-8")
    (fault,) = faults_of(root)
    assert (fault.line, fault.remedy) == (1, "delete it: cells are separated by commas")


def test_a_row_separated_in_another_way_than_the_header_is_told_so(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    path = root / POPULATION
    head, first, *rest = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, first.replace(",", ";"), *rest]) + "\n", "utf-8")
    (fault,) = faults_of(root)
    assert fault.line == 2
    assert fault.remedy == "separate its cells by commas as in the header, not by semicolons"


RUSSIAN = "key,label\na,Беженцы и лица без гражданства\n"
ENCODINGS: dict[str, tuple[bytes, str, str]] = {
    "UTF-16 as Excel's Unicode text": (RUSSIAN.encode("utf-16"), "in UTF-16", "CSV UTF-8"),
    "UTF-16, the other way round": (
        b"\xfe\xff" + RUSSIAN.encode("utf-16-be"), "in UTF-16", "CSV UTF-8",
    ),
    "UTF-16 without a mark": (RUSSIAN.encode("utf-16-le"), "in UTF-16", "CSV UTF-8"),
    "UTF-32": (RUSSIAN.encode("utf-32"), "in UTF-32", "CSV UTF-8"),
    "Windows-1251": (RUSSIAN.encode("cp1251"), "in Windows-1251", "no Kazakh letters"),
    "Windows-1252": ("key,label\na,caf\u00e9\n".encode("cp1252"), "not in UTF-8", "CSV UTF-8"),
    "a zero byte": (b"key,label\na,one\0two and more of the text\n", "not in UTF-8", "CSV UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "says", "remedy"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_another_encoding_is_one_line_with_what_to_do(
    tmp_path: Path, data: bytes, says: str, remedy: str
) -> None:
    root = write(tmp_path, small())
    (root / HOLIDAYS).write_bytes(data)
    (fault,) = faults_of(root)
    assert fault.file == HOLIDAYS
    assert says in fault.message
    assert remedy in fault.remedy


@pytest.mark.parametrize("row", [",,,,", "\n", " , ,\n,,,,,,,,,,,,,,,,,,,,"])
def test_empty_rows_are_skipped_with_one_warning(tmp_path: Path, row: str) -> None:
    root = write(tmp_path, small())
    before = cells_of(read_tables(root))
    path = root / POPULATION
    head, *rest = path.read_text("utf-8").splitlines()
    lines = [row, head, row, *rest, *[row] * 10]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    tables = read_tables(root)
    assert cells_of(tables) == before
    warnings = [(each.file, each.message.partition(" (")[0]) for each in tables.warnings]
    assert warnings == ([(POPULATION, "empty rows are skipped")] if row.strip() else [])


def test_empty_columns_at_the_end_are_ignored_and_others_are_not(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    before = cells_of(read_tables(root))
    path = root / POPULATION
    wide = [line + ",," for line in path.read_text("utf-8").splitlines()]
    path.write_text("\n".join(wide) + "\n", "utf-8")
    assert cells_of(read_tables(root)) == before
    wide[2] += "x"
    path.write_text("\n".join(wide) + "\n", "utf-8")
    (fault,) = faults_of(root)
    assert (fault.line, "cells, the header" in fault.message) == (3, True)


HEADERS = {
    "capitals": ("hedge", "Hedge", "write hedge"),
    "a blank": ("hedge", " hedge", "write hedge"),
    "a blank for an underscore": ("component_of", "component of", "write component_of"),
    "Cyrillic look-alikes": ("hedge", "h\u0435dge", "write hedge, in Latin letters"),
    "another word": ("hedge", "hedging", "did you mean hedge?"),
}


@pytest.mark.parametrize(("name", "text", "remedy"), HEADERS.values(), ids=HEADERS.keys())
def test_a_name_of_a_column_that_is_nearly_right_is_told_the_right_one(
    tmp_path: Path, name: str, text: str, remedy: str
) -> None:
    root = write(tmp_path, small())
    path = root / POPULATION
    path.write_text(path.read_text("utf-8").replace(f",{name},", f",{text},", 1), "utf-8")
    faults = [fault for fault in faults_of(root) if fault.column == text]
    assert [(fault.line, fault.remedy) for fault in faults] == [(1, remedy)]


TYPED = {
    "a date with points": (POPULATION, "time", "05.05.2020", "write 2020-05-05"),
    "a date with slashes": (POPULATION, "time", "5/5/2020", "write 2020-05-05"),
    "a date whose order is open": (
        POPULATION, "time", "5/6/2020", "write 2020-06-05 or 2020-05-06, whichever is meant",
    ),
    "a date that only one order makes": (POPULATION, "time", "5/21/2020", "write 2020-05-21"),
    "Excel's number of a day": (POPULATION, "time", "43956", "write 2020-05-05"),
    "Excel's month": (POPULATION, "time", "May-20", "write 2020-05"),
    "a month in Russian": (POPULATION, "time", "5 мая 2020", "write 2020-05-05"),
    "a month in Kazakh": (POPULATION, "time", "5 мамыр 2020", "write 2020-05-05"),
    "a month with a point": (POPULATION, "time", "06.2018", "write 2018-06"),
    "a day without zeros": (POPULATION, "time", "2020-5-5", "write 2020-05-05"),
    "a day with its midnight": (POPULATION, "time", "05.05.2020 0:00", "write 2020-05-05"),
    "a date of a document": (DESCRIPTION, "issued", "05.05.2020", "write 2020-05-05"),
    "a number as the date of a document": (DESCRIPTION, "issued", "43956", "write 2020-05-05"),
    "a moment": (DESCRIPTION, "captured", "20.07.2019", "write 2019-07-20T00:00:00Z"),
    "a holiday": (HOLIDAYS, "time", "1/1/2020", "write 2020-01-01"),
    "a span that became a day": (
        POPULATION, "evidence", "10-Jan", "format the column as text, and write 1-10",
    ),
    "a span that became a month": (
        POPULATION, "evidence", "Jan-10", "format the column as text, and write 1-10 or 1-2010",
    ),
    "a span that became a day in Russian": (
        POPULATION, "evidence", "10.янв", "format the column as text, and write 1-10",
    ),
    "a span that became a whole date": (
        POPULATION, "context", "01.10.2026", "format the column as text, and write 1-10",
    ),
    "a span with a dash": (POPULATION, "evidence", "914\u2013933", "write 914-933"),
    "a minus sign": (POPULATION, "value", "\u221247", "write -47"),
    "two years": (POPULATION, "time", "2018-2019", "write 2018/2019"),
    "half a span": (POPULATION, "evidence", "914", "write it like 914-933"),
    "an hour": (HOURS, "opens", "9:00", "write 09:00:00"),
    "Excel's number of an hour": (HOURS, "opens", "0.375", "write 09:00:00"),
    "no hour": (
        HOURS, "opens", "nine", "write hours:minutes:seconds, as in 09:00:00",
    ),
    "a key with Cyrillic look-alikes": (POPULATION, "key", "r\u0435fugees", "write refugees in"),
    "a key of Cyrillic look-alikes": (POPULATION, "key", "\u0441\u043e\u0440\u0435", "write cope"),
    "a key in Cyrillic": (POPULATION, "key", "беженцы", "write Latin letters, as in refugees"),
    "a code of look-alikes": (POPULATION, "group", "\u0420\u041e\u0421", "write POC in Latin"),
    "a path with a look-alike": (POPULATION, "scope", "country/K\u0410Z", "write country/KAZ in"),
    "a key with blanks": (POPULATION, "key", "All People", "write all-people"),
    "a key with underscores": (POPULATION, "key", "all_people", "write all-people"),
    "a code with a blank": (POPULATION, "group", "all people", "write a code such as STA; "),
    "a name for a path": (POPULATION, "scope", "Kazakhstan", "write a path such as country/KAZ; "),
    "an address without its scheme": (
        DESCRIPTION, "address", "www.unhcr.org", "write it like https://example.org/page",
    ),
    "a day of the week": (HOURS, "day", "Mon", "write Monday, Tuesday"),
    "blanks for thousands": (POPULATION, "value", "2 181 727", "write 2181727"),
    "apostrophes for thousands": (POPULATION, "value", "87'632", "write 87632"),
    "a comma that may be either": (
        POPULATION, "value", "1,500", "write 1500 or 1.5, whichever is meant",
    ),
    "a decimal comma": (POPULATION, "value", "10,03", "write 10.03"),
    "an exponent": (POPULATION, "value", "1.5E+06", "write 1500000"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "text", "remedy"),
    [
        ("value", "7\u00a0588", "write 7588"),
        ("value", "7\u202f588", "write 7588"),
        ("time", "12\u00a0May\u00a02021", "write 2021-05-12"),
        ("evidence", "1-2\u00a03-4", "write 1-2 3-4"),
        ("label", "All\u00a0people", "write a plain blank"),
    ],
)
def test_a_blank_that_is_not_plain_does_not_hide_what_was_meant(
    tmp_path: Path, column: str, text: str, remedy: str
) -> None:
    tables = small()
    tables[POPULATION][0][column] = text
    found = [fault for fault in faults_of(write(tmp_path, tables)) if fault.column == column]
    assert [fault.remedy for fault in found] == [remedy]


@pytest.mark.parametrize(("file", "column", "text", "remedy"), TYPED.values(), ids=TYPED.keys())
def test_what_was_typed_is_answered_with_what_was_meant(
    tmp_path: Path, file: str, column: str, text: str, remedy: str
) -> None:
    tables = small()
    tables[file][0][column] = text
    found = [fault for fault in faults_of(write(tmp_path, tables)) if fault.column == column]
    (fault,) = [fault for fault in found if fault.file == file and fault.line == 2]
    assert fault.remedy.startswith(remedy)
    # One colon at most: "write 09:00:00: hours:minutes:seconds: 09:00:00" says it twice.
    assert fault.remedy.count(": ") <= 1
    assert text in fault.message


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *(("value", text) for text in ("9" * 5000, "9" * 5000 + "%", "1E" + "9" * 4998)),
        *(("time", text) for text in ("9" * 5000, "1." * 2500, "2020-" * 1000)),
        *(("evidence", text) for text in ("9" * 5000, f"{'9' * 5000}-{'9' * 5000}")),
        *(("key", text) for text in ("A" * 5000, "\u0430" * 5000, "-" * 5000)),
        *(("scope", text) for text in ("country/" * 700, "Kazakhstan" * 500)),
    ],
    ids=lambda text: text[:12],
)
def test_a_cell_of_thousands_of_characters_is_a_short_fault(
    tmp_path: Path, column: str, text: str
) -> None:
    tables = small()
    tables[POPULATION][0][column] = text
    found = [fault for fault in faults_of(write(tmp_path, tables)) if fault.column == column]
    assert found
    for fault in found:
        assert len(str(fault)) < 600


def test_every_format_has_an_example_that_it_takes() -> None:
    for schema in project_schemas().values():
        for column in schema.columns:
            if column.pattern:
                assert column.example, (schema.name, column.name)
                assert column.pattern.fullmatch(column.example), (schema.name, column.name)


def test_no_remedy_holds_a_regular_expression() -> None:
    for path in sorted((folder("mappings") / "schemas").glob("*.json")):
        for entry in json.loads(path.read_text("utf-8"))["columns"]:
            if isinstance(entry.get("datatype"), dict):
                column = project_schemas()[path.stem].by_name[entry["name"]]
                assert not re.search(r"[\[\]{}*^\\]|\)\?", column.remedy), (path.stem, column.name)


Change = Callable[[dict[str, str]], object]
PAIRS: dict[str, tuple[str, Change]] = {
    "a value that is not there": (
        POPULATION, lambda row: row.update(availability="not-published", bound=""),
    ),
    "a hedge without a bound": (POPULATION, lambda row: row.update(hedge="over", bound="")),
    "a hedge with an exact bound": (POPULATION, lambda row: row.update(hedge="over")),
    "a bound without a value": (POPULATION, lambda row: row.update(value="")),
    "nothing at all": (POPULATION, lambda row: row.update(value="", bound="", hedge="over")),
    "a masked telephone number": (CONTACTS, lambda row: row.update(availability="masked")),
}  # fmt: skip


@pytest.mark.parametrize(("file", "change"), PAIRS.values(), ids=PAIRS.keys())
def test_one_contradiction_is_one_fault_with_one_remedy(
    tmp_path: Path, file: str, change: Change
) -> None:
    tables = small()
    change(tables[file][0])
    (fault,) = faults_of(write(tmp_path, tables))
    assert (fault.file, fault.line) == (file, 2)
