"""The queries that charts are drawn from: their texts, and their answers from the release.

The texts are in `queries/`, one file each. A `$name` in one is bound before it is run, and what a
page offers as "the query" is the very text that was run. They run in the process of the pages,
where nothing ends a query that takes too long: each names the place, the class and the quantity of
what it counts, so that it meets few figures in a release of any size.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

from flask import url_for
from pyoxigraph import NamedNode, QuerySolutions, Store

from kzgraph.iri import BASE
from kzgraph.namespaces import Term
from kzgraph.prefixes import shorten, used_prefixes
from kzgraph_server.served import Served, compute_once

_QUERIES = Path(__file__).parent / "queries"
_PLACEHOLDER = re.compile(r"\$([a-z]+)")
#: Answers that are kept: a few rows for each chart that somebody looked at.
_MOST_KEPT = 1000

#: A solution: the terms of the variables that are bound.
Row = Mapping[str, Term]


@cache
def read_query(name: str) -> str:
    """The text of `queries/NAME.rq`."""
    return (_QUERIES / f"{name}.rq").read_text("utf-8")


def bind_query(name: str, **terms: NamedNode | int) -> str:
    """The text of a query with each `$name` in it replaced by its term.

    Terms are written as the project writes names in print: never as text from outside.

    Raises:
        KeyError: a `$name` has no term.
    """
    written = {
        each: shorten(term.value) if isinstance(term, NamedNode) else str(term)
        for each, term in terms.items()
    }
    return _PLACEHOLDER.sub(lambda found: written[found[1]], read_query(name))


def ask(text: str) -> tuple[Row, ...]:
    """The solutions of a bound query in the release that is served."""
    return compute_once(_Answers).ask(text)


def link_query(text: str) -> str:
    """The address of the page of a query."""
    return url_for("sparql.page", query=text)


class _Answers:
    """The answers of one release, those that were asked for last."""

    def __init__(self, now: Served) -> None:
        self._store = now.store
        self.ask = lru_cache(maxsize=_MOST_KEPT)(self._ask)

    def _ask(self, text: str) -> tuple[Row, ...]:
        return run_query(self._store, text)


def run_query(store: Store, text: str) -> tuple[Row, ...]:
    """The solutions of a bound query in `store`."""
    found = cast(
        QuerySolutions,
        store.query(
            text, base_iri=BASE, prefixes=used_prefixes(text), use_default_graph_as_union=True
        ),
    )
    names = [variable.value for variable in found.variables]
    return tuple(
        {name: cast(Term, term) for name, term in zip(names, row, strict=True) if term is not None}
        for row in found
    )
