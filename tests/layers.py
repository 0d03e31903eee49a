"""The modules of the project, as the tests of its structure see them."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE_ROOTS = ("src", "server", "mappings")
PACKAGES = {"kzgraph", "kzgraph_server", "kzgraph_mappings"}


def modules() -> dict[str, Path]:
    """Every module of the project by its dotted name."""
    found = {}
    for root in SOURCE_ROOTS:
        for path in sorted((ROOT / root).rglob("*.py")):
            parts = path.relative_to(ROOT / root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()
