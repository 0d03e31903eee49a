"""The commands of a checkout: what `make` lists, and what it says where it cannot go on."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from layers import ROOT

#: A Python that is too old, and one whose pip cannot install.
OLD = '#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.10.9"\n[ "$1" = -V ]\n'
BROKEN_PIP = """#!/bin/sh
if [ "$1" = -m ] && [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; fi
if [ "$2" = pip ]; then echo "no network" >&2; exit 1; fi
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile and what its installs read."""
    for name in ("Makefile", "requirements.lock", "requirements-test.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("mappings/tables", "mappings/schemas", "ontology", "shapes", "queries", "src"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def make(
    checkout: Path, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, env=env)


def python(checkout: Path, script: str) -> str:
    """A stand-in for Python; `make PYTHON=` takes it."""
    path = checkout / "python"
    path.write_text(script)
    path.chmod(0o755)
    return f"PYTHON={path}"


def test_make_alone_lists_every_command(checkout: Path) -> None:
    listed = re.findall(r"^  make ([\w-]+) +\S", make(checkout).stdout, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony
    assert sorted(listed) == sorted(phony[1].split())


def test_a_python_that_is_too_old_is_named(checkout: Path) -> None:
    done = make(checkout, "serve", python(checkout, OLD))
    assert done.returncode != 0
    assert "kzgraph needs Python 3.11 or newer" in done.stderr
    assert "is Python 3.10.9" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_that_is_not_there_is_named(checkout: Path) -> None:
    done = make(checkout, "serve", "PYTHON=no-such-python")
    assert done.returncode != 0
    assert "no-such-python not found" in done.stderr


def test_an_install_that_failed_is_done_again(checkout: Path) -> None:
    for _ in range(2):
        done = make(checkout, "serve", python(checkout, BROKEN_PIP))
        assert done.returncode != 0
        assert "no network" in done.stderr
        assert not (checkout / ".venv" / ".installed").exists()


@pytest.fixture
def ready(checkout: Path) -> Path:
    """The checkout with all that tests need installed, so to say; each tool is to be given."""
    assets, comunica = checkout / "server" / "assets", checkout / "tests" / "comunica"
    for folder in (assets / "src", *(each / "node_modules" for each in (assets, comunica))):
        folder.mkdir(parents=True)
    for path in (assets / "build.js", assets / "tsconfig.json"):
        path.touch()
    for name in ("package.json", "package-lock.json"):
        (assets / name).touch()
        (comunica / name).touch()
    bin_ = checkout / ".venv" / "bin"
    bin_.mkdir(parents=True)
    for stamp in (".created", ".installed", ".installed-test"):
        (checkout / ".venv" / stamp).touch()
    give(bin_ / "npm", "")
    return checkout


def give(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("failing", ["", "ruff", "mypy", "python"])
def test_whatever_fails_fails_the_run_of_the_tests(ready: Path, failing: str) -> None:
    """mypy runs beside the tests; what it says is the last."""
    bin_ = ready / ".venv" / "bin"
    for name in ("ruff", "mypy", "python"):
        give(bin_ / name, f"echo {name} says so; exit {int(name == failing)}")
    done = make(ready, "test", env={**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}"})
    assert (done.returncode != 0) == bool(failing), done.stderr
    said = [line for line in done.stdout.splitlines() if line.endswith("says so")]
    expected = ["ruff says so", "python says so", "mypy says so"]
    assert said == (expected[:1] if failing == "ruff" else expected)
