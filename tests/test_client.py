"""The graph from Python: what `kzgraph.open_release` and `kzgraph.endpoint` give."""

import doctest
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pandas
import pytest
import rdflib
from rdflib import RDF, RDFS, URIRef
from rdflib.plugins.sparql import prepareQuery

import kzgraph
from kzgraph.client.endpoint import endpoint
from kzgraph.client.errors import (
    EndpointError,
    NoRelease,
    QueryRefused,
    QueryTimeout,
    ReadOnlyError,
)
from kzgraph.client.rdflib_release import open_release
from kzgraph.client.values import frame, value
from kzgraph.iri import ONTOLOGY, graph
from kzgraph.prefixes import PREFIXES
from kzgraph.release import current
from processes import PATIENCE

XSD = PREFIXES["xsd"]
PAGE = Path(__file__).parents[1] / "docs" / "python.md"


def test_the_examples_of_the_page_do_what_it_says(
    release_root: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KZGRAPH_RELEASES", str(release_root))
    text = PAGE.read_text("utf-8").replace("http://127.0.0.1:8000", url.rstrip("/"))
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    assert len(test.examples) > 15
    output: list[str] = []
    flags = doctest.NORMALIZE_WHITESPACE
    results = doctest.DocTestRunner(optionflags=flags).run(test, out=output.append)
    assert results.failed == 0, "".join(output)


@pytest.mark.parametrize("name", ["kzgraph", "kzgraph.client.values", "kzgraph.client.errors"])
def test_importing_the_package_loads_nothing(name: str) -> None:
    script = (
        f"import sys, {name}; "
        "print({'pyoxigraph', 'rdflib', 'SPARQLWrapper', 'pandas', 'flask'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


def test_the_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'open'"):
        kzgraph.open  # noqa: B018


def test_a_release_holds_what_its_store_holds(release_root: Path) -> None:
    release, found = current(release_root), open_release(release_root)
    assert release is not None
    assert len(found) == len(release.store)
    assert len(list(found.triples((None, RDF.type, None)))) == sum(
        1 for quad in release.store if quad.predicate.value == str(RDF.type)
    )
    names = {str(each.identifier) for each in found.graphs()} - {"urn:x-rdflib:default"}
    assert names == {each.value for each in release.store.named_graphs()}
    assert found.value(URIRef(ONTOLOGY + "Pledge"), RDFS.label) is not None
    assert len(open_release(release.path)) == len(found)


def test_there_has_to_be_a_release(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="kzgraph build"):
        open_release(tmp_path)


CHANGES: dict[str, Callable[[rdflib.Dataset], object]] = {
    "add": lambda found: found.add((RDF.type, RDF.type, RDF.type)),
    "addN": lambda found: found.addN([(RDF.type, RDF.type, RDF.type, found.default_graph)]),
    "remove": lambda found: found.remove((None, None, None)),  # type: ignore[arg-type]
    "remove a graph": lambda found: found.remove_graph(found.graph(URIRef(graph("x").value))),
    "update": lambda found: found.update("CLEAR ALL"),
    "parse": lambda found: found.parse(data="<urn:a> <urn:b> <urn:c> .", format="nt"),
    "a graph": lambda found: found.graph(URIRef("urn:g")).add((RDF.type, RDF.type, RDF.type)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_release_cannot_be_changed(release_root: Path, name: str) -> None:
    found = open_release(release_root)
    before = len(found)
    with pytest.raises(ReadOnlyError):
        CHANGES[name](found)
    assert len(open_release(release_root)) == before


def test_queries_of_a_release_mean_what_they_mean_at_the_endpoint(release_root: Path) -> None:
    found = open_release(release_root)
    assert found.query("ASK { ?f a kzg:Pledge }").askAnswer
    assert not found.query("ASK FROM <urn:none> { ?f a kzg:Pledge }").askAnswer
    name = graph("ontology").value
    only = found.query(f"SELECT * FROM <{name}> {{ ?s a owl:Class }}")  # noqa: S608
    assert 0 < len(list(only)) < len(list(found.query("SELECT * { ?s a ?any }")))
    columns = found.query("SELECT * { ?z a kzg:Pledge ; rdfs:label ?a } LIMIT 1").vars
    assert [str(name) for name in columns or ()] == ["z", "a"]
    made = found.query("CONSTRUCT { ?f a kzg:Fact } { ?f a kzg:Pledge }").graph
    assert made is not None
    assert len(made) > 1
    foreign = found.query("PREFIX x: <urn:x:> ASK { ?f a x:Pledge }")
    assert not foreign.askAnswer


@pytest.mark.parametrize("query", ["SELECT {", "SELECT * { SERVICE <http://a.example/> {} }"])
def test_a_query_that_the_endpoint_refuses_is_refused(release_root: Path, query: str) -> None:
    with pytest.raises(QueryRefused):
        open_release(release_root).query(query)


FIGURE = URIRef(ONTOLOGY + "PopulationFigure")

#: A query in which ?c is a class, and what it must be the same as where ?c has its value.
BOUND = {
    "SELECT ?f { ?f a ?c }": "SELECT ?f { ?f a kzg:PopulationFigure }",
    "SELECT (COUNT(?f) AS ?n) { ?f a ?c }":
        "SELECT (COUNT(?f) AS ?n) { ?f a kzg:PopulationFigure }",
    "SELECT ?s { ?s a owl:Class FILTER NOT EXISTS { ?x a ?s FILTER(?s = ?c) } }":
        "SELECT ?s { ?s a owl:Class FILTER NOT EXISTS "
        "{ ?x a ?s FILTER(?s = kzg:PopulationFigure) } }",
    "SELECT ?s { ?s rdfs:label ?l MINUS { ?s a ?c } }":
        "SELECT ?s { ?s rdfs:label ?l MINUS { ?s a kzg:PopulationFigure } }",
    "SELECT ?s ?n { ?s kzg:year 2018 OPTIONAL { ?s a ?t FILTER(?t = ?c) BIND(1 AS ?n) } }":
        "SELECT ?s ?n { ?s kzg:year 2018 "
        "OPTIONAL { ?s a ?t FILTER(?t = kzg:PopulationFigure) BIND(1 AS ?n) } }",
    "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s a ?c } } }":
        "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s a kzg:PopulationFigure } } }",
    "SELECT ?g { GRAPH ?g { SELECT DISTINCT ?c { ?s a ?c } } }":
        "SELECT ?g { GRAPH ?g { SELECT DISTINCT (1 AS ?x) { ?s a kzg:PopulationFigure } } }",
    "SELECT DISTINCT ?c { ?c ?p ?o } ORDER BY ?o":
        "SELECT DISTINCT (kzg:PopulationFigure AS ?d) { ?c ?p ?o }",
    "SELECT ?x { ?c rdf:type* ?x } ORDER BY ?x": "SELECT ?x { kzg:PopulationFigure rdf:type* ?x }",
}  # fmt: skip


@pytest.mark.parametrize("query", BOUND)
def test_a_bound_variable_has_its_value_wherever_it_stands(release_root: Path, query: str) -> None:
    found = open_release(release_root)
    rows = sorted(map(str, found.query(query, initBindings={"c": FIGURE})))
    assert rows == sorted(map(str, found.query(BOUND[query])))
    assert rows


def test_bindings_hold_for_every_form_and_for_prepared_queries(release_root: Path) -> None:
    found = open_release(release_root)
    bound = {"c": FIGURE}
    assert found.query("ASK { ?c a owl:Class }", initBindings=bound).askAnswer
    made = found.query("CONSTRUCT WHERE { ?f a ?c }", initBindings=bound).graph
    assert made is not None
    assert {each for _, _, each in made} == {FIGURE}
    described = found.query("DESCRIBE ?c", initBindings=bound).graph
    assert described is not None
    assert FIGURE in set(described.subjects())
    prepared = prepareQuery("SELECT ?f { ?f a ?c }")
    assert len(found.query(prepared, initBindings=bound)) == len(
        found.query("SELECT ?f { ?f a kzg:PopulationFigure }")
    )


def test_queries_with_bindings_and_of_one_graph_are_analysed(release_root: Path) -> None:
    found = open_release(release_root)
    one = found.graph(URIRef(graph("ontology").value))
    bound = {"c": FIGURE}
    for asked in (found, one):
        with pytest.raises(QueryRefused, match="BNODE"):
            asked.query("SELECT (BNODE('x') AS ?b) { ?c ?p ?o }", initBindings=bound)
        with pytest.raises(QueryRefused, match="SERVICE"):
            asked.query("SELECT * { SERVICE <http://a.example/> {} }", initBindings=bound)
    with pytest.raises(QueryRefused, match="BNODE"):
        one.query("SELECT (BNODE('x') AS ?b) { ?c ?p ?o }")
    with pytest.raises(QueryRefused, match="FROM"):
        one.query("SELECT * FROM <urn:x> { ?s ?p ?o }")
    with pytest.raises(QueryRefused, match="blank node"):
        found.query("SELECT * { ?s ?p ?o }", initBindings={"s": rdflib.BNode()})
    with pytest.raises(QueryRefused, match="name of a variable"):
        found.query("SELECT * { ?s ?p ?o }", initBindings={"s } #": FIGURE})
    joined = one.query("SELECT (GROUP_CONCAT(?x) AS ?r) { VALUES ?x { 1 2 } }").bindings
    assert [str(value) for row in joined for value in row.values()] == ["1 2"]


def test_a_query_may_have_bindings_or_be_of_one_graph(release_root: Path) -> None:
    found = open_release(release_root)
    pledge = URIRef(ONTOLOGY + "Pledge")
    query = "SELECT ?c ?f { ?f a ?c }"
    bound = list(found.query(query, initBindings={"c": pledge}))
    assert len(bound) == len(list(found.query("SELECT ?f { ?f a kzg:Pledge }"))) > 0
    one = found.graph(URIRef(graph("ontology").value))
    assert not list(one.query("SELECT ?f { ?f a kzg:Pledge }"))
    assert list(one.query("SELECT ?f { ?f a owl:Class }"))


VALUES = [
    ({"type": "uri", "value": "http://a.example/1"}, "http://a.example/1"),
    ({"type": "bnode", "value": "b0"}, "b0"),
    ({"type": "literal", "value": "1"}, "1"),
    ({"type": "literal", "value": "қаз", "xml:lang": "kk"}, "қаз"),
    ({"type": "typed-literal", "value": "1", "datatype": XSD + "integer"}, 1),
    ({"type": "literal", "value": "one", "datatype": XSD + "integer"}, "one"),
    ({"type": "literal", "value": "1.50", "datatype": XSD + "decimal"}, Decimal("1.50")),
    ({"type": "literal", "value": "1e3", "datatype": XSD + "double"}, 1000.0),
    ({"type": "literal", "value": "-INF", "datatype": XSD + "double"}, float("-inf")),
    ({"type": "literal", "value": "0", "datatype": XSD + "boolean"}, False),
    ({"type": "literal", "value": "2018-01-31", "datatype": XSD + "date"}, date(2018, 1, 31)),
    ({"type": "literal", "value": "2018-01-31Z", "datatype": XSD + "date"}, "2018-01-31Z"),
    ({"type": "literal", "value": "2018", "datatype": XSD + "gYear"}, 2018),
    (
        {"type": "literal", "value": "2018-01-31T10:00:00Z", "datatype": XSD + "dateTime"},
        datetime(2018, 1, 31, 10, tzinfo=UTC),
    ),
    ({"type": "literal", "value": "x", "datatype": "urn:x"}, "x"),
]


@pytest.mark.parametrize(("term", "expected"), VALUES)
def test_a_term_becomes_a_value_of_python(term: dict[str, str], expected: object) -> None:
    found = value(term)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, None], "Int64"),
        ([1, Decimal("1.5"), None], "Float64"),
        ([Decimal("0.1")], "Float64"),
        ([2**70], "object"),
        ([True, None], "boolean"),
        (["a", None], "string"),
        ([date(1, 1, 1), None], "datetime64[s]"),
        ([datetime(2018, 1, 1, 10), None], "datetime64[us]"),
        ([datetime(2018, 1, 1, 10, tzinfo=UTC), None], "datetime64[us, UTC]"),
        ([1, "a"], "object"),
        ([1, True], "object"),
        ([None], "object"),
        ([], "object"),
    ],
)
def test_a_column_has_the_type_of_its_values(values: list[Any], dtype: str) -> None:
    found = frame(["x"], [{"x": each} for each in values])
    assert str(found.dtypes["x"]) == dtype
    assert list(found["x"].isna()) == [each is None for each in values]


def test_a_frame_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"kzgraph\[pandas\]"):
        frame(["x"], [])


def test_an_endpoint_gives_rows_frames_truth_and_graphs(url: str) -> None:
    asked = endpoint(f"{url}/sparql", timeout=PATIENCE)
    query = "SELECT ?p ?none ?label { ?p a kzg:Pledge ; rdfs:label ?label } ORDER BY ?p"
    rows = asked.rows(query)
    assert len(rows) > 1
    assert list(rows[0]) == ["p", "none", "label"]
    assert rows[0]["none"] is None
    found = asked.frame(query)
    assert isinstance(found, pandas.DataFrame)
    assert found.shape == (len(rows), 3)
    assert asked.ask("ASK { ?p a kzg:Pledge }") is True
    assert asked.ask("PREFIX kzg: <urn:x:> ASK { ?p a kzg:Pledge }") is False
    made = asked.graph("DESCRIBE <https://w3id.org/kzgraph/ontology#Pledge>")
    assert (URIRef(ONTOLOGY + "Pledge"), RDF.type, None) in made
    # What SPARQLWrapper itself does stays at hand.
    asked.setQuery("ASK { ?p a kzg:Pledge }")
    asked.setReturnFormat("json")
    assert asked.queryAndConvert()["boolean"] is True


def test_an_endpoint_says_what_is_wrong_with_a_query(url: str) -> None:
    asked = endpoint(f"{url}/sparql")
    with pytest.raises(QueryRefused, match="line 1"):
        asked.rows("SELECT {")
    with pytest.raises(QueryRefused, match="is a ASK, not a SELECT"):
        asked.rows("ASK {}")
    with pytest.raises(QueryRefused, match="not a CONSTRUCT or DESCRIBE"):
        asked.graph("SELECT * {}")


@contextmanager
def answering(body: bytes, status: int = 200, wait: float = 0) -> Iterator[str]:
    """A server that gives one answer to everything, after a while."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            over.wait(wait)
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.send_response(status)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the name is the library's

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        over.set()
        server.shutdown()
        server.server_close()


STRANGE = [b"", b"<html></html>", b"[]", b"{}", json.dumps({"head": {"vars": ["x"]}}).encode()]


@pytest.mark.parametrize("body", STRANGE)
def test_an_answer_that_is_not_a_result_is_an_error_of_the_endpoint(body: bytes) -> None:
    with answering(body) as address:
        with pytest.raises(EndpointError, match="not a SPARQL result"):
            endpoint(address).rows("SELECT ?x {}")
        with pytest.raises(EndpointError):
            endpoint(address).ask("ASK {}")


def test_what_is_not_a_check_is_an_error_of_the_endpoint(url: str) -> None:
    for body in (b"", b"[]"):
        with answering(body) as address, pytest.raises(EndpointError, match=r"not that|Expecting"):
            endpoint(address).check("87,632")
    page = answering(b"<html>\n<p>x", status=502)
    with page as address, pytest.raises(EndpointError, match=r"json: Bad Gateway$"):
        endpoint(address).check("87,632")
    with pytest.raises(EndpointError, match=r"time='x' is not known; there are: 2018"):
        endpoint(f"{url}/sparql").check("87,632", time="x")
    russian = endpoint(f"{url}/sparql").check("87,632", language="ru")
    assert russian["findings"][0]["figure"]["label"].startswith("Лица без гражданства")


def test_a_silent_endpoint_is_given_up() -> None:
    with answering(b"", wait=60) as address, pytest.raises(QueryTimeout, match="silent for 1 s"):
        endpoint(address, timeout=1).rows("SELECT ?x {}")


def test_an_endpoint_that_is_not_there_or_fails_is_named() -> None:
    with pytest.raises(EndpointError, match="port"):
        endpoint("http://a.example:80sparql").rows("SELECT ?x {}")
    with answering(b"") as address:
        pass
    with pytest.raises(EndpointError, match=r"127\.0\.0\.1"):
        endpoint(address).rows("SELECT ?x {}")
    with answering(b"", status=500) as address, pytest.raises(EndpointError):
        endpoint(address).rows("SELECT ?x {}")


@pytest.mark.parametrize("address", ["", "file:///etc/hosts", "a.example/sparql"])
def test_an_address_that_is_not_one_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="begins with http"):
        endpoint(address)
