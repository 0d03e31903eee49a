"""Every refusal has its status, its reason, and one shape."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from front_client import FrontClient
from server_fixtures import small

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


def test_predeclared_prefixes_do_not_shift_the_place(small: FrontClient) -> None:
    found = problem(ask(small, "SELECT * { ?s kzg:value 1 . ?s ?p }"))
    assert (found["line"], found["column"], found["near"]) == (1, 35, "}")


def test_the_fault_of_a_query_that_names_a_variable_too_much_is_said(small: FrontClient) -> None:
    found = problem(ask(small, "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?p"))
    assert "?s is neither grouped by nor in an aggregate" in found["detail"]
    assert (found["line"], found["column"]) == (1, 8)


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
