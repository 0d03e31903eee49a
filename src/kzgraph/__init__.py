"""A linked-data knowledge graph of UNHCR's operation in Kazakhstan.

Facts move in one direction: tables, mapping, reasoning, validation, release, server.

>>> import kzgraph
>>> kzgraph.open_release  # doctest: +ELLIPSIS
<function open_release at ...>
"""

from typing import TYPE_CHECKING

from kzgraph.version import VERSION

if TYPE_CHECKING:
    from kzgraph.client.endpoint import endpoint
    from kzgraph.client.rdflib_release import open_release

__version__ = VERSION

__all__ = ["__version__", "endpoint", "open_release"]

#: What is loaded when it is first asked for: rdflib takes a quarter of a second.
_LAZY = {
    "endpoint": "kzgraph.client.endpoint",
    "open_release": "kzgraph.client.rdflib_release",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)
