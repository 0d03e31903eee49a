"""Locating the files that ship with the code, installed or in a checkout."""

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_data"
_CHECKOUT = Path(__file__).parents[2]


def checkout() -> Path | None:
    """The checkout that this code runs from; None where it is installed without one."""
    if _INSTALLED.is_dir() or not (_CHECKOUT / "pyproject.toml").is_file():
        return None
    return _CHECKOUT


def folder(name: str) -> Path:
    """The folder of bundled files called `name`: ontology, mappings, shapes or queries.

    Raises:
        FileNotFoundError: neither the installed package nor the checkout has it.
    """
    for root in (_INSTALLED, _CHECKOUT):
        candidate = root / name
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"kzgraph is installed without its folder {name!r}")
