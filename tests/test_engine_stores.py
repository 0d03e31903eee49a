"""A worker's two copies of a small release: they answer alike, and alike in every worker."""

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from kzgraph.resources import folder
from kzgraph.sparql.job import Job
from kzgraph_server.engine.stores import Stores, read_into_memory

#: Prints the rows of every query on standard input, parted by form feeds, in the order they come.
ROWS = """
import sys
from pathlib import Path
from pyoxigraph import QueryResultsFormat
from kzgraph_server.engine.answer import Job
from kzgraph_server.engine.stores import Stores, read_into_memory
folder = Path(sys.argv[1])
stores = Stores(folder, read_into_memory(folder))
for text in sys.stdin.read().split("\\f"):
    job = Job(text, (), (), ("json",), 30.0)
    found = stores.of(job).query(text, use_default_graph_as_union=True)
    print(found.serialize(format=QueryResultsFormat.TSV).decode())
"""

QUERIES = (
    "SELECT * WHERE { ?s ?p ?o }",
    "SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g WHERE {GRAPH?g{}}",
    "SELECT DISTINCT ?type WHERE { ?s a ?type }",
    "SELECT ?o (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?o",
    "SELECT ?node WHERE { ?node ?p ?o FILTER isBlank(?node) }",
)


def job(query: str) -> Job:
    return Job(query, (), (), ("json",), 30.0)


@pytest.fixture(scope="module")
def store(release_root: Path) -> Path:
    return (release_root / "current" / "store").resolve()


def opened(store: Path) -> Stores:
    return Stores(store, read_into_memory(store))


def rows(store: Store, query: str) -> list[str]:
    result = store.query(query, use_default_graph_as_union=True)
    assert isinstance(result, QuerySolutions)
    return sorted((result.serialize(format=QueryResultsFormat.TSV) or b"").decode().splitlines())


@pytest.mark.parametrize("query", QUERIES)
def test_memory_answers_as_the_disk_does(store: Path, query: str) -> None:
    on_disk = Store.read_only(str(store))
    assert rows(opened(store).of(job(query)), query) == rows(on_disk, query)


def test_every_worker_gives_rows_and_blank_nodes_alike(store: Path) -> None:
    def said() -> str:
        command = [sys.executable, "-c", ROWS, str(store)]
        text = "\f".join(QUERIES)
        done = subprocess.run(command, input=text, check=True, capture_output=True, text=True)
        return done.stdout

    assert said() == said()


def test_small_releases_are_read_into_memory_and_others_are_not(
    store: Path, tmp_path: Path
) -> None:
    text = (folder("queries") / "001-people-in-the-overview.rq").read_text(encoding="utf-8")
    stores = opened(store)
    assert stores.of(job(text)) is not stores.of(job("SELECT * { GRAPH ?g { ?s ?p ?o } }"))
    (tmp_path / "store").symlink_to(store)
    alone = opened(tmp_path / "store")
    assert alone.of(job(text)) is alone.of(job("SELECT * { GRAPH ?g { ?s ?p ?o } }"))


def test_whoever_looks_around_meets_a_figure_first(store: Path) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } LIMIT 6"
    found = opened(store).of(job(query)).query(query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    subjects = {row["s"].value for row in found}
    assert len(subjects) == 1
    assert subjects.pop().startswith("https://w3id.org/kzgraph/id/figure/")
