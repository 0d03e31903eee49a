"""The documentation is true: what it lists is what the code has, and its examples work."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kzgraph import settings
from kzgraph.cli import COMMANDS, cli
from kzgraph_server.settings import documentation

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")

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
    in_code = {value for value in vars(settings).values() if _is_variable(value)}
    in_code |= {name for name, _, _ in documentation()}
    assert set(_VARIABLE.findall(SETTINGS)) == in_code


def test_no_other_setting_is_read_anywhere() -> None:
    sources = [path for root in ("src", "server") for path in (ROOT / root).rglob("*.py")]
    in_code = {name for path in sources for name in _VARIABLE.findall(path.read_text("utf-8"))}
    assert in_code <= set(_VARIABLE.findall(SETTINGS))


@pytest.mark.parametrize(("name", "default", "meaning"), documentation())
def test_the_servers_settings_are_described_with_their_defaults(
    name: str, default: int | str, meaning: str
) -> None:
    shown = "none" if default == "" else f"`{default}`"
    assert f"| `{name}` | {shown} | {meaning} |" in SETTINGS


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


def test_the_readmes_first_query_gives_the_answer_it_prints(release_root: Path) -> None:
    query, answer = block("sparql"), block("text")
    done = subprocess.run(
        [sys.executable, "-m", "kzgraph", "query", query, "--releases", str(release_root)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == answer


def test_every_target_of_make_that_is_spoken_of_is_one() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        spoken = re.findall(r"^make (\w+)$|`make (\w+)`", page.read_text("utf-8"), re.MULTILINE)
        assert {one or other for one, other in spoken} <= targets, page.name


def block(language: str) -> str:
    """The README's first code block of a language."""
    found = re.search(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def _is_variable(value: object) -> bool:
    return isinstance(value, str) and bool(_VARIABLE.fullmatch(value))
