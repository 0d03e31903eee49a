"""Parsing the response of another endpoint, which is not trusted.

https://www.w3.org/TR/sparql11-results-json/
"""

import json
from collections.abc import Sequence
from typing import Any

from pyoxigraph import BaseDirection, Literal, NamedNode

from kzgraph_server.federation.service_calls import Row

#: Of the largest answer. A solution without bindings takes two bytes where it comes from, and in
#: the query one term for each variable.
_USUAL_COLUMNS = 20


class Broken(ValueError):
    """A call failed in a way that SILENT ignores; the message says why.

    Attributes:
        status: the status of a query that does not ignore it.
    """

    def __init__(self, reason: str, status: int = 502) -> None:
        super().__init__(reason)
        self.status = status


class TooMuch(Broken):
    """An answer is larger than this server takes, which SILENT does not ignore."""


class NotInline(ValueError):
    """The response has a term that inline data cannot have."""


def read_solutions(data: bytes, variables: Sequence[str], max_rows: int) -> list[Row]:
    """The solutions in `data`, JSON.

    Python's parser raises on deep nesting, where the one in the store's library could crash the
    process. The store's library validates each term.

    Args:
        data: the body of the answer.
        variables: those of the pattern. Bindings of others are ignored, so that an endpoint
            cannot bind more than it was asked for.
        max_rows: how many solutions there may be.

    Raises:
        Broken: the answer is not SPARQL 1.1 Query Results, or holds too much.
        NotInline: it holds a blank node or a triple.
    """
    try:
        document = json.loads(data)
        bindings = document["results"]["bindings"]
        if not isinstance(bindings, list):
            raise TypeError("bindings are not a list")
        if len(bindings) > max_rows:
            raise TooMuch(f"its answer has more than {max_rows:,} solutions")
        if len(bindings) * len(variables) > max_rows * _USUAL_COLUMNS:
            raise TooMuch(f"its answer has more than {max_rows * _USUAL_COLUMNS:,} cells")
        return [tuple(_term(each.get(name)) for name in variables) for each in bindings]
    except (Broken, NotInline):
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Broken("its answer is not SPARQL 1.1 Query Results JSON") from None


def _term(found: Any) -> NamedNode | Literal | None:
    if found is None:
        return None
    kind, value = found["type"], found["value"]
    if kind == "bnode":
        raise NotInline("a blank node")
    if kind == "triple":
        raise NotInline("a triple")
    if not isinstance(value, str):
        raise TypeError("a value is not a string")
    if kind == "uri":
        return NamedNode(value)
    if kind not in ("literal", "typed-literal"):
        raise ValueError("a term of no known kind")
    language, datatype = found.get("xml:lang"), found.get("datatype")
    if language is not None:
        direction = found.get("its:dir")
        return Literal(
            value,
            language=language,
            direction=None if direction is None else BaseDirection(direction),
        )
    return Literal(value, datatype=None if datatype is None else NamedNode(datatype))
