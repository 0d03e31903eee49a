"""What the packaged tables lend to others: things that sources speak of, and these tables lack.

A note that cells are rounded, the instruments of treaties and the codes of quantities are rows of
the packaged tables. Where sources join other tables, those rows that they need come along, with
what these refer to in turn.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from kzgraph.iri import graph
from kzgraph.namespaces import Term

#: The graphs whose things are lent: of no document.
_LENDING = frozenset(map(graph, ("entities", "concepts", "editorial")))


def lend(
    store: Store, packaged: Iterable[Quad], paths: Iterable[Path], shared: Iterable[Quad]
) -> list[Quad]:
    """What the packaged tables say of things that sources refer to and `store` lacks.

    Args:
        store: other tables, mapped, and what sources share.
        packaged: the packaged tables, mapped.
        paths: the graphs of sources as canonical N-Quads.
        shared: what sources share.
    """
    lacking: dict[Term, list[Quad]] = {}
    for quad in packaged:
        if quad.graph_name in _LENDING:
            lacking.setdefault(quad.subject, []).append(quad)
    for subject in list(lacking):
        if next(store.quads_for_pattern(subject, None, None, None), None):  # type: ignore[arg-type]
            del lacking[subject]
    wanted = [*_find_objects(paths, lacking), *(quad.object for quad in shared)]
    found: list[Quad] = []
    while wanted:
        lent = lacking.pop(wanted.pop(), [])
        found += lent
        wanted += [quad.object for quad in lent]
    return found


def _find_objects(paths: Iterable[Path], known: Iterable[Term]) -> Iterator[Term]:
    """Those of `known` that a triple of the graphs leads to."""
    left = {str(each).encode(): each for each in known if isinstance(each, NamedNode)}
    for path in paths:
        with path.open("rb") as stream:
            for line in stream:
                value = line.split(b" ", 2)[2].rsplit(b" ", 2)[0]
                if value in left:
                    yield left.pop(value)
