"""The threads that make pages, which clients get in turn."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import thread_time
from typing import ParamSpec, TypeVar

from kzgraph.problem import Problem
from kzgraph_server.engine.lanes import Turns

P = ParamSpec("P")
Result = TypeVar("Result")
#: A client, and what is done when it may have a thread.
Turn = tuple[str, "asyncio.Future[None]"]

#: Requests that may wait for a thread or hold one, in all and of one client.
_MOST, _MOST_OF_CLIENT = 256, 64
#: Seconds of the processor up to which pages are short: most take under a hundredth.
_SHORT = 0.02
#: Seconds after which a client that found no place to wait may try again.
_AGAIN = "2"


class PageThreads:
    """A few threads, which clients get in turn.

    A thread is held while a page is made and no longer: never while a client or a query is waited
    for.

    Args:
        count: how many there are; one client holds no more than half of them at a time. Its other
            requests wait for each other, without blocking other clients.
    """

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, "kzgraph-pages")
        self._free = count
        self._of_client = max(1, count // 2)
        self._requests: Counter[str] = Counter()  # those that wait included
        self._running: Counter[str] = Counter()
        self._waiting: Turns[Turn] = Turns(_SHORT)

    async def run(
        self, client: str, make: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Call `make` on a thread, when it is the turn of `client`.

        Raises:
            Problem: 503, where too many wait already.
        """
        if self._requests[client] >= _MOST_OF_CLIENT or self._requests.total() >= _MOST:
            raise Problem(503, "Too many pages are being made.", {"Retry-After": _AGAIN})
        self._requests[client] += 1
        loop = asyncio.get_running_loop()
        if self._may_run(client):
            self._begin(client)
        else:
            await self._wait(client, loop.create_future())

        def work() -> Result:
            started = thread_time()
            try:
                return make(*args, **kwargs)
            finally:
                loop.call_soon_threadsafe(self._waiting.learn, client, thread_time() - started)

        # The turn lasts until the thread is done, also where nobody waits for it any more.
        made = loop.run_in_executor(self._threads, work)
        made.add_done_callback(lambda _: self._end(client))
        return await asyncio.shield(made)

    def _may_run(self, client: str) -> bool:
        return self._free > 0 and self._running[client] < self._of_client

    def _begin(self, client: str) -> None:
        self._free -= 1
        self._running[client] += 1

    async def _wait(self, client: str, given: "asyncio.Future[None]") -> None:
        self._waiting.add(client, (client, given))
        try:
            await given
        except asyncio.CancelledError:
            if self._waiting.discard(client, (client, given)) or given.cancelled():
                self._forget(self._requests, client)
            else:
                self._end(client)
            raise

    def _end(self, client: str) -> None:
        self._free += 1
        self._forget(self._running, client)
        self._forget(self._requests, client)
        # Where more requests run or wait than there are threads, some may wait for this one.
        while self._requests.total() > self._running.total() and self._free:
            turn = self._waiting.take(self._running.__getitem__, self._may_run)
            if turn is None:
                return
            next_client, given = turn
            if not given.cancelled():
                self._begin(next_client)
                given.set_result(None)

    @staticmethod
    def _forget(counter: Counter[str], client: str) -> None:
        counter[client] -= 1
        if not counter[client]:
            del counter[client]
