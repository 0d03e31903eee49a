"""An engine in front of another: it resolves SERVICE, and the other one never sees it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from endpoints import (
    EX,
    HERE,
    TEST,
    THERE,
    StoreEngine,
    answering,
    bindings,
    quads,
    sending,
    serving,
    stored,
)
from kzgraph.problem import Problem
from kzgraph.sparql.job import Job
from kzgraph_server.engine.answer import Answer
from kzgraph_server.engine.local import LocalEngine
from kzgraph_server.federation.engine import FederatingEngine
from kzgraph_server.federation.fetch import Federation
from kzgraph_server.settings import Settings


def asked(text: str, url: str, **how: Any) -> tuple[Answer, list[Job]]:
    """The answer of an engine with federation, and the jobs it gave to the engine behind."""

    async def work() -> Answer:
        federation = Federation([url], network=TEST)
        job = Job(text, ("https://example.org/g",), (), ("json",), 30.0, **how)
        return await FederatingEngine(engine, federation).ask(job, "client")

    store = Store()
    store.extend(quads(*HERE, graph="https://example.org/g"))
    engine = StoreEngine(store)
    return asyncio.run(work()), engine.jobs


def test_an_engine_with_federation_answers_calls() -> None:
    with serving(answering(stored(*THERE))) as endpoint:
        text = (
            f"SELECT ?n ?p {{ ?s <{EX}name> ?n "
            f"SERVICE <{endpoint.url}> {{ ?s <{EX}people> ?p FILTER(?p < 7) }} }}"
        )
        answer, (check, probe, job) = asked(text, endpoint.url, max_rows=5, offset=0)
    (row,) = json.loads(answer.complete or b"")["results"]["bindings"]
    assert [row[name]["value"] for name in ("n", "p")] == ["A", "5"]
    assert (probe.default_graphs, probe.max_rows) == (job.default_graphs, None)
    assert answer.volatile
    assert check.default_graphs != job.default_graphs == ("https://example.org/g",)
    assert (job.offers, job.max_rows) == (("json",), 5)
    assert 0 < job.timeout <= 30


def test_an_engine_with_federation_leaves_other_queries_alone() -> None:
    answer, jobs = asked(f"SELECT ?n {{ <{EX}a> <{EX}name> ?n }}", "https://example.org/sparql")
    assert len(jobs) == 1
    assert not answer.volatile


def test_nobody_is_called_for_a_query_with_a_fault_in_it() -> None:
    with serving(answering(Store())) as endpoint:
        text = f"SELECT * {{ SERVICE <{endpoint.url}> {{ ?s ?p }} }}"
        with pytest.raises(Problem) as caught:
            asked(text, endpoint.url)
    assert endpoint.queries == []
    assert caught.value.status == 400
    assert caught.value.members["query"] == text
    assert caught.value.members["near"].startswith("SERVICE <http://endpoint")
    assert "GRAPH" not in caught.value.detail


def test_a_function_of_the_other_endpoint_is_its_business() -> None:
    with serving(sending(bindings({"o": {"type": "literal", "value": "1"}}))) as endpoint:
        text = f"SELECT * {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o FILTER(<{EX}f>(?o)) }} }}"
        asked(text, endpoint.url)
        assert len(endpoint.queries) == 1
        with pytest.raises(Problem, match="cannot be evaluated"):
            asked(text.replace("} }", f"}} FILTER(<{EX}f>(?o)) }}"), endpoint.url)


def by_workers(folder: Path, text: str, url: str) -> Answer:
    """The answer of worker processes behind an engine with federation."""

    async def work() -> Answer:
        engine = FederatingEngine(
            LocalEngine(folder, Settings(workers=1)), Federation([url], network=TEST)
        )
        await engine.start()
        try:
            assert engine.state().ready
            return await engine.ask(Job(text, (), (), ("csv",), 30.0), "client")
        finally:
            await engine.stop(1)

    store = Store(str(folder))
    store.extend(quads(*HERE, graph="https://example.org/g"))
    store.flush()
    del store
    return asyncio.run(work())


def test_workers_join_what_the_other_endpoint_answers(tmp_path: Path) -> None:
    with serving(answering(stored(*THERE))) as endpoint:
        text = (
            f"PREFIX ex: <{EX}> SELECT * {{ ?s ex:name ?n "
            f"SERVICE <{endpoint.url}> {{ ?s ex:people ?p FILTER(?p < 8) }} }} ORDER BY ?p"
        )
        answer = by_workers(tmp_path, text, endpoint.url)
    assert answer.complete == f"s,n,p\r\n{EX}a,A,5\r\n{EX}b,B,7\r\n".encode()


@pytest.mark.parametrize(
    ("text", "line", "column", "near"),
    [
        ("SELECT * {\n SERVICE SILENT <URL> { ?s ?p ?o }\n ?a ?b }", 3, 8, "}"),
        ("SELECT * {\n SERVICE SILENT <URL> { ?s ?p } }", 2, None, "}"),
        ("SELECT * { ?s ?p ?o } LIMIT SERVICE <URL> { }", 1, None, "SERVICE <http"),
    ],
)
def test_workers_name_the_place_of_a_fault_in_the_query_as_it_was_sent(
    text: str, line: int, column: int | None, near: str, tmp_path: Path
) -> None:
    with serving(answering(Store())) as endpoint:
        text = text.replace("URL", endpoint.url)
        with pytest.raises(Problem) as caught:
            by_workers(tmp_path, text, endpoint.url)
    members = caught.value.members
    assert endpoint.queries == []
    assert (caught.value.status, members["line"], members["query"]) == (400, line, text)
    assert column in (None, members["column"])
    assert members["near"].startswith(near)
    assert "GRAPH" not in caught.value.detail
