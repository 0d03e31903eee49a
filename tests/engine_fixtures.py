"""What the tests of the query engine share: a small store, and an engine on it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kzgraph.problem import Problem
from kzgraph.sparql.job import Job
from kzgraph_server.engine.answer import Answer
from kzgraph_server.engine.local import LocalEngine
from kzgraph_server.settings import Settings
from processes import PATIENCE

#: Things in the store, each with one triple that leads to the next, round to the first; they are
#: in two graphs by their parity.
THINGS = 400
EXAMPLE = "http://example.org/"

#: Counts 400 to the power of 4: far beyond any deadline.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SMALL = "SELECT ?o { <http://example.org/thing/7> ?p ?o }"
#: 160,000 rows, 18 MB as JSON.
LARGE = "SELECT ?a ?c ?d { ?a ?b ?c . ?d ?e ?f }"


def write_store(folder: Path) -> Path:
    """A store on disk with `THINGS` triples in two graphs."""
    store = Store(str(folder))
    store.extend(
        Quad(
            NamedNode(f"{EXAMPLE}thing/{n}"),
            NamedNode(f"{EXAMPLE}next"),
            NamedNode(f"{EXAMPLE}thing/{(n + 1) % THINGS}"),
            NamedNode(f"{EXAMPLE}graph/{'odd' if n % 2 else 'even'}"),
        )
        for n in range(THINGS)
    )
    store.flush()
    return folder


@pytest.fixture(scope="session")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small store."""
    return write_store(tmp_path_factory.mktemp("engine") / "store")


def job(query: str, *offers: str, timeout: float = PATIENCE, **more: Any) -> Job:
    """A query that takes JSON or Turtle unless `offers` says otherwise."""
    return Job(
        query=query,
        default_graphs=more.pop("default_graphs", ()),
        named_graphs=more.pop("named_graphs", ()),
        offers=offers or ("json", "ttl"),
        timeout=timeout,
        **more,
    )


@asynccontextmanager
async def running(store: Path, grace: float = 0, **settings: Any) -> AsyncIterator[LocalEngine]:
    """An engine while the block runs, and no process of it afterwards.

    Its queries take the time that they need, at the priority of all else, unless a setting says
    otherwise.
    """
    unhurried = {"workers": 2, "query_timeout": PATIENCE, "lower_after_ms": 600_000}
    before = children()
    engine = LocalEngine(store, Settings(**{**unhurried, **settings}))
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop(grace)
    assert children() <= before


def with_engine(
    store: Path, check: Callable[[LocalEngine], Awaitable[None]], **settings: Any
) -> None:
    """Run `check` with an engine on `store`."""

    async def run() -> None:
        async with running(store, **settings) as engine:
            await check(engine)

    asyncio.run(run())


async def body(engine: LocalEngine, asked: Job, client: str = "a") -> bytes:
    """The whole answer."""
    return await read(await engine.ask(asked, client))


async def read(answer: Answer) -> bytes:
    """The whole body of `answer`."""
    if answer.complete is not None:
        return answer.complete
    return b"".join([chunk async for chunk in answer.chunks])


async def refused(engine: LocalEngine, asked: Job, client: str = "a") -> Problem:
    """Why `asked` is refused."""
    with pytest.raises(Problem) as caught:
        await engine.ask(asked, client)
    return caught.value


async def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "this never came to hold"
        await asyncio.sleep(0.01)


def children() -> set[int]:
    """The processes that this one started, also those that ended and were not collected."""
    return _started_by({os.getpid()})


def fork_servers() -> set[int]:
    """The processes among them that fork workers for the engines of this one."""
    program = b"kzgraph_server.engine.fork_server"
    return {each for each in children() if program in _command(each)}


def workers() -> set[int]:
    """The workers of the engines of this process."""
    return _started_by(fork_servers())


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""  # it ended meanwhile


def _started_by(parents: set[int]) -> set[int]:
    return {pid for pid, parent in _parents() if parent in parents}


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text("ascii", "replace")
            except OSError:
                continue  # it ended meanwhile
            yield int(folder.name), int(status.rpartition(")")[2].split()[1])


def graph(name: str) -> str:
    """The IRI of a graph of the store."""
    return f"{EXAMPLE}graph/{name}"
