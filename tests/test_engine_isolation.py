"""No query can hurt another: hostile queries, dying workers, and clients that go away.

Against real worker processes. What is to come first is seen by the order in which it comes, not by
a clock: how fast the product is, the benchmarks say.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from engine_fixtures import (
    LARGE,
    RUNAWAY,
    SMALL,
    THINGS,
    body,
    children,
    job,
    read,
    refused,
    running,
    store_path,
    until,
    with_engine,
    workers,
)
from kzgraph.problem import Problem
from kzgraph_server.engine.answer import Answer, EngineFailure
from kzgraph_server.engine.local import LocalEngine
from processes import PATIENCE, family

__all__ = ["store_path"]


def gone(pids: set[int]) -> bool:
    """Whether there is nothing left of the processes `pids`."""
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def kill(pids: set[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def test_a_query_past_its_deadline_ends_and_its_process_is_gone(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        await until(lambda: engine.state().starting == 0)
        idle = workers()
        problem = await refused(engine, job(RUNAWAY, timeout=0.5))
        assert problem.status == 504
        assert "0.5 s" in problem.detail
        await until(lambda: len(idle - workers()) == 1)
        await until(lambda: engine.state().ended.get("deadline") == 1)
        assert engine.state().busy == engine.state().long == 0

    with_engine(store_path, check)


def test_the_engines_deadline_holds_where_the_request_asks_for_a_later_one(
    store_path: Path,
) -> None:
    async def check(engine: LocalEngine) -> None:
        problem = await refused(engine, job(RUNAWAY, timeout=1000))
        assert (problem.status, problem.members["limit"]["seconds"]) == (504, 0.5)

    with_engine(store_path, check, query_timeout=0.5)


#: A query and the statuses that are a clear refusal of it.
HOSTILE = {
    "sorted product": ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i", {422, 504}),
    "distinct product": (
        "SELECT (COUNT(DISTINCT *) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        {422, 504},
    ),
    "concatenation": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) "
        "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        {422, 504},
    ),
    "path": (
        "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>)*/(!<a:b>)*/(!<a:c>)*/(!<a:d>)* ?b }",
        {422, 504},
    ),
    "nested groups": ("SELECT * " + "{" * 200_000 + "}" * 200_000, {400}),
    "nested brackets": ("SELECT (" + "(" * 200_000 + "1" + ")" * 200_000 + " AS ?x) {}", {400}),
    "chain of sums": ("SELECT (" + "+".join(["1"] * 50_000) + " AS ?x) {}", {400}),
    "chain of unions": ("SELECT * {" + " UNION ".join(["{}"] * 50_000) + "}", {400}),
    "chain of paths": ("SELECT * { ?s " + "/".join(["<a:b>"] * 50_000) + " ?o }", {400}),
    "chain of triples": ("ASK {" + "?a ?b ?c ." * 50_000 + "}", {400}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_is_refused_and_the_next_one_answered(store_path: Path, name: str) -> None:
    query, statuses = HOSTILE[name]

    async def check(engine: LocalEngine) -> None:
        seconds = 1 if 504 in statuses else PATIENCE
        problem = await refused(engine, job(query, "csv", timeout=seconds))
        assert problem.status in statuses, problem.detail
        assert len(await body(engine, job(SMALL))) > 50

    with_engine(store_path, check, worker_memory_mib=384)


def test_a_memory_hog_is_told_its_limit(store_path: Path) -> None:
    # Each row of the product has four kilobytes of its own, so that it does not take long.
    doubled = " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(8))
    query = (
        f"SELECT ?y {{ BIND ('0123456789abcdef' AS ?x0) {doubled} ?a ?b ?c . ?d ?e ?f "
        "BIND (CONCAT(?x8, STR(?c), STR(?f)) AS ?y) } ORDER BY ?y"
    )

    async def check(engine: LocalEngine) -> None:
        problem = await refused(engine, job(query))
        assert (problem.status, "384 MiB" in problem.detail) == (422, True)
        assert engine.state().ended["memory"] == 1

    with_engine(store_path, check, worker_memory_mib=384)


def test_small_queries_are_answered_beside_eight_runaways(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        runaways = [
            asyncio.ensure_future(engine.ask(job(f"{RUNAWAY} #{n}"), "hog")) for n in range(8)
        ]
        await until(lambda: engine.state().long >= 1)
        for _ in range(20):
            await body(engine, job(SMALL), "b")
        # The small ones are first, however long they took.
        assert not any(each.done() for each in runaways)
        await cancelled(runaways)

    with_engine(store_path, check, long_queries=12)


async def cancelled(asking: Sequence[asyncio.Future[Answer]]) -> None:
    """Give queries up, and wait until they have noticed."""
    for each in asking:
        each.cancel()
    await asyncio.wait(asking)


def test_where_only_few_long_queries_may_run_the_newest_gives_way(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        runaways = [
            asyncio.ensure_future(engine.ask(job(f"{RUNAWAY} #{n}"), "hog")) for n in range(4)
        ]
        await asyncio.sleep(0)
        await body(engine, job(SMALL), "b")
        evicted, others = await asyncio.wait(runaways, return_when=asyncio.FIRST_COMPLETED)
        await cancelled(list(others))
        for each in evicted:
            problem = each.exception()
            assert isinstance(problem, Problem)
            assert (problem.status, "long queries" in problem.detail) == (503, True)
            assert "Retry-After" in problem.headers
        await until(lambda: engine.state().ended.get("evicted", 0) >= len(evicted))

    with_engine(store_path, check, workers=1, long_queries=2)


def test_a_query_that_was_long_takes_no_fast_slot_again(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        await refused(engine, job(RUNAWAY, timeout=0.5))
        asking = asyncio.ensure_future(engine.ask(job(RUNAWAY), "a"))
        await until(lambda: engine.state().long == 1)
        assert engine.state().busy == 0
        await cancelled([asking])

    with_engine(store_path, check, long_after_ms=400)


def test_no_worker_waits_for_a_small_query_at_low_priority(store_path: Path) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ {{ {LARGE} }} FILTER (STR(?a) != STR(?d)) }}"

    async def check(engine: LocalEngine) -> None:
        # On a busy machine it gets hardly any time.
        asking = asyncio.ensure_future(body(engine, job(query, timeout=600)))
        await until(lambda: os.SCHED_IDLE in map(os.sched_getscheduler, workers()))
        assert f'"{THINGS**2 - THINGS}"'.encode() in await asking
        await until(lambda: engine.state().starting == 0 and engine.state().idle >= 3)
        # Replaced, or taken back to the usual priority where the system allows that.
        assert set(map(os.sched_getscheduler, workers())) == {os.SCHED_OTHER}

    with_engine(store_path, check, long_after_ms=5, lower_after_ms=10, query_timeout=600)


def test_the_queue_is_bounded_for_all_and_for_each_client(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        asking = [
            asyncio.ensure_future(engine.ask(job(f"{RUNAWAY} #{n}"), client))
            for n, client in enumerate("aabbccdd")
        ]
        await until(lambda: engine.state().queued == 7)
        problem = await refused(engine, job(SMALL), "b")  # each may wait with two
        assert (problem.status, "one client" in problem.detail) == (503, True)
        asking.append(asyncio.ensure_future(engine.ask(job(f"{RUNAWAY} #9"), "e")))
        await until(lambda: engine.state().queued == 8)
        problem = await refused(engine, job(SMALL), "f")
        assert (problem.status, "all clients" in problem.detail) == (503, True)
        assert int(problem.headers["Retry-After"]) > 0
        await cancelled(asking)
        assert engine.state().queued == 0

    with_engine(store_path, check, workers=1, queue=8, long_after_ms=90_000)


def test_who_waits_longer_than_the_deadline_is_told_to_come_again(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        asking = asyncio.ensure_future(engine.ask(job(RUNAWAY), "a"))
        await until(lambda: engine.state().busy == 1)
        problem = await refused(engine, job(SMALL, timeout=0.3))
        assert (problem.status, "0.3 s" in problem.detail) == (503, True)
        await cancelled([asking])

    with_engine(store_path, check, workers=1, long_after_ms=90_000)


def test_clients_take_turns(store_path: Path) -> None:
    order: list[str] = []

    async def ask(engine: LocalEngine, client: str, n: int) -> None:
        await body(engine, job(f"SELECT (COUNT(*) AS ?n) {{ {{ {LARGE} }} }} #{client}{n}"), client)
        order.append(client)

    async def check(engine: LocalEngine) -> None:
        greedy = [asyncio.ensure_future(ask(engine, "greedy", n)) for n in range(12)]
        await asyncio.sleep(0)
        modest = [asyncio.ensure_future(ask(engine, "modest", n)) for n in range(2)]
        await asyncio.gather(*greedy, *modest)
        assert len(order) == 14
        assert max(index for index, client in enumerate(order) if client == "modest") < 7

    with_engine(store_path, check, workers=1, long_after_ms=60_000)


def test_a_client_that_goes_away_frees_its_worker(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        asking = asyncio.ensure_future(engine.ask(job(RUNAWAY), "a"))
        await until(lambda: engine.state().long == 1)
        before = workers()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await until(lambda: engine.state().ended.get("cancelled") == 1)
        assert len(before - workers()) == 1
        # A query that is not long yet is stopped when it would be.
        asking = asyncio.ensure_future(engine.ask(job(f"{RUNAWAY} #"), "a"))
        await until(lambda: engine.state().busy == 1)
        asking.cancel()
        await until(lambda: engine.state().ended.get("cancelled") == 2)
        assert engine.state().busy == engine.state().long == 0

    with_engine(store_path, check)


def test_a_reader_that_goes_away_in_mid_stream_frees_its_worker(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        for leave in ("close", "cancel"):
            answer = await engine.ask(job(f"{LARGE} #{leave}"), "a")
            assert answer.complete is None
            await answer.chunks.__aiter__().__anext__()
            if leave == "close":
                await answer.chunks.aclose()
            else:
                reading = asyncio.ensure_future(read(answer))
                await asyncio.sleep(0)
                reading.cancel()
            await until(lambda: engine.state().busy + engine.state().long == 0)

    with_engine(store_path, check)


def test_a_large_result_streams_whole_without_being_kept(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        before = resident()
        answer = await engine.ask(job(LARGE, "tsv"), "a")
        size = lines = 0
        async for chunk in answer.chunks:
            size += len(chunk)
            lines += chunk.count(b"\n")
            assert len(chunk) <= 64 * 1024
            await asyncio.sleep(0.001)  # slower than the worker
        assert lines == THINGS**2 + 1
        assert size > 8_000_000
        assert resident() - before < 6_000_000

    with_engine(store_path, check)


def resident() -> int:
    """Bytes of memory of this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def begun(engine: LocalEngine, query: str) -> Answer:
    """An answer that begins to come before its time is up, however busy the machine is."""
    for seconds in (2, 10, 50):
        with suppress(Problem):
            return await engine.ask(job(query, timeout=seconds), "a")
    raise AssertionError("no answer begins in 50 s")


def test_an_answer_that_breaks_off_does_not_look_complete(store_path: Path) -> None:
    endless = LARGE.replace("?d ?e ?f", "?d ?e ?f . ?g ?h ?i")

    async def check(engine: LocalEngine) -> None:
        # The deadline passes while the answer is read, also where the reader is the slow one.
        answer = await begun(engine, endless)
        await answer.chunks.__aiter__().__anext__()
        await until(lambda: engine.state().busy + engine.state().long == 0)
        with pytest.raises(EngineFailure) as caught:
            await read(answer)
        assert caught.value.problem.status == 504
        # The worker dies.
        answer = await engine.ask(job(endless), "a")
        kill(workers())
        with pytest.raises(EngineFailure) as caught:
            await read(answer)
        assert caught.value.problem.status == 503
        assert len(await body(engine, job(SMALL))) > 50

    with_engine(store_path, check)


def test_an_error_after_the_first_row_still_is_one(store_path: Path) -> None:
    # The value that XML cannot hold comes last, behind more than is kept for a reader.
    query = (
        "SELECT ?x { { SELECT (CONCAT(STR(?a), STR(?d)) AS ?x) { ?a ?b ?c . ?d ?e ?f } } "
        'UNION { BIND ("\\u0001" AS ?x) } }'
    )

    async def check(engine: LocalEngine) -> None:
        answer = await engine.ask(job(query, "xml"), "a")
        with pytest.raises(EngineFailure) as caught:
            await read(answer)
        assert caught.value.problem.status == 406

    with_engine(store_path, check)


def test_workers_may_be_killed_at_any_time(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        for _ in range(3):
            kill(workers())
            # The pool may not know yet that they are dead.
            assert len(await body(engine, job(SMALL))) > 50
            await until(lambda: engine.state().starting == 0 and engine.state().idle >= 3)
        assert engine.state().error is None

    with_engine(store_path, check)


def test_a_store_that_cannot_be_opened_is_said_and_not_tried_all_the_time(tmp_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        assert not engine.state().ready
        error = engine.state().error
        assert error is not None
        assert "nothing-here" in error
        await until(lambda: not workers())
        problem = await refused(engine, job(SMALL))
        assert (problem.status, "Retry-After" in problem.headers) == (503, True)
        await asyncio.sleep(1)
        assert engine.state().started <= 4 + 4

    with_engine(tmp_path / "nothing-here", check)


def test_stopping_lets_an_answer_end_and_leaves_nothing_behind(store_path: Path) -> None:
    async def check() -> None:
        before, open_before = children(), descriptors()
        async with running(store_path) as warm:
            await body(warm, job(SMALL))
        async with running(store_path, grace=20) as engine:
            ends = asyncio.ensure_future(
                body(engine, job(f"SELECT (COUNT(*) AS ?n) {{ {{ {LARGE} }} }}"))
            )
            await until(lambda: engine.state().busy == 1)
        assert b"160000" in await ends
        async with running(store_path, grace=0.1) as engine:
            endless = asyncio.ensure_future(refused(engine, job(RUNAWAY)))
            await until(lambda: engine.state().long == 1)
        assert (await endless).status == 503
        assert (await refused(engine, job(SMALL))).status == 503
        assert children() <= before
        assert descriptors() <= open_before

    asyncio.run(check())


def descriptors() -> int:
    """How many files and sockets this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_worker_ends_with_the_server(store_path: Path) -> None:
    program = (
        "import asyncio, os, pathlib, sys\n"
        "from kzgraph_server.engine.local import LocalEngine\n"
        "async def main():\n"
        "    engine = LocalEngine(pathlib.Path(sys.argv[1]))\n"
        "    await engine.start()\n"
        "    print('ready', flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    server = subprocess.Popen([sys.executable, "-c", program, str(store_path)], stdout=-1)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    started = set(family(server.pid)) - {server.pid}
    assert len(started) >= 3  # with the fork server
    server.kill()
    server.communicate()

    asyncio.run(until(lambda: gone(started)))


def opened(pid: int, store: Path) -> list[str]:
    """What a process has open but for its store, by kind; what it imports is open for a moment."""
    names = []
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(str(each.readlink()))
    theirs = (str(store), "anon_inode:")
    return sorted(name.partition(":")[0] for name in names if not name.startswith(theirs))


def test_a_worker_has_no_network_and_no_way_to_more_rights(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        for pid in workers():
            status = Path(f"/proc/{pid}/status").read_text("ascii")
            assert "NoNewPrivs:\t1" in status
            limits = Path(f"/proc/{pid}/limits").read_text("ascii")
            address_space = next(row for row in limits.splitlines() if "address space" in row)
            assert address_space.split()[3:5] == [str(1024 << 20)] * 2
            core = next(row for row in limits.splitlines() if "core file size" in row)
            assert core.split()[4:6] == ["0", "0"]
            own, its = (Path(f"/proc/{each}/ns/net").readlink() for each in ("self", pid))
            assert (its != own) == engine.state().isolated
        # Its socket, what it says on standard error, and nothing in and out.
        given = ["/dev/null", "/dev/null", "pipe", "socket"]
        await until(lambda: all(opened(pid, store_path) == given for pid in workers()))

    with_engine(store_path, check)


def test_confined_code_reaches_no_listening_socket() -> None:
    program = (
        "import json, os, socket, sys\n"
        "from kzgraph_server.engine.limits import confine\n"
        "isolated = confine(1024, os.getppid())\n"
        "try:\n"
        "    socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5).close()\n"
        "    reached = True\n"
        "except OSError:\n"
        "    reached = False\n"
        "print(json.dumps([isolated, reached]))\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        found = subprocess.run(
            [sys.executable, "-c", program, port], capture_output=True, check=True
        )
    # Where the system does not allow to take the network away, the engine says so.
    isolated, reached = json.loads(found.stdout)
    assert isolated != reached


def test_a_worker_imports_no_web_framework_nor_what_only_some_answers_need() -> None:
    program = (
        "import sys, kzgraph_server.engine.worker, kzgraph.sparql.evaluation\nprint(*sys.modules)\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    modules = set(found.stdout.decode().split())
    assert "pyoxigraph" in modules
    assert not modules & {"flask", "werkzeug", "jinja2", "asyncio", "granian", "kzgraph_mappings"}
    # These take longer to import than everything that a small query needs.
    assert not modules & {"kzgraph.release", "xlsxwriter", "urllib.request", "http.client", "httpx"}
