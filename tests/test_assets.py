"""The scripts of the pages: what is installed for them, what is built, how it is served."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from front_client import FrontClient
from kzgraph_server.pages import assets
from kzgraph_server.pages.assets import BUILT, MANIFEST
from kzgraph_server.settings import Settings
from server_fixtures import SmallRelease, small

__all__ = ["small"]

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "server" / "assets"
PACKAGE = json.loads((ASSETS / "package.json").read_text("utf-8"))
LOCKED: dict[str, Any] = json.loads((ASSETS / "package-lock.json").read_text("utf-8"))["packages"]
ASKED = {**PACKAGE.get("dependencies", {}), **PACKAGE["devDependencies"]}


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    if not MANIFEST.exists():
        pytest.skip("the scripts are not built; run: make assets")
    found: dict[str, str] = json.loads(MANIFEST.read_bytes())
    return found


def test_the_lock_has_hashes_and_no_addresses() -> None:
    installed = {name: each for name, each in LOCKED.items() if name}
    assert installed
    for name, each in installed.items():
        assert each["integrity"].startswith("sha512-"), name
        assert "resolved" not in each, name
    settings = (ASSETS / ".npmrc").read_text("utf-8").splitlines()
    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= set(settings)


def test_versions_are_fixed_and_each_package_is_justified() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    for name, version in ASKED.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert LOCKED[f"node_modules/{name}"]["version"] == version
        assert re.search(rf"^\| .*{re.escape(name)}\b.* \|", reasons, re.MULTILINE), name


def test_what_pages_ask_for_is_built(manifest: dict[str, str]) -> None:
    entries = {path.with_suffix(".js").name for path in (ASSETS / "src").glob("*.ts")}
    assert manifest.keys() == entries
    templates = (ROOT / "server" / "kzgraph_server" / "templates").rglob("*.html")
    asked = {
        name for path in templates for name in re.findall(r"\basset\('(.+?)'\)", path.read_text())
    }
    assert asked <= entries
    assert all((BUILT / name).is_file() for name in manifest.values())


def test_scripts_evaluate_no_text_and_name_the_licences_of_what_they_hold(
    manifest: dict[str, str],
) -> None:
    licences = (BUILT / "LICENSES.txt").read_text("utf-8")
    for path in BUILT.glob("*.js"):
        script = path.read_text("utf-8")
        assert "LICENSES.txt" in script
        assert not re.search(r"\bnew Function\b|[^.\w]eval\(", script), path.name
    for name, version in PACKAGE.get("dependencies", {}).items():
        assert f"{name} {version} (" in licences, name


def test_a_browser_keeps_a_script_for_good_and_asks_again_for_the_style(
    small: FrontClient, manifest: dict[str, str]
) -> None:
    shared = next(path.name for path in BUILT.glob("chunk-*.js"))
    for name in (manifest["editor.js"], shared):
        answer = small.get(f"/static/built/{name}")
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for path in ("/static/style.css", "/static/built/LICENSES.txt"):
        assert "immutable" not in small.get(path).headers["Cache-Control"]


def test_a_page_asks_for_no_script_where_none_is_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "manifest.json")
    client = FrontClient(SmallRelease(tmp_path).load(), Settings())
    text = client.get("/sparql", headers={"Accept": "text/html"}).text
    assert "<textarea" in text
    assert "<script" not in text
