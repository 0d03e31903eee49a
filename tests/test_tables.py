"""Tables are read whole or refused whole, each fault with its file, line, column and remedy."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kzgraph.faults import Fault, TableFaults
from kzgraph.tables import read_tables
from small_tables import DOCUMENT, Cells, columns, render, small, span, write

POPULATION = f"{DOCUMENT}/population.csv"
FINANCE = f"{DOCUMENT}/finance.csv"
HOLIDAYS = f"{DOCUMENT}/holidays.csv"
HOURS = f"{DOCUMENT}/opening_hours.csv"
CONTACTS = f"{DOCUMENT}/contact_points.csv"
REFERENCES = f"{DOCUMENT}/references.csv"
DESCRIPTION = f"{DOCUMENT}/document.csv"
PLACES = "shared/places.csv"
ORGANISATIONS = "shared/organisations.csv"


def faults_of(root: Path) -> list[Fault]:
    with pytest.raises(TableFaults) as refused:
        read_tables(root)
    return refused.value.faults


def test_sound_tables_are_read(tmp_path: Path) -> None:
    tables = read_tables(write(tmp_path, small()))
    assert [row.get("value") for row in tables.of("population")] == ["150", "120", "30"]
    assert list(tables.documents) == [DOCUMENT]


@dataclass(frozen=True)
class Spoiled:
    """One cell spoiled: where, how, and what the message must name."""

    file: str
    row: int
    column: str
    text: str
    says: str
    remedy: str
    at: str | None = None


CELLS = {
    "a number with a separator": Spoiled(
        POPULATION, 0, "value", "1,500", "not a number", "1500 or 1.5"
    ),
    "a number with a unit": Spoiled(
        POPULATION, 0, "value", "150 people", "not a number", "no unit"
    ),
    "a number of too many digits": Spoiled(
        POPULATION, 0, "value", "9" * 16, "not a number", "at most 15"
    ),
    "a span of too many digits": Spoiled(
        POPULATION, 0, "evidence", f"1-{'9' * 5000}", "too many digits", "start-end"
    ),
    "a number in words": Spoiled(POPULATION, 0, "value", "many", "not a number", "digits"),
    "a number with a leading zero": Spoiled(
        POPULATION, 0, "value", "0150", "not a number", "write 150"
    ),
    "a number with an exponent": Spoiled(
        POPULATION, 0, "value", "1e3", "not a number", "write 1000"
    ),
    "a fraction of a person": Spoiled(
        POPULATION, 0, "value", "150.5", "cannot be counted", "whole number"
    ),
    "a negative stock": Spoiled(POPULATION, 0, "value", "-5", "cannot be counted", "from 0"),
    "no value and no reason": Spoiled(POPULATION, 0, "value", "", "no value", "availability"),
    "a value that was not published": Spoiled(
        POPULATION,
        0,
        "availability",
        "not-published",
        "but availability says none",
        "empty",
        "value",
    ),
    "a zero for a null": Spoiled(FINANCE, 0, "value", "0", "but availability says none", "empty"),
    "a value without a bound": Spoiled(POPULATION, 0, "bound", "", "has a bound", "exact"),
    "a hedge on an exact figure": Spoiled(POPULATION, 0, "hedge", "some", "hedge goes", "bound"),
    "a bound without its word": Spoiled(POPULATION, 1, "hedge", "", "hedge goes", "word"),
    "an unknown group": Spoiled(
        POPULATION, 1, "group", "REFS", "not a code of the scheme population-group", "REF"
    ),
    "an unknown bound": Spoiled(
        POPULATION, 1, "bound", "about", "not a code", "approximate, exact, lower"
    ),
    "an unknown status": Spoiled(POPULATION, 1, "status", "actuals", "not a code", "actual"),
    "an unknown quantity": Spoiled(POPULATION, 1, "quantity", "stok", "not a code", "stock"),
    "an unknown unit": Spoiled(POPULATION, 1, "unit", "person", "not a code", "persons"),
    "an unknown country": Spoiled(
        POPULATION, 0, "scope", "country/KAS", "not a thing", "country/KAZ"
    ),
    "an unknown organisation": Spoiled(
        CONTACTS, 0, "contact_for", "organisation/dask", "not a thing", "organisation/desk"
    ),
    "an unknown whole": Spoiled(
        POPULATION, 1, "component_of", f"figure/{DOCUMENT}/al", "not a thing", f"{DOCUMENT}/all"
    ),
    "a reference of the wrong kind": Spoiled(
        POPULATION, 0, "scope", "person/x", "has not the form", "operation"
    ),
    "a figure that is a part of itself": Spoiled(
        POPULATION, 0, "component_of", f"figure/{DOCUMENT}/refugees", "part of itself", "whole"
    ),
    "a place within itself": Spoiled(
        PLACES, 0, "within", "place/almaty", "part of itself", "whole"
    ),
    "a unit of itself": Spoiled(
        ORGANISATIONS, 0, "unit_of", "organisation/desk", "part of itself", "whole"
    ),
    "no evidence": Spoiled(POPULATION, 0, "evidence", "", "is empty", "spans that support"),
    "a span with words": Spoiled(
        POPULATION, 0, "evidence", "line 2", "has not the form", "like 914-933"
    ),
    "a span that ends before it starts": Spoiled(
        POPULATION, 0, "evidence", "20-10", "ends before", "start before end"
    ),
    "an empty span": Spoiled(POPULATION, 0, "evidence", "20-20", "ends before", "start-end"),
    "a span outside the document": Spoiled(
        POPULATION, 0, "evidence", "180-999", "ends outside", "code points long", None
    ),
    "a span with a leading zero": Spoiled(
        POPULATION, 0, "evidence", "010-20", "leading zero", "10-20"
    ),
    "a span twice": Spoiled(POPULATION, 0, "evidence", "10-20 10-20", "twice", "once"),
    "two blanks between spans": Spoiled(
        POPULATION, 0, "evidence", "10-20  30-40", "empty item", "separate items"
    ),
    "a context outside the document": Spoiled(
        POPULATION, 0, "context", "190-5000", "ends outside", "code points long"
    ),
    "a day that is none": Spoiled(POPULATION, 0, "time", "2020-02-30", "not a time", "2018-12-31"),
    "a month that is none": Spoiled(POPULATION, 0, "time", "2020-13", "not a time", "2018-06"),
    "a period that runs backwards": Spoiled(
        POPULATION, 0, "time", "2020/2018", "does not end after", "2018-07/2019-06"
    ),
    "a date in words": Spoiled(
        POPULATION, 0, "time", "5 May 2020", "another form", "write 2020-05-05"
    ),
    "a quarter that is none": Spoiled(POPULATION, 0, "time", "2020-Q5", "not a time", "2018-Q3"),
    "a period of nothing": Spoiled(POPULATION, 0, "time", "../..", "open at both", "2014/.."),
    "a holiday on no day": Spoiled(
        HOLIDAYS, 0, "time", "2020-02-30", "not a day", "year-month-day"
    ),
    "a holiday the other way round": Spoiled(
        HOLIDAYS, 0, "time", "01-01-2020", "not a day", "write 2020-01-01"
    ),
    "an issue date that is none": Spoiled(
        DESCRIPTION, 0, "issued", "2020-02-30", "not a time", "2018-12-31"
    ),
    "an hour that is none": Spoiled(HOURS, 0, "opens", "25:00:00", "not a time of day", "09:00:00"),
    "an hour without its minutes": Spoiled(
        HOURS, 0, "closes", "18", "not a time of day", "18:00:00"
    ),
    "closing before opening": Spoiled(HOURS, 0, "closes", "08:00:00", "before it opens", "24-hour"),
    "a day of the week that is none": Spoiled(HOURS, 0, "day", "Mon", "form", "Monday"),
    "a hash that is none": Spoiled(DESCRIPTION, 0, "sha256", "abc", "form", "like e3b0c442"),
    "a length that is none": Spoiled(DESCRIPTION, 0, "length", "long", "whole number", "digits"),
    "a language that is none": Spoiled(DESCRIPTION, 0, "language", "English", "form", "like en"),
    "a slug that is not the folder's": Spoiled(
        DESCRIPTION, 0, "slug", "note-2021", "the folder is called", "alike"
    ),
    "a key with capitals": Spoiled(POPULATION, 0, "key", "All", "form", "write all"),
    "a key that climbs": Spoiled(POPULATION, 0, "key", "../all", "form", "like refugees-2018"),
    "a key that is taken": Spoiled(
        POPULATION, 2, "key", "refugees", f"already at {POPULATION}:3", "a key of its own"
    ),
    "a label that is missing": Spoiled(POPULATION, 0, "label", "", "is empty", "English"),
    "a label with a blank at its end": Spoiled(
        POPULATION, 0, "label", "People ", "white space", "remove"
    ),
    "a label with an invisible character": Spoiled(
        POPULATION, 0, "label", "People\u200b", "U+200B", "remove"
    ),
    "a label with a text direction override": Spoiled(
        POPULATION, 0, "label", "Peo\u202eple", "U+202E", "remove"
    ),
    "a label with a line break": Spoiled(POPULATION, 0, "label", "Peo\nple", "U+000A", "remove"),
    "a label with accents apart": Spoiled(
        POPULATION, 0, "label", "Ope\u0301ration", "stored apart", "NFC"
    ),
    "a percentage of nothing": Spoiled(
        POPULATION, 0, "unit", "percent", "a percentage of what", "name the figure", "base"
    ),
    "a telephone number with letters": Spoiled(
        CONTACTS, 0, "telephone", "call us", "form", "like +7 727"
    ),
    "an e-mail address without its host": Spoiled(CONTACTS, 0, "email", "desk@", "form", "@"),
    "a contact without an address": Spoiled(
        CONTACTS, 0, "telephone", "", "or a reason why", "give", "availability"
    ),
    "a masked contact that has one": Spoiled(
        CONTACTS, 0, "availability", "masked", "or a reason why", "empty telephone"
    ),
    "a link that runs a script": Spoiled(
        REFERENCES, 0, "url", "javascript:alert(1)", "form", "like https://"
    ),
    "a lost link that has its target": Spoiled(
        REFERENCES, 0, "url", "https://example.org/", "or a reason why", "empty availability"
    ),
    "a country by two letters": Spoiled(PLACES, 0, "iso3", "KZ", "form", "like KAZ"),
    "an identifier that climbs": Spoiled(PLACES, 1, "id", "place/../../etc", "form", "place/"),
}


@pytest.mark.parametrize("spoiled", CELLS.values(), ids=CELLS.keys())
def test_a_spoiled_cell_is_refused(tmp_path: Path, spoiled: Spoiled) -> None:
    tables = small()
    tables[spoiled.file][spoiled.row][spoiled.column] = spoiled.text
    column = spoiled.at or spoiled.column
    found = [fault for fault in faults_of(write(tmp_path, tables)) if fault.column == column]
    fault = next(fault for fault in found if spoiled.says in fault.message)
    assert fault.file == spoiled.file
    assert fault.line == spoiled.row + 2
    assert spoiled.remedy in fault.remedy


def test_a_span_may_be_as_long_as_the_limit_and_no_longer(tmp_path: Path) -> None:
    tables = small()
    tables[DESCRIPTION][0]["length"] = "1000"
    tables[POPULATION][0]["evidence"] = "100-400"
    read_tables(write(tmp_path, tables))
    tables[POPULATION][0]["evidence"] = "100-401"
    (fault,) = faults_of(write(tmp_path, tables))
    assert "301 long" in fault.message
    assert "at most 300" in fault.remedy


def spoil(file: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def spoil_file(root: Path) -> None:
        path = root / file
        path.write_text(change(path.read_text("utf-8")), "utf-8")

    return spoil_file


def drop_last_cell(text: str) -> str:
    return text.rstrip("\n").rpartition(",")[0] + "\n"


FILES: dict[str, tuple[Callable[[Path], object], str, int, str]] = {
    "an unknown column": (
        spoil(POPULATION, lambda text: text.replace("hedge", "hedging", 1)),
        POPULATION,
        1,
        "'hedging' is unknown",
    ),
    "columns that are missing": (
        spoil(POPULATION, lambda text: text.replace("key,label,scope,", "key,", 1)),
        POPULATION,
        1,
        "columns are missing: label, scope",
    ),
    "a column twice": (
        spoil(POPULATION, lambda text: text.replace("hedge", "bound", 1)),
        POPULATION,
        1,
        "is there twice",
    ),
    "a cell too few": (spoil(POPULATION, drop_last_cell), POPULATION, 4, "cells, the header"),
    "a cell too many": (
        spoil(POPULATION, lambda text: text.rstrip("\n") + ",\n"),
        POPULATION,
        4,
        "cells, the header",
    ),
    "a quote that is not closed": (
        spoil(POPULATION, lambda text: text + '"all'),
        POPULATION,
        5,
        "not CSV",
    ),
    "an empty file": (spoil(POPULATION, lambda text: ""), POPULATION, 1, "is empty"),
    "another encoding": (
        lambda root: (root / PLACES).write_bytes("id\ncafé".encode("latin-1")) and None,
        PLACES,
        2,
        "not in UTF-8",
    ),
    "an unknown table": (
        lambda root: (root / DOCUMENT / "figures.csv").write_text("key\n") and None,
        f"{DOCUMENT}/figures.csv",
        0,
        "no table is called 'figures'",
    ),
    "facts in the shared folder": (
        lambda root: (root / POPULATION).rename(root / "shared/population.csv") and None,
        "shared/population.csv",
        0,
        "a table of facts in shared",
    ),
    "a table outside a folder": (
        lambda root: (root / "loose.csv").write_text("key\n") and None,
        "loose.csv",
        0,
        "outside a folder",
    ),
    "a document that is not described": (
        lambda root: (root / DESCRIPTION).unlink(),
        DESCRIPTION,
        0,
        "is not described",
    ),
}


@pytest.mark.parametrize(("change", "file", "line", "says"), FILES.values(), ids=FILES.keys())
def test_a_spoiled_file_is_refused(
    tmp_path: Path, change: Callable[[Path], object], file: str, line: int, says: str
) -> None:
    root = write(tmp_path, small())
    change(root)
    fault = next(fault for fault in faults_of(root) if says in fault.message)
    assert (fault.file, fault.line) == (file, line)
    assert fault.remedy


def test_a_document_described_twice_is_refused(tmp_path: Path) -> None:
    tables = small()
    tables[DESCRIPTION].append(dict(tables[DESCRIPTION][0]))
    messages = [fault.message for fault in faults_of(write(tmp_path, tables))]
    assert "the document has two rows" in messages


def test_all_faults_come_in_one_run_in_order_of_place(tmp_path: Path) -> None:
    tables = small()
    tables[POPULATION][0]["value"] = "many"
    tables[POPULATION][1]["time"] = "2020-02-30"
    tables[HOLIDAYS][0]["label"] = ""
    faults = faults_of(write(tmp_path, tables))
    assert [(fault.file, fault.line, fault.column) for fault in faults] == [
        (HOLIDAYS, 2, "label"),
        (POPULATION, 2, "value"),
        (POPULATION, 3, "time"),
    ]
    assert str(faults[1]).startswith(f"{POPULATION}:2:value: 'many' is not a number; write digits")


def test_a_refused_row_does_not_blame_those_that_refer_to_it(tmp_path: Path) -> None:
    tables = small()
    tables[POPULATION][0]["value"] = "many"
    (fault,) = faults_of(write(tmp_path, tables))
    assert fault.column == "value"


def test_line_numbers_count_lines_within_quotes(tmp_path: Path) -> None:
    tables = small()
    tables[POPULATION][0]["label"] = "two\nlines"
    tables[POPULATION][1]["value"] = "many"
    lines = {fault.column: fault.line for fault in faults_of(write(tmp_path, tables))}
    assert lines == {"label": 2, "value": 4}


def test_what_a_spreadsheet_writes_is_read(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    path = root / POPULATION
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_tables(root).of("population")) == 3


def test_the_order_of_the_columns_is_free(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    rows = small()[POPULATION]
    text = ",".join(reversed(columns(POPULATION))) + "\n"
    text += "".join(
        ",".join(row.get(name, "") for name in reversed(columns(POPULATION))) + "\n" for row in rows
    )
    before = [(row.iri, row.cells) for row in read_tables(root).of("population")]
    (root / POPULATION).write_text(text, "utf-8")
    assert [(row.iri, row.cells) for row in read_tables(root).of("population")] == before


def test_columns_may_be_left_out_that_need_not_be_filled_in(tmp_path: Path) -> None:
    before = {row.iri: row.cells for row in read_tables(write(tmp_path, small())).rows}
    for file, rows in small().items():
        filled = [name for name in columns(file) if any(row.get(name) for row in rows)]
        cells = [[f'"{row.get(name, "")}"' for name in filled] for row in rows]
        text = "".join(",".join(line) + "\n" for line in [filled, *cells])
        (tmp_path / file).write_text(text, "utf-8")
    assert {row.iri: row.cells for row in read_tables(tmp_path).rows} == before


def test_a_misspelt_column_is_one_fault(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    spoil(POPULATION, lambda text: text.replace(",label,", ",lable,", 1))(root)
    (fault,) = faults_of(root)
    assert fault.remedy == "did you mean label?"


def test_there_is_no_limit_of_one_document(tmp_path: Path) -> None:
    tables = small()
    second = {
        file.replace(DOCUMENT, "note-2021"): [
            {column: cell.replace(DOCUMENT, "note-2021") for column, cell in row.items()}
            for row in rows
        ]
        for file, rows in tables.items()
        if file.startswith(DOCUMENT)
    }
    read = read_tables(write(tmp_path, tables | second))
    assert list(read.documents) == [DOCUMENT, "note-2021"]


def test_at_least_forty_faults_are_tried() -> None:
    assert len(CELLS) + len(FILES) >= 40


def test_rows_render_and_read_back(tmp_path: Path) -> None:
    rows: list[Cells] = small()[POPULATION]
    assert render(POPULATION, rows).count("\n") == len(rows) + 1
    assert span("Over") == "19-23"
