"""Faults of form, of references and of shapes come in one run, each with its cell."""

import hashlib
from pathlib import Path

import pytest

from commands import run
from kzgraph.faults import Fault, TableFaults
from kzgraph.tables import read_tables
from small_tables import DOCUMENT, TEXT, Cells, assemble_lean, small, write

POPULATION = f"{DOCUMENT}/population.csv"
CONTACTS = f"{DOCUMENT}/contact_points.csv"
HOLIDAYS = f"{DOCUMENT}/holidays.csv"
REFERENCES = f"{DOCUMENT}/references.csv"
ORGANISATIONS = "shared/organisations.csv"
PLACES = "shared/places.csv"


def faults_of(root: Path) -> list[Fault]:
    with pytest.raises(TableFaults) as refused:
        assemble_lean(root)
    return refused.value.faults


def places(faults: list[Fault]) -> list[tuple[str, int, str]]:
    return [(fault.file, fault.line, fault.column) for fault in faults]


def too_many_parts() -> dict[str, list[Cells]]:
    """Tables of the right form, with a total that is less than its parts."""
    tables = small()
    tables[POPULATION][0]["value"] = "100"
    return tables


def test_faults_of_form_references_and_shapes_come_together(tmp_path: Path) -> None:
    tables = too_many_parts()
    tables[HOLIDAYS][0]["label"] = ""
    tables[REFERENCES][0]["kind"] = "wobsite"
    faults = faults_of(write(tmp_path, tables))
    assert places(faults)[:1] == [(HOLIDAYS, 2, "label")]
    assert (REFERENCES, 2, "kind") in places(faults)
    (shape,) = [fault for fault in faults if fault.file == POPULATION]
    assert shape.line == 2
    assert f"figure/{DOCUMENT}/all" in shape.message
    assert shape.remedy


def test_a_build_and_a_validation_print_them_alike(tmp_path: Path) -> None:
    tables = too_many_parts()
    tables[HOLIDAYS][0]["label"] = ""
    root = write(tmp_path / "tables", tables)
    built = run("build", "--tables", root, "--out", tmp_path / "out")
    validated = run("validate", "--tables", root)
    assert (built.returncode, validated.returncode) == (1, 1)
    assert built.stderr == validated.stderr
    assert [line.rpartition(".csv:")[0] for line in built.stderr.splitlines()] == [
        f"{DOCUMENT}/holidays",
        f"{DOCUMENT}/population",
    ]


def texts(folder: Path, tables: dict[str, list[Cells]], text: str = TEXT) -> Path:
    """The folder of documents, with the one that the tables are made from."""
    folder.mkdir(exist_ok=True)
    (folder / "note.txt").write_text(text, "utf-8", newline="")
    tables[f"{DOCUMENT}/document.csv"][0]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    return folder


def test_faults_of_evidence_come_with_the_others(tmp_path: Path) -> None:
    tables = too_many_parts()
    tables[HOLIDAYS][0]["label"] = ""
    tables[REFERENCES][0]["kind"] = "wobsite"
    tables[CONTACTS][0]["telephone"] = "7 727 000 00 01"
    documents = texts(tmp_path / "documents", tables)
    root = write(tmp_path / "tables", tables)
    out = tmp_path / "out"
    built = run("build", "--tables", root, "--documents", documents, "--out", out)
    validated = run("validate", "--tables", root, "--documents", documents)
    assert (built.returncode, validated.returncode) == (1, 1)
    assert built.stderr == validated.stderr
    lines = [line for line in built.stderr.splitlines() if not line.startswith("Warning: ")]
    assert f"{CONTACTS}:2:telephone: '7 727 000 00 01' is in no span of its evidence" in lines[0]
    # The total of 100 is not in its evidence, so nothing is said about its parts.
    assert [line.split(": ")[0] for line in lines] == [
        f"{CONTACTS}:2:telephone",
        f"{HOLIDAYS}:2:label",
        f"{POPULATION}:2:value",
        f"{REFERENCES}:2:kind",
    ]
    assert not out.exists()


def test_a_text_that_is_not_at_hand_is_a_warning_and_none_at_all_a_fault(tmp_path: Path) -> None:
    tables = small()
    tables |= {
        f"other/{name.partition('/')[2]}": [dict(row) for row in rows]
        for name, rows in small().items()
        if name == f"{DOCUMENT}/document.csv"
    }
    tables["other/document.csv"][0] |= {"slug": "other", "file": "other.txt"}
    documents = texts(tmp_path / "documents", tables)
    root = write(tmp_path / "tables", tables)
    done = run("validate", "--tables", root, "--documents", documents)
    assert "Warning: other/document.csv:2:file: no file other.txt, so the ev" in done.stderr
    assert "in the evidence of no fact; kzgraph verify --documents DIR" in done.stderr
    (documents / "note.txt").unlink()
    done = run("validate", "--tables", root, "--documents", documents)
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        f"{DOCUMENT}/document.csv",
        "other/document.csv",
    ]
    file = tmp_path / "x.ttl"
    file.touch()
    assert run("validate", file, "--documents", documents).returncode == 2


def test_results_of_shapes_alone_name_file_and_row(tmp_path: Path) -> None:
    root = write(tmp_path / "tables", too_many_parts())
    built = run("build", "--tables", root, "--out", tmp_path / "out")
    first, *_, last = built.stderr.splitlines()
    assert first.startswith(f"{POPULATION}:2")
    assert last.startswith("Error: violations of the shapes: ")
    validated = run("validate", "--tables", root)
    assert f"{POPULATION}:2" in validated.stdout
    assert "The graph does not conform." in validated.stdout


def test_a_total_whose_part_is_faulty_is_not_blamed(tmp_path: Path) -> None:
    tables = too_many_parts()
    tables[POPULATION][1]["time"] = "05.05.2020"
    assert places(faults_of(write(tmp_path, tables))) == [(POPULATION, 3, "time")]


def test_a_total_that_a_faulty_cell_may_have_named_is_not_blamed(tmp_path: Path) -> None:
    tables = too_many_parts()
    tables[POPULATION][1]["component_of"] = "the total"
    assert places(faults_of(write(tmp_path, tables))) == [(POPULATION, 3, "component_of")]


def test_a_code_that_a_faulty_row_defines_is_known_and_another_is_not(tmp_path: Path) -> None:
    tables = small()
    tables[ORGANISATIONS][1]["label_en"] = ""
    tables[PLACES][1]["within"] = "country/KAS"
    assert places(faults_of(write(tmp_path, tables))) == [
        (ORGANISATIONS, 3, "label_en"),
        (PLACES, 3, "within"),
    ]


def test_what_a_lost_row_may_define_is_not_missed(tmp_path: Path) -> None:
    tables = small()
    tables[POPULATION][0]["key"] = "All!"
    tables[REFERENCES][0]["kind"] = "wobsite"
    assert places(faults_of(write(tmp_path, tables))) == [
        (POPULATION, 2, "key"),
        (REFERENCES, 2, "kind"),
    ]


def test_references_of_a_faulty_row_are_checked_too(tmp_path: Path) -> None:
    tables = small()
    tables[POPULATION][1] |= {"value": "many", "group": "REFS", "scope": "country/KAS"}
    assert sorted(places(faults_of(write(tmp_path, tables)))) == [
        (POPULATION, 3, "group"),
        (POPULATION, 3, "scope"),
        (POPULATION, 3, "value"),
    ]


def test_a_file_that_cannot_be_read_blames_no_others(tmp_path: Path) -> None:
    for file in (POPULATION, ORGANISATIONS, f"{DOCUMENT}/document.csv", "shared/concepts.csv"):
        root = write(tmp_path / file, too_many_parts())
        (root / file).write_bytes("key\n\u0431\u0435\u0436".encode("utf-16"))
        assert [fault.file for fault in faults_of(root)] == [file]


def test_warnings_are_printed_and_stop_nothing(tmp_path: Path) -> None:
    root = write(tmp_path, small())
    path = root / POPULATION
    path.write_text(path.read_text("utf-8") + ",,,,\n", "utf-8")
    assert len(read_tables(root).warnings) == 1
    done = run("validate", "--tables", root)
    assert done.stderr == (
        f"Warning: {POPULATION}:5: empty rows are skipped (lines 5); delete them\n"
    )
    assert done.returncode == 0
