"""`kzgraph query`: where the query comes from, who is asked, and how the answer is written."""

import csv
import io
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import KZGRAPH, run
from kzgraph.cli.asking import answer as local_answer
from kzgraph.problem import Problem
from processes import children, has_open, is_alive, until
from running import Server, free_port

VALUES = """
SELECT ?label ?value {
  ?figure kzg:year 2018 ; kzg:populationGroup/skos:notation "STA" ;
    kzg:status/skos:notation "actual" ; kzg:quantity/skos:notation "stock" ;
    rdfs:label ?label ; kzg:value ?value
  FILTER(LANG(?label) = "en")
} ORDER BY ?value"""

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

ROWS = [
    ["Stateless persons on government records, Kazakhstan, end of 2018", "7690"],
    ["Stateless persons, Kazakhstan Regional Office, 2018", "87632"],
]


@pytest.fixture(scope="module")
def endpoint(release_root: Path) -> Iterator[str]:
    command = [*KZGRAPH, "serve", "--releases", str(release_root)]
    with Server(command, free_port()) as server:
        yield server.url + "/sparql"


@pytest.fixture(params=["local", "endpoint"])
def source(request: pytest.FixtureRequest, release_root: Path) -> tuple[str, str]:
    """The options that say who is asked: each test runs against both."""
    if request.param == "local":
        return "--releases", str(release_root)
    return "--endpoint", request.getfixturevalue("endpoint")


def test_a_table_has_a_row_for_each_solution(source: tuple[str, str]) -> None:
    done = run("query", VALUES, *source)
    header, *lines = done.stdout.splitlines()
    assert header.split() == ["label", "value"]
    assert [line.rsplit(None, 1) for line in lines] == ROWS
    assert done.stderr == "2 rows\n"


def test_a_query_that_finds_nothing_is_told_why(source: tuple[str, str]) -> None:
    done = run("query", "SELECT ?f { ?f kzg:year '2018' }", *source, "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "f\n")
    assert done.stderr == "kzg:year never has the value '2018', but it has 2018.\n"
    done = run("query", "SELECT (SUM(?f) AS ?n) { ?f kzg:year '2018' }", *source, "--format", "csv")
    assert done.stdout == "n\n0\n"
    assert done.stderr == "kzg:year never has the value '2018', but it has 2018.\n"


def test_csv_is_as_its_specification_has_it(source: tuple[str, str]) -> None:
    done = run("query", VALUES, "--format", "csv", *source)
    assert list(csv.reader(io.StringIO(done.stdout))) == [["label", "value"], *ROWS]
    assert done.stderr == ""


def test_json_is_as_its_specification_has_it(source: tuple[str, str]) -> None:
    done = run("query", VALUES, "--format", "json", *source)
    result = json.loads(done.stdout)
    assert result["head"] == {"vars": ["label", "value"]}
    assert result["results"]["bindings"][0] == {
        "label": {"type": "literal", "value": ROWS[0][0], "xml:lang": "en"},
        "value": {
            "type": "literal",
            "value": "7690",
            "datatype": "http://www.w3.org/2001/XMLSchema#integer",
        },
    }
    assert done.stderr == ""


def test_a_variable_without_a_value_is_an_empty_cell(source: tuple[str, str]) -> None:
    query = 'SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (1 UNDEF "x, y") } }'
    assert run("query", query, "--format", "csv", *source).stdout == 'a,b,c\n1,,"x, y"\n'
    bindings = json.loads(run("query", query, "--format", "json", *source).stdout)["results"]
    assert set(bindings["bindings"][0]) == {"a", "c"}


def test_ask_is_answered_true_or_false(source: tuple[str, str]) -> None:
    query = "ASK { ?s kzg:value 87632 }"
    assert run("query", query, *source).stdout == "true\n"
    assert json.loads(run("query", query, "--format", "json", *source).stdout)["boolean"] is True
    assert run("query", "ASK { ?s kzg:value -1 }", *source).stdout == "false\n"


def test_triples_are_three_columns_or_json_ld(source: tuple[str, str]) -> None:
    query = "CONSTRUCT { ?d dcterms:title ?t } { ?d a foaf:Document ; dcterms:title ?t }"
    rows = list(csv.reader(io.StringIO(run("query", query, "--format", "csv", *source).stdout)))
    assert rows[0] == ["subject", "predicate", "object"]
    assert len(rows) == 4
    document = json.loads(run("query", query, "--format", "json", *source).stdout)
    assert len(document["@graph"]) == 3
    assert all("title" in node for node in document["@graph"])
    assert "dcterms:title" in run("query", query, *source).stdout


def test_a_fault_in_the_query_is_one_line_with_its_place(source: tuple[str, str]) -> None:
    done = run("query", "SELECT * {\n  ?s ?p\n}", *source)
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"Error: Syntax error \(line 3, column \d, near '}'\)\.\n", done.stderr)


def test_a_query_can_stand_in_a_file_or_come_by_standard_input(
    tmp_path: Path, release_root: Path
) -> None:
    (tmp_path / "values.rq").write_text(VALUES, "utf-8")
    options = ("--format", "csv", "--releases", str(release_root))
    given = run("query", VALUES, *options).stdout
    assert run("query", "values.rq", *options, cwd=tmp_path).stdout == given
    assert run("query", "-", *options, stdin=VALUES).stdout == given
    (tmp_path / "latin.rq").write_bytes("ASK { ?s ?p 'é' }".encode("latin-1"))
    done = run("query", "latin.rq", *options, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "Error: latin.rq: not UTF-8\n")


def test_the_default_graph_is_the_union_unless_the_query_has_from(release_root: Path) -> None:
    graph = "https://w3id.org/kzgraph/graph/fact-sheet-2024"
    options = ("--format", "csv", "--releases", str(release_root))

    def count(clause: str) -> int:
        query = f"SELECT (COUNT(*) AS ?n) {clause} {{ ?figure a kzg:PopulationFigure }}"
        return int(run("query", query, *options).stdout.split()[1])

    everywhere, there = count(""), count(f"FROM <{graph}>")
    assert 0 < there < everywhere


def test_a_prefix_that_the_query_declares_wins_over_the_predeclared_one(
    source: tuple[str, str],
) -> None:
    query = "PREFIX kzg: <urn:other:> SELECT (STR(kzg:value) AS ?iri) {}"
    assert run("query", query, "--format", "csv", *source).stdout == "iri\nurn:other:value\n"


def test_columns_of_a_star_come_in_the_order_of_the_query(release_root: Path) -> None:
    query = "SELECT * { ?z a kzg:Pledge ; rdfs:label ?a } LIMIT 1"
    done = run("query", query, "--format", "csv", "--releases", release_root)
    assert done.stdout.startswith("z,a\n")


def test_service_is_refused_on_the_local_release(release_root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)
        address = f"http://127.0.0.1:{other.getsockname()[1]}/sparql"
        query = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
        done = run("query", query, "--releases", release_root)
        with pytest.raises(BlockingIOError):
            other.accept()
    assert done.returncode == 1
    assert "SERVICE" in done.stderr


def test_a_query_past_its_time_is_given_up(release_root: Path) -> None:
    done = run("query", RUNAWAY, "--releases", release_root, "--timeout", "1")
    assert done.returncode == 1
    assert done.stderr == "Error: no answer within 1 s; give it longer with --timeout\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_the_evaluation_ends_with_the_command_however_that_ends(release_root: Path) -> None:
    command = [sys.executable, "-m", "kzgraph", "query", RUNAWAY, "--releases", str(release_root)]
    asking = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: bool(children(asking.pid)), "no evaluation begins")
        (evaluation,) = children(asking.pid)
        until(lambda: has_open(evaluation, release_root), "the store is not opened")
    finally:
        asking.kill()
        asking.wait()
    until(lambda: not is_alive(evaluation), "the evaluation goes on")


def test_an_endpoint_that_is_not_there_is_one_line() -> None:
    done = run("query", "ASK { ?s ?p ?o }", "--endpoint", f"http://127.0.0.1:{free_port()}/sparql")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: http://127.0.0.1:")
    assert done.stderr.count("\n") == 1


def test_an_endpoint_that_gives_no_sparql_is_one_line(endpoint: str) -> None:
    done = run("query", "ASK { ?s ?p ?o }", "--endpoint", endpoint.replace("/sparql", "/health"))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: http://127.0.0.1:")
    assert done.stderr.count("\n") == 1


def test_an_endpoint_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/sparql"
        done = run("query", "ASK { ?s ?p ?o }", "--endpoint", address, "--timeout", "1")
    assert done.returncode == 1
    assert done.stderr == (f"Error: {address} was silent for 1 s; give it longer with --timeout\n")


def test_a_byte_order_mark_is_no_part_of_a_query(release_root: Path, tmp_path: Path) -> None:
    query = "\ufeffSELECT (1 AS ?x) {}"
    file = tmp_path / "query.rq"
    file.write_text(query, "utf-8")
    for given in (query, str(file)):
        done = run("query", given, "--format", "csv", "--releases", str(release_root))
        assert done.stdout.split() == ["x", "1"]


def test_terms_of_all_kinds_are_sorted(release_root: Path) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?o LIMIT 3"
    done = run("query", query, "--format", "csv", "--releases", str(release_root))
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 4


def test_a_store_that_dies_is_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aborting = tmp_path / "python"
    aborting.write_text("#!/bin/sh\necho a long story >&2\nkill -ABRT $$\n")
    aborting.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(aborting))
    with pytest.raises(Problem, match="the store cannot answer this query: a long story"):
        local_answer(tmp_path, "ASK {}")
