"""The documentation is true: what it lists is what the code has, and its examples work."""

import doctest
import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest

from kzgraph.cli import COMMANDS, cli
from kzgraph.prefixes import PREDECLARED, PREFIXES
from kzgraph.rdf.formats import (
    BOOLEAN_FORMATS,
    GRAPH_FORMATS,
    HTML,
    RESULT_FORMATS,
)
from kzgraph.settings import CommandSettings, documentation
from kzgraph_server.front import metrics
from kzgraph_server.front.access_log import AccessLog
from kzgraph_server.front.protocol import QueryRequest
from kzgraph_server.settings import Settings
from pictures import PICTURES
from running import Server, free_port
from server_fixtures import SERVE

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
ENDPOINT = (ROOT / "docs" / "endpoint.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_VARIABLE = re.compile(r"\bKZGRAPH_[A-Z_]*[A-Z]\b")


def section(command: str) -> str:
    """What docs/cli.md says of a command."""
    return CLI.partition(f"## kzgraph {command}\n")[2].partition("\n## ")[0]


def parameters(command: str) -> list[click.Parameter]:
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    return found.params


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_described(command: str) -> None:
    for parameter in parameters(command):
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}" in section(command), parameter.opts
            variable = parameter.envvar
            assert variable is None or f"`{variable}`" in section(command), variable
        else:
            shown = parameter.make_metavar(click.Context(cli))
            assert f"`{shown.strip()}`" in section(command), shown


@pytest.mark.parametrize("command", COMMANDS)
def test_no_option_is_described_that_a_command_lacks(command: str) -> None:
    known = {
        option
        for parameter in parameters(command)
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(re.findall(r"--[a-z]+(?:-[a-z]+)*", section(command))) <= known


def test_no_command_is_described_that_there_is_not() -> None:
    assert set(re.findall(r"^## kzgraph (\S+)", CLI, re.MULTILINE)) == set(COMMANDS)


def test_every_command_says_what_it_does_with_examples() -> None:
    for name in COMMANDS:
        found = cli.get_command(click.Context(cli), name)
        assert found is not None
        assert found.name == name
        assert found.help
        assert f"kzgraph {name}" in (found.epilog or "")


def test_the_settings_page_lists_exactly_the_settings_of_the_code() -> None:
    in_code = {name for name, _, _ in (*documentation(CommandSettings), *documentation(Settings))}
    assert set(_VARIABLE.findall(SETTINGS)) == in_code


def test_no_other_setting_is_read_anywhere() -> None:
    sources = [path for root in ("src", "server") for path in (ROOT / root).rglob("*.py")]
    in_code = {name for path in sources for name in _VARIABLE.findall(path.read_text("utf-8"))}
    assert in_code <= set(_VARIABLE.findall(SETTINGS))


@pytest.mark.parametrize(("name", "default", "meaning"), documentation(Settings))
def test_the_servers_settings_are_described_with_their_defaults(
    name: str, default: str, meaning: str
) -> None:
    assert f"| `{name}` | {default} | {meaning} |" in SETTINGS


@pytest.mark.parametrize(("name", "default", "meaning"), documentation(CommandSettings))
def test_the_settings_of_commands_are_described_with_their_defaults_and_options(
    name: str, default: str, meaning: str
) -> None:
    (row,) = [line for line in SETTINGS.splitlines() if line.startswith(f"| `{name}` |")]
    assert row.endswith(f" | {default} | {meaning} |")
    for command in COMMANDS:
        for parameter in parameters(command):
            if parameter.envvar == name:
                assert f"`{command} {parameter.opts[0]}`" in row


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text("utf-8")):
        target, _, fragment = link.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        path = page.parent / target if target else page
        assert path.exists(), f"{page.name} links to {link}"
        if fragment:
            assert fragment in anchors(path), f"{page.name} links to {link}"


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page make."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_readmes_first_query_gives_the_answers_it_prints(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("first.rq").write_text(block("sparql"), "utf-8")
    session = block("python").replace("http://127.0.0.1:8000", url)
    examples = doctest.DocTestParser().get_doctest(session, {}, "README.md", None, 0)
    assert len(examples.examples) == 3
    told: list[str] = []
    assert doctest.DocTestRunner().run(examples, out=told.append).failed == 0, told


def test_the_readme_shows_pictures_that_are_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\((docs/pictures/[a-z]+\.png)\)", README)
    assert pictures == [f"docs/pictures/{name}.png" for name in PICTURES]
    for picture in pictures:
        assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")


def test_every_target_of_make_that_is_spoken_of_is_one() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for page in PAGES:
        text = page.read_text("utf-8")
        spoken = re.findall(r"^make ([\w-]+)$|`make ([\w-]+)`", text, re.MULTILINE)
        assert {one or other for one, other in spoken} <= targets, page.name


def test_every_path_that_the_contributors_page_names_is_there() -> None:
    """Paths in backquotes, up to a part that stands for anything."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`(?!\.\./)((?:[\w.-]+/)+[\w.-]*)", text)
    assert len(named) > 10
    for path in named:
        fixed = path if (ROOT / path).exists() else path.rpartition("/NNN-")[0]
        assert fixed, path
        assert (ROOT / fixed).exists(), path


def test_the_contributors_page_names_helpers_and_commands_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for helper, file in re.findall(r"`(\w+)` in \[(tests/\w+\.py)\]", text):
        assert f"def {helper}(" in (ROOT / file).read_text("utf-8")
    assert set(re.findall(r"`kzgraph (\w+)", text)) <= set(COMMANDS)
    assert "long:" in (ROOT / "pyproject.toml").read_text("utf-8")
    (command,) = re.findall(r"^\.venv/bin/python -m (pytest tests/\S+)$", text, re.MULTILINE)
    assert (ROOT / command.split()[1]).exists()


def block(language: str) -> str:
    """The README's first code block of a language."""
    found = re.search(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


# --- docs/endpoint.md and docs/operations.md


def table(page: str, heading: str) -> dict[str, str]:
    """The rows of the first table below a heading, by what their first cell has in backquotes."""
    below = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return {row.split("`")[1]: row for row in below.splitlines() if row.startswith("| `")}


def test_the_endpoints_page_lists_exactly_the_formats_of_the_code() -> None:
    answers = {
        "SELECT": (*RESULT_FORMATS, HTML),
        "ASK": (*BOOLEAN_FORMATS, HTML),
        "CONSTRUCT, DESCRIBE": (*GRAPH_FORMATS, HTML),
        "`/data`": GRAPH_FORMATS,
    }
    rows = {}
    for each in (*RESULT_FORMATS, *GRAPH_FORMATS, HTML):
        others = ", ".join(f"`{name}`" for name in (*each.other_names, *each.other_types))
        uses = ", ".join(use for use, formats in answers.items() if each in formats)
        cells = (f"`{each.name}`", f"`{each.content_type}`", others, uses)
        rows[each.name] = "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)
    assert table(ENDPOINT, "Formats") == rows


def test_the_endpoints_page_lists_exactly_the_declared_prefixes() -> None:
    line = next(line for line in ENDPOINT.splitlines() if line.startswith("- **Prefixes.**"))
    kinds = [name for name in PREDECLARED if name not in PREFIXES]
    assert re.findall(r"`([a-z-]+)`", line) == [*PREFIXES, *kinds]


@pytest.mark.parametrize(
    "parameter",
    [each.name for each in fields(QueryRequest) if each.name not in ("digest", "table")],
)
def test_every_parameter_of_a_query_is_described(parameter: str) -> None:
    known = {"default_graphs": "default-graph-uri", "named_graphs": "named-graph-uri"}
    assert known.get(parameter, parameter) in table(ENDPOINT, "Requests")


def test_the_examples_of_the_endpoints_page_give_the_answers_it_prints(
    release_root: Path, tmp_path: Path
) -> None:
    examples = re.findall(
        r"^```(sh|python)\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?",
        ENDPOINT,
        re.MULTILINE | re.DOTALL,
    )
    assert {language for language, _, printed in examples if printed} == {"sh", "python"}
    with Server([*SERVE, str(release_root)], free_port()) as server:
        for language, text, printed in examples:
            shell = ["bash", "-ec"] if language == "sh" else [sys.executable, "-c"]
            done = subprocess.run(
                [*shell, text.replace("http://127.0.0.1:8000", server.url)],
                cwd=tmp_path,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            assert not printed or done.stdout == printed
    assert (tmp_path / "pledges.xlsx").read_bytes().startswith(b"PK")


def test_the_operators_page_lists_exactly_the_metrics_of_the_code() -> None:
    names = metrics._STATE
    text = metrics.Metrics(lambda: ((name, {}, 0.0) for name in names)).text().decode()
    exposed = set(re.findall(r"^# TYPE (\S+) (?:counter|gauge|histogram)$", text, re.MULTILINE))
    assert set(table(OPERATIONS, "Metrics")) == exposed


def test_the_operators_page_lists_exactly_the_fields_of_the_access_log(tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    log = AccessLog(str(file))
    log.add("192.0.2.1", "GET", "/sparql", 200, 0.1, 10, "ok", query="0" * 16)
    log.close()
    assert list(table(OPERATIONS, "Access log")) == list(json.loads(file.read_text("utf-8")))


def test_every_outcome_of_the_code_is_described() -> None:
    sources = (ROOT / "server" / "kzgraph_server" / "front").glob("*.py")
    lines = "\n".join(path.read_text("utf-8") for path in sources)
    outcomes = set(re.findall(r'"([a-z-]+)"', "\n".join(re.findall(r"outcome = .*", lines))))
    row = table(OPERATIONS, "Access log")["outcome"]
    assert set(re.findall(r"`([a-z-]+)`", row)) == {"outcome", *outcomes}


def test_every_cause_of_a_workers_end_is_described() -> None:
    engine = ROOT / "server" / "kzgraph_server" / "engine"
    text = "\n".join((engine / name).read_text("utf-8") for name in ("pool.py", "endings.py"))
    calls = r'(?:_kill\(.*|_end\(.*|_START, .*|return) ?"([a-z]+)"'
    row = table(OPERATIONS, "Metrics")["kzgraph_worker_ends_total"]
    assert set(re.findall(calls, text)) <= set(re.findall(r"`([a-z]+)`", row))
