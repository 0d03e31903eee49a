"""Queries that group and compute, which something faster than the store may answer."""

import re
from typing import Protocol

from pyoxigraph import QuerySolutions

from kzgraph.sparql.analysis import Analysis

#: The words of such queries, in small letters, and how they go on. A word is looked for first:
#: that takes a microsecond, and every query is searched.
_SIGNS = {
    **{name: re.compile(rf"{name}\s*\(") for name in ("count", "sum", "avg", "min", "max")},
    "group": re.compile(r"group\s+by"),
}


class Aggregates(Protocol):
    """What answers such queries about the default data set: the columns of a release."""

    def ask(self, analysis: Analysis) -> QuerySolutions | None:
        """The answer; None where the store has to give it.

        Which of the two answers depends on the query and the release alone.

        Args:
            analysis: of a query that names no data set.

        Raises:
            MemoryError: it would take more memory than it may.
            ValueError, RuntimeError: the query cannot be evaluated.
        """


def may_aggregate(query: str) -> bool:
    """Whether a query looks like one that groups and computes.

    >>> may_aggregate("SELECT ?c { ?c a ex:Country }")
    False
    >>> may_aggregate("SELECT (Count (*) AS ?n) { ?c a ex:Country }")
    True
    """
    small = query.lower()
    return any(word in small and sign.search(small) for word, sign in _SIGNS.items())
