"""The validator gives what the reference gives, and reports it alike in every run and form."""

import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize
from rdflib.namespace import RDF, SH

from built_graph import built_quads
from kzgraph.iri import graph, term, thing
from kzgraph.namespaces import SCHEMA, TYPE, Term
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content
from kzgraph.validation import (
    Report,
    UnreadableFile,
    check,
    data_of,
    project_shapes,
    validate,
    validate_content,
)
from kzgraph.validation.batches import check_file
from kzgraph.validation.data import Data
from kzgraph.validation.result import SEVERITIES
from mutations import mutations
from reference_validator import as_found, reference_results
from sample_graph import sample

XSD = PREFIXES["xsd"]

SPARQL = PREFIXES["sh"] + "SPARQLConstraintComponent"

#: A text or a year beside a day cannot be compared, which is a violation:
#: https://www.w3.org/TR/shacl/#LessThanOrEqualsConstraintComponent. rdflib puts them in some order.
UNCOMPARABLE = (
    "an official participation with a day as text",
    "an official participation of a year",
)
#: rdflib compares a time that is none by its letters, where SPARQL cannot compare it at all.
LEFT_OUT = {"a closing at 25 hours", *UNCOMPARABLE}


def damaged(start: int) -> list[Quad]:
    """The sample with every second mutation, all at once."""
    store = Store()
    store.extend(Quad(*quad.triple) for quad in sample())
    for mutation in mutations()[start::2]:
        if mutation.name not in LEFT_OUT:
            mutation.apply(store)
    return list(store)


@cache
def report_of(*names: str) -> Report:
    """The report on the sample after some mutations."""
    return check(mutated(*names))


def mutated(*names: str) -> Store:
    """The sample after some mutations."""
    store = Store()
    store.extend(sample())
    by_name = {mutation.name: mutation for mutation in mutations()}
    flat = Store()
    flat.extend(Quad(*quad.triple) for quad in store)
    for name in names:
        by_name[name].apply(flat)
    return flat


def test_the_published_graph_has_no_violation_and_no_warning() -> None:
    report = check(built_quads())
    assert report.conforms, report.to_text()
    assert report.counts["Warning"] == 0, report.to_text()


@pytest.mark.long
def test_the_sample_gives_what_the_reference_gives() -> None:
    found = Counter(map(as_found, check(sample()).results))
    assert found == reference_results(sample())


@pytest.mark.long
@pytest.mark.parametrize("start", [0, 1])
def test_damaged_data_give_what_the_reference_gives(start: int) -> None:
    quads = damaged(start)
    found = Counter(map(as_found, check(quads).results))
    assert len(found) > 300
    assert found == reference_results(quads)


@pytest.mark.parametrize("start", [0, 1])
def test_damaged_data_give_what_the_reference_gives_by_shacl_core(start: int) -> None:
    quads = damaged(start)
    found = Counter(map(as_found, check(quads).results))
    core = Counter({key: n for key, n in found.items() if SPARQL not in key})
    assert len(core) > 100
    assert core == reference_results(quads, sparql=False)


def test_damaged_data_give_the_same_where_queries_ask_a_store_of_several_graphs() -> None:
    quads = damaged(0)
    names = [graph("entities"), graph("concepts")]
    store = Store()
    store.extend(
        Quad(quad.subject, quad.predicate, quad.object, names[n % 2])
        for n, quad in enumerate(quads)
    )
    found = check(list(store), store=store)
    assert any(SPARQL in as_found(result) for result in found.results)
    assert found.results == check(quads).results


def test_the_graph_of_the_shapes_is_no_data() -> None:
    store = Store()
    store.extend(sample())
    before = validate(store)
    person = NamedNode(PREFIXES["foaf"] + "Person")
    type_ = NamedNode(PREFIXES["rdf"] + "type")
    store.add(Quad(thing("person", "x"), type_, person, graph("shapes")))
    assert validate(store).results == before.results
    store.add(Quad(thing("person", "x"), type_, person, graph("entities")))
    assert len(validate(store).results) > len(before.results)


def test_a_triple_in_two_graphs_counts_once() -> None:
    store = Store()
    store.extend(sample())
    before = validate(store)
    metadata = graph("metadata")
    store.extend(Quad(q.subject, q.predicate, q.object, metadata) for q in sample())
    assert validate(store).results == before.results


def test_only_violations_stop_a_release() -> None:
    assert report_of().conforms
    warned = report_of("more spent than budgeted")
    assert warned.counts["Warning"] > 0
    stopped = report_of("a figure without a unit")
    assert not stopped.conforms


def test_results_come_gravest_first() -> None:
    results = report_of("a flow on one day", "a figure without a unit").results
    severities = [result.severity for result in results]
    assert severities == sorted(severities)
    assert set(severities) == set(SEVERITIES)


def test_a_message_names_what_it_found() -> None:
    results = report_of("one stateless person too many for the total").results
    message = next(r.message for r in results if r.shape.value.endswith("#Total-exceeded"))
    assert "88420" in message
    assert "88419" in message


DAMAGES = (
    "a figure without a unit",
    "a fact without evidence",
    "more spent than budgeted",
    "evidence from another document",
    "evidence that no fact rests on",
)


def test_the_order_of_the_data_leaves_no_trace_in_the_report() -> None:
    store = Store()
    store.extend(Quad(*quad.triple) for quad in damaged(0))
    quads = sorted(store, key=str)
    one, other = check(quads), check(reversed(quads))
    assert one.to_turtle() == other.to_turtle()
    assert one.to_json() == other.to_json()
    assert one.to_text() == other.to_text()


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_report_is_the_same_in_another_process(tmp_path: Path, seed: str) -> None:
    data = tmp_path / "data.nq"
    store = mutated(*DAMAGES)
    store.dump(data, RdfFormat.N_QUADS)
    script = (
        "import sys\n"
        "from pyoxigraph import RdfFormat, parse\n"
        "from kzgraph.validation import check\n"
        "report = check(parse(path=sys.argv[1], format=RdfFormat.N_QUADS))\n"
        "sys.stdout.buffer.write(report.to_turtle())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, data],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    assert done.stdout == check(store).to_turtle()


def test_the_turtle_is_a_validation_report() -> None:
    report = report_of(*DAMAGES)
    parsed = rdflib.Graph().parse(data=report.to_turtle(), format="turtle")
    (node,) = parsed.subjects(RDF.type, SH.ValidationReport)
    assert str(parsed.value(node, SH.conforms)) == "false"
    results = set(parsed.objects(node, SH.result))
    assert len(results) == len(report.results)
    for result in results:
        assert isinstance(result, rdflib.URIRef)
        for predicate in (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.resultMessage):
            assert parsed.value(result, predicate) is not None


def test_a_path_of_several_steps_is_written_as_shacl_writes_it() -> None:
    report = report_of("evidence from another document")
    parsed = rdflib.Graph().parse(data=report.to_turtle(), format="turtle")
    query = """SELECT ?last { ?result sh:resultPath ?path . ?path rdf:rest/rdf:first ?last ;
               rdf:first/sh:alternativePath/rdf:first kzg:evidence }"""
    found = parsed.query(query, initNs={name: PREFIXES[name] for name in ("sh", "rdf", "kzg")})
    assert {str(row[0]) for row in found} == {PREFIXES["oa"] + "hasSource"}  # type: ignore[index]


def test_sh_conforms_is_true_where_nothing_at_all_was_found() -> None:
    assert b"sh:conforms true" in Report([]).to_turtle()


def test_the_json_says_the_same() -> None:
    report = report_of(*DAMAGES)
    found = json.loads(report.to_json())
    assert found["conforms"] is False
    assert found["counts"] == report.counts
    assert len(found["results"]) == len(report.results)
    unit = next(r for r in found["results"] if r["shape"].endswith("#Figure-unit"))
    assert unit["path"] == "kzg:unit"
    assert unit["value"] is None
    assert unit["focus"].endswith("/figure/global-focus-2018/people-of-concern-2018")


def test_the_text_tells_an_editor_what_to_do_and_where() -> None:
    text = report_of("a figure without a unit").to_text()
    assert text.startswith("Does not conform: ")
    assert "Violation: Say with one code of the scheme unit" in text
    assert "  at figure/global-focus-2018/people-of-concern-2018 kzg:unit\n" in text
    assert "  shape Figure-unit\n" in text


@pytest.mark.parametrize("extension", ["ttl", "nt", "nq", "trig", "jsonld", "rdf"])
def test_files_in_every_format_are_validated_alike(tmp_path: Path, extension: str) -> None:
    file = tmp_path / f"sample.{extension}"
    rdf_format = RdfFormat.from_extension(extension)
    assert rdf_format is not None
    triples = sorted({quad.triple for quad in sample()}, key=str)
    serialize(triples, output=file, format=rdf_format)
    assert check(data_of([file], ontology=True)).results == check(sample()).results


def test_files_are_taken_together(tmp_path: Path) -> None:
    triples = sorted({quad.triple for quad in sample()}, key=str)
    half = len(triples) // 2
    for name, part in (("a.nt", triples[:half]), ("b.nt", triples[half:])):
        serialize(part, output=tmp_path / name, format=RdfFormat.N_TRIPLES)
    both = data_of([tmp_path / "a.nt", tmp_path / "b.nt"], ontology=True)
    assert check(both).conforms
    assert not check(data_of([tmp_path / "a.nt"], ontology=True)).conforms


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("bad.ttl", "<http://a.example/a> a .\n", "bad.ttl:1:"),
        ("bad.nq", "<http://a.example/a>\n", "bad.nq:"),
        ("bad.csv", "a,b\n", "no RDF format"),
        ("missing.ttl", None, "missing.ttl: "),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, text: str | None, part: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(UnreadableFile) as error:
        data_of([tmp_path / name], ontology=False)
    assert part in str(error.value)


def test_two_figures_that_share_a_cell_are_reported_once() -> None:
    results = report_of("a second figure for one cell of people").results
    twins = [r for r in results if r.shape.value.endswith("#PopulationFigure-cell-once")]
    assert len(twins) == 1
    assert twins[0].focus != twins[0].value
    assert twins[0].path is None


def test_what_a_graph_in_a_file_refers_to_is_judged_with_its_own_batch(tmp_path: Path) -> None:
    """Not where only a part of the graph is in memory; and batches of any size say the same."""
    official = graph("invented-0123456789ab")
    cells, lines = [], []
    for number in range(6):
        cell, indicator = (
            thing("official", "invented", f"{name}-{number}") for name in ("cell", "indicator")
        )
        facts: list[tuple[NamedNode, NamedNode, Term]] = [
            (cell, TYPE, term("OfficialFigure")),
            (cell, SCHEMA["variableMeasured"], indicator),
        ]
        if number:  # The first one is described nowhere.
            facts.append((indicator, TYPE, SCHEMA["StatisticalVariable"]))
        quads = [Quad(*fact, official) for fact in facts]
        cells += quads[:2]
        lines += [f"{quad} .\n" for quad in quads]
    path = tmp_path / "graph.nq"
    path.write_text("".join(sorted(lines)), "utf-8")
    content, store = Content([]), Store()
    store.extend(cells)
    report = validate_content(content, store, cells, [path])
    found = [
        result for result in report.results if result.shape.value.endswith("#OfficialDescribed")
    ]
    assert [result.focus for result in found] == [thing("official", "invented", "indicator-0")]
    for size in (1, 3, 100):
        results = check_file(path, Data(()), project_shapes(), set(), batch=size)
        assert sorted(map(str, results)) == sorted(map(str, report.results))
