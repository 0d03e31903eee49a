"""Earlier releases, opened when somebody asks for them, few at a time, and closed when idle."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kzgraph.problem import Problem
from kzgraph.release import MANIFEST, ReleaseError
from kzgraph.release.history import HISTORY
from kzgraph.sparql.job import Job
from kzgraph_server.engine.answer import Answer, Engine, EngineState
from kzgraph_server.front.serving import Serving, describe_failure, stamp
from kzgraph_server.settings import Settings

_log = logging.getLogger(__name__)

#: An address below that of a release: its version, and the rest, which is that of the release's
#: own server. The address of the release itself, and the list of what changed, are the site's.
ADDRESS = re.compile(r"/releases/([^/]+)(/(?!changes\.json$).+)")

#: Seconds between two looks at what is idle.
_LOOK = 5.0
#: Seconds after which a client may try again where too many releases are in use.
_RETRY_AFTER = "5"
#: Makes what serves the release in a folder under settings, its engine not started; with an engine
#: where there is one. It may take a while, and is called on a thread.
Prepare = Callable[[Path, Settings, Engine | None], Serving]


class OnDemandEngine:
    """An engine that is started by its first query: most requests are for pages and files."""

    def __init__(self, engine: Engine) -> None:
        """Put off starting `engine`."""
        self._engine = engine
        self._starting: asyncio.Task[None] | None = None

    @property
    def explains(self) -> bool:
        """Whether it says why a query has no solutions."""
        return self._engine.explains

    async def start(self) -> None:
        """Start the engine, once."""
        if self._starting is None:
            self._starting = asyncio.ensure_future(self._engine.start())
        # A client that leaves ends its own waiting, and not what others wait for.
        await asyncio.shield(self._starting)

    async def stop(self, grace: float) -> None:
        """Stop the engine, if it was started."""
        if self._starting is not None:
            await asyncio.wait([self._starting])
            await self._engine.stop(grace)

    async def ask(self, job: Job, client: str) -> Answer:
        """The engine's answer.

        Raises:
            Problem: see the engine.
        """
        await self.start()
        return await self._engine.ask(job, client)

    def state(self) -> EngineState:
        """The engine's state; ready where it was not started."""
        return EngineState(ready=True) if self._starting is None else self._engine.state()


@dataclass(eq=False)
class Opened:
    """A release at the address of its version.

    Attributes:
        serving: what answers for it.
        settings: those it is served with.
        marks: change where the release, the history or what is current does.
        owned: whether its engine is its own, and not that of the current release.
        users: requests under way.
        used: the time of the loop when the last one ended.
        closed: whether it is to be closed once it has no users.
    """

    serving: Serving
    settings: Settings
    marks: object
    owned: bool
    users: int = 0
    used: float = 0.0
    closed: bool = False


class Archive:
    """The releases of a folder at the addresses of their versions, the current one among them.

    Args:
        root: the folder of releases.
        find: the folder of a version, or a Problem: 404, or 410. Called on a thread.
        prepare: makes what serves it.
        settings: those of the server.
    """

    def __init__(
        self, root: Path, find: Callable[[str], Path], prepare: Prepare, settings: Settings
    ) -> None:
        self._root = root
        self._find = find
        self._prepare = prepare
        self._settings = settings
        self._open: dict[str, Opened] = {}
        self._opening = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None
        self._leaving: set[Opened] = set()

    @property
    def earlier(self) -> int:
        """How many earlier releases are open."""
        return sum(each.owned for each in {*self._open.values(), *self._leaving})

    @asynccontextmanager
    async def use(self, version: str, now: Serving) -> AsyncIterator[Opened]:
        """What serves `version`, which stays open during the block.

        Args:
            version: as the address names it.
            now: what serves the current release, whose engine answers for it here too.

        Raises:
            Problem: 404, where there never was such a release; 410, where it is gone; 503, where
                too many others are in use, or it cannot be opened.
        """
        async with self._opening:
            opened = self._open.get(version)
            if opened is not None and opened.marks != self._marks(opened.serving.path, now):
                await self._close(version)
                opened = None
            if opened is None:
                opened = await self._open_release(version, now)
                self._open[version] = opened
            opened.users += 1
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._close_idle())
        try:
            yield opened
        finally:
            opened.users -= 1
            opened.used = asyncio.get_running_loop().time()
            if opened.closed and not opened.users:
                await self._stop(opened)

    async def stop(self) -> None:
        """Close all of them; what is asked of them has the grace of the settings to end."""
        if self._watch is not None:
            self._watch.cancel()
        every = {*self._open.values(), *self._leaving}
        self._open.clear()
        await asyncio.gather(*map(self._stop, every), return_exceptions=True)

    def _marks(self, path: Path, now: Serving) -> object:
        return (
            stamp(path / MANIFEST, follow=True),
            stamp(self._root / HISTORY, follow=True),
            now if now.path == path else None,
        )

    async def _open_release(self, version: str, now: Serving) -> Opened:
        path = await asyncio.to_thread(self._find, version)
        is_current = path == now.path
        if not is_current:
            await self._make_room()
        base = f"{self._settings.public_url}/releases/{version}"
        settings = replace(self._settings, public_url=base)
        if not is_current:
            settings = _restrict(settings)
        engine = now.engine if is_current else None
        marks = self._marks(path, now)
        try:
            serving = await asyncio.to_thread(self._prepare, path, settings, engine)
        except (ReleaseError, OSError) as error:
            _log.error("%s", describe_failure(error))
            detail = f"Release {version} cannot be served; this is the server's fault."
            raise Problem(503, detail) from None
        if not is_current:
            serving = replace(serving, engine=OnDemandEngine(serving.engine))
        return Opened(serving, settings, marks, owned=not is_current)

    async def _make_room(self) -> None:
        """Close the earlier release that was not used for longest, if there are too many.

        Raises:
            Problem: 503, where all of them are in use.
        """
        owned = [version for version, each in self._open.items() if each.owned]
        leaving = [each for each in self._leaving if each.owned]
        if len(owned) + len(leaving) < self._settings.earlier_releases:
            return
        idle = [version for version in owned if not self._open[version].users]
        if not idle:
            detail = "Too many earlier releases are in use; try again in a few seconds."
            raise Problem(503, detail, {"Retry-After": _RETRY_AFTER})
        await self._close(min(idle, key=lambda version: self._open[version].used))

    async def _close(self, version: str) -> None:
        opened = self._open.pop(version)
        opened.closed = True
        if opened.users:
            self._leaving.add(opened)  # The last of its users closes it.
        else:
            await self._stop(opened)

    async def _stop(self, opened: Opened) -> None:
        self._leaving.discard(opened)
        if opened.owned:
            await opened.serving.engine.stop(self._settings.grace)

    async def _close_idle(self) -> None:
        while True:
            await asyncio.sleep(min(_LOOK, self._settings.earlier_idle))
            async with self._opening:
                until = asyncio.get_running_loop().time() - self._settings.earlier_idle
                idle = [v for v, each in self._open.items() if not each.users and each.used < until]
                for version in idle:
                    await self._close(version)


def _restrict(settings: Settings) -> Settings:
    """`settings` for an earlier release: few workers, and not the engine of the current one."""
    return replace(
        settings,
        workers=1,
        spare_workers=1,
        long_queries=1,
        client_long_queries=1,
        engine="",
        engine_user="",
        engine_password="",
    )
