"""Other engines that federate with a served release: Comunica, Oxigraph, Virtuoso and rdflib.

Each answer is that of one store with both the release and what the other engine has.
"""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import Store

from conformance import Site
from engines import Engine, virtuoso_server
from extract_peers import (
    COUNTRIES,
    DECLARED,
    EXTRACT,
    extract_server,
    load_both,
    rows_of,
    solutions,
)
from processes import PATIENCE

COMUNICA = Path(__file__).parent / "comunica"


@dataclass(frozen=True)
class Both:
    """Two servers, and one store with the data of both."""

    here: Site
    there: Engine
    store: Store

    @property
    def endpoint(self) -> str:
        """The address of the endpoint of the release."""
        return f"{self.here.url}/sparql"


@pytest.fixture(scope="module")
def both(
    plain_site: Site, release_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    with extract_server(tmp_path_factory.mktemp("extract")) as there:
        yield Both(plain_site, there, load_both(release_root))


@dataclass(frozen=True)
class Told:
    """What Comunica says.

    Attributes:
        answer: empty where it failed.
        error: why it failed.
        requests: for each its method, address, query and status.
    """

    answer: str
    error: str
    requests: list[tuple[str, str, str | None, int]]


Ask = Callable[..., Told]


@pytest.fixture(scope="module")
def comunica() -> Iterator[Ask]:
    """Asks Comunica a query over sources; one process answers all."""
    node = shutil.which("node")
    if node is None or not (COMUNICA / "node_modules" / ".package-lock.json").exists():
        pytest.skip("Comunica is not installed; with Node 20 or newer, run: make comunica")
    process = subprocess.Popen(
        [node, COMUNICA / "ask.js"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    said, told = process.stdin, process.stdout

    def ask(query: str, *sources: str) -> Told:
        said.write(json.dumps({"query": DECLARED + query, "sources": sources}) + "\n")
        said.flush()
        # Some plans of its take minutes; then there is nothing to read.
        ending = threading.Timer(PATIENCE, process.kill)
        ending.start()
        found = json.loads(told.readline())
        ending.cancel()
        requests = [tuple(each) for each in found["requests"]]
        return Told(found.get("answer", ""), found.get("error", ""), requests)

    yield ask
    said.close()
    process.wait()


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ {COUNTRIES} ?item wdt:P1082 ?people }}",
        f"SELECT * {{ {COUNTRIES} OPTIONAL {{ ?item wdt:P1082 ?people }} }}",
        f"SELECT * {{ {COUNTRIES} OPTIONAL {{ ?item wdt:P36 ?city . ?place owl:sameAs ?city }} }}",
        f"SELECT * {{ {COUNTRIES} {{ ?item wdt:P36 ?n }} UNION "
        "{ ?country schema:identifier ?n } }",
        f"SELECT * {{ {COUNTRIES} MINUS {{ ?item wdt:P1082 ?people }} }}",
        f"SELECT ?country (SUM(?n) AS ?all) {{ {COUNTRIES} ?item wdt:P1082 ?n }} GROUP BY ?country",
        f"SELECT (COUNT(*) AS ?n) {{ {COUNTRIES} ?item ?property ?value }}",
        "SELECT ?figure ?value ?iso { ?figure a kzg:PopulationFigure ; kzg:country ?country ; "
        "kzg:value ?value . ?country owl:sameAs ?item . ?item wdt:P298 ?iso }",
        "SELECT * { ?item wdt:P298 ?iso . ?country schema:identifier ?iso }",
        "SELECT * { VALUES ?item { wd:Q232 wd:Q408 } ?country owl:sameAs ?item ; "
        "schema:identifier ?iso . ?item rdfs:label ?name }",
        "SELECT * { { SELECT ?item (MAX(?n) AS ?most) { ?item wdt:P1082 ?n } GROUP BY ?item } "
        "?country owl:sameAs ?item }",
    ],
)
def test_comunica_answers_over_two_servers_as_one_store_does(
    both: Both, comunica: Ask, query: str
) -> None:
    told = comunica(query, both.endpoint, both.there.query)
    assert told.error == ""
    found = rows_of(json.loads(told.answer))
    assert found == solutions(both.store, DECLARED + query)
    assert found
    assert {status for *_, status in told.requests} == {200}
    assert {address for _, address, *_ in told.requests} == {both.endpoint, both.there.query}


def test_comunica_finds_out_what_is_here_and_asks_for_what_it_can_join(
    both: Both, comunica: Ask
) -> None:
    """The kinds of its requests: the description, COUNT and ASK, and its bound joins by POST."""
    query = (
        "SELECT ?iso { ?country a schema:Country ; schema:identifier ?iso ; owl:sameAs ?item . "
        "?item wdt:P36 ?city }"
    )
    told = comunica(query, both.endpoint, both.there.query)
    here = [each for each in told.requests if each[1] == both.endpoint]
    assert sum("COUNT" in (query or "") for _, _, query, _ in here) > 0
    assert sum((query or "").startswith("ASK") for _, _, query, _ in here) > 0
    assert any(method == "POST" and "VALUES" in (query or "") for method, _, query, _ in here)
    assert {status for *_, status in here} == {200}


def test_what_clients_of_quads_get_for_a_description(both: Both) -> None:
    """Comunica wants N-Quads; JSON-LD takes it ten times as long to parse."""
    wanted = "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,text/html;q=0.2"
    reply = both.here.get("/sparql", wanted)
    assert reply.type == "application/n-quads"
    assert reply.body.count(b"sparql-service-description#endpoint") == 1


def test_comunica_takes_other_forms_from_here(both: Both, comunica: Ask) -> None:
    sources = (both.endpoint, both.there.query)
    asked = comunica(f"ASK {{ {COUNTRIES} ?item wdt:P1082 20000001 }}", *sources)
    assert json.loads(asked.answer)["boolean"] is True
    made = comunica(
        f"CONSTRUCT {{ ?country schema:size ?n }} {{ {COUNTRIES} ?item wdt:P1082 ?n }}", *sources
    )
    assert len(made.answer.splitlines()) == 5
    described = comunica("DESCRIBE country:KAZ", both.endpoint)
    assert len(described.answer.splitlines()) > 10


def test_comunica_asks_one_server_what_must_not_exist(both: Both, comunica: Ask) -> None:
    """A fault of Comunica 5.4.1: once this fails, docs/federation.md need not warn of it."""
    query = f"SELECT * {{ {COUNTRIES} FILTER NOT EXISTS {{ ?item wdt:P36 ?city }} }}"
    found = rows_of(json.loads(comunica(query, both.endpoint, both.there.query).answer))
    assert found == solutions(both.store, DECLARED + f"SELECT * {{ {COUNTRIES} }}")


def test_comunica_passes_on_why_a_call_is_refused(both: Both, comunica: Ask) -> None:
    """With one source it leaves SERVICE to that; with both as sources none is needed."""
    query = f"SELECT * {{ {COUNTRIES} SERVICE <{both.there.query}> {{ ?item wdt:P1082 ?n }} }}"
    told = comunica(query, both.endpoint)
    assert "this endpoint queries no other one" in told.error


#: With `OWN` before what the other engine has, and `HERE` before what it asks here.
CALLS = [
    f"SELECT * {{ HERE {{ {COUNTRIES} }} OWN {{ ?item wdt:P1082 ?people }} }}",
    "SELECT * { OWN { ?item wdt:P1082 ?people } HERE { ?country owl:sameAs ?item ; "
    "schema:identifier ?iso } }",
    "SELECT ?item ?n { OWN { ?item wdt:P298 ?iso } HERE { SELECT ?item (COUNT(*) AS ?n) { "
    "?figure kzg:country ?country . ?country owl:sameAs ?item } GROUP BY ?item } }",
]
OPTIONAL = (
    "SELECT * { OWN { ?item wdt:P1082 ?people } OPTIONAL { HERE { ?country owl:sameAs ?item } } }"
)


def call(pattern: str, endpoint: str, own: str = "") -> str:
    service = f"SERVICE <{endpoint}>" if endpoint else ""
    return DECLARED + pattern.replace("HERE", service).replace("OWN", own)


@pytest.mark.parametrize("pattern", [*CALLS, OPTIONAL])
def test_the_oxigraph_server_asks_here(both: Both, pattern: str) -> None:
    with both.there.client() as client:
        reply = client.post(both.there.query, data={"query": call(pattern, both.endpoint)})
    assert rows_of(reply.json()) == solutions(both.store, call(pattern, ""))


@pytest.mark.parametrize("pattern", [*CALLS, OPTIONAL])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rdflib_asks_here(both: Both, pattern: str) -> None:
    graph = rdflib.Graph()
    graph.parse(data=EXTRACT, format="turtle")
    found = graph.query(call(pattern, both.endpoint)).serialize(format="json")
    assert found is not None
    assert rows_of(json.loads(found)) == solutions(both.store, call(pattern, ""))


@pytest.mark.long  # Seven seconds, which is much for an engine that others rarely federate with.
def test_virtuoso_asks_here(both: Both, tmp_path: Path) -> None:
    """With GRAPH for what it has: a FROM of the query it would send along with each call.

    Nor can it call from inside OPTIONAL, or for a subquery behind other patterns: there it sends a
    query with UNDEF for a term.
    """
    with virtuoso_server(tmp_path) as engine, engine.client() as client:
        graph = "https://example.org/there"
        client.put(
            engine.graphs,
            params={"graph-uri": graph},
            content=EXTRACT,
            headers={"Content-Type": "text/turtle"},
        ).raise_for_status()
        for pattern in CALLS[:2]:
            reply: Any = client.get(
                engine.update,
                params={"query": call(pattern, both.endpoint, f"GRAPH <{graph}>")},
                headers={"Accept": "application/sparql-results+json"},
            )
            assert rows_of(reply.json()) == solutions(both.store, call(pattern, "")), pattern
