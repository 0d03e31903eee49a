"""Notes on a figure, propagated to what is computed from it or compares it."""

from collections.abc import Iterator

from pyoxigraph import Store, Triple

from kzgraph.namespaces import OA
from kzgraph.reasoning.rules_text import nodes, select

_HAS_TARGET = OA["hasTarget"]


def caveats(store: Store) -> Iterator[Triple]:
    """The further targets of notes on the inputs of derived figures and comparisons.

    A doubt about a number is a doubt about its share, its change and its difference from another.
    """
    for note, result in nodes(select(store, "caveats.rq"), "note", "result"):
        yield Triple(note, _HAS_TARGET, result)
