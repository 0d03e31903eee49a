"""Workbooks and Parquet files hold what the result holds, as other libraries read them."""

import io
import json
import math
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from openpyxl.utils.escape import unescape
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.problem import Problem
from kzgraph.rdf.formats import BY_NAME
from kzgraph.results import parquet as parquet_writer
from kzgraph.results import xlsx as xlsx_writer
from kzgraph.results.page import write_rows
from kzgraph.results.terms import annotation, plain
from term_strategies import XSD, integers, tables, texts


def typed(kind: str, value: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + kind))


def written(name: str, variables: list[str], rows: Any) -> io.BytesIO:
    out = io.BytesIO()
    write_rows(variables, rows, BY_NAME[name], out)
    out.seek(0)
    return out


def sheet(variables: list[str], rows: Any) -> list[tuple[Any, ...]]:
    """The rows of the workbook behind the header, texts as Excel shows them."""
    book = openpyxl.load_workbook(written("xlsx", variables, rows))
    read = [
        tuple(unescape(each) if isinstance(each, str) else each for each in row)
        for row in book.active.iter_rows(max_col=len(variables), values_only=True)
    ]
    assert read[0] == tuple(variables)
    return read[1:]


@pytest.mark.parametrize(
    ("term", "cell"),
    [
        (typed("integer", "88419"), 88419),
        (typed("integer", "-123456789012345"), -123456789012345),
        (typed("integer", "1234567890123456"), "1234567890123456"),
        (typed("integer", "007"), 7),
        (typed("decimal", "10.03"), 10.03),
        (typed("decimal", "-0.5"), -0.5),
        (typed("decimal", "0.1234567890123456789"), "0.1234567890123456789"),
        (typed("double", "1.5E-300"), 1.5e-300),
        (typed("double", "1E-310"), "1E-310"),
        (typed("double", "NaN"), "NaN"),
        (typed("double", "-INF"), "-INF"),
        (typed("boolean", "true"), True),
        (typed("boolean", "0"), False),
        (typed("boolean", "yes"), "yes"),
        (typed("date", "2018-12-31"), datetime(2018, 12, 31)),
        (typed("date", "1900-03-01"), datetime(1900, 3, 1)),
        (typed("date", "1900-02-28"), "1900-02-28"),
        (typed("date", "-0044-03-15"), "-0044-03-15"),
        (typed("date", "2018-12-31Z"), "2018-12-31Z"),
        (typed("date", "2018-02-30"), "2018-02-30"),
        (typed("dateTime", "2018-12-31T23:59:58"), datetime(2018, 12, 31, 23, 59, 58)),
        (typed("dateTime", "2018-12-31T23:59:58.25"), datetime(2018, 12, 31, 23, 59, 58, 250000)),
        (typed("dateTime", "2018-12-31T23:59:58.0001"), "2018-12-31T23:59:58.0001"),
        (typed("dateTime", "2018-12-31T23:59:58+06:00"), "2018-12-31T23:59:58+06:00"),
        (typed("gYear", "2018"), "2018"),
        (Literal("2018-12-31"), "2018-12-31"),
        (Literal("5"), "5"),
        (Literal("=1+1"), "=1+1"),
        (Literal("да", language="ru"), "да"),
        (Literal(" spaces "), " spaces "),
        (NamedNode("https://w3id.org/kzgraph/id/x"), "https://w3id.org/kzgraph/id/x"),
        (BlankNode("b1"), "_:b1"),
        (None, None),
        (Literal(""), ""),
    ],
)
def test_a_cell_has_the_type_of_its_term(term: Any, cell: Any) -> None:
    ((found,),) = sheet(["x"], [[term]])
    assert found == cell
    assert type(found) is type(cell)


def test_nothing_in_a_workbook_is_a_formula_or_a_link() -> None:
    rows = [[Literal('=HYPERLINK("http://evil")')], [NamedNode("http://example.org/")]]
    book = openpyxl.load_workbook(written("xlsx", ["x"], rows))
    for (cell,) in book.active.iter_rows():
        assert cell.data_type == "s"
        assert cell.hyperlink is None


def test_the_header_stays_in_sight_and_days_look_like_days() -> None:
    book = openpyxl.load_workbook(written("xlsx", ["x"], [[typed("date", "2018-12-31")]]))
    assert book.active.freeze_panes == "A2"
    assert book.active["A1"].font.bold
    assert book.active["A2"].number_format == "yyyy-mm-dd"


@settings(deadline=None)
@given(tables())
def test_a_workbook_has_every_value(table: tuple[list[str], list[list[Any]]]) -> None:
    variables, rows = table
    found = sheet(variables, rows)
    assert len(found) == len(rows)
    for cells, row in zip(found, rows, strict=True):
        for cell, term in zip(cells, row, strict=True):
            if isinstance(cell, str):
                assert cell == plain(term)
            elif isinstance(cell, bool):
                assert plain(term) in ("true", "1") if cell else ("false", "0")
            elif isinstance(cell, int | float):
                assert math.isclose(cell, float(plain(term)), rel_tol=1e-15)
            elif isinstance(cell, datetime):
                assert cell == datetime.fromisoformat(plain(term))
            else:
                assert cell is None
                assert term is None


def test_the_same_rows_make_the_same_workbook() -> None:
    rows = [[Literal("a"), Literal(1)]]
    first, second = (written("xlsx", ["x", "y"], rows).getvalue() for _ in range(2))
    assert first == second


def test_a_text_longer_than_a_cell_is_refused() -> None:
    assert sheet(["x"], [[Literal("a" * 32_767)]]) == [("a" * 32_767,)]
    assert sheet(["x"], [[Literal("😀" * 16_383)]]) == [("😀" * 16_383,)]
    for text in ("a" * 32_768, "😀" * 16_384):
        with pytest.raises(Problem) as caught:
            written("xlsx", ["x"], [[Literal(text)]])
        assert caught.value.status == 422
        assert "32,767" in caught.value.detail


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert xlsx_writer.MAX_ROWS == 1_048_576
    monkeypatch.setattr(xlsx_writer, "MAX_ROWS", 11)
    assert len(sheet(["x"], [[Literal(1)]] * 10)) == 10
    out = io.BytesIO()
    with pytest.raises(Problem) as caught:
        write_rows(["x"], [[Literal(1)]] * 11, BY_NAME["xlsx"], out)
    assert caught.value.status == 422
    assert "format=parquet" in caught.value.detail
    assert out.getvalue() == b""


def test_more_columns_than_a_sheet_has_are_refused() -> None:
    with pytest.raises(Problem) as caught:
        written("xlsx", [f"v{number}" for number in range(16_385)], [])
    assert caught.value.status == 422


@pytest.mark.parametrize("name", ["xlsx", "parquet"])
def test_a_result_that_breaks_off_leaves_no_files(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(parquet_writer, "_IN_MEMORY", 10)

    def rows() -> Iterator[list[Literal]]:
        yield [Literal("a")]
        yield [Literal("b")]
        raise ValueError("the store gave up")

    with pytest.raises(ValueError, match="gave up"):
        written(name, ["x"], rows())
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_is_sound_to_the_zip_reader() -> None:
    with ZipFile(written("xlsx", ["x"], [[Literal("<r>&</r>")]])) as archive:
        assert archive.testzip() is None
        assert "&lt;r&gt;&amp;&lt;/r&gt;" in archive.read("xl/worksheets/sheet1.xml").decode()


def parquet(variables: list[str], rows: Any) -> tuple[Any, dict[str, Any]]:
    """The table that pyarrow reads, and what the file says of its terms."""
    file = pyarrow.parquet.ParquetFile(written("parquet", variables, rows))
    return file.read(), json.loads(file.metadata.metadata[b"kzgraph"])["columns"]


@pytest.mark.parametrize(
    ("values", "arrow", "expected"),
    [
        ([typed("integer", "1"), typed("int", "-2")], "int64", [1, -2]),
        ([typed("integer", "9223372036854775807")], "int64", [2**63 - 1]),
        (
            [typed("integer", "9223372036854775808"), typed("integer", "5")],
            "decimal128(38, 0)",
            [Decimal(2**63), Decimal(5)],
        ),
        ([typed("integer", "1" * 39)], "string", ["1" * 39]),
        (
            [typed("decimal", "1.5"), typed("integer", "2"), typed("decimal", "-.25")],
            "decimal128(38, 2)",
            [Decimal("1.50"), Decimal("2.00"), Decimal("-0.25")],
        ),
        (
            [typed("decimal", "9" * 20 + "." + "9" * 18)],
            "decimal128(38, 18)",
            [Decimal("9" * 20 + "." + "9" * 18)],
        ),
        (
            [typed("decimal", "9" * 20 + "." + "9" * 19)],
            "string",
            ["9" * 20 + "." + "9" * 19],
        ),
        ([typed("double", "1E5"), typed("double", "-INF")], "double", [1e5, -math.inf]),
        ([typed("boolean", "true"), typed("boolean", "0")], "bool", [True, False]),
        ([typed("boolean", "yes")], "string", ["yes"]),
        ([typed("date", "2018-12-31")], "date32[day]", [date(2018, 12, 31)]),
        ([typed("date", "0001-01-01")], "date32[day]", [date(1, 1, 1)]),
        ([typed("date", "-0044-03-15")], "string", ["-0044-03-15"]),
        ([typed("date", "2018-12-31Z")], "string", ["2018-12-31Z"]),
        (
            [typed("dateTime", "2018-12-31T23:00:00.5+06:00")],
            "timestamp[us, tz=UTC]",
            [datetime(2018, 12, 31, 17, 0, 0, 500000, tzinfo=UTC)],
        ),
        (
            [typed("dateTime", "2018-12-31T23:00:00")],
            "timestamp[us]",
            [datetime(2018, 12, 31, 23)],
        ),
        (
            [typed("dateTime", "2018-12-31T23:00:00"), typed("dateTime", "2018-12-31T23:00:00Z")],
            "string",
            ["2018-12-31T23:00:00", "2018-12-31T23:00:00Z"],
        ),
        ([typed("dateTime", "0001-01-01T00:00:00+14:00")], "string", ["0001-01-01T00:00:00+14:00"]),
        ([typed("integer", "1"), typed("double", "1E0")], "string", ["1", "1E0"]),
        ([Literal("5"), None, Literal("да", language="ru")], "string", ["5", None, "да"]),
        ([NamedNode("http://example.org/")], "string", ["http://example.org/"]),
        ([None, None], "string", [None, None]),
    ],
)
def test_a_column_has_the_type_of_its_values(
    values: list[Any], arrow: str, expected: list[Any]
) -> None:
    table, _ = parquet(["x"], [[value] for value in values])
    assert str(table.schema.field("x").type) == arrow
    assert table.column("x").to_pylist() == expected


def test_the_file_says_what_the_terms_of_a_column_are() -> None:
    rows = [
        [NamedNode("http://example.org/a"), Literal("x", language="ru"), Literal(1), None],
        [NamedNode("http://example.org/b"), Literal("y", language="kk"), Literal(2), None],
    ]
    table, columns = parquet(["a", "b", "c", "d"], rows)
    assert columns == {
        "a": {"terms": "uri"},
        "b": {"terms_in": "b.terms"},
        "c": {"terms": XSD + "integer"},
        "d": {"terms": None},
    }
    assert table.column_names == ["a", "b", "b.terms", "c", "d"]
    assert table.column("b.terms").to_pylist() == ["@ru", "@kk"]


@settings(deadline=None)
@given(tables())
def test_parquet_has_every_term(table: tuple[list[str], list[list[Any]]]) -> None:
    variables, rows = table
    read, columns = parquet(variables, rows)
    assert read.num_rows == len(rows)
    for position, name in enumerate(variables):
        values = read.column(name).to_pylist()
        told = columns[name]
        kinds = (
            read.column(told["terms_in"]).to_pylist()
            if "terms_in" in told
            else [None if value is None else told["terms"] for value in values]
        )
        for value, kind, row in zip(values, kinds, rows, strict=True):
            term = row[position]
            assert (value is None) == (term is None)
            if term is not None:
                assert kind == annotation(term)
                assert same(value, plain(term))


@settings(deadline=None)
@given(tables(integers))
def test_huge_integers_lose_no_digit(table: tuple[list[str], list[list[Any]]]) -> None:
    variables, rows = table
    read, _ = parquet(variables, rows)
    for position, name in enumerate(variables):
        found = [int(value) for value in read.column(name).to_pylist()]
        assert found == [int(row[position].value) for row in rows]


@settings(deadline=None)
@given(tables(texts.map(Literal)))
def test_texts_are_kept_to_the_character(table: tuple[list[str], list[list[Any]]]) -> None:
    variables, rows = table
    read, _ = parquet(variables, rows)
    for position, name in enumerate(variables):
        assert read.column(name).to_pylist() == [row[position].value for row in rows]


def same(value: Any, text: str) -> bool:
    """Whether a value of Parquet is the one that the literal's text names."""
    if isinstance(value, bool):
        return text in (("true", "1") if value else ("false", "0"))
    if isinstance(value, int | Decimal):
        return Decimal(value) == Decimal(text)
    if isinstance(value, float):
        return math.isnan(value) if text == "NaN" else value == float(text)
    if isinstance(value, datetime):
        moment = datetime.fromisoformat(re.sub(r"(\.\d+)", lambda m: m[1].ljust(7, "0"), text))
        return value == moment
    return str(value) == text


def test_row_groups_hold_little_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_writer, "_GROUP_BYTES", 30_000)
    rows = [[Literal(f"{number} {'x' * 100}")] for number in range(1000)]
    file = pyarrow.parquet.ParquetFile(written("parquet", ["x"], rows))
    assert file.metadata.num_row_groups > 4
    assert file.metadata.num_rows == 1000
    assert file.read().column("x").to_pylist() == [row[0].value for row in rows]


def test_a_result_too_large_to_wait_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_writer, "MAX_WAITING", 2**20)
    with pytest.raises(Problem) as caught:
        written("parquet", ["x"], ([Literal("x" * 1000)] for _ in range(2000)))
    assert caught.value.status == 422


def test_a_result_without_columns_is_refused_as_parquet() -> None:
    with pytest.raises(Problem) as caught:
        written("parquet", [], [[]])
    assert caught.value.status == 422


def test_a_triple_term_is_text_in_both() -> None:
    term = Triple(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("o"))
    assert sheet(["x"], [[term]]) == [("http://e/s http://e/p o",)]
    table, columns = parquet(["x"], [[term]])
    assert table.column("x").to_pylist() == ["http://e/s http://e/p o"]
    assert columns == {"x": {"terms": "triple"}}
