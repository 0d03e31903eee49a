"""Asking through the engine that passes queries on, and comparing what comes back."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from kzgraph.problem import Problem
from kzgraph.sparql.job import Job
from kzgraph.sparql.superseded import Tables
from kzgraph_server.engine.answer import Answer, EngineFailure
from kzgraph_server.engine.remote import RemoteEngine
from kzgraph_server.settings import Settings

XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float", "int")}


@asynccontextmanager
async def started(
    url: str, names: list[str] | None = None, tables: Tables | None = None, **more: Any
) -> AsyncIterator[RemoteEngine]:
    made = RemoteEngine(Settings(engine=url, **more), names or [], tables)
    await made.start()
    try:
        yield made
    finally:
        await made.stop(0)


def query(text: str, *offers: str, **more: Any) -> Job:
    job = Job(text, (), (), offers or ("json", "ttl"), 30)
    return replace(job, **more)


async def body(answer: Answer) -> bytes:
    if answer.complete is not None:
        return answer.complete
    return b"".join([chunk async for chunk in answer.chunks])


def asked(url: str, job: Job, names: list[str] | None = None, **more: Any) -> tuple[Answer, bytes]:
    """The answer of the engine at `url`, read to its end."""

    async def work() -> tuple[Answer, bytes]:
        async with started(url, names, **more) as made:
            answer = await made.ask(job, "someone")
            return answer, await body(answer)

    return asyncio.run(work())


def refused(url: str, job: Job, names: list[str] | None = None, **more: Any) -> Problem:
    with pytest.raises((Problem, EngineFailure)) as caught:
        asked(url, job, names, **more)
    found = caught.value
    if isinstance(found, EngineFailure):
        return found.problem
    assert isinstance(found, Problem)
    return found


def solutions(document: bytes) -> Counter[frozenset[tuple[str, object]]]:
    """The solutions of a JSON result, numbers by value, blank nodes alike."""
    read = json.loads(document)
    if "boolean" in read:
        return Counter([frozenset({("", read["boolean"])})])
    return Counter(
        frozenset((name, value(term)) for name, term in row.items())
        for row in read["results"]["bindings"]
    )


def value(term: dict[str, str]) -> object:
    kind, text = term["type"].removeprefix("typed-"), term["value"]
    datatype = term.get("datatype", "")
    if kind == "bnode":
        return kind
    if datatype == XSD + "boolean":
        # Virtuoso calls a computed true 1.
        return Decimal(text == "true")
    if datatype in NUMBERS:
        # Division is carried on to as many places as an engine likes.
        return round(Decimal(text), 9)
    return kind, text, term.get("xml:lang", ""), datatype.removeprefix(XSD + "string")
