"""Bytes of every kind come in; never a 500, never a dead server."""

import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from front_client import FrontClient
from kzgraph_server.settings import Settings
from processes import PATIENCE
from server_fixtures import SmallRelease, call

FRAGMENTS = [
    "SELECT", "*", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "{", "}", "(", ")", "?s ?p ?o", ".",
    "FILTER", "OPTIONAL", "UNION", "FROM", "NAMED", "GRAPH", "<graph/one>", "kzg:value", "x:y",
    "PREFIX x: <http://x/>", "BASE <b>", "'", '"', "'''", "\\", "\\u0000", "#", "\n", "\0", "é",
    "1", "1e999", "LIMIT 9999999999999999999", "OFFSET -1", "GROUP BY", "HAVING", "ORDER BY",
    "COUNT(*)", "AS", "BIND", "VALUES", "MINUS", "EXISTS", "REGEX(?s, '(')", "|", "^", "+", "/",
    "REPLACE('a', '', 'b')", "<<", ">>", "@en", "^^xsd:integer", "_:b", "[]", "()", "SERVICE",
    "INSERT", "GROUP_CONCAT(?s; SEPARATOR='')", "IRI('a b')", "STRDT('x', 'y')", "UUID()",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FrontClient:
    path: Path = tmp_path_factory.mktemp("release")
    return FrontClient(SmallRelease(path).load(), Settings())


accepts = st.one_of(
    st.none(),
    st.sampled_from(["text/html", "text/turtle", "application/rdf+xml", "text/csv", "*/*", "a"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12), accepts)
def test_any_query_gets_an_answer_or_a_refusal(
    client: FrontClient, parts: list[str], accept: str | None
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    address = "/sparql?query=" + quote(" ".join(parts))
    assert client.get(address, headers=headers).status_code in (200, 400, 406)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80), st.sampled_from([
    "application/x-www-form-urlencoded", "application/sparql-query", "text/plain", "", "a/b; c",
    "application/sparql-query; charset=\"", "multipart/form-data; boundary=x",
]))  # fmt: skip
def test_any_body_gets_an_answer_or_a_refusal(
    client: FrontClient, body: bytes, media_type: str
) -> None:
    response = client.post("/sparql", data=body, content_type=media_type)
    assert response.status_code in (200, 400, 406, 415)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        ["/", "/id/", "/page/", "/data/", "/graph/", "/dumps/", "/ontology", "/static/"]
    ),
    st.binary(max_size=30).map(quote),
    st.sampled_from(["", ".ttl", ".rdf", ".jsonld", "?format=ttl", "?format=%00"]),
    accepts,
)
def test_any_address_gets_an_answer_or_a_refusal(
    client: FrontClient, place: str, path: str, end: str, accept: str | None
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = client.get(place + path + end, headers=headers)
    assert response.status_code in (200, 303, 400, 404, 406)


RAW = [
    b"GET /sparql?query=%00%ff HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /sparql?query=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /id/\xff HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /id/country/KAZ HTTP/1.1\r\nHost: \r\n\r\n",
    b"GET /id/country/KAZ HTTP/1.1\r\nHost: a b\r\n\r\n",
    b"GET /id/country/KAZ HTTP/1.0\r\n\r\n",
    b"GET http://evil.example/id/country/KAZ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nAccept: \xff\xfe;q=\xff\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nAccept: " + b"a/b," * 5000 + b"\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 99999999999\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: -1\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"BREW /sparql HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"\r\n\r\n\r\n",
]


@pytest.mark.parametrize("request_", RAW, ids=lambda request_: repr(request_[:60]))
def test_raw_bytes_do_no_harm(url: str, request_: bytes) -> None:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        answer = b""
        # A server may hang up on what is no HTTP, before or behind its answer.
        with suppress(OSError):
            connection.sendall(request_)
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while part := connection.recv(65536):
                answer += part
    assert not answer or answer.split(b" ")[1].startswith((b"2", b"3", b"4")), answer[:200]
    assert call(f"{url}/health").status == 200


def test_a_chunked_query_is_answered(url: str) -> None:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        connection.sendall(RAW[10])
        assert b"200 OK" in connection.recv(65536)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 200_000 + "}" * 200_000,
        "SELECT (" + "(" * 200_000 + "1" + ")" * 200_000 + " AS ?x) {}",
        "SELECT * { FILTER(" + "!" * 200_000 + "true) }",
        "SELECT * { ?s " + "^" * 200_000 + "<http://p> ?o }",
        '"""' + '\\"""' * 100_000,
        "a." * 300_000,
        "a:" + "." * 300_000,
        "?" * 300_000,
        "<" * 300_000,
    ],
    ids=lambda query: query[:20],
)
def test_a_long_and_deep_query_is_refused_and_the_server_lives(url: str, query: str) -> None:
    reply = call(f"{url}/sparql", method="POST", body=query.encode(),
                 Content_Type="application/sparql-query")  # fmt: skip
    assert reply.status == 400
    assert call(f"{url}/health").status == 200
