"""A query goes a short way through the front: few modules, few returns to a package it has left.

Traced in the thread of the event loop, on a server that has answered a query of the kind before,
so that what is kept of negotiation is there. What a worker does is in another process, and what
Flask renders of a browser's answer in another thread.
"""

import asyncio
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

import pytest

from engine_fixtures import store_path
from front_client import make_front
from kzgraph_server.engine.local import LocalEngine
from kzgraph_server.front.app import Front
from kzgraph_server.settings import Settings
from layers import ROOT, SOURCE_ROOTS
from server_fixtures import SmallRelease

__all__ = ["store_path"]

MOST_MODULES, MOST_RETURNS = 20, 6

_FOLDERS = tuple(f"{ROOT / root}/" for root in SOURCE_ROOTS)
_QUERY = "SELECT ?s ?l {{ ?s ?p ?l FILTER(STR(?l) != '{}') }} LIMIT 10"


def module_of(frame: FrameType) -> str | None:
    """The project's module that a frame runs, as a path below its root."""
    name = frame.f_code.co_filename
    folder = next((folder for folder in _FOLDERS if name.startswith(folder)), None)
    return None if folder is None else name.removeprefix(folder)


async def ask(front: Front, query: str, accept: bytes) -> int:
    """The status of the answer."""
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/sparql",
        "raw_path": b"/sparql",
        "query_string": b"query=" + quote(query).encode(),
        "headers": [(b"host", b"x"), (b"accept", accept), (b"accept-encoding", b"gzip")],
        "client": ("127.0.0.1", 1),
    }
    await front(scope, receive, send)
    status: int = sent[0]["status"]
    return status


async def trace(front: Front, accept: bytes) -> list[str]:
    """The modules whose functions are called for a query, in order.

    The shortest way of several queries: on a busy machine one may wait so long that the front
    looks whether its client is still there.
    """
    assert await ask(front, _QUERY.format(1), accept) == 200
    ways = [await trace_one(front, _QUERY.format(number), accept) for number in range(2, 12)]
    return min(ways, key=lambda way: (len(set(way)), count_returns(way)))


async def trace_one(front: Front, query: str, accept: bytes) -> list[str]:
    called: list[str] = []

    def note(frame: FrameType, event: str, argument: object) -> None:
        module = module_of(frame) if event == "call" else None
        if module is not None:
            called.append(module)

    sys.setprofile(note)
    try:
        status = await ask(front, query, accept)
    finally:
        sys.setprofile(None)
    assert status == 200
    return called


def count_returns(called: list[str]) -> int:
    """How often the way enters a package that it has left."""
    packages = [module.rpartition("/")[0] for module in called]
    entered = [each for i, each in enumerate(packages) if i == 0 or packages[i - 1] != each]
    return len(entered) - len(set(entered))


def trace_in_a_fresh_server(folder: Path, store: Path, accept: bytes) -> list[str]:
    release = SmallRelease(folder).load()
    front = make_front(release)
    # On a busy machine a query may look long, and goes further.
    unhurried = Settings(long_after_ms=600_000, lower_after_ms=600_000)
    engine = LocalEngine(store, unhurried)
    object.__setattr__(front._switch.now, "engine", engine)

    async def run() -> list[str]:
        await engine.start()
        try:
            # A worker that gets ready meanwhile would be traced, too.
            while engine.state().starting:
                await asyncio.sleep(0.01)
            return await trace(front, accept)
        finally:
            await engine.stop(0)

    return asyncio.run(run())


@pytest.mark.parametrize("accept", [b"application/sparql-results+json", b"text/html"])
def test_a_query_goes_a_short_way(tmp_path: Path, store_path: Path, accept: bytes) -> None:
    # In a process of its own: what other tests left behind in this one would be traced, too.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        called = pool.submit(trace_in_a_fresh_server, tmp_path, store_path, accept).result()
    assert {module.split("/")[1] for module in called} >= {"front", "engine"}
    assert len(set(called)) <= MOST_MODULES, sorted(set(called))
    assert count_returns(called) <= MOST_RETURNS
