"""No query hurts another: limits, deadlines, the queue, and what is left behind."""

import json
import os
import select
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from conformance import JSON_RESULTS, QUERY, RUNAWAY, SMALL, Site, Wire, site, sparql
from processes import PATIENCE, cpu_ticks, is_alive, until
from server_fixtures import Reply

#: Seconds of a query that is meant to run out of time; others have the time of a busy machine.
SHORT = 1


@pytest.fixture(scope="module")
def served(release_root: Path) -> Iterator[Site]:
    with site(release_root) as running:
        yield running


def test_a_query_past_its_deadline_is_stopped_and_told_so(served: Site) -> None:
    reply = served.ask(RUNAWAY + " # deadline", timeout=1)
    assert reply.status in (503, 504)
    assert "time limit of 1 s" in reply.json["detail"]
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_servers_deadline_holds_where_the_request_has_none_or_a_later_one(
    release_root: Path,
) -> None:
    with site(release_root, query_timeout="1") as hasty, ThreadPoolExecutor(2) as pool:
        replies = pool.map(
            lambda more: hasty.get(sparql(RUNAWAY + f" # {more}", **more)), [{}, {"timeout": 3600}]
        )
    for reply in replies:
        assert reply.status in (503, 504)
        assert "time limit of 1 s" in reply.json["detail"]


def test_a_stopped_query_leaves_no_process_and_uses_no_processor(served: Site) -> None:
    served.settle()
    idle = served.workers
    assert served.ask(RUNAWAY + " # gone", timeout=SHORT).status in (503, 504)
    until(lambda: not all(map(is_alive, idle)), "the process of the query stays")
    until(lambda: _are_still(served), "something goes on")


def _are_still(served: Site) -> bool:
    before = sum(map(cpu_ticks, served.workers))
    time.sleep(0.5)
    return sum(map(cpu_ticks, served.workers)) - before < 5


@pytest.mark.parametrize("timeout", ["0.05", "0.9", "2"])
def test_a_time_limit_on_a_query_that_keeps_it_changes_nothing(served: Site, timeout: str) -> None:
    served.ask(SMALL)
    reply = served.ask(SMALL, timeout=timeout)
    assert (reply.status, reply.body) == (200, served.ask(SMALL).body)


#: What brings other servers down. Each has to be refused within the time limit, in clear words.
HOSTILE: dict[str, str] = {
    "nested 200,000 deep": "SELECT * " + "{" * 200_000 + "}" * 200_000,
    "brackets 200,000 deep": "ASK { FILTER(" + "(" * 200_000 + "1" + ")" * 200_000 + ") }",
    "signs 200,000 deep": "ASK { FILTER(" + "!" * 200_000 + "true) }",
    "collections 200,000 deep": "ASK { ?s ?p " + "(" * 200_000 + ")" * 200_000 + " }",
    "a chain of 60,000 alternatives": "ASK { " + " UNION ".join(["{}"] * 60_000) + " }",
    "a chain of 100,000 terms": "ASK { FILTER(" + "+".join(["1"] * 100_000) + ") }",
    "a path of 100,000 steps": "ASK { ?s " + "/".join(["a"] * 100_000) + " ?o }",
    "a sorted cross product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?a",
    "a giant GROUP_CONCAT": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?d), STR(?f))) AS ?x) "
        "{ ?a ?b ?c . ?d ?e ?f }"
    ),
    "distinct rows of a cross product": (
        "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?d ?c ?f { ?a ?b ?c . ?d ?e ?f } }"
    ),
    "an exponential path": (
        "SELECT (COUNT(*) AS ?n) { ?a (((!<x:a>|^!<x:b>)*/(!<x:c>|^!<x:d>)*)*)* ?b . "
        "?b (!<x:a>|^!<x:b>)* ?c }"
    ),
    "a string doubled sixty times": (
        "SELECT (STRLEN(?x60) AS ?n) { BIND('ab' AS ?x0) "
        + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(60))
        + " }"
    ),
    "an expression for backtracking": (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?t ?q ?r "
        "FILTER(REGEX(CONCAT(STR(?s), STR(?t)), '^(([a-z:/.])+.)+[A-Z]([a-z])+$')) }"
    ),
    "products in a sub-query": (
        "SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?a ?b ?c . ?d ?e ?f . ?g ?h 'none' } }"
    ),
}


@contextmanager
def small_ones(served: Site) -> Iterator[list[int]]:
    """Ask small questions, each a new one, as long as the block runs: their statuses."""
    found: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.05) or len(found) < 3:
            found.append(served.ask(f"{SMALL} # {time.monotonic_ns()}").status)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield found
    finally:
        done.set()
        asking.join()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_answered_is_refused_and_small_queries_beside_it_are_answered(
    served: Site, name: str
) -> None:
    with small_ones(served) as beside:
        fields = {"Content-Type": QUERY, "Accept": JSON_RESULTS}
        target = f"/sparql?timeout={SHORT}"
        reply = served.request(target, "POST", HOSTILE[name].encode(), fields)
    assert reply.status in (400, 422, 503, 504), reply.body[:300]
    assert len(reply.json["detail"]) > 20
    assert "fault" not in reply.json["detail"]
    assert set(beside) == {200}


def test_small_queries_are_answered_beside_eight_runaways(served: Site) -> None:
    served.settle()
    runaways = [served.open_get(sparql(f"{RUNAWAY} # eight {i}")) for i in range(8)]
    until(lambda: served.ready()["workers"]["long"] >= 1, "none runs")
    ended = served.ended("deadline")
    for number in range(20):
        assert served.ask(f"{SMALL} # beside eight {number}").status == 200
    # All of them before the time of a runaway was up.
    assert served.ended("deadline") == ended
    for connection in runaways:
        connection.close()
    served.settle()


def test_a_client_that_goes_away_frees_its_worker(served: Site) -> None:
    served.settle()
    before = served.ended("cancelled")
    connection = served.open_get(sparql(RUNAWAY + " # leaves"))
    until(lambda: served.ready()["workers"]["long"] == 1, "the query did not start")
    connection.close()
    until(lambda: served.ready()["workers"]["long"] == 0, "the query goes on")
    served.until_ended("cancelled", before + 1)


def test_a_client_that_goes_away_before_its_turn_leaves_the_queue(release_root: Path) -> None:
    with site(release_root, workers="1", long_queries="1", spare_workers="1") as narrow:
        connections = [narrow.open_get(sparql(f"{RUNAWAY} # queue {i}")) for i in range(4)]
        until(lambda: narrow.ready()["queued"] >= 1, "nothing waits")
        for connection in connections:
            connection.close()
        until(lambda: narrow.ready()["queued"] == 0, "some still wait")
        assert narrow.ask(SMALL).status == 200


def test_a_full_queue_is_told_with_the_time_to_come_back(release_root: Path) -> None:
    with site(
        release_root, workers="1", long_queries="1", client_long_queries="1", queue="4",
        long_after_ms="4000",
    ) as narrow:  # fmt: skip
        asked = [narrow.open_get(sparql(f"{RUNAWAY} # full {i}")) for i in range(6)]
        # One runs, some wait, and who finds no room is answered at once.
        refused, _, _ = select.select(asked, [], [], PATIENCE)
        assert refused
        for connection in refused:
            reply = Wire(connection).reply()
            assert reply is not None
            assert (reply.status, int(reply.fields["retry-after"]) > 0) == (503, True)
            assert "waiting already" in json.loads(reply.body)["detail"]
        for connection in asked:
            connection.close()
        narrow.settle()
        assert narrow.ask(SMALL).status == 200


def test_a_worker_that_dies_is_replaced(served: Site) -> None:
    served.settle()
    gone = served.workers
    for pid in gone:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not set(gone) & set(served.workers), "the dead are still there")
    until(lambda: served.ready()["workers"]["idle"] >= 2, "no new workers")
    assert served.ask(SMALL + " # after").status == 200


def test_workers_have_no_network_and_bounded_memory(served: Site) -> None:
    served.settle()
    isolated = served.ready()["network"] == "none"
    own = Path(f"/proc/{served.front}/ns/net").readlink()
    for pid in served.workers:
        limits = Path(f"/proc/{pid}/limits").read_text("ascii").splitlines()
        (space,) = [line.split() for line in limits if line.startswith("Max address space")]
        assert int(space[3]) == 1024 << 20
        (core,) = [line.split() for line in limits if line.startswith("Max core file size")]
        assert core[4] == "0"
        # Where the system does not allow it, `/ready` says so.
        assert (Path(f"/proc/{pid}/ns/net").readlink() != own) == isolated


class TestFetching:
    """`SERVICE` and anything that fetches, without an allow-list."""

    @pytest.mark.parametrize(
        "query",
        [
            "SELECT * {{ SERVICE <{url}/sparql> {{ ?s ?p ?o }} }}",
            "SELECT * {{ SERVICE SILENT <{url}/sparql> {{ ?s ?p ?o }} }}",
            "SELECT * FROM <{url}/dumps/kzgraph.ttl> {{ ?s ?p ?o }}",
            "LOAD <{url}/dumps/kzgraph.ttl>",
        ],
    )
    def test_nothing_is_fetched(self, served: Site, query: str) -> None:
        # What would be fetched is this very server, which counts what is asked of it.
        before = served.metric("kzgraph_requests_total")
        reply = served.ask(query.format(url=served.url))
        assert reply.status in (200, 400, 403)
        if reply.status == 200:
            assert reply.column == []
        # One for the query, one for each look at the numbers.
        assert served.metric("kzgraph_requests_total") == before + 2


def test_after_all_this_the_front_is_the_one_that_started(served: Site) -> None:
    front = served.front
    assert is_alive(front)
    reply: Reply = served.ask(SMALL + " # last")
    assert reply.status == 200
    served.settle()
    assert len(served.workers) <= 6
    assert served.post(SMALL, QUERY).status == 200
