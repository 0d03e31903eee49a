"""The wheel is complete: installed in an empty environment, it works without the checkout."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from importlib.util import cache_from_source
from pathlib import Path

import pytest

import kzgraph
from kzgraph_server.pages.assets import MANIFEST
from layers import MODULES, PACKAGES
from processes import PATIENCE
from running import Server, free_port

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
INFO = f"kzgraph-{kzgraph.__version__}.dist-info"

#: Where an environment has its packages.
WHERE = "import sysconfig; print(sysconfig.get_path('purelib'))"

#: Folder of the checkout to the folder of the wheel that must hold the same files.
PLACES = {
    "src/kzgraph": "kzgraph",
    "server/kzgraph_server": "kzgraph_server",
    "mappings/kzgraph_mappings": "kzgraph_mappings",
    "mappings/tables": "kzgraph/_data/mappings/tables",
    "mappings/schemas": "kzgraph/_data/mappings/schemas",
    "ontology": "kzgraph/_data/ontology",
    "shapes": "kzgraph/_data/shapes",
    "queries": "kzgraph/_data/queries",
    "docs": "kzgraph/_data/docs",
}


def build(source: Path, target: str, into: Path) -> Path:
    """Build the wheel or sdist of the project at `source`."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (made,) = into.iterdir()
    return made


def names(wheel: Path) -> set[str]:
    """The files in a wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.mark.parametrize("folder", PLACES)
def test_the_wheel_has_every_file_of(folder: str, wheel: Path) -> None:
    here = [
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert here
    assert {f"{PLACES[folder]}/{name}" for name in here} <= names(wheel)


def test_the_wheel_has_the_scripts_of_the_pages(wheel: Path) -> None:
    if not MANIFEST.exists():
        pytest.skip("the scripts are not built; run: make assets")
    built = {*json.loads(MANIFEST.read_bytes()).values(), MANIFEST.name, "LICENSES.txt"}
    assert {f"kzgraph_server/static/built/{name}" for name in built} <= names(wheel)


def test_the_wheel_has_nothing_else(wheel: Path) -> None:
    homes = tuple(f"{place}/" for place in ("kzgraph", "kzgraph_server", "kzgraph_mappings"))
    others = {name for name in names(wheel) if not name.startswith(homes)}
    assert {name.partition("/")[0] for name in others} == {INFO}
    assert not {name for name in names(wheel) if "__pycache__" in name or "/test" in name}


def test_the_wheel_carries_its_licence_and_its_types(wheel: Path) -> None:
    licence = zipfile.ZipFile(wheel).read(f"{INFO}/licenses/LICENSE")
    assert licence == (ROOT / "LICENSE").read_bytes()
    assert {f"{package}/py.typed" for package in ("kzgraph", "kzgraph_server")} <= names(wheel)


def requirements(lines: list[str]) -> set[str]:
    """The names of what lines of requirements ask for, normalised as PyPA has it.

    https://packaging.python.org/en/latest/specifications/name-normalization/
    """
    names = [re.split(r"[^\w.-]", line)[0] for line in lines]
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def test_the_project_declares_exactly_what_its_code_imports() -> None:
    project = PROJECT["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    declared = requirements(project["dependencies"] + extras)
    imported = set()
    for path in MODULES.values():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported |= {name.partition(".")[0] for name in names if name}
    foreign = imported - sys.stdlib_module_names - PACKAGES
    distributions = packages_distributions()
    # One name can stand for parts of several distributions.
    used = requirements([each for name in foreign for each in distributions[name]])
    assert used == declared


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_has_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", "")
    for line in text.splitlines():
        assert re.fullmatch(r"[\w.-]+==[\w.]+( ; [^#]*?)?( +--hash=sha256:[0-9a-f]{64})+", line), (
            line
        )


@pytest.mark.parametrize(
    ("lock", "groups"),
    [("requirements.lock", ["build"]), ("requirements-test.lock", ["build", "test"])],
)
def test_a_lock_has_all_that_the_project_asks_for(lock: str, groups: list[str]) -> None:
    asked = requirements(PROJECT["project"]["dependencies"])
    for group in groups:
        asked |= requirements(PROJECT["dependency-groups"][group])
    assert asked <= locked(lock), "run: make lock"


def test_the_locks_hold_the_same_files() -> None:
    """What is installed for tests is all that is installed for others, and hashed alike."""
    small, large = (
        # Without the condition under which it is installed, which may be wider for tests.
        {re.sub(r" ;.*?(?= +--hash)", "", line) for line in text.splitlines()}
        for text in (
            (ROOT / name).read_text("utf-8").replace("\\\n", "")
            for name in ("requirements.lock", "requirements-test.lock")
        )
    )
    assert small <= large


def locked(lock: str) -> set[str]:
    """The names of the packages in a lock file."""
    return set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text("utf-8"), re.MULTILINE))


def test_the_sdist_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = build(ROOT, "sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert build(source, "wheel", tmp_path / "again").read_bytes() == wheel.read_bytes()


def link_locked(site: Path) -> None:
    """Put what `requirements.lock` names into another environment, from this one.

    The other lock file, of which it is a part, has just had it installed here by its hashes: to
    have pip do it again would take longer than all else, and so would compiling it again.
    """
    for name in locked("requirements.lock"):
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue  # for another system, or another version of Python
        for file in files:
            here = Path(str(file.locate()))
            if ".." not in file.parts and here.exists():
                _link(here, site / file)
                compiled = Path(cache_from_source(str(here)))
                if here.suffix == ".py" and compiled.exists():
                    _link(compiled, (site / file).parent / "__pycache__" / compiled.name)


def _link(here: Path, there: Path) -> None:
    if there.exists():
        return  # compiled, and listed as well
    there.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(here, there)
    except OSError:  # on another disk
        shutil.copy2(here, there)


def test_the_installed_wheel_builds_serves_and_answers(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KZGRAPH_", "PYTHON", "VIRTUAL_ENV"))
    }

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    link_locked(Path(run(scripts / "python", "-c", WHERE).strip()))
    # The pip of this environment saves one there.
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", home)
    run(*pip, "install", "--quiet", "--no-compile", "--no-deps", wheel)
    # Whatever the lock leaves out is found here.
    run(*pip, "check")
    where = run(scripts / "python", "-c", "import kzgraph; print(kzgraph.__file__)")
    assert Path(where.strip()).is_relative_to(home)

    # Where there is no release yet, the server builds one first.
    releases = elsewhere / "releases"
    command = [str(scripts / "kzgraph"), "serve", "--releases", str(releases)]
    long = 5 * PATIENCE
    with Server(command, free_port(), elsewhere, environment, long) as server:
        ask = "ASK { ?figure a kzg:PopulationFigure ; kzg:value 87632 }"
        assert run(scripts / "kzgraph", "query", ask, "--releases", releases).strip() == "true"
        assert server.ask("ASK { ?figure kzg:value 87632 }") == {"head": {}, "boolean": True}
        for name in ("endpoint", "security", "server", "changelog"):
            assert b'<div class="text" lang="en">' in server.get(f"/docs/{name}")
    first, second, *_ = server.said.splitlines()
    assert first == f"No release in {releases}; building one."
    assert second.startswith("Serving release ")
