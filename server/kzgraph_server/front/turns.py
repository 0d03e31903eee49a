"""The threads that make pages, which clients get in turn."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from kzgraph.problem import Problem

P = ParamSpec("P")
Result = TypeVar("Result")

#: Requests that may wait for a thread or hold one, in all and of one client.
_MOST, _MOST_OF_CLIENT = 256, 64
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
        self._free = asyncio.Semaphore(count)
        self._of_client = max(1, count // 2)
        self._clients: dict[str, asyncio.Semaphore] = {}
        self._requests: Counter[str] = Counter()

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
        turn = self._clients.setdefault(client, asyncio.Semaphore(self._of_client))
        held: list[asyncio.Semaphore] = []

        def give_back(_: object = None) -> None:
            for each in held:
                each.release()
            self._requests[client] -= 1
            if not self._requests[client]:
                del self._requests[client], self._clients[client]

        try:
            for each in (turn, self._free):
                await each.acquire()
                held.append(each)
        except BaseException:
            give_back()
            raise
        # The turn lasts until the thread is done, also where nobody waits for it any more.
        made = asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: make(*args, **kwargs)
        )
        made.add_done_callback(give_back)
        return await asyncio.shield(made)
