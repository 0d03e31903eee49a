"""A command that reads a release finds the one that was built, or says where there is one."""

import re
from pathlib import Path

import pytest

import kzgraph
from commands import run
from kzgraph import resources, settings
from kzgraph.client.errors import NoRelease
from kzgraph.release import MANIFEST, find_elsewhere

ANYTHING = "ASK { ?s ?p ?o }"


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of somebody who has no release anywhere, and no checkout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv(settings.variable("releases"), raising=False)
    monkeypatch.setattr(settings, "checkout", lambda: None)
    return tmp_path


def has_release(folder: Path) -> Path:
    """`folder` as a folder of releases, with as much of a release as finding one looks at."""
    (folder / "current").mkdir(parents=True)
    (folder / "current" / MANIFEST).touch()
    return folder


def test_a_checkout_keeps_its_releases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also where it is called from another folder, and without make."""
    monkeypatch.delenv("KZGRAPH_RELEASES", raising=False)
    monkeypatch.chdir(tmp_path)
    root = Path(__file__).parents[1]
    assert resources.checkout() == root
    assert settings.releases_root() == root / "releases"
    makefile = (root / "Makefile").read_text("utf-8")
    assert f"\nexport KZGRAPH_RELEASES ?= {settings.RELEASES}\n" in makefile


def test_an_installed_kzgraph_keeps_releases_among_the_users_data(outside: Path) -> None:
    assert settings.releases_root().is_relative_to(outside / "data")
    assert settings.releases_root().name == settings.RELEASES


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("nowhere", "releases"),  # in the working directory
        (".", "releases"),  # the folder that has it
        ("mine/0.1.0-abc", "mine"),  # a release itself
        ("mine", "data/kzgraph/releases"),  # the default
    ],
)
def test_a_release_nearby_is_found(outside: Path, asked: str, there: str) -> None:
    has_release(outside / there)
    found = find_elsewhere(Path(asked))
    assert found is not None
    assert found.resolve() == outside / there


def test_a_link_of_that_name_that_leads_to_no_release_is_not_one(outside: Path) -> None:
    (outside / "releases" / "current").mkdir(parents=True)
    assert find_elsewhere(Path("nowhere")) is None


@pytest.mark.parametrize(
    "command",
    [
        ("query", ANYTHING),
        ("cite",),
        ("verify-release",),
        ("diff", "current", "current"),
        ("diff", "0.1.0-000000000000", "current"),
        ("publish", "--to", "http://127.0.0.1:9/store"),
        ("publish", "--to", "http://127.0.0.1:9/store", "--release", "0.1.0-000000000000"),
        ("cite", "--release", "0.1.0-000000000000"),
        ("redact", "person/nobody-at-all"),
    ],
    ids=" ".join,
)
def test_every_command_that_reads_a_release_names_the_one_that_may_be_meant(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    has_release(tmp_path / "releases")
    variables = {"KZGRAPH_RELEASES": str(tmp_path / "none"), "XDG_DATA_HOME": str(tmp_path)}
    done = run(*command, cwd=tmp_path, **variables)
    assert done.returncode != 0
    first = done.stderr.splitlines()[0]
    assert re.search(r"\b[Nn]o release\b", first)
    assert f"in {tmp_path / 'none'}, but one in releases: add --releases releases" in first


def test_the_message_has_the_command_that_builds_one_there(outside: Path) -> None:
    for option, remedy in (((), "kzgraph build"), (("--releases", "a b"), "build --out 'a b'")):
        variables = {"KZGRAPH_RELEASES": "none", "XDG_DATA_HOME": str(outside / "data")}
        done = run("query", ANYTHING, *option, cwd=outside, **variables)
        assert done.returncode == 1
        assert done.stderr.endswith(f"{remedy}\n")


def test_python_is_told_in_its_own_words(outside: Path) -> None:
    has_release(outside / "releases")
    with pytest.raises(NoRelease, match=r'kzgraph\.open_release\("[^"]*releases"\)'):
        kzgraph.open_release("nowhere")
