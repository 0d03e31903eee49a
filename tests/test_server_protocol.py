"""The SPARQL 1.1 Protocol, spoken to the built release on a real port."""

import csv
import io
import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, parse_query_results
from SPARQLWrapper import CSV, JSON, JSONLD, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from server_fixtures import ask, call, url

__all__ = ["url"]

STATELESS = """
SELECT ?value ?label WHERE {
  kzr:figure\\/global-focus-2018\\/stateless-2018 kzg:value ?value ; rdfs:label ?label
}
"""
SELECT = "SELECT ?s ?label { ?s a kzg:PopulationFigure ; rdfs:label ?label } ORDER BY ?s LIMIT 7"
CONSTRUCT = "CONSTRUCT { ?s rdfs:label ?l } { ?s a kzg:Operation ; rdfs:label ?l }"
JSON_TYPE = "application/sparql-results+json"


def count(body: bytes) -> int:
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def test_sparqlwrapper_reads_a_select_in_every_format(url: str) -> None:
    wrapper = SPARQLWrapper(f"{url}/sparql")
    wrapper.setQuery(SELECT)
    wrapper.setReturnFormat(JSON)
    found = wrapper.queryAndConvert()["results"]["bindings"]
    assert len(found) == 7
    first = found[0]["s"]["value"]
    wrapper.setReturnFormat(XML)
    assert first in wrapper.queryAndConvert().toxml()
    for format_ in (CSV, TSV):
        wrapper.setReturnFormat(format_)
        assert first in wrapper.queryAndConvert().decode()


@pytest.mark.parametrize("format_", [TURTLE, RDFXML, JSONLD, XML])
def test_sparqlwrapper_reads_a_construct(url: str, format_: str) -> None:
    wrapper = SPARQLWrapper(f"{url}/sparql")
    wrapper.setQuery(CONSTRUCT)
    wrapper.setReturnFormat(format_)
    answer = wrapper.queryAndConvert()
    if isinstance(answer, bytes):
        answer = rdflib.Graph().parse(data=answer, format="turtle")
    assert len(answer) >= 3


def test_a_query_may_come_by_get_form_or_as_it_is(url: str) -> None:
    form = urlencode({"query": SELECT}).encode()
    answers = [
        ask(url, SELECT, JSON_TYPE),
        call(f"{url}/sparql", JSON_TYPE, "POST", form,
             Content_Type="application/x-www-form-urlencoded"),
        call(f"{url}/sparql", JSON_TYPE, "POST", form,
             Content_Type="application/x-www-form-urlencoded; charset=UTF-8"),
        call(f"{url}/sparql", JSON_TYPE, "POST", SELECT.encode(),
             Content_Type="application/sparql-query"),
    ]  # fmt: skip
    assert [each.status for each in answers] == [200] * 4
    assert len({each.body for each in answers}) == 1
    wrapper = SPARQLWrapper(f"{url}/sparql")
    wrapper.setMethod(POST)
    wrapper.setQuery(STATELESS)
    wrapper.setReturnFormat(JSON)
    [row] = wrapper.queryAndConvert()["results"]["bindings"]
    assert row["value"]["value"] == "87632"


@pytest.mark.parametrize(
    ("accept", "media_type", "format_"),
    [
        (JSON_TYPE, JSON_TYPE, QueryResultsFormat.JSON),
        ("application/json", "application/json", QueryResultsFormat.JSON),
        (None, JSON_TYPE, QueryResultsFormat.JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml",
         QueryResultsFormat.XML),
        ("application/xml", "application/xml", QueryResultsFormat.XML),
        ("text/tab-separated-values", "text/tab-separated-values", QueryResultsFormat.TSV),
    ],
)  # fmt: skip
def test_a_select_in_each_format(
    url: str, accept: str | None, media_type: str, format_: QueryResultsFormat
) -> None:
    reply = ask(url, SELECT, accept)
    assert (reply.status, reply.type) == (200, media_type)
    assert "Accept" in reply.headers["Vary"]
    parsed = parse_query_results(reply.body, format_)
    assert [each.value for each in parsed.variables] == ["s", "label"]  # type: ignore[union-attr]
    assert len(list(parsed)) == 7  # type: ignore[arg-type]


def test_csv_is_as_rfc_4180_has_it(url: str) -> None:
    reply = ask(url, SELECT, "text/csv")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.body.count(b"\r\n") == 8
    rows = list(csv.reader(io.StringIO(reply.body.decode(), newline="")))
    assert rows[0] == ["s", "label"]
    assert rows[1][0].startswith("https://w3id.org/kzgraph/id/figure/")


@pytest.mark.parametrize(
    ("format_", "expected"),
    [("json", '"boolean":true'), ("xml", "<boolean>true</boolean>"), ("csv", "true"),
     ("tsv", "true")],
)  # fmt: skip
def test_an_ask_in_each_format(url: str, format_: str, expected: str) -> None:
    reply = ask(url, "ASK { ?s a kzg:Operation }", format=format_)
    assert reply.status == 200
    assert expected in reply.body.decode().replace(" ", "")


@pytest.mark.parametrize(
    ("accept", "rdflib_format"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        (None, "turtle"),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE kzr:country\\/KAZ"])
def test_a_graph_in_each_format_is_the_same_graph(
    url: str, accept: str | None, rdflib_format: str, query: str
) -> None:
    reply = ask(url, query, accept)
    assert reply.status == 200
    assert reply.type == (accept or "text/turtle")
    graph = rdflib.Graph().parse(data=reply.body, format=rdflib_format)
    reference = rdflib.Graph().parse(
        data=ask(url, query, "application/n-triples").body, format="nt"
    )
    assert len(graph) > 2
    assert set(graph) == set(reference)


def test_turtle_has_the_prefixes_of_the_project(url: str) -> None:
    text = ask(url, "CONSTRUCT { ?s a kzg:Operation } { ?s a kzg:Operation }").body.decode()
    assert "@prefix kzg: <https://w3id.org/kzgraph/ontology#> ." in text
    assert " a kzg:Operation ." in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?z kzg:scope ?a . ?a a ?m } LIMIT 1", "z,a,m"),
        ("SELECT DISTINCT * { ?z kzg:scope ?a . BIND(1 AS ?b) } LIMIT 1", "z,a,b"),
        ("SELECT ?m ?a { ?z kzg:scope ?a . ?a a ?m } LIMIT 1", "m,a"),
        ("SELECT * { { SELECT * { ?y kzg:scope ?x } } } LIMIT 1", "y,x"),
        ("SELECT\n*\n# a comment\n{ ?z kzg:scope ?a FILTER NOT EXISTS { ?b ?c ?z } }", "z,a"),
    ],
)
def test_columns_come_in_the_order_of_the_query(url: str, query: str, expected: str) -> None:
    assert ask(url, query, "text/csv").body.decode().splitlines()[0] == expected


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ONE, TWO = "https://w3id.org/kzgraph/graph/entities", "https://w3id.org/kzgraph/graph/concepts"


def test_the_default_graph_is_the_union_unless_a_data_set_is_given(url: str) -> None:
    whole = count(ask(url, COUNT).body)
    each = count(ask(url, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").body)
    one = count(ask(url, COUNT.replace("{", f"FROM <{ONE}> {{", 1)).body)
    assert whole == each > one > 0
    assert count(ask(url, COUNT.replace("{", "FROM <graph/entities> {", 1)).body) == one
    assert count(ask(url, COUNT, **{"default-graph-uri": ONE}).body) == one
    both = urlencode([("default-graph-uri", ONE), ("default-graph-uri", TWO), ("query", COUNT)])
    two = count(ask(url, COUNT, **{"default-graph-uri": TWO}).body)
    assert count(call(f"{url}/sparql?{both}").body) == one + two


def test_the_data_set_of_the_request_wins_over_the_one_in_the_query(url: str) -> None:
    query = COUNT.replace("{", f"FROM <{ONE}> {{", 1)
    two = count(ask(url, COUNT, **{"default-graph-uri": TWO}).body)
    assert count(ask(url, query, **{"default-graph-uri": TWO}).body) == two


def test_a_graph_named_twice_counts_once(url: str) -> None:
    twice = urlencode([("query", COUNT), *[("default-graph-uri", ONE)] * 2])
    once = count(ask(url, COUNT, **{"default-graph-uri": ONE}).body)
    assert count(call(f"{url}/sparql?{twice}").body) == once


def test_named_graphs_can_be_chosen(url: str) -> None:
    query = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(ask(url, query).body) > 5
    assert count(ask(url, query, **{"named-graph-uri": ONE}).body) == 1
    assert count(ask(url, COUNT, **{"named-graph-uri": ONE}).body) == 0
    assert count(ask(url, query, **{"named-graph-uri": "http://example.org/unknown"}).body) == 0
    form = urlencode({"query": query, "named-graph-uri": ONE}).encode()
    reply = call(f"{url}/sparql", body=form, Content_Type="application/x-www-form-urlencoded")
    assert count(reply.body) == 1


@pytest.mark.parametrize("accept", [None, "text/csv", "text/html"])
def test_head_is_get_without_a_body(url: str, accept: str | None) -> None:
    address = f"{url}/sparql?" + urlencode({"query": SELECT})
    head, get = call(address, accept, "HEAD"), call(address, accept)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


def test_a_page_of_another_host_may_ask(url: str) -> None:
    assert ask(url, SELECT).headers["Access-Control-Allow-Origin"] == "*"
    preflight = call(f"{url}/sparql", method="OPTIONS", Origin="https://example.org",
                     Access_Control_Request_Method="POST")  # fmt: skip
    assert preflight.status == 200
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]


def test_xml_answers_are_well_formed(url: str) -> None:
    for query in (SELECT, CONSTRUCT):
        ElementTree.fromstring(ask(url, query, format="xml").body)  # noqa: S314 - our own answer
