"""The whole way from the project's own tables to a release, and what it does when it cannot."""

import csv
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store

from dump_reading import FORMATS, OF_QUADS, canonical, merged, read_by_oxigraph, read_by_rdflib
from fixed_tables import fixed_tables
from kzgraph import build as build_module
from kzgraph.build import build
from kzgraph.faults import TableFaults
from kzgraph.iri import ONTOLOGY, graph
from kzgraph.rdf.content import Content, ContentFaults
from kzgraph.reasoning import infer
from kzgraph.release import Release, ReleaseRefused, current
from small_release import bytes_of, names, published

STEPS = [
    "Reading the tables",
    "Mapping",
    "Reasoning",
    "Describing the release",
    "Validating",
    "Writing the release",
]


@pytest.fixture(scope="module")
def release(release_root: Path) -> Release:
    found = current(release_root)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def data(release: Release) -> list[Quad]:
    return list(release.store)


def test_the_release_is_whole(release: Release) -> None:
    release.verify()
    assert release.manifest["validation"]["Violation"] == 0
    assert {document["slug"] for document in release.manifest["documents"]} == {
        "fact-sheet-2024",
        "global-focus-2018",
        "overview",
    }


def test_a_build_in_another_process_is_the_same_to_the_byte(
    release: Release, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from kzgraph.build import build\n"
        "build(Path(sys.argv[2]), Path(sys.argv[1]))\n"
    )
    tables = fixed_tables(tmp_path)
    for seed in ("0", "4242"):
        root = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", code, str(root), str(tables)],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Almaty", "LC_ALL": "C"},
            check=True,
        )
        built = current(root)
        assert built is not None
        assert built.version == release.version
        assert bytes_of(built) == bytes_of(release)
        shutil.rmtree(root)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_dump_holds_the_data_set(release: Release, data: list[Quad], suffix: str) -> None:
    dump = (release.dumps / f"kzgraph.{suffix}").read_bytes()
    expected = canonical(data) if suffix in OF_QUADS else merged(data)
    assert canonical(read_by_oxigraph(dump, suffix)) == expected


@pytest.mark.parametrize("suffix", FORMATS)
def test_rdflib_agrees_on_every_dump(
    release: Release, data: list[Quad], suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    dump = (release.dumps / f"kzgraph.{suffix}").read_bytes()
    expected = canonical(data) if suffix in OF_QUADS else merged(data)
    assert canonical(read_by_rdflib(dump, suffix)) == expected


def test_no_triple_stands_in_two_graphs(release: Release) -> None:
    query = "SELECT * { GRAPH ?a { ?s ?p ?o } GRAPH ?b { ?s ?p ?o } FILTER(?a != ?b) } LIMIT 5"
    assert not list(release.store.query(query))  # type: ignore[arg-type]


def test_blank_nodes_stand_only_where_owl_and_shacl_need_them(release: Release) -> None:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) } }"
    found = {solution["g"] for solution in release.store.query(query)}  # type: ignore[union-attr]
    assert found <= {graph("ontology"), graph("shapes")}


def test_turtle_of_the_release_reads_as_in_the_design(release: Release) -> None:
    text = (release.dumps / "graphs" / "global-focus-2018.ttl").read_text("utf-8")
    blocks = {block.split(" ")[0]: block for block in text.split(" .\n")}
    block = blocks["kzr:figure\\/global-focus-2018\\/stateless-2018"]
    assert " a qb:Observation , kzg:PopulationFigure , kzg:StatedFigure ;\n" in block
    assert "\tkzg:value 87632" in block
    assert "\tkzg:populationGroup kzr:population-group\\/STA ;\n" in block
    assert "http" not in block


def test_steps_are_told_in_order(tmp_path: Path) -> None:
    told: list[str] = []
    build(None, tmp_path, told.append)
    sources = [step for step in told if step not in STEPS]
    assert [step for step in told if step in STEPS] == STEPS
    assert all(step.startswith("Mapping ") for step in sources)
    assert told.index(sources[-1]) < told.index("Reasoning")


def edit(table: Path, key: str, column: str, value: str) -> None:
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    (row,) = [row for row in rows if row["key"] == key]
    assert row[column] != value
    row[column] = value
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def served(release_root: Path, tmp_path: Path) -> Path:
    """A folder of releases of its own, with the release in it."""
    root = tmp_path / "releases"
    shutil.copytree(release_root, root, symlinks=True)
    return root


def assert_untouched(root: Path, release: Release) -> None:
    found = current(root)
    assert found is not None
    assert found.version == release.version
    found.verify()
    assert names(root) == {".lock", "current", "history.json", release.path.name}


def test_one_changed_word_is_another_version(
    served: Path, release: Release, tmp_path: Path
) -> None:
    tables = fixed_tables(tmp_path)
    label = "Stateless persons of the chart, 2018"
    edit(tables / "global-focus-2018" / "population.csv", "stateless-2018", "label", label)
    changed = build(tables, served)
    assert changed.version != release.version
    found = current(served)
    assert found is not None
    assert found.version == changed.version
    assert label in (changed.dumps / "kzgraph.ttl").read_text("utf-8")


def test_faulty_tables_publish_nothing(served: Path, release: Release, tmp_path: Path) -> None:
    tables = fixed_tables(tmp_path)
    edit(tables / "global-focus-2018" / "population.csv", "stateless-2018", "value", "many")
    with pytest.raises(TableFaults, match="many"):
        build(tables, served)
    assert_untouched(served, release)


def test_a_sum_that_does_not_add_up_publishes_nothing(
    served: Path, release: Release, tmp_path: Path
) -> None:
    tables = fixed_tables(tmp_path)
    edit(tables / "global-focus-2018" / "population.csv", "stateless-2018", "value", "87633")
    with pytest.raises(ReleaseRefused, match="nothing was published") as caught:
        build(tables, served)
    assert caught.value.report.counts["Violation"] > 0
    assert_untouched(served, release)


def test_graphs_that_overlap_publish_nothing(
    served: Path, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def repeating(store: Store, *official: Store) -> list[Quad]:
        stated = next(iter(store.quads_for_pattern(None, None, None, graph("entities"))))
        again = Quad(stated.subject, stated.predicate, stated.object, graph("entailed"))
        return [*infer(store, *official), again]

    monkeypatch.setattr(build_module, "infer", repeating)
    with pytest.raises(ContentFaults, match="is in two graphs, entailed and entities"):
        build(None, served)
    assert_untouched(served, release)


def test_numbers_are_published_as_the_store_holds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store writes numbers its own way; the dumps must not say otherwise."""
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    noted = NamedNode(ONTOLOGY + "note")

    def padded(store: Store, *official: Store) -> list[Quad]:
        value = Literal("1.500", datatype=decimal)
        return [*infer(store, *official), Quad(graph("entailed"), noted, value, graph("entailed"))]

    monkeypatch.setattr(build_module, "infer", padded)
    built = build(None, tmp_path)
    built.verify()
    assert [q.object for q in Content(built.store).quads if q.predicate == noted] == [
        Literal("1.5", datatype=decimal)
    ]


@pytest.mark.parametrize("deadly", ["Mapping", "Validating", "Writing the release"])
def test_a_build_killed_at_a_step_leaves_the_release_before(tmp_path: Path, deadly: str) -> None:
    before = published(tmp_path)
    code = (
        "import os, signal, sys; from pathlib import Path; from kzgraph.build import build\n"
        "def step(name):\n"
        "    if name == sys.argv[2]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "build(None, Path(sys.argv[1]), step)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path), deadly], check=False)
    assert killed.returncode == -signal.SIGKILL
    found = current(tmp_path)
    assert found is not None
    assert found.path == before.path
    found.verify()
