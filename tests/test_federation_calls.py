"""SERVICE against real endpoints on the loopback, which only these tests may call."""

import asyncio
import gzip
import ssl
import subprocess
import time
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, Store

from endpoints import (
    EX,
    HERE,
    RESULTS,
    TEST,
    THERE,
    Endpoint,
    Respond,
    answering,
    bindings,
    cut_short,
    dripping,
    endless,
    endless_header,
    hang_up,
    noise,
    quads,
    send,
    sending,
    serving,
    silent_for_long,
    stored,
)
from kzgraph.problem import Problem
from kzgraph.public_address import Address
from kzgraph_server.allow_list import Network
from kzgraph_server.federation.fetch import Federation, Limits


def filled(
    text: str,
    *allowed: str,
    network: Network | None = TEST,
    tls: ssl.SSLContext | None = None,
    **limits: Any,
) -> str:
    """The query with its calls resolved."""

    async def work() -> str:
        federation = Federation(allowed, Limits(**limits), network=network, tls=tls)
        plan = federation.plan(text)
        assert plan is not None
        return await federation.fill(plan, 60, "client")

    return asyncio.run(work())


def one_call(endpoint: Endpoint | str, silent: str = "", pattern: str = "?s ?p ?o") -> str:
    url = endpoint if isinstance(endpoint, str) else endpoint.url
    return f"SELECT * {{ SERVICE {silent} <{url}> {{ {pattern} }} }}"


def failure(respond: Respond, silent: str = "", **how: Any) -> Problem:
    """What is said of a call of an endpoint that answers with `respond`."""
    with serving(respond) as endpoint, pytest.raises(Problem) as caught:
        filled(one_call(endpoint, silent), endpoint.url, **how)
    return caught.value


def solutions(result: Any) -> list[str]:
    """The solutions in an order of their own, each with its variables."""
    names = sorted(variable.value for variable in result.variables)
    return sorted(str([(name, str(each[name])) for name in names]) for each in result)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ex:name ?n . CALL { ?s ex:people ?p } }",
        "SELECT * { CALL { ?s ex:people ?p } ?s ex:name ?n }",
        "SELECT ?s ?n { ?s ex:name ?n CALL { ?x ex:label ?n } }",
        "SELECT * { ?s ex:name ?n OPTIONAL { CALL { ?s ex:people ?p } FILTER(?p > 5) } }",
        "SELECT * { ?s ex:name ?n MINUS { CALL { ?s ex:people ?p } } }",
        "SELECT * { ?s ex:name ?n FILTER NOT EXISTS { CALL { ?s ex:people ?p } } }",
        "SELECT * { { ?s ex:name ?n } UNION { CALL { ?s ex:people ?n } } }",
        "SELECT * { CALL { ?s ex:people ?p } CALL { ?s ex:near ?t OPTIONAL { ?t ex:no ?o } } }",
        "SELECT * { CALL { ?s ?q ?p FILTER(?s = ex:a) } BIND(?p AS ?r) FILTER(?q != ex:name) }",
        "SELECT (SUM(?p) AS ?all) { ?s ex:name ?n CALL { ?s ex:people ?p } } GROUP BY ?n",
        "SELECT * { ?s ex:name ?n { SELECT ?s (MAX(?p) AS ?m)"
        " { CALL { ?s ex:people ?p } } GROUP BY ?s } }",
        "SELECT * { CALL { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } ?s ex:near ?t }",
        "SELECT * { ?s ex:name ?n CALL { ex:a ex:people 5 } }",
        "SELECT * { ?s ex:name ?n CALL { ex:a ex:people 6 } }",
        "SELECT * { CALL { VALUES (?s ?w) { (ex:a UNDEF) (UNDEF 1) } } ?s ex:name ?n }",
    ],
)
def test_a_call_joins_as_if_the_data_were_here(query: str) -> None:
    query = f"PREFIX ex: <{EX}>\n{query}"
    remote = "https://example.org/remote"
    merged = stored(*HERE)
    merged.extend(quads(*THERE, graph=remote))
    expected = solutions(merged.query(query.replace("CALL", f"GRAPH <{remote}>")))
    with serving(answering(stored(*THERE))) as endpoint:
        text = filled(query.replace("CALL", f"SERVICE <{endpoint.url}>"), endpoint.url)
        assert len(endpoint.queries) == query.count("CALL")
    assert "SERVICE" not in text
    assert solutions(stored(*HERE).query(text)) == expected


def test_an_endpoint_is_asked_as_the_protocol_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with serving(answering(Store())) as endpoint:
        filled(one_call(endpoint), endpoint.url)
    (headers,) = endpoint.headers
    assert headers["Host"] == f"endpoint.example:{endpoint.port}"
    assert headers["Accept"] == RESULTS
    assert headers["Accept-Encoding"] == "identity"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Cookie" not in headers
    assert endpoint.queries == ["BASE <https://w3id.org/kzgraph/>\nSELECT * WHERE { ?s ?p ?o }"]


@pytest.mark.parametrize("silent", ["", "SILENT"])
@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0",
     "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]"],
)  # fmt: skip
def test_this_machine_is_not_called_however_it_is_written(host: str, silent: str) -> None:
    with serving(answering(Store())) as endpoint:
        url = f"http://{host}:{endpoint.port}/sparql"
        with pytest.raises(Problem) as caught:
            filled(one_call(url, silent), url, network=None)
    assert caught.value.status == 403
    assert "not at a public address" in caught.value.detail
    assert endpoint.queries == []


@pytest.mark.parametrize(
    "found", [["10.1.2.3"], ["169.254.169.254"], ["::ffff:192.168.0.1"], ["8.8.8.8", "127.0.0.1"]]
)
def test_a_name_that_leads_to_a_private_address_is_not_called(found: list[str]) -> None:
    async def look_up(host: str, port: int) -> list[Address]:
        return [ip_address(each) for each in found]

    url = "https://example.org/sparql"
    with pytest.raises(Problem) as caught:
        filled(one_call(url, "SILENT"), url, network=Network(look_up=look_up))
    assert caught.value.status == 403
    assert not any(each in caught.value.detail for each in found)


def test_a_name_is_looked_up_once_and_called_where_it_was_looked_at() -> None:
    asked: list[str] = []

    async def look_up(host: str, port: int) -> list[Address]:
        asked.append(host)
        return [ip_address("127.0.0.1" if len(asked) == 1 else "127.0.0.2")]

    network = Network(look_up=look_up, permits=lambda address: address == ip_address("127.0.0.1"))
    with serving(answering(Store())) as endpoint:
        filled(one_call(endpoint), endpoint.url, network=network)
    assert asked == ["endpoint.example"]
    assert len(endpoint.queries) == 1


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    async def look_up(host: str, port: int) -> list[Address]:
        return [ip_address("127.0.0.2"), ip_address("127.0.0.3"), ip_address("127.0.0.1")]

    network = Network(look_up=look_up, permits=lambda address: address.is_loopback)
    with serving(answering(Store())) as endpoint:
        filled(one_call(endpoint), endpoint.url, network=network)
    assert len(endpoint.queries) == 1


@pytest.mark.parametrize("silent", ["", "SILENT"])
@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, silent: str) -> None:
    with serving(answering(Store())) as other:
        problem = failure(sending(b"", status=status, Location=other.url), silent)
        assert other.queries == []
    assert problem.status == 403
    assert "not followed" in problem.detail


FAILURES: dict[str, tuple[Respond, str]] = {
    "error status": (sending(b"secret of the endpoint", status=500), "status 500"),
    "created": (sending(bindings(), status=201), "status 201"),
    "other format": (sending(bindings(), content_type="text/html"), "not SPARQL 1.1"),
    "no JSON": (sending(b"<html>"), "not SPARQL 1.1"),
    "true or false": (sending(b'{"head":{},"boolean":true}'), "not SPARQL 1.1"),
    "deep": (sending(b"[" * 40_000), "not SPARQL 1.1"),
    "compressed": (sending(gzip.compress(bindings()), Content_Encoding="gzip"), "compressed"),
    "an IRI that closes itself": (
        sending(bindings({"s": {"type": "uri", "value": "x:> } SERVICE <x:y> {"}})),
        "not SPARQL 1.1",
    ),
    "hung up": (hang_up, "cannot be reached"),
    "noise": (noise, "cannot be reached"),
    "cut short": (cut_short, "broke off"),
    "endless header": (endless_header, "cannot be reached"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_of_the_endpoint_is_named(name: str) -> None:
    respond, words = FAILURES[name]
    problem = failure(respond, bytes=50_000, rows=100)
    assert problem.status == 502
    assert words in problem.detail
    assert "secret" not in problem.detail


#: What is larger than the limits of the test, which are this server's.
LARGE: dict[str, tuple[Respond, str]] = {
    "endless": (endless, "larger than 50,000 bytes"),
    "many rows": (
        sending(bindings(*[{"s": {"type": "literal", "value": "x"}}] * 101)),
        "more than 100 solutions",
    ),
    "many cells": (sending(bindings(*[{}] * 100)), "more than 2,000 cells"),
}


@pytest.mark.parametrize("silent", ["", "SILENT"])
@pytest.mark.parametrize("name", LARGE)
def test_too_much_is_refused_and_never_cut(name: str, silent: str) -> None:
    respond, words = LARGE[name]
    variables = " ".join(f"?v{each} ?w{each} ." for each in range(21))
    pattern = (
        f"?s ?p ?o . {variables.replace(' .', ' 1 .')}" if name == "many cells" else "?s ?p ?o"
    )
    with serving(respond) as endpoint, pytest.raises(Problem) as caught:
        filled(one_call(endpoint, silent, pattern), endpoint.url, bytes=50_000, rows=100)
    assert caught.value.status == 422
    assert words in caught.value.detail
    assert "write VALUES or LIMIT into its group" in caught.value.detail


@pytest.mark.parametrize("name", FAILURES)
def test_silent_passes_over_a_failure(name: str) -> None:
    respond, _ = FAILURES[name]
    with serving(respond) as endpoint:
        text = filled(one_call(endpoint, "SILENT"), endpoint.url, bytes=50_000, rows=100)
    assert "VALUES (?s ?p ?o) { (UNDEF UNDEF UNDEF) }" in text


@pytest.mark.parametrize("respond", [silent_for_long, dripping])
@pytest.mark.parametrize(("limit", "left"), [(0.3, 60.0), (60.0, 0.3)])
def test_a_slow_endpoint_is_given_up(respond: Respond, limit: float, left: float) -> None:
    async def work(url: str, silent: str) -> str:
        federation = Federation([url], Limits(seconds=limit), network=TEST)
        plan = federation.plan(one_call(url, silent))
        assert plan is not None
        return await federation.fill(plan, left, "client")

    with serving(respond) as endpoint:
        with pytest.raises(Problem) as caught:
            asyncio.run(work(endpoint.url, ""))
        assert "UNDEF" in asyncio.run(work(endpoint.url, "SILENT"))
    assert caught.value.status == 504
    assert "in time" in caught.value.detail


def test_the_answers_to_one_query_share_their_bound() -> None:
    body = bindings({"s": {"type": "literal", "value": "x" * 600}})
    with serving(sending(body)) as endpoint:
        filled(one_call(endpoint), endpoint.url, bytes=1000)
        call = f"SERVICE <{endpoint.url}> {{ ?s ?p ?o }}"
        with pytest.raises(Problem) as caught:
            filled(f"SELECT * {{ {call} {call} }}", endpoint.url, bytes=1000)
    assert caught.value.status == 422


def test_no_more_calls_run_at_once_than_allowed() -> None:
    running: list[int] = []
    most: list[int] = []

    def respond(handler: BaseHTTPRequestHandler, query: str) -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()
        send(handler, bindings())

    with serving(respond) as endpoint:
        call = f"SERVICE <{endpoint.url}> {{ ?s ?p ?o }}"
        filled(f"SELECT * {{ {call * 6} }}", endpoint.url, calls=6, at_once=4)
    assert len(most) == 6
    assert max(most) <= 2  # half of them: it is one client


def test_a_client_with_slow_calls_leaves_some_to_others() -> None:
    """One client's calls wait for each other, and what was not called is not passed over."""

    def respond(handler: BaseHTTPRequestHandler, query: str) -> None:
        (silent_for_long if "slow" in query else sending(bindings()))(handler, query)

    async def work(url: str) -> tuple[str, list[Any]]:
        federation = Federation([url], Limits(at_once=2, seconds=1.5), network=TEST)

        def fill(pattern: str, client: str) -> Any:
            plan = federation.plan(one_call(url, "SILENT", pattern))
            assert plan is not None
            return federation.fill(plan, 60, client)

        slow = [asyncio.create_task(fill("?s <x:slow> ?o", "one")) for _ in range(2)]
        quick = await fill("?s <x:quick> ?o", "other")
        assert not any(each.done() for each in slow)
        return quick, await asyncio.gather(*slow, return_exceptions=True)

    with serving(respond) as endpoint:
        quick, slow = asyncio.run(work(endpoint.url))
    assert "VALUES (?s ?o) {  }" in quick
    assert "UNDEF" in slow[0]
    assert (slow[1].status, slow[1].headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_a_blank_node_in_an_answer_is_refused_with_a_way_out(silent: str) -> None:
    problem = failure(sending(bindings({"o": {"type": "bnode", "value": "b0"}})), silent)
    assert problem.status == 422
    assert "blank node" in problem.detail
    assert "SELECT" in problem.detail


def test_a_blank_node_that_is_not_asked_for_does_no_harm() -> None:
    store = stored(("a", "p", Literal(1)))
    with serving(answering(store)) as endpoint:
        text = filled(one_call(endpoint, pattern="SELECT ?o { ?s ?p ?o }"), endpoint.url)
    found: Any = Store().query(text)
    assert len(list(found)) == 1


def test_an_answer_cannot_bind_what_it_was_not_asked_for() -> None:
    row = {"s": {"type": "uri", "value": EX + "a"}, "n": {"type": "literal", "value": "forged"}}
    with serving(sending(bindings(row))) as endpoint:
        text = filled(
            f"SELECT ?n {{ ?s <{EX}name> ?n SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}",
            endpoint.url,
        )
    found: Any = stored(*HERE).query(text)
    assert [each["n"] for each in found] == [Literal("A", language="en")]


@pytest.mark.parametrize(
    "value",
    [
        '"',
        "'''",
        '" } } SELECT * { ?s ?p ?o',
        "\\",
        '\\"',
        "\n# ",
        "\x00",
        "\\u0022) } #",
        "?s",
        ")}",
    ],
)
def test_no_text_in_an_answer_becomes_part_of_the_query(value: str) -> None:
    row = {
        "s": {"type": "literal", "value": value, "xml:lang": "en"},
        "p": {"type": "literal", "value": value, "datatype": "https://example.org/kind"},
        "o": {"type": "literal", "value": value},
    }
    with serving(sending(bindings(row))) as endpoint:
        text = filled(one_call(endpoint), endpoint.url)
    result: Any = Store().query(text)
    (found,) = result
    assert [found[name].value for name in "spo"] == [value] * 3


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """What a server with a new certificate for `name` needs; the certificate is in cert.pem."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", f"/CN={name}",
         "-addext", f"subjectAltName=DNS:{name}"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


@pytest.mark.parametrize(
    ("name", "trusted", "answered"),
    [
        ("endpoint.example", True, True),
        ("other.example", True, False),
        ("endpoint.example", False, False),
    ],
)
def test_a_certificate_is_held_against_the_name(
    name: str, trusted: bool, answered: bool, tmp_path: Path
) -> None:
    server = certificate(tmp_path, name)
    client = ssl.create_default_context(cafile=tmp_path / "cert.pem") if trusted else None
    with serving(sending(bindings()), tls=server) as endpoint:
        url = endpoint.url.replace("http:", "https:")
        if answered:
            assert "VALUES" in filled(one_call(url), url, tls=client)
        else:
            with pytest.raises(Problem) as caught:
                filled(one_call(url), url, tls=client)
            assert caught.value.status == 502
            assert endpoint.queries == []
