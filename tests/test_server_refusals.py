"""Every refusal has its status, its reason, and one shape."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from front_client import FrontClient
from kzgraph_server import Settings
from server_fixtures import SmallRelease, small

__all__ = ["small"]

FORM = "application/x-www-form-urlencoded"


def ask(client: FrontClient, query: str, **headers: str) -> TestResponse:
    return client.get("/sparql?" + urlencode({"query": query}), headers=headers)


def problem(response: TestResponse) -> dict[str, Any]:
    assert response.mimetype == "application/problem+json"
    document: dict[str, Any] = json.loads(response.data)
    assert document["status"] == response.status_code
    assert document["type"] == "about:blank"
    assert document["title"]
    assert document["detail"]
    return document


@pytest.mark.parametrize(
    ("query", "line", "column", "near"),
    [
        ("SELECT * {\n  ?s ?p\n}", 3, 1, "}"),
        ("SELECT * { ?s ?p ?o", 1, 20, ""),
        ("SELECT * {\n ?s ?p ]\n ?o }", 2, 8, "] ?o }"),
        ("SELEKT * { ?s ?p ?o }", 1, 1, "SELEKT * { ?s ?p ?o }"),
        ("SELECT * {\n ?s no:such ?o }", 2, 5, "no:such ?o }"),
        ("SELECT ?ж WHERE {\n  ?ж 'каз' no:such }", 2, 12, "no:such }"),
        ("SELECT * { ?s ?p 'open\n }", 1, 18, "'open }"),
        ("SELECT * {\n\n SERVICE <http://x> {} }", 3, 2, "SERVICE <http://x> {} }"),
        ("INSERT DATA { <a:b> <a:b> 1 }", 1, 1, "INSERT DATA { <a:b> <a:b> 1 }"),
        ("SELECT ?s ?x { ?s ?p ?o } GROUP BY ?s HAVING(?x > 1) ORDER", 1, None, None),
    ],
)
def test_a_bad_query_is_answered_with_the_place(
    small: FrontClient, query: str, line: int, column: int | None, near: str | None
) -> None:
    response = ask(small, query)
    assert response.status_code == 400
    found = problem(response)
    assert found["line"] == line
    assert f"line {line}, column {found['column']}" in found["detail"]
    if column is not None:
        assert (found["column"], found["near"]) == (column, near)


def test_predeclared_prefixes_do_not_shift_the_place(small: FrontClient) -> None:
    found = problem(ask(small, "SELECT * { ?s kzg:value 1 . ?s ?p }"))
    assert (found["line"], found["column"], found["near"]) == (1, 35, "}")


def test_a_prefix_that_the_query_declares_wins(small: FrontClient) -> None:
    query = "PREFIX kzg: <http://example.org/> SELECT (kzg:x AS ?x) {}"
    assert b"http://example.org/x" in ask(small, query).data


def test_the_fault_of_a_query_that_names_a_variable_too_much_is_said(small: FrontClient) -> None:
    found = problem(ask(small, "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?p"))
    assert "?s is neither grouped by nor in an aggregate" in found["detail"]
    assert (found["line"], found["column"]) == (1, 8)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/sparql?format=csv", "missing"),
        ("/sparql?default-graph-uri=http://x", "missing"),
        ("/sparql?query=", "empty"),
        ("/sparql?query=%20%0A", "empty"),
        ("/sparql?query=ASK{}&query=ASK{}", "more than once"),
        ("/sparql?query=ASK{}&default-graph-uri=relative", "not an absolute IRI"),
        ("/sparql?query=ASK{}&named-graph-uri=http://a%20b", "not an absolute IRI"),
        ("/sparql?query=%FF", "UTF-8"),
        ("/sparql?update=DROP%20ALL", "read-only"),
        ("/sparql?query=ASK{}" + "&a=b" * 2000, "parameters"),
        ("/sparql?query=SELECT(%3Chttp://x/f%3E(1)AS%3Fx){}", "cannot be evaluated"),
    ],
)
def test_a_bad_request_is_400(small: FrontClient, path: str, reason: str) -> None:
    response = small.get(path)
    assert response.status_code == 400
    assert reason in problem(response)["detail"]


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"query=ASK%7B%7D", FORM, 200),
        (b"ASK{}", "application/sparql-query", 200),
        (b"ASK{}", "application/sparql-query; charset=utf-8", 200),
        (b"", FORM, 400),
        (b"query=ASK{}&query=ASK{}", FORM, 400),
        (b"update=DROP+ALL", FORM, 400),
        (b"", "application/sparql-query", 400),
        (b"\xff\xfe", "application/sparql-query", 400),
        (b"DROP ALL", "application/sparql-update", 400),
        (b"DROP ALL", "application/sparql-query", 400),
        (b"ASK{}", "application/sparql-query; charset=koi8-r", 415),
        (b"ASK{}", "text/plain", 415),
        (b"{}", "application/json", 415),
        (b"ASK{}", None, 415),
        (b"query=" + b"A" * 2_000_000, FORM, 413),
        (b"A" * 2_000_000, "application/sparql-query", 413),
    ],
)
def test_post_bodies(small: FrontClient, body: bytes, media_type: str | None, status: int) -> None:
    response = small.post("/sparql", data=body, content_type=media_type)
    assert response.status_code == status
    if status != 200:
        problem(response)
    if status == 415 and media_type != "application/sparql-query; charset=koi8-r":
        assert "application/sparql-query" in response.headers["Accept-Post"]


def test_a_query_in_body_and_address_is_given_twice(small: FrontClient) -> None:
    response = small.post("/sparql?query=ASK{}", data="ASK{}",
                          content_type="application/sparql-query")  # fmt: skip
    assert response.status_code == 400


def test_the_limit_on_length_is_a_setting(tmp_path: Any) -> None:
    client = FrontClient(SmallRelease(tmp_path).load(), Settings(max_query_bytes=50))
    long = "ASK{}" + " " * 60
    assert client.get("/sparql?query=ASK{}").status_code == 200
    assert client.get("/sparql?" + urlencode({"query": long})).status_code == 414
    assert client.post("/sparql", data={"query": long}).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/sparql", "/", "/dumps/", "/ontology", "/id/thing/one"])
def test_other_methods_are_405_with_allow(small: FrontClient, method: str, path: str) -> None:
    response = small.open(path, method=method)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    problem(response)


@pytest.mark.parametrize(
    ("query", "accept", "available"),
    [
        ("ASK{}", "image/png", "application/sparql-results+json"),
        ("SELECT*{}", "text/turtle", "text/csv"),
        ("CONSTRUCT{}{}", "text/csv", "text/turtle"),
        ("CONSTRUCT{}{}", "application/sparql-results+json", "application/ld+json"),
    ],
)
def test_406_lists_what_can_be_had(
    small: FrontClient, query: str, accept: str, available: str
) -> None:
    response = ask(small, query, Accept=accept)
    assert response.status_code == 406
    assert available in [each["mediaType"] for each in problem(response)["available"]]


def test_format_overrides_accept_and_is_held_to_the_same_list(small: FrontClient) -> None:
    address = "/sparql?query=SELECT*{}&format="
    assert small.get(address + "csv", headers={"Accept": "image/png"}).mimetype == "text/csv"
    assert small.get(address + "ttl").status_code == 406
    assert small.get(address + "nonsense").status_code == 406


def test_what_xml_cannot_hold_is_said_and_not_sent(small: FrontClient) -> None:
    odd = "kzr:thing\\/odd"
    select = f"SELECT ?v {{ {odd} kzg:value ?v }}"
    assert ask(small, select, Accept="application/sparql-results+xml").status_code == 406
    assert ask(small, f"DESCRIBE {odd}", Accept="application/rdf+xml").status_code == 406
    assert ask(small, f"DESCRIBE {odd}", Accept="text/turtle").status_code == 200
    line = f'SELECT ?v {{ {odd} kzg:value ?v FILTER(STRSTARTS(?v, "line")) }}'
    assert b"line&#13;line" in ask(small, line, Accept="application/sparql-results+xml").data


def test_the_shape_follows_accept(small: FrontClient) -> None:
    text = ask(small, "SELECT", Accept="text/plain")
    assert text.content_type == "text/plain; charset=utf-8"
    assert text.text.startswith("Bad Request\n")
    page = ask(small, "SELECT <b>'", Accept="text/html")
    assert page.status_code == 400
    assert 'role="alert"' in page.text
    assert "&lt;b&gt;" in page.text
    assert "<b>" not in page.text
    problem(ask(small, "SELECT", Accept="application/sparql-results+json"))


@pytest.mark.parametrize("path", ["/nothing", "/id/no/such", "/page/x", "/data/x.ttl", "/graph/x",
                                  "/dumps/x", "/data/thing/one.pdf"])  # fmt: skip
def test_what_is_not_there_is_404_in_the_same_shape(small: FrontClient, path: str) -> None:
    folder = small.release.path / "dumps"
    folder.mkdir(exist_ok=True)
    (folder / "SHA256SUMS").touch()
    response = small.get(path)
    assert response.status_code == 404
    problem(response)


def test_an_unexpected_fault_says_nothing_of_the_inside(
    small: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr("kzgraph_server.front.queries.parse_request", broken)
    response = ask(small, "ASK{}")
    assert response.status_code == 500
    assert "secret" not in response.text
    problem(response)
