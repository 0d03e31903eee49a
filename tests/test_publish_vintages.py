"""`kzgraph publish` sends what a plain query meets, and superseded graphs only where told to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import run
from engines import Engine, oxigraph_server
from kzgraph.iri import GRAPH
from kzgraph.publish import PublishError, RemoteStore
from kzgraph.publish.graph_files import split
from kzgraph.release import Release
from kzgraph.sparql.superseded import Tables
from remote_asking import asked, query, refused, solutions
from vintage_graphs import NEW, OLD, PROLOGUE, SUPERSEDED, answer
from vintage_release import copy_release, make_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("vintages"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as found:
        yield found


def graphs(engine: Engine) -> set[str]:
    """The names of the graphs that the engine has."""
    with RemoteStore() as store:
        rows = store.select(engine.query, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    return {row["g"]["value"].removeprefix(GRAPH) for row in rows}


def test_superseded_graphs_are_sent_where_told_and_no_query_meets_them_unnamed(
    engine: Engine, release: Release
) -> None:
    command = ("publish", "--to", engine.graphs, "--releases", str(release.path.parent))
    current = set(release.manifest["counts"]["graphs"])
    done = run(*command)
    assert (done.returncode, done.stderr) == (0, "")
    assert graphs(engine) == current
    told = " ".join(done.stdout.split())
    assert (
        f"Left out are superseded graphs, so that the store does not compare vintages: {OLD}"
        in told
    )
    tables = Tables.of_manifest(release.manifest)
    for text in (
        "SELECT * { ?new dcterms:replaces ?old . GRAPH ?old { ?c :v ?v } }",
        "SELECT (SUM(?v) AS ?s) { GRAPH g:OLD { ?c :v ?v } }",
        "SELECT * FROM NAMED g:OLD { GRAPH ?g { ?c :v ?v } }",
        "SELECT (SUM(?v) AS ?s) FROM g:OLD { ?c :v ?v }",
    ):
        names = [GRAPH + name for name in current]
        problem = refused(
            engine.query, query(PROLOGUE + text.replace("OLD", OLD)), names, tables=tables
        )
        assert (problem.status, f" {OLD}" in problem.detail) == (501, True)
        assert "--all-vintages" in problem.detail

    every = run(*command, "--all-vintages")
    assert (every.returncode, every.stderr) == (0, "")
    assert graphs(engine) == current | set(SUPERSEDED)
    assert every.stdout.count("sent, superseded") == len(SUPERSEDED)
    assert "name the graphs of a query" in " ".join(every.stdout.split())

    names = [GRAPH + name for name in current]
    for text, among in (
        ("SELECT (SUM(?v) AS ?s) { ?c :v ?v }", 35),
        ("SELECT (SUM(?v) AS ?s) { GRAPH ?g { ?c :v ?v } }", 35),
        (f"SELECT (SUM(?v) AS ?s) {{ GRAPH g:{OLD} {{ ?c :v ?v }} }}", 30),
    ):
        for dataset in ("release", "engine"):
            tables = Tables.of_manifest(release.manifest)
            job = query(PROLOGUE + text)
            _, body = asked(engine.query, job, names, tables=tables, engine_dataset=dataset)
            assert answer(text) == [(f'"{among}"^^<http://www.w3.org/2001/XMLSchema#integer>',)]
            assert list(solutions(body)) == [frozenset({("s", among)})]

    again = run(*command)
    assert again.returncode == 1
    assert f"<{GRAPH}{OLD}> is in the store, and superseded in the release" in again.stderr
    assert "not in the release" not in again.stderr
    assert "Left out" not in again.stdout

    one = run(*command, "--graph", "doc")
    told = " ".join(one.stdout.split())
    assert f"What was asked for of release {release.version} is published and verified" in told


def test_a_superseded_graph_may_be_sent_by_its_name(release: Release, tmp_path: Path) -> None:
    (found,) = split(release, tmp_path, [OLD])
    assert (found.name, found.triples, found.superseded) == (OLD, 6, True)
    with pytest.raises(PublishError, match=f"no graph nothing; it has .*{NEW}.*{OLD}"):
        split(release, tmp_path, ["nothing"])


def test_a_dump_of_a_superseded_graph_that_was_changed_is_not_sent(
    release: Release, tmp_path: Path
) -> None:
    damaged = copy_release(release, tmp_path)
    dump = damaged.path / f"dumps/graphs/{OLD}.nt"
    dump.write_bytes(dump.read_bytes().partition(b"\n")[2])
    (tmp_path / "split").mkdir()
    with pytest.raises(PublishError, match=f"the dump of {OLD} in .* does not match"):
        split(damaged, tmp_path / "split", [OLD])
