"""Each answer is sent under the licence of what it holds, and names whose data that is."""

import asyncio
import io
import json
import re
from typing import Any

import pyarrow.parquet
import pytest
from openpyxl import load_workbook
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS

from front_client import FrontClient
from kzgraph.iri import GRAPH, ID
from kzgraph.licences import OWN
from kzgraph.release.dumps import ATTRIBUTION
from kzgraph.sparql.job import Job
from kzgraph_server.engine.answer import Answer
from kzgraph_server.front.answer_rights import find_rights
from kzgraph_server.licensing import OWN_RIGHTS, Licensing, Rights
from kzgraph_server.settings import Settings
from licensed_release import NAME, OLD, PDDL, make_licensed_release

#: Of what has data under several licences.
SEVERAL = f"/kz/dumps/{ATTRIBUTION}"
CREDIT = f"Data of\nThe inventor: ODC-PDDL 1.0, {PDDL}"
DECLARED = f"PREFIX new: <{GRAPH}{NAME}> PREFIX old: <{GRAPH}{OLD}>"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FrontClient:
    release = make_licensed_release(tmp_path_factory.mktemp("licensed"))
    return FrontClient(release, Settings(public_url="https://data.example.org/kz"))


def links(answer: Any, relation: str) -> list[str]:
    """Where the links of an answer with this relation lead."""
    every = ", ".join(answer.headers.getlist("Link"))
    return re.findall(rf'<([^>]+)>; rel="{relation}"', every)


@pytest.mark.parametrize(
    ("path", "licence"),
    [
        (f"/dumps/graphs/{NAME}.nt", PDDL),
        (f"/data?graph={GRAPH}{NAME}", PDDL),
        (f"/data?graph={GRAPH}{OLD}", PDDL),
        ("/dumps/kzgraph.ttl", SEVERAL),
        ("/data?default", SEVERAL),
        ("/dumps/graphs/computed.ttl", SEVERAL),
        ("/dumps/graphs/entities.ttl", OWN.iri),
        ("/dumps/ATTRIBUTION.txt", OWN.iri),
        ("/data/official/invented/1.ttl", PDDL),
        ("/data/derived/d.nt", OWN.iri),
        ("/data/country/KAZ.rdf", SEVERAL),
        ("/page/country/KAZ", SEVERAL),
        ("/quality", SEVERAL),
        ("/catalog", OWN.iri),
    ],
)
def test_an_answer_is_sent_under_the_one_licence_of_what_it_holds(
    path: str, licence: str, client: FrontClient
) -> None:
    answer = client.get(path, headers={"Accept": "text/html, */*;q=0.1"})
    assert links(answer, "license") == [licence], "several links would offer a choice"
    named = links(answer, "copyright")
    assert named == ([SEVERAL] if licence == PDDL else []), "whom to name is said once"
    if answer.mimetype == "text/html":
        assert f'<link rel="license" href="{licence}">' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "licence"),
    [
        ("SELECT ?v { ?f kzg:officialValue ?v }", SEVERAL),
        ("SELECT ?l FROM <graph/entities> { ?c rdfs:label ?l }", OWN.iri),
        ("SELECT ?v FROM new: { ?f kzg:officialValue ?v }", PDDL),
        ("SELECT ?v FROM new: FROM <graph/entities> { ?f kzg:officialValue ?v }", SEVERAL),
        ("SELECT ?v FROM NAMED new: { GRAPH ?g { ?f kzg:officialValue ?v } }", PDDL),
        ("SELECT ?v \\u0046ROM new: { ?f kzg:officialValue ?v }", PDDL),
        ("SELECT ?f { GRAPH old: { ?f kzg:country ?c } }", SEVERAL),
        ("SELECT ?l FROM <graph/nowhere> { ?c rdfs:label ?l }", OWN.iri),
        ("CONSTRUCT WHERE { ?f kzg:officialValue ?v }", SEVERAL),
        ("DESCRIBE <id/official/invented/1> FROM new:", PDDL),
        ("ASK FROM new: { ?f kzg:officialValue ?v }", PDDL),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_an_answer_to_a_query_has_the_licence_of_the_graphs_that_it_is_about(
    query: str, licence: str, accept: str, client: FrontClient
) -> None:
    asked = {"query": f"{DECLARED} {query}"}
    found = client.get("/sparql", query_string=asked, headers={"Accept": accept})
    assert found.status_code == 200
    assert links(found, "license") == [licence]
    if accept == "text/html":
        assert f'<link rel="license" href="{licence}">' in found.get_data(as_text=True)


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
def test_the_data_set_of_the_request_counts_and_not_that_of_the_query(
    parameter: str, client: FrontClient
) -> None:
    query = "SELECT ?v FROM new: { ?f kzg:officialValue ?v }"
    asked = {"query": f"{DECLARED} {query}", parameter: f"{GRAPH}entities"}
    assert links(client.get("/sparql", query_string=asked), "license") == [OWN.iri]


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf"])
def test_a_description_names_the_source_of_a_figure(suffix: str, client: FrontClient) -> None:
    text = client.get(f"/data/official/invented/1.{suffix}").get_data(as_text=True)
    format_ = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}.get(suffix, suffix)
    described = Graph().parse(data=text, format=format_)
    figure, source = URIRef(f"{ID}official/invented/1"), URIRef(GRAPH + NAME)
    assert described.value(figure, DCTERMS.source) == source
    assert described.value(source, DCTERMS.license) == URIRef(PDDL)
    assert str(described.value(source, URIRef("https://schema.org/creditText"))) == "The inventor"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("DESCRIBE <id/official/invented/1>", True),
        ("\\u0044ESCRIBE ?f { ?f kzg:officialValue 5 }", True),
        ("DESCRIBE <id/official/invented/1> FROM new:", True),
        ("DESCRIBE <id/official/invented/1> FROM old:", True),
        ("DESCRIBE <id/official/invented/1> FROM <graph/entities>", False),
        ("DESCRIBE <id/country/KAZ>", False),
        ("CONSTRUCT WHERE { ?describe kzg:officialValue ?v }", False),
    ],
)
def test_a_describe_names_the_source_of_what_it_describes(
    query: str, named: bool, client: FrontClient
) -> None:
    asked = {"query": f"{DECLARED} {query}", "format": "nt"}
    lines = client.get("/sparql", query_string=asked).get_data(as_text=True).splitlines()
    assert len(lines) == len(set(lines))
    said = {line for line in lines if "The inventor" in line or PDDL in line}
    assert len(said) == (2 if named else 0), lines
    name = OLD if "old:" in query else NAME
    assert any(f"terms/source> <{GRAPH}{name}>" in line for line in lines) == named


@pytest.mark.parametrize("more", [{}, {"hxl": "1"}], ids=["plain", "hxl"])
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT ?c ?v { ?f kzg:country ?c ; kzg:officialValue ?v }", True),
        ("SELECT ?c { GRAPH old: { ?f kzg:country ?c } }", True),
        ("SELECT ?c FROM <graph/entities> { ?f kzg:country ?c }", False),
    ],
)
def test_a_workbook_says_whose_data_it_has(
    query: str, named: bool, more: dict[str, str], client: FrontClient
) -> None:
    asked = {"query": f"{DECLARED} {query}", "format": "xlsx", **more}
    found = client.get("/sparql", query_string=asked)
    said = load_workbook(io.BytesIO(found.data)).properties.description
    assert said == (CREDIT if named else None)


def test_a_parquet_file_says_whose_data_it_has(client: FrontClient) -> None:
    asked = {"query": "SELECT ?v { ?f kzg:officialValue ?v }", "format": "parquet"}
    found = client.get("/sparql", query_string=asked)
    metadata = pyarrow.parquet.read_metadata(io.BytesIO(found.data)).metadata
    assert json.loads(metadata[b"kzgraph"])["credit"] == CREDIT


def test_a_page_names_the_source_of_a_figure(client: FrontClient) -> None:
    page = client.get("/page/official/invented/1").get_data(as_text=True)
    assert f'An invented table</a>: The inventor, <a href="{PDDL}">ODC-PDDL 1.0</a>' in page


def test_a_description_of_what_is_of_no_source_names_none(client: FrontClient) -> None:
    for path in ("/data/derived/d.ttl", "/page/derived/d"):
        assert "The inventor" not in client.get(path).get_data(as_text=True)


def test_no_licence_is_claimed_for_what_other_endpoints_sent() -> None:
    answer: Any = Answer("text/csv", "csv", None, complete=b"", foreign=True)  # type: ignore[arg-type]
    licensing = Licensing(OWN_RIGHTS, OWN_RIGHTS, {}, {}, None)  # type: ignore[arg-type]
    rights = asyncio.run(find_rights(Job("ASK {}", (), (), (), 1), answer, licensing, 100))
    assert list(rights.links("/kz")) == []


def test_one_licence_with_somebody_to_name_has_a_link_for_each() -> None:
    assert list(Rights((PDDL,), True).links("")) == [
        (PDDL, "license"),
        ("/dumps/ATTRIBUTION.txt", "copyright"),
    ]
