"""The files of the tables of cubes: Parquet and CSV alike, valid metadata, the same each time."""

import csv
import gzip
import hashlib
import json
import shutil
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import csvw
import pyarrow
import pyarrow.parquet as pq
import pytest
from pyoxigraph import NamedNode

from kzgraph.columns.column_file import COLUMNS
from kzgraph.cubes.cube_cells import make_cells
from kzgraph.cubes.cube_codes import read_codes
from kzgraph.cubes.graph_tables import Properties, open_graph
from kzgraph.cubes.structures import read_cubes
from kzgraph.cubes.table_files import write_cube
from kzgraph.iri import BASE, GRAPH
from kzgraph.licences import OWN
from kzgraph.namespaces import LANGUAGES
from kzgraph.rdf.content import Content
from kzgraph.release import Release
from kzgraph.release.contents import Contents
from kzgraph.release.cube_tables import write_cube_tables
from kzgraph.release.dumps import ATTRIBUTION
from kzgraph.sources.left_out import LeftOutKind, LeftOutWriter
from kzgraph.sources.source_entries import SourceGraph
from kzgraph.tidy.file_tables import find_tables
from kzgraph.tidy.table_templates import read_filters
from test_hxl import HASHTAG
from vintage_release import make_release

SUFFIXES = ("parquet", "csv", "csv-metadata.json")


@pytest.fixture(scope="module")
def release(shipped_root: Path) -> Release:
    return Release(shipped_root / "current")


@pytest.fixture(scope="module")
def listed(release: Release) -> dict[str, Any]:
    found = json.loads((release.dumps / "tables" / "tables.json").read_bytes())
    return {each["name"]: each for each in found["tables"]}


def cubes(listed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (each for each in listed.values() if each["dataset"])


def as_text(value: Any) -> str:
    """A value of Parquet as CSV has it, and as the store writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "" if value is None else str(value)


def read_both(folder: Path, name: str) -> tuple[list[list[str]], list[list[str]]]:
    """The rows of a table by its Parquet and by its CSV, each with a header."""
    table = pq.read_table(folder / f"{name}.parquet")
    rows = [[as_text(each) for each in row.values()] for row in table.to_pylist()]
    plain = folder / f"{name}.csv"
    data = (
        plain.read_bytes()
        if plain.exists()
        else gzip.decompress((folder / f"{name}.csv.gz").read_bytes())
    )
    assert b"\r\n" in data
    text = data.decode().splitlines(keepends=True)
    return [table.column_names, *rows], list(csv.reader(text, strict=True))


def test_parquet_and_csv_have_the_same_rows(release: Release, listed: dict[str, Any]) -> None:
    for each in cubes(listed):
        stored, plain = read_both(release.dumps / "tables", each["name"])
        assert stored == plain
        assert len(plain) == each["rows"] + 1
        assert plain[0] == [column["name"] for column in each["columns"]]


def test_parquet_has_types_and_dictionaries(release: Release, listed: dict[str, Any]) -> None:
    arrow = {
        "VARCHAR": pyarrow.string(),
        "BIGINT": pyarrow.int64(),
        "INTEGER": pyarrow.int32(),
        "BOOLEAN": pyarrow.bool_(),
    }
    for each in listed.values():
        file = pq.ParquetFile(release.dumps / "tables" / each["parquet"])
        for column, kept in zip(each["columns"], file.schema_arrow, strict=True):
            places = column["type"].removeprefix("DECIMAL(38,").removesuffix(")")
            wanted = arrow.get(column["type"]) or pyarrow.decimal128(38, int(places))
            assert (kept.name, kept.type) == (column["name"], wanted)
        group = file.metadata.row_group(0)
        for at, column in enumerate(each["columns"]):
            assert group.column(at).compression == "ZSTD"
            # Of a few rows, a dictionary may be longer than they are.
            if column["language"] and each["rows"] > 1_000:
                assert group.column(at).has_dictionary_page
    values = {
        each["name"]: {c["name"]: c["type"] for c in each["columns"]} for each in cubes(listed)
    }
    assert values["documents-finance"]["value"].startswith("DECIMAL(38,")
    assert values["unhcr-population"]["value"] == "BIGINT"


def test_a_table_is_valid_by_its_metadata(
    release: Release, listed: dict[str, Any], tmp_path: Path
) -> None:
    for each in cubes(listed):
        for name in (f"{each['name']}.csv", each["metadata"]):
            shutil.copy(release.dumps / "tables" / name, tmp_path)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            read = csvw.CSVW(str(tmp_path / each["metadata"]), validate=True)
        assert read.is_valid, read.warnings
        assert len(list(read.t.iterdicts())) == each["rows"]


def test_metadata_notice_what_is_wrong(
    release: Release, listed: dict[str, Any], tmp_path: Path
) -> None:
    """That it is valid says something: a row twice, neither true nor false."""
    each = listed["documents-finance"]
    data = (release.dumps / "tables" / each["csv"]).read_bytes()
    shutil.copy(release.dumps / "tables" / each["metadata"], tmp_path)
    last = data.splitlines(keepends=True)[-1]
    for wrong in (data + last, data.replace(b",true,", b",maybe,", 1)):
        assert wrong != data
        (tmp_path / each["csv"]).write_bytes(wrong)
        assert not is_valid(tmp_path / each["metadata"])


def is_valid(metadata: Path) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read = csvw.CSVW(str(metadata), validate=True)
            return bool(read.is_valid and list(read.t.iterdicts()))
        except ValueError:
            return False


def test_metadata_say_what_each_column_is(release: Release, listed: dict[str, Any]) -> None:
    for each in cubes(listed):
        found = json.loads((release.dumps / "tables" / each["metadata"]).read_bytes())
        assert found["url"] == f"{each['name']}.csv"
        assert found["dc:isPartOf"] == {"@id": each["dataset"]}
        assert {text["@language"] for text in found["dc:title"]} == set(LANGUAGES)
        schema = found["tableSchema"]
        assert schema["primaryKey"] == each["key"]
        all_observations = each["rows"] == each["observations"]
        assert ("aboutUrl" in schema) == all_observations
        for column, told in zip(schema["columns"], each["columns"], strict=True):
            texts = {text["@language"]: text["@value"] for text in column["dc:description"]}
            assert texts == told["texts"]
            assert set(texts) == set(LANGUAGES)
            assert column["name"] == told["name"]
            if told["language"]:
                assert (column["lang"], column["suppressOutput"]) == (told["language"], True)
            # A value of a property is a thing with an IRI, a literal, or not written at all.
            elif "dc:conformsTo" in column:
                assert column["propertyUrl"].startswith(f"{BASE}ontology#")
                assert ("valueUrl" in column) != column.get("suppressOutput", False)


def test_what_the_metadata_make_of_a_row_is_what_the_graph_says(
    release: Release, listed: dict[str, Any]
) -> None:
    """Each IRI and each literal that a converter makes of the documents' tables is in the graph."""
    made = 0
    for each in (listed[name] for name in listed if name.startswith("documents-")):
        found = json.loads((release.dumps / "tables" / each["metadata"]).read_bytes())
        schema = found["tableSchema"]
        _, (header, *rows) = read_both(release.dumps / "tables", each["name"])
        for row in rows:
            cells = dict(zip(header, row, strict=True))
            subject = cells[schema["aboutUrl"].removeprefix("{+").removesuffix("}")]
            stated = {
                (quad.predicate.value, getattr(quad.object, "value", ""))
                for quad in release.store.quads_for_pattern(NamedNode(subject), None, None, None)
            }
            for column in schema["columns"]:
                text = cells[column["name"]]
                if text and "propertyUrl" in column and not column.get("suppressOutput"):
                    variable = f"{{+{column['name']}}}"
                    value = column.get("valueUrl", variable).replace(variable, text)
                    assert (column["propertyUrl"], value) in stated
                    made += 1
    assert made > 500


def test_each_file_is_in_the_manifest_with_its_sum_and_its_licence(
    release: Release, listed: dict[str, Any]
) -> None:
    there = {path.name for path in (release.dumps / "tables").iterdir()}
    files = {
        name.rpartition("/")[2]: file
        for name, file in release.files.items()
        if name.startswith("dumps/tables/")
    }
    assert set(files) == there
    sums = (release.dumps / "SHA256SUMS").read_text().splitlines()
    for name, file in files.items():
        data = (release.dumps / "tables" / name).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        assert (file.bytes, file.sha256) == (len(data), digest)
        assert f"{digest}  tables/{name}" in sums
    entries = {each.name: each for each in release.sources}
    credits_ = (release.dumps / ATTRIBUTION).read_text("utf-8")
    for each in listed.values():
        licences = {OWN.iri, *(entries[name].licence for name in each["sources"])}
        assert set(each["licences"]) == licences
        for name in (each["parquet"], each["csv"], *each["languages"].values()):
            if name:
                assert files[name].sources == tuple(each["sources"])
                assert set(files[name].licences) == licences
                assert all(f"tables/{name}" in credits_ for _ in each["sources"])
    assert [entries[n].kind for n in listed["unhcr-population"]["sources"]] == ["unhcr-population"]
    assert listed["documents-finance"]["sources"] == []
    kinds = {entries[name].kind for name in listed["official"]["sources"]}
    assert kinds == {
        *("iati-tables", "unhcr-asylum-applications", "unhcr-population", "unhcr-solutions"),
        "worldbank-population",
    }


def test_hashtags_are_some_and_filters_are_columns(listed: dict[str, Any]) -> None:
    for each in listed.values():
        tags = {column["name"]: column["tag"] for column in each["columns"]}
        assert all(HASHTAG.fullmatch(tag) for tag in tags.values() if tag)
        assert tags["group" if "group" in tags else "quantity"]
        assert {*each["filters"]} == tags.keys() & read_filters().keys()
    assert "cell_kind" in listed["unhcr-population"]["filters"]
    found = {column["name"]: column["tag"] for column in listed["worldbank-population"]["columns"]}
    assert found["value"] == "#population"
    assert found["country_kk"] == "#country+name+i_kk"
    assert found["row"] == "#meta+row"


def test_the_list_is_what_the_serving_side_reads(release: Release, listed: dict[str, Any]) -> None:
    read = find_tables(release.dumps)
    assert set(read.files) == set(listed)
    for name, each in read.files.items():
        assert each.rows == listed[name]["rows"]


def rewrite(release: Release, left_out: Path, folder: Path) -> dict[str, bytes]:
    """The files of the tables, written once more, with one file of left out cells."""
    (folder / "dumps").mkdir(parents=True)
    shutil.copy(release.path / COLUMNS, folder)
    entry = next(each for each in release.sources if each.kind == "unhcr-population")
    path = folder / "graph.nq"
    path.write_bytes(
        f"<x:> <http://purl.org/linked-data/cube#dataSet> <{BASE}id/dataset/unhcr-population> "
        f"<{GRAPH}{entry.name}> .\n".encode()
    )
    contents = Contents(Content([]), [SourceGraph(entry, path, left_out)], streamed=True)
    write_cube_tables(contents, release.version, folder)
    assert {each.name for each in folder.iterdir()} == {"dumps", "graph.nq", COLUMNS}
    return {path.name: path.read_bytes() for path in (folder / "dumps" / "tables").iterdir()}


def test_the_same_content_gives_the_same_bytes(release: Release, tmp_path: Path) -> None:
    """And of a large table the CSV is there compressed alone, with the same rows."""
    writer = LeftOutWriter(tmp_path / "left.csv.gz")
    properties = (f"{BASE}ontology#year", "http://purl.org/linked-data/cube#dataSet")
    for row in range(2, 3_000):
        kind: LeftOutKind = "zero" if row % 3 else "empty"
        objects = f"{1950 + row % 70},id/dataset/unhcr-population"
        writer.add(row, properties, [(kind, objects)])
    left_out = writer.finish()
    assert left_out is not None
    with patch("kzgraph.cubes.table_files.LARGE", 1_000):
        first = rewrite(release, left_out, tmp_path / "first")
        again = rewrite(release, left_out, tmp_path / "again")
    assert first == again
    assert "unhcr-population.csv" not in first
    stored, plain = read_both(tmp_path / "first" / "dumps" / "tables", "unhcr-population")
    assert stored == plain
    assert len(plain) > 3_000
    assert "unhcr-solutions.csv" in first


def test_a_superseded_vintage_is_in_no_table(tmp_path: Path) -> None:
    release = make_release(tmp_path)
    listed = json.loads((release.dumps / "tables" / "tables.json").read_bytes())["tables"]
    assert release.superseded
    assert not [each for each in listed if set(each["sources"]) & set(release.superseded)]
    release.verify()


def test_a_disk_that_fails_while_a_large_table_is_compressed_is_told(
    release: Release, tmp_path: Path
) -> None:
    """DuckDB writes into a pipe: neither end waits for the other when that has failed."""
    (tmp_path / "unhcr-population.csv.gz").touch()
    with (
        patch("kzgraph.cubes.table_files.LARGE", 100),
        open_graph(release.path / COLUMNS, tmp_path) as database,
    ):
        properties = Properties(database)
        make_cells(database, properties, [])
        codes = read_codes(database, properties)
        [cube] = (
            each for each in read_cubes(database, properties) if each.name == "unhcr-population"
        )
        with pytest.raises(FileExistsError):
            write_cube(database, codes, cube, tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".gz", ".parquet"}
