"""The sample with one damage after the other, as the data of a validation.

To put nine thousand triples into a store and an index takes a hundred times as long as to damage
two of them and to look at them with the one shape that is meant for that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from pyoxigraph import Quad, Store

from kzgraph.validation.data import Data
from mutations import Mutation
from sample_graph import sample


class _Changed(Data):
    """Other data with some triples less and some more; what did not change is shared with it."""

    def __init__(self, before: Data, store: Store, less: set[Quad], more: set[Quad]) -> None:
        super().__init__((), store)
        self._by_subject = dict(before._by_subject)
        self._by_predicate = dict(before._by_predicate)
        for each in {quad.subject for quad in less | more}:
            kept = self._by_subject.get(each, {})
            self._by_subject[each] = {name: [*values] for name, values in kept.items()}
        for each in {quad.predicate for quad in less | more}:
            kept = self._by_predicate.get(each, {})
            self._by_predicate[each] = {value: [*nodes] for value, nodes in kept.items()}
        for quad in less:
            values = self._by_subject[quad.subject][quad.predicate]
            values.remove(quad.object)
            if not values:
                del self._by_subject[quad.subject][quad.predicate]
            nodes = self._by_predicate[quad.predicate][quad.object]
            nodes.remove(quad.subject)
            if not nodes:
                del self._by_predicate[quad.predicate][quad.object]
        for quad in more:
            about = self._by_subject[quad.subject]
            about.setdefault(quad.predicate, []).append(quad.object)
            with_it = self._by_predicate[quad.predicate]
            with_it.setdefault(quad.object, []).append(quad.subject)
        for subject in [each for each in self._by_subject if not self._by_subject[each]]:
            del self._by_subject[subject]
        for predicate in [each for each in self._by_predicate if not self._by_predicate[each]]:
            del self._by_predicate[predicate]


@cache
def _sound() -> tuple[Store, frozenset[Quad], Data]:
    """A store of the sample, its triples, and the same as data."""
    quads = frozenset(Quad(*quad.triple) for quad in sample())
    store = Store()
    store.bulk_extend(quads)
    return store, quads, Data(quads)


@contextmanager
def damaged_data(mutation: Mutation) -> Iterator[Data]:
    """The sample with a damage, which is undone at the end."""
    store, quads, data = _sound()
    mutation.apply(store)
    found = set(store)
    less, more = set(quads - found), found - quads
    try:
        yield _Changed(data, store, less, more)
    finally:
        for quad in more:
            store.remove(quad)
        store.extend(less)
