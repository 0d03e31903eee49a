"""The tools for assistants over standard input and output, for a program that starts this one.

https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from mcp.server.stdio import stdio_server

from kzgraph_server.assistants.site_access import App, InnerSite, RemoteSite, Site
from kzgraph_server.assistants.tool_server import make_server
from kzgraph_server.settings import Settings

#: Seconds that a call may take where another server sets the limits.
_SECONDS = 90.0
#: The client of whoever started this process.
_CLIENT = "127.0.0.1"


class StdioError(Exception):
    """The release cannot be served; the message is one line."""


def serve_release(releases: Path) -> None:
    """Serve the tools of the current release of a folder until the input ends.

    The server runs inside this process, without a socket, under the limits of its settings.

    Args:
        releases: the folder of releases.

    Raises:
        StdioError: there is no release, or it cannot be served.
        SettingsError: an environment variable has an invalid value.
    """
    settings = replace(Settings.from_environment(), access_log="off")
    _run(_run_inside(releases, settings), 2.0 * settings.query_timeout)


def serve_endpoint(url: str) -> None:
    """Serve the tools of a server somewhere else until the input ends.

    Args:
        url: its address, or that of its endpoint.
    """
    _run(_reach(url), _SECONDS)


def _run(opening: AbstractAsyncContextManager[Site], seconds: float) -> None:
    async def run() -> None:
        async with opening as site, stdio_server() as (received, sent):
            server = make_server(lambda _: site, seconds)
            await server.run(received, sent, server.create_initialization_options())

    asyncio.run(run())


@asynccontextmanager
async def _reach(url: str) -> AsyncIterator[Site]:
    site = RemoteSite(url)
    try:
        yield site
    finally:
        await site.close()


@asynccontextmanager
async def _run_inside(releases: Path, settings: Settings) -> AsyncIterator[Site]:
    # Imported here: who reaches another server needs no engine.
    from kzgraph_server.front.opening import application

    operator = _Nobody()
    async with _living(application(releases, settings, operator), operator) as app:
        yield InnerSite(app, _CLIENT)


@asynccontextmanager
async def _living(app: App, operator: "_Nobody") -> AsyncIterator[App]:
    """The application between its start and its stop.

    https://asgi.readthedocs.io/en/stable/specs/lifespan.html

    Raises:
        StdioError: it cannot start.
    """
    told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    heard: asyncio.Queue[Any] = asyncio.Queue()
    told.put_nowait({"type": "lifespan.startup"})
    life = asyncio.ensure_future(app({"type": "lifespan"}, told.get, heard.put))
    if (await heard.get())["type"] != "lifespan.startup.complete":
        raise StdioError(operator.failure or "the release cannot be served")
    try:
        yield app
    finally:
        told.put_nowait({"type": "lifespan.shutdown"})
        await life


class _Nobody:
    """No operator: whoever started this process ends it by closing its input."""

    failure = ""

    def wants_stop(self) -> bool:
        return False

    def wants_look(self) -> bool:
        return False

    def hear_serving(self, version: str) -> None:
        """Nobody is to be told."""

    def hear_failure(self, reason: str) -> None:
        self.failure = reason
