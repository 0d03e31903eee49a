"""The threads that make pages, which clients get in turn."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from kzgraph.problem import Problem
from kzgraph_server.engine.lanes import FairQueue

P = ParamSpec("P")
Result = TypeVar("Result")

#: Requests that may wait for a thread, in all and of one client.
_MOST_WAITING, _MOST_OF_CLIENT = 256, 64
#: Seconds after which a client that found no place to wait may try again.
_AGAIN = "2"


@dataclass(eq=False, slots=True)
class _Turn:
    client: str
    comes: asyncio.Future[None]


class PageThreads:
    """A few threads, which clients get in turn.

    A thread is held while a page is made and no longer: never while a client or a query is waited
    for.

    Args:
        count: how many there are; one client holds no more than half of them at a time.
    """

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, "kzgraph-pages")
        self._free = count
        self._of_client = max(1, count // 2)
        self._running: Counter[str] = Counter()
        self._waiting: FairQueue[_Turn] = FairQueue()

    async def run(
        self, client: str, make: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        """Call `make` on a thread, when it is the turn of `client`.

        Raises:
            Problem: 503, where too many wait already.
        """
        await self._wait(client)
        # The turn lasts until the thread is done, also where nobody waits for it any more.
        made = asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: make(*args, **kwargs)
        )
        made.add_done_callback(lambda _: self._end(client))
        return await asyncio.shield(made)

    async def _wait(self, client: str) -> None:
        if len(self._waiting) >= _MOST_WAITING or self._waiting.count(client) >= _MOST_OF_CLIENT:
            raise Problem(503, "Too many pages are being made.", {"Retry-After": _AGAIN})
        turn = _Turn(client, asyncio.get_running_loop().create_future())
        self._waiting.add(client, turn)
        self._dispatch()
        try:
            await turn.comes
        except asyncio.CancelledError:
            if not self._waiting.discard(client, turn):
                self._end(client)  # Its turn came at the same moment.
            raise

    def _end(self, client: str) -> None:
        self._free += 1
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._dispatch()

    def _dispatch(self) -> None:
        while self._free:
            turn = self._waiting.take(
                lambda client: self._running[client],
                lambda client: self._running[client] < self._of_client,
            )
            if turn is None:
                return
            self._free -= 1
            self._running[turn.client] += 1
            turn.comes.set_result(None)
