"""What the engine answers, asked of real worker processes."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from engine_fixtures import (
    EXAMPLE,
    LARGE,
    SMALL,
    THINGS,
    body,
    graph,
    job,
    read,
    refused,
    running,
    store_path,
    with_engine,
)
from kzgraph_server.engine.local import LocalEngine

__all__ = ["store_path"]


def rows(data: bytes) -> list[dict[str, Any]]:
    """The bindings of a JSON result."""
    found: list[dict[str, Any]] = json.loads(data)["results"]["bindings"]
    return found


def number(data: bytes) -> int:
    """The one number of a JSON result."""
    [row] = rows(data)
    [term] = row.values()
    return int(term["value"])


def test_every_format_holds_every_row(store_path: Path) -> None:
    query = f"SELECT ?s ?v {{ ?s <{EXAMPLE}next> ?v }}"

    async def check(engine: LocalEngine) -> None:
        for name, content_type, count in (
            ("json", "application/sparql-results+json", lambda data: len(rows(data))),
            ("xml", "application/sparql-results+xml", lambda data: data.count(b"<result>")),
            ("csv", "text/csv; charset=utf-8", lambda data: len(_table(data)) - 1),
            ("tsv", "text/tab-separated-values; charset=utf-8", lambda data: data.count(b"\n") - 1),
        ):
            answer = await engine.ask(job(query, name), "a")
            assert (answer.format, answer.content_type) == (name, content_type)
            assert count(await read(answer)) == THINGS
        for name in FORMATS:
            answer = await engine.ask(job("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", name), "a")
            assert answer.format == name
            assert _triples(await read(answer), name) == THINGS

    with_engine(store_path, check)


def test_the_first_offer_that_fits_the_form_of_the_result_is_taken(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        offers = ("rdf", "csv", "ttl", "json")
        assert (await engine.ask(job(SMALL, *offers), "a")).format == "csv"
        assert (await engine.ask(job("ASK {}", *offers), "a")).complete == b"true"
        assert (await engine.ask(job("DESCRIBE <a:b>", *offers), "a")).format == "rdf"
        problem = await refused(engine, job("ASK {}", "ttl"))
        assert problem.status == 406
        assert {each["format"] for each in problem.members["available"]} >= {"json", "xml"}

    with_engine(store_path, check)


def test_columns_stand_in_the_order_of_the_query(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        data = await body(engine, job("SELECT * { ?z ?a ?m } LIMIT 1", "csv"))
        assert data.startswith(b"z,a,m\r\n")
        data = await body(engine, job("SELECT ?m ?z { ?z ?a ?m } LIMIT 1", "csv"))
        assert data.startswith(b"m,z\r\n")

    with_engine(store_path, check)


EVEN, ODD = graph("even"), graph("odd")
COUNT = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
NAMED = "SELECT (COUNT(*) AS ?n) {} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
HALF = THINGS // 2

#: Query with its clauses, the request's default and named graphs, and the triples that are seen.
DATASETS = [
    (COUNT.format(""), (), (), THINGS),
    (COUNT.format(f"FROM <{EVEN}>"), (), (), HALF),
    (COUNT.format(f"FROM <{EVEN}> FROM <{ODD}>"), (), (), THINGS),
    (COUNT.format(f"FROM <{EVEN}> FROM <{EVEN}>"), (), (), HALF),
    (f"PREFIX g: <{graph('')}> " + COUNT.format(f"FROM g:even from <{EVEN}>"), (), (), HALF),
    (f"BASE <{graph('')}> " + COUNT.format(f"FROM<even> FROM <{EVEN}>"), (), (), HALF),
    (COUNT.format(f"FROM NAMED <{EVEN}>"), (), (), 0),
    (COUNT.format(f"FROM NAMED <{EVEN}> FROM NAMED <{EVEN}>"), (), (), 0),
    (COUNT.format(f"FROM <{EXAMPLE}none>"), (), (), 0),
    (COUNT.format(f"FROM <{EXAMPLE}none> FROM <{EXAMPLE}none>"), (), (), 0),
    (NAMED.format(""), (), (), THINGS),
    (NAMED.format(f"FROM <{ODD}>"), (), (), 0),
    (NAMED.format(f"FROM NAMED <{ODD}> FROM NAMED <{ODD}>"), (), (), HALF),
    (NAMED.format(f"FROM <{ODD}> FROM NAMED <{ODD}>"), (), (), HALF),
    (COUNT.format(f"FROM <{EVEN}> FROM <{ODD}>"), (ODD,), (), HALF),
    (COUNT.format(""), (ODD, ODD), (), HALF),
    (COUNT.format(""), (), (ODD,), 0),
    (NAMED.format(""), (), (ODD, ODD), HALF),
    (NAMED.format(""), (ODD,), (), 0),
]


def test_a_data_set_is_what_the_request_or_the_query_names_each_graph_once(
    store_path: Path,
) -> None:
    async def check(engine: LocalEngine) -> None:
        for query, default, named, expected in DATASETS:
            asked = job(query, default_graphs=default, named_graphs=named)
            assert number(await body(engine, asked)) == expected, (query, default, named)

    with_engine(store_path, check)


def test_what_is_wrong_with_a_query_is_told_with_its_place(store_path: Path) -> None:
    cases: list[tuple[str, int | None, int | None, str]] = [
        ("SELECT *\n{ ?s ?p }", 2, 9, "Syntax error"),
        ("SELECT * {\n SERVICE <http://127.0.0.1/> {} }", 2, 2, "SERVICE"),
        ("SELECT * { ?s nope:x ?o }", 1, 15, "nope: is not declared"),
        ("INSERT DATA { <a:b> <a:b> 1 }", 1, 1, "read-only"),
        ("SELECT ('x AS ?y) {}", 1, 9, "not closed"),
        ("PREFIX f: <f:> SELECT (f:x(1) AS ?y) {}", None, None, "cannot be evaluated"),
        (f"PREFIX g: <{graph('')}> SELECT * FROMg:odd {{ ?s ?p ?o }}", 1, 48, "FROMg: is not"),
    ]

    async def check(engine: LocalEngine) -> None:
        for query, line, column, words in cases:
            problem = await refused(engine, job(query))
            assert problem.status == 400, query
            assert words in problem.detail
            assert problem.members.get("line") == line, query
            assert problem.members.get("column") == column, query

    with_engine(store_path, check)


def test_an_answer_that_may_differ_next_time_says_so(store_path: Path) -> None:
    queries = {
        SMALL: False,
        "SELECT (NOW() AS ?t) {}": True,
        "SELECT (rand # comment\n () AS ?t) {}": True,
        "SELECT (STRUUID() AS ?t) {}": True,
        "SELECT ?now { ?now ?rand ?uuid } LIMIT 1": False,
    }

    async def check(engine: LocalEngine) -> None:
        for query, volatile in queries.items():
            assert (await engine.ask(job(query), "a")).volatile == volatile, query

    with_engine(store_path, check)


def test_xml_that_no_parser_would_read_is_refused(store_path: Path) -> None:
    async def check(engine: LocalEngine) -> None:
        for bad in ("\x01", "\ufffe"):
            asked = job(f'SELECT ("{"x" * 20_000}{bad}" AS ?y) {{}}', "xml")
            problem = await refused(engine, asked)
            assert (problem.status, "XML" in problem.detail) == (406, True)
        data = await body(engine, job(r'SELECT ("a\rb" AS ?y) {}', "xml"))
        assert b"a&#13;b" in data

    with_engine(store_path, check)


def _table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


def _triples(data: bytes, name: str) -> int:
    quads: Iterator[object] = parse(data, format=FORMATS[name])
    return len(set(quads))


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_it_runs_under_both_event_loops(store_path: Path, loop: str) -> None:
    async def check() -> None:
        async with running(store_path) as engine:
            assert len(rows(await body(engine, job(SMALL)))) == 1
            data = await body(engine, job(LARGE, "tsv"))
            assert data.count(b"\n") == THINGS**2 + 1

    factory = pytest.importorskip(loop).new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(check())
