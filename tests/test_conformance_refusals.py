"""Every refusal of the endpoint: its status, what it says, and the shape that it comes in."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from conformance import (
    BROWSER,
    FORM,
    QUERY,
    SMALL,
    Fields,
    Site,
    site,
    sparql,
)
from server_fixtures import Reply

#: Bytes that a query may have in these tests.
MOST = 20_000


@pytest.fixture(scope="module")
def served(release_root: Path) -> Iterator[Site]:
    with site(release_root, max_query_bytes=str(MOST)) as running:
        yield running


def is_problem(reply: Reply, status: int) -> None:
    """RFC 9457: https://www.rfc-editor.org/rfc/rfc9457#section-3."""
    assert (reply.status, reply.type) == (status, "application/problem+json")
    assert reply.json["status"] == status
    assert reply.json["title"]
    assert reply.json["detail"]
    assert reply.json["type"] == "about:blank"
    assert reply.headers["Cache-Control"] == "no-store"


class TestSyntax:
    @pytest.mark.parametrize(
        ("query", "line", "column", "near"),
        [
            ("SELECT * { ?s ?p }", 1, 18, "}"),
            ("SELECT *\nWHERE {\n  ?s rdfs:label ?l .\n  ?s §\n}", 4, 6, "§"),
            ("SELECT * { ?s nope:p ?o }", 1, 15, "nope:p"),
            ("# é\nASK { ?s ?p 'open }", 2, 13, "'open"),
            ("SELECT ?x { } GROUP BY", 1, 23, ""),
            ("FROBNICATE", 1, 1, "FROBNICATE"),
        ],
    )
    def test_the_place_and_the_words_are_named(
        self, served: Site, query: str, line: int, column: int, near: str
    ) -> None:
        reply = served.ask(query)
        is_problem(reply, 400)
        assert (reply.json["line"], reply.json["column"]) == (line, column)
        assert near in reply.json["near"]
        for said in (f"line {line}", f"column {column}"):
            assert said in reply.json["detail"]

    def test_what_only_evaluation_shows_is_400_too(self, served: Site) -> None:
        is_problem(served.ask("SELECT (<http://x/f>(1) AS ?x) {}"), 400)

    @pytest.mark.parametrize(
        "update",
        [
            "INSERT DATA { <a:a> <a:b> <a:c> }",
            "DELETE WHERE { ?s ?p ?o }",
            "PREFIX a: <a:> INSERT { ?s a:b 1 } WHERE { ?s ?p ?o }",
            "CLEAR ALL",
            "DROP GRAPH <a:a>",
            "LOAD <http://127.0.0.1:9/>",
            "WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
            "CREATE GRAPH <a:a>", "COPY <a:a> TO <a:b>", "MOVE <a:a> TO <a:b>",
            "ADD <a:a> TO <a:b>",
        ],
    )  # fmt: skip
    def test_an_update_is_refused_as_what_it_is(self, served: Site, update: str) -> None:
        before = served.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").count
        for reply in (
            served.ask(update),
            served.post(update),
            served.post(urlencode({"update": update}), FORM),
            served.post(update, "application/sparql-update"),
        ):
            assert reply.status in (400, 403, 415)
            assert "read-only" in reply.json["detail"]
        assert served.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").count == before

    @pytest.mark.parametrize(
        "query",
        [
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "SELECT * { VALUES ?g { <http://127.0.0.1:9/> } SERVICE ?g { ?s ?p ?o } }",
            "SELECT * { { SELECT * { service<http://127.0.0.1:9/>{ ?s ?p ?o } } } }",
        ],
    )
    def test_service_is_refused(self, served: Site, query: str) -> None:
        reply = served.ask(query)
        assert reply.status in (400, 403)
        assert "SERVICE" in reply.json["detail"]


class TestParameters:
    @pytest.mark.parametrize(
        ("target", "said"),
        [
            ("/sparql?query=", "empty"),
            ("/sparql?query=%20%0A", "empty"),
            ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "more than once"),
            ("/sparql?default-graph-uri=http://x/", "missing"),
            ("/sparql?query=%FF", "UTF-8"),
            ("/sparql?query=%ED%A0%80", "UTF-8"),
            ("/sparql?query=ASK%7B%7D&default-graph-uri=relative", "absolute IRI"),
            ("/sparql?query=ASK%7B%7D&named-graph-uri=a%20b", "absolute IRI"),
            ("/sparql?query=ASK%7B%7D&timeout=-1", "timeout"),
            ("/sparql?query=ASK%7B%7D&timeout=soon", "timeout"),
            ("/sparql?query=ASK%7B%7D&offset=-1", "offset"),
            ("/sparql?" + "a=b&" * 1001 + "query=ASK%7B%7D", "parameters"),
        ],
    )  # fmt: skip
    def test_400(self, served: Site, target: str, said: str) -> None:
        reply = served.get(target)
        is_problem(reply, 400)
        assert said in reply.json["detail"]

    def test_a_query_must_be_in_one_place(self, served: Site) -> None:
        form = urlencode({"query": SMALL}).encode()
        for body, media_type in ((form, FORM), (SMALL.encode(), QUERY)):
            reply = served.request(sparql(SMALL), "POST", body, {"Content-Type": media_type})
            is_problem(reply, 400)

    @pytest.mark.parametrize("body", [b"", b"  ", b"\xff\xfe"])
    @pytest.mark.parametrize("media_type", [FORM, QUERY])
    def test_a_post_without_a_query_is_400(
        self, served: Site, body: bytes, media_type: str
    ) -> None:
        is_problem(served.post(body, media_type), 400)

    def test_parameters_that_are_not_the_protocols_are_left_alone(self, served: Site) -> None:
        assert served.ask(SMALL, debug="on", output="", callback="x").status == 200


class TestMessages:
    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
    def test_405_names_what_is_allowed(self, served: Site, method: str) -> None:
        reply = served.request(sparql(SMALL), method, b"" if method != "TRACE" else None)
        is_problem(reply, 405)
        assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(reply.headers["Allow"].split(", "))

    @pytest.mark.parametrize("path", ["/", "/health", "/ready", "/metrics", "/ontology", "/dumps/"])
    def test_405_holds_for_the_other_addresses(self, served: Site, path: str) -> None:
        reply = served.request(path, "POST", b"x")
        is_problem(reply, 405)
        assert "GET" in reply.headers["Allow"]

    @pytest.mark.parametrize("media_type", [FORM, QUERY])
    def test_413_for_a_body_that_is_too_long(self, served: Site, media_type: str) -> None:
        long = b"query=" + b"#" * MOST
        reply = served.post(long, media_type)
        is_problem(reply, 413)
        assert str(MOST) in reply.json["detail"]

    def test_413_for_a_body_in_chunks_that_is_too_long(self, served: Site) -> None:
        head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\n"
        with served.connect() as connection:
            connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
            chunk = b"%x\r\n%s\r\n" % (MOST, b"#" * MOST)
            connection.sendall(chunk + chunk + b"0\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 413")

    def test_414_for_a_url_that_is_too_long(self, served: Site) -> None:
        reply = served.get(sparql("ASK {}" + "#" * MOST))
        is_problem(reply, 414)
        assert str(MOST) in reply.json["detail"]

    @pytest.mark.parametrize(
        "media_type",
        ["text/plain", "application/json", "multipart/form-data; boundary=x", "", "nonsense",
         "application/sparql-query; charset=latin-1", "application/sparql-query2"],
    )  # fmt: skip
    def test_415_for_another_media_type(self, served: Site, media_type: str) -> None:
        reply = served.post(SMALL, media_type)
        is_problem(reply, 415)
        if "charset" not in media_type:
            assert QUERY in reply.headers["Accept-Post"]
            assert FORM in reply.headers["Accept-Post"]

    def test_415_for_a_body_without_a_type(self, served: Site) -> None:
        is_problem(served.request("/sparql", "POST", SMALL.encode()), 415)

    def test_415_for_a_content_coding(self, served: Site) -> None:
        body = gzip.compress(SMALL.encode())
        reply = served.request("/sparql", "POST", body, {**ASKED, "Content-Encoding": "gzip"})
        is_problem(reply, 415)
        assert reply.headers["Accept-Encoding"] == "identity"
        coded = {**ASKED, "Content-Encoding": "identity"}
        assert served.request("/sparql", "POST", SMALL.encode(), coded).status == 200

    def test_501_for_a_transfer_coding(self, served: Site) -> None:
        body = b"5\r\nASK{}\r\n0\r\n\r\n"
        reply = served.request(
            "/sparql", "POST", body, {**ASKED, "Transfer-Encoding": "x, chunked"}
        )
        is_problem(reply, 501)

    def test_404_for_what_is_not_there(self, served: Site) -> None:
        for path in ("/nothing", "/id/no/such", "/page/no/such", "/data/no/such.ttl", "/dumps/no",
                     "/graph/no", "/id/../sparql", "/dumps/..%2f..%2fmanifest.json",
                     "/dumps/%2e%2e/manifest.json", "//evil.example/id/country/KAZ"):  # fmt: skip
            is_problem(served.get(path), 404)


ASKED = {"Content-Type": QUERY}

#: Requests that are refused, each by another part of the server.
REFUSED: dict[str, tuple[str, str, bytes | None, Fields, int]] = {
    "syntax": ("GET", sparql("SELECT <b>"), None, {}, 400),
    "empty": ("GET", "/sparql?query=", None, {}, 400),
    "repeated": ("GET", sparql("ASK {}") + "&query=x", None, {}, 400),
    "encoding": ("GET", "/sparql?query=%FF", None, {}, 400),
    "update": ("GET", "/sparql?update=x", None, {}, 400),
    "timeout": ("GET", sparql(SMALL, timeout="x"), None, {}, 400),
    "format": ("GET", sparql(SMALL, format="pdf"), None, {}, 406),
    "url": ("GET", sparql("#" * MOST), None, {}, 414),
    "body": ("POST", "/sparql", b"#" * (MOST + 1), {"Content-Type": QUERY}, 413),
    "coding": ("POST", "/sparql", b"x", {"Content-Type": QUERY, "Content-Encoding": "br"}, 415),
    "type": ("POST", "/sparql", b"x", {"Content-Type": "text/x"}, 415),
    "method": ("PUT", "/sparql", b"", {}, 405),
    "path": ("GET", "/nothing", None, {}, 404),
    "thing": ("GET", "/id/country/XXX", None, {}, 404),
    "dump": ("GET", "/dumps/nothing", None, {}, 404),
    "graph": ("GET", "/data?graph=" + quote("http://x/"), None, {}, 404),
    "ready": ("POST", "/ready", b"", {}, 405),
    "metrics": ("POST", "/metrics", b"", {}, 405),
    "deadline": (
        "GET", sparql("SELECT (COUNT(*) AS ?n) {?a ?b ?c. ?d ?e ?f. ?g ?h ?i}", timeout=0.2),
        None, {}, 504,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
class TestShape:
    """One shape for every refusal, by what the client takes."""

    def send(self, served: Site, name: str, accept: str | None) -> Reply:
        method, target, body, fields, status = REFUSED[name]
        sent = dict(fields) if accept is None else {**dict(fields), "Accept": accept}
        reply = served.request(target, method, body, sent)
        # Where every worker is taken, a short time limit passes while waiting.
        assert reply.status in ((503, 504) if name == "deadline" else (status,))
        return reply

    def test_problem_json(self, served: Site, name: str) -> None:
        for accept in (None, "text/turtle, text/csv", "application/problem+json, */*;q=0.1", "*/*"):
            reply = self.send(served, name, accept)
            is_problem(reply, reply.status)

    def test_plain_text_for_who_asks_for_it(self, served: Site, name: str) -> None:
        # With formats of answers beside it, or there were nothing to answer a good request with.
        reply = self.send(served, name, "text/plain, text/csv;q=0.9, text/turtle;q=0.9")
        assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
        title, detail, *_ = reply.body.decode().split("\n")
        assert title
        assert len(detail) > 10

    def test_a_page_for_a_browser(self, served: Site, name: str) -> None:
        reply = self.send(served, name, BROWSER)
        assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
        page = reply.body.decode()
        assert 'role="alert"' in page
        assert "<b>" not in page
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]

    def test_it_is_not_kept_and_says_what_it_depends_on(self, served: Site, name: str) -> None:
        reply = self.send(served, name, None)
        assert reply.headers["Cache-Control"] == "no-store"
        assert "Accept" in reply.headers["Vary"].split(", ")
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
