"""Bytes of every kind come in; never a 500, never a dead server, nothing left behind.

`KZGRAPH_FUZZ_SEED` and `KZGRAPH_FUZZ_REQUESTS` make it another run, or a longer one.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

import pytest

from conformance import JSON_RESULTS, RUNAWAY, SMALL, RawReply, Site, site, sparql
from fuzz_judging import Fault, Tally, judge, run
from fuzz_past import PAST
from fuzzing import Case, Fuzz, queries, unpacked
from processes import PATIENCE, resident_mib, until

SEED = int(os.environ.get("KZGRAPH_FUZZ_SEED", "20240901"))
#: Requests of every run of the tests, and of a long one.
REQUESTS = int(os.environ.get("KZGRAPH_FUZZ_REQUESTS", "1500"))
MANY = max(40_000, REQUESTS)
CLIENTS = 4
#: Cases after which a client's source starts anew, so that a part of a run can be repeated.
BATCH = 500


@pytest.fixture(scope="module")
def served(release_root: Path) -> Iterator[Site]:
    with site(release_root, query_timeout="1", cache_mib="8") as running:
        yield running


def cases(seed: int) -> Iterator[Case]:
    source = Fuzz(seed)
    while True:
        yield source.case()


def test_the_same_seed_gives_the_same_cases() -> None:
    first, second = cases(7), cases(7)
    assert [next(first) for _ in range(200)] == [next(second) for _ in range(200)]
    assert next(cases(8)) != next(cases(7))


def test_a_described_case_is_the_case() -> None:
    for case in (next(cases(seed)) for seed in range(200)):
        assert eval(case.described(), {"Case": Case, "unpacked": unpacked}) == case  # noqa: S307 - what we wrote


@pytest.mark.parametrize("requests", [REQUESTS, pytest.param(MANY, marks=pytest.mark.long)])
def test_thousands_of_requests_do_no_harm(served: Site, requests: int) -> None:
    front, wrong_before = served.front, served.metric("kzgraph_requests_total", status="500")
    served.ask(SMALL)
    before = resident_mib(front)
    total, lock = Tally(), threading.Lock()
    starts = [SEED + number for number in range(-(-requests // BATCH))]

    def batch(seed: int) -> None:
        tally = Tally()
        try:
            run(served.connect, cases(seed), min(BATCH, requests), tally)
        except Fault as fault:
            raise AssertionError(f"KZGRAPH_FUZZ_SEED={seed}: {fault}") from fault
        with lock:
            total.add(tally)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(batch, starts))

    print(f"seed {SEED}: {total}")  # noqa: T201 - shown where the test fails
    # It got deep: answers and refusals of every kind, not one kind again and again.
    assert total.sent >= requests
    assert total.statuses[200] > 0.1 * total.sent
    assert {200, 303, 400, 404, 405, 406, 415} <= set(total.statuses)
    assert total.broken < 0.05 * total.sent
    # The same process answers as before, and is idle.
    assert served.front == front
    served.settle()
    assert served.get("/health").status == 200
    assert served.ask(SMALL + " # after", JSON_RESULTS).column
    assert served.metric("kzgraph_requests_total", status="500") == wrong_before == 0
    assert served.metric("kzgraph_worker_ends_total", cause="crash") == 0
    assert served.ready()["queued"] == 0
    assert len(served.workers) <= 6
    assert resident_mib(front) - before < 100
    for worker in served.workers:
        assert resident_mib(worker) < 300
    said = "".join(served.server.lines)
    assert "unexpected error" not in said
    # An answer that breaks off is told to the server below as an exception; there is no other.
    assert said.count("Traceback") == said.count("\nEngineFailure: ")


@pytest.mark.parametrize("number", range(len(PAST)))
def test_a_past_failure_stays_mended(served: Site, number: int) -> None:
    run(served.connect, iter([PAST[number]]), 1, Tally())
    assert served.get("/health").status == 200


def test_the_examples_that_are_mutated_are_answered_unmutated(served: Site) -> None:
    """Were they refused, the mutations would all stop at the same place."""
    statuses = [served.get(sparql(text)).status for text in queries()]
    # Some that a busy machine does not answer within this server's second were not refused.
    assert set(statuses) <= {200, 503, 504}
    assert statuses.count(200) > len(statuses) // 2


SOUND = {"content-type": "text/plain", "x-content-type-options": "nosniff"}


class TestOfTheTest:
    """That a fault would be noticed."""

    def test_what_is_sound_is_left_alone(self) -> None:
        for status in (200, 204, 303, 304, 400, 404, 431, 503, 504):
            judge(RawReply(status, SOUND, b"x", True))
        judge(RawReply(200, SOUND, b"x", False))
        judge(RawReply(400, {}, b"", True))

    @pytest.mark.parametrize(
        ("status", "fields", "body", "complete"),
        [
            (500, SOUND, b"x", True),
            (502, SOUND, b"x", True),
            (502, SOUND, b"x", True),
            (100, SOUND, b"x", True),
            (999, SOUND, b"x", True),
            (200, {}, b"x", True),
            (400, SOUND, b"Traceback (most recent call last):", True),
            (404, SOUND, b'  File "/somewhere"', True),
            (400, SOUND, b"x", False),
            (400, {**SOUND, "content-type": "application/problem+json"}, b'{"status": 404}', True),
        ],
    )
    def test_what_is_not_is_a_fault(
        self, status: int, fields: dict[str, str], body: bytes, complete: bool
    ) -> None:
        with pytest.raises(Fault):
            judge(RawReply(status, fields, body, complete))

    @pytest.mark.parametrize("framed", [True, False])
    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "status 500"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "without the fields"),
            (b"HTTP/1.1 200 OK\r\nContent-Le", "broken head"),
            (b"nonsense\r\n\r\n", "no HTTP|not enough values|invalid"),
        ],
    )
    def test_one_wrong_answer_among_many_stops_the_run_and_shows_the_case(
        self, answer: bytes, told: str, framed: bool
    ) -> None:
        sound = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        with pretender([sound] * 20 + [answer] * 99) as connect:
            tally = Tally()
            with pytest.raises(Fault, match=told) as caught:
                run(connect, repeat(Case(b"GET /boom HTTP/1.1\r\n\r\n", framed)), 50, tally)
        assert tally.sent == 20
        assert "Case(b'GET /boom" in str(caught.value)

    def test_a_server_that_only_hangs_up_is_a_fault(self) -> None:
        with pretender([]) as connect, pytest.raises(Fault, match="no answer"):
            run(connect, repeat(Case(b"GET / HTTP/1.1\r\n\r\n")), 3, Tally())

    def test_a_server_that_is_gone_is_a_fault(self) -> None:
        with pretender([]) as connect:
            pass
        with pytest.raises(Fault, match="refused"):
            run(connect, repeat(Case(b"GET / HTTP/1.1\r\n\r\n")), 3, Tally())

    def test_a_process_that_was_replaced_would_be_seen(self, release_root: Path) -> None:
        with site(release_root) as running:
            front = running.front
            os.kill(front, 9)
            until(lambda: _is_another(running, front), "the process was not replaced")


def _is_another(served: Site, front: int) -> bool:
    """Whether another process than `front` answers."""
    try:
        return served.front != front and served.get("/health").status == 200
    except (OSError, ValueError):  # None is there, or it does not listen yet.
        return False


@contextmanager
def pretender(answers: list[bytes]) -> Iterator[Callable[[], socket.socket]]:
    """A server that gives one answer after the other, whatever it is sent, and then hangs up."""
    left = iter(answers)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    while connection.recv(65536):
                        answer = next(left, b"")
                        connection.sendall(answer)
                        if b"404" not in answer:
                            break

        threading.Thread(target=serve, daemon=True).start()
        address = listening.getsockname()
        yield lambda: socket.create_connection(address, PATIENCE)
        listening.shutdown(socket.SHUT_RDWR)


def test_a_client_that_says_nothing_holds_up_nobody(served: Site) -> None:
    """Slow clients, each with a part of a request, beside one that wants an answer."""
    starts = [b"", b"G", b"GET /sparql?query=", b"POST /sparql HTTP/1.1\r\nHost: x\r\n",
              b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
              b"Content-Length: 100\r\n\r\nSEL"]  # fmt: skip
    held = []
    for number in range(100):
        connection = served.connect()
        connection.sendall(starts[number % len(starts)])
        held.append(connection)
    for number in range(5):
        assert served.ask(f"{SMALL} # slow {number}").status == 200
    for connection in held:
        connection.close()
    assert served.ask(RUNAWAY, timeout=0.3).status in (503, 504)
    assert served.ask(SMALL + " # slow after").status == 200
