"""Whatever lies in a folder of tables is read, or refused with its name: no row goes unseen."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import run
from kzgraph.faults import Fault, TableFaults
from kzgraph.iri import PROJECT_GRAPHS
from kzgraph.release import current
from kzgraph.release.metadata import GRAPH_TITLES
from kzgraph.resources import folder
from kzgraph.tables import read_tables
from small_tables import DOCUMENT, small, write

TABLE = f"{DOCUMENT}/references.csv"


def faults_of(root: Path) -> list[Fault]:
    with pytest.raises(TableFaults) as refused:
        read_tables(root)
    return refused.value.faults


INTO = f"move them to {DOCUMENT}/"
RENAMED = {
    "a suffix in capitals": ("references.CSV", "", "rename it to references.csv"),
    "a suffix in mixed case": ("references.Csv", "", "rename it to references.csv"),
    "a name in capitals": ("References.csv", "", "rename it to references.csv"),
    "a second suffix": ("references.csv.txt", "", "save it as references.csv"),
    "no suffix": ("references", "", "save it as references.csv"),
    "tabs for commas": ("references.tsv", "", "save it as references.csv"),
    "a compressed table": ("references.csv.gz", "", "save it as references.csv"),
    "a table called a note": ("references.csv.md", "", "save it as references.csv"),
    "a backup": ("references.csv.bak", "", "save it as references.csv"),
    "an editor's backup": ("references.csv~", "", "save it as references.csv"),
    "a workbook alone": ("references.xlsx", "", "save its sheet as references.csv"),
    "a workbook in capitals": ("References.XLSX", "", "save its sheet as references.csv"),
    "a workbook of LibreOffice": ("facts.ods", "", "save its sheet as a table"),
    "a table in a folder of the folder": ("more/references.csv", "more", INTO),
    "a table two folders down": ("a/b/references.csv", "a", INTO),
    "a workbook in a folder of the folder": ("more/x.xlsx", "more", INTO),
    "a file of another kind": ("picture.png", "", "keep it elsewhere"),
    "a table beside the folders": ("../references.csv", "../references.csv", "move it"),
    "a table in capitals beside the folders": ("../REFERENCES.CSV", "../REFERENCES.CSV", "move it"),
    "a workbook beside the folders": ("../facts.xlsx", "../facts.xlsx", "move it away"),
}  # fmt: skip


@pytest.mark.parametrize(("to", "shown", "remedy"), RENAMED.values(), ids=RENAMED.keys())
def test_a_file_whose_rows_would_be_missed_is_refused(
    tmp_path: Path, to: str, shown: str, remedy: str
) -> None:
    root = write(tmp_path, small())
    target = root / DOCUMENT / to
    target.parent.mkdir(parents=True, exist_ok=True)
    (root / TABLE).rename(target)
    (fault,) = faults_of(root)
    assert fault.file == f"{DOCUMENT}/{shown or to}".replace(f"{DOCUMENT}/../", "")
    assert fault.remedy.startswith(remedy)


@pytest.mark.parametrize(
    "name",
    [
        *("references.xlsx", "README.md", "NOTES.MD", ".references.csv.swp", "~$references.xlsx"),
        *(".~lock.references.csv#", "Thumbs.db", "desktop.ini", "../README.md", "../.DS_Store"),
    ],
)
def test_notes_hidden_files_and_the_workbook_of_a_table_do_not_matter(
    tmp_path: Path, name: str
) -> None:
    root = write(tmp_path, small())
    before = len(read_tables(root).rows)
    (root / DOCUMENT / name).write_bytes(b"anything")
    (root / DOCUMENT / "pictures").mkdir()
    assert len(read_tables(root).rows) == before


def test_what_is_not_a_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    (root / TABLE).unlink()
    os.mkfifo(root / TABLE)
    (fault,) = faults_of(root)
    assert (fault.file, fault.message) == (TABLE, "it is not a regular file")
    (root / TABLE).unlink()
    (root / TABLE).mkdir()
    assert faults_of(root) == [fault]


def test_the_names_of_graphs_are_those_that_a_release_describes() -> None:
    assert set(GRAPH_TITLES) == PROJECT_GRAPHS


@pytest.mark.parametrize("name", sorted(PROJECT_GRAPHS))
def test_a_document_cannot_be_called_like_a_graph(tmp_path: Path, name: str) -> None:
    tables = {
        file.replace(DOCUMENT, name): [
            {column: cell.replace(DOCUMENT, name) for column, cell in row.items()} for row in rows
        ]
        for file, rows in small().items()
    }
    (fault,) = faults_of(write(tmp_path, tables))
    assert (fault.file, fault.message) == (name, "a graph of the project has this name")


@pytest.mark.parametrize("name", ["Note-2020", "INFERRED", "note_2020", "note 2020", "заметка"])
def test_a_folder_is_named_by_a_slug(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, small())
    (root / DOCUMENT).rename(root / name)
    assert f"a folder cannot be called {name!r}" in [fault.message for fault in faults_of(root)]


def only_workbooks(root: Path) -> None:
    (root / "note").mkdir(parents=True)
    (root / "note" / "population.xlsx").write_bytes(b"PK")


def only_shared(root: Path) -> None:
    tables = small()
    write(root, {file: rows for file, rows in tables.items() if file.startswith("shared/")})


def only_a_page(root: Path) -> None:
    root.mkdir()
    (root / "page.md").write_text("# Page")


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "an empty folder": (Path.mkdir, "there are no tables in the folders here; name a folder that"),
    "a folder of pages": (
        only_a_page,
        "there are no tables in the folders here; name a folder that holds shared",
    ),
    "one level too high": (
        lambda root: write(root / "tables", small()),
        "there are no tables in the folders here; name {root}/tables",
    ),
    "one level too low": (
        lambda root: write(root.parent, small()) and (root.parent / DOCUMENT).rename(root),
        "there are no tables in the folders here; name {root.parent}",
    ),
    "workbooks alone": (only_workbooks, "a workbook is not read; save its sheet as population.csv"),
    "things and no document": (only_shared, "no table describes a document; add a folder"),
}


@pytest.mark.parametrize(("make", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_folder_without_tables_is_refused_and_nothing_is_published(
    tmp_path: Path, make: Callable[[Path], object], says: str
) -> None:
    root, out, texts = tmp_path / "in" / "here", tmp_path / "out", tmp_path / "texts"
    root.parent.mkdir()
    texts.mkdir()
    make(root)
    for command in (
        ("build", "--tables", root, "--out", out),
        ("validate", "--tables", root),
        ("verify", "--documents", texts, "--tables", root),
    ):
        done = run(*command)
        assert done.returncode == 1, command
        assert says.format(root=root) in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert "conforms" not in done.stdout
    assert current(out) is None


def test_the_folder_above_the_projects_own_tables_names_them() -> None:
    (fault,) = faults_of(folder("mappings"))
    assert fault.remedy == f"name {folder('mappings') / 'tables'}"
