"""What the server says of superseded graphs: queries, whole graphs, files and descriptions."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from front_client import FrontClient
from kzgraph.iri import BASE, GRAPH, graph
from kzgraph.namespaces import DCT, VOID
from kzgraph.release import Release
from kzgraph_server.pages import things
from running import Server, free_port
from server_fixtures import SERVE, call
from vintage_graphs import NEW, OLD, OLDER, PROLOGUE, SUPERSEDED, quads
from vintage_release import make_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """One that has each graph in one format."""
    return make_release(tmp_path_factory.mktemp("vintages"), streamed=True)


@pytest.fixture(scope="module")
def client(release: Release) -> FrontClient:
    return FrontClient(release)


def test_a_superseded_graph_is_sent_whole_in_the_formats_that_it_has(client: FrontClient) -> None:
    found = client.get("/data", query_string={"graph": GRAPH + OLD})
    assert (found.status_code, found.mimetype) == (200, "application/n-triples")
    assert sorted(map(str, parse(found.data, RdfFormat.N_TRIPLES))) == sorted(
        f"{q.subject} {q.predicate} {q.object}" for q in quads([OLD])
    )
    # Nothing is offered that would be refused.
    others = [each for each in found.headers.getlist("Link") if 'rel="alternate"' in each]
    assert [each.partition("format=")[2].partition(">")[0] for each in others] == ["nq"]
    refused = client.get("/data", query_string={"graph": GRAPH + OLD, "format": "rdf"})
    assert refused.status_code == 406
    moved = client.get(f"/graph/{OLD}")
    assert (moved.status_code, moved.headers["Location"]) == (303, f"/dumps/graphs/{OLD}.nt")
    assert client.get("/data", query_string={"graph": GRAPH + "none"}).status_code == 404
    assert client.get("/graph/none").status_code == 404


def test_no_whole_file_and_no_page_has_a_superseded_graph(
    client: FrontClient, tmp_path: Path
) -> None:
    refused = client.get("/data?default&format=nt")
    assert (refused.status_code, "kzgraph.nq" in refused.get_data(as_text=True)) == (404, True)
    small = FrontClient(make_release(tmp_path))
    for each in (client.get("/dumps/kzgraph.nq").data, small.get("/data?default&format=nt").data):
        assert b"<http://example.org/d>" in each
        assert b"<http://example.org/c>" not in each
    page = client.get("/dumps/").get_data(as_text=True)
    _, _, superseded = page.partition(">Superseded graphs")
    for name in SUPERSEDED:
        assert f"graphs/{name}.nt" in superseded
    assert f"graphs/{NEW}.nt" not in superseded


def test_the_page_of_what_only_superseded_graphs_have_says_where_it_is(
    client: FrontClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = {"gone": "c", "nowhere": "z"}
    monkeypatch.setattr(
        things, "thing", lambda *path: NamedNode(f"http://example.org/{cells[path[-1]]}")
    )
    gone = client.get("/page/official/gone")
    text = gone.get_data(as_text=True)
    assert (gone.status_code, f"superseded ones do: {OLD}. " in text) == (404, True)
    nowhere = client.get("/page/official/nowhere")
    assert (nowhere.status_code, "superseded" in nowhere.get_data(as_text=True)) == (404, False)


def described(client: FrontClient, address: str) -> Store:
    found = Store()
    answer = client.get(address, headers={"Accept": "application/n-triples"})
    found.load(answer.data, RdfFormat.N_TRIPLES)
    return found


def test_the_service_description_has_superseded_graphs_apart(client: FrontClient) -> None:
    found = described(client, "/sparql")

    query = """PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
      SELECT ?name { ?service %s/sd:namedGraph/sd:name ?name }"""

    def named(path: str) -> set[str]:
        return {str(name) for (name,) in found.query(query % path)}  # type: ignore[union-attr]

    old = {str(graph(name)) for name in SUPERSEDED}
    assert str(graph(NEW)) in named("sd:defaultDataset")
    assert named("sd:availableGraphs") == named("sd:defaultDataset") | old
    assert named("sd:defaultDataset").isdisjoint(old)
    (new,) = found.quads_for_pattern(graph(OLD), DCT["isReplacedBy"], None)
    assert new.object == graph(NEW)


def test_void_counts_superseded_graphs_by_themselves(client: FrontClient) -> None:
    found = described(client, "/.well-known/void")
    subsets = {q.object for q in found.quads_for_pattern(None, VOID["subset"], None)}
    assert graph(NEW) in subsets
    assert graph(OLD) not in subsets
    (count,) = found.quads_for_pattern(graph(OLD), VOID["triples"], None)
    assert count.object == Literal(6)
    dumps = {str(q.object) for q in found.quads_for_pattern(graph(OLD), VOID["dataDump"], None)}
    assert {each.rpartition("/")[2] for each in dumps} == {f"{OLD}.nt>", f"{OLD}.nt.gz>"}
    whole = "<id/dataset/kzgraph>"
    parts = f"SELECT (SUM(?n) AS ?sum) {{ {whole} void:subset/void:triples ?n }}"
    equal = f"ASK {{ {{ {parts} }} {whole} void:triples ?sum }}"
    assert found.query(equal, base_iri=BASE, prefixes={"void": VOID.iri})


@pytest.fixture(scope="module")
def url(release: Release) -> Iterator[str]:
    with Server([*SERVE, str(release.path.parent)], free_port()) as server:
        yield server.url


def ask(url: str, query: str, **parameters: str) -> list[str]:
    """The first column of the answer of a server with worker processes."""
    target = urlencode({"query": PROLOGUE + query, "format": "json", **parameters})
    reply = call(f"{url}/sparql?{target}")
    assert reply.status == 200, reply.body
    rows = json.loads(reply.body)["results"]["bindings"]
    return [next(iter(row.values()))["value"] for row in rows]


def test_the_endpoint_answers_from_the_graphs_that_a_query_names(url: str) -> None:
    count = "SELECT (SUM(?v) AS ?s) { ?c :v ?v }"
    assert ask(url, count) == ["35"]
    assert ask(url, count, **{"default-graph-uri": GRAPH + OLD}) == ["30"]
    assert ask(url, count) == ["35"]  # The answer that is kept.
    named = "SELECT (SUM(?v) AS ?s) { GRAPH ?g { ?c :v ?v } }"
    assert ask(url, named) == ["35"]
    assert ask(url, named, **{"named-graph-uri": GRAPH + OLDER}) == ["33"]
    revised = """SELECT ?now { ?new dcterms:replaces ?old GRAPH ?old { ?c :v ?was }
      GRAPH ?new { ?c :v ?now } FILTER(?was != ?now) }"""
    assert ask(url, revised) == ["20", "20"]
    assert ask(url, f"SELECT ?o {{ GRAPH g:{OLD} {{ :c :v ?o }} }}") == ["1"]
    assert ask(url, "SELECT ?p { :c ?p ?o }") == []


def test_an_earlier_release_has_its_own_graphs(url: str, release: Release) -> None:
    there = f"{url}/releases/{release.version}"
    assert ask(there, f"SELECT (SUM(?v) AS ?s) {{ GRAPH g:{OLD} {{ ?c :v ?v }} }}") == ["30"]
