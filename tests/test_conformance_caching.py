"""Caching by the book: https://www.rfc-editor.org/rfc/rfc9110 and rfc9111; and the server's own."""

import gzip
import http.client
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import brotli
import pytest
import zstandard

from conformance import FORM, JSON_RESULTS, LARGE, SMALL, Site, exchange, site, sparql
from processes import PATIENCE
from server_fixtures import Reply

CODINGS = ["gzip", "br", "zstd"]
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
#: Of some length, and soon answered: a crowd asks it of the engine several times at once.
MIDDLE = "SELECT ?s ?p ?o { ?s a kzg:PopulationFigure ; ?p ?o } ORDER BY ?s ?p ?o LIMIT 200"
#: Addresses that answer 200, of every kind that may be kept.
KEPT = [
    sparql(SMALL),
    sparql(MIDDLE, format="csv"),
    sparql("CONSTRUCT WHERE { ?s a kzg:Operation }"),
    sparql(SMALL, format="html"),
    "/sparql",
    "/",
    "/ontology",
    "/page/country/KAZ",
    "/data/country/KAZ.ttl",
    "/data?graph=https://w3id.org/kzgraph/graph/entities",
    "/.well-known/void",
    "/catalog",
    "/dumps/kzgraph.ttl",
    "/dumps/kzgraph.ttl.gz",
    "/dumps/kzgraph.nt",
    "/static/style.css",
]


@pytest.fixture(scope="module")
def served(plain_site: Site) -> Site:
    return plain_site


def fields_of(reply: Reply) -> dict[str, str]:
    """The header fields by lower-case name, but for the date."""
    fields = {name.lower(): value for name, value in reply.headers.items()}
    del fields["date"]
    return fields


@pytest.mark.parametrize("target", KEPT)
class TestConditions:
    def test_a_strong_tag_names_the_answer(self, served: Site, target: str) -> None:
        first, second = served.get(target), served.get(target)
        assert first.status == 200
        assert first.headers["ETag"].startswith('"')
        assert (first.headers["ETag"], first.body) == (second.headers["ETag"], second.body)

    def test_who_has_it_gets_304(self, served: Site, target: str) -> None:
        etag = served.get(target).headers["ETag"]
        for condition in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            for method in ("GET", "HEAD"):
                fields = {"If-None-Match": condition}
                reply = served.request(target, method, fields=fields)
                assert (reply.status, reply.body) == (304, b""), condition
                assert reply.headers["ETag"] == etag
                assert "Cache-Control" in reply.headers
        assert served.get(target, If_None_Match='"other"').status == 200

    def test_the_head_is_that_of_get(self, served: Site, target: str) -> None:
        fresh = target + ("&" if "?" in target else "?") + "head=1"
        head = served.request(fresh, "HEAD")
        get = served.get(fresh)
        assert (head.status, head.body) == (200, b"")
        assert fields_of(head) == fields_of(get)

    def test_caches_are_told_for_how_long_and_for_whom(self, served: Site, target: str) -> None:
        reply = served.get(target)
        # A file of the release is asked for again each time, which costs a 304.
        if target.startswith(("/dumps", "/static")):
            assert "no-cache" in reply.headers["Cache-Control"]
        else:
            assert "public" in reply.headers["Cache-Control"]
            vary = {each.strip().lower() for each in reply.headers["Vary"].split(",")}
            assert {"accept", "accept-encoding"} <= vary
            assert "max-age=" in reply.headers["Cache-Control"]

    @pytest.mark.parametrize("coding", CODINGS)
    def test_a_coded_answer_decodes_to_the_plain_one(
        self, served: Site, target: str, coding: str
    ) -> None:
        plain = served.get(target)
        assert "Content-Encoding" not in plain.headers
        coded = served.get(target, Accept_Encoding=coding)
        assert coded.status == 200
        if "Content-Encoding" in coded.headers:
            assert coded.headers["Content-Encoding"] == coding
            assert DECODERS[coding](coded.body) == plain.body
            # RFC 9110, section 8.8.3.3: another coding, another tag; each is valid for itself.
            assert coded.headers["ETag"] != plain.headers["ETag"]
            again = served.get(target, Accept_Encoding=coding, If_None_Match=coded.headers["ETag"])
            assert again.status == 304
        else:
            assert coded.body == plain.body


@pytest.mark.parametrize("coding", CODINGS)
def test_text_of_some_length_is_compressed(served: Site, coding: str) -> None:
    for target in ("/", sparql(MIDDLE), "/ontology", "/dumps/graphs/entities.ttl"):
        reply = served.get(target, Accept_Encoding=f"identity;q=0.1, {coding}")
        assert reply.headers["Content-Encoding"] == coding
        assert len(reply.body) < 0.5 * len(served.get(target).body)


@pytest.mark.parametrize("coding", CODINGS)
def test_an_archive_is_not_compressed_twice(served: Site, coding: str) -> None:
    reply = served.get("/dumps/kzgraph.ttl.gz", Accept_Encoding=coding)
    assert "Content-Encoding" not in reply.headers
    assert reply.headers["Content-Type"] == "application/gzip"
    assert gzip.decompress(reply.body) == served.get("/dumps/kzgraph.ttl").body


@pytest.mark.parametrize("coding", CODINGS)
def test_an_answer_that_is_streamed_is_compressed_as_well(served: Site, coding: str) -> None:
    target = sparql(LARGE.format(rows=9_000))
    plain = served.get(target)
    assert plain.headers["Transfer-Encoding"] == "chunked"
    coded = served.get(target, Accept_Encoding=coding)
    assert coded.headers["Content-Encoding"] == coding
    assert DECODERS[coding](coded.body) == plain.body


@pytest.mark.parametrize(
    "field", ["identity", "gzip;q=0", "deflate", "*;q=0", "", "gzip;q=0.1, identity;q=0.9"]
)
def test_who_takes_no_coding_gets_none(served: Site, field: str) -> None:
    assert "Content-Encoding" not in served.get(sparql(MIDDLE), Accept_Encoding=field).headers


class TestDumps:
    def test_a_range_is_a_part_of_the_same_file(self, served: Site) -> None:
        for name in ("kzgraph.ttl", "kzgraph.nt", "kzgraph.nq.gz"):
            whole = served.get(f"/dumps/{name}")
            part = served.get(f"/dumps/{name}", Range="bytes=100-299")
            assert (part.status, part.body) == (206, whole.body[100:300])
            assert part.headers["Content-Range"] == f"bytes 100-299/{len(whole.body)}"
            assert part.headers["ETag"] == whole.headers["ETag"]

    def test_a_download_that_broke_off_is_resumed(self, served: Site) -> None:
        whole = served.get("/dumps/kzgraph.ttl.gz")
        fields = {"Range": "bytes=5000-", "If_Range": whole.headers["ETag"]}
        rest = served.get("/dumps/kzgraph.ttl.gz", **fields)
        assert (rest.status, rest.body) == (206, whole.body[5000:])
        fields["If_Range"] = '"of another release"'
        changed = served.get("/dumps/kzgraph.ttl.gz", **fields)
        assert (changed.status, changed.body) == (200, whole.body)


class TestOwnCache:
    """What the server answers from memory."""

    def hits(self, served: Site) -> float:
        return served.metric("kzgraph_cache_requests_total", result="hit")

    def test_the_same_question_is_answered_from_memory(self, served: Site) -> None:
        query = "SELECT ?s { ?s a kzg:Operation } # the same"
        first, before = served.ask(query), self.hits(served)
        second = served.ask(query)
        assert self.hits(served) == before + 1
        assert (first.body, fields_of(first)) == (second.body, fields_of(second))

    def test_it_is_the_same_question_however_it_is_sent(self, served: Site) -> None:
        query = "SELECT ?s { ?s a kzg:Operation } # however"
        first, before = served.ask(query, JSON_RESULTS), self.hits(served)
        form = served.post(urlencode({"query": query}), FORM, Accept=JSON_RESULTS)
        direct = served.post(query, Accept=f"{JSON_RESULTS}, text/csv;q=0.1")
        head = served.request(sparql(query), "HEAD", fields={"Accept": JSON_RESULTS})
        assert self.hits(served) == before + 3
        assert form.body == direct.body == first.body
        assert head.headers["ETag"] == first.headers["ETag"]

    def test_another_type_or_data_set_is_another_question(self, served: Site) -> None:
        query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } # another"
        graph = "https://w3id.org/kzgraph/graph/entities"
        answers = [
            served.ask(query, JSON_RESULTS),
            served.ask(query, "text/csv"),
            served.ask(query, JSON_RESULTS, default_graph_uri=graph),
            served.ask(query, JSON_RESULTS, named_graph_uri=graph),
        ]
        assert len({answer.body for answer in answers}) == 4
        assert len({answer.headers["ETag"] for answer in answers}) == 4

    @pytest.mark.parametrize(
        "query",
        ["SELECT (NOW() AS ?x) {}", "SELECT (RAND() AS ?x) {}", "SELECT (UUID() AS ?x) {}",
         "SELECT (struuid( ) AS ?x) {}", "SELECT (BNODE() AS ?n) (STRUUID() AS ?x) {}",
         "SELECT (rand #\n () AS ?x) {}",
         "CONSTRUCT { ?s rdfs:label ?x } { BIND(UUID() AS ?s) BIND(RAND() AS ?x) }"],
    )  # fmt: skip
    def test_what_differs_each_time_is_never_kept(self, served: Site, query: str) -> None:
        for accept in ("*/*", "text/html"):
            replies = [served.ask(query, accept) for _ in range(3)]
            assert [reply.status for reply in replies] == [200] * 3
            assert len({reply.body for reply in replies}) == 3
            assert {reply.headers["Cache-Control"] for reply in replies} == {"no-store"}

    def test_refusals_are_not_kept(self, served: Site) -> None:
        before = self.hits(served)
        for _ in range(2):
            assert served.ask("SELECT # refused").status == 400
        assert self.hits(served) == before

    def test_it_has_a_bound(self, release_root: Path) -> None:
        with site(release_root, cache_mib="1") as small:
            for number in range(40):
                query = f"SELECT * {{ ?s ?p ?o }} LIMIT 200 OFFSET {number}"
                assert small.ask(query).status == 200
            assert 0 < small.metric("kzgraph_cache_bytes") <= 1 << 20
            assert small.metric("kzgraph_cache_entries") < 40

    def test_a_crowd_that_asks_the_same_is_answered_the_same(self, served: Site) -> None:
        target = sparql(MIDDLE + " # crowd")
        bodies: list[tuple[int, bytes]] = []

        def ask() -> None:
            connection = http.client.HTTPConnection(*served.address, timeout=2 * PATIENCE)
            for _ in range(25):
                reply = exchange(connection, target)
                bodies.append((reply.status, reply.body))
            connection.close()

        crowd = [threading.Thread(target=ask) for _ in range(8)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
        assert len(bodies) == 200
        assert len(set(bodies)) == 1
        assert bodies[0][0] == 200
