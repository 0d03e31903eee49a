"""The tutorial of docs/adding-a-document.md works, cell by cell and command by command."""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from small_tables import Cells
from tutorial import PAGE, draft_rows, steps, type_cells

ROOT = Path(__file__).parents[1]
SLUG = "armenia-2025"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each command of the tutorial shows, and what an editor typed, by name."""
    root = tmp_path_factory.mktemp("tutorial")
    for copied in ("mappings/tables", "docs/practice"):
        shutil.copytree(ROOT / copied, root / copied)
    environment = {key: value for key, value in os.environ.items() if key[:8] != "KZGRAPH_"}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    shown: dict[str, str] = {}
    drafts: dict[str, Cells] = {}
    typed = spans = 0
    folder = root / "practice-tables" / SLUG
    for step in steps():
        if step.table:
            typed += type_cells(folder, step.table, step.text, drafts)
            spans += len(re.findall(r"(?<![\w-])\d+-\d+(?![\w-])", _places(step.text)))
            continue
        for command in step.text.splitlines():
            if command.startswith("export "):
                name, _, value = command.removeprefix("export ").partition("=")
                environment[name] = value
                continue
            done = subprocess.run(
                shlex.split(command), cwd=root, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            shown[command.split('"')[0].strip()] = done.stdout
            if command.startswith("kzgraph new"):
                drafts = draft_rows(folder)
    return shown | {"typed": str(typed), "spans": str(spans), "left": str(folder.exists())}


def _places(text: str) -> str:
    """The cells of a block that hold places."""
    rows = list(csv.DictReader(text.splitlines()))
    columns = ("evidence", "context", "span")
    return " ".join(row.get(column) or "" for row in rows for column in columns)


def test_the_page_is_covered_whole(followed: dict[str, str]) -> None:
    (line,) = [
        line
        for command, shown in followed.items()
        if command.startswith("kzgraph verify")
        for line in shown.splitlines()
        if line.startswith(SLUG)
    ]
    assert re.fullmatch(
        rf"{SLUG}\s+\d+\s+0\s+0\s+(\d+) / \1\s+100\.0 %\s+(\d+) / \2\s+100\.0 %\s+\d+ / \d+\s+yes",
        line.strip(),
    )


def test_the_release_answers(followed: dict[str, str]) -> None:
    shown = followed["kzgraph query"]
    assert re.search(r"Refugees, Armenia, end of June 2025\W+1240\b", shown), shown


def test_what_it_takes_is_as_said(followed: dict[str, str]) -> None:
    commands = sum(name.startswith("kzgraph") for name in followed)
    said = re.search(r"(\d+) commands of kzgraph and (\d+) cells", PAGE.read_text("utf-8"))
    assert said, "the tutorial says what it takes"
    assert said.groups() == (str(commands), followed["typed"])
    assert followed["spans"] == "0"
    assert followed["left"] == "False"
