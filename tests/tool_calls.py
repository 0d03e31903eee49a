"""Calling tools for assistants inside this process, as the SDK's own client does."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from mcp import Client
from mcp.types import CallToolResult

from front_client import make_front
from kzgraph.release import Release
from kzgraph_server.assistants.site_access import InnerSite, Reply, Request, Site
from kzgraph_server.assistants.tool_server import make_server
from kzgraph_server.settings import Settings
from processes import PATIENCE

T = TypeVar("T")


def make_site(release: Release | Path, settings: Settings | None = None) -> Site:
    """The front that serves `release`, as tools ask it."""
    opened = Release(release) if isinstance(release, Path) else release
    return InnerSite(make_front(opened, settings), "127.0.0.1")


async def _with_client(
    site: Site, use: Callable[[Client], Awaitable[T]], seconds: float = PATIENCE
) -> T:
    async with Client(make_server(lambda _: site, seconds)) as client:
        return await use(client)


def use_tools(site: Site, use: Callable[[Client], Awaitable[T]]) -> T:
    """What `use` does with a client that is connected to the tools."""
    return asyncio.run(_with_client(site, use))


def call(site: Site, tool: str, /, **arguments: Any) -> CallToolResult:
    """The result of one call, which fits the output schema, since the client checks it."""

    async def use(client: Client) -> CallToolResult:
        await client.list_tools()
        return await client.call_tool(tool, arguments)

    return use_tools(site, use)


def words_of(result: CallToolResult) -> str:
    """The words of a result."""
    (block,) = result.content
    assert block.type == "text"
    return block.text


class FixedSite:
    """A server that answers each path with what is given for it, and the rest with another.

    Attributes:
        requests: what it was asked.
    """

    def __init__(self, answers: dict[str, Reply], other: Site | None = None) -> None:
        self._answers, self._other = answers, other
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Reply:
        """The answer that was given."""
        self.requests.append(request)
        if request.path in self._answers or self._other is None:
            return self._answers[request.path]
        return await self._other.send(request)
