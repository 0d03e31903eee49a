"""The description for HDX: what its API requires, and nothing that a release does not say."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from pyoxigraph import Store

from built_graph import built_quads
from kzgraph.cli import cli
from kzgraph.release import find_current
from kzgraph.release.hdx import TABLES, describe_for_hdx
from kzgraph.sparql.evaluation import evaluate
from kzgraph.sparql.job import Job
from licensed_release import ENTRY, PDDL

#: What HDX's library requires of a data set, and of each of its resources:
#: https://github.com/OCHA-DAP/hdx-python-api (hdx_base_configuration.yaml)
REQUIRED = frozenset(
    ("name", "private", "title", "notes", "dataset_source", "owner_org", "maintainer",
     "dataset_date", "data_update_frequency", "groups", "license_id", "methodology", "tags")
)  # fmt: skip
OF_RESOURCE = {"name", "format", "description", "url_type", "resource_type", "url"}
#: Of the tags that HDX accepts, and of its formats and licences.
TAGS = frozenset(
    ("asylum seekers", "forced displacement", "funding", "hxl", "refugees", "stateless persons",
     "international aid transparency initiative-iati")
)  # fmt: skip
FORMATS = frozenset(("CSV", "XLSX", "RDF", "JSON", "GZ", "TXT", "SPARQL"))
LICENCES = frozenset(("cc-by", "cc-by-igo", "hdx-pddl", "hdx-odc-by", "hdx-multi"))


def check(package: dict[str, Any]) -> None:
    """Check a package against the rules of HDX."""
    assert package.keys() >= REQUIRED
    assert re.fullmatch(r"[a-z0-9_-]{2,100}", package["name"])
    assert package["private"] is False
    assert all(package[name] for name in REQUIRED - {"private"}), "each has something to say"
    moment = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
    assert re.fullmatch(rf"\[{moment} TO {moment}\]", package["dataset_date"])
    assert package["data_update_frequency"] in {"-2", "-1", "0", "1", "7", "30", "90", "180", "365"}
    assert package["license_id"] in LICENCES
    assert (package["license_id"] == "hdx-multi") == ("license_other" in package)
    assert package["methodology"] == "Other"
    assert package["methodology_other"]
    assert "subnational" not in package, "a release does not say how far down its figures go"
    assert all(re.fullmatch("[a-z]{3}|world", each["name"]) for each in package["groups"])
    assert {each["name"] for each in package["tags"]} <= TAGS
    assert all(re.fullmatch("[0-9a-f-]{36}", each["vocabulary_id"]) for each in package["tags"])
    assert package["resources"]
    for each in package["resources"]:
        assert each.keys() == OF_RESOURCE
        assert each["format"] in FORMATS
        assert urlsplit(each["url"]).scheme in ("http", "https")


def test_the_command_gives_what_the_api_takes(release_root: Path) -> None:
    command = ["hdx", "--releases", str(release_root), "--maintainer", "jane"]
    found = CliRunner().invoke(
        cli, [*command, "--organization", "an-office", "--url", "https://data.example.org"]
    )
    package = json.loads(found.stdout)
    check(package)
    assert (package["owner_org"], package["maintainer"]) == ("an-office", "jane")
    assert all(each["url"].startswith("https://data.example.org/") for each in package["resources"])
    assert {"name": "kaz"} in package["groups"]
    missing = CliRunner().invoke(cli, command)
    assert missing.exit_code == 2
    assert "--organization" in missing.output
    empty = CliRunner().invoke(cli, [*command, "--organization", " "])
    assert (empty.exit_code, "it is empty" in empty.output) == (2, True)


def test_a_release_has_it_without_what_only_an_operator_knows(release_root: Path) -> None:
    release = find_current(release_root)
    package = json.loads((release.dumps / "hdx.json").read_bytes())
    assert not package.keys() & {"owner_org", "maintainer"}
    check({**package, "owner_org": "an-office", "maintainer": "jane"})
    named = {file.name for file in release.files.values()}
    for each in package["resources"]:
        path = urlsplit(each["url"]).path.partition(f"releases/{release.version}/")[2]
        assert path == "sparql" or path.removeprefix("dumps/") in named


def test_sources_are_named_with_their_licences(release_root: Path) -> None:
    numbers = find_current(release_root).statistics
    wide = replace(ENTRY, years=(1999, 2031), kind="iati-tables")
    package = describe_for_hdx("0.1-x", numbers, [wide, replace(wide, current=False)], [])
    assert package["dataset_source"] == "UNHCR; The inventor"
    assert package["dataset_date"] == "[1999-01-01T00:00:00 TO 2031-12-31T23:59:59]"
    assert package["license_id"] == "hdx-multi", "no one licence is said of both"
    assert PDDL in package["license_other"]
    assert "international aid transparency initiative-iati" in {e["name"] for e in package["tags"]}


@pytest.mark.parametrize("of", TABLES)
def test_tables_that_are_offered_have_hashtags_in_every_column(of: str) -> None:
    store, out = Store(), io.BytesIO()
    store.extend(built_quads())
    evaluate(Job(TABLES[of][1], (), (), ("csv",), 30, hxl=True), store, 100).write(out)
    lines = out.getvalue().decode().splitlines()
    assert lines[:2] == [
        "country,iso3,year,group,persons",
        "#country+name+i_en,#country+code+v_iso3,#date+year,#beneficiary+name+i_en,#affected",
    ]
    if of == "HeadlineFigure":
        assert len(lines) > 5
        assert all(line.count(",") >= 4 for line in lines)


def test_an_address_of_a_table_is_its_query(release_root: Path) -> None:
    package = json.loads((find_current(release_root).dumps / "hdx.json").read_bytes())
    table, links, *cubes = [each for each in package["resources"] if each["format"] == "CSV"]
    assert links["url"].endswith("/dumps/links.hxl.csv")
    asked = parse_qs(urlsplit(table["url"]).query)
    assert asked == {"query": [TABLES["HeadlineFigure"][1]], "format": ["csv"], "hxl": ["true"]}
    assert [each["url"].rpartition("/dumps/")[2] for each in cubes] == [
        f"tables/documents-{of}.csv" for of in ("finance", "indicators", "population")
    ]
    assert "documents-finance.csv-metadata.json says" in cubes[0]["description"]
