"""Answers of the built release, on a real port, as other people's libraries read them."""

import csv
import io
from xml.etree import ElementTree

import pytest
import rdflib
from SPARQLWrapper import CSV, JSON, JSONLD, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from server_fixtures import ask

SELECT = (
    "SELECT ?s ?label { ?s a kzg:PopulationFigure ; rdfs:label ?label } ORDER BY ?s ?label LIMIT 7"
)
CONSTRUCT = "CONSTRUCT { ?s rdfs:label ?l } { ?s a kzg:Operation ; rdfs:label ?l }"


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


def test_csv_is_as_rfc_4180_has_it(url: str) -> None:
    reply = ask(url, SELECT, "text/csv")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.body.count(b"\r\n") == 8
    rows = list(csv.reader(io.StringIO(reply.body.decode(), newline="")))
    assert rows[0] == ["s", "label"]
    assert rows[1][0].startswith("https://w3id.org/kzgraph/id/")


def test_xml_answers_are_well_formed(url: str) -> None:
    for query in (SELECT, CONSTRUCT):
        ElementTree.fromstring(ask(url, query, format="xml").body)  # noqa: S314 - our own answer
