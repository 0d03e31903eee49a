"""A served release under clients that try to hold it up or to fill it."""

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from conformance import BROWSER, FORM, LARGE, QUERY, RUNAWAY, SMALL, Site, Wire, site, sparql
from kzgraph_server.front.access_log import AccessLog
from processes import PATIENCE, resident_mib, until
from running import Server, free_port
from server_fixtures import SERVE

#: MiB that the process may grow by: what it keeps, what one request takes, and what the
#: allocator holds back.
GROWTH = 20
#: Bytes that are sent of each kind, twice as much.
SENT = 2 * GROWTH << 20

#: Bytes of a request of each kind. A comment of a megabyte would take so long to look through that
#: its query is a long one, and its worker is replaced.
SIZES = {
    "comments": 100_000,
    "formats": 1_000_000,
    "accepts": 7_900,
    "lines": 30_000,
    "graphs": 12 * 1_900,
}


@pytest.fixture(scope="module")
def served(release_root: Path) -> Iterator[Site]:
    with site(release_root, cache_mib="8") as running:
        yield running


def send_all(served: Site, requests: list[tuple[str, str, bytes | None, dict[str, str]]]) -> None:
    """Send requests from a few clients, each over one connection after the other."""
    with ThreadPoolExecutor(4) as pool:
        for reply in pool.map(
            lambda asked: served.request(asked[0], asked[1], asked[2], asked[3]), requests
        ):
            assert reply.status < 500 or reply.status == 503


@pytest.mark.parametrize("kind", SIZES)
def test_the_front_does_not_grow_with_hostile_keys(served: Site, kind: str) -> None:
    text = {"Content-Type": QUERY}
    form = {"Content-Type": FORM}
    size = SIZES[kind]
    many: list[tuple[str, str, bytes | None, dict[str, str]]] = []
    for number in range(SENT // size):
        if kind == "comments":
            body = b"ASK {} #%d %s" % (number, b"x" * size)
            many.append(("/sparql", "POST", body, text))
        elif kind == "formats":
            body = b"query=ASK{}&format=%d%s" % (number, b"x" * size)
            many.append(("/sparql", "POST", body, form))
        elif kind == "accepts":
            accept = f"a/b{number};" + "x" * size + ", */*"
            many.append((sparql("ASK {}"), "GET", None, {"Accept": accept}))
        elif kind == "lines":
            many.append((f"/robots.txt?{number}{'x' * size}", "GET", None, {}))
        else:
            graphs = "&default-graph-uri=http://x/" + "y" * (size // 12)
            target = sparql(f"ASK {{}} #{number}") + graphs * 12
            many.append((target, "GET", None, {}))
    served.settle()
    send_all(served, many[: max(8, len(many) // 50)])
    before = resident_mib(served.front)
    send_all(served, many)
    assert resident_mib(served.front) - before < GROWTH
    assert served.metric("kzgraph_cache_bytes") <= 8 << 20
    assert served.metric("kzgraph_body_bytes") == 0


def test_clients_that_do_not_read_files_keep_nobody_from_pages(served: Site) -> None:
    with ExitStack() as stack:
        for name in ("nq", "trig", "jsonld", "rdf") * 6:
            stack.enter_context(served.open_get(f"/dumps/kzgraph.{name}"))
        for path in ("/", "/page/country/KAZ?anew", "/dumps/", "/ontology", "/sparql", "/catalog"):
            assert served.get(path, BROWSER).status == 200
        assert served.ask(SMALL + " # beside slow ones").status == 200


def test_runaway_queries_asked_as_html_keep_nobody_from_the_form(served: Site) -> None:
    served.settle()
    with ExitStack() as stack:
        for number in range(8):
            target = sparql(f"{RUNAWAY} # html {number}")
            stack.enter_context(served.open_get(target, "text/html"))
        until(lambda: served.ready()["workers"]["long"] >= 2, "no query is long")
        for path in ("/sparql", "/page/country/KAZ?again", "/"):
            assert served.get(path, BROWSER).status == 200
    # Their clients have left.
    until(lambda: not served.ready()["workers"]["long"], "queries go on without their clients")


def test_an_html_query_ends_when_its_client_has_left(served: Site) -> None:
    served.settle()
    connection = served.open_get(sparql(RUNAWAY + " # html, left"), "text/html")
    until(lambda: served.ready()["workers"]["long"] == 1, "the query does not run")
    before = served.metric("kzgraph_worker_ends_total", cause="cancelled")
    connection.close()
    until(
        lambda: served.metric("kzgraph_worker_ends_total", cause="cancelled") > before,
        "the query goes on",
    )


def test_an_html_query_has_the_deadline_of_others(served: Site) -> None:
    reply = served.get(sparql(RUNAWAY + " # html, late", timeout=0.5), "text/html")
    assert reply.status == 504
    assert b"time limit of 0.5 s" in reply.body
    assert b"# html, late" in reply.body  # It comes back in the form.


@pytest.fixture(scope="module")
def hasty(release_root: Path) -> Iterator[Site]:
    with site(release_root, send_timeout="1") as running:
        yield running


@pytest.mark.parametrize("target", ["/dumps/kzgraph.nq", sparql(LARGE.format(rows=200_000))])
def test_a_client_that_takes_nothing_is_cut_off(hasty: Site, target: str) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(hasty.address)
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert is_held(connection)
        until(lambda: not is_held(connection), "the connection stays open")
        hasty.settle()


def is_held(connection: socket.socket) -> bool:
    """Whether the server still holds its end of a connection: the other is not told at once."""
    here, there = connection.getsockname()[1], connection.getpeername()[1]
    held = f":{there:04X} 0100007F:{here:04X} 01 "  # ESTABLISHED
    return held in Path("/proc/net/tcp").read_text("ascii")


def test_a_body_that_does_not_come_is_not_waited_for(release_root: Path) -> None:
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 99\r\n\r\n"
    with site(release_root, query_timeout="1") as hasty, hasty.connect() as connection:
        connection.sendall(head.encode() + b"query=ASK")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_client_that_reads_slowly_is_not_cut_off(hasty: Site) -> None:
    """It takes something all the time, so that the whole lasts longer than the limit."""
    whole = hasty.get("/dumps/kzgraph.nq").body
    with Wire(hasty.open_get("/dumps/kzgraph.nq")) as wire:
        received = bytearray()
        for _ in range(8):
            time.sleep(0.25)
            received += wire.connection.recv(256 * 1024)
        while not received.endswith(whole[-1000:]) and (part := wire.connection.recv(1 << 20)):
            received += part
        assert received.endswith(whole[-1000:])


def test_ranges_of_a_file_are_sent_and_no_more(served: Site) -> None:
    target = "/dumps/kzgraph.nq"
    whole = served.get(target)
    assert len(whole.body) > 2 << 20  # Sent in parts, not from memory.
    assert int(whole.headers["Content-Length"]) == len(whole.body)
    for start, end in ((0, 0), (5, 1_500_004), (1_000_000, 1_000_009)):
        part = served.get(target, Range=f"bytes={start}-{end}")
        assert (part.status, part.body) == (206, whole.body[start : end + 1])
        assert part.headers["Content-Range"] == f"bytes {start}-{end}/{len(whole.body)}"
    several = served.get(target, Range="bytes=0-1,5-6")
    assert (several.status, several.body) == (200, whole.body)
    tail = served.get(target, Range="bytes=-10")
    assert (tail.status, tail.body) == (206, whole.body[-10:])
    assert served.get(target, Range=f"bytes={len(whole.body)}-").status == 416
    assert served.get(target, If_None_Match=whole.headers["ETag"]).status == 304
    head = served.request(target, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(whole.body)


class TestAccessLog:
    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
    def test_on_a_full_disk_the_server_goes_on_and_counts(self, release_root: Path) -> None:
        with site(release_root, access_log="/dev/full") as full:
            for number in range(20):
                assert full.get(f"/health?{number}").status == 200
            dropped = "kzgraph_log_dropped_total"
            until(lambda: full.metric(dropped) >= 20, "no line is counted as dropped")
            before = full.metric(dropped)
            full.get("/health?later")
            until(lambda: full.metric(dropped) > before, "the log's thread has ended")
            said = [line for line in full.server.lines if "access log" in line]
            assert len(said) == 1

    def test_once_there_is_room_again_whole_lines_are_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "access.log"
        log = AccessLog(str(path), interval=3600)
        write = log._write_bytes
        room = [70]

        def short(out: int, data: bytes) -> int:
            return write(out, data[: room[0]])

        monkeypatch.setattr(log, "_write_bytes", short)
        for left, name in ((70, "/a"), (0, "/b"), (10_000, "/c")):
            room[0] = left
            log.add("203.0.113.77", "GET", name, 200, 0.1, 1, "ok")
            log.flush()
        log.close()
        *torn, whole = path.read_text("utf-8").splitlines()
        assert json.loads(whole)["path"] == "/c"
        assert len(torn) == 1
        assert log.dropped == 2

    def test_a_pipe_that_nobody_reads_any_more_loses_lines_and_holds_nothing_up(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "pipe"
        os.mkfifo(path)
        refused: list[OSError] = []

        def open_log() -> None:
            try:
                AccessLog(str(path))
            except OSError as error:
                refused.append(error)

        opening = threading.Thread(target=open_log, daemon=True)
        opening.start()
        opening.join(PATIENCE)
        assert refused, "a pipe that nobody reads is waited for"
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        log = AccessLog(str(path), interval=3600)
        for _ in range(1_000):
            log.add("203.0.113.77", "GET", "/" + "x" * 100, 200, 0.1, 1, "ok")
        closing = threading.Thread(target=log.close, daemon=True)
        closing.start()
        closing.join(PATIENCE)
        assert not closing.is_alive()
        with os.fdopen(reader) as pipe:
            lines = pipe.readlines()
        whole = [line for line in lines if line.endswith("}\n")]
        assert whole
        assert len(whole) + log.dropped == 1_000

    def test_a_server_stops_though_nobody_reads_what_it_says(self, release_root: Path) -> None:
        # Its starter would kill it after so long, and that is no proper stop.
        long = {**os.environ, "KZGRAPH_ACCESS_LOG": "-", "KZGRAPH_GRACE": "1000000"}
        with Server([*SERVE, str(release_root)], free_port(), env=long) as server:
            for _ in range(1_000):
                server.get("/health")
            server.process.terminate()
            assert server.process.wait(PATIENCE) == 0

    def test_lines_that_wait_are_bounded(self, tmp_path: Path) -> None:
        log = AccessLog(str(tmp_path / "access.log"), interval=3600)
        for _ in range(20_000):
            log.add("203.0.113.77", "GET", "/" + "x" * 400, 200, 0.1, 1, "ok")
        assert log.dropped > 0
        log.flush()
        assert (tmp_path / "access.log").stat().st_size < 8 << 20
        log.close()
