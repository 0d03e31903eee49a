"""`kzgraph validate` with shapes of the user's own, and with another engine."""

import json
import os
from pathlib import Path

import pytest

from commands import run
from fixed_tables import fixed_tables
from kzgraph.cli import main

AS_JSON = ("--format", "json")

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <http://e.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://e.example/> sh:declare [ sh:prefix "ex" ; sh:namespace "http://e.example/"^^xsd:anyURI ] .
[] sh:targetClass e:Person ;
    sh:property [ sh:path e:name ; sh:minCount 1 ; sh:severity e:Grave ] ;
    sh:sparql [ sh:prefixes <http://e.example/> ; sh:message "{?value} is too old"@en ;
        sh:select "SELECT $this ?value { $this ex:age ?value FILTER(?value > 120) }" ] .
"""
DATA = """
@prefix e: <http://e.example/> .
e:a a e:Person ; e:name "A" ; e:age 30 .
e:b a e:Person ; e:age 130 .
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "shapes.ttl").write_text(SHAPES, "utf-8")
    (tmp_path / "data.ttl").write_text(DATA, "utf-8")
    return tmp_path


@pytest.mark.parametrize("engine", ["kzgraph", "pyshacl"])
def test_shapes_of_ones_own_are_used_alone_by_either_engine(files: Path, engine: str) -> None:
    done = run(
        *("validate", "data.ttl", "--shapes", "shapes.ttl", "--engine", engine, "--format", "json"),
        cwd=files,
    )
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["counts"]["Violation"] == 1
    assert report["counts"]["http://e.example/Grave"] == 1
    assert {result["focus"] for result in report["results"]} == {"http://e.example/b"}
    assert "130 is too old" in {result["message"] for result in report["results"]}


def test_files_of_shapes_are_taken_together(files: Path) -> None:
    more = "@prefix sh: <http://www.w3.org/ns/shacl#> . [] sh:targetNode 1 ; sh:class <urn:x> ."
    (files / "more.ttl").write_text(more, "utf-8")
    two = ("--shapes", "shapes.ttl", "--shapes", "more.ttl")
    done = run("validate", "data.ttl", *two, "--format", "json", cwd=files)
    assert len(json.loads(done.stdout)["results"]) == 3


def test_the_report_is_the_same_each_time(files: Path) -> None:
    asked = ("validate", "data.ttl", "--shapes", "shapes.ttl", "--format", "turtle")
    one, other = (run(*asked, cwd=files, PYTHONHASHSEED=seed) for seed in "12")
    assert one.stdout == other.stdout
    assert "sh:ValidationReport" in one.stdout


def test_shapes_of_ones_own_see_what_a_build_would_publish(files: Path, tmp_path: Path) -> None:
    (files / "mine.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix kzg: <https://w3id.org/kzgraph/ontology#> .
        kzg:Pledge a <http://www.w3.org/2000/01/rdf-schema#Class> , sh:NodeShape ;
            sh:property [ sh:path kzg:value ; sh:minCount 1 ] .""",
        "utf-8",
    )
    tables = fixed_tables(tmp_path / "tables")
    done = run("validate", "--tables", tables, "--shapes", "mine.ttl", cwd=files)
    assert done.returncode == 1
    assert "sh:minCount 1 is not met." in done.stdout


@pytest.mark.parametrize("engine", ["kzgraph", "pyshacl"])
@pytest.mark.parametrize(
    ("shapes", "part"),
    [
        ("e:S a sh:NodeShape ; sh:targetNode e:x ; sh:node e:S .", "recursive"),
        ("e:S a sh:NodeShape ; sh:targetNode e:x ; sh:minCount 1 .", ""),
        ("e:S a sh:PropertyShape ; sh:targetNode e:x ; sh:path [ ] .", "path"),
        ("e:S sh:targetNode e:x ; sh:sparql [ sh:select 'SELECT' ] .", ""),
    ],
)
def test_shapes_that_cannot_be_used_end_in_a_line_or_a_report(
    files: Path, engine: str, shapes: str, part: str
) -> None:
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e.example/> . "
    (files / "bad.ttl").write_text(head + shapes, "utf-8")
    done = run("validate", "data.ttl", "--shapes", "bad.ttl", "--engine", engine, cwd=files)
    assert "Traceback" not in done.stderr, done.stderr
    if engine == "kzgraph":
        assert done.returncode == 1
        assert done.stderr.startswith("Error: ")
        assert len(done.stderr.splitlines()) == 1
        assert part in done.stderr


@pytest.mark.parametrize("engine", ["kzgraph", "pyshacl"])
def test_a_file_without_shapes_does_not_let_everything_pass(files: Path, engine: str) -> None:
    done = run("validate", "data.ttl", "--shapes", "data.ttl", "--engine", engine, cwd=files)
    assert done.returncode == 1
    assert done.stderr == "Error: data.ttl: there are no shapes, so nothing is checked\n"


def test_a_pipe_is_refused_and_not_waited_for(files: Path) -> None:
    os.mkfifo(files / "pipe.ttl")
    for given in (("pipe.ttl",), ("data.ttl", "--shapes", "pipe.ttl")):
        done = run("validate", *given, cwd=files)
        assert done.returncode == 1
        assert done.stderr == "Error: pipe.ttl: it is not a regular file\n"


def test_ill_formed_literals_leave_no_log_of_a_library(files: Path) -> None:
    text = '@prefix e: <http://e.example/> . e:a a e:Person ; e:name "x"^^<{}>, "y"^^<{}> .'
    xsd = "http://www.w3.org/2001/XMLSchema#"
    (files / "ill.ttl").write_text(text.format(f"{xsd}integer", f"{xsd}boolean"), "utf-8")
    done = run("validate", "ill.ttl", "--shapes", "shapes.ttl", "--engine", "pyshacl", cwd=files)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_of_shapes_that_is_not_rdf_is_named(files: Path) -> None:
    (files / "bad.ttl").write_text("a a", "utf-8")
    done = run("validate", "data.ttl", "--shapes", "bad.ttl", cwd=files)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: bad.ttl:1:")


@pytest.mark.long
def test_both_engines_say_the_same_of_what_a_build_would_publish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = fixed_tables(tmp_path / "tables")

    def results(engine: str) -> list[tuple[str, ...]]:
        # In this process: on a busy machine pySHACL takes longer than a command may in tests.
        assert main(["validate", "--tables", str(tables), "--engine", engine, *AS_JSON]) == 0
        names = ("severity", "shape", "component", "focus", "path", "value")
        found = json.loads(capsys.readouterr().out)["results"]
        return sorted(tuple(str(result[name]) for name in names) for result in found)

    assert results("kzgraph") == results("pyshacl")
