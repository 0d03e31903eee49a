"""Rows are written one by one as the store's own serialiser would, and a page says what follows."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    parse_query_results,
)

from kzgraph.problem import Problem
from kzgraph.rdf.formats import BY_NAME, RESULT_FORMATS, RESULTS_CSV
from kzgraph.results.excel import guard
from kzgraph.results.page import RowCount, announcement, spool_rows, write_rows
from kzgraph.results.terms import plain
from kzgraph.sparql.evaluation import evaluate
from kzgraph.sparql.job import Job
from term_strategies import XSD, literals, tables, terms

LOSSLESS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "tsv": QueryResultsFormat.TSV,
}
_STARTS_FORMULA = re.compile("[ \u00a0]*[=+@\\-\t\r\uff1d\uff0b\uff0d\uff20]")
_IS_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def written(name: str, variables: list[str], rows: Any, **page: Any) -> bytes:
    out = io.BytesIO()
    write_rows(variables, rows, BY_NAME[name], out, **page)
    return out.getvalue()


def csv_rows(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("name", LOSSLESS)
@settings(deadline=None)
@given(table=tables())
def test_the_store_reads_back_every_term(
    name: str, table: tuple[list[str], list[list[Any]]]
) -> None:
    variables, rows = table
    try:
        data = written(name, variables, rows)
    except Problem as problem:
        # XML alone cannot hold everything; that it says so has a test of its own.
        assert (name, problem.status) == ("xml", 406)
        return
    read = parse_query_results(data, format=LOSSLESS[name])
    assert isinstance(read, QuerySolutions)
    assert [variable.value for variable in read.variables] == variables
    assert [list(solution) for solution in read] == rows


def test_a_control_character_is_refused_in_xml() -> None:
    with pytest.raises(Problem) as caught:
        written("xml", ["a"], [[Literal("bell \x07")]])
    assert caught.value.status == 406
    assert "control character" in caught.value.detail


@pytest.mark.parametrize("name", ["json", "tsv", "csv"])
def test_the_bytes_are_those_of_the_store(name: str) -> None:
    values = """
        <http://example.org/a?b&c> 1 1.5 true "да" "quoted \\" \\\\ text, with comma" ""
        "a\\tb\\nc" "x'y"@en-GB "2018-12-31"^^<http://www.w3.org/2001/XMLSchema#date>
        "NaN"^^<http://www.w3.org/2001/XMLSchema#double> "<&>" UNDEF "rtl"@ar--rtl
        <<( <http://example.org/s> <http://example.org/p> "o" )>>
    """
    query = f"SELECT ?x ?y WHERE {{ VALUES ?x {{ {values} }} BIND(1 AS ?y) }}"
    formats = {**LOSSLESS, "csv": QueryResultsFormat.CSV}
    solutions: Any = Store().query(query)
    again: Any = Store().query(query)
    serialised = again.serialize(format=formats[name])
    assert written(name, ["x", "y"], solutions) == serialised


@settings(deadline=None)
@given(tables())
def test_csv_has_the_values_as_the_csv_module_reads_them(
    table: tuple[list[str], list[list[Any]]],
) -> None:
    variables, rows = table
    data = written("csv", variables, rows)
    expected = [["" if term is None else plain(term) for term in row] for row in rows]
    assert csv_rows(data) == [variables, *expected]
    assert data.startswith(b"v0")


def test_a_row_of_one_empty_field_is_a_row_for_readers_that_skip_empty_lines() -> None:
    assert written("csv", ["a"], [[None], [Literal("x")]]) == b'a\r\n""\r\nx\r\n'


class Counted:
    """Rows that remember how many of them were read."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.read = 0

    def __iter__(self) -> Iterator[list[Literal]]:
        for number in range(self.rows):
            self.read += 1
            yield [Literal(number)]


@pytest.mark.parametrize("name", [each.name for each in RESULT_FORMATS])
@pytest.mark.parametrize(
    ("max_rows", "offset", "expected"),
    [
        (None, 0, RowCount(10, False)),
        (None, 4, RowCount(6, False)),
        (10, 0, RowCount(10, False)),
        (9, 0, RowCount(9, True)),
        (11, 0, RowCount(10, False)),
        (5, 5, RowCount(5, False)),
        (5, 4, RowCount(5, True)),
        (5, 10, RowCount(0, False)),
        (5, 99, RowCount(0, False)),
        (0, 0, RowCount(0, True)),
    ],
)
def test_a_page_has_its_rows_and_says_whether_more_follow(
    name: str, max_rows: int | None, offset: int, expected: RowCount
) -> None:
    rows = Counted(10)
    out = io.BytesIO()
    assert write_rows(["n"], rows, BY_NAME[name], out, max_rows=max_rows, offset=offset) == expected
    if max_rows is not None:
        assert rows.read <= offset + max_rows + 1
    if name == "csv":
        numbers = [str(number) for number in range(offset, offset + expected.rows)]
        assert out.getvalue() == "\r\n".join(["n", *numbers, ""]).encode()


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(1, 7))
def test_the_pages_together_are_the_result(rows: int, max_rows: int) -> None:
    seen: list[list[str]] = []
    more = True
    while more:
        count, page = spool_rows(
            ["n"], Counted(rows), RESULTS_CSV, max_rows=max_rows, offset=len(seen)
        )
        with page:
            lines = csv_rows(page.read())[1:]
        assert len(lines) == count.rows
        seen += lines
        more = count.more
    assert seen == [[str(number)] for number in range(rows)]


def test_a_page_that_breaks_off_leaves_no_file_behind() -> None:
    def rows() -> Iterator[list[Literal]]:
        yield [Literal(1)]
        raise ValueError("the store gave up")

    for each in RESULT_FORMATS:
        with pytest.raises(ValueError, match="gave up"):
            spool_rows(["n"], rows(), each)


def test_a_page_is_announced_in_header_fields() -> None:
    assert announcement(RowCount(100, True), max_rows=100, offset=200) == {
        "Kzgraph-Row-Limit": "100",
        "Kzgraph-Row-Offset": "200",
        "Kzgraph-Rows": "100",
        "Kzgraph-More-Rows": "true",
    }


def test_the_last_page_says_that_no_rows_follow() -> None:
    headers = announcement(RowCount(7, False), max_rows=100, offset=0)
    assert headers["Kzgraph-More-Rows"] == "false"


def test_csv_for_excel_opens_as_utf8_with_windows_lines() -> None:
    data = written("csv-excel", ["жыл", "n"], [[Literal("мың", language="kk"), Literal(-5)]])
    assert data == "\ufeffжыл,n\r\nмың,-5\r\n".encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("+7 727 250", "'+7 727 250"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        ("a;=1", "a;'=1"),
        ("a\n=1", "a\n'=1"),
        ("-5", "-5"),
        ("+5.5", "'+5.5"),
        ("-5.75", "-5.75"),
        ("588.25", "588.25"),
        ("12", "12"),
        ("007", "'007"),
        ("1E5", "'1E5"),
        ("1234567890123456", "'1234567890123456"),
        *(
            (text, f"'{text}")
            for text in (
                *("1 January 2014", "January 2014", "Jan-14", "MARCH1", "MARC1", "SEPT2", "dec 1"),
                *("1 января 2014 г.", "янв.14", "14 мая", "1 қаңтар"),  # noqa: RUF001
                *("Sat, 1 May 2021", "+77011234567"),
                *("10:30", "10:30 PM", "5 a", "24:00:00.5", "2014-01", "1/2", "3 1/2", "10.03"),
                *("45%", "$5", "5 ₸", "€ 1,50", "(5)", "1 234", "1,5", "1.50", "-0"),
                *("1e5", "1.5E-3", "12.", ".5", " 5.50 ", "9" * 40, "0" * 99),
                *("TRUE", "false", "ИСТИНА", "#N/A", "#DIV/0!", "#Н/Д"),  # noqa: RUF001
            )
        ),
        *(
            (text, text)
            for text in (
                *("Block 5", "2014 figures", "A1", "Q1 2014", "v1.2.3", "1st", "m²", "May", "Март"),
                *("10 persons", "2018-2019 гг.", "5 км", "True story", "# 5 km", "ул. 1-я"),  # noqa: RUF001
            )
        ),
        ("1-2", "'1-2"),
        ("3/4/2020", "'3/4/2020"),
        ("a-b", "a-b"),
        ("x = y", "x = y"),
    ],
)
def test_what_excel_would_run_or_change_gets_an_apostrophe(text: str, shown: str) -> None:
    assert guard(Literal(text)) == shown
    assert guard(Literal(text, language="en")) == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("integer", "-5", "-5"),
        ("integer", "123456789012345", "123456789012345"),
        ("integer", "-1234567890123456", "'-1234567890123456"),
        ("decimal", "-0.5", "-0.5"),
        ("double", "-1.5E-3", "-1.5E-3"),
        ("double", "-INF", "'-INF"),
        ("integer", "=1", "'=1"),
        ("date", "2018-12-31", "2018-12-31"),
        ("gYear", "2018", "2018"),
        ("gYearMonth", "2018-12", "'2018-12"),
        ("time", "10:30:00", "10:30:00"),
        ("date", "-0044-03-15", "'-0044-03-15"),
    ],
)
def test_numbers_stay_numbers_for_excel(kind: str, value: str, shown: str) -> None:
    assert guard(Literal(value, datatype=NamedNode(XSD + kind))) == shown


@settings(deadline=None)
@given(terms)
def test_no_cell_begins_a_formula_whatever_parts_the_cells(term: Any) -> None:
    shown = guard(term)
    for cell in re.split("[;\n]", shown):
        assert not _STARTS_FORMULA.match(cell) or _IS_NUMBER.fullmatch(shown)


@settings(deadline=None)
@given(tables(literals | st.none()))
def test_csv_for_excel_has_every_value_with_its_apostrophes(
    table: tuple[list[str], list[list[Any]]],
) -> None:
    variables, rows = table
    read = csv_rows(written("csv-excel", variables, rows))
    assert read[0] == variables
    assert len(read) == len(rows) + 1
    for fields, row in zip(read[1:], rows, strict=True):
        for field, term in zip(fields, row, strict=True):
            value = "" if term is None else plain(term)
            assert field == value or field.replace("'", "") == value.replace("'", "")


def test_the_formats_of_sparql_need_no_large_library() -> None:
    code = """
import io, sys
from kzgraph.rdf.formats import BY_NAME
from kzgraph.results.page import write_rows
for name in ("json", "xml", "csv", "tsv", "csv-excel"):
    write_rows(["a"], [[None]], BY_NAME[name], io.BytesIO())
print(*{"xlsxwriter", "arro3"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# --- where the store's own writers are not used

UNBOUND = "SELECT ?x { VALUES ?x { 1 UNDEF 2 } }"


def by_endpoint(query: str, name: str, **page: Any) -> bytes:
    out = io.BytesIO()
    job = Job(query, (), (), (name,), 10, **page)
    evaluate(job, Store(), 100).write(out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["csv", "csv-excel"])
@pytest.mark.parametrize("page", [{}, {"max_rows": 9}, {"offset": 0, "max_rows": 3}])
def test_a_row_of_one_unbound_value_is_no_empty_line(name: str, page: dict[str, int]) -> None:
    data = by_endpoint(UNBOUND, name, **page)
    assert data.endswith(b'x\r\n1\r\n""\r\n2\r\n')
    assert len(pandas.read_csv(io.BytesIO(data))) == 3


@pytest.mark.parametrize("page", [{}, {"max_rows": 9}])
def test_a_row_of_several_unbound_values_is_one(page: dict[str, int]) -> None:
    query = "SELECT ?x ?y { VALUES (?x ?y) { (1 1) (UNDEF UNDEF) } }"
    data = by_endpoint(query, "csv", **page)
    assert data == b"x,y\r\n1,1\r\n,\r\n"
    assert len(pandas.read_csv(io.BytesIO(data))) == 2


def test_the_store_still_loses_a_row_of_one_unbound_value() -> None:
    """When this fails, `kzgraph.results.writing.is_stores` need not look at columns."""
    result: Any = Store().query(UNBOUND)
    assert result.serialize(format=QueryResultsFormat.CSV) == b"x\r\n1\r\n\r\n2\r\n"


def test_the_store_still_writes_xml_that_is_read_otherwise() -> None:
    """When this fails, `kzgraph.results.writing.is_stores` need not look for XML."""
    result: Any = Store().query(r'SELECT ("a\rb\u0001" AS ?x) {}')
    assert b"a\rb\x01" in result.serialize(format=QueryResultsFormat.XML)
