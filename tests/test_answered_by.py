"""Which answers a query, the columns of a release or its store, and how an answer says so."""

import os
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from conformance import BROWSER, JSON_RESULTS, Site, site
from engine_fixtures import job as engine_job
from engine_fixtures import with_engine
from kzgraph.sparql.aggregating import may_aggregate
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.dispatch import perform
from kzgraph.sparql.job import Job
from kzgraph_server.engine.local import LocalEngine
from vintage_graphs import current_store, make_vintages

SUM = "SELECT (SUM(?v) AS ?sum) { ?f <x:value> ?v }"
YEARS = "SELECT ?y (COUNT(?f) AS ?n) { ?f kzg:value ?v ; kzg:year ?y } GROUP BY ?y ORDER BY ?y"
FIELD = "Kzgraph-Answered-By"


class Fake:
    """Answers 42 to every query that it is asked, or leaves it to the store.

    Attributes:
        asked: the queries.
    """

    def __init__(self, *, answers: bool = True) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def ask(self, analysis: Analysis) -> QuerySolutions | None:
        assert analysis.query is not None, "it is analysed whole"
        self.asked.append(analysis.text)
        found = Store().query("SELECT ?sum { VALUES ?sum { 42 } }")
        assert isinstance(found, QuerySolutions)
        return found if self.answers else None


def answer(query: str, fake: Fake, *default_graphs: str, offer: str = "csv") -> tuple[str, str]:
    """What answered a query on an empty store, and what it wrote."""
    job = Job(query, default_graphs, (), offers=(offer, "nt"), timeout=60)
    evaluated = perform(job, Store(), 100, aggregates=fake)
    output = BytesIO()
    evaluated.write(output)
    return evaluated.header.answered_by, output.getvalue().decode()


def test_columns_answer_in_every_format() -> None:
    assert answer(SUM, Fake()) == ("columns", "sum\r\n42\r\n")
    assert answer(SUM, Fake(), offer="tsv") == ("columns", "?sum\n42\n")
    paged = Job(SUM, (), (), offers=("csv",), timeout=60, max_rows=1)
    assert perform(paged, Store(), 100, aggregates=Fake()).header.answered_by == "columns"


def test_what_columns_leave_the_store_answers() -> None:
    fake = Fake(answers=False)
    assert answer(SUM, fake) == ("store", "sum\r\n0\r\n")
    assert fake.asked == [SUM]


@pytest.mark.parametrize(
    ("query", "default_graphs"),
    [
        ("SELECT ?c ?minimum { ?c <x:group> ?minimum }", []),
        ("ASK { ?count <x:max> ?sum }", []),
        ("SELECT (COUNT(*) AS ?n) FROM <x:g> { ?s ?p ?o }", []),
        ("SELECT (COUNT(*) AS ?n) FROM NAMED <x:g> { ?s ?p ?o }", []),
        (SUM, ["x:g"]),
        ("SELECT (SUM(?v) AS ?sum) (NOW() AS ?now) { ?f <x:value> ?v }", []),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", []),
    ],
)
def test_columns_are_not_asked(query: str, default_graphs: list[str]) -> None:
    fake = Fake()
    assert answer(query, fake, *default_graphs)[0] == "store"
    assert not fake.asked


def test_columns_are_not_asked_about_superseded_graphs() -> None:
    vintages, fake = make_vintages(), Fake()
    for graph in vintages.superseded:
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
        job = Job(query, (), (), offers=("csv",), timeout=60)
        evaluated = perform(job, current_store(), 100, vintages, fake)
        assert evaluated.header.answered_by == "store"
    assert not fake.asked


@pytest.mark.parametrize(
    "query",
    ["SELECT (max (?v) AS ?m) {}", "SELECT (Sum(?v) AS ?m) {}", "SELECT ?a {} GROUP\nBY ?a", SUM],
)
def test_a_query_that_may_aggregate_is_told_by_its_words(query: str) -> None:
    assert may_aggregate(query)


@pytest.fixture(scope="module")
def served(plain_site: Site) -> Site:
    return plain_site


def test_an_answer_says_what_gave_it(served: Site) -> None:
    def count(by: str) -> float:
        return served.metric("kzgraph_answers_total", by=by)

    before = count("columns"), count("store")
    replies = [served.ask(YEARS, JSON_RESULTS) for _ in range(2)]
    # The second comes from the cache, and is not counted again.
    assert [reply.headers[FIELD] for reply in replies] == ["columns", "columns"]
    exposed = replies[0].headers["Access-Control-Expose-Headers"]
    assert FIELD in exposed
    stored = served.ask(YEARS.replace("ORDER", "HAVING(STRLEN(STR(RAND())) > 0) ORDER"))
    assert stored.headers[FIELD] == "store"
    after = count("columns"), count("store")
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)


def test_pages_and_forms_of_an_answer_say_so_too(served: Site) -> None:
    for name in ("csv", "xlsx", "parquet", "html"):
        accept = BROWSER if name == "html" else None
        reply = served.ask(YEARS, accept, format=name)
        assert (name, reply.status, reply.headers[FIELD]) == (name, 200, "columns")
    assert served.ask(YEARS, offset=3).headers[FIELD] == "columns"
    assert served.ask("ASK {}").headers[FIELD] == "store"
    assert FIELD not in served.ask(YEARS, format="csvw").headers
    assert FIELD not in served.ask("SELECT").headers


def test_the_answers_are_those_of_the_store(served: Site, release_root: Path) -> None:
    with site(release_root, columns="off") as plain:
        for name in ("json", "csv", "tsv"):
            ours, theirs = (each.ask(YEARS, format=name) for each in (served, plain))
            assert (ours.headers[FIELD], theirs.headers[FIELD]) == ("columns", "store")
            assert ours.body == theirs.body


def test_damaged_columns_are_in_the_log_and_the_store_answers(
    release_root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = tmp_path / "release"
    shutil.copytree((release_root / "current").resolve(), root)
    os.truncate(root / "columns.duckdb", 50_000)

    async def check(engine: LocalEngine) -> None:
        for _ in range(3):
            answer = await engine.ask(engine_job(YEARS, "csv"), "a")
            assert answer.answered_by == "store"
            assert (answer.complete or b"").count(b"\n") > 3

    with_engine(root / "store", check, workers=1, spare_workers=1)
    said = [line for line in caplog.messages if "columns.duckdb cannot be read" in line]
    assert said
    assert len(said) == len(set(said)), "once in a worker"


def test_memory_that_columns_lack_is_422_and_not_asked_of_the_store(served: Site) -> None:
    pairs = "{ ?a rdfs:label ?x . ?b rdfs:label ?y } GROUP BY ?a ?b"
    reply = served.ask(f"SELECT ?a ?b (COUNT(*) AS ?n) {pairs}")
    assert (reply.status, reply.json["limit"]["name"]) == (422, "memory")
    assert served.ask(YEARS.replace("?n", "?of")).headers[FIELD] == "columns"
