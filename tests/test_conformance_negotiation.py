"""What an answer is written in: RFC 9110 section 12, end to end, and the formats themselves.

https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

import csv
import io
from urllib.parse import quote

import pytest
import rdflib
from pyoxigraph import QueryResultsFormat, parse_query_results

from conformance import BROWSER, JSON_RESULTS, SMALL, Site, graph, sparql

XML_RESULTS = "application/sparql-results+xml"
RDF_XML = "application/rdf+xml"
TSV = "text/tab-separated-values"
GRAPH = "CONSTRUCT { ?s rdfs:label ?l } { ?s a kzg:Operation ; rdfs:label ?l }"

#: Accept for a SELECT: what comes, None for 406.
SELECTS: list[tuple[str | None, str | None]] = [
    # No field, or one that says nothing: the server's own choice.
    (None, JSON_RESULTS),
    ("", JSON_RESULTS),
    ("*/*", JSON_RESULTS),
    ("nonsense", JSON_RESULTS),
    (";;;,,,", JSON_RESULTS),
    # A name, in any case and spacing.
    ("text/csv", "text/csv"),
    ("TEXT/Csv", "text/csv"),
    (" text/csv ", "text/csv"),
    ("application/json", "application/json"),
    (f"{JSON_RESULTS};version=1.2", JSON_RESULTS),
    ("application/xml", "application/xml"),
    # Wildcards.
    ("application/*", JSON_RESULTS),
    ("text/*", "text/csv"),
    ("*/csv", JSON_RESULTS),  # not in the grammar
    # Weights.
    (f"{JSON_RESULTS};q=0.2, {XML_RESULTS};q=0.3", XML_RESULTS),
    (f"{JSON_RESULTS};q=0.2,{XML_RESULTS}", XML_RESULTS),
    (f"{JSON_RESULTS} ; Q=0.2 , {XML_RESULTS} ; q=0.201", XML_RESULTS),
    ("text/csv;q=0.999, text/tab-separated-values;q=1.000", TSV),
    ("text/csv;q=0.5, */*;q=0.1", "text/csv"),
    ("text/csv;q=2, text/tab-separated-values;q=0.1", TSV),  # no weight: left out
    # Zero excludes.
    ("text/csv;q=0", None),
    (f"*/*, {JSON_RESULTS};q=0", XML_RESULTS),
    ("text/*, text/csv;q=0.000", TSV),
    ("*/*;q=0", None),
    # The more specific range decides, wherever it stands.
    ("text/*;q=0.9, text/csv;q=0.1, application/*;q=0.5", TSV),
    ("text/csv;q=0.1, text/*;q=0.9, application/*;q=0.5", TSV),
    ("text/csv;charset=utf-8, text/csv;q=0", "text/csv"),
    # Ties go to the server's order.
    (f"{XML_RESULTS}, {JSON_RESULTS}", JSON_RESULTS),
    ("text/tab-separated-values, text/csv", "text/csv"),
    # Parameters are part of the range.
    ("text/csv;charset=utf-8", "text/csv"),
    ('text/csv; charset="UTF-8"', "text/csv"),
    ("text/csv;charset=latin-1", None),
    ('text/csv;charset="utf-8, text/html"', None),
    # Nothing that there is.
    ("image/png", None),
    ("image/*, video/mp4;q=0.5", None),
    # What there is only for graphs.
    ("text/turtle", None),
    ("text/turtle, text/csv;q=0.1", "text/csv"),
    # A browser.
    (BROWSER, "text/html"),
    ("text/html;q=0.1, text/csv;q=0.2", "text/csv"),
    ("text/html;q=0.2, text/csv;q=0.1", "text/html"),
]

GRAPHS: list[tuple[str | None, str | None]] = [
    (None, "text/turtle"),
    ("text/turtle;version=1.2", "text/turtle"),
    ("*/*", "text/turtle"),
    ("text/*", "text/turtle"),
    ("application/x-turtle", "application/x-turtle"),
    ("application/n-triples", "application/n-triples"),
    ("application/rdf+xml;q=0.9, text/turtle;q=0.8", "application/rdf+xml"),
    ("application/ld+json", "application/ld+json"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
    ("text/csv", None),
    (f"{JSON_RESULTS}, application/ld+json;q=0.1", "application/ld+json"),
    (BROWSER, "text/html"),
    ("text/html;q=0.1, text/turtle;q=0.2", "text/turtle"),
    ("text/csv, text/html;q=0.5", "text/html"),
]


@pytest.fixture(scope="module")
def served(plain_site: Site) -> Site:
    return plain_site


def check(served: Site, query: str, accept: str | None, expected: str | None) -> None:
    reply = served.ask(query, accept)
    if expected is None:
        assert reply.status == 406
        assert JSON_RESULTS in reply.json["detail"] or "text/turtle" in reply.json["detail"]
    else:
        assert (reply.status, reply.type) == (200, expected)


@pytest.mark.parametrize(("accept", "expected"), SELECTS)
def test_the_accept_field_chooses_the_format_of_a_table(
    served: Site, accept: str | None, expected: str | None
) -> None:
    check(served, SMALL, accept, expected)


@pytest.mark.parametrize(("accept", "expected"), GRAPHS)
def test_the_accept_field_chooses_the_format_of_a_graph(
    served: Site, accept: str | None, expected: str | None
) -> None:
    check(served, GRAPH, accept, expected)


#: Graphs that not every format carries: a triple about a triple, the direction of a text, a control
#: character. Then Accept for each, and what comes.
ABOUT = "CONSTRUCT { <a:a> <a:b> <<( <a:a> <a:b> 1 )>> } {}"
DIRECTED = "CONSTRUCT { <a:a> <a:b> 'x'@en--ltr } {}"
CONTROL = "CONSTRUCT { <a:a> <http://example.org/b> '\\u0001' } {}"
HARD: list[tuple[str, str | None, str | None]] = [
    (ABOUT, None, "application/n-triples"),
    (ABOUT, "*/*", "application/n-triples"),
    (ABOUT, "text/turtle, */*;q=0.1", "application/n-triples"),
    (ABOUT, "text/turtle, application/n-quads;q=0.5", "application/n-quads"),
    (ABOUT, "text/turtle", None),
    (ABOUT, "text/turtle, */*;q=0.1, application/n-triples;q=0", "application/n-quads"),
    (DIRECTED, "application/ld+json, */*;q=0.1", "application/n-triples"),
    (CONTROL, "application/rdf+xml, application/ld+json;q=0.5, */*;q=0.1", "application/ld+json"),
    (CONTROL, "application/rdf+xml", None),
    (CONTROL, "*/*", "text/turtle"),
]


@pytest.mark.parametrize(("query", "accept", "expected"), HARD)
def test_a_graph_comes_in_a_format_that_carries_it(
    served: Site, query: str, accept: str | None, expected: str | None
) -> None:
    reply = served.ask(query, accept)
    if expected is None:
        assert (reply.status, "format=nt" in reply.json["detail"]) == (406, True)
    else:
        assert (reply.status, reply.type) == (200, expected)
        assert reply.body == served.ask(query, expected).body


def test_a_format_that_was_asked_for_by_name_is_not_replaced(served: Site) -> None:
    reply = served.ask(ABOUT, format="ttl")
    assert (reply.status, "triple about a triple" in reply.json["detail"]) == (406, True)


def test_true_comes_in_a_format_that_carries_it(served: Site) -> None:
    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    check(served, "ASK {}", f"{workbook}, text/csv;q=0.1", "text/csv")
    check(served, "ASK {}", workbook, None)


def test_a_field_given_twice_is_one_list(served: Site) -> None:
    fields = [("Accept", "text/csv;q=0.1"), ("Accept", f"{XML_RESULTS};q=0.2")]
    assert served.request(sparql(SMALL), fields=fields).type == XML_RESULTS


@pytest.mark.parametrize(
    ("name", "expected"),
    [("json", JSON_RESULTS), ("xml", XML_RESULTS), ("csv", "text/csv"), ("tsv", TSV),
     ("CSV", "text/csv"), (XML_RESULTS, XML_RESULTS), ("html", "text/html")],
)  # fmt: skip
def test_the_format_parameter_overrides_the_field(served: Site, name: str, expected: str) -> None:
    for accept in (None, TSV, "image/png", BROWSER):
        reply = served.get(sparql(SMALL, format=name), accept)
        assert (reply.status, reply.type) == (200, expected)


@pytest.mark.parametrize(
    "target",
    [sparql(GRAPH), "/sparql", f"/data?graph={quote(graph('entities'))}", "/ontology", "/catalog",
     "/.well-known/void"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("name", "expected"),
    [("application/rdf+xml", RDF_XML), ("application/rdf%2Bxml", RDF_XML), ("rdf+xml", RDF_XML),
     ("text/n3", "text/turtle"), ("text/turtle;charset=utf-8", "text/turtle"),
     ("%20TTL%20", "text/turtle"), ("", "text/turtle"),
     ("application/json", "application/ld+json")],
)  # fmt: skip
def test_the_format_parameter_means_the_same_everywhere(
    served: Site, target: str, name: str, expected: str
) -> None:
    reply = served.get(f"{target}{'&' if '?' in target else '?'}format={name}")
    assert (reply.status, reply.type) == (200, expected)


@pytest.mark.parametrize("media_type", ["application/trig", "application/n-quads"])
def test_a_graph_comes_as_a_data_set_wherever_it_is(served: Site, media_type: str) -> None:
    whole = served.get(f"/data?graph={quote(graph('ontology'))}", media_type)
    assert (whole.status, whole.type) == (200, media_type)
    assert served.get("/ontology", media_type).body == whole.body


@pytest.mark.parametrize("name", ["pdf", "ttl", "\0", "é"])
def test_a_format_that_there_is_not_is_406_with_those_that_there_are(
    served: Site, name: str
) -> None:
    reply = served.ask(SMALL, format=name)
    assert reply.status == 406
    listed = {each["mediaType"] for each in reply.json["available"]}
    assert {JSON_RESULTS, XML_RESULTS, "text/csv", TSV} <= listed


@pytest.mark.parametrize("accept", ["image/png", "text/turtle"])
def test_a_refused_field_is_answered_with_what_can_be_had(served: Site, accept: str) -> None:
    reply = served.ask(SMALL, accept)
    assert reply.status == 406
    for each in reply.json["available"]:
        assert served.ask(SMALL, each["mediaType"]).status in (200, 406)
        assert each["mediaType"] in reply.json["detail"]
    assert "text/csv" in reply.json["detail"]


def test_every_format_of_a_table_holds_the_same_rows(served: Site) -> None:
    expected = served.ask(SMALL).column
    assert len(expected) == 4
    formats = {
        JSON_RESULTS: QueryResultsFormat.JSON,
        XML_RESULTS: QueryResultsFormat.XML,
        TSV: QueryResultsFormat.TSV,
    }
    for media_type, format_ in formats.items():
        rows = parse_query_results(served.ask(SMALL, media_type).body, format_)
        assert [row[0].value for row in rows] == expected  # type: ignore[union-attr]
    text = served.ask(SMALL, "text/csv").body.decode()
    assert [row[0] for row in csv.reader(io.StringIO(text))] == ["s", *expected]


@pytest.mark.parametrize(
    ("media_type", "rdflib_format"),
    [("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml"),
     ("application/ld+json", "json-ld")],
)  # fmt: skip
def test_every_format_of_a_graph_holds_the_same_triples(
    served: Site, media_type: str, rdflib_format: str
) -> None:
    expected = rdflib.Graph().parse(data=served.ask(GRAPH, "application/n-triples").body)
    graph = rdflib.Graph().parse(data=served.ask(GRAPH, media_type).body, format=rdflib_format)
    assert set(graph) == set(expected)
    assert len(graph) >= 3


def test_a_graph_in_turtle_uses_the_prefixes_of_the_release(served: Site) -> None:
    text = served.ask("CONSTRUCT WHERE { ?s a kzg:Operation }").body.decode()
    assert "@prefix kzg: <https://w3id.org/kzgraph/ontology#> ." in text
    assert " a kzg:Operation ." in text


@pytest.mark.parametrize(
    "name",
    ["csv-excel", "xlsx", "parquet"],
)
def test_files_for_spreadsheets_come_on_request_only(served: Site, name: str) -> None:
    reply = served.ask(SMALL, BROWSER, format=name)
    assert reply.status == 200
    start = {"csv-excel": b"\xef\xbb\xbf", "xlsx": b"PK\x03\x04", "parquet": b"PAR1"}[name]
    assert reply.body.startswith(start)
    assert not served.ask(SMALL, "*/*").body.startswith(start)


def test_what_depends_on_the_field_says_so(served: Site) -> None:
    for accept in (JSON_RESULTS, "text/csv", BROWSER, "image/png"):
        for query in (SMALL, GRAPH, "SELECT"):
            assert "Accept" in served.ask(query, accept).headers["Vary"].split(", ")
