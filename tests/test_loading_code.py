"""The code on the page of downloads reads the files of a release, in the tools it is for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, QuerySolutions

from front_client import FrontClient
from kzgraph.iri import GRAPH
from kzgraph.prefixes import PREFIXES
from kzgraph.release import Release
from kzgraph.release.concordance_table import COLUMNS, TABLE
from kzgraph.release.dumps import File
from kzgraph_server.pages.loading_code import Loading, list_loading

#: A document with pledges.
DOCUMENT = "fact-sheet-2024"
#: The tools that tests have; the others are Java, R and DuckDB.
TOOLS = ("rdflib", "pyoxigraph", "Oxigraph")


def loading(release_root: Path) -> list[Loading]:
    release = Release(release_root / "current")
    files = {each.name: each for each in release.files.values() if each.is_dump}
    return list_loading(files)


def test_every_file_that_a_tool_reads_is_there_and_named(release_root: Path) -> None:
    found = loading(release_root)
    assert {each.file for each in found} == {"kzgraph.ttl", "kzgraph.nq"}
    assert all(each.file in each.code and "FILE" not in each.code for each in found)
    page = FrontClient(release_root / "current").get("/dumps/").text
    assert all(f"<summary>{each.tool}: <code>{each.file}</code>" in page for each in found)


def test_nothing_is_read_that_a_release_does_not_have() -> None:
    assert list_loading({}) == []


@pytest.mark.parametrize("tool", TOOLS)
def test_the_code_reads_the_files(tool: str, release_root: Path, tmp_path: Path) -> None:
    release = Release(release_root / "current")
    # rdflib takes seconds for all graphs: it reads that of one document in their place.
    one = tool == "rdflib"
    for each in (each for each in loading(release_root) if each.tool == tool):
        path = release.dumps / each.file
        if one:
            suffix = {".nq": ".nt"}.get(path.suffix, path.suffix)
            path = release.dumps / "graphs" / f"{DOCUMENT}{suffix}"
        (tmp_path / each.file).symlink_to(path)
        pattern = "?s a kzg:Pledge" if each.file == "kzgraph.nq" else "?s ?p ?o"
        assert run(each, tmp_path).split()[-1] == str(count(release, one, pattern))


def test_pandas_reads_the_table(tmp_path: Path) -> None:
    header = ",".join(column.name for column in COLUMNS)
    row = ",".join("not-found" if column.name == "explanation" else "" for column in COLUMNS)
    (tmp_path / TABLE).write_text(f"{header}\n{row}\n{row}\n", "utf-8")
    found = list_loading({TABLE: File(f"dumps/{TABLE}", "text/csv", 0, "")})
    assert [each.tool for each in found] == ["pandas", "R", "DuckDB"]
    assert run(found[0], tmp_path).splitlines()[1].split() == ["not-found", "2"]


def run(each: Loading, folder: Path) -> str:
    """What the code prints in a folder that has the file."""
    program = ["bash", "-ec"] if each.tool == "Oxigraph" else [sys.executable, "-c"]
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [*program, each.code],
        cwd=folder,
        env={**os.environ, "PATH": paths},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def count(release: Release, one: bool, pattern: str) -> int:
    """How many solutions a pattern has in all current graphs, or in that of the one document."""
    where = f"GRAPH <{GRAPH}{DOCUMENT}> {{ {pattern} }}" if one else pattern
    query = f"SELECT (COUNT(*) AS ?n) {{ {where} }}"
    found = release.store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=not one)
    assert isinstance(found, QuerySolutions)
    (row,) = found
    value = row["n"]
    assert isinstance(value, Literal)
    assert int(value.value) > 0
    return int(value.value)
