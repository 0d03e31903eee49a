"""Zeros and empty cells of official tables: in the tables of cubes as they are in the files.

The files are read by the csv module here, with the columns written out once more, and each line of
a file is compared to the rows of the table that name it.
"""

import csv
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyoxigraph import Literal, NamedNode

from kzgraph.cubes.cube_cells import make_cells
from kzgraph.cubes.cube_codes import read_codes
from kzgraph.cubes.graph_tables import Properties, open_graph
from kzgraph.cubes.structures import read_cubes
from kzgraph.cubes.table_files import write_cube
from kzgraph.namespaces import LABEL
from kzgraph.release import Release
from kzgraph.release.cube_tables import restore_left_out_cells
from kzgraph.resources import folder
from kzgraph.sources.left_out import LeftOutWriter
from kzgraph_mappings.official import MAPPERS
from official_files import POPULATION, KeepingSink, a_file, a_source

GROUPS = {
    **{"refugees": "REF", "asylum_seekers": "ASY", "returned_refugees": "RET", "idps": "IDP"},
    **{"returned_idps": "RDP", "stateless": "STA", "ooc": "OOC", "oip": "OIP", "hst": "HST"},
}
#: Table to its columns of numbers, each with what tells its cells from the others of a line.
NUMBERS: dict[str, dict[str, tuple[str, str]]] = {
    "unhcr-population": {name: ("group", code) for name, code in GROUPS.items()},
    "unhcr-solutions": {
        "returned_refugees": ("quantity", "return-from"),
        "resettlement": ("quantity", "resettlement"),
        "naturalisation": ("quantity", "naturalisation"),
        "returned_idps": ("quantity", "return-to"),
    },
    "unhcr-asylum-applications": {"applied": ("group", "ASY")},
}
ORIGINS = {"UNK": "unknown", "XXA": "stateless", "TIB": "tibetan"}
KINDS = {"": "empty", "-": "empty", "0": "zero"}


@pytest.fixture(scope="module")
def release(shipped_root: Path) -> Release:
    return Release(shipped_root / "current")


def read_table(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


@pytest.mark.parametrize("name", NUMBERS)
def test_a_table_has_each_cell_of_its_file_and_no_other(release: Release, name: str) -> None:
    rows = read_table(release.dumps / "tables" / f"{name}.parquet")
    found = {}
    for row in rows:
        [column] = (column for column, (by, code) in NUMBERS[name].items() if row[by] == code)
        place = row["row"], column
        assert place not in found, f"two rows are of {place}"
        text = "" if row["value"] is None else str(row["value"])
        found[place] = row["year"], row["country"], row["origin"], text, row["cell_kind"]
    path = folder("mappings") / "sources" / "data" / f"{name}-central-asia.csv"
    expected = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for line, cells in enumerate(csv.DictReader(stream), start=2):
            origin = ORIGINS.get(cells["coo_iso"], cells["coo_iso"])
            for column in NUMBERS[name]:
                text = cells[column].strip()
                kind = KINDS.get(text, "observation")
                text = "" if kind == "empty" else text
                expected[line, column] = int(cells["year"]), cells["coa_iso"], origin, text, kind
    assert found == expected


def test_the_list_counts_them(release: Release) -> None:
    listed = json.loads((release.dumps / "tables" / "tables.json").read_bytes())["tables"]
    kinds = {"observations": "observation", "zeros": "zero", "empties": "empty"}
    seen = Counter[str]()
    for each in listed:
        if each["dataset"] and not each["name"].startswith("documents-"):
            rows = read_table(release.dumps / "tables" / each["parquet"])
            counted = Counter(row["cell_kind"] for row in rows)
            assert {name: counted[kind] for name, kind in kinds.items()} == {
                name: each[name] for name in kinds
            }
            seen += counted
    assert min(seen[kind] for kind in kinds.values()) > 100


def test_only_observations_are_things_of_the_graph(release: Release) -> None:
    for path in (release.dumps / "tables").glob("unhcr-*.parquet"):
        for row in read_table(path):
            is_one = row["cell_kind"] == "observation"
            assert (row["cell"] is not None) == is_one
            assert row["obs_status"] == ("O" if row["cell_kind"] == "empty" else "A")
            assert row["value"] == 0 if row["cell_kind"] == "zero" else row["value"] != 0
            assert is_one or not row["caveat"]
            assert not (row["headline"] and row["value"] is None)
            assert row["sex"] == row["age"] == "all"
            assert row["status"] == "actual"


def test_a_zero_is_a_headline_where_a_number_would_be(release: Release) -> None:
    """A series with its zeros can be chosen by `headline`, as one without."""
    rows = read_table(release.dumps / "tables" / "unhcr-population.parquet")
    by_group = {(row["group"], row["headline"]) for row in rows if row["cell_kind"] == "zero"}
    assert {("REF", True), ("RDP", False), ("RET", False)} <= by_group
    assert not {("REF", False), ("RDP", True)} & by_group


def test_a_thing_that_only_empty_cells_name_has_its_code_and_no_label(
    release: Release, tmp_path: Path
) -> None:
    """Chad is in no number of this release; nor is 1951."""
    path = a_file(
        tmp_path,
        [
            POPULATION,
            "1951,Chad,CHD,TCD,Kazakhstan,KAZ,KAZ,0,-,0,0,0,,0,,",
            "2018,Afghanistan,AFG,AFG,Kazakhstan,KAZ,KAZ,7,-,0,0,0,0,0,,",
        ],
    )
    writer = LeftOutWriter(tmp_path / "left.csv.gz")
    sink = KeepingSink()
    MAPPERS["unhcr-population"](a_source("unhcr-population", path), sink)
    for kind, row, properties, objects in sink.left_out:
        writer.add(row, properties, [(kind, objects)])
    left_out = writer.finish()
    assert left_out is not None
    with open_graph(release.path / "columns.duckdb", tmp_path) as database:
        known = Properties(database)
        make_cells(database, known, [left_out, left_out])
        codes = read_codes(database, known)
        cubes = {each.name: each for each in read_cubes(database, known)}
        made = write_cube(database, codes, cubes["unhcr-population"], tmp_path)
    rows = read_table(tmp_path / made.parquet)
    mine = [row for row in rows if row["row"] == 2 and row["origin"] == "TCD"]
    assert len(mine) == 2 * 9
    assert {row["year"] for row in mine} == {1951}
    assert {row["origin_en"] for row in mine} == {None}
    assert {row["country_en"] for row in mine} == {"Kazakhstan"}
    assert Counter(row["cell_kind"] for row in mine) == {"zero": 10, "empty": 8}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_what_is_left_out_is_described_nowhere_else(tmp_path: Path) -> None:
    """A country without a number is no thing of the graph, in whichever order lines come."""
    empty = "2018,Chad,CHD,TCD,Kazakhstan,KAZ,KAZ,0,-,0,0,0,,0,,"
    full = "2019,Chad,CHD,TCD,Kazakhstan,KAZ,KAZ,7,-,0,0,0,,0,,"
    made = []
    for lines in ([POPULATION, empty], [POPULATION, empty, full]):
        sink = KeepingSink()
        source = a_source("unhcr-population", a_file(tmp_path, lines))
        MAPPERS["unhcr-population"](source, sink)
        made.append((sink.lines, any("TCD" in str(quad) for quad in sink.shared)))
    assert made[0] == ([], False)
    assert made[1][1] and any("TCD" in line for line in made[1][0])


def test_the_years_of_cells_without_a_number_are_named(tmp_path: Path) -> None:
    """A table has them, and names the years of all its rows."""
    zero = "1951,Afghanistan,AFG,AFG,Kazakhstan,KAZ,KAZ,0,-,0,0,0,0,0,,"
    full = "2019,Afghanistan,AFG,AFG,Kazakhstan,KAZ,KAZ,7,-,0,0,0,0,0,,"
    sink = KeepingSink()
    source = a_source("unhcr-population", a_file(tmp_path, [POPULATION, zero, full]))
    MAPPERS["unhcr-population"](source, sink)
    labels = {
        (quad.subject.value.rpartition("/")[2], quad.object.value)
        for quad in sink.shared
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
        and quad.predicate == LABEL
        and quad.object.language == "kk"
    }
    assert {("1951", "1951 жыл"), ("1951-12-31", "1951 ж. 31 желтоқсан")} <= labels
    assert not any("1951" in line for line in sink.lines)


def test_cells_of_one_file_have_the_same_properties(tmp_path: Path) -> None:
    writer = LeftOutWriter(tmp_path / "cells.csv.gz")
    assert writer.finish() is None
    writer.add(2, ("https://example.org/p",), [("zero", "a")])
    with pytest.raises(ValueError, match=r"cells\.csv\.gz have different properties"):
        writer.add(3, ("https://example.org/q",), [("zero", "b")])
    written = writer.finish()
    assert written is not None
    assert gzip.decompress(written.read_bytes()) == b"kind,row,https://example.org/p\nzero,2,a\n"


def test_a_release_written_anew_from_an_earlier_one_has_the_same_cells(
    release: Release, tmp_path: Path
) -> None:
    """A redaction has no files of sources: it takes the cells from the tables that were there."""
    left_out = restore_left_out_cells(release.path, tmp_path)
    kinds = {name.rpartition("-")[0] for name in left_out}
    assert kinds == {"unhcr-population", "unhcr-solutions"}
    with open_graph(release.path / "columns.duckdb", tmp_path) as database:
        properties = Properties(database)
        make_cells(database, properties, left_out.values())
        codes = read_codes(database, properties)
        for cube in read_cubes(database, properties):
            made = write_cube(database, codes, cube, tmp_path)
            before = release.dumps / "tables" / made.parquet
            assert (tmp_path / made.parquet).read_bytes() == before.read_bytes()
