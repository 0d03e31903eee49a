"""The whole way from the project's own tables to a release, and what it does when it cannot."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store

from dump_reading import FORMATS, OF_QUADS, canonical, merged, read_by_oxigraph, read_by_rdflib
from fixed_tables import fixed_tables
from invented_source import KIND, LICENCE, invented, write_file
from kzgraph import build as build_module
from kzgraph.build import Progress, build
from kzgraph.faults import TableFaults
from kzgraph.intake import Change
from kzgraph.iri import ONTOLOGY, graph
from kzgraph.rdf.content import Content, ContentFaults
from kzgraph.reasoning import infer
from kzgraph.release import Release, ReleaseRefused, current
from kzgraph.sources.taking import Offer
from small_release import bytes_of, names, published
from small_tables import DOCUMENT, lean_builds, small, write

STEPS = [
    "Reading the tables",
    "Mapping",
    "Reasoning",
    "Describing the release",
    "Validating",
    "Writing the release",
]

POPULATION = f"{DOCUMENT}/population.csv"


@pytest.fixture(scope="module")
def release(release_root: Path) -> Release:
    found = current(release_root)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def data(release: Release) -> dict[bool, list[str]]:
    """The data set with its graphs and, by False, without them, in a form to be compared."""
    quads = list(release.store)
    return {True: canonical(quads), False: merged(quads)}


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
    root = tmp_path / "releases"
    subprocess.run(
        [sys.executable, "-c", code, str(root), str(fixed_tables(tmp_path))],
        env=os.environ | {"PYTHONHASHSEED": "4242", "TZ": "Asia/Almaty", "LC_ALL": "C"},
        check=True,
    )
    built = current(root)
    assert built is not None
    assert built.version == release.version
    assert bytes_of(built) == bytes_of(release)


@pytest.mark.parametrize("suffix", FORMATS)
def test_two_parsers_read_the_data_set_from_every_dump(
    release: Release, data: dict[bool, list[str]], suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    dump = (release.dumps / f"kzgraph.{suffix}").read_bytes()
    expected = data[suffix in OF_QUADS]
    assert canonical(read_by_oxigraph(dump, suffix)) == expected
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


def test_steps_are_told_in_order(tables: Path, tmp_path: Path) -> None:
    told: list[str] = []
    with invented():
        file = write_file(tmp_path)
        change = Change([Offer(KIND, file, file.name, "T", LICENCE, "A")])
        build_lean(tables, tmp_path / "releases", told.append, change=change)
    sources = [step for step in told if step not in STEPS]
    assert [step for step in told if step in STEPS] == STEPS
    assert all(step.startswith("Mapping ") for step in sources)
    assert told.index("Mapping") < told.index(sources[0])
    assert told.index(sources[-1]) < told.index("Reasoning")


def build_lean(tables: Path, root: Path, progress: Progress | None = None, **more: Any) -> Release:
    """A build of the small tables: how it goes depends on nothing that is alike in each."""
    with lean_builds():
        return build(tables, root, progress, **more)


def with_refugees(folder: Path, **cells: str) -> Path:
    """The small tables in a folder, the row of refugees with other cells."""
    rows = small()
    (row,) = (each for each in rows[POPULATION] if each["key"] == "refugees")
    row |= cells
    return write(folder / "tables", rows)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small tables, only to be read."""
    return write(tmp_path_factory.mktemp("small") / "tables", small())


@pytest.fixture(scope="module")
def before(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of them, only to be read."""
    return build_lean(tables, tmp_path_factory.mktemp("before"))


@pytest.fixture
def served(before: Release, tmp_path: Path) -> Path:
    """A folder of releases of its own, with that release in it."""
    root = tmp_path / "releases"
    shutil.copytree(before.path.parent, root, symlinks=True)
    return root


def assert_untouched(root: Path, before: Release) -> None:
    found = current(root)
    assert found is not None
    assert found.version == before.version
    found.verify()
    assert names(root) == {".lock", "current", "history.json", before.path.name}


def test_one_changed_word_is_another_version(served: Path, before: Release, tmp_path: Path) -> None:
    label = "Refugees of the note"
    changed = build_lean(with_refugees(tmp_path, label=label), served)
    assert changed.version != before.version
    found = current(served)
    assert found is not None
    assert found.version == changed.version
    assert label in (changed.dumps / "kzgraph.ttl").read_text("utf-8")


def test_faulty_tables_publish_nothing(served: Path, before: Release, tmp_path: Path) -> None:
    with pytest.raises(TableFaults, match="many"):
        build_lean(with_refugees(tmp_path, value="many"), served)
    assert_untouched(served, before)


def test_a_sum_that_does_not_add_up_publishes_nothing(
    served: Path, before: Release, tmp_path: Path
) -> None:
    faulty = with_refugees(tmp_path, value="121", bound="exact", hedge="")
    with pytest.raises(ReleaseRefused, match="nothing was published") as caught:
        build_lean(faulty, served)
    assert caught.value.report.counts["Violation"] > 0
    assert_untouched(served, before)


def test_graphs_that_overlap_publish_nothing(
    tables: Path, served: Path, before: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def repeating(store: Store, *official: Store) -> list[Quad]:
        stated = next(iter(store.quads_for_pattern(None, None, None, graph("entities"))))
        again = Quad(stated.subject, stated.predicate, stated.object, graph("entailed"))
        return [*infer(store, *official), again]

    monkeypatch.setattr(build_module, "infer", repeating)
    with pytest.raises(ContentFaults, match="is in two graphs, entailed and entities"):
        build_lean(tables, served)
    assert_untouched(served, before)


def test_numbers_are_published_as_the_store_holds_them(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store writes numbers its own way; the dumps must not say otherwise."""
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    noted = NamedNode(ONTOLOGY + "note")

    def padded(store: Store, *official: Store) -> list[Quad]:
        value = Literal("1.500", datatype=decimal)
        return [*infer(store, *official), Quad(graph("entailed"), noted, value, graph("entailed"))]

    monkeypatch.setattr(build_module, "infer", padded)
    built = build_lean(tables, tmp_path)
    built.verify()
    assert [q.object for q in Content(built.store).quads if q.predicate == noted] == [
        Literal("1.5", datatype=decimal)
    ]


@pytest.mark.parametrize("deadly", ["Mapping", "Validating", "Writing the release"])
def test_a_build_killed_at_a_step_leaves_the_release_before(
    tables: Path, tmp_path: Path, deadly: str
) -> None:
    before = published(tmp_path)
    code = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[4])\n"
        "from pathlib import Path; from kzgraph.build import build\n"
        "from small_tables import lean_builds\n"
        "def step(name):\n"
        "    if name == sys.argv[3]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "with lean_builds(): build(Path(sys.argv[1]), Path(sys.argv[2]), step)\n"
    )
    arguments = [str(tables), str(tmp_path), deadly, str(Path(__file__).parent)]
    command = [sys.executable, "-c", code, *arguments]
    killed = subprocess.run(command, check=False)
    assert killed.returncode == -signal.SIGKILL
    found = current(tmp_path)
    assert found is not None
    assert found.path == before.path
    found.verify()
