"""HXL and CSVW over HTTP: parameters, negotiation, links, caches."""

import asyncio
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from front_client import FrontClient
from kzgraph.problem import Problem
from kzgraph.sparql.job import TABLE_METADATA, Job
from kzgraph_server.engine.remote import RemoteEngine
from kzgraph_server.engine.wire import Decoder, job_frame, read_job
from kzgraph_server.front.protocol import QueryRequest
from kzgraph_server.front.query_links import make_link, metadata_link, next_link
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease, small

__all__ = ["small"]

QUERY = "SELECT ?c ?y { ?c a schema:Country OPTIONAL { ?c kzg:year ?y } }"
FIRST = b"c,y\r\n#country+id,#date+year\r\n"


def test_the_cache_tells_tables_with_hashtags_apart(small: FrontClient) -> None:
    address = {"query": QUERY, "format": "csv"}
    for _ in range(2):
        plain = small.get("/sparql", query_string=address)
        tagged = small.get("/sparql", query_string={**address, "hxl": ""})
        assert tagged.data.startswith(FIRST)
        assert plain.data.splitlines()[1:] == tagged.data.splitlines()[2:]
        assert plain.headers["ETag"] != tagged.headers["ETag"]
    posted = small.post("/sparql", data={**address, "hxl": "1"})
    assert posted.data == tagged.data
    head = small.head("/sparql", query_string={**address, "hxl": "true"})
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(tagged.data))


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        ("*/*", 200, "text/csv"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200, "text/csv"),
        ("text/tab-separated-values", 200, "text/tab-separated-values"),
        ("application/sparql-results+json, text/csv;q=0.1", 200, "text/csv"),
        ("application/sparql-results+json", 406, "application/problem+json"),
        ("image/png", 406, "application/problem+json"),
    ],
)
def test_a_format_with_room_for_hashtags_is_negotiated(
    accept: str, status: int, media_type: str, small: FrontClient
) -> None:
    found = small.get(
        "/sparql", query_string={"query": QUERY, "hxl": "true"}, headers={"Accept": accept}
    )
    assert (found.status_code, found.mimetype) == (status, media_type)


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({"format": "json", "hxl": ""}, 406, "with hashtags"),
        ({"format": "csv", "hxl": "yes please"}, 400, "hxl='yes please' is neither true nor"),
        ({"format": "none", "csvw": ""}, 406, "There is no table in the format 'none'"),
        ({"format": "csv", "csvw": "2"}, 400, "csvw='2' is neither true nor"),
        ({"query": "ASK {}", "hxl": ""}, 400, "HXL hashtags are for the table"),
        ({"query": "ASK {}", "csvw": ""}, 400, "CSVW metadata are of the table"),
    ],
)
def test_what_makes_no_sense_is_refused(
    parameters: dict[str, str], status: int, words: str, small: FrontClient
) -> None:
    found = small.get("/sparql", query_string={"query": QUERY, **parameters})
    assert (found.status_code, words in found.get_json(force=True)["detail"]) == (status, True)


@pytest.mark.parametrize("hxl", [{}, {"hxl": "true"}], ids=["plain", "hxl"])
def test_a_table_links_to_what_its_columns_mean(hxl: dict[str, str], small: FrontClient) -> None:
    table = small.get("/sparql", query_string={"query": QUERY, "format": "csv", **hxl})
    links = ", ".join(table.headers.getlist("Link"))
    found = re.search(r'<([^>]+)>; rel="describedby"; type="application/csvm\+json"', links)
    assert found
    described = small.get(found[1])
    assert described.mimetype == "application/csvm+json"
    assert "kzgraph-result-metadata.json" in described.headers["Content-Disposition"]
    content = json.loads(described.data)
    assert [each["name"] for each in content["tableSchema"]["columns"]] == ["c", "y"]
    # The address of the table, from that of its metadata, is the table.
    assert small.get(f"/sparql{content['url']}").data == table.data
    assert small.get(found[1]).data == described.data, "kept or not, it is the same"


def test_results_that_say_what_terms_are_have_no_such_link(small: FrontClient) -> None:
    found = small.get("/sparql", query_string={"query": QUERY, "format": "json"})
    assert "csvm+json" not in ", ".join(found.headers.getlist("Link"))


def test_a_table_without_rows_is_still_told_why(small: FrontClient) -> None:
    query = "SELECT ?y { ?c a schema:Country ; kzg:year ?y FILTER(?y = 1) }"
    found = small.get("/sparql", query_string={"query": query, "format": "csv", "hxl": ""})
    assert found.data == b"y\r\n#date+year\r\n"
    links = ", ".join(found.headers.getlist("Link"))
    assert 'rel="help"' in links
    assert "csvm+json" in links


def test_each_page_of_a_capped_result_has_its_hashtags(tmp_path: object) -> None:
    client = FrontClient(SmallRelease(tmp_path).load(), Settings(max_rows=1))  # type: ignore[arg-type]
    query = "SELECT ?l { ?c rdfs:label ?l ; a ?class . ?c a schema:Country } ORDER BY ?l"
    page = client.get("/sparql", query_string={"query": query, "format": "csv", "hxl": ""})
    links = ", ".join(page.headers.getlist("Link"))
    following = re.search(r'<([^>]+)>; rel="next"', links)
    assert page.data.startswith(b"l\r\n#country+name\r\n")
    if following:
        assert client.get(following[1]).data.startswith(b"l\r\n#country+name\r\n")


@pytest.mark.parametrize("text", ["é>;\r\n", "<x>", 'a"b', "\ud800"])
def test_addresses_are_safe_in_a_header_and_bounded(text: str) -> None:
    job = Job(text, (text,), (), ("csv",), 1, max_rows=10, offset=5, hxl=True)
    asked = QueryRequest(text, format=text)
    every = (
        next_link(job, "", asked),
        metadata_link(job, "", asked, "csv"),
        make_link(job, "/sparql", 'rel="help"'),
    )
    for link in every:
        assert link
        assert re.fullmatch(r"</sparql\?[A-Za-z0-9%&=+._~-]*>; [ -~]+", link)
    assert parse_qs(urlsplit((every[0] or "")[1:].partition(">")[0]).query)["offset"] == ["15"]
    long = Job("x" * 5000, (), (), ("csv",), 1)
    assert metadata_link(long, "", asked, "csv") is None


@pytest.mark.parametrize("job", [{"hxl": True}, {"offers": (TABLE_METADATA, "csv")}], ids=str)
def test_another_engine_says_that_it_does_not_know_what_columns_mean(job: dict[str, Any]) -> None:
    asked = replace(Job(QUERY, (), (), ("csv",), 1), **job)
    engine = RemoteEngine(Settings(engine="http://127.0.0.1:1/"), ())
    with pytest.raises(Problem, match="without hxl and csvw"):
        asyncio.run(engine.ask(asked, "client"))


def test_a_job_keeps_its_hashtags_on_the_way_to_a_worker() -> None:
    job = Job(QUERY, (), ("urn:g",), ("csv",), 1, max_rows=3, offset=2, hxl=True)
    (sent,) = Decoder().feed(job_frame(job))
    assert read_job(sent[1]) == job


@pytest.mark.parametrize(
    ("query", "linked"),
    [
        (QUERY, True),
        ("SELECT * { ?c a schema:Country ; kzg:year ?y }", True),
        ("SELECT ?x { BIND('#adm1' AS ?x) }", False),
        ("ASK { ?c kzg:year ?y }", False),
        ("CONSTRUCT WHERE { ?c kzg:year ?y }", False),
    ],
)
def test_the_page_of_a_result_links_to_its_table_with_hashtags(
    query: str, linked: bool, small: FrontClient
) -> None:
    page = small.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    found = re.search(r'href="([^"]+format=csv&amp;hxl=true)"', page.get_data(as_text=True))
    assert bool(found) == linked
    if found:
        assert b"\r\n#" in small.get(found[1].replace("&amp;", "&")).data
