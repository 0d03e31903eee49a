"""A query that finds nothing is told why: in the terminal, on the page, and behind a link."""

import io
import json
import re
from functools import cache
from itertools import product

import pytest
from pyoxigraph import Store

from built_graph import built_quads, built_with_sources
from front_client import FrontClient, HereEngine
from kzgraph.client.endpoint import _find_help
from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.emptiness.parts import find_parts
from kzgraph.sparql.evaluation import evaluate
from kzgraph.sparql.explanation import find_reasons
from kzgraph.sparql.job import Job
from kzgraph_server.engine.remote import RemoteEngine
from kzgraph_server.front.explanations import help_link, is_empty
from kzgraph_server.settings import Settings
from processes import PATIENCE
from server_fixtures import small

__all__ = ["small"]


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of queries ends the search here, as it does where nothing else runs."""
    monkeypatch.setattr("kzgraph.sparql.explanation._MOST_SECONDS", PATIENCE)


@cache
def official() -> Store:
    found = Store()
    found.extend(built_with_sources())
    return found


def job(query: str, *offers: str) -> Job:
    return Job(query, (), (), offers, timeout=PATIENCE, max_rows=100)


@cache
def store() -> Store:
    found = Store()
    found.extend(built_quads())
    return found


def reasons(query: str) -> list[str]:
    return [each.message for each in find_reasons(job(query), store(), 100)]


ONE_REASON = {
    "SELECT * { ?f kzg:populationgroup ?g }": (
        "kzg:populationgroup does not occur in the data. Did you mean kzg:populationGroup?"
    ),
    "SELECT * { ?f schema:label ?l }": "Did you mean rdfs:label",
    "SELECT * { ?f kzg:scope country:KAZAKHSTAN }": "Did you mean country:KAZ?",
    "ASK { kzr:figure\\/overview\\/refugee ?p ?o }": "id/figure/overview/",
    "SELECT * { ?f kzg:year '2018' }": "kzg:year never has the value '2018', but it has 2018.",
    'SELECT * { ?p a schema:Country ; rdfs:label "Kazakhstan" }': (
        'never has the value "Kazakhstan", but it has "Kazakhstan"@en.'
    ),
    'SELECT * { ?p rdfs:label ?l FILTER(?l = "kazakhstan") }': '?l is "Kazakhstan"@en in some.',
    'SELECT * { [] foaf:name "Dumitru Lipcan" }': 'foaf:name has the value "Dumitru Lipcanu".',
    "SELECT * { ?f kzg:populationGroup 'STA' }": "try population-group:STA.",
    'SELECT * { ?f kzg:scope "kazakhstan"@en }': "try country:KAZ",
    "SELECT * { ?f kzg:year 2031 ; kzg:value ?v }": "kzg:year has values such as 20",
    "SELECT * { ?f a kzg:PopulationFigure ; kzg:donor ?d }": (
        "No kzg:PopulationFigure has kzg:donor; things that have it are of the class "
    ),
    "SELECT * { GRAPH <graph/overview> { ?p a kzg:Pledge } }": "Nothing matches ?p a kzg:Pledge",
    "SELECT * FROM <graph/overview> { ?p a kzg:Pledge }": (
        "kzg:Pledge does not occur in the graphs that the query names."
    ),
    "SELECT * { ?new dcterms:replaces ?old . GRAPH ?old { ?cell kzg:officialValue ?was } }": (
        "dcterms:replaces is said of vintages, and the data has one vintage of each table"
    ),
    "SELECT * FROM <graph/overview> { ?new dcterms:replaces ?old }": (
        "dcterms:replaces does not occur in the graphs that the query names."
    ),
    "SELECT ?f { ?f a kzg:Pledge } OFFSET 1000": "The pattern has solutions",
    "ASK { ?f kzg:status status:actual ; kzg:value ?v FILTER(?v > 1000000000) }": (
        "Without FILTER(?v > 1000000000) there are solutions; ?v is "
    ),
    'SELECT * { ?f a kzg:Pledge ; rdfs:label ?l FILTER(LANG(?l) = "fr") }': '"@en or "',
    "CONSTRUCT WHERE { ?f a kzg:Plege }": "Did you mean kzg:Pledge?",
    "SELECT (COUNT(?f) AS ?n) { ?f kzg:indicator indicator:staff }": (
        "Nothing matches ?f kzg:indicator indicator:staff by itself."
    ),
    "SELECT ?n { { SELECT (AVG(?v) AS ?n) { ?f kzg:year 2031 ; kzg:value ?v } } }": (
        "kzg:year has values such as 20"
    ),
    "SELECT ?n { ?p a foaf:Person ; foaf:name ?n ; schema:email ?m }": "class kzg:ContactPoint",
    "SELECT ?m { ?r org:member ?p . ?p foaf:name ?n ; schema:email ?m }": (
        "try ?other kzg:scope ?p ; schema:email ?m"
    ),
    'SELECT ?o { ?o kzg:searchText ?t FILTER(CONTAINS(?t, "Красный Полумесяц")) }': (
        'with FILTER(CONTAINS(?t, "красный полумесяц")) there are solutions'
    ),
    'SELECT ?o { ?o kzg:searchText ?t FILTER REGEX(?t, "UNICEF") }': "kzg:searchText is folded",
    'SELECT ?s { ?s dcterms:description ?d FILTER(CONTAINS(LCASE(?d), "hotline")) }': (
        "but ?s kzg:searchText has it"
    ),
    "SELECT ?d { operation:kazakhstan kzg:fundedBy ?d }": "organisation:unhcr has one",
    "SELECT ?c { ?o a org:Organization ; kzg:searchText ?t ; schema:areaServed ?c ."
    ' ?c rdfs:label ?l FILTER(CONTAINS(?t, "multi-country")) }': (
        "?o has no schema:areaServed that fits; something"
    ),
    "SELECT (SUM(?v) AS ?n) { ?f a kzg:HeadlineFigure ; kzg:country country:KAZ ;"
    " kzg:quantity quantity:naturalisation ; kzg:year 2018 ; kzg:value ?v }": (
        "there are solutions with kzg:"
    ),
    "SELECT ?v { ?f a kzg:HeadlineFigure ; kzg:populationGroup population-group:REF ;"
    " kzg:year 2021 ; kzg:value ?v }": "where the rest of the pattern fits",
    "SELECT * { ?f a kzg:Pledge } VALUES ?f { country:KAZ }": (
        "Without VALUES ?f { country:KAZ } there are solutions"
    ),
    "SELECT * { ?f a kzg:Pledge MINUS { ?f a kzg:Pledge } }": (
        "Without MINUS { ?f a kzg:Pledge } there are solutions"
    ),
}


#: Of official data.
OFFICIAL = {
    "SELECT * { country:KAZ owl:sameAs ?there "
    'FILTER(STRSTARTS(STR(?there), "https://www.wikidata.org/entity/")) }': (
        "but ?there is <http://www.wikidata.org/entity/Q232>."
    ),
    "SELECT * { ?f kzg:origin origin:AFG ; kzg:officialValue ?v }": (
        "origin:AFG does not occur in the data. Did you mean country:AFG?"
    ),
    "SELECT * { ?f a kzg:OfficialHeadlineFigure ; kzg:year 2018 ; kzg:value ?v }": (
        "?f has no kzg:value that fits; numbers that do stand under kzg:officialValue."
    ),
    "SELECT * { ?f a kzg:PopulationFigure ; kzg:year 2018 ; kzg:officialValue ?v }": (
        "?f has no kzg:officialValue that fits; numbers that do stand under kzg:value."
    ),
    "SELECT * { ?f a kzg:OfficialHeadlineFigure ; kzg:quantity quantity:expenditure }": (
        "quantity:expenditure is a wider concept, and what fits has kzg:quantity "
        "quantity:direct-expenditure or quantity:disbursement: try ?f kzg:quantity ?narrower . "
        "?narrower skos:broader quantity:expenditure."
    ),
    "SELECT * { ?f qb:dataSet dataset:unhcr-demographics ; kzg:officialValue ?v }": (
        "dataset:unhcr-demographics is described, but the data has no cell of it: no file of "
    ),
}


@pytest.mark.parametrize(("query", "reason"), OFFICIAL.items(), ids=range(len(OFFICIAL)))
def test_the_reason_is_found_in_official_data(query: str, reason: str) -> None:
    found = find_reasons(job(query), official(), 100)
    assert any(reason in each.message for each in found), found
    for each in found:
        proposed = job(f"ASK {{ {each.pattern} }}", "application/sparql-results+json")
        assert each.pattern is None or not find_reasons(proposed, official(), 100)


@pytest.mark.parametrize(("query", "reason"), ONE_REASON.items(), ids=range(len(ONE_REASON)))
def test_the_reason_is_found(query: str, reason: str) -> None:
    assert any(reason in each for each in reasons(query)), reasons(query)


def test_reasons_that_were_found_stay_where_no_more_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = job("SELECT * { ?f a kzg:OfficialHeadlineFigure ; kzg:year 2018 ; kzg:value ?v }")
    every = find_reasons(query, official(), 100)
    found = []
    for most in range(5, 25):
        monkeypatch.setattr("kzgraph.sparql.explanation._MOST_QUERIES", most)
        found.append(find_reasons(query, official(), 100))
    assert all(each == every[: len(each)] for each in found)
    assert every[:1] in found


def test_every_pattern_that_is_proposed_has_solutions() -> None:
    queries = list(ONE_REASON)
    for kind, group, place, year in product(
        ("HeadlineFigure", "ChosenFigure", "DerivedFigure"),
        ("REF", "STA", "RET"),
        ("country:KAZ", "country:UZB", "operation:central-asia"),
        (2018, 2021),
    ):
        queries.append(
            f"SELECT (SUM(?v) AS ?n) {{ ?f a kzg:{kind} ; kzg:scope {place} ; kzg:year {year} ;"
            f" kzg:populationGroup population-group:{group} ; kzg:value ?v }}"
        )
    proposed = 0
    for query in queries:
        for reason in find_reasons(job(query), store(), 100):
            # What a data set of its own holds, the whole does.
            if reason.pattern is not None:
                proposed += 1
                out = io.BytesIO()
                evaluate(job(f"ASK {{ {reason.pattern} }}", "csv"), store(), 100).write(out)
                assert out.getvalue().strip() == b"true", (query, reason)
    assert proposed > len(queries) // 2


def test_a_number_that_is_given_is_not_called_unpublished() -> None:
    found = reasons("SELECT ?n { ?f kzg:value 570 ; kzg:caveat ?n }")
    assert "Without ?f kzg:caveat ?n there are solutions." in found
    assert not any("no number in their document" in each for each in found), found


def test_a_figure_without_a_number_is_named() -> None:
    found = reasons(
        "SELECT ?v { ?f kzg:quantity quantity:expenditure ; kzg:series series:total ;"
        " kzg:year 2019 ; kzg:value ?v }"
    )
    assert any("Expenditure, Kazakhstan Regional Office, 2019" in each for each in found), found
    assert "Without ?f kzg:value ?v there are solutions." in found


@pytest.mark.parametrize(
    "query",
    [
        "ASK {}",
        "SELECT * { ?f a kzg:Pledge }",
        "DESCRIBE country:KAZ",
        "SELECT (COUNT(?f) AS ?n) { ?f a kzg:Pledge }",
        "SELECT (SUM(?zero) AS ?n) { ?f a kzg:Pledge BIND(0 AS ?zero) }",
    ],
)
def test_what_finds_something_has_no_reasons(query: str) -> None:
    assert reasons(query) == []


def test_a_query_that_is_refused_is_refused_here_with_the_same_words() -> None:
    with pytest.raises(Problem) as refused:
        reasons("SELECT * { ?f a kzg:Pledge")
    with pytest.raises(Problem) as asked:
        evaluate(job("SELECT * { ?f a kzg:Pledge", "json"), store(), 100)
    assert refused.value.detail == asked.value.detail


@pytest.mark.parametrize(
    ("pattern", "triples"),
    [
        ("?a ?b 1 ; kzg:x 'a'@en, \"b\"^^xsd:date . ?c a -2.5", 4),
        ("?a kzg:b/^kzg:c*|!(kzg:d|a) [ kzg:e [] ; kzg:f true ] .", 3),
        ("GRAPH ?g { ?a kzg:b+ ?c } OPTIONAL { ?a kzg:d ?e } { ?f ?g ?h }", 2),
        ("?a kzg:b (1 2)", 0),
        ("?a ?b ?c BIND(COALESCE(?d, ?e) AS ?f) FILTER NOT EXISTS { ?a ?b 1 }", 1),
        ("{ ?a ?b ?c } UNION { ?d ?e ?f } MINUS { ?a ?b 1 }", 0),
    ],
)
def test_a_pattern_is_taken_apart_into_what_can_be_asked(pattern: str, triples: int) -> None:
    text = f"ASK {{ {pattern} }}"
    query = analyse_whole(text, PREDECLARED.keys(), 100).query
    assert query is not None and query.where is not None
    parts = list(find_parts(text, query.where))
    assert sum(part.triple is not None for part in parts) == triples
    for part in parts:
        evaluate(job(f"ASK {{ {part.text} }}", "json"), Store(), 100)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT ?a ?b { ?a %s ?b }", "json xml csv tsv csv-excel"),
        ("ASK { ?a %s ?b }", "json xml csv tsv"),
        ("CONSTRUCT WHERE { ?a %s ?b }", "nt"),
        ("SELECT (SUM(?b) AS ?n) (COUNT(*) AS ?c) { ?a %s ?b }", "json xml csv tsv csv-excel"),
        ("SELECT (MAX(?b) AS ?n) { ?a %s ?b }", "json xml csv tsv csv-excel"),
    ],
)
def test_an_answer_without_solutions_is_told_from_its_bytes(query: str, names: str) -> None:
    def body(name: str, predicate: str) -> bytes:
        out = io.BytesIO()
        evaluate(job(query % predicate, name), store(), 100).write(out)
        return out.getvalue()

    for name in names.split():
        assert is_empty(name, body(name, "<urn:none>"), query), name
        assert not is_empty(name, body(name, "kzg:year"), query), name


def test_a_program_is_led_to_the_reasons(small: FrontClient) -> None:
    query = "SELECT * { ?x rdfs:lable ?y }"
    answer = small.get("/sparql", query_string={"query": query})
    links = [each for name, each in answer.headers.items() if name.lower() == "link"]
    (link,) = re.findall(r'<([^>]*)>; rel="help"', ", ".join(links))
    found = small.get(link)
    assert (found.status_code, found.headers["content-type"]) == (200, "application/json")
    (reason,) = json.loads(found.data)["reasons"]
    assert reason["kind"] == "unknown-name"
    assert "Did you mean rdfs:label?" in reason["message"]
    assert 'rel="help"' not in str(small.get("/sparql?query=SELECT*{?x rdfs:label ?y}").headers)


def test_no_reasons_are_offered_where_the_engine_has_none(
    small: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another engine behind the endpoint does not explain: a link would lead to an error."""
    assert not RemoteEngine(Settings(engine="http://127.0.0.1:9/sparql"), []).explains
    asked = {"query": "SELECT * { ?x rdfs:lable ?z }"}
    monkeypatch.setattr(HereEngine, "explains", False)
    assert 'rel="help"' not in str(small.get("/sparql", query_string=asked).headers)
    html = {"Accept": "text/html"}
    assert "Did you mean" not in small.get("/sparql", query_string=asked, headers=html).text
    monkeypatch.undo()
    other = {"query": "SELECT * { ?y rdfs:lable ?z }"}
    assert "Did you mean" in small.get("/sparql", query_string=other, headers=html).text


def test_a_link_that_would_be_too_long_is_left_out() -> None:
    assert help_link(job("ASK { ?x <urn:none> ?y }"), "") is not None
    assert help_link(job(f"ASK {{ ?x <urn:{'none' * 1100}> ?y }}"), "") is None


def test_the_page_says_why(small: FrontClient) -> None:
    page = small.get("/sparql?format=html&query=SELECT*{?x rdfs:lable ?y}").text
    assert "Why there is nothing" in page
    assert "Did you mean rdfs:label?" in page
    assert "Why there is nothing" not in small.get("/sparql?format=html&query=ASK{}").text


def test_an_explanation_needs_a_query_and_is_read_only(small: FrontClient) -> None:
    assert small.get("/sparql/explain").status_code == 400
    assert small.get("/sparql/explain?query=SELECT").status_code == 400
    assert small.open("/sparql/explain?query=ASK{}", method="POST").status_code == 405


@pytest.mark.parametrize(
    ("links", "address"),
    [
        (['</a>; rel="license"', '</b?x=%3E>; rel="help"'], "/b?x=%3E"),
        (["</a>; rel=license, </b>; rel=help; title=x"], "/b"),
        (['</a>; rel="next"'], None),
        ([], None),
    ],
)
def test_a_client_finds_the_link(links: list[str], address: str | None) -> None:
    assert _find_help(links) == address
