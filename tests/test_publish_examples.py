"""`kzgraph publish --examples` asks the store what it asks the release, and says what differs."""

from collections.abc import Iterator

import pytest

from commands import run
from engines import oxigraph_server
from forwarding import Passing, Proxy, Reply, proxy
from kzgraph.example_queries import Example
from kzgraph.publish import Patience, PublishError, RemoteStore, Target, example_answers, publish
from kzgraph.publish.example_answers import ExampleAnswer, ask_examples, read_rows
from kzgraph.release import Release
from vintage_release import make_release

XSD = "http://www.w3.org/2001/XMLSchema#"


def example(number: str, form: str, query: str, *endpoints: str) -> Example:
    return Example(number, f"Question {number}?", "t", "u", (), "", form, query, endpoints)


EXAMPLES = [
    example("001", "select", "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"),
    example("002", "ask", "ASK { ?d dcterms:title ?t }"),
    example("003", "construct", "CONSTRUCT { ?s rdfs:label ?o } { ?s rdfs:label ?o }"),
    example("004", "select", "SELECT ?new { ?new dcterms:replaces ?o . GRAPH ?o { ?s ?p ?v } }"),
    example("005", "select", "SELECT * { SERVICE <http://x.example/> {} }", "http://x.example/"),
]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("vintages"))


@pytest.fixture(scope="module")
def between(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy before a store that has the current graphs."""
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as engine:
        with RemoteStore() as store:
            outcome = publish(release, Target.at(engine.graphs), store, release.path.parent)
        assert outcome.faults == []
        engine.run("INSERT DATA { GRAPH <urn:theirs> { <urn:x> <urn:p> 1 } }")
        with proxy(engine.graphs.removesuffix("/store")) as found:
            yield found


def answers(
    release: Release, between: Proxy, monkeypatch: pytest.MonkeyPatch
) -> dict[str, ExampleAnswer]:
    monkeypatch.setattr(example_answers, "read_examples", lambda: EXAMPLES)
    names = list(release.manifest["counts"]["graphs"])
    with RemoteStore(patience=Patience(attempts=1)) as store:
        found = ask_examples(release, f"{between.url}/query", store, names)
        return {each.number: each for each in found}


def test_a_store_with_the_release_answers_as_the_release_does(
    release: Release, between: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = answers(release, between, monkeypatch)
    assert {number: each.verdict for number, each in found.items()} == {
        "001": "same",
        "002": "same",
        "003": "same",
        "004": "not asked",
    }


def test_other_answers_and_refusals_are_told_apart(
    release: Release, between: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = {"Content-Type": "application/sparql-results+json"}

    def mislead(passing: Passing) -> Reply | None:
        if b"COUNT" in passing.body:
            return 200, kind, b'{"head": {"vars": ["g"]}, "results": {"bindings": [{}]}}'
        if b"ASK" in passing.body:
            return 400, {}, b"no such function"
        return (200, {}, b"<urn:a> <urn:b>") if b"CONSTRUCT" in passing.body else None

    between.hook = mislead
    found = answers(release, between, monkeypatch)
    between.hook = None
    graphs = len(release.manifest["counts"]["graphs"])
    assert found["001"].verdict == "different"
    assert f"of {graphs} rows {graphs} are missing or changed, and 1" in found["001"].detail
    assert found["002"].verdict == "refused"
    assert "no such function" in found["002"].detail
    assert "not a result of SPARQL" in found["003"].detail


def row(value: str, datatype: str) -> bytes:
    term = f'{{"type": "typed-literal", "value": "{value}", "datatype": "{XSD}{datatype}"}}'
    return f'{{"head": {{"vars": ["v"]}}, "results": {{"bindings": [{{"v": {term}}}]}}}}'.encode()


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (("0.10", "decimal"), ("0.1", "decimal"), True),
        (("1", "integer"), ("1.0", "decimal"), True),
        (("0.3333333333", "decimal"), ("0.333333333333333333", "decimal"), True),
        (("true", "boolean"), ("1", "integer"), True),
        (("0.1", "decimal"), ("0.2", "decimal"), False),
        (("2018", "gYear"), ("2018", "integer"), False),
        (("INF", "double"), ("NaN", "double"), False),
    ],
)
def test_values_are_compared_by_what_they_mean(
    one: tuple[str, str], other: tuple[str, str], equal: bool
) -> None:
    assert (read_rows(row(*one)) == read_rows(row(*other))) is equal


def test_what_is_not_a_result_is_an_error() -> None:
    with pytest.raises(PublishError, match="not a result of SPARQL"):
        read_rows(b"<html>")


def test_the_examples_need_all_graphs(release: Release) -> None:
    where = ("publish", "--to", "http://127.0.0.1:9/store", "--releases", release.path.parent)
    for more in (("--dry-run",), ("--graph", "doc")):
        done = run(*where, "--examples", *more)
        assert done.returncode == 2
        assert "--examples is about all graphs" in done.stderr
