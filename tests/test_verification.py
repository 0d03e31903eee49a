# ruff: noqa: RUF001 (words in Cyrillic)
"""Every span, number, hedge, date and address is held against the text it points into."""

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzgraph.tables import Span, read_tables
from kzgraph.verification.documents import DocumentReport, verify
from kzgraph.verification.numbers import numbers
from kzgraph.verification.rows import check_row
from kzgraph.verification.tokens import NUMERIC, WORD, lies_in, mask, tokens
from small_tables import DOCUMENT, TEXT, Cells, small, span, write

POPULATION = f"{DOCUMENT}/population.csv"
Tables = dict[str, list[Cells]]


def verified(
    root: Path, tables: Tables, text: str = TEXT, encoding: str = "utf-8"
) -> DocumentReport:
    """The report on the small tables, held against `text`."""
    documents = root / "documents"
    documents.mkdir()
    data = text.encode(encoding)
    (documents / "note.txt").write_bytes(data)
    described = tables[f"{DOCUMENT}/document.csv"][0]
    if described["sha256"] == "0" * 64:
        described["sha256"] = hashlib.sha256(data).hexdigest()
    (report,) = verify(read_tables(write(root / "tables", tables, text)), documents)
    return report


def test_sound_tables_agree_with_their_text(tmp_path: Path) -> None:
    report = verified(tmp_path, small())
    assert report.faults == ()
    assert report.facts == 8


def test_coverage_names_what_no_fact_holds(tmp_path: Path) -> None:
    tables = small()
    tables[f"{DOCUMENT}/parts.csv"] = [{"span": span("Call"), "kind": "boilerplate", "note": "-"}]
    report = verified(tmp_path, tables)
    # The date of the note is context of the figures, and context covers words, not numbers.
    assert [token.text for token in report.uncovered_numeric] == ["5", "2020"]
    assert [token.text for token in report.uncovered_words] == [
        *("and", "live", "in", "Almaty", "in", "all", "closed", "on", "The", "budget", "was"),
    ]
    assert report.numeric == 17
    assert not report.passes


def test_a_word_in_a_heading_is_not_counted(tmp_path: Path) -> None:
    tables = small()
    before = verified(tmp_path, tables).words
    tables = small()
    tables[f"{DOCUMENT}/parts.csv"] = [
        {"span": span("The budget was"), "kind": "heading", "note": "-"}
    ]
    (tmp_path / "again").mkdir()
    assert verified(tmp_path / "again", tables).words == before - 3


SPOILED: dict[str, tuple[str, int, str, str, str]] = {
    "another number": (POPULATION, 0, "value", "151", "151 is in no span"),
    "a span beside the number": (POPULATION, 0, "evidence", span("people in all"), "150 is in"),
    "another hedge": (POPULATION, 1, "hedge", "more than", "'more than' does not go with"),
    "another year": (POPULATION, 0, "time", "2021", "the year 2021 is in no span"),
    "another day of the year": (POPULATION, 0, "time", "2020-06-07", "the day 2020-06-07"),
    "a span that cuts a word": (POPULATION, 0, "context", "1-18", "begins within a word"),
    "a span that cuts a word at its end": (POPULATION, 0, "context", "0-3", "ends within a word"),
    "a span with a line break": (POPULATION, 0, "context", "0-19", "white space"),
    "a span that is no null": (
        f"{DOCUMENT}/finance.csv", 0, "evidence", span("budget"), "is not a null",
    ),
    "another telephone number": (
        f"{DOCUMENT}/contact_points.csv", 0, "telephone", "7 727 111", "is in no span",
    ),
    "another file": (f"{DOCUMENT}/document.csv", 0, "file", "nota.txt", "no file nota.txt"),
    "another length": (f"{DOCUMENT}/document.csv", 0, "length", "999", "the text is"),
    "another text": (f"{DOCUMENT}/document.csv", 0, "sha256", "1" * 64, "is another text"),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILED.values(), ids=SPOILED.keys())
def test_what_does_not_stand_in_the_text_is_found(
    tmp_path: Path, case: tuple[str, int, str, str, str]
) -> None:
    file, row, column, cell, says = case
    tables = small()
    tables[file][row][column] = cell
    report = verified(tmp_path, tables)
    fault = next(fault for fault in report.faults if says in fault.message)
    assert (fault.file, fault.line) == (file, row + 2)
    assert not report.passes


HOURS = f"{DOCUMENT}/opening_hours.csv"
ALL_HOURS = "Tbilisi: Mon-Thu 09:30-17:00; Fri 09:30-13:00. Sat, Sun closed."
#: What a text says, and which cells of a row with a day and its hours it does not say.
HELD = {
    (ALL_HOURS, "Tuesday 09:30 17:00"): "",
    (ALL_HOURS, "Monday 09:00 17:00"): "opens",
    (ALL_HOURS, "Friday 09:30 17:00"): "closes",
    (ALL_HOURS, "Saturday 09:30 13:00"): "opens closes",
    ("Mon-Thu 09:30-17:00", "Saturday 09:30 17:00"): "day",
    ("from 9 a.m. to 5.30 p.m. on Mondays, 9 a.m. to noon on Fridays", "Friday 09:00 12:00"): "",
    ("from 9 a.m. to 5.30 p.m. on Mondays, 9 a.m. to noon on Fridays", "Friday 09:00 17:30"):
        "closes",
    ("с понедельника по пятницу с 9 до 18:00", "Wednesday 09:00 18:00"): "",
    ("с понедельника по пятницу с 9 до 18:00", "Sunday 09:00 18:00"): "day",
    ("Пн., ср. и пт.: 10-00 - 16-30", "Friday 10:00 16:30"): "",
    ("Пн., ср. и пт.: 10-00 - 16-30", "Tuesday 10:00 16:30"): "day",
    ("По будням 9.00–17.00, суббота: выходной", "Friday 09:00 18:00"): "closes",
    ("Дүйсенбіден жұмаға дейін 9:00-ден 18:00-ге дейін", "Thursday 09:00 18:00"): "",
    ("Пн-пт: 9:00-18:00, сб, вс — выходные", "Monday 09:00 18:00"): "",
    ("пн, вт: 9:00-18:00, сб, вс — выходные", "Thursday 09:00 18:00"): "day",
    ("Дүйсенбі-жұма 9:00-18:00", "Saturday 09:00 18:00"): "day",
    ("Daily except Sunday, 9-5", "Monday 09:00 17:00"): "",
    ("9:30 to 5:00 | Weekdays", "Monday 09:30 17:00"): "",
    ("9:30 to 5:00 | Weekdays", "Sunday 09:30 17:00"): "day",
    ("Mon-Fri, round the clock", "Monday 00:00 23:59"): "",
}  # fmt: skip


@pytest.mark.parametrize(("said", "hours"), HELD)
def test_opening_hours_are_those_of_their_day_in_the_text(
    tmp_path: Path, said: str, hours: str
) -> None:
    evidence, _, context = said.partition(" | ")
    text = f"{evidence}\n{context or '-'}"
    day, opens, closes = hours.split()
    tables = small()
    tables[HOURS] = [
        tables[HOURS][0]
        | {"day": day, "opens": f"{opens}:00", "closes": f"{closes}:00"}
        | {"evidence": f"0-{len(evidence)}"}
        | {"context": f"{len(evidence) + 1}-{len(text)}"}
    ]
    read = read_tables(write(tmp_path, tables))
    (row,) = read.of("opening_hours")
    found = {fault.column for fault in check_row(row, text, read.hedges)}
    assert found == set(HELD[said, hours].split())


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251"])
def test_a_text_in_another_encoding_is_a_fault(tmp_path: Path, encoding: str) -> None:
    (fault,) = verified(tmp_path, small(), f"{TEXT}№", encoding).faults
    assert fault.column == "file"
    assert fault.message.startswith("note.txt is not in UTF-8 (byte ")


def test_line_ends_are_not_translated(tmp_path: Path) -> None:
    """A carriage return counts as a code point; read otherwise, every later span would slip."""
    tables = small()
    text = TEXT.replace("\n", "\r\n")
    tables[f"{DOCUMENT}/document.csv"][0]["length"] = str(len(text))
    report = verified(tmp_path, tables, text)
    assert report.faults
    assert not any(fault.column == "length" for fault in report.faults)


def test_code_points_are_counted_not_bytes_or_utf_16_units(tmp_path: Path) -> None:
    tables = small()
    text = TEXT.replace("The budget was", "\U0001f30d budget é")
    at = text.index("null")
    tables[f"{DOCUMENT}/document.csv"][0]["length"] = str(len(text))
    tables[f"{DOCUMENT}/finance.csv"][0]["evidence"] = f"{at}-{at + 4}"
    assert verified(tmp_path, tables, text).faults == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("88,419", {88419}),
        ("7.40638597", {Decimal("7.40638597")}),
        ("$10.03 million", {10030000}),
        ('["Refugees",588]', {588}),
        ("[4.11,2.5,null]", {Decimal("4.11"), Decimal("2.5")}),
        ("45% funded", {45}),
        ("Four refugees", {4}),
        ("no children", {0}),
        ("p1 and A15", set()),
        ("588,1", {588, 1}),
        ("in 1.2.3", set()),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, expected: set[Decimal]) -> None:
    assert numbers(text) >= {Decimal(value) for value in expected}
    if not expected:
        assert numbers(text) == set()


@given(st.integers(0, 10**12))
def test_a_number_is_read_with_and_without_separators(value: int) -> None:
    assert numbers(f"some {value} people") == {Decimal(value)}
    assert numbers(f"some {value:,} people") == {Decimal(value)}


@given(st.text(max_size=60))
def test_tokens_are_where_they_say(text: str) -> None:
    for pattern in (NUMERIC, WORD):
        for token in tokens(pattern, text):
            assert text[token.span.start : token.span.end] == token.text
            assert token.line == text.count("\n", 0, token.span.start) + 1


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_a_mask_covers_what_its_spans_hold(pairs: list[tuple[int, int]]) -> None:
    spans = [Span(*sorted(pair)) for pair in pairs]
    covered = mask(30, spans)
    assert [bool(byte) for byte in covered] == [
        any(span.start <= at < span.end for span in spans) for at in range(30)
    ]
    for token in tokens(WORD, "a" * 30):
        assert lies_in(token, covered) == all(covered)
