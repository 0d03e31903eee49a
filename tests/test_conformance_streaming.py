"""Answers that are sent while they are computed: whole or seen to be broken, in bounded memory."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from conformance import LARGE, SMALL, Site, Wire, site, sparql
from processes import cpu_ticks, resident_mib, until

#: About 85 MB in JSON, far more than sockets and queues hold.
#: No machine writes all of it within a minute, in whatever coding.
ENORMOUS = sparql(
    "SELECT ?a ?b ?c { ?a rdfs:label ?x . ?b rdfs:label ?y . ?c rdfs:label ?z } LIMIT 500000000"
)


#: One that has no end in an hour, however well it is compressed.
ENDLESS = sparql("SELECT ?a ?b { ?a rdfs:label ?x . ?b rdfs:label ?y . ?c rdfs:label ?z }")


@pytest.fixture(scope="module")
def served(release_root: Path) -> Iterator[Site]:
    with site(release_root) as running:
        yield running


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_a_streamed_answer_comes_whole(served: Site, accept: str) -> None:
    rows = 20_000
    with Wire(served.open_get(sparql(LARGE.format(rows=rows)), accept)) as wire:
        reply = wire.reply()
    assert reply is not None
    assert (reply.status, reply.complete) == (200, True)
    assert reply.fields["transfer-encoding"] == "chunked"
    lines = reply.body.count(b'"a":{') if "json" in accept else reply.body.count(b"\r\n") - 1
    assert lines == rows


def test_a_worker_that_dies_in_mid_answer_is_seen_by_the_client(served: Site) -> None:
    served.settle()
    with Wire(served.open_get(ENORMOUS)) as wire:
        assert wire.connection.recv(15, socket.MSG_PEEK) == b"HTTP/1.1 200 OK"
        for worker in served.workers:
            os.kill(worker, signal.SIGKILL)
        reply = wire.reply()
        assert reply is not None
        assert reply.body
        assert not reply.complete
        assert wire.closed
    until(lambda: served.ready()["workers"]["idle"] >= 2, "no new workers")
    assert served.ask(SMALL + " # after").status == 200


def test_a_deadline_in_mid_answer_is_seen_by_the_client(served: Site) -> None:
    served.settle()
    before = served.ended("deadline")
    with Wire(served.begin(ENDLESS)) as wire:
        served.until_ended("deadline", before + 1)
        reply = wire.reply()
        assert reply is not None
        assert not reply.complete
        assert wire.closed


def test_a_broken_answer_is_seen_in_every_coding(served: Site) -> None:
    served.settle()
    before = served.ended("deadline")
    codings = ("gzip", "br", "zstd")
    with ExitStack() as stack:
        wires = [stack.enter_context(Wire(served.begin(ENDLESS, coding))) for coding in codings]
        served.until_ended("deadline", before + len(codings))
        for wire, coding in zip(wires, codings, strict=True):
            reply = wire.reply()
            assert reply is not None
            assert reply.fields["content-encoding"] == coding
            assert not reply.complete


def test_memory_does_not_grow_with_the_answer(served: Site) -> None:
    served.settle()
    served.ask(LARGE.format(rows=20_000))
    before = resident_mib(served.front)
    with Wire(served.open_get(ENORMOUS)) as wire:
        assert wire.connection.recv(15, socket.MSG_PEEK) == b"HTTP/1.1 200 OK"
        # A client that reads nothing holds up the worker that computes.
        workers = served.workers
        until(lambda: _are_still(workers), "a worker goes on though nobody reads")
        assert resident_mib(served.front) - before < 24
        # One that reads gets all of it through the same few buffers.
        size = 0
        while size < 30_000_000 and (part := wire.connection.recv(1 << 18)):
            size += len(part)
        assert size >= 30_000_000, (size, served.ready(), served.server.lines[-5:])
        assert resident_mib(served.front) - before < 24
        assert max(map(resident_mib, workers)) < 200
    assert resident_mib(served.front, "VmHWM") - before < 40


def _are_still(pids: list[int]) -> bool:
    before = sum(map(cpu_ticks, pids))
    time.sleep(0.3)
    return sum(map(cpu_ticks, pids)) - before <= 2


def test_a_client_that_goes_away_in_mid_answer_frees_its_worker(served: Site) -> None:
    served.settle()
    connections = [served.open_get(ENORMOUS + f"&client={number}") for number in range(3)]
    for connection in connections:
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
    until(lambda: _busy(served) == 3, "not all three are computed")
    before = served.ended("deadline")
    for connection in connections:
        connection.close()
    until(lambda: _busy(served) == 0, "the workers go on")
    assert served.ended("deadline") == before


def _busy(served: Site) -> int:
    workers = served.ready()["workers"]
    return int(workers["busy"] + workers["long"])


def test_a_client_that_goes_away_while_nothing_comes_frees_its_worker(served: Site) -> None:
    served.settle()
    # Forty rows of 64 KiB at once, and then none for minutes.
    doubled = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(16))
    query = f"""
        SELECT ?n ?x16 {{
          VALUES ?n {{ {" ".join(map(str, range(500)))} }} BIND('a' AS ?x0) {doubled}
          BIND(IF(?n < 40, ?x0, CONCAT({", ".join(["?x16"] * 9)})) AS ?y)
          FILTER(?n < 40 || STRLEN(REPLACE(REPLACE(?y, 'a', 'bbbb'), 'b', 'aaaa')) < 0)
        }}"""
    connection = served.open_get(sparql(query))
    before = served.ended("deadline")
    size = 0
    with suppress(TimeoutError):
        while part := connection.recv(1 << 18):
            size += len(part)
            if size > 36 << 16:
                connection.settimeout(1)  # what is on its way still comes
    assert size > 36 << 16
    until(lambda: _busy(served) == 1, "it is not computed")
    connection.close()
    until(lambda: _busy(served) == 0, "the worker goes on")
    assert served.ended("deadline") == before


def test_a_head_of_an_enormous_answer_computes_nothing_for_long(served: Site) -> None:
    served.settle()
    before = served.ended("deadline")
    # The second time it is known to be long.
    for _ in range(2):
        reply = served.request(ENORMOUS, "HEAD")
        assert (reply.status, reply.body) == (200, b"")
        until(lambda: _busy(served) == 0, "the worker goes on")
    assert served.ended("deadline") == before


def test_small_queries_are_answered_beside_slow_readers(served: Site) -> None:
    served.settle()
    slow = [served.open_get(ENORMOUS + f"&slow={number}") for number in range(4)]
    for number in range(10):
        assert served.ask(f"{SMALL} # beside {number}").status == 200
    for connection in slow:
        connection.close()
    until(lambda: _busy(served) == 0, "the workers go on")
