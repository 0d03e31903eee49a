# ruff: noqa: RUF001 (words in Cyrillic)
"""A new document becomes a folder with what can be read off its text, and nothing is settled."""

import csv
import hashlib
from pathlib import Path

import pytest

from commands import run
from kzgraph.editing import start_document, write_spans
from kzgraph.editing.new_document import guess_language
from kzgraph.faults import TableFaults
from kzgraph.iri import PROJECT_GRAPHS
from kzgraph.tables import Span, project_schemas, read_tables
from kzgraph.tables.drafts import DRAFT
from kzgraph.verification.charts import cells_in
from kzgraph.verification.tokens import NUMERIC, lies_in, mask, tokens
from small_tables import Cells, small, write

SLUG = "page-2021"
#: A page of an invented office: prose, a list, both kinds of chart, contacts.
PAGE = (
    "UNHCR in Ruritania\n\n"
    '[["Refugees",588],["Stateless",7000],["Pensioners",null]]\nLoading ...\n'
    '{"categories": [2019, 2020], "budget": [2.5, 3.25], "p1": [null, 1.5], "note": "x"}\n\n'
    "At the end of 2020 the country hosted over 1,200 refugees. Some 45% were women.\n"
    "It needs USD 1.5 million, and about \u20ac 300 for stamps [1].\n"
    "One of the aims is that no children are detained; 34 sessions were held.\n"
    "2020 1,210\n"
    "Call 7 111 22 22 or\n7 111 22 23\n"
    "Building B12, open 9:00 on Mondays\n"
)


def start(root: Path, text: str = PAGE, name: str = "page.txt") -> Path:
    """The folder of the page among the small tables."""
    tables = write(root / "tables", small())
    source = root / name
    source.write_text(text, "utf-8", newline="")
    folder, _ = start_document(SLUG, source, tables)
    return folder


def rows(folder: Path, table: str) -> list[Cells]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said(row: Cells, page: str = PAGE) -> list[str]:
    """The words of the page at each span of a row's evidence."""
    return [page[slice(*map(int, item.split("-")))] for item in row["evidence"].split()]


def chosen(row: Cells, *columns: str) -> tuple[str, ...]:
    return tuple(row[column] for column in columns)


def test_the_folder_describes_the_document_and_has_every_table(tmp_path: Path) -> None:
    folder = start(tmp_path)
    (document,) = rows(folder, "document")
    assert document["slug"] == SLUG
    assert document["file"] == "page.txt"
    assert document["sha256"] == hashlib.sha256(PAGE.encode()).hexdigest()
    assert document["length"] == str(len(PAGE))
    assert document["language"] == "draft: en"
    assert document["title"] == document["publisher"] == ""
    kinds = {
        name: each
        for name, each in project_schemas().items()
        if each.is_fact and not each.made_by  # What annotate writes comes when there are spans.
    }
    assert {path.stem for path in folder.iterdir()} == set(kinds)
    for name, schema in kinds.items():
        header = (folder / f"{name}.csv").read_text("utf-8").splitlines()[0]
        assert header == ",".join(schema.by_name)


def test_length_counts_code_points_and_line_ends_as_they_are(tmp_path: Path) -> None:
    (document,) = rows(start(tmp_path, "\ufeffA \U0001f30d\r\n12 refugees"), "document")
    assert document["length"] == str(len("\ufeffA \U0001f30d\r\n12 refugees"))


def test_pairs_of_a_chart_are_population(tmp_path: Path) -> None:
    found = [row for row in rows(start(tmp_path), "population") if "[" in said(row)[0]]
    columns = ("group", "value", "bound", "availability", "unit", "time")
    assert [(said(row), *chosen(row, *columns)) for row in found] == [
        (['["Refugees",588]'], "REF", "588", "exact", "", "draft: persons", ""),
        (['["Stateless",7000]'], "STA", "7000", "exact", "", "draft: persons", ""),
        (['["Pensioners",null]'], "", "", "", "not-published", "draft: persons", ""),
    ]


def test_the_years_of_a_chart_have_a_statement(tmp_path: Path) -> None:
    found = [row for row in rows(start(tmp_path), "statements") if "Years" in row["label"]]
    assert [(said(row), row["kind"]) for row in found] == [
        (["2019", "2020"], "draft: presentation")
    ]


def test_series_over_years_are_finance(tmp_path: Path) -> None:
    found = [row for row in rows(start(tmp_path), "finance") if row["quantity"] or row["series"]]
    columns = ("quantity", "series", "value", "bound", "availability", "time")
    assert [(said(row), *chosen(row, *columns)) for row in found] == [
        (["2.5"], "budget", "total", "2.5", "exact", "", "2019"),
        (["3.25"], "budget", "total", "3.25", "exact", "", "2020"),
        (["null"], "", "p1", "", "", "not-published", "2019"),
        (["1.5"], "", "p1", "1.5", "exact", "", "2020"),
    ]
    contexts = [
        [PAGE[slice(*map(int, item.split("-")))] for item in row["context"].split()]
        for row in found
    ]
    assert contexts[0] == ["2019", '"budget"']
    assert contexts[3] == ["2020", '"p1"']


PROSE = {
    "people": ("population", "over 1,200", ("1200", "lower", "over", "persons", "2020")),
    "a share": ("indicators", "Some 45%", ("45", "approximate", "Some", "percent", "")),
    "dollars": ("finance", "USD 1.5 million", ("1500000", "exact", "", "us-dollars", "")),
    "other money": (
        *("finance", "about \u20ac 300"),
        ("300", "approximate", "about", "draft: euros", ""),
    ),
    "no people": ("population", "no", ("0", "exact", "", "persons", "")),
    "something else": ("indicators", "34", ("34", "exact", "", "", "")),
    "a row of a list": ("indicators", "1,210", ("1210", "exact", "", "", "2020")),
}  # fmt: skip


@pytest.mark.parametrize(("table", "words", "cells"), PROSE.values(), ids=PROSE.keys())
def test_numbers_of_prose_have_value_hedge_and_unit(
    tmp_path: Path, table: str, words: str, cells: tuple[str, ...]
) -> None:
    (row,) = [row for row in rows(start(tmp_path), table) if said(row) == [words]]
    assert chosen(row, "value", "bound", "hedge", "unit", "time") == cells
    assert row["scope"] == row["status"] == ""


def test_a_range_is_one_row(tmp_path: Path) -> None:
    """What may be a change is two rows: an editor decides."""
    text = "Some 5 to 7 million people came; it fell from USD 9 to 8.\n"
    folder = start(tmp_path, text)
    (row,) = rows(folder, "population")
    assert chosen(row, "value", "least", "most", "bound", "hedge", "unit") == (
        *("", "5000000", "7000000", "range"),
        *("Some", "persons"),
    )
    assert row["evidence"] == "0-19"
    assert [row["value"] for row in rows(folder, "finance")] == ["9"]
    assert [row["value"] for row in rows(folder, "indicators")] == ["8"]


def test_each_number_has_a_row_that_shows_its_sentence(tmp_path: Path) -> None:
    folder = start(tmp_path)
    every = [row for path in folder.glob("*.csv") for row in rows(folder, path.stem)]
    facts = [row for row in every if "evidence" in row]
    spans = [Span(*map(int, each.split("-"))) for row in facts for each in row["evidence"].split()]
    spans += [Span(*map(int, each.split("-"))) for row in facts for each in row["context"].split()]
    covered = mask(len(PAGE), spans)
    assert [token for token in tokens(NUMERIC, PAGE) if not lies_in(token, covered)] == []
    assert all(row["key"].startswith(DRAFT) and row["label"].startswith(DRAFT) for row in facts)
    assert len({row["key"] for row in facts}) == len(facts)
    (row,) = [row for row in facts if said(row) == ["Some 45%"]]
    assert row["label"] == "draft: Some 45% were women."


IN_OTHER_LANGUAGES = {
    "Russian": (
        "В 2021 году проживало более 1,5 тыс. беженцев и 7 588 лиц без гражданства.\n"
        "Бюджет: 10,03 млн долларов США, из них получено 45,5 процентов; 1,500 человек.\n",
        [
            ("population", "более 1,5 тыс", "1500", "lower", "persons"),
            ("population", "7 588", "7588", "exact", "persons"),
            ("finance", "10,03 млн долларов США", "10030000", "exact", "us-dollars"),
            ("indicators", "45,5 процентов", "45.5", "exact", "percent"),
            ("population", "1,500", "draft: 1.5 or 1500", "exact", "persons"),
        ],
    ),
    "a table in Russian": (
        "Группа\t2021\t2022\nБеженцы\t1 234\t1,500\n",
        [
            ("population", "1 234", "1234", "exact", "draft: persons"),
            ("population", "1,500", "draft: 1.5 or 1500", "exact", "draft: persons"),
        ],
    ),
    "Kazakh": (
        "2021 жылы 1,5 мың босқын және елу жеті бала тұрды.\n"
        "Бюджет 10,03 млн АҚШ долларын құрады, 45,5 пайызы алынды.\n",
        [
            ("population", "1,5 мың", "1500", "exact", "persons"),
            ("population", "елу жеті", "57", "exact", "persons"),
            ("finance", "10,03 млн АҚШ долларын", "10030000", "exact", "us-dollars"),
            ("indicators", "45,5 пайызы", "45.5", "exact", "percent"),
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), IN_OTHER_LANGUAGES.values(), ids=IN_OTHER_LANGUAGES)
def test_numbers_are_read_as_the_language_of_the_page_writes_them(
    tmp_path: Path, text: str, expected: list[tuple[str, ...]]
) -> None:
    folder = start(tmp_path, text)
    found = [
        (table, *said(row, text), *chosen(row, "value", "bound", "unit"))
        for table in ("population", "finance", "indicators")
        for row in rows(folder, table)
    ]
    assert set(expected) <= set(found)
    assert len({words for _, words, *_ in found}) == len(found)
    assert all("2021" in said(row, text) for row in rows(folder, "statements"))


def test_a_date_in_full_dates_its_sentence(tmp_path: Path) -> None:
    text = "At the end of June 2025 some 1,240 refugees lived here.\n1 July 2025\n"
    folder = start(tmp_path, text)
    (figure,) = rows(folder, "population")
    assert (figure["time"], figure["value"]) == ("2025-06-30", "1240")
    first, second = rows(folder, "statements")
    assert (first["time"], said(first, text)) == ("2025-06-30", ["end of June 2025"])
    assert (second["time"], said(second, text)) == ("2025-07-01", ["1 July 2025"])


def test_contact_details_are_told_by_their_form(tmp_path: Path) -> None:
    text = (
        "Call +992 37 221 62 12, доб. 3, тел. 7 727 258 45 98 ext. 41, or write to a.b@unhcr.org.\n"
        "See www.unhcr.org/kz2025, help.unhcr.org/kz and not 12.5/3; 45 came.\n"
    )
    folder = start(tmp_path, text)
    found = [chosen(row, "kind", "telephone", "email") for row in rows(folder, "contact_points")]
    assert found == [
        ("e-mail", "", "a.b@unhcr.org"),
        ("telephone", "+992 37 221 62 12, доб. 3", ""),
        ("telephone", "7 727 258 45 98 ext. 41", ""),
    ]
    links = [row["url"] for row in rows(folder, "references")]
    assert links == ["https://www.unhcr.org/kz2025", "https://help.unhcr.org/kz"]
    assert [row["value"] for row in rows(folder, "indicators")] == ["12.5", "3", "45"]


def test_digits_that_count_nothing_are_one_statement_for_each_line(tmp_path: Path) -> None:
    found = [said(row) for row in rows(start(tmp_path), "statements")]
    assert ["7", "111", "22", "23"] in found
    assert ["B12", "9", "00"] in found


def test_a_build_refuses_drafts_with_file_and_line(tmp_path: Path) -> None:
    folder = start(tmp_path, "We met 12 refugees.\n")
    with pytest.raises(TableFaults) as refused:
        read_tables(folder.parent)
    faults = {(fault.file, fault.line, fault.column): fault for fault in refused.value.faults}
    drafted = faults[f"{SLUG}/population.csv", 2, "key"]
    assert drafted.message == "the row is a draft"
    language = faults[f"{SLUG}/document.csv", 2, "language"]
    assert (language.message, language.remedy) == (
        "'draft: en' is a draft",
        "write 'en' if that is right, or what is",
    )
    assert (f"{SLUG}/document.csv", 2, "title") in faults
    assert [key for key in faults if key[0].endswith("population.csv")] == [
        (f"{SLUG}/population.csv", 2, "key")
    ]


@pytest.mark.parametrize("mark", ["draft:", "Draft: ", " DRAFT: x", "draft:2020"])
def test_a_mark_is_known_in_any_case(tmp_path: Path, mark: str) -> None:
    tables = small()
    tables["note-2020/population.csv"][0]["time"] = mark
    with pytest.raises(TableFaults) as refused:
        read_tables(write(tmp_path, tables))
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [(2, "time")]


def test_settled_rows_are_accepted(tmp_path: Path) -> None:
    """With each draft settled, and what is empty filled in, the tables are sound."""
    folder = start(tmp_path, "We met 12 refugees.\n")
    settled = {
        "population": {
            "draft: 1,draft: We met 12 refugees.,,,,,,,,,12": "met,Refugees met,country/KAZ,REF,,,,"
            "origin/all,stock,not-stated,12",
            "persons,,": "persons,actual,",
        },
        "document": {
            f"{SLUG},,,": f"{SLUG},Page,A page.,",
            "draft: en,,": "en,organisation/unhcr,",
        },
    }
    for table, changes in settled.items():
        path = folder / f"{table}.csv"
        text = path.read_text("utf-8")
        for old, new in changes.items():
            assert text.count(old) == 1
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
    write_spans(SLUG, tmp_path, folder.parent)
    (row,) = read_tables(folder.parent).of("population", SLUG)
    assert row.get("label") == "Refugees met"


CHARTS = {
    "an object": ('{"a": 5, "b": null}', [(None, "a", "5"), (None, "b", None)]),
    "years as names": ('{"x":["2019","2020"],"y":[1,2]}', [("y", "2019", "1"), ("y", "2020", "2")]),
    "series by name": ('{"s":[1,2],"of":["a","b"]}', [("s", "a", "1"), ("s", "b", "2")]),
    "within something else": ('{"o":{"t":true},"p":[["a",-1.50]]}', [(None, "a", "-1.50")]),
    "series with their names": (
        '{"xAxis":{"categories":[2019,2020]},"series":[{"name":"a","data":[1,null]},'
        '{"name":"b","data":[3,4]}]}',
        [("a", "2019", "1"), ("a", "2020", None), ("b", "2019", "3"), ("b", "2020", "4")],
    ),
    "names and rows in lists of their own": (
        '{"categories":["2022","2023"],"name":["a","b"],"data":[[1,2],[null,4]]}',
        [("a", "2022", "1"), ("a", "2023", "2"), ("b", "2022", None), ("b", "2023", "4")],
    ),
    "rows of other lengths": ('{"categories":["x","y"],"name":["a","b"],"data":[[1,2],[3]]}', []),
    "rows without names": ('{"categories":["x","y"],"data":[[1,2],[3,4]]}', []),
    "a large number": ('[["a",1e3]]', [(None, "a", "1000")]),
    "escapes": (r'[["\u0061\"]",1]]', [(None, 'a"]', "1")]),
    "a footnote": ("as said [1], [2, 3]", []),
    "a link": ("[1951 Convention](#)", []),
    "series of another length": ('{"x":[2019,2020],"y":[1,2,3]}', []),
    "a chart that does not end": ('[["a",1],["b"', []),
    "brackets without end": ("[" * 30_000, []),
    "empty ones": ("[] {} [[]] [{}]", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CHARTS.values(), ids=CHARTS.keys())
def test_charts_are_read(text: str, expected: list[tuple[str | None, str, str | None]]) -> None:
    assert [(cell.series, cell.category, cell.number) for cell in cells_in(text)] == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Refugees 12", "en"),
        ("Беженцы в Казахстане", "ru"),
        ("Қазақстандағы босқындар", "kk"),
        ("Беженцы в городе Өскемен, и так далее, без всякой спешки и без лишних слов", "ru"),
        ("Refugees and others; беженцы", "en ru"),
        ("12 345", ""),
    ],
)
def test_the_language_is_guessed_by_the_alphabet(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    "slug", [*sorted(PROJECT_GRAPHS), "shared", "Page", "page_1", "..", "a/b", "", "страница"]
)
def test_a_slug_that_no_document_may_have_is_refused(tmp_path: Path, slug: str) -> None:
    tables = write(tmp_path / "tables", small())
    before = sorted(tables.rglob("*"))
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    with pytest.raises(TableFaults):
        start_document(slug, tmp_path / "page.txt", tables)
    assert sorted(tables.rglob("*")) == before


def test_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    folder = start(tmp_path)
    path = folder / "population.csv"
    path.write_text("mine", "utf-8")
    with pytest.raises(TableFaults, match="is there already"):
        start_document(SLUG, tmp_path / "page.txt", folder.parent)
    assert path.read_text("utf-8") == "mine"
    (folder.parent / "linked").symlink_to(tmp_path / "nowhere")
    with pytest.raises(TableFaults, match="is there already"):
        start_document("linked", tmp_path / "page.txt", folder.parent)
    assert not list(folder.parent.glob(".*"))


def test_a_text_that_has_a_folder_gets_no_second_one(tmp_path: Path) -> None:
    folder = start(tmp_path)
    (tmp_path / "copy.txt").write_text(PAGE, "utf-8", newline="")
    with pytest.raises(TableFaults, match=f"copy.txt: it is the text of {SLUG}"):
        start_document("another", tmp_path / "copy.txt", folder.parent)
    assert not (folder.parent / "another").exists()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("page 1.txt", b"text", "cannot name this file"),
        ("page.txt", "№".encode("cp1251") + b"\xff", "not in UTF-8"),
        ("page.txt", b" \n", "has no text"),
        ("page.txt", b"a" * 2_000_001, "over 2,000,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_a_document_is_refused(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    tables = write(tmp_path / "tables", small())
    (tmp_path / name).write_bytes(data)
    with pytest.raises(TableFaults, match=says):
        start_document(SLUG, tmp_path / name, tables)
    assert not (tables / SLUG).exists()


def test_the_command_says_what_it_made_and_what_comes_next(tmp_path: Path) -> None:
    tables = write(tmp_path / "tables", small())
    (tmp_path / "page.txt").write_text(PAGE, "utf-8")
    arguments = ("new", SLUG, tmp_path / "page.txt", "--tables", tables)
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Tables in {tables / SLUG}" in done.stdout
    assert "population.csv" in done.stdout
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the folder is there already" in done.stderr
    assert run("new", SLUG, tmp_path / "none.txt", "--tables", tables).returncode == 2
