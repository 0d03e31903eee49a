"""The validator gives what the reference gives, and reports it alike in every run and form."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize
from rdflib.namespace import RDF, SH

from built_graph import built_quads
from kzgraph.iri import graph, term, thing
from kzgraph.prefixes import PREFIXES
from kzgraph.validation import Report, Severity, UnreadableFile, check, validate, validate_files
from kzgraph.validation.core import UnsupportedConstraint
from kzgraph.validation.data import Data
from kzgraph.validation.paths import UnsupportedPath
from kzgraph.validation.shapes import read
from mutations import mutations
from reference_validator import as_found, reference_results
from sample_graph import sample

XSD = PREFIXES["xsd"]

#: rdflib compares a time that is none by its letters, where SPARQL cannot compare it at all.
LEFT_OUT = {"a closing at 25 hours"}


def damaged(start: int) -> list[Quad]:
    """The sample with every second mutation, all at once."""
    store = Store()
    store.extend(Quad(*quad.triple) for quad in sample())
    for mutation in mutations()[start::2]:
        if mutation.name not in LEFT_OUT:
            mutation.apply(store)
    return list(store)


def report_of(*names: str) -> Report:
    """The report on the sample after some mutations."""
    store = Store()
    store.extend(sample())
    by_name = {mutation.name: mutation for mutation in mutations()}
    flat = Store()
    flat.extend(Quad(*quad.triple) for quad in store)
    for name in names:
        by_name[name].apply(flat)
    return check(flat)


def test_the_published_graph_has_no_violation_and_no_warning() -> None:
    report = check(built_quads())
    assert report.conforms, report.to_text()
    assert report.counts["Warning"] == 0, report.to_text()


def test_the_sample_gives_what_the_reference_gives() -> None:
    found = {as_found(result) for result in check(sample()).results}
    assert found == reference_results(sample())


@pytest.mark.parametrize("start", [0, 1])
def test_damaged_data_give_what_the_reference_gives(start: int) -> None:
    quads = damaged(start)
    found = {as_found(result) for result in check(quads).results}
    assert len(found) > 300
    assert found == reference_results(quads)


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
    assert set(severities) == set(Severity)


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
def test_the_report_is_the_same_in_another_process(seed: str) -> None:
    script = (
        "import sys\n"
        "from test_validation import DAMAGES, report_of\n"
        "sys.stdout.buffer.write(report_of(*DAMAGES).to_turtle())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=Path(__file__).parent,
        capture_output=True,
        check=True,
    )
    assert done.stdout == report_of(*DAMAGES).to_turtle()


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
    assert validate_files([file]).results == check(sample()).results


def test_files_are_taken_together(tmp_path: Path) -> None:
    triples = sorted({quad.triple for quad in sample()}, key=str)
    half = len(triples) // 2
    for name, part in (("a.nt", triples[:half]), ("b.nt", triples[half:])):
        serialize(part, output=tmp_path / name, format=RdfFormat.N_TRIPLES)
    assert validate_files([tmp_path / "a.nt", tmp_path / "b.nt"]).conforms
    assert not validate_files([tmp_path / "a.nt"]).conforms


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
        validate_files([tmp_path / name])
    assert part in str(error.value)


PREAMBLE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <http://e.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def graph_of(turtle: str) -> Data:
    return Data(parse(PREAMBLE + turtle, format=RdfFormat.TURTLE))


def found(shape: str, data: str) -> list[str | None]:
    """The values that a shape for the class e:C reports, or None where it names none."""
    shapes = read(graph_of(f"e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property e:P . {shape}"))
    results = [r for s in shapes for r in s.results(graph_of(data)) if s.targets]
    texts = [r.value.value if isinstance(r.value, NamedNode | Literal) else None for r in results]
    return sorted(texts, key=str)


P = "e:P a sh:PropertyShape ; sh:path e:p ; "


def test_an_instance_of_a_subclass_is_a_focus_node() -> None:
    data = "e:D rdfs:subClassOf [ rdfs:subClassOf e:C ] . e:x a e:D ; e:p 1 ."
    assert found(P + "sh:maxCount 0 .", data) == [None]


def test_a_pattern_that_ends_does_not_let_a_line_feed_by() -> None:
    assert found(P + 'sh:pattern "^a$" .', r'e:x a e:C ; e:p "a" , "a\n" , "ab" .') == ["a\n", "ab"]


def test_a_literal_is_of_its_datatype_only_if_its_text_is() -> None:
    data = 'e:x a e:C ; e:p 1 , "one"^^xsd:integer , "1" , 1.0 , <http://e.example/1> .'
    assert found(P + "sh:datatype xsd:integer .", data) == ["1", "1.0", "http://e.example/1", "one"]


def test_a_language_covers_its_regions() -> None:
    data = 'e:x a e:C ; e:p "a"@en , "b"@en-GB , "c"@ru , "d" .'
    assert found(P + 'sh:languageIn ( "en" ) .', data) == ["c", "d"]


def test_two_labels_in_one_language_are_one_finding() -> None:
    data = 'e:x a e:C ; e:p "a"@en , "b"@en , "c"@en , "d"@ru .'
    assert found(P + "sh:uniqueLang true .", data) == [None]


@pytest.mark.parametrize(
    ("left", "right", "violates"),
    [
        ("1", "2", False),
        ("2", "2", True),
        ("2", "2.5", False),
        ("10", "9", True),
        ('"2018-01-01"^^xsd:date', '"2018-01-02"^^xsd:date', False),
        ('"09:00:00"^^xsd:time', '"18:00:00"^^xsd:time', False),
        ('"2018-01-01"^^xsd:date', "2019", True),
        ('"x"^^xsd:integer', "2", True),
    ],
)
def test_less_than_compares_values_and_nothing_that_cannot_be_compared(
    left: str, right: str, violates: bool
) -> None:
    data = f"e:x a e:C ; e:p {left} ; e:q {right} ."
    assert bool(found(P + "sh:lessThan e:q .", data)) is violates


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("e:p", ["y"]),
        ("( e:p e:q )", ["z"]),
        ("[ sh:inversePath e:r ]", ["w"]),
        ("[ sh:alternativePath ( e:p e:s ) ]", ["v", "y"]),
        ("[ sh:inversePath ( e:t e:r ) ]", ["u"]),
        ("[ sh:inversePath [ sh:alternativePath ( e:r e:none ) ] ]", ["w"]),
        ("( [ sh:inversePath e:r ] [ sh:inversePath e:t ] )", ["u"]),
    ],
)
def test_a_path_leads_where_shacl_says(path: str, values: list[str]) -> None:
    data = "e:x a e:C ; e:p e:y ; e:s e:v . e:y e:q e:z . e:w e:r e:x . e:u e:t e:w ."
    shape = f"e:P a sh:PropertyShape ; sh:path {path} ; sh:in ( e:nothing ) ."
    assert found(shape, data) == [f"http://e.example/{value}" for value in values]


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (P + "sh:qualifiedMinCount 1 .", "qualifiedMinCount"),
        ("e:S sh:closed true . " + P + "sh:minCount 1 .", "closed"),
        (P + 'sh:flags "i" ; sh:pattern "a" .', "flags"),
        (P + "sh:minCount 1 . e:S sh:property [ sh:path e:q ] .", "an IRI"),
        (
            P + "sh:or ( e:Q ) . e:Q a sh:NodeShape ; sh:sparql e:R . e:R sh:message 'm' ; "
            "sh:select 'SELECT $this { $this e:p 1 }' .",
            "cannot be used",
        ),
        (
            "e:P a sh:PropertyShape ; sh:path e:p . e:S sh:sparql e:R . e:R sh:message 'm' ; "
            "sh:select 'SELECT $this { VALUES $this { 1 } }' .",
            "VALUES",
        ),
    ],
)
def test_what_the_engine_does_not_know_is_refused_and_not_skipped(shape: str, message: str) -> None:
    with pytest.raises(UnsupportedConstraint, match=message):
        found(shape, "e:x a e:C .")


def test_a_path_that_repeats_is_refused() -> None:
    with pytest.raises(UnsupportedPath):
        found("e:P a sh:PropertyShape ; sh:path [ sh:zeroOrMorePath e:p ] .", "e:x a e:C .")


def test_a_figure_that_shares_its_cell_is_reported_from_both_sides() -> None:
    results = report_of("a second figure for one cell of people").results
    twins = [r for r in results if r.shape.value.endswith("#PopulationFigure-cell-once")]
    assert {r.focus for r in twins} == {r.value for r in twins}
    assert len(twins) == 2
    assert all(r.path is None for r in twins)
    assert term("value") not in {r.focus for r in twins}
