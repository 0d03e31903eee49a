"""What one request may hold up or fill: each limit has its status, and reading is linear."""

import subprocess
import sys
import threading
import tracemalloc
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.test import Client

from front_client import FrontClient
from kzgraph_server.front import queries
from kzgraph_server.front.cache import Cache, Stored, make_key, strong_etag
from kzgraph_server.front.protocol import (
    HttpRequest,
    QueryRequest,
    parse_parameters,
    parse_request,
)
from kzgraph_server.settings import Settings
from processes import PATIENCE
from server_fixtures import SmallRelease, small

__all__ = ["small"]

FORM = "application/x-www-form-urlencoded"
ASK = "/sparql?query=ASK{}"


def status(client: Client, path: str = ASK, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers=named).status_code


class TestHead:
    def test_a_field_over_half_of_the_limit_for_all_is_431(self, small: FrontClient) -> None:
        assert status(small, Accept="a/b," * 2_000 + "*/*") == 200
        refused = small.get(ASK, headers={"Accept": "a/b," * 2_100})
        assert refused.status_code == 431
        assert refused.mimetype == "application/problem+json"
        assert "accept" in refused.text

    def test_fields_over_the_limit_together_are_431(self, small: FrontClient) -> None:
        fields = {f"X-{number}": "x" * 4_000 for number in range(5)}
        assert small.get(ASK, headers=dict(list(fields.items())[:3])).status_code == 200
        assert small.get(ASK, headers=fields).status_code == 431

    def test_a_url_over_the_limit_is_414(self, small: FrontClient) -> None:
        assert status(small, ASK + "&x=" + "y" * 2_000) == 200
        refused = small.get(ASK + "&x=" + "y" * 33_000)
        assert refused.status_code == 414
        assert "32768" in refused.text
        assert status(small, "/" + "y" * 33_000) == 414

    def test_the_limits_are_settings(self, tmp_path: Path) -> None:
        limits = Settings(max_url_bytes=100, max_fields_bytes=200)
        client = FrontClient(SmallRelease(tmp_path).load(), limits)
        assert status(client, ASK) == 200
        assert status(client, ASK + "&x=" + "y" * 100) == 414
        assert status(client, ASK, Accept="a/b," * 25) == 431


class TestParameters:
    @pytest.mark.parametrize(
        ("parameters", "said"),
        [
            ({"format": "x" * 2_049}, "format"),
            ({"default-graph-uri": "http://x/" + "x" * 2_049}, "default-graph-uri"),
            ({"named-graph-uri": "http://x/" + "x" * 2_049}, "named-graph-uri"),
            ({"timeout": "1" * 2_049}, "timeout"),
            ({"x" * 101: ""}, "name of a parameter"),
            ({f"x{number}": "" for number in range(1_001)}, "more than 1000 parameters"),
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_too_long_or_too_many_is_400(
        self, small: FrontClient, method: str, parameters: dict[str, str], said: str
    ) -> None:
        pairs = urlencode({"query": "ASK {}", **parameters})
        if method == "GET":
            refused = small.get("/sparql?" + pairs)
        else:
            refused = small.post("/sparql", data=pairs, content_type=FORM)
        assert refused.status_code == 400
        assert said in refused.text

    @pytest.mark.parametrize("before", range(6))
    @pytest.mark.parametrize("text", ["я", "%", "a+b", "%25", "é%"])
    def test_a_long_value_is_decoded_as_a_short_one(self, before: int, text: str) -> None:
        value = "x" * before + text * 20_000
        assert parse_parameters(urlencode({"query": value}).encode()) == [("query", value)]
        broken = b"query=" + b"x" * before + b"%2" * 20_000 + b"%"
        assert parse_parameters(broken) == [("query", "x" * before + "%2" * 20_000 + "%")]

    def test_a_percent_encoded_body_takes_little_memory(self) -> None:
        body = b"query=" + b"%41" * 300_000
        tracemalloc.start()
        try:
            parse_parameters(body)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 5 * len(body)

    def test_a_query_is_bounded_by_the_limit_for_bodies_alone(self, small: FrontClient) -> None:
        query = "ASK {} #" + "x" * 100_000
        assert small.post("/sparql", data={"query": query}).status_code == 200
        assert (
            small.post("/sparql", data=query, content_type="application/sparql-query").status_code
            == 200
        )

    @pytest.mark.parametrize(
        ("parameters", "expected"),
        [
            ("&default-graph-uri=", b"2"),
            ("&default-graph-uri=&named-graph-uri=", b"2"),
            ("&default-graph-uri=https://w3id.org/kzgraph/graph/one&default-graph-uri=", b"1"),
            ("&timeout=0", b"2"),
            ("&timeout=0.0", b"2"),
            ("&timeout=", b"2"),
        ],
    )
    def test_an_empty_graph_and_no_timeout_mean_none(
        self, small: FrontClient, parameters: str, expected: bytes
    ) -> None:
        query = "SELECT (COUNT(*) AS ?n) { VALUES ?v { 1 2 } ?s kzg:value ?v }"
        address = f"/sparql?{urlencode({'query': query})}&format=csv{parameters}"
        answer = small.get(address)
        assert answer.status_code == 200
        assert answer.data.split()[-1] == expected

    @pytest.mark.parametrize("parameters", ["default-graph-uri=", "named-graph-uri="])
    def test_an_empty_graph_alone_asks_for_the_endpoint_itself(
        self, small: FrontClient, parameters: str
    ) -> None:
        assert small.get(f"/sparql?{parameters}").mimetype == "text/turtle"

    def test_a_byte_order_mark_before_a_query_is_passed_over(self, small: FrontClient) -> None:
        mark = b"\xef\xbb\xbf"
        body = mark + b"ASK {}"
        for data, media_type in ((body, "application/sparql-query"), (b"query=" + body, FORM)):
            assert small.post("/sparql", data=data, content_type=media_type).status_code == 200
        assert small.get("/sparql?query=%EF%BB%BFASK{}").status_code == 200
        assert small.get("/sparql?query=%EF%BB%BF").status_code == 400
        # Anywhere else it is a character like others.
        assert small.get("/sparql?query=ASK%EF%BB%BF{}").status_code == 400


class TestFormats:
    @pytest.mark.parametrize(
        ("query", "accept", "sent"),
        [
            ("SELECT*{}", "application/sparql-results+json; charset=utf-8", None),
            ("SELECT*{}", "application/sparql-results+xml;charset=UTF-8", None),
            ("SELECT*{}", "application/json; charset=utf8", None),
            ("ASK{}", 'application/sparql-results+json; charset="utf-8"', None),
            ("CONSTRUCT{}{}", "application/ld+json; charset=utf-8", None),
            ("CONSTRUCT{}{}", "application/n-triples;charset=utf-8", None),
            ("CONSTRUCT{}{}", "application/n-quads", None),
            ("CONSTRUCT{}{}", "application/trig", None),
            ("CONSTRUCT{}{}", "text/n3", None),
            ("DESCRIBE <http://x/>", "application/n-quads, */*;q=0.1", None),
        ],
    )
    def test_what_clients_send_is_understood(
        self, small: FrontClient, query: str, accept: str, sent: str | None
    ) -> None:
        answer = small.get("/sparql?" + urlencode({"query": query}), headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer.mimetype == accept.partition(";")[0].partition(",")[0]

    def test_another_charset_is_not_acceptable(self, small: FrontClient) -> None:
        accept = "application/sparql-results+json; charset=iso-8859-1"
        assert status(small, Accept=accept) == 406

    @pytest.mark.parametrize(
        ("name", "sent"),
        [
            ("application/sparql-results+json", "application/sparql-results+json"),
            ("application/sparql-results%2Bxml", "application/sparql-results+xml"),
            (" csv ", "text/csv"),
        ],
    )
    def test_a_format_with_a_bare_plus(self, small: FrontClient, name: str, sent: str) -> None:
        assert small.get(f"{ASK}&format={name}").mimetype == sent

    def test_a_graph_as_trig_and_n_quads_is_the_graph_without_a_name(
        self, small: FrontClient
    ) -> None:
        query = urlencode({"query": "CONSTRUCT { ?s kzg:value 1 } { ?s kzg:value 1 }"})
        for name in ("trig", "nq", "nquads", "n-quads", "n3"):
            text = small.get(f"/sparql?{query}&format={name}").text
            assert "graph/one" not in text
            assert "value" in text


def test_a_preflight_allows_whatever_it_asks_for(small: FrontClient) -> None:
    asked = "authorization, x-requested-with, cache-control, x-own-field"
    for path in ("/sparql", "/data", "/ontology", "/health", "/ready", "/metrics"):
        answer = small.options(path, headers={"Access-Control-Request-Headers": asked})
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Headers"].startswith(asked)
        assert "GET" in answer.headers["Access-Control-Allow-Methods"]
        plain = small.options(path).headers["Access-Control-Allow-Headers"]
        assert {"Authorization", "*"} <= set(plain.split(", "))
        strange = small.options(path, headers={"Access-Control-Request-Headers": "a;b"})
        assert ";" not in strange.headers["Access-Control-Allow-Headers"]


#: Texts that are read sign by sign, each sign a reason to look at all others again.
HOSTILE = ("a" + " " * 2**19 + "@", '"' + '\\"' * 2**18, '"' * 2**19, "a/b," * 2**17,
           "a/b;" * 2**17, "a/b" + ";a=" * 2**17, "a/b" + ';a="\\"' * 2**16, "a=" * 2**18,
           "for=" * 2**17, "for=" + "1." * 2**18, 'for="[' * 2**17, "1," * 2**18)  # fmt: skip
READERS = """
from kzgraph_server.clients import find_client, parse_networks
from kzgraph_server.front.compression import choose_coding
from kzgraph_server.negotiate import parse_accept
from werkzeug.http import parse_options_header
import sys
text = eval(sys.stdin.read())
choose_coding(text)
parse_accept(text)
parse_options_header("a/b; " + text)
find_client("10.0.0.1", text, None, parse_networks("10.0.0.0/8"))
find_client("10.0.0.1", None, text, parse_networks("10.0.0.0/8"))
"""


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_fields_are_read_in_a_time_that_grows_as_they_do(number: int) -> None:
    """Half a mebibyte of it: what looks back at each sign would take an hour."""
    subprocess.run(
        [sys.executable, "-c", READERS],
        input=repr(HOSTILE[number]),
        text=True,
        check=True,
        timeout=PATIENCE,
    )


class TestKept:
    """Whatever is kept counts its key and its body, and the oldest goes first."""

    def test_a_key_has_a_fixed_size_and_tells_its_parts_apart(self) -> None:
        keys = {make_key(b"a", b"b"), make_key(b"ab", b""), make_key(b"", b"ab"), make_key(b"ab")}
        assert len(keys) == 4
        assert {len(key) for key in (*keys, make_key(b"x" * 2**20))} == {16}

    def test_aliases_count_and_go_like_answers(self) -> None:
        cache = Cache(100_000)
        stored = Stored(200, (), b"x" * 1_000, strong_etag(b""))
        for number in range(10_000):
            cache.alias(make_key(b"%d" % number), make_key(b"answer"))
            if number % 50 == 0:
                cache.put(make_key(b"answer"), stored)
            assert cache.bytes <= 100_000
        assert len(cache) < 400
        assert cache.get(make_key(b"9999")) is stored
        assert cache.get(make_key(b"0")) is None

    def test_a_coding_that_is_made_later_counts(self) -> None:
        cache = Cache(1_000_000)
        key, stored = make_key(b"answer"), Stored(200, (), b"x" * 10_000, strong_etag(b""))
        cache.put(key, stored)
        before = cache.bytes
        stored.encode("identity")
        cache.measure(key, stored)
        assert cache.bytes >= before + 10_000

    def test_an_alias_of_what_is_gone_finds_nothing(self) -> None:
        cache = Cache(10_000)
        cache.alias(make_key(b"alias"), make_key(b"gone"))
        assert cache.get(make_key(b"alias")) is None


class TestPage:
    """A page of a result is bounded, whatever the answer holds, and says so."""

    def page(self, client: Client, query: str) -> str:
        answer = client.post("/sparql", data={"query": query}, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert len(answer.data) < 4_000_000
        return answer.text

    def rows(self, text: str) -> int:
        return text.partition('id="result"')[2].count("<tr>") - 1

    def test_of_many_columns(self, small: FrontClient) -> None:
        # Not one of them is bound, so that the answer itself is small.
        columns = " ".join(f"?c{number}" for number in range(500))
        values = " ".join(str(number) for number in range(1_000))
        text = self.page(small, f"SELECT {columns} {{ VALUES ?x {{ {values} }} }}")
        assert "Columns shown: 100; not shown: 400." in text
        assert "there are more" in text
        assert 0 < self.rows(text) < 1_000

    def test_of_long_values(self, small: FrontClient) -> None:
        values = " ".join(str(number) for number in range(500))
        text = self.page(small, f'SELECT ("{"<" * 5_000}" AS ?a) {{ VALUES ?x {{ {values} }} }}')
        assert "there are more" in text
        assert "&lt;…" in text
        assert 0 < self.rows(text) < 500

    def test_of_long_addresses_and_datatypes(self, small: FrontClient) -> None:
        long = "http://example.org/" + "x" * 100_000
        text = self.page(small, f'SELECT (<{long}> AS ?a) ("1"^^<{long}> AS ?b) {{}}')
        assert long not in text.partition('<table class="result"')[2].partition("</table>")[0]

    def test_of_a_graph(self, small: FrontClient) -> None:
        values = " ".join(str(number) for number in range(1_001))
        text = self.page(
            small, f"CONSTRUCT {{ <http://x/> <http://y/> ?x }} {{ VALUES ?x {{ {values} }} }}"
        )
        assert "The first 1,000 rows; there are more" in text

    def test_a_long_query_has_buttons_in_the_place_of_links(self, small: FrontClient) -> None:
        text = self.page(small, "ASK {} #" + "x" * 5_000)
        assert '&amp;format=csv"' not in text
        downloads = text.partition('<form class="downloads" method="post"')[2]
        assert '<button class="plain" name="format" value="csv">' in downloads

    def test_a_short_one_has_links_that_work(self, small: FrontClient) -> None:
        text = self.page(small, "ASK {}")
        assert '&amp;format=csv"' in text
        assert small.get("/sparql?query=ASK+%7B%7D&format=csv").text.strip() == "true"


def test_the_link_to_the_next_page_is_bounded(tmp_path: Path) -> None:
    client = FrontClient(SmallRelease(tmp_path).load(), Settings(max_rows=1))
    query = "SELECT * { ?s ?p ?o }"
    short = client.post("/sparql", data={"query": query})
    long = client.post("/sparql", data={"query": query + " #" + "x" * 5_000})
    assert 'rel="next"' in "".join(short.headers.getlist("Link"))
    assert 'rel="next"' not in "".join(long.headers.getlist("Link"))
    for answer in (short, long):
        assert answer.headers["Kzgraph-More-Rows"] == "true"


@pytest.mark.parametrize(("size", "here"), [(10_000, True), (17_000, False)])
def test_a_long_text_is_not_read_on_the_event_loop(
    small: FrontClient, monkeypatch: pytest.MonkeyPatch, size: int, here: bool
) -> None:
    threads: list[str] = []

    def parse(request: HttpRequest, most: int) -> QueryRequest:
        threads.append(threading.current_thread().name)
        return parse_request(request, most)

    monkeypatch.setattr(queries, "parse_request", parse)
    for method in (small.get, small.post):
        asked = {"query": "ASK {} #" + "x" * size}
        sent = {"query_string": asked} if method == small.get else {"data": asked}
        assert method("/sparql", **sent).status_code == 200
    assert [name.startswith("kzgraph-reading") for name in threads] == [not here, not here]


def test_large_bodies_at_a_time_are_bounded(tmp_path: Path) -> None:
    limits = replace(Settings(), bodies_mib=1)
    client = FrontClient(SmallRelease(tmp_path).load(), limits)
    query = "ASK {} #" + "x" * 600_000
    refused = client.post("/sparql", data=query, content_type="application/sparql-query")
    assert refused.status_code == 503  # A client has half of the mebibyte.
    assert "Retry-After" in refused.headers
    for _ in range(5):  # What was taken is given back.
        smaller = client.post(
            "/sparql", data=query[:400_000], content_type="application/sparql-query"
        )
        assert smaller.status_code == 200
