"""A release with superseded graphs: its stores, and everything that reads them."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, Store
from rdflib import URIRef

from kzgraph.client.rdflib_release import open_release
from kzgraph.iri import GRAPH
from kzgraph.release import Release, ReleaseDamaged
from kzgraph.release.differences import PropertyChange, compare_releases
from kzgraph.release.integrity import store_faults
from kzgraph.sparql.apart import ask_apart, explain_apart
from kzgraph.sparql.job import Job
from kzgraph_server.engine.stores import Stores, read_into_memory
from vintage_graphs import (
    CURRENT,
    NEW,
    OLD,
    OLDER,
    OTHER,
    PROLOGUE,
    SUPERSEDED,
    list_sources,
    quads,
)
from vintage_release import copy_release, make_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("vintages"))


def test_the_release_is_whole(release: Release) -> None:
    release.check()
    release.verify()
    assert set(release.superseded) == set(SUPERSEDED)


def test_superseded_graphs_larger_than_memory_are_written_line_by_line(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The current ones keep all their formats."""
    most = sum(release.manifest["counts"]["graphs"].values()) + len(quads([OLDER]))
    monkeypatch.setattr("kzgraph.release.contents.IN_MEMORY", most)
    written = make_release(tmp_path)
    written.verify()
    assert written.version == release.version
    left = set(release.files) - set(written.files)
    assert {path.split(".")[0] for path in left} == {f"dumps/graphs/{OLD}"}
    assert set(written.files) < set(release.files)
    kept = {path for path in written.files if path.startswith(f"dumps/graphs/{OLD}.")}
    assert kept == {f"dumps/graphs/{OLD}.nt", f"dumps/graphs/{OLD}.nt.gz"}
    for path in kept:
        assert written.files[path].sha256 == release.files[path].sha256


def test_a_plain_reader_meets_the_current_graphs(release: Release) -> None:
    names = {str(name) for name in release.store.named_graphs()}
    assert {f"<{GRAPH}{name}>" for name in CURRENT} < names
    assert names.isdisjoint(f"<{GRAPH}{name}>" for name in SUPERSEDED)


def test_the_store_of_all_graphs_has_each_and_a_merge_of_the_current_ones(release: Release) -> None:
    assert release.vintages is not None
    every = release.vintages.store
    default = list(every.quads_for_pattern(None, None, None, DefaultGraph()))
    assert {str(quad.triple) for quad in default} == {str(quad.triple) for quad in release.store}
    assert len(default) == len(release.store)
    for name in SUPERSEDED:
        held = set(every.quads_for_pattern(None, None, None, NamedNode(GRAPH + name)))
        assert held == set(quads([name]))


def _change(store: str, change: Callable[[Store], None]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        opened = Store(str(path / store))
        change(opened)
        opened.flush()

    return damage


def _revise(graph: str) -> Callable[[Store], None]:
    """Put another triple in the place of one, so that the numbers stay."""

    def change(store: Store) -> None:
        name = NamedNode(GRAPH + graph) if graph else DefaultGraph()
        quad = next(iter(store.quads_for_pattern(None, None, None, name)))
        store.remove(quad)
        store.add(Quad(NamedNode("urn:other"), quad.predicate, quad.object, quad.graph_name))

    return change


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_change("store-all", _revise(OLD)), f"what the dump of {OLD} holds"),
        (_change("store-all", _revise(OLDER)), f"what the dump of {OLDER} holds"),
        (_change("store-all", _revise(NEW)), "the current graphs, by name"),
        (_change("store-all", _revise("")), "by name and merged"),
        (_change("store-all", lambda store: store.remove(quads([OLD])[0])), f"5 quads of {OLD}"),
        (lambda path: shutil.rmtree(path / "store-all"), "store-all cannot be read"),
    ],
)
def test_a_store_of_all_graphs_that_is_not_what_it_should_be_is_a_fault(
    release: Release, tmp_path: Path, damage: Callable[[Path], None], told: str
) -> None:
    damaged = copy_release(release, tmp_path)
    damage(damaged.path)
    with pytest.raises(ReleaseDamaged, match=told):
        Release(damaged.path).verify()


def test_a_store_of_all_graphs_needs_a_superseded_graph(release: Release) -> None:
    told = store_faults(release.path, release.manifest | {"sources": []})
    assert told == ["store-all is there, and manifest.json has no superseded graph"]


QUERIES = (
    ("SELECT (SUM(?v) AS ?n) { ?c :v ?v }", "35"),
    (f"SELECT (SUM(?v) AS ?n) {{ GRAPH g:{OLD} {{ ?c :v ?v }} }}", "30"),
    (f"SELECT (SUM(?v) AS ?n) FROM g:{OLD} FROM g:{NEW} {{ ?c :v ?v }}", "55"),  # noqa: S608
    (f"SELECT (SUM(?v) AS ?n) FROM g:{OTHER} {{ ?c :v ?v }}", "100"),  # noqa: S608
)


def _first(found: object) -> str:
    assert isinstance(found, QuerySolutions)
    (value,) = next(iter(found))
    return str(value).partition('"')[2].partition('"')[0]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_a_process_of_its_own_and_a_worker_answer_alike(
    release: Release, query: str, expected: str
) -> None:
    from kzgraph.sparql.evaluation import ask

    folder = release.path / "store"
    assert _first(ask_apart(folder, PROLOGUE + query)) == expected
    stores = Stores(folder, read_into_memory(folder))
    job = Job(PROLOGUE + query, (), (), offers=(), timeout=0)
    assert _first(ask(job, stores.of(job), 100, stores.vintages)[0]) == expected


def test_the_command_says_where_a_cell_has_gone(release: Release) -> None:
    query = f"{PROLOGUE} ASK {{ :c :v ?v }}"
    found = ask_apart(release.path / "store", query)
    assert isinstance(found, QueryBoolean)
    assert not found
    assert f"GRAPH <graph/{OLD}>" in explain_apart(release.path / "store", query)[0]


def test_rdflib_has_a_superseded_graph_for_whoever_names_it(release: Release) -> None:
    found = open_release(release.path)
    names = {str(each.identifier) for each in found.graphs()}
    assert GRAPH + NEW in names
    assert names.isdisjoint(GRAPH + name for name in SUPERSEDED)
    value = URIRef("http://example.org/v")
    assert {str(each) for each in found.objects(None, value)} == {"10", "20", "5"}
    old = found.graph(URIRef(GRAPH + OLD))
    assert (len(old), {str(each) for each in old.objects(None, value)}) == (6, {"10", "19", "1"})
    for query, expected in QUERIES:
        assert [str(row.n) for row in found.query(PROLOGUE + query)] == [expected]  # type: ignore[union-attr]
    inner = f"SELECT (COUNT(*) AS ?n) {{ ?c :v ?v GRAPH g:{OLDER} {{ ?c :v ?v }} }}"
    assert [int(row.n) for row in old.query(PROLOGUE + inner)] == [1]  # type: ignore[union-attr]
    bound = {"g": URIRef(GRAPH + OLD)}
    listed = found.query(
        f"{PROLOGUE} SELECT ?g ?v {{ GRAPH ?g {{ :c :v ?v }} }}", initBindings=bound
    )
    assert len(listed) == 1


def test_a_newer_vintage_changes_the_cells_that_it_revises(tmp_path: Path) -> None:
    old = next(each for each in list_sources() if each.name == OLD)
    before = make_release(tmp_path, entries=[replace(old, current=True, replaced_by="")])
    after = make_release(tmp_path)
    (table,) = [each for each in compare_releases(before, after).graphs if each.graph == "t"]
    told = [(each.kind, each.iri[-1], each.properties) for each in table.changes]
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    value = "http://example.org/v"
    revised = PropertyChange(value, (f'"19"{integer}',), (f'"20"{integer}',))
    assert [(kind, cell) for kind, cell, _ in told] == [
        *(("added", "d"), ("removed", "c"), ("changed", "b"))
    ]
    assert told[-1][2] == (revised,)
