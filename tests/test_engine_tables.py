"""Rows of tables that are files, read by real worker processes: in order, streamed, confined."""

import asyncio
from pathlib import Path

import duckdb
import pytest

from engine_fixtures import read, running, store_path
from kzgraph.problem import Problem
from kzgraph.sparql.job import TABLE_ROWS, Job
from kzgraph.tidy.file_tables import FileColumn
from kzgraph.tidy.row_choice import Condition, RowChoice
from kzgraph_server.engine.answer import EngineFailure
from kzgraph_server.engine.local import LocalEngine
from processes import PATIENCE

__all__ = ["store_path"]

ROWS = 60_000
COLUMNS = (
    FileColumn("id", "integer", "BIGINT"),
    FileColumn("name", "string", "VARCHAR"),
)


@pytest.fixture(scope="module")
def store(store_path: Path) -> Path:
    folder = store_path.with_name("dumps") / "tables"
    folder.mkdir(parents=True)
    with duckdb.connect() as database:
        rows = "SELECT (i * 7919) % 60000 AS id, 'name, of ' || repeat('x', 40) AS name"
        made = database.sql(f"{rows} FROM range({ROWS}) t(i)")
        made.write_parquet(str(folder / "large.parquet"), row_group_size=4096)
    return store_path


def ask(choice: RowChoice, name: str = "csv", timeout: float = PATIENCE) -> Job:
    return Job(choice.to_text(), (), (), (TABLE_ROWS, name), timeout)


def test_workers_read_rows_in_order_within_limits(store: Path) -> None:
    every = RowChoice("tables/large.parquet", COLUMNS)
    some = RowChoice("tables/large.parquet", COLUMNS[:1], (Condition("id", (5, 59_999)),))

    async def check() -> None:
        # With so little memory no worker holds all rows as terms, nor a file on the side.
        async with running(store, worker_memory_mib=600) as engine:
            wanted = [i * 7919 % 60000 for i in range(ROWS)]
            answer = await engine.ask(ask(every), "a")
            assert answer.complete is None, "it comes in pieces"
            lines = (await read(answer)).decode().split("\r\n")
            assert [int(line.partition(",")[0]) for line in lines[1:-1]] == wanted
            assert (lines[0], lines[1].partition(",")[2]) == ("id,name", f'"name, of {"x" * 40}"')
            found = (await read(await engine.ask(ask(some), "a"))).decode().split("\r\n")
            assert found == ["id", *(str(i) for i in wanted if i in (5, 59_999)), ""]
            await _check_gone(engine, every)
            await _check_late(engine, every)
            # After what was broken off, there are workers again.
            assert (await read(await engine.ask(ask(some), "a"))).decode().split("\r\n") == found

    asyncio.run(check())


async def _check_gone(engine: LocalEngine, choice: RowChoice) -> None:
    """Who leaves in the middle leaves no worker behind that goes on."""
    answer = await engine.ask(ask(choice, "json"), "a")
    await anext(aiter(answer.chunks))
    await answer.chunks.aclose()
    while engine.state().busy or engine.state().long:
        await asyncio.sleep(0.01)


async def _check_late(engine: LocalEngine, choice: RowChoice) -> None:
    """The time limit ends an answer that nobody reads, and it does not look whole."""
    with pytest.raises((EngineFailure, Problem)) as refused:
        answer = await engine.ask(ask(choice, "json", timeout=1), "a")
        while engine.state().busy or engine.state().long:
            await asyncio.sleep(0.01)
        await read(answer)
    error = refused.value
    problem = error.problem if isinstance(error, EngineFailure) else error
    assert isinstance(problem, Problem)
    assert problem.status == 504
