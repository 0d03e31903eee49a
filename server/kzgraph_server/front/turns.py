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
        self._running: Counter[str] = Counter()
        self._waiting: Turns[Turn] = Turns(_SHORT)

    async def run(
        self, client: str, make: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Call `make` on a thread, when it is the turn of `client`.

        Raises:
            Problem: 503, where too many wait already.
        """
        of_client = self._waiting.count(client) + self._running[client]
        if of_client >= _MOST_OF_CLIENT or len(self._waiting) + self._running.total() >= _MOST:
            raise Problem(503, "Too many pages are being made.", {"Retry-After": _AGAIN})
        loop = asyncio.get_running_loop()
        turn = (client, loop.create_future())
        self._waiting.add(client, turn)
        self._give_turns()
        try:
            await turn[1]
        except asyncio.CancelledError:
            if not self._waiting.discard(client, turn) and not turn[1].cancelled():
                self._give_back(client)
            raise

        def work() -> Result:
            started = thread_time()
            try:
                return make(*args, **kwargs)
            finally:
                loop.call_soon_threadsafe(self._waiting.learn, client, thread_time() - started)

        # The turn lasts until the thread is done, also where nobody waits for it any more.
        made = loop.run_in_executor(self._threads, work)
        made.add_done_callback(lambda _: self._give_back(client))
        return await asyncio.shield(made)

    def _give_turns(self) -> None:
        while self._free:
            turn = self._waiting.take(
                self._running.__getitem__, lambda client: self._running[client] < self._of_client
            )
            if turn is None:
                return
            client, given = turn
            if not given.cancelled():
                self._free -= 1
                self._running[client] += 1
                given.set_result(None)

    def _give_back(self, client: str) -> None:
        self._free += 1
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._give_turns()
