"""Answers of one row whose aggregates have nothing to go by.

https://www.w3.org/TR/sparql11-query/#aggregateAlgebra: without GROUP BY the solutions are one
group, even where there are none. Then COUNT, SUM and AVG are 0, which reads like a fact.
"""

import re
from collections.abc import Iterable, Sequence

from pyoxigraph import Literal

from kzgraph.namespaces import Term

_AGGREGATE = re.compile(
    r"(?<![\w:?$-])(?:COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT)\s*\(", re.IGNORECASE
)


def has_aggregate(query: str) -> bool:
    """Whether the text of a query seems to call an aggregate; a comment may, too."""
    return _AGGREGATE.search(query) is not None


def may_be_of_nothing(query: str, row: Sequence[str | None]) -> bool:
    """Whether `row`, the only one of an answer, may come from no solution at all.

    Args:
        query: its text.
        row: the lexical form of each value, None where there is none.
    """
    return has_aggregate(query) and all(map(_is_nothing, row))


def read_row(row: Iterable[Term | None]) -> list[str | None]:
    """The lexical form of each value of a row, None where there is none."""
    return [
        None if value is None else value.value if isinstance(value, Literal) else str(value)
        for value in row
    ]


def _is_nothing(value: str | None) -> bool:
    if not value:
        return True
    try:
        return float(value) == 0
    except ValueError:
        return False
