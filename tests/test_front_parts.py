"""The parts of the front by themselves: cache, content codings, clients, access log."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kzgraph_server.clients import find_client, find_share, mask_address, parse_networks
from kzgraph_server.front import queries
from kzgraph_server.front.access_log import AccessLog
from kzgraph_server.front.cache import Cache, Stored, strong_etag
from kzgraph_server.front.compression import (
    CODINGS,
    choose_coding,
    compress,
    compressor,
    is_compressible,
)
from kzgraph_server.front.exchange import ClientGone, Exchange, Message

#: What a server says of a request.
SCOPE: Message = {
    "http_version": "1.1",
    "method": "GET",
    "path": "/sparql",
    "raw_path": b"/sparql",
    "query_string": b"",
    "headers": [],
}

DECODERS = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    "identity": bytes,
}


def stored(body: bytes) -> Stored:
    return Stored(200, ((b"content-type", b"text/plain"),), body, strong_etag(body))


class TestCache:
    def test_the_oldest_answers_go_first(self) -> None:
        cache = Cache(max_bytes=9 * 3_000)
        for number in range(10):
            cache.put(b"%d" % number, stored(b"x" * 1_000))
        assert cache.get(b"0") is None
        assert cache.get(b"9") is not None
        assert cache.bytes <= 9 * 3_000

    def test_what_is_asked_for_stays(self) -> None:
        cache = Cache(max_bytes=9 * 3_000)
        for number in range(30):
            cache.put(b"%d" % number, stored(b"x" * 1_000))
            cache.put(b"kept", stored(b"x")) if number == 0 else cache.get(b"kept")
        assert cache.get(b"kept") is not None

    def test_a_giant_does_not_empty_it(self) -> None:
        cache = Cache(max_bytes=40_000)
        cache.put(b"small", stored(b"x"))
        cache.put(b"giant", stored(b"x" * 39_000))
        assert cache.get(b"giant") is None
        assert cache.get(b"small") is not None

    @given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 9_000)), max_size=60))
    def test_its_bytes_are_those_of_its_answers_and_within_the_limit(
        self, puts: list[tuple[int, int]]
    ) -> None:
        cache = Cache(max_bytes=50_000)
        for key, size in puts:
            cache.put(b"%d" % key, stored(b"x" * size))
            assert cache.bytes <= 50_000
        kept = [cache.get(b"%d" % key) for key in range(9)]
        assert cache.bytes == sum(answer.size for answer in kept if answer)

    def test_codings_are_made_once_and_differ_in_their_tag(self) -> None:
        answer = stored(b"text " * 500)
        coded = {coding: answer.encode(coding) for coding in ("identity", *CODINGS)}
        assert len({each.etag for each in coded.values()}) == 4
        assert answer.encode("br") is coded["br"]
        for coding, each in coded.items():
            assert DECODERS[coding](each.body) == answer.body
            assert (b"content-length", b"%d" % len(each.body)) in each.fields
            named = dict(each.fields).get(b"content-encoding")
            assert named == (None if coding == "identity" else coding.encode())


class TestCodings:
    @pytest.mark.parametrize(
        ("field", "coding"),
        [
            ("", "identity"),
            ("gzip", "gzip"),
            ("gzip, deflate, br, zstd", "zstd"),
            ("gzip, br", "br"),
            ("GZIP", "gzip"),
            ("x-gzip", "gzip"),
            ("br;q=0.5, gzip;q=0.8", "gzip"),
            ("br;q=0", "identity"),
            ("*", "zstd"),
            ("*;q=0", "identity"),
            ("zstd;q=0, *", "br"),
            ("identity, gzip;q=0.5", "identity"),
            ("identity;q=0.5, gzip;q=0.5", "gzip"),
            ("gzip;q=2", "identity"),
            ("deflate", "identity"),
            ("nonsense;;;,gzip", "gzip"),
        ],
    )
    def test_chosen(self, field: str, coding: str) -> None:
        assert choose_coding(field) == coding

    @given(st.text(max_size=80))
    def test_any_field_gives_a_coding(self, field: str) -> None:
        assert choose_coding(field) in ("identity", *CODINGS)

    @given(st.lists(st.binary(max_size=300), max_size=12), st.sampled_from(CODINGS))
    def test_parts_decode_to_the_whole(self, parts: list[bytes], coding: str) -> None:
        coder = compressor(coding)
        sent = b"".join(coder.compress(part) for part in parts) + coder.finish()
        assert DECODERS[coding](sent) == b"".join(parts)

    @given(st.binary(max_size=2_000), st.sampled_from(("identity", *CODINGS)))
    def test_the_whole_decodes(self, body: bytes, coding: str) -> None:
        assert DECODERS[coding](compress(coding, body)) == body

    @pytest.mark.parametrize(
        ("content_type", "smaller"),
        [
            (b"text/turtle; charset=utf-8", True),
            (b"application/sparql-results+json", True),
            (b"application/problem+json", True),
            (b"application/json", True),
            (b"application/rdf+xml", True),
            (b"application/n-quads", True),
            (b"application/gzip", False),
            (b"application/vnd.apache.parquet", False),
            (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
        ],
    )
    def test_what_is_compressed_already_is_left_alone(
        self, content_type: bytes, smaller: bool
    ) -> None:
        assert is_compressible(content_type) is smaller


class TestClients:
    TRUSTED = parse_networks("10.0.0.0/8, 2001:db8::/32")

    @pytest.mark.parametrize(
        ("peer", "forwarded", "x_forwarded_for", "client"),
        [
            ("198.51.100.7", None, None, "198.51.100.7"),
            ("198.51.100.7", "for=203.0.113.9", "203.0.113.9", "198.51.100.7"),
            ("10.0.0.1", None, "203.0.113.9", "203.0.113.9"),
            ("10.0.0.1", None, "192.0.2.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
            ("10.0.0.1", "for=203.0.113.9;proto=https", None, "203.0.113.9"),
            ("10.0.0.1", 'proto=https; For="203.0.113.9:80" ;by=x', None, "203.0.113.9"),
            ("10.0.0.1", 'for=192.0.2.1, for="203.0.113.9"', None, "203.0.113.9"),
            # A client's own `Forwarded`, which most proxies pass on.
            ("10.0.0.1", "for=192.0.2.1", "203.0.113.9", "203.0.113.9"),
            ("10.0.0.1", "for=192.0.2.1, for=10.0.0.9", "203.0.113.9", "203.0.113.9"),
            ("10.0.0.1", "for=192.0.2.1", "", "10.0.0.1"),
            # What a client leaves open, a proxy's part follows.
            ("10.0.0.1", 'for="192.0.2.1, for=203.0.113.9', None, "203.0.113.9"),
            ("10.0.0.1", 'host="a,for=192.0.2.1", for=203.0.113.9', None, "203.0.113.9"),
            ("10.0.0.1", None, "203.0.113.9:51234", "203.0.113.9"),
            ("10.0.0.1", None, "[2001:db9::1]:443, 10.0.0.2", "2001:db9::1"),
            ("10.0.0.1", None, "::ffff:203.0.113.9", "203.0.113.9"),
            ("10.0.0.1", None, "fe80::1%anything", "10.0.0.1"),
            ("10.0.0.1", "by=203.0.113.9", None, "10.0.0.1"),
            ("10.0.0.1", "for=_hidden, for=10.0.0.2", None, "10.0.0.2"),
            ("10.0.0.1", None, " , 203.0.113.9 ,, ", "203.0.113.9"),
            ("10.0.0.1", 'for="[2001:db9::1]:443", for=10.0.0.3', None, "2001:db9::1"),
            ("10.0.0.1", "for=unknown", None, "10.0.0.1"),
            ("10.0.0.1", None, "<script>", "10.0.0.1"),
            ("10.0.0.1", None, "203.0.113.9, nonsense", "10.0.0.1"),
            ("2001:db8::1", None, "203.0.113.9", "203.0.113.9"),
        ],
    )
    def test_forwarded_addresses_count_only_from_trusted_proxies(
        self, peer: str, forwarded: str | None, x_forwarded_for: str | None, client: str
    ) -> None:
        assert find_client(peer, forwarded, x_forwarded_for, self.TRUSTED) == client

    @pytest.mark.parametrize(
        "hostile", ["for=", 'for="', 'for="\\"', "for=[", ",", ";", " ", "for= ", "for=1.2.3.4:"]
    )
    def test_a_long_field_is_read_to_its_end(self, hostile: str) -> None:
        """In time that grows with its length: a quadratic pattern would need hours for this."""
        long = hostile * 500_000
        assert find_client("10.0.0.1", f"{long}, for=203.0.113.9", None, self.TRUSTED) == (
            "203.0.113.9"
        )
        assert find_client("10.0.0.1", None, f"{long}, 203.0.113.9", self.TRUSTED) == "203.0.113.9"

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_no_field_makes_a_client_that_is_no_address(self, forwarded: str, other: str) -> None:
        found = find_client("10.0.0.1", forwarded or None, other, self.TRUSTED)
        assert mask_address(found) != "unknown"

    def test_nobody_is_trusted_unless_configured(self) -> None:
        assert find_client("127.0.0.1", "for=203.0.113.9", None, ()) == "127.0.0.1"

    def test_a_setting_that_is_no_network_is_refused(self) -> None:
        with pytest.raises(ValueError, match="proxy"):
            parse_networks("proxy.example")

    def test_addresses_of_one_household_share(self) -> None:
        assert find_share("2001:db8::1") == find_share("2001:db8::2")
        assert find_share("203.0.113.1") != find_share("203.0.113.2")

    def test_an_address_is_cut_to_its_network(self) -> None:
        assert mask_address("::ffff:203.0.113.77") == "203.0.113.0/24"
        assert mask_address("2001:db8:1:2::3") == "2001:db8:1::/48"


class TestAccessLog:
    def test_a_line_is_json_without_the_full_address(self, tmp_path: Path) -> None:
        log = AccessLog(str(tmp_path / "access.log"))
        log.add("203.0.113.77", "GET", '/sp"arql\n', 200, 0.25, 17, "ok", "abc123")
        log.add("203.0.113.77", "GET", "/health", 200, 0.001, 2, "ok")
        log.close()
        text = (tmp_path / "access.log").read_text("utf-8")
        first, second = map(json.loads, text.splitlines())
        assert first["client"] == "203.0.113.0/24"
        assert "203.0.113.77" not in text
        assert (first["path"], first["status"]) == ('/sp"arql\n', 200)
        assert (first["query"], first["bytes"], first["outcome"]) == ("abc123", 17, "ok")
        assert "query" not in second

    def test_no_target_no_log(self, tmp_path: Path) -> None:
        log = AccessLog("")
        log.add("203.0.113.77", "GET", "/", 200, 0.1, 1, "ok")
        log.close()
        assert list(tmp_path.iterdir()) == []


def test_a_client_is_watched_by_one_receive_until_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    # Cancelled, a first receive makes granian 2.8 take the next one's client to have left.
    monkeypatch.setattr(queries, "_WATCH_AFTER", 0.0)
    calls, sent = 0, bytearray()

    async def receive() -> Message:
        nonlocal calls
        calls += 1
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.extend(message.get("body", b""))

    async def work() -> int:
        while not calls:
            await asyncio.sleep(0)
        return 7

    async def chunks() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(0)
        yield b"b"

    async def answer() -> None:
        exchange = Exchange(SCOPE, receive, send)
        assert await queries.run_while_connected(exchange, work()) == 7
        await exchange.relay(200, (), chunks())
        assert not exchange.watch().done()
        exchange.end()
        await asyncio.wait([exchange.watch()])
        assert exchange.watch().cancelled()

    asyncio.run(answer())
    assert (calls, bytes(sent)) == (1, b"ab")


def test_a_client_that_leaves_ends_the_work_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_WATCH_AFTER", 0.0)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        raise AssertionError

    async def ask() -> None:
        exchange = Exchange(SCOPE, receive, send)
        with pytest.raises(ClientGone):
            await queries.run_while_connected(exchange, asyncio.Event().wait())

    asyncio.run(ask())
