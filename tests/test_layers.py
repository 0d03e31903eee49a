"""The code is laid in layers: tables, mapping, reasoning, validation, release, server.

Read from the imports in the source, those inside functions too. `ALLOWED` is the whole rule: a
module may import what its layer lists and nothing else of the project.
"""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from layers import MODULES, PACKAGES, ROOT

#: What every layer may use.
GROUND = {
    "kzgraph",
    "kzgraph.datatypes",
    "kzgraph.faults",
    "kzgraph.folding",
    "kzgraph.iri",
    "kzgraph.licences",
    "kzgraph.lifetime",
    "kzgraph.months",
    "kzgraph.money",
    "kzgraph.namespaces",
    "kzgraph.prefixes",
    "kzgraph.problem",
    "kzgraph.public_address",
    "kzgraph.reach",
    "kzgraph.resources",
    "kzgraph.settings",
    "kzgraph.version",
    "kzgraph.years",
}

#: What the package itself offers by name, and loads when it is first asked for.
FRONT_DOOR = "kzgraph.client"

#: Layer to the layers it may import, itself and the ground aside.
ALLOWED: dict[str, set[str]] = {
    "kzgraph.rdf": set(),
    "kzgraph.results": {"kzgraph.rdf"},
    "kzgraph.sparql": {"kzgraph.rdf", "kzgraph.results"},
    "kzgraph.tables": set(),
    "kzgraph.sources": set(),
    "kzgraph_mappings": {"kzgraph.sources", "kzgraph.tables"},
    "kzgraph.verification": {"kzgraph.tables"},
    "kzgraph.editing": {"kzgraph.tables", "kzgraph.verification"},
    "kzgraph.vocabulary": set(),
    "kzgraph.cubes": {"kzgraph.columns", "kzgraph.sources", "kzgraph.tidy"},
    "kzgraph.tidy": {"kzgraph.columns", "kzgraph.rdf", "kzgraph.results", "kzgraph.sparql"},
    "kzgraph.example_queries": set(),
    "kzgraph.reasoning": {"kzgraph.vocabulary"},
    "kzgraph.search": set(),
    "kzgraph.checking": {"kzgraph.search", "kzgraph.tables", "kzgraph.verification"},
    "kzgraph.reconciling": {"kzgraph.search"},
    "kzgraph.columns": {"kzgraph.rdf", "kzgraph.sparql"},
    "kzgraph.validation": {"kzgraph.vocabulary", "kzgraph.rdf", "kzgraph.sparql"},
    "kzgraph.citing": {"kzgraph.rdf"},
    "kzgraph.intake": {"kzgraph.rdf", "kzgraph.sources", "kzgraph_mappings"},
    "kzgraph.release": {
        "kzgraph.citing",
        "kzgraph.columns",
        "kzgraph.cubes",
        "kzgraph.rdf",
        "kzgraph.search",
        "kzgraph.sources",
        "kzgraph.sparql",
        "kzgraph.tidy",
        "kzgraph.validation",
    },
    "kzgraph.redaction": {
        "kzgraph.editing",
        "kzgraph.rdf",
        "kzgraph.reasoning",
        "kzgraph.release",
        "kzgraph.sources",
        "kzgraph.tables",
        "kzgraph.validation",
    },
    "kzgraph.tracing": {"kzgraph.rdf", "kzgraph.tables", "kzgraph.validation"},
    "kzgraph.build": {
        "kzgraph.tracing",
        "kzgraph.intake",
        "kzgraph.rdf",
        "kzgraph.sources",
        "kzgraph.tables",
        "kzgraph.verification",
        "kzgraph_mappings",
        "kzgraph.example_queries",
        "kzgraph.vocabulary",
        "kzgraph.reasoning",
        "kzgraph.validation",
        "kzgraph.release",
    },
    "kzgraph.engines": set(),
    "kzgraph.cross_check": {
        "kzgraph.rdf",
        "kzgraph.reasoning",
        "kzgraph.release",
        "kzgraph.sources",
        "kzgraph.validation",
    },
    "kzgraph.client": {
        "kzgraph.citing",
        "kzgraph.rdf",
        "kzgraph.release",
        "kzgraph.sparql",
        "kzgraph.tidy",
    },
    "kzgraph.publish": {
        "kzgraph.engines",
        "kzgraph.example_queries",
        "kzgraph.rdf",
        "kzgraph.release",
        "kzgraph.sparql",
    },
    "kzgraph_server.settings": {"kzgraph.engines"},
    "kzgraph_server.offloading": set(),
    "kzgraph_server.negotiate": {"kzgraph.rdf"},
    "kzgraph_server.engine": {
        "kzgraph_server.settings",
        "kzgraph_server.offloading",
        "kzgraph.columns",
        "kzgraph.rdf",
        "kzgraph.sparql",
        "kzgraph.release",
        "kzgraph.engines",
        "kzgraph.tidy",
    },
    "kzgraph_server.federation": {
        "kzgraph_server.settings",
        "kzgraph_server.offloading",
        "kzgraph_server.engine",
        "kzgraph.sparql",
    },
    "kzgraph_server.served": {
        "kzgraph_server.settings",
        "kzgraph.release",
        "kzgraph.sparql",
        "kzgraph.tidy",
    },
    "kzgraph_server.descriptions": {
        "kzgraph.example_queries",
        "kzgraph_server.settings",
        "kzgraph_server.negotiate",
        "kzgraph_server.served",
        "kzgraph.rdf",
        "kzgraph.release",
        "kzgraph.tidy",
    },
    "kzgraph_server.pages": {
        "kzgraph.checking",
        "kzgraph.citing",
        "kzgraph_server.settings",
        "kzgraph_server.negotiate",
        "kzgraph_server.served",
        "kzgraph_server.descriptions",
        "kzgraph.rdf",
        "kzgraph.reconciling",
        "kzgraph.release",
        "kzgraph.search",
        "kzgraph.sparql",
        "kzgraph.tidy",
    },
    "kzgraph_server.flask_app": {
        "kzgraph_server.settings",
        "kzgraph_server.negotiate",
        "kzgraph_server.served",
        "kzgraph_server.descriptions",
        "kzgraph_server.pages",
        "kzgraph.rdf",
        "kzgraph.release",
    },
    "kzgraph_server.assistants": {"kzgraph.search", "kzgraph_server.offloading"},
    "kzgraph_server.front": {
        "kzgraph_server.assistants",
        "kzgraph_server.settings",
        "kzgraph_server.offloading",
        "kzgraph_server.negotiate",
        "kzgraph_server.engine",
        "kzgraph_server.federation",
        "kzgraph_server.served",
        "kzgraph_server.pages",
        "kzgraph_server.flask_app",
        "kzgraph.rdf",
        "kzgraph.results",
        "kzgraph.sparql",
        "kzgraph.release",
        "kzgraph.tidy",
    },
    "kzgraph_server.serve": {
        "kzgraph_server.assistants",
        "kzgraph_server.settings",
        "kzgraph_server.engine",
        "kzgraph_server.front",
        "kzgraph.release",
    },
    "kzgraph_server": set(),
    "kzgraph.cli": {
        "kzgraph.checking",
        "kzgraph.citing",
        "kzgraph.tracing",
        "kzgraph.build",
        "kzgraph.client",
        "kzgraph.cross_check",
        "kzgraph.editing",
        "kzgraph.intake",
        "kzgraph.rdf",
        "kzgraph.redaction",
        "kzgraph.results",
        "kzgraph.search",
        "kzgraph.sources",
        "kzgraph.sparql",
        "kzgraph.tables",
        "kzgraph.verification",
        "kzgraph.validation",
        "kzgraph.release",
        "kzgraph.engines",
        "kzgraph.publish",
        "kzgraph_mappings",
        "kzgraph_server.serve",
    },
    "kzgraph.__main__": {"kzgraph.cli"},
}

#: Layers of the server that are several modules beside each other: the settings and what reads
#: them; the parts of HTTP; what pages are made of; the pages; the process that is started.
MEMBERS = {
    "kzgraph_server.settings": ("allow_list", "clients"),
    "kzgraph_server.negotiate": ("headers", "language_addresses", "problems"),
    "kzgraph_server.served": ("kept", "licensing", "release_tables"),
    "kzgraph_server.pages": ("charts",),
    "kzgraph_server.flask_app": ("rendering",),
    "kzgraph_server.serve": ("starter", "stdio"),
}
_LAYER_OF = {
    f"kzgraph_server.{member}": name for name, members in MEMBERS.items() for member in members
}

#: The names that several parts have for one idea: what can be set, and what can go wrong.
NAMED_TWICE = {"settings", "errors"}

#: Lines of the longest module by the folder it is in: a list of cases may run on a little.
MAX_LINES = {"src": 400, "server": 400, "mappings": 400, "tests": 500}


def layer(module: str) -> str | None:
    """The layer that `module` belongs to, or None for the ground and foreign modules."""
    if module in ALLOWED or module in _LAYER_OF:
        return _LAYER_OF.get(module, module)
    package = module.rpartition(".")[0]
    # A module beside others of the server has to be put into a layer: it is in none by itself.
    return layer(package) if package and package != "kzgraph_server" else None


def imports(path: Path) -> set[str]:
    """The modules that the source at `path` imports, wherever in it, as dotted names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: name the module in full"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                found.add(inner if inner in MODULES else module)
    return {name for name in found if name.split(".")[0] in PACKAGES}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_below(module: str) -> None:
    own = layer(module)
    assert own or module in GROUND, (
        f"{module} is in no layer; say in ALLOWED or MEMBERS where it belongs"
    )
    for target in imports(MODULES[module]):
        if target in GROUND:
            continue
        target_layer = layer(target)
        assert target_layer, f"{module} imports {target}, which is in no layer"
        if module == "kzgraph" and target_layer == FRONT_DOOR:
            continue
        if own is None:
            pytest.fail(f"{module} is the ground, and imports {target} from above")
        assert target_layer == own or target_layer in ALLOWED[own], (
            f"{module} ({own}) imports {target} ({target_layer})"
        )


def test_every_member_of_a_layer_is_a_module() -> None:
    assert _LAYER_OF.keys() <= MODULES.keys()


def test_every_layer_has_a_module() -> None:
    assert {layer(module) for module in MODULES} - {None} == set(ALLOWED)


def test_the_rule_itself_has_no_circle() -> None:
    done: set[str] = set()
    while len(done) < len(ALLOWED):
        ready = {name for name, below in ALLOWED.items() if below <= done} - done
        assert ready, f"a circle among {set(ALLOWED) - done}"
        done |= ready


def test_the_modules_have_no_circle() -> None:
    below = {name: imports(path) & MODULES.keys() - {name} for name, path in MODULES.items()}
    while below:
        ready = {name for name, targets in below.items() if not targets & below.keys()}
        assert ready, f"a circle among {sorted(_in_circles(below))}"
        below = {name: targets for name, targets in below.items() if name not in ready}


def _in_circles(below: dict[str, set[str]]) -> set[str]:
    """Of modules that wait for each other those that others wait for too."""
    found = set(below)
    while above := {name for name in found if not any(name in below[each] for each in found)}:
        found -= above
    return found


def test_a_module_name_occurs_once() -> None:
    """But for a command, which is named as what it calls: `kzgraph.cli.verify`."""
    names = Counter(
        path.stem
        for module, path in MODULES.items()
        if path.stem != "__init__" and not module.startswith("kzgraph.cli.")
    )
    assert {name for name, count in names.items() if count > 1} == NAMED_TWICE


def test_the_readme_of_the_server_names_modules_that_are_there() -> None:
    text = (ROOT / "server" / "README.md").read_text("utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.py)`", text))
    known = [f"/{path.relative_to(ROOT)}" for path in MODULES.values()]
    known += ["/tests/test_layers.py", "/tests/test_request_path.py", "/tests/front_client.py"]
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in known)] == []


@pytest.mark.parametrize(
    "path",
    [*MODULES.values(), *sorted((ROOT / "tests").glob("*.py"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_module_is_short_enough_to_read(path: Path) -> None:
    most = MAX_LINES[path.relative_to(ROOT).parts[0]]
    assert len(path.read_text("utf-8").splitlines()) <= most
