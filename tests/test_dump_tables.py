"""The tables among the dumps: hashtags in the second line, and metadata that are right."""

import csv
import io
import json
import re
import warnings
from pathlib import Path
from typing import Any

import csvw
import hxl
import pytest

from built_graph import built_with_sources
from front_client import FrontClient
from kzgraph.licences import OWN
from kzgraph.rdf.content import Content
from kzgraph.release.concordance_table import FILES, TABLE, concordance_files
from kzgraph.release.dump_tables import (
    DumpTable,
    TableColumn,
    TableFile,
    metadata_name,
    tagged_name,
    write_table,
    write_tagged,
)
from kzgraph.release.mapping_set import MAPPING_SET, mapping_files
from licensed_release import ENTRY, PDDL
from test_hxl import HASHTAG

TABLES = (TABLE, MAPPING_SET)
#: What could be taken for something else.
ODD = ('#adm1+x, "quoted"', "two\nlines", "a\ttab", "#meta", " blank ", "", "Қазақстан")


def odd_table() -> DumpTable:
    columns = [
        TableColumn("text", "Anything.", "#description"),
        TableColumn("n", "A number.", "#indicator+value+num", "decimal"),
        TableColumn("several", "Things.", "#meta+id+list", separator=" "),
    ]
    rows = [[text, "1.5" if text else "", "a b"] for text in ODD]
    return DumpTable("odd.csv", "Odd", "Odd things.", columns, rows, [ENTRY])


@pytest.fixture(scope="module")
def files() -> dict[str, TableFile]:
    quads = list(built_with_sources())
    odd = odd_table()
    every = [
        *concordance_files(quads, ()),
        *mapping_files(Content(quads), "0.1-x"),
        *write_table(odd),
        *write_tagged(odd),
    ]
    return {each.name: each for each in every}


VARIANTS = [each for name in (*TABLES, "odd.csv") for each in (name, tagged_name(name))]


@pytest.mark.parametrize("name", VARIANTS)
def test_a_table_is_valid_by_its_metadata(
    name: str, files: dict[str, TableFile], tmp_path: Path
) -> None:
    for each in (name, metadata_name(name)):
        (tmp_path / each).write_bytes(files[each].data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = csvw.CSVW(str(tmp_path / metadata_name(name)), validate=True)
    assert read.is_valid, read.warnings
    rows = list(read.t.iterdicts())
    assert len(rows) > 5
    assert files[metadata_name(name)].media_type == "application/csvm+json"
    described = json.loads(files[metadata_name(name)].data)["tableSchema"]["columns"]
    assert [each["name"] for each in described] == list(rows[0])
    assert all(each["dc:description"]["en"] for each in described), "each column has its meaning"


@pytest.mark.parametrize("name", (*TABLES, "odd.csv"))
def test_the_second_line_has_hashtags_and_the_rows_are_the_same(
    name: str, files: dict[str, TableFile]
) -> None:
    rows = list(csv.reader(io.StringIO(files[tagged_name(name)].data.decode(), newline="")))
    assert all(HASHTAG.fullmatch(tag) for tag in rows[1]), rows[1]
    source = hxl.data(rows)
    assert source.headers == rows[0]
    assert [[*row.values] for row in source] == rows[2:]
    problems: list[Any] = []
    hxl.schema(callback=problems.append).validate(hxl.data(rows))
    # Outliers and blanks are pointed out, too.
    assert not [each for each in problems if each.rule.severity == "error"], problems
    if name.endswith(".csv"):
        plain = list(csv.reader(io.StringIO(files[name].data.decode(), newline="")))
        assert plain == [rows[0], *rows[2:]]


def test_links_have_whole_iris_where_no_prefix_is_declared(files: dict[str, TableFile]) -> None:
    lines = files[tagged_name(MAPPING_SET)].data.decode().splitlines()
    comment = re.compile("#(?!meta)")
    assert not any(comment.match(line) for line in lines)
    for row in csv.DictReader([lines[0], *lines[2:]]):
        for slot in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
            assert re.match("https?://", row[slot]), row
    short = files[MAPPING_SET].data.decode().split("\nsubject_id")[1].splitlines()[1:]
    assert len(short) == len(lines) - 2


def test_metadata_claim_no_licence_that_is_not_that_of_all(files: dict[str, TableFile]) -> None:
    found = json.loads(files[metadata_name("odd.csv")].data)
    assert found["dc:license"] == {"@id": "ATTRIBUTION.txt"}
    (source,) = found["dc:source"]
    assert (source["dc:license"], source["schema:creditText"]) == ({"@id": PDDL}, "The inventor")
    assert json.loads(files[metadata_name(TABLE)].data)["dc:license"] == {"@id": OWN.iri}


def test_the_names_of_the_files_of_the_concordance_are_known(files: dict[str, TableFile]) -> None:
    assert {name for name in files if name.startswith("concordance.")} == FILES


@pytest.fixture(scope="module")
def client(release_root: Path) -> FrontClient:
    return FrontClient(release_root / "current")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?hxl", "links.hxl.csv"),
        ("?hxl=1", "links.hxl.csv"),
        ("?hxl=false", MAPPING_SET),
        ("?hxl=0&csvw=0", MAPPING_SET),
        ("?csvw", f"{MAPPING_SET}-metadata.json"),
        ("?csvw&hxl", "links.hxl.csv-metadata.json"),
    ],
)
def test_a_variant_is_asked_for_as_of_a_result(
    query: str, name: str, client: FrontClient, release_root: Path
) -> None:
    found = client.get(f"/dumps/{MAPPING_SET}{query}")
    assert found.status_code == 200
    assert found.data == (release_root / "current" / "dumps" / name).read_bytes()
    assert f'filename="{name}"' in found.headers["Content-Disposition"]
    described = re.findall(r"<([^>]*)>[^<]*csvm", ", ".join(found.headers.getlist("Link")))
    if "csvw" in query and "csvw=0" not in query:
        assert found.mimetype == "application/csvm+json"
    else:
        assert described == [f"/dumps/{name}-metadata.json"]
        assert client.get(described[0]).get_json(force=True)["url"] == name


def test_what_has_no_variant_is_refused(client: FrontClient) -> None:
    for address in ("/dumps/kzgraph.ttl?hxl", "/dumps/links.sssom.tsv?hxl=perhaps"):
        assert client.get(address).status_code == 400
    assert client.get("/dumps/nothing.csv?hxl").status_code == 404


def test_the_list_of_downloads_says_what_each_table_is(
    client: FrontClient, release_root: Path
) -> None:
    page = client.get("/dumps/", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "links.sssom.tsv with HXL hashtags" in page
    listed = json.loads((release_root / "current/dumps/tables/tables.json").read_bytes())["tables"]
    assert page.count("What the columns of ") == 2 + len(listed) > 2
    assert all(each["titles"]["en"] in page and each["parquet"] in page for each in listed)
