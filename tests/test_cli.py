"""The command line as a user has it: a process, its two streams, and its exit code."""

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from commands import KZGRAPH, edit, run
from fixed_tables import fixed_tables
from kzgraph.cli import COMMANDS
from kzgraph.release import current
from processes import PATIENCE, family_ticks, has_open, until
from running import INTERRUPTIBLE, Server, free_port
from small_tables import DOCUMENT, small, write

#: Nothing stops this one but the end of its process.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

STATELESS = "global-focus-2018/population.csv"
POPULATION = f"{DOCUMENT}/population.csv"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small tables that a test may read."""
    return write(tmp_path_factory.mktemp("small") / "tables", small())


def test_help_lists_the_commands_without_loading_what_they_need() -> None:
    script = (
        "import sys; from kzgraph.cli import main; main(['--help']); "
        "print({'pyoxigraph', 'rdflib', 'flask', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert done.stdout.endswith("set()\n"), done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_examples(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"Examples:\n    kzgraph {command}" in done.stdout


def test_the_version_is_printed() -> None:
    assert re.fullmatch(r"kzgraph, version \d+\.\d+\.\d+\n", run("--version").stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("publicise",),
        ("build", "--aloud"),
        ("build", "--tables", "no/such/folder"),
        ("validate", "no-such-file.ttl"),
        ("verify",),
        ("verify", "--documents", "no/such/folder"),
        ("serve", "--port", "eighty"),
        ("serve", "--port", "70000"),
        ("query",),
        ("query", "no-such-file.rq"),
        ("query", "ASK { ?s ?p ?o }", "--format", "pdf"),
        ("query", "ASK { ?s ?p ?o }", "--endpoint", "localhost:8000"),
        ("query", "ASK { ?s ?p ?o }", "--timeout", "0"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_so_on_standard_error(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr


def test_build_writes_a_release_and_says_which(tables: Path, tmp_path: Path) -> None:
    done = run("build", "--tables", tables, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    release = current(tmp_path)
    assert release is not None
    assert f"Release {release.version} in {release.path}" in done.stdout
    assert re.search(rf"^{DOCUMENT} +\d+$", done.stdout, re.MULTILINE)


def test_the_folder_of_releases_can_be_set_by_its_variable(release_root: Path) -> None:
    done = run("query", "ASK { ?s ?p ?o }", KZGRAPH_RELEASES=str(release_root))
    assert done.stdout == "true\n"


def test_build_refuses_faulty_tables_with_a_line_for_each_fault(tmp_path: Path) -> None:
    tables = write(tmp_path / "tables", small())
    edit(tables / POPULATION, ",30,,,exact,", ",many,,,exact,")
    edit(tables / POPULATION, ",150,,,exact,", ",150,,,sort of,")
    done = run("build", "--tables", tables, "--out", tmp_path / "releases")
    assert done.returncode == 1
    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert re.match(rf"{POPULATION}:2:bound: .*sort of.*; ", first), first
    assert re.match(rf"{POPULATION}:4:value: .*many.*; ", second), second
    assert current(tmp_path / "releases") is None


def test_build_refuses_a_graph_that_breaks_its_shapes_and_keeps_the_release_before(
    tmp_path: Path,
) -> None:
    tables = write(tmp_path / "tables", small())
    arguments = ("build", "--tables", str(tables), "--out", str(tmp_path / "releases"))
    assert run(*arguments).returncode == 0
    before = current(tmp_path / "releases")
    edit(tables / POPULATION, ",150,,,exact,", ",149,,,exact,")
    done = run(*arguments)
    assert done.returncode == 1
    assert f"figure/{DOCUMENT}/all" in done.stderr
    assert "nothing was published" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    after = current(tmp_path / "releases")
    assert before is not None
    assert after is not None
    assert after.path == before.path


def test_validate_says_that_the_tables_as_shipped_conform() -> None:
    done = run("validate")
    assert done.returncode == 0, done.stderr
    assert "The graph conforms." in done.stdout
    assert "Violation: 0" in done.stdout


def test_validate_writes_nothing_but_json_where_json_is_asked_for(tables: Path) -> None:
    done = run("validate", "--tables", tables, "--format", "json")
    assert done.stderr == ""
    assert json.loads(done.stdout)["conforms"] is True


def test_validate_gives_the_report_as_turtle(tables: Path) -> None:
    done = run("validate", "--tables", tables, "--format", "turtle")
    report = Store()
    report.extend(parse(done.stdout, RdfFormat.TURTLE))
    assert report.query("ASK { ?r a <http://www.w3.org/ns/shacl#ValidationReport> }")


def test_validate_finds_the_violation_in_a_file(tmp_path: Path, release_root: Path) -> None:
    release = current(release_root)
    assert release is not None
    dump = (release.dumps / "kzgraph.nq").read_text("utf-8")
    whole, broken = tmp_path / "whole.nq", tmp_path / "broken.nq"
    whole.write_text(dump, "utf-8")
    stated = [line for line in dump.splitlines() if "/stateless-2018> " in line]
    value = next(line for line in stated if "ontology#value>" in line)
    broken.write_text(dump.replace(value + "\n", ""), "utf-8")
    assert run("validate", whole).returncode == 0
    done = run("validate", broken)
    assert done.returncode == 1
    assert "Violation" in done.stdout
    assert "stateless-2018" in done.stdout


def test_validate_says_where_a_file_is_no_rdf(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b>\n  .\n")
    done = run("validate", "bad.ttl", cwd=tmp_path)
    assert done.returncode == 1
    assert re.fullmatch(r"Error: bad\.ttl:2:\d+: .*\n", done.stderr)


def test_validate_says_which_file_has_no_name_of_rdf(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("<urn:a> <urn:b> <urn:c> .\n")
    done = run("validate", "README", cwd=tmp_path)
    assert done.returncode == 1
    assert re.fullmatch(r"Error: README: .*\.ttl.*\n", done.stderr)


def test_verify_covers_the_documents(documents: Path, tmp_path: Path) -> None:
    tables = fixed_tables(tmp_path)
    done = run("verify", "--documents", documents, "--tables", tables, "--format", "json")
    assert done.returncode == 0, done.stdout
    reports = json.loads(done.stdout)
    assert [report["document"] for report in reports] == [
        "fact-sheet-2024",
        "global-focus-2018",
        "overview",
    ]
    for report in reports:
        assert report["faults"] == report["uncoveredNumbers"] == []
        assert len(report["uncoveredWords"]) <= 0.05 * report["words"]


def test_verify_finds_a_number_that_does_not_stand_in_its_span(
    documents: Path, tmp_path: Path
) -> None:
    tables = fixed_tables(tmp_path)
    edit(tables / STATELESS, ",87632,", ",87633,")
    done = run("verify", "--documents", documents, "--tables", tables)
    assert done.returncode == 1
    assert re.match(rf"{STATELESS}:8:value: ", done.stderr)
    assert re.search(r"^global-focus-2018 .* no$", done.stdout, re.MULTILINE)


def test_verify_says_which_document_is_missing(tmp_path: Path) -> None:
    tables = fixed_tables(tmp_path)
    done = run("verify", "--documents", tmp_path, "--tables", tables)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 3
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_a_query_that_nothing_else_would(release_root: Path) -> None:
    command = [*INTERRUPTIBLE, *KZGRAPH, "query", RUNAWAY, "--releases", str(release_root)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    until(lambda: has_open(process.pid, release_root), "the release was not opened")
    used = family_ticks(process.pid)
    until(lambda: family_ticks(process.pid) > used + 20, "the query does not run")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert said == "interrupted\n"
    assert process.returncode == 130


def test_a_reader_that_has_seen_enough_ends_a_command_quietly(release_root: Path) -> None:
    query = "SELECT * { ?s ?p ?o }"
    command = [*KZGRAPH, "query", query, "--format", "csv", "--releases", str(release_root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "s,p,o\n"
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("signal_sent", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_well_when_it_is_told_to(
    release_root: Path, signal_sent: signal.Signals
) -> None:
    command = [*INTERRUPTIBLE, *KZGRAPH, "serve", "--releases", str(release_root)]
    with Server(command, free_port()) as server:
        server.process.send_signal(signal_sent)
        assert server.process.wait(PATIENCE) == 0
    assert "Traceback" not in server.said


def test_serve_says_that_its_port_is_taken(release_root: Path) -> None:
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = run("serve", "--releases", release_root, "--port", str(port))
    assert done.returncode == 1
    assert re.fullmatch(rf"Error: .*\b{port}\b.* in use .*\n", done.stderr)


def test_serve_refuses_a_setting_that_is_none(release_root: Path) -> None:
    done = run("serve", "--releases", release_root, KZGRAPH_WORKERS="many")
    assert done.returncode == 2
    assert "KZGRAPH_WORKERS" in done.stderr
    assert "Traceback" not in done.stderr
