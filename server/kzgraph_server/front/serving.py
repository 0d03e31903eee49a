"""What is served now: a release with its engine and its pages, and the change to the next one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kzgraph.problem import Problem
from kzgraph_server.engine.answer import Engine
from kzgraph_server.front.exchange import Receive, Scope, Send
from kzgraph_server.settings import Settings

_log = logging.getLogger(__name__)

Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Seconds between two looks whether an engine still has a queue.
_LOOK = 0.1
#: Seconds between two looks at which release is the current one, and at whether to stop.
_INTERVAL = 1.0
_STOP_INTERVAL = 0.2


@dataclass(frozen=True)
class Serving:
    """A release being served. A request keeps the one that it began with.

    Attributes:
        version: the version of the release.
        path: its folder.
        engine: answers queries.
        pages: the Flask application, over ASGI.
        query_pages: the same, on threads of its own: they wait for the engine, which must not
            keep other pages waiting.
        problem_page: says in HTML why a request is refused.
    """

    version: str
    path: Path
    engine: Engine
    pages: Asgi
    query_pages: Asgi
    problem_page: Callable[[Problem], str]


class Open(Protocol):
    """Makes what is needed to serve the release in a folder; the engine is not started."""

    def __call__(self, path: Path, loop: asyncio.AbstractEventLoop) -> Serving:
        """What serves the release in `path`, the engine running in `loop`."""


class Switch:
    """Serves the current release of a folder of releases, whichever that is.

    Args:
        root: the folder of releases.
        open_release: opens one of them.
        settings: the limits.
        stopping: whether the server was told to stop.
    """

    def __init__(
        self, root: Path, open_release: Open, settings: Settings, stopping: Callable[[], bool]
    ) -> None:
        self._root = root
        self._stopping = stopping
        self._open = open_release
        self._settings = settings
        self._now: Serving | None = None
        self._watching: list[asyncio.Task[None]] = []
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def now(self) -> Serving:
        """What is served now.

        Raises:
            RuntimeError: it was not started.
        """
        if self._now is None:
            raise RuntimeError("nothing is served yet")
        return self._now

    async def start(self) -> None:
        """Open the current release and watch for the next."""
        self._now = await self._opened((self._root / "current").resolve(strict=True))
        watches = (self._watch_release(), self._watch_stop())
        self._watching = [asyncio.ensure_future(watch) for watch in watches]

    async def stop(self) -> None:
        """Give what runs a while to end, and stop."""
        for watch in self._watching:
            watch.cancel()
        leaving = list(self._leaving)
        if self._now:
            leaving.append(asyncio.ensure_future(self._now.engine.stop(self._settings.grace)))
        if leaving:
            await asyncio.wait(leaving)

    async def _opened(self, path: Path) -> Serving:
        serving = await asyncio.to_thread(self._open, path, asyncio.get_running_loop())
        await serving.engine.start()
        return serving

    async def _watch_stop(self) -> None:
        """End what runs too long, so that the server need not wait for it."""
        while not self._stopping():
            await asyncio.sleep(_STOP_INTERVAL)
        await self.now.engine.stop(self._settings.grace)

    async def _watch_release(self) -> None:
        refused: Path | None = None
        while True:
            await asyncio.sleep(_INTERVAL)
            try:
                path = (self._root / "current").resolve(strict=True)
                if path in (self.now.path, refused):
                    continue
                following = await self._opened(path)
            except Exception:
                # The release that is served stays; the faulty one is not tried again and again.
                _log.exception("a new release cannot be served")
                refused = path
                continue
            before, self._now = self.now, following
            _log.info("serving release %s", following.version)
            leave = asyncio.ensure_future(self._retire(before.engine))
            self._leaving.add(leave)
            leave.add_done_callback(self._leaving.discard)

    async def _retire(self, engine: Engine) -> None:
        """Stop the engine of a release before, once nothing waits for it any more.

        What began with it is answered by it: an engine that stops refuses what waits.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._settings.query_timeout
        await asyncio.sleep(_INTERVAL)  # A request may be about to ask it.
        while engine.state().queued and loop.time() < until:
            await asyncio.sleep(_LOOK)
        await engine.stop(max(until - loop.time(), 0.0))
