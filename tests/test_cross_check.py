"""A cross-check agrees where all is well, and says what differs where it is not."""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad

from commands import run
from fixed_tables import fixed_tables
from kzgraph.cli import main
from kzgraph.cross_check import (
    Comparison,
    CrossCheck,
    cross_check,
    readings,
    samples,
    shapes_check,
)
from kzgraph.cross_check.entailments import MOST_TRIPLES, compare_entailments
from kzgraph.cross_check.outcome import compare_items
from kzgraph.cross_check.readings import compare_dumps
from kzgraph.cross_check.samples import Sample, choose_samples
from kzgraph.cross_check.shapes_check import _by_rdflib as by_rdflib
from kzgraph.cross_check.shapes_check import compare_shapes
from kzgraph.iri import GRAPH, graph, term, thing
from kzgraph.release import Release, current
from kzgraph.validation import Report, check
from kzgraph.validation.reference import validate_by_pyshacl
from reasoning_stores import triples
from small_release import published
from test_validation import damaged
from vintage_graphs import NEW, OLD, OLDER, OTHER, SUPERSEDED
from vintage_release import copy_release, make_release


def quads_of(turtle: str, name: str) -> list[Quad]:
    return [Quad(t.subject, t.predicate, t.object, graph(name)) for t in triples(turtle)]


GIVEN = "ex:C rdfs:subClassOf ex:D . ex:a a ex:C ."
COMPUTED = "<derived/x> a ex:C ."
ENTAILED = "ex:a a ex:D . <derived/x> a ex:D . ex:a kzg:country <country/KAZ> ."


def test_the_closure_agrees_with_that_of_owlrl() -> None:
    """What is computed is a premise; so is what a rule adds to what is entailed."""
    quads = quads_of(GIVEN, "entities") + quads_of(COMPUTED, "computed")
    found = compare_entailments([*quads, *quads_of(ENTAILED, "entailed")], "1")
    assert (found.agrees, found.ours, found.verdict) == (True, 2, "agrees")


@pytest.mark.parametrize(
    ("entailed", "verdict"),
    [
        ("<derived/x> a ex:D .", "differs: 0 only here, 1 only there"),
        ("ex:a a ex:D . <derived/x> a ex:D, ex:E .", "differs: 1 only here, 0 only there"),
    ],
)
def test_a_closure_that_differs_is_told(entailed: str, verdict: str) -> None:
    quads = quads_of(GIVEN, "entities") + quads_of(COMPUTED, "computed")
    quads += quads_of(entailed, "entailed")
    assert compare_entailments(quads, "1").verdict == verdict


def test_an_inconsistency_that_owlrl_finds_is_told() -> None:
    given = "ex:C owl:disjointWith ex:D . ex:a a ex:C, ex:D ."
    found = compare_entailments(quads_of(given, "entities"), "1")
    assert not found.agrees
    assert len(found.only_theirs) > 0


def test_a_closure_that_would_take_hours_is_left_out_and_said_to_be() -> None:
    many = [
        Quad(thing("figure", str(n)), term("value"), term("x"), graph("entities"))
        for n in range(MOST_TRIPLES + 1)
    ]
    found = compare_entailments(many, "1")
    assert (found.verdict, found.agrees) == ("not compared", True)
    assert "hours" in found.how


def ask_once(judge: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is asked once, and gives the same answer from then on."""
    answers: list[Any] = []

    def answer(*arguments: Any) -> Any:
        if not answers:
            answers.append(judge(*arguments))
        return answers[0]

    return answer


@pytest.fixture(scope="module")
def damaged_sample() -> Sample:
    """A sample with many faults, its blank nodes the same for all."""
    return Sample("it", damaged(1))


@pytest.fixture(scope="module")
def judges() -> dict[str, Callable[..., Any]]:
    """The two other engines, which take seconds, for one sample."""
    return {
        "validate_by_pyshacl": ask_once(validate_by_pyshacl),
        "_by_rdflib": ask_once(lambda quads: [*by_rdflib(quads)]),
    }


@pytest.fixture
def judged(
    damaged_sample: Sample, judges: dict[str, Callable[..., Any]], monkeypatch: pytest.MonkeyPatch
) -> Sample:
    """The one sample that they judge."""
    for name, judge in judges.items():
        monkeypatch.setattr(shapes_check, name, judge)
    return damaged_sample


def test_the_shapes_agree_with_pyshacl_and_their_queries_with_rdflib(judged: Sample) -> None:
    core, queries = compare_shapes(judged, "1", "1")
    assert (core.verdict, queries.verdict) == ("agrees", "agrees")
    assert core.ours is not None
    assert core.ours > 100
    assert queries.ours is not None
    assert queries.ours > 20


def test_results_that_differ_are_told(judged: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(quads: Sequence[Quad]) -> Report:
        results = list(check(quads).results)
        core = next(r for r in results if r.constraint is None)
        return Report(result for result in results if result.key != core.key)

    monkeypatch.setattr(shapes_check, "check", forgetful)
    core, queries = compare_shapes(judged, "1", "1")
    assert core.verdict.startswith("differs: 0 only here, ")
    assert queries.agrees


def verdicts(release: Release) -> dict[str, str]:
    return {comparison.what: comparison.verdict for comparison in compare_dumps(release, "1")}


def test_every_dump_is_read(tmp_path: Path) -> None:
    release = published(tmp_path)
    found = verdicts(release)
    named = {
        file["path"]
        for file in release.manifest["files"]
        if file["path"].startswith("dumps/")
        and not file["path"].endswith(
            (".gz", ".json", ".cff", ".txt", ".csv", ".tsv", ".parquet", "context.jsonld")
        )
    }
    assert set(found) == named
    assert set(found.values()) == {"agrees"}


@pytest.mark.parametrize("suffix", ["ttl", "nt", "nq", "trig", "jsonld", "rdf"])
@pytest.mark.parametrize("change", ["another value", "cut short"])
def test_a_dump_that_differs_or_cannot_be_read_is_told(
    tmp_path: Path, suffix: str, change: str
) -> None:
    release = published(tmp_path)
    file = release.dumps / f"kzgraph.{suffix}"
    text = file.read_text("utf-8")
    if change == "another value":
        changed = text.replace("A note", "A mote")
        assert changed != text
    else:
        changed = text[: len(text) // 2] + "<"
    file.write_text(changed, "utf-8")
    found = verdicts(release)
    assert found.pop(f"dumps/kzgraph.{suffix}").startswith("differs: ")
    assert set(found.values()) == {"agrees"}


@pytest.fixture(scope="module")
def vintages(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("vintages"), streamed=True)


def names_of(sample: Sample) -> set[str]:
    return {str(quad.graph_name)[1:-1].removeprefix(GRAPH) for quad in sample.quads}


def test_graphs_of_sources_are_no_premises() -> None:
    quads = quads_of(GIVEN, "entities") + quads_of("ex:b a ex:C .", NEW)
    found = compare_entailments([*quads, *quads_of("ex:a a ex:D .", "entailed")], "1")
    assert found.verdict == "agrees"


def test_superseded_graphs_are_validated_apart_and_one_of_a_table_at_a_time(
    vintages: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, first, second = choose_samples(vintages)
    assert [names_of(each) & {NEW, *SUPERSEDED} for each in (plain, first, second)] == [
        {NEW},
        {OLD, OTHER},
        {OLDER},
    ]
    assert {"doc", "note"} <= names_of(plain) & names_of(first) & names_of(second)
    assert not any(each.left_out for each in (plain, first, second))
    monkeypatch.setattr(samples, "VINTAGES", 1)
    _, only = choose_samples(vintages)
    assert only.left_out == f"Not validated, as graphs before these: {OLDER}."


def test_of_a_large_source_every_nth_thing_is_validated_and_the_rest_named(
    vintages: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "OF_A_SOURCE", 3)
    plain = next(iter(choose_samples(vintages)))
    subjects = {quad.subject for quad in plain.quads if quad.graph_name == graph(NEW)}
    assert len(subjects) == 2
    assert plain.left_out == f"Left out, whole things spread evenly: 2 of 6 triples of {NEW}."
    core, queries = compare_shapes(plain, "1", "1")
    assert {core.verdict, queries.verdict} == {"agrees in the part compared"}
    monkeypatch.setattr(samples, "MOST_TRIPLES", 1)
    (nothing,) = choose_samples(vintages)
    assert {each.verdict for each in compare_shapes(nothing, "1", "1")} == {"not compared"}


def test_dumps_of_superseded_graphs_are_compared_with_the_store_that_has_them(
    vintages: Release,
) -> None:
    found = verdicts(vintages)
    assert f"dumps/graphs/{OLD}.nt" in found
    assert set(found.values()) == {"agrees"}


@pytest.mark.parametrize(
    ("most", "change", "verdict"),
    [
        (4, b"", "agrees in the part compared"),
        (1_000, b"", "agrees in the part compared"),
        (1_000, b"A mote", "differs: 0 only here, 1 only there"),
        (1_000, b"cut", "differs: 0 only here, 1 only there"),
    ],
)
def test_of_a_dump_that_is_too_large_lines_are_read_in_pieces_or_it_is_left_out(
    vintages: Release,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    change: bytes,
    verdict: str,
) -> None:
    monkeypatch.setattr(readings, "MOST_READ", 0)
    monkeypatch.setattr(readings, "OF_A_LARGE", most)
    monkeypatch.setattr(readings, "_PIECE", 2)
    release = copy_release(vintages, tmp_path)
    dump = release.dumps / "kzgraph.nq"
    if change == b"A mote":
        dump.write_bytes(dump.read_bytes().replace(b"A note", change, 1))
    elif change:
        dump.write_bytes(dump.read_bytes().rsplit(b"\n", 3)[0] + b"\n")
    found = {each.what: each for each in compare_dumps(release, "1")}
    whole = found["dumps/kzgraph.nq"]
    assert whole.verdict == verdict
    size = release.manifest["counts"]["triples"]
    compared = whole.ours
    assert compared is not None
    assert (0 < compared < size / 2) if most == 4 else (size / 2 < compared <= size)
    assert f"{compared} of {size} lines" in whole.left_out
    assert found[f"dumps/graphs/{OLD}.nt"].verdict == "agrees in the part compared"
    assert found["dumps/graphs/doc.ttl"].verdict == "not compared"
    assert not CrossCheck("v", (whole,)).is_whole


def test_items_count_as_often_as_they_occur() -> None:
    found = compare_items("x", "y", "z", ["a", "a", "b"], ["a", "b", "c"])
    assert (found.ours, found.only_ours, found.only_theirs) == (3, ("a",), ("c",))


def test_the_report_lists_a_few_differences_and_counts_them_all() -> None:
    many = [f"item {number:03}" for number in range(100)]
    found = CrossCheck("v", (compare_items("x", "y", "z", many, ["b"]),))
    report = json.loads(found.to_json())
    assert report["agrees"] is False
    assert report["comparisons"][0]["verdict"] == "differs: 100 only here, 1 only there"
    assert report["comparisons"][0]["onlyHere"] == many[:20]


def test_a_difference_ends_the_command_with_1_and_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    release = published(tmp_path / "releases")
    differing = CrossCheck(release.version, (Comparison("x", "y", "z", 1, ("a",), ()),))
    monkeypatch.setattr("kzgraph.cli.build.build_release", lambda *_, **__: release)
    monkeypatch.setattr("kzgraph.cross_check.cross_check", lambda *_: differing)
    assert main(["build", "--cross-check"]) == 1
    assert "differs: 1 only here, 0 only there" in capsys.readouterr().out


def test_a_pipe_where_the_report_belongs_is_replaced_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = published(tmp_path)
    monkeypatch.setattr("kzgraph.cross_check._compare", lambda *_: iter(()))
    os.mkfifo(release.cross_check)
    cross_check(release)
    assert json.loads(release.cross_check.read_text("utf-8"))["release"] == release.version
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.long
def test_a_build_with_a_cross_check_agrees_and_leaves_its_release_as_it_is(tmp_path: Path) -> None:
    tables, releases = fixed_tables(tmp_path / "tables"), tmp_path / "releases"
    gone = releases / "0.0.1-000000000000.cross-check.json"
    releases.mkdir()
    gone.write_text("{}", "utf-8")
    done = run("build", "--tables", str(tables), "--out", str(releases), "--cross-check")
    assert done.returncode == 0, done.stdout + done.stderr
    release = current(releases)
    assert release is not None
    release.verify()
    report = json.loads(release.cross_check.read_text("utf-8"))
    assert report["release"] == release.version
    assert report["agrees"] is True
    assert len(report["comparisons"]) > 10
    assert not gone.exists()
    before = release.cross_check.read_bytes()
    shutil.copytree(releases, tmp_path / "again", symlinks=True)
    again = current(tmp_path / "again")
    assert again is not None
    assert cross_check(again).to_json().encode() == before
