"""What an operator needs: health, numbers, a log without addresses, a quiet stop, safe fields."""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conformance import BROWSER, LARGE, RUNAWAY, SMALL, Running, Site, Wire, site, sparql
from processes import PATIENCE, is_alive, until


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "access.log"


@pytest.fixture(scope="module")
def served(release_root: Path, log: Path) -> Iterator[Site]:
    with site(release_root, access_log=str(log)) as running:
        yield running


def lines(log: Path, **wanted: Any) -> list[dict[str, Any]]:
    """The lines of the log that have these values."""
    found = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return [each for each in found if wanted.items() <= each.items()]


def hashed(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()[:16]


class TestState:
    def test_health_says_that_the_server_is_alive(self, served: Site) -> None:
        reply = served.get("/health")
        assert (reply.status, reply.json["status"]) == (200, "ok")
        # A cache in between must not say so in its place.
        assert "no-store" in reply.headers["Cache-Control"]

    def test_ready_says_what_is_served_and_by_whom(self, served: Site, release_root: Path) -> None:
        reply = served.get("/ready")
        assert (reply.status, reply.json["status"]) == (200, "ready")
        assert reply.json["version"] == (release_root / "current").resolve().name
        assert reply.json["workers"]["idle"] >= 2
        assert reply.headers["Cache-Control"] == "no-store"

    def test_it_is_not_ready_without_workers(self, release_root: Path, tmp_path: Path) -> None:
        root = tmp_path / "releases"
        shutil.copytree(release_root, root, symlinks=True)
        with site(root) as poor:
            # One that is killed while it starts is no sign that others cannot.
            poor.settle()
            # Workers that begin now find no store.
            (root / "current" / "store").rename(root / "store")
            for pid in poor.workers:
                os.kill(pid, signal.SIGKILL)
            until(lambda: poor.get("/ready").status == 503, "it is ready without workers")
            assert poor.ready()["status"] != "ready"
            until(lambda: bool(poor.ready()["error"]), "it does not say why")
            assert poor.get("/health").status == 200
            refused = poor.ask(SMALL)
            assert refused.status == 503
            assert int(refused.headers["Retry-After"]) > 0


class TestMetrics:
    def families(self, served: Site) -> dict[str, Any]:
        text = served.get("/metrics").body.decode()
        return {family.name: family for family in text_string_to_metric_families(text)}

    def test_they_are_as_prometheus_reads_them(self, served: Site) -> None:
        served.ask(SMALL)
        families = self.families(served)
        for name, kind in {
            "kzgraph_requests": "counter",
            "kzgraph_request_seconds": "histogram",
            "kzgraph_sent_bytes": "counter",
            "kzgraph_cache_requests": "counter",
            "kzgraph_cache_bytes": "gauge",
            "kzgraph_queue_length": "gauge",
            "kzgraph_workers": "gauge",
            "kzgraph_release_info": "gauge",
        }.items():
            assert families[name].type == kind
            assert families[name].documentation

    def test_requests_are_counted_by_kind_and_status(self, served: Site) -> None:
        def count(kind: str, status: int) -> float:
            return served.metric("kzgraph_requests_total", kind=kind, status=str(status))

        before = [count("query", 200), count("query", 400), count("page", 404)]
        served.ask(SMALL)
        served.ask("SELECT")
        served.get("/nothing")
        after = [count("query", 200), count("query", 400), count("page", 404)]
        assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]

    def test_every_request_is_in_the_histogram(self, served: Site) -> None:
        before = served.metric("kzgraph_request_seconds_count", kind="query")
        served.ask(SMALL + " # timed")
        assert served.metric("kzgraph_request_seconds_count", kind="query") == before + 1
        served.ask(SMALL + " # timed")
        assert served.metric("kzgraph_request_seconds_count", kind="query") == before + 2

    def test_kills_are_counted_by_cause(self, served: Site) -> None:
        before = served.ended("deadline")
        assert served.ask(RUNAWAY, timeout=0.5).status == 504
        until(
            lambda: served.ended("deadline") == before + 1,
            "the kill is not counted",
        )

    def test_workers_are_counted_by_what_they_do(self, served: Site) -> None:
        served.settle()
        with served.open_get(sparql(RUNAWAY + " # counted")):
            until(lambda: served.metric("kzgraph_workers", state="long") == 1, "no query is long")
        until(lambda: served.metric("kzgraph_workers", state="long") == 0, "it goes on")


class TestAccessLog:
    def line(self, log: Path, **wanted: Any) -> dict[str, Any]:
        """The only line that has these values."""
        until(lambda: bool(lines(log, **wanted)), f"no line with {wanted}")
        (line,) = lines(log, **wanted)
        return line

    def test_a_query_is_a_line(self, served: Site, log: Path) -> None:
        query = "SELECT ?s { ?s a kzg:Pledge } # logged"
        reply = served.ask(query)
        line = self.line(log, query=hashed(query))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
        assert (line["method"], line["path"], line["status"]) == ("GET", "/sparql", 200)
        assert (line["bytes"], line["outcome"]) == (len(reply.body), "ok")
        assert line["seconds"] > 0

    def test_it_holds_no_address_and_no_query(self, served: Site, log: Path) -> None:
        query = "SELECT * { ?secret a kzg:Pledge }"
        served.ask(query)
        self.line(log, query=hashed(query))
        text = log.read_text("utf-8")
        assert "127.0.0.1" not in text
        assert "secret" not in text
        assert {line["client"] for line in lines(log)} == {"127.0.0.0/24"}

    def test_an_answer_from_memory_is_a_line_too(self, served: Site, log: Path) -> None:
        query = "SELECT ?s { ?s a kzg:Pledge } # twice"
        for _ in range(2):
            served.request(sparql(query, format="csv-excel"), "HEAD")
        until(lambda: len(lines(log, query=hashed(query))) == 2, "not both are logged")
        first, second = lines(log, query=hashed(query))
        assert (first["outcome"], second["outcome"]) == ("ok", "cached")
        assert (first["bytes"], second["bytes"]) == (0, 0)

    def test_the_outcome_says_how_it_ended(self, served: Site, log: Path) -> None:
        refused, slow, left = "SELECT # refused", RUNAWAY + " # slow", RUNAWAY + " # leaves"
        served.ask(refused)
        assert self.line(log, query=hashed(refused))["outcome"] == "refused"
        served.get("/page/nothing/here")
        assert self.line(log, path="/page/nothing/here")["outcome"] == "refused"
        served.ask(slow, timeout=0.5)
        assert self.line(log, query=hashed(slow))["outcome"] == "timeout"
        served.settle()
        connection = served.open_get(sparql(left, timeout=PATIENCE))
        until(lambda: served.ready()["workers"]["long"] == 1, "the query did not start")
        connection.close()
        assert self.line(log, query=hashed(left))["outcome"] == "cancelled"
        broken = LARGE.replace("LIMIT {rows}", "").format()
        before = served.ended("deadline")
        with Wire(served.begin(sparql(broken))) as wire:
            # It reads no more until the time is up.
            served.until_ended("deadline", before + 1)
            assert wire.reply() is not None
            assert self.line(log, query=hashed(broken))["outcome"] == "broken"

    def test_a_line_cannot_be_forged(self, served: Site, log: Path) -> None:
        served.get("/nothing%0A%7B%22forged%22%3A1%7D%22,%22status%22:200")
        line = self.line(log, path='/nothing\n{"forged":1}","status":200')
        assert line["status"] == 404
        assert not lines(log, forged=1)


class TestForwarded:
    """Whose address counts, seen by whose network is logged."""

    CLAIMS: tuple[dict[str, str], ...] = (
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
    )

    def ask(self, served: Site, log: Path, fields: dict[str, str]) -> str:
        path = f"/nothing-{time.monotonic_ns()}"
        served.request(path, fields=fields)
        until(lambda: bool(lines(log, path=path)), "the request is not logged")
        return str(lines(log, path=path)[0]["client"])

    @pytest.mark.parametrize("fields", CLAIMS)
    def test_a_stranger_is_not_believed(
        self, served: Site, log: Path, fields: dict[str, str]
    ) -> None:
        assert self.ask(served, log, fields) == "127.0.0.0/24"

    def test_a_trusted_proxy_is(self, release_root: Path, tmp_path: Path) -> None:
        log = tmp_path / "access.log"
        with site(release_root, access_log=str(log), trusted_proxies="127.0.0.0/8") as behind:
            for fields in self.CLAIMS:
                assert self.ask(behind, log, fields) == "203.0.113.0/24"

    def test_what_a_client_claims_changes_no_address(self, served: Site) -> None:
        fields = {
            "Host": "evil.example", "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.example",
            "Accept": BROWSER,
        }  # fmt: skip
        for target in ("/", "/sparql", "/id/country/KAZ", "/page/country/KAZ", "/catalog",
                       "/.well-known/void", "/sitemap.xml", "/robots.txt"):  # fmt: skip
            reply = served.request(target, fields=fields)
            assert b"evil.example" not in reply.body
            assert "evil.example" not in reply.headers.get("Location", "")
            assert "evil.example" not in str(reply.headers)


class TestFields:
    @pytest.mark.parametrize(
        ("target", "accept"),
        [("/", BROWSER), ("/sparql", BROWSER), (sparql(SMALL), BROWSER), (sparql(SMALL), "*/*"),
         (sparql("SELECT <script>"), BROWSER), ("/nothing", BROWSER), ("/nothing", "*/*"),
         ("/page/country/KAZ", BROWSER), ("/ontology", BROWSER), ("/dumps/", BROWSER),
         ("/dumps/kzgraph.ttl", "*/*"), ("/data?default", "*/*"), ("/health", "*/*"),
         ("/ready", "*/*"), ("/metrics", "*/*"), ("/static/style.css", "*/*"),
         ("/id/country/KAZ", "*/*"), ("/robots.txt", "*/*"), ("/catalog", BROWSER)],
    )  # fmt: skip
    def test_every_answer_is_guarded(self, served: Site, target: str, accept: str) -> None:
        headers = served.get(target, accept).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in headers
        assert headers.get_content_type()

    def test_no_field_comes_twice_but_links(self, served: Site) -> None:
        for target in ("/", sparql(SMALL), "/page/country/KAZ", "/dumps/kzgraph.ttl", "/nothing",
                       "/data/country/KAZ.ttl", "/data?default"):  # fmt: skip
            names = [name.lower() for name in served.get(target).headers if name.lower() != "link"]
            assert len(names) == len(set(names)), target


def _is_busy(served: Site) -> bool:
    workers = served.ready()["workers"]
    return bool(workers["busy"] + workers["long"])


class TestStop:
    def test_what_runs_is_answered_and_every_process_leaves(self, release_root: Path) -> None:
        slow = "SELECT (COUNT(*) AS ?n) { ?a a kzg:Fact . ?b a kzg:Fact . ?c a kzg:Statement }"
        with Running(release_root, grace=str(int(PATIENCE))) as server:
            running = Site(server)
            processes = [running.front, *running.workers]
            with Wire(running.open_get(sparql(slow))) as wire:
                until(lambda: _is_busy(running), "the query does not run")
                server.process.send_signal(signal.SIGTERM)
                reply = wire.reply()
            assert reply is not None
            assert (reply.status, reply.complete) == (200, True)
            assert json.loads(reply.body)["results"]["bindings"]
            assert server.process.wait(PATIENCE) == 0
            until(lambda: not any(map(is_alive, processes)), "processes stay")
            with pytest.raises(ConnectionRefusedError), socket.create_connection(running.address):
                pass

    def test_a_query_that_does_not_end_is_ended(self, release_root: Path) -> None:
        with Running(release_root, grace="1") as server:
            running = Site(server)
            processes = [running.front, *running.workers]
            with ThreadPoolExecutor(1) as pool, running.open_get(sparql(RUNAWAY)) as connection:
                until(lambda: running.ready()["workers"]["long"] == 1, "it did not start")
                processes += running.workers
                server.process.send_signal(signal.SIGTERM)
                answer = pool.submit(Wire(connection).reply)
                assert server.process.wait(PATIENCE) == 0
                reply = answer.result()
            assert reply is not None
            assert (reply.status, b"stopping" in reply.body) == (503, True)
            until(lambda: not any(map(is_alive, processes)), "processes stay")

    def test_workers_do_not_outlive_a_front_that_is_killed(self, release_root: Path) -> None:
        with Running(release_root) as server:
            running = Site(server)
            front, workers = running.front, running.workers
            subprocess.run(["kill", "-9", str(front)], check=True)
            until(lambda: not any(map(is_alive, workers)), "workers stay")
