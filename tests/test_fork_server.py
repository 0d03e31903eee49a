"""Workers are forked: they share what was read, and nothing that has to be their own."""

import asyncio
import os
import resource
import signal
import socket
from pathlib import Path

import pytest

from engine_fixtures import body, fork_servers, job, store_path, until, with_engine, workers
from kzgraph_server.engine import fork_server
from kzgraph_server.engine.local import LocalEngine
from processes import is_alive

__all__ = ["store_path"]


def kill(pids: set[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


async def settled(engine: LocalEngine) -> None:
    await until(lambda: engine.state().starting == 0 and engine.state().idle >= 3)


def test_forks_share_a_small_release_and_no_random_numbers(release_root: Path) -> None:
    drawn: list[bytes] = []
    query = "SELECT (STRUUID() AS ?a) (UUID() AS ?b) (RAND() AS ?c) (BNODE() AS ?d) {}"

    async def check(engine: LocalEngine) -> None:
        (forks,) = fork_servers()
        for n in range(4):
            await settled(engine)
            answer = await body(engine, job(f"{query} #{n}", "csv"))
            drawn.extend(answer.splitlines()[1].split(b","))
            # A fork is safe where no other thread can hold a lock.
            assert "Threads:\t1\n" in Path(f"/proc/{forks}/status").read_text("ascii")
            assert all(shared_kib(pid) > shared_kib(forks) / 2 for pid in workers())
            kill(workers())

    with_engine((release_root / "current" / "store").resolve(), check)
    assert len({*drawn}) == 4 * 4


def shared_kib(pid: int) -> int:
    """Memory of a process that others have too."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Shared_Dirty"))


def test_a_fork_server_that_is_killed_is_replaced_and_its_queries_are_asked_again(
    store_path: Path,
) -> None:
    counting = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER (STR(?a) < STR(?d)) }"

    async def check(engine: LocalEngine) -> None:
        await settled(engine)
        for n in range(3):
            before = fork_servers() | workers()
            asking = asyncio.ensure_future(body(engine, job(f"{counting} #{n}")))
            await until(lambda: engine.state().busy == 1)
            kill(fork_servers())
            assert b'"79800"' in await asking
            await settled(engine)
            await until(lambda before=before: not any(map(is_alive, before)))  # type: ignore[misc]
            assert (len(fork_servers()), engine.state().error) == (1, None)

    with_engine(store_path, check)


def test_one_that_fails_again_and_again_is_not_tried_all_the_time(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "kzgraph_server.engine.fork_server_that_is_not_there"

    async def check(engine: LocalEngine) -> None:
        await settled(engine)
        monkeypatch.setattr("kzgraph_server.engine.forking._PROGRAM", program)
        before = engine.state().started
        kill(fork_servers())
        await until(lambda: engine.state().error is not None)
        await asyncio.sleep(1)
        error = engine.state().error
        assert error is not None
        assert program in error
        assert engine.state().started - before < 15
        monkeypatch.undo()
        await settled(engine)

    with_engine(store_path, check)


def test_one_that_hangs_is_replaced(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kzgraph_server.engine.forking._PATIENCE", 0.5)

    async def check(engine: LocalEngine) -> None:
        await settled(engine)
        before = fork_servers()
        for pid in before:
            os.kill(pid, signal.SIGSTOP)
        kill(workers())
        await until(lambda: bool(fork_servers()) and not before & fork_servers())
        await settled(engine)

    with_engine(store_path, check)


def test_it_serves_by_a_descriptor_of_any_number_and_where_ends_of_processes_are_ignored(
    store_path: Path,
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2000:
        pytest.skip("no process may have so many files open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (2000, hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    ignored = signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    async def check(engine: LocalEngine) -> None:
        await settled(engine)
        forks = fork_servers()
        for _ in range(2):
            dead = {min(workers())}
            kill(dead)
            await until(lambda dead=dead: not dead & workers())  # type: ignore[misc]
            await settled(engine)
        assert fork_servers() == forks

    try:
        with_engine(store_path, check)
    finally:
        signal.signal(signal.SIGCHLD, ignored)
        for each in held:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_what_is_replaced_leaves_no_descriptor_open(store_path: Path) -> None:
    def opened(pid: int) -> int:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))

    async def check(engine: LocalEngine) -> None:
        await settled(engine)
        (forks,) = fork_servers()
        before = opened(os.getpid()), opened(forks)
        for _ in range(5):
            dead = workers()
            kill(dead)
            await until(lambda dead=dead: not dead & workers())  # type: ignore[misc]
            await settled(engine)
        assert (opened(os.getpid()), opened(forks)) == before

    with_engine(store_path, check)


def test_a_worker_that_cannot_be_forked_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fail)
    pool, own = socket.socketpair()
    theirs, _ = socket.socketpair()
    said, says = os.pipe()
    with pool, own, theirs:
        socket.send_fds(pool, [fork_server.line(fork_server.FORK, "a-")], [theirs.fileno(), says])
        pool.shutdown(socket.SHUT_WR)
        assert fork_server._Forks(own).serve(isolated=True) is None
        told = [*fork_server.Lines().feed(pool.recv(1000))]
    assert told == [[fork_server.READY, True], [fork_server.GONE, "a-", 1]]
    os.close(says)
    assert os.read(said, 1000) == b"cannot start a process: Resource temporarily unavailable"
    os.close(said)
