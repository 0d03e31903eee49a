"""A served release that asks real peers: the Oxigraph server with an extract, and bad ones.

The extract has items that links of ours lead to. Each answer is that of one store with both.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyoxigraph import Store

from conformance import Site, site
from endpoints import (
    Respond,
    bindings,
    dripping,
    endless,
    hang_up,
    sending,
    serving,
    silent_for_long,
)
from extract_peers import COUNTRIES, DECLARED, THERE, extract_server, load_both, rows_of, solutions
from kzgraph.example_queries import Example, read_examples
from kzgraph_server.federation.fetch import Limits
from running import free_port
from server_fixtures import Reply

#: More items than one answer may have.
MANY = Limits().rows + 500
GARBAGE = {"i": {"type": "uri", "value": "not an IRI"}}
RESPONSES: dict[str, Respond] = {
    "silent": silent_for_long,
    "dripping": dripping,
    "endless": endless,
    "hung-up": hang_up,
    "page": sending(b"<html>", content_type="text/html"),
    "garbage": sending(bindings(GARBAGE)),
    "away": sending(b"", status=302, Location="http://169.254.169.254/"),
    "blank": sending(bindings({"i": {"type": "bnode", "value": "b"}})),
}


@dataclass(frozen=True)
class Peers:
    """A server and whom it may ask.

    Attributes:
        here: the server.
        there: the address of the Oxigraph server.
        bad: the address of one that answers by the last part of its path.
        dead: an address where nobody listens.
        both: one store with the graphs of the release, and the extract as the graph `THERE`.
    """

    here: Site
    there: str
    bad: str
    dead: str
    both: Store

    def solutions(self, pattern: str) -> list[str]:
        """What the server answers where `CALL` asks the peer; in an order of its own."""
        reply = self.here.ask(query(pattern, f"SERVICE <{self.there}>"))
        assert reply.status == 200, reply.body.decode()
        return rows_of(reply.json)


def query(pattern: str, call: str) -> str:
    return DECLARED + pattern.replace("CALL", call)


def respond(handler: BaseHTTPRequestHandler, asked: str) -> None:
    RESPONSES[handler.path.rpartition("/")[2]](handler, asked)


@pytest.fixture(scope="module")
def peers(release_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    many = "".join(
        f"<http://www.wikidata.org/entity/Q{10**9 + each}> "
        f"<http://www.wikidata.org/prop/direct/P2046> {each} .\n"
        for each in range(MANY)
    )
    dead = f"http://127.0.0.1:{free_port()}/sparql"
    folder = tmp_path_factory.mktemp("peer")
    with extract_server(folder, many) as peer, serving(respond) as bad:
        local = f"http://127.0.0.1:{bad.port}"
        listed = [peer.query, dead, *(f"{local}/{each}" for each in RESPONSES)]
        with site(
            release_root, service_allow=" ".join(listed), service_networks="127.0.0.1"
        ) as here:
            yield Peers(here, peer.query, local, dead, load_both(release_root))


@pytest.mark.parametrize(
    "pattern",
    [
        # From here to there, and from there to here.
        f"SELECT * {{ {COUNTRIES} CALL {{ ?item wdt:P1082 ?people }} }}",
        f"SELECT * {{ CALL {{ ?item wdt:P1082 ?people }} {COUNTRIES} }}",
        "SELECT * { CALL { ?city wdt:P17 ?item } ?place owl:sameAs ?city . "
        "?country owl:sameAs ?item ; schema:identifier ?iso }",
        f"SELECT * {{ {COUNTRIES} OPTIONAL {{ CALL {{ ?item wdt:P1082 ?people }} }} }}",
        f"SELECT * {{ {COUNTRIES} OPTIONAL {{ CALL {{ ?item wdt:P36 ?city }} "
        "OPTIONAL { ?place owl:sameAs ?city ; rdfs:label ?name } } }",
        f"SELECT * {{ {COUNTRIES} CALL {{ ?item rdfs:label ?name OPTIONAL "
        "{ ?item wdt:P36/rdfs:label ?capital } } }",
        f"SELECT * {{ {COUNTRIES} {{ CALL {{ ?item wdt:P1082 ?n }} }} UNION "
        "{ ?country schema:identifier ?n } }",
        "SELECT * { VALUES ?item { wd:Q232 wd:Q183 } CALL { ?item wdt:P1082 ?people } "
        "OPTIONAL { ?country owl:sameAs ?item } }",
        f"SELECT ?country (SUM(?people) AS ?all) {{ {COUNTRIES} CALL "
        "{ ?item wdt:P1082 ?people } } GROUP BY ?country",
        f"SELECT * {{ {COUNTRIES} {{ SELECT ?item (COUNT(?p) AS ?n) {{ CALL "
        "{ ?item wdt:P1082 ?p } } GROUP BY ?item } }",
        f"SELECT * {{ {COUNTRIES} CALL {{ SELECT ?item (MAX(?p) AS ?most) "
        "{ ?item wdt:P1082 ?p } GROUP BY ?item } }",
        f"SELECT * {{ {COUNTRIES} MINUS {{ CALL {{ ?item wdt:P1082 ?people }} }} }}",
        f"SELECT * {{ {COUNTRIES} FILTER NOT EXISTS {{ CALL {{ ?item wdt:P1082 ?people }} }} }}",
        f"SELECT * {{ {COUNTRIES} BIND(STR(?item) AS ?text) FILTER(CONTAINS(?text, 'Q8')) "
        "CALL { ?item wdt:P1082 ?people FILTER(?people > 7000000) } }",
        "SELECT * { ?country schema:identifier ?iso ; owl:sameAs ?item CALL { ?item wdt:P298 ?iso }"
        " CALL { ?item wdt:P36 ?city } }",
        "SELECT * { GRAPH ?g { ?country owl:sameAs ?item } CALL { ?item wdt:P36 ?city } }",
    ],
)
def test_a_query_over_two_servers_is_answered_as_over_one_store(peers: Peers, pattern: str) -> None:
    found = peers.solutions(pattern)
    expected = query(pattern, f"GRAPH <{THERE.value}>")
    assert found == solutions(peers.both, expected, apart=True)
    assert found


FEDERATED = [each for each in read_examples() if each.endpoints]


@pytest.mark.parametrize("example", FEDERATED, ids=lambda each: each.number)
def test_the_examples_that_ask_wikidata_are_answered(peers: Peers, example: Example) -> None:
    """By the extract, in its place."""
    (endpoint,) = example.endpoints
    call = f"SERVICE <{endpoint}>"
    reply = peers.here.ask(example.query.replace(call, f"SERVICE <{peers.there}>"))
    expected = example.query.replace(call, f"GRAPH <{THERE.value}>")
    assert rows_of(reply.json) == solutions(peers.both, expected, apart=True)
    assert len(rows_of(reply.json)) == {"150": 5, "151": 1}[example.number]


def test_what_the_query_here_leaves_is_all_that_is_asked_for(peers: Peers) -> None:
    """Asked as it is written, the peer has more solutions than are taken."""
    whole = peers.here.ask(
        query("SELECT * { CALL { ?item wdt:P2046 ?n } }", f"SERVICE <{peers.there}>")
    )
    assert whole.status == 422
    assert "more than 10,000 solutions" in whole.json["detail"]
    assert "bind one of its variables to at most 1,000 IRIs" in whole.json["detail"]
    bound = "{ VALUES ?item { wd:Q1000000007 wd:Q1 } CALL { ?item wdt:P2046 ?n } }"
    assert len(peers.solutions(f"SELECT * {bound}")) == 1
    none = "SELECT * { ?item a kzg:Nothing CALL { ?item wdt:P2046 ?n } }"
    assert peers.solutions(none) == []


def test_other_forms_ask_as_well(peers: Peers) -> None:
    call = f"SERVICE <{peers.there}>"
    asked = query(f"ASK {{ {COUNTRIES} CALL {{ ?item wdt:P1082 20000001 }} }}", call)
    assert peers.here.ask(asked).json["boolean"] is True
    made = query(
        f"CONSTRUCT {{ ?country schema:size ?n }} {{ {COUNTRIES} CALL {{ ?item wdt:P1082 ?n }} }}",
        call,
    )
    reply = peers.here.ask(made, "application/n-triples")
    assert len(reply.body.splitlines()) == 5


FAILS = {
    "silent": (504, "did not answer in time"),
    "dripping": (504, "did not answer in time"),
    "hung-up": (502, "cannot be reached, or its answer broke off"),
    "page": (502, "is not SPARQL 1.1 Query Results JSON"),
    "garbage": (502, "is not SPARQL 1.1 Query Results JSON"),
}
REFUSED = {
    "endless": (422, "larger than 2,097,152 bytes"),
    "away": (403, "points to another address"),
    "blank": (422, "holds a blank node"),
}


def call_bad(peers: Peers, name: str, silent: str = "") -> Reply:
    """What is answered where one peer is bad."""
    address = peers.dead if name == "dead" else f"{peers.bad}/{name}"
    pattern = "SELECT ?iso ?n { country:KAZ schema:identifier ?iso OPTIONAL { CALL { ?i ?p ?n } } }"
    return peers.here.ask(query(pattern, f"SERVICE {silent} <{address}>"), timeout="1")


@pytest.mark.parametrize("name", [*FAILS, "dead", *REFUSED])
def test_a_bad_peer_is_told_in_words(peers: Peers, name: str) -> None:
    status, words = {**FAILS, "dead": FAILS["hung-up"], **REFUSED}[name]
    reply = call_bad(peers, name)
    assert reply.status == status
    assert words in reply.json["detail"]
    assert f"<{peers.dead if name == 'dead' else peers.bad}" in reply.json["detail"]


@pytest.mark.parametrize("name", ["dead", "garbage"])
def test_silent_passes_over_a_bad_peer(peers: Peers, name: str) -> None:
    reply = call_bad(peers, name, "SILENT")
    assert [sorted(row) for row in reply.json["results"]["bindings"]] == [["iso"]]


def test_rows_of_others_are_under_no_licence_of_ours(peers: Peers) -> None:
    text = query(
        f"SELECT ?country ?people {{ {COUNTRIES} CALL {{ ?item wdt:P1082 ?people }} }}",
        f"SERVICE <{peers.there}>",
    )
    table = peers.here.ask(text, "text/csv")
    assert len(list(csv.reader(io.StringIO(table.body.decode())))) == 6
    assert table.headers["Cache-Control"] == "no-store"
    assert 'rel="license"' not in ", ".join(table.headers.get_all("Link") or ())
    told = peers.here.ask(text, "text/csv", csvw="true").json
    assert "dc:license" not in told
    assert told["http://www.w3.org/ns/shacl#select"] == text
    assert {"@id": peers.there} in told["dc:source"]
    book = load_workbook(io.BytesIO(peers.here.ask(text, format="xlsx").body))
    assert f"{peers.there}: its licence is not known here" in book.properties.description


def test_a_query_that_cannot_be_evaluated_comes_back_as_it_was_written(peers: Peers) -> None:
    text = query(
        "SELECT * { CALL { ?item wdt:P1082 ?n } FILTER(<x:f>(?n)) }", f"SERVICE <{peers.there}>"
    )
    reply = peers.here.ask(text)
    assert reply.status == 400
    assert reply.json.get("query", text) == text
