"""A workbook is written from the tables of a document and read back, or refused with its cells."""

import csv
import io
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from fixed_tables import SLUGS
from kzgraph.cli import main
from kzgraph.editing.imports import import_workbook
from kzgraph.editing.template import write_template
from kzgraph.editing.workbook_layout import EXAMPLE, LISTS
from kzgraph.resources import folder
from kzgraph.tables import project_schemas, read_tables
from kzgraph.tables.delimited import render_table
from small_tables import DOCUMENT, Cells, small, write
from workbook_fixtures import BOOK, POPULATION, at, content, imported, sheet_of, sound


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of small tables, which no test changes for good."""
    return write(tmp_path_factory.mktemp("workbooks") / "tables", small())


@pytest.fixture(scope="module")
def template(tables: Path) -> bytes:
    """The workbook of the invented document."""
    path = tables.parent / BOOK
    write_template(DOCUMENT, path, tables)
    return path.read_bytes()


def plainly_quoted(table: bytes) -> bytes:
    header, *lines = csv.reader(io.StringIO(table.decode(), newline=""))
    return render_table(header, [dict(zip(header, line, strict=True)) for line in lines])


@pytest.mark.parametrize("slug", [*SLUGS, "shared"])
def test_tables_come_back_to_the_byte(tmp_path: Path, slug: str) -> None:
    source = folder("mappings") / "tables"
    book = tmp_path / BOOK
    write_template(slug, book, source)
    (tmp_path / "new").mkdir()
    made = import_workbook(slug, book, tmp_path / "new")
    typed = content(source / slug)
    typed.pop("spans.csv", None)  # What annotate writes is in no workbook.
    if slug == "shared":
        # Where somebody wrote quotes that a cell does not need, they are gone.
        typed = {name: plainly_quoted(data) for name, data in typed.items()}
    assert content(tmp_path / "new" / slug) == typed
    assert all(each.added == each.rows for each in made)


def test_each_kind_of_table_has_a_sheet_and_each_column_its_meaning(template: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template))
    schemas = {name: each for name, each in project_schemas().items() if not each.made_by}
    assert set(book.sheetnames) == {*schemas, LISTS}
    assert book.sheetnames[0] == "document"
    for name, schema in schemas.items():
        sheet = book[name]
        assert [cell.value for cell in sheet[1]] == list(schema.by_name)
        assert sheet.freeze_panes == "B3"
        assert str(sheet["A2"].value).startswith(EXAMPLE)
        for cell in sheet[1]:
            column = schema.by_name[str(cell.value)]
            assert cell.comment is not None
            assert cell.comment.text.startswith(column.description)
            assert sheet.column_dimensions[cell.column_letter].number_format == "@"
        assert {cell.number_format for line in sheet.iter_rows() for cell in line} == {"@"}


def test_drop_downs_hold_codes_and_what_is_known(template: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet, lists = book["population"], book[LISTS]
    names = {cell.column_letter: str(cell.value) for cell in sheet[1]}
    found: dict[str, list[str]] = {}
    for check in sheet.data_validations.dataValidation:
        for name in {names[str(area.coord)[0]] for area in check.sqref.ranges}:
            area = check.formula1.partition("!")[2].replace("$", "")
            found[name] = [str(cell.value) for (cell,) in lists[area]]
    assert "exact" in found["bound"]
    assert "scheme" not in found["bound"]
    assert {"country/KAZ", "place/almaty", "organisation/desk"} <= set(found["scope"])
    assert not {"key", "label", "value", "evidence"} & found.keys()
    # A list whose column takes several items, or whose codes may grow, must not forbid others.
    for check in sheet.data_validations.dataValidation:
        assert check.errorStyle == "warning" or not check.showErrorMessage


def test_a_workbook_of_a_document_without_a_folder_makes_it(tmp_path: Path, tables: Path) -> None:
    root = tmp_path / "tables"
    write(root, small())
    book = tmp_path / BOOK
    write_template("another", book, root)
    opened = openpyxl.load_workbook(book)
    cells: Cells = small()[f"{DOCUMENT}/document.csv"][0] | {"slug": "another", "file": "b.txt"}
    for name, text in cells.items():
        at(opened["document"], name, 3).value = text
    opened.save(book)
    (made,) = import_workbook("another", book, root)
    assert (made.name, made.rows, made.added) == ("document", 1, 1)
    assert [path.name for path in (root / "another").iterdir()] == ["document.csv"]
    assert set(read_tables(root).documents) == {DOCUMENT, "another"}


# What Excel made of what was typed, by the column, and the text that it is taken for.
RECOVERED: dict[str, tuple[str, str, Any, str, str]] = {
    "a number": ("population", "value", 150, "General", "150"),
    "a number with separators": ("population", "value", 150.0, "#,##0", "150"),
    "decimals": ("finance", "value", 10.029999999999999, "0.00", "10.03"),
    "a small number": ("finance", "value", 1e-07, "0.00E+00", "0.0000001"),
    "a large number, shown by its exponent": (
        "finance", "value", 123456789012, "0.00E+00", "123456789012",
    ),
    "money": ("finance", "value", 1500000, '"$"#,##0', "1500000"),
    "below zero": ("indicators", "value", -47, "General", "-47"),
    "a year": ("population", "time", 2020, "General", "2020"),
    "a day in Kazakhstan": (
        "population", "time", datetime(2020, 12, 10), "dd.mm.yyyy", "2020-12-10",
    ),
    "a short day": ("population", "time", datetime(2020, 12, 10), "mm-dd-yy", "2020-12-10"),
    "a long day": (
        "population", "time", datetime(2020, 12, 10), "[$-419]d\\ mmmm\\ yyyy;@", "2020-12-10",
    ),
    "a day of the week": (
        "population", "time", datetime(2020, 12, 10), "dddd, mmmm d, yyyy", "2020-12-10",
    ),
    "a month that became a day": ("population", "time", datetime(2020, 6, 1), "mmm-yy", "2020-06"),
    "a month of a document": ("document", "issued", datetime(2020, 6, 1), "mmm-yy", "2020-06"),
    "a holiday": ("holidays", "time", datetime(2020, 1, 1), "dd.mm.yyyy", "2020-01-01"),
    "a time of day": ("opening_hours", "opens", time(9, 0), "h:mm", "09:00:00"),
    "a time of day as a duration": (
        "opening_hours", "opens", timedelta(hours=9), "[h]:mm", "09:00:00",
    ),
    "how sure a link is": ("links", "confidence", 0.9, "General", "0.9"),
    "a truth": ("concepts", "additive", True, "General", "true"),
    "an apostrophe": ("contact_points", "telephone", "7 727 000 00 00", "@", "7 727 000 00 00"),
    "a text like an escape": ("statements", "description", "x _x0041_ y", "@", "x _x0041_ y"),
    "a text like a formula": ("statements", "description", "=5 people", "@", "=5 people"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "value", "form", "text"), RECOVERED.values(), ids=RECOVERED.keys()
)
def test_what_can_only_mean_one_text_is_taken_for_it(
    tmp_path: Path, table: str, column: str, value: Any, form: str, text: str
) -> None:
    book = sheet_of(table, sound(table))
    cell = at(book[table], column)
    cell.value, cell.number_format = value, form
    if isinstance(value, str):
        cell.value, cell.data_type = value.replace("_x", "_x005F_x"), "s"
    root = imported(tmp_path, book)
    made = (root / DOCUMENT / f"{table}.csv").read_text("utf-8").splitlines()
    assert made[0] == ",".join(project_schemas()[table].by_name)
    assert text in made[1].split(",")


def test_drafts_and_quotes_are_taken_as_they_are(tmp_path: Path) -> None:
    people = small()[POPULATION]
    people[0] |= {"evidence": '"150 people"#1 "x" after "y"'}
    people[1] |= {"group": "draft: REF"}
    book = sheet_of("population", *people, {"key": "draft: 4", "label": "draft: a sentence"})
    path = tmp_path / BOOK
    book.save(path)
    root = write(tmp_path / "tables", small())
    (made,) = import_workbook(DOCUMENT, path, root)
    assert (made.rows, made.added, made.changed, made.removed) == (4, 1, 2, 0)
    assert (made.drafts, made.words) == (2, 1)
    text = (root / POPULATION).read_text("utf-8")
    assert '"""150 people""#1 ""x"" after ""y"""' in text


def test_the_example_and_empty_sheets_are_left_out(tmp_path: Path, template: bytes) -> None:
    root = write(tmp_path / "tables", small())
    before = content(root)
    imported(tmp_path, template, root)
    assert content(root) == before


def test_the_commands_say_what_they_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(tmp_path / "tables", small())
    book = tmp_path / BOOK

    def kzgraph(*words: object) -> tuple[int, str, str]:
        code = main([*map(str, words), "--tables", str(root)])
        return code, *capsys.readouterr()

    code, out, err = kzgraph("template", DOCUMENT, "--out", book)
    assert (code, err) == (0, "")
    assert f"Workbook in {book}, with" in out
    code, out, err = kzgraph("template", DOCUMENT, "--out", book)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "is there already" in err
    code, out, err = kzgraph("import", DOCUMENT, book)
    assert (code, err) == (0, "")
    assert "population.csv" in out
    assert kzgraph("import", DOCUMENT, tmp_path / "none.xlsx")[0] == 2
    code, out, err = kzgraph("import", "entailed", book)
    assert (code, "a graph of the project" in err) == (1, True)


def test_charts_links_and_notes_of_an_editor_do_not_matter(tmp_path: Path) -> None:
    people = small()[POPULATION]
    book = sheet_of("population", *people)
    sheet = book["population"]
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=3))
    sheet.add_chart(chart, "A10")
    at(sheet, "key").hyperlink = "https://example.org/"
    sheet["A3"].comment = Comment("mine", "me")
    book.create_sheet("empty")
    root = imported(tmp_path, book)
    assert read_tables(root).of("population") == read_tables(write(tmp_path / "b", small())).of(
        "population"
    )


def test_a_draft_that_is_settled_is_added_and_not_removed(tmp_path: Path) -> None:
    root = write(tmp_path / "tables", small())
    people = small()[POPULATION]
    for rows in ([*people, {"key": "draft: 4"}], [*people[1:], people[0] | {"key": "settled"}]):
        book = sheet_of("population", *rows)
        book.save(tmp_path / BOOK)
        (made,) = import_workbook(DOCUMENT, tmp_path / BOOK, root)
    assert (made.rows, made.added, made.removed) == (3, 1, 1)
