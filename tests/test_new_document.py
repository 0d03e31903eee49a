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
from kzgraph.tables import project_schemas, read_tables
from kzgraph.tables.drafts import DRAFT
from kzgraph.verification.charts import cells_in
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


def test_each_row_is_a_draft_that_shows_its_sentence(tmp_path: Path) -> None:
    folder = start(tmp_path)
    every = [row for path in folder.glob("*.csv") for row in rows(folder, path.stem)]
    facts = [row for row in every if "evidence" in row]
    assert all(row["key"].startswith(DRAFT) and row["label"].startswith(DRAFT) for row in facts)
    assert len({row["key"] for row in facts}) == len(facts) > 10
    (row,) = [row for row in facts if said(row) == ["Some 45%"]]
    assert row["label"] == "draft: Some 45% were women."
    assert row["scope"] == row["status"] == ""


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
