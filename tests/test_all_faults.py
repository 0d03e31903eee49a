"""Faults of form, of references and of shapes come in one run, each with its cell."""

from pathlib import Path

import pytest

from commands import run
from kzgraph.build import assemble
from kzgraph.faults import Fault, TableFaults
from kzgraph.tables import read_tables
from small_tables import DOCUMENT, Cells, small, write

POPULATION = f"{DOCUMENT}/population.csv"
CONTACTS = f"{DOCUMENT}/contact_points.csv"
HOLIDAYS = f"{DOCUMENT}/holidays.csv"
REFERENCES = f"{DOCUMENT}/references.csv"
ORGANISATIONS = "shared/organisations.csv"
PLACES = "shared/places.csv"


def faults_of(root: Path) -> list[Fault]:
    with pytest.raises(TableFaults) as refused:
        assemble(root, lambda _: None)
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
