"""What is served now: a release with its engine and its pages, and the change to the next one."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kzgraph.release import CURRENT, MANIFEST, ReleaseDamaged, ReleaseError
from kzgraph.tidy.file_tables import ReleaseTables
from kzgraph.tidy.table_templates import read_tables
from kzgraph_server.engine.answer import Engine, EngineFailure
from kzgraph_server.licensing import Licensing
from kzgraph_server.rendering import Renderer
from kzgraph_server.settings import Settings

_log = logging.getLogger(__name__)

#: Seconds between two looks whether an engine still has a queue.
_LOOK = 0.1
#: Seconds between two looks at which release is the current one, and at what the operator wants.
_INTERVAL = 1.0
_STOP_INTERVAL = 0.2
#: Seconds until a release is tried again that could not be served for another reason than a fault
#: in it.
_RETRY = 30.0


@dataclass(frozen=True)
class Serving:
    """A release being served. A request keeps the one that it began with.

    Attributes:
        version: the version of the release.
        path: its folder.
        engine: answers queries.
        renderer: makes its pages.
        licensing: says whose data an answer has.
        tables: what it has at `/tables/`; those that are queries, where nothing else is said.
    """

    version: str
    path: Path
    engine: Engine
    renderer: Renderer
    licensing: Licensing
    tables: ReleaseTables = field(default_factory=lambda: ReleaseTables(read_tables()))


#: Makes what serves the release in a folder, once it has been checked and its engine answers. Where
#: it raises, the release cannot be served, and nothing of it runs on.
Open = Callable[[Path], Awaitable[Serving]]


class Operator(Protocol):
    """The process that started the server: signals to it, and reports to it."""

    def wants_stop(self) -> bool:
        """Whether the server is to stop."""

    def wants_look(self) -> bool:
        """Whether the server is to look for a new release now; True once for each request."""

    def hear_serving(self, version: str) -> None:
        """The release `version` answers queries."""

    def hear_failure(self, reason: str) -> None:
        """Nothing can be served; `reason` is one line."""


class Switch:
    """Serves the current release of a folder of releases, whichever that is.

    Args:
        root: the folder of releases.
        open_release: opens one of them.
        settings: the limits.
        operator: the process that started the server.

    Attributes:
        now: what is served, from `start` on.
    """

    now: Serving

    def __init__(
        self, root: Path, open_release: Open, settings: Settings, operator: Operator
    ) -> None:
        self._root = root
        self._operator = operator
        self._open = open_release
        self._settings = settings
        self._seen: object = None
        self._identity: object = None
        self._asked = False
        self._watching: list[asyncio.Task[None]] = []
        self._leaving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the current release and watch for the next.

        Raises:
            Exception: it cannot be served; the reason was reported to the operator.
        """
        self._seen = _fingerprint(self._root)
        try:
            self.now = await self._open(self._root / CURRENT)
        except Exception as error:
            self._operator.hear_failure(describe_failure(error))
            raise
        self._identity = _identity(self._root)
        self._operator.hear_serving(self.now.version)
        watches = (self._watch_release(), self._watch_operator())
        self._watching = [asyncio.ensure_future(watch) for watch in watches]

    async def stop(self) -> None:
        """Give what runs a while to end, and stop."""
        for watch in self._watching:
            watch.cancel()
        stop = self.now.engine.stop(self._settings.grace)
        await asyncio.gather(*self._leaving, stop, return_exceptions=True)

    async def _watch_operator(self) -> None:
        """Look for a release when told to; told to stop, end what runs too long.

        The server need not wait for that then.
        """
        while not self._operator.wants_stop():
            self._asked = self._asked or self._operator.wants_look()
            await asyncio.sleep(_STOP_INTERVAL)
        await self.now.engine.stop(self._settings.grace)

    async def _watch_release(self) -> None:
        loop = asyncio.get_running_loop()
        until, said = 0.0, ""
        while True:
            await asyncio.sleep(_STOP_INTERVAL)
            if not self._asked and loop.time() < until:
                continue
            until = loop.time() + _INTERVAL
            seen = _fingerprint(self._root)
            if seen == self._seen and not self._asked:
                continue
            # What was refused is not tried again until something is put in its place.
            self._seen, self._asked = seen, False
            if _identity(self._root) == self._identity:
                continue
            try:
                following = await self._open(self._root / CURRENT)
            except Exception as error:
                reason = describe_failure(error)
                if reason != said:
                    _log.error("%s; release %s stays", reason, self.now.version)
                said = reason
                if not isinstance(error, ReleaseDamaged):
                    # Time, memory or processes were short, for one, which may pass.
                    self._seen, until = None, loop.time() + _RETRY
                continue
            said, self._identity = "", _identity(self._root)
            before, self.now = self.now, following
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


def describe_failure(error: BaseException) -> str:
    """Why a release cannot be served, in one line for the operator."""
    if isinstance(error, ReleaseDamaged):
        return error.summary()
    if isinstance(error, OSError) and error.filename:
        text = f"{error.filename}: {error.strerror or error}"
    else:
        text = str(error)
    line = " ".join(text.split()).rstrip(".")
    expected = isinstance(error, ReleaseError | EngineFailure | OSError | ValueError)
    return line if expected and line else f"{type(error).__name__}: {line}"


def _identity(root: Path) -> tuple[str, object]:
    """Which release `current` leads to, however it does."""
    link = root / CURRENT
    return os.path.realpath(link), stamp(link / MANIFEST, follow=True)


def _fingerprint(root: Path) -> tuple[object, object]:
    """Changes when another release is put in the place of `current`, or into its folder."""
    link = root / CURRENT
    return stamp(link, follow=False), stamp(link / MANIFEST, follow=True)


def stamp(path: Path, *, follow: bool) -> object:
    """What changes when the file at `path` is replaced or written to."""
    try:
        status = path.stat(follow_symlinks=follow)
    except (OSError, RuntimeError) as error:
        return str(error)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
