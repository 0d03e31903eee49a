"""Settings reach what they set, in a server started with them."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from running import Server, free_port
from server_fixtures import SERVE, call

LISTED = "http://127.0.0.1:9/sparql"


@pytest.fixture(scope="module")
def server(release_root: Path) -> Iterator[str]:
    environment = {
        **os.environ,
        "KZGRAPH_ACCESS_LOG": "off",
        "KZGRAPH_MAX_ROWS": "2",
        "KZGRAPH_SERVICE_ALLOW": LISTED,
    }
    with Server([*SERVE, str(release_root)], free_port(), env=environment) as started:
        yield started.url


def test_a_capped_result_says_so_and_links_to_the_next_page(server: str) -> None:
    query = "SELECT ?pledge { ?pledge a kzg:Pledge } ORDER BY ?pledge"
    address: str | None = f"{server}/sparql?{urlencode({'query': query, 'format': 'json'})}"
    pages = []
    while address:
        answer = call(address)
        rows = json.loads(answer.body)["results"]["bindings"]
        pages.append([row["pledge"]["value"] for row in rows])
        assert answer.headers["Kzgraph-Row-Limit"] == "2"
        links = answer.headers.get_all("Link") or []
        following = [re.match(r'<([^>]+)>; rel="next"', link) for link in links]
        address = next((server + found[1] for found in following if found), None)
        assert (answer.headers["Kzgraph-More-Rows"] == "true") == (address is not None)
    assert [len(page) for page in pages] == [2, 2]
    assert len({row for page in pages for row in page}) == 4


def test_a_service_that_is_not_listed_is_refused(server: str) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:9/other> { ?s ?p ?o } }"
    answer = call(f"{server}/sparql?query={quote(query)}")
    assert answer.status == 400
    assert b"127.0.0.1:9/other" in answer.body


def test_a_listed_service_at_a_private_address_is_refused_all_the_same(server: str) -> None:
    query = f"SELECT * {{ SERVICE <{LISTED}> {{ ?s ?p ?o }} }}"
    answer = call(f"{server}/sparql?query={quote(query)}")
    assert answer.status == 403
    assert b"127.0.0.1" in answer.body


def test_the_description_says_that_other_services_can_be_called(server: str) -> None:
    described = call(f"{server}/sparql", "application/n-triples").body
    assert b"http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery" in described
