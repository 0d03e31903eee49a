"""The notebook runs in Jupyter, and the script in R, from the first line to a citation."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import nbformat
import pandas
import pytest
from nbclient import NotebookClient

import kzgraph
from engines import oxigraph_server
from front_client import FrontClient
from kzgraph.release import Release
from kzgraph.resources import folder
from running import Server, free_port
from server_fixtures import SERVE, UNHURRIED, environment_with

STATELESS = "https://w3id.org/kzgraph/id/figure/global-focus-2018/stateless-2018"
NOTEBOOKS = folder("docs") / "notebooks"


@pytest.fixture(scope="module")
def server(shipped_root: Path) -> Iterator[Server]:
    command = [*SERVE, str(shipped_root)]
    with Server(command, free_port(), env=environment_with(**UNHURRIED)) as started:
        yield started


@pytest.fixture(scope="module")
def notebook() -> Any:
    return nbformat.read(NOTEBOOKS / "kazakhstan.ipynb", as_version=4)


def test_the_notebook_is_kept_without_outputs(notebook: Any) -> None:
    """They would be those of one release, and change with each."""
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    text = nbformat.writes(notebook, indent=1, ensure_ascii=False).rstrip("\n") + "\n"
    assert text == (NOTEBOOKS / "kazakhstan.ipynb").read_text("utf-8")


def test_the_notebook_runs_in_jupyter(
    notebook: Any,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KZGRAPH_ENDPOINT", f"{server.url}/sparql")
    # Nothing of a user's own Jupyter is read or written.
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    made = nbformat.from_dict(notebook)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(made, timeout=120, kernel_name="python3", resources=resources).execute()
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    outputs = [each for cell in code for each in cell.outputs]
    shown = json.dumps(outputs, ensure_ascii=False)
    assert sum("image/png" in each.get("data", {}) for each in outputs) == 3
    # The figures, the concordance and the citations.
    for said in ("7690", "close to", "79942", "Another scope", "characters 2567-2652", "@misc{"):
        assert said in shown
    assert not [each for each in outputs if each.get("name") == "stderr"]


def test_the_script_runs_in_r(server: Server, tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is missing: apt install r-base-core")
    picture = tmp_path / "kazakhstan.pdf"
    env = {**os.environ, "KZGRAPH": server.url, "KZGRAPH_PICTURE": str(picture)}
    script = str(NOTEBOOKS / "kazakhstan.R")
    done = subprocess.run(
        ["Rscript", "--vanilla", script], env=env, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for said in ("7690", "close to", "79942", "Another scope", "characters 2567-2652", "@misc{"):
        assert said in done.stdout
    assert picture.read_bytes().startswith(b"%PDF")
    code = 'source(commandArgs(TRUE)[1]); kzgraph_table("figures", country = "Kazakstan")'
    refused = subprocess.run(
        ["Rscript", "--vanilla", "-e", code, script],
        env=env, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert refused.returncode != 0
    assert f"{server.url}/tables/figures.csv?country=Kazakstan" in refused.stderr


def test_frames_are_the_tables_of_the_same_server(server: Server) -> None:
    """Whichever way they are asked for: by the client as a query, or at the address of a table."""
    graph = kzgraph.endpoint(f"{server.url}/sparql")
    frame = graph.figures("Kazakhstan", "stateless persons", "2018-2024", lang="ru")
    address = f"{server.url}/tables/figures.csv?country=KAZ&group=STA&year=2018-2024&lang=ru"
    table = pandas.read_csv(address, dtype=frame.dtypes.to_dict())
    pandas.testing.assert_frame_equal(frame, table)
    assert len(frame) == 6
    assert graph.citations(frame)[0].startswith("Known stateless people")


def test_a_table_has_an_address_in_its_release(server: Server, shipped_root: Path) -> None:
    version = Release(shipped_root / "current").version
    here = f"/releases/{version}/tables/pledges"
    pinned = httpx.get(f"{server.url}{here}.csv?country=KAZ", trust_env=False)
    current = httpx.get(f"{server.url}/tables/pledges.csv?country=KAZ", trust_env=False)
    assert pinned.status_code == 200
    assert pinned.content == current.content
    assert f'<{here}.csv?country=KAZ&csvw=true>; rel="describedby"' in pinned.headers["Link"]
    page = httpx.get(f"{server.url}/releases/{version}/ru/tables/pledges", trust_env=False)
    assert f'href="{here}.csv?lang=ru"' in page.text


def test_any_endpoint_that_holds_the_graph_answers(
    server: Server, shipped_root: Path, tmp_path: Path
) -> None:
    """One of another make has neither the addresses nor the prefixes of ours."""
    here = kzgraph.endpoint(f"{server.url}/sparql")
    store = shipped_root / "current" / "store"
    with oxigraph_server(tmp_path, "--union-default-graph", store=store) as other:
        graph = kzgraph.endpoint(other.query)
        for name in ("figures", "official"):
            asked = {"country": "Қазақстан", "group": "STA", "year": "2018-2020"}
            frames = [each.table(name, **asked) for each in (graph, here)]
            pandas.testing.assert_frame_equal(*frames)
            assert len(frames[0]) > 2
        assert graph.citations(frames[0]["cell"][:0]) == []
        assert graph.citations(STATELESS) == here.citations(STATELESS)


def test_the_examples_of_the_page_do_what_it_says(server: Server, tmp_path: Path) -> None:
    text = (folder("docs") / "spreadsheets.md").read_text("utf-8")
    examples = re.findall(
        r"^```(sh|python|r)\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", text, re.MULTILINE | re.DOTALL
    )
    assert {language for language, _, _ in examples} == {"sh", "python", "r"}
    programs = {
        "sh": ["bash", "-ec"],
        "python": [sys.executable, "-c"],
        "r": ["Rscript", "--vanilla", "-e"],
    }
    for language, code, printed in examples:
        if language == "r" and shutil.which("Rscript") is None:
            continue  # `test_the_script_runs_in_r` says so.
        done = subprocess.run(
            [*programs[language], code.replace("http://127.0.0.1:8000", server.url)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert not printed or done.stdout == printed


def test_the_notebook_is_a_page_of_the_documentation(shipped_root: Path) -> None:
    client = FrontClient(shipped_root / "current")
    page = client.get("/docs/notebooks/kazakhstan").text
    assert '<h1 lang="en">Kazakhstan in a notebook</h1>' in page
    assert "graph.plot(" in page
    for name in ("kazakhstan.ipynb", "kazakhstan.R"):
        assert f'href="/docs/notebooks/{name}"' in page
        assert client.get(f"/docs/notebooks/{name}").data == (NOTEBOOKS / name).read_bytes()
    assert 'href="/docs/notebooks/kazakhstan"' in client.get("/docs/").text
