"""The threads that make pages: who gets one, and that none is lost."""

import asyncio
import threading

import pytest

from kzgraph.problem import Problem
from kzgraph_server.front.turns import PageThreads


def test_who_asked_for_quick_pages_does_not_wait_for_all_new_clients() -> None:
    made: list[str] = []

    async def ask(threads: PageThreads, client: str) -> None:
        await threads.run(client, made.append, client)

    async def check() -> None:
        threads = PageThreads(1)
        await ask(threads, "quick")
        held = threading.Event()
        holder = asyncio.create_task(threads.run("holder", held.wait))
        await asyncio.sleep(0)
        asking = [asyncio.create_task(ask(threads, client)) for client in ("new", "other", "quick")]
        await asyncio.sleep(0)
        held.set()
        await asyncio.gather(holder, *asking)

    asyncio.run(check())
    assert made == ["quick", "quick", "new", "other"]


def test_a_client_holds_half_of_the_threads() -> None:
    async def check() -> None:
        threads = PageThreads(4)
        held = threading.Event()
        greedy = [asyncio.create_task(threads.run("greedy", held.wait)) for _ in range(5)]
        await asyncio.sleep(0)
        # Two threads are left for others, however many requests wait.
        assert await asyncio.gather(*(threads.run("modest", int) for _ in range(4))) == [0] * 4
        assert not any(each.done() for each in greedy)
        held.set()
        assert await asyncio.gather(*greedy) == [True] * 5

    asyncio.run(check())


@pytest.mark.parametrize("waits", [True, False])
def test_a_client_that_goes_gives_its_turn_back(waits: bool) -> None:
    async def check() -> None:
        threads = PageThreads(1)
        held = threading.Event()
        running = asyncio.create_task(threads.run("a", held.wait))
        await asyncio.sleep(0)
        gone = asyncio.create_task(threads.run("b", int))
        await asyncio.sleep(0)
        if not waits:
            # Its turn has come, and it has not heard of it yet.
            held.set()
            await running
        gone.cancel()
        held.set()
        with pytest.raises(asyncio.CancelledError):
            await gone
        await running
        assert await asyncio.wait_for(threads.run("c", int), 60) == 0

    asyncio.run(check())


def test_only_so_many_requests_wait() -> None:
    async def check() -> None:
        threads = PageThreads(2)
        held = threading.Event()
        asking = [asyncio.create_task(threads.run("a", held.wait)) for _ in range(64)]
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refused:
            await threads.run("a", int)
        assert (refused.value.status, refused.value.headers["Retry-After"]) == (503, "2")
        assert await threads.run("b", int) == 0
        held.set()
        await asyncio.gather(*asking)
        assert await threads.run("a", int) == 0

    asyncio.run(check())
