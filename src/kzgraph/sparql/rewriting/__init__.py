"""Rewriting, or refusing, queries that the store (pyoxigraph 0.5.13) answers wrongly.

One module for each kind of fault, or one of those in `functions`: what it looks for in the tree of
a query, the words or signs without which it finds nothing (`WORDS`: the thin path of `analysis`
rests on them), and what it writes instead. `tests/test_store_faults.py` runs each of them without
rewriting, and turns red when a newer store answers correctly: then that one can be removed.
"""

from kzgraph.sparql.rewriting import (
    beginnings,
    constants,
    correlations,
    counting,
    descriptions,
    functions,
    graphs,
    having,
    ordering,
    paths,
    patterns,
    stars,
    unions,
)
from kzgraph.sparql.rewriting.writer import Rule, Store, Writer
from kzgraph.sparql.tree import Select

__all__ = ["FUNCTIONS", "RULES", "WORDS", "Store", "rewrite"]

_MODULES = (
    ordering,
    functions,
    patterns,
    paths,
    graphs,
    stars,
    counting,
    unions,
    beginnings,
    correlations,
    having,
    constants,
    descriptions,  # it writes the whole query: the others check it first
)
#: What each kind of node is rewritten by.
RULES: tuple[Rule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
#: Without any of these in a query, in small letters, no rule applies.
WORDS: frozenset[str] = frozenset().union(*(module.WORDS for module in _MODULES))

#: What the store has to be given for what is rewritten.
FUNCTIONS = patterns.FUNCTIONS | functions.FUNCTIONS


def rewrite(text: str, query: Select, store: Store) -> str:
    """The query `text`, whose tree is `query`, rewritten for the store.

    Raises:
        Refusal: it cannot be rewritten.
    """
    return text[: query.start] + Writer(text, query, store, RULES).write(query) + text[query.end :]
