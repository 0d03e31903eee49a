"""`official` from its file and from its query: the same answer, whatever is chosen of it."""

import json
from pathlib import Path

import pytest

from front_client import FrontClient
from kzgraph.tidy.file_tables import ReleaseTables
from kzgraph.tidy.table_templates import read_tables
from kzgraph_server.release_tables import open_tables

#: What is chosen, so that each filter, each way of giving it, and each language is there.
CHOSEN = (
    "",
    "lang=ru",
    "lang=kk&headline=false",
    "country=KAZ",
    "country=kaz,UZB&year=2014-2018&lang=ru",
    "year=2018&year=2020",
    "group=REF",
    "group=REF,STA&quantity=stock&headline=true",
    "origin=AFG&dataset=unhcr-population",
    "scope=country/KGZ",
    "quantity=stock&group=REF&hxl=true",
    "hxl=true",
    "country=FRA",
)


@pytest.fixture(scope="module")
def both(shipped_root: Path) -> tuple[FrontClient, FrontClient]:
    """A client of the release, and one of the same as if it had no files of tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("front_client.open_tables", lambda _: ReleaseTables(read_tables()))
        queried = FrontClient(shipped_root / "current")
    read = FrontClient(shipped_root / "current")
    assert "official" in open_tables(read.release).files
    return read, queried


@pytest.mark.parametrize("chosen", CHOSEN)
def test_file_and_query_have_the_same_rows(
    both: tuple[FrontClient, FrontClient], chosen: str
) -> None:
    read, asked = (client.get(f"/tables/official.csv?{chosen}") for client in both)
    assert (read.status_code, asked.status_code) == (200, 200)
    assert read.data == asked.data
    assert read.headers.getlist("Link") == asked.headers.getlist("Link")


def test_file_and_query_have_the_same_terms(both: tuple[FrontClient, FrontClient]) -> None:
    read, asked = (
        json.loads(client.get("/tables/official.json?year=2015-2018&lang=ru").data)
        for client in both
    )
    assert read["head"] == asked["head"]
    assert len(read["results"]["bindings"]) > 100
    assert read["results"] == asked["results"]


@pytest.mark.parametrize("refused", ["country=Kazakstan", "contry=KAZ", "year=x", "lang=de"])
def test_file_and_query_refuse_in_the_same_words(
    both: tuple[FrontClient, FrontClient], refused: str
) -> None:
    read, asked = (client.get(f"/tables/official.csv?{refused}") for client in both)
    assert (read.status_code, read.data) == (400, asked.data)


def test_what_columns_mean_is_told_alike(both: tuple[FrontClient, FrontClient]) -> None:
    read, asked = (client.get("/tables/official.csv?country=KAZ&csvw") for client in both)
    assert read.data == asked.data
