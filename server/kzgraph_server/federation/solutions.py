"""The solutions in the answer of another endpoint, which may hold anything.

https://www.w3.org/TR/sparql11-results-json/
"""

import json
from collections.abc import Sequence
from typing import Any

from pyoxigraph import BaseDirection, Literal, NamedNode

from kzgraph_server.federation.rewriting import Row


class Broken(ValueError):
    """The answer is not what an endpoint of SPARQL 1.1 sends; the message says in what."""


class NotInline(ValueError):
    """The answer holds a term that inline data cannot hold."""


def read_solutions(data: bytes, variables: Sequence[str], max_rows: int) -> list[Row]:
    """The solutions in `data`, JSON.

    Read with Python's parser, which gives up on deep nesting: one in the store's library could end
    the process. Each term is checked by the store's library as it is made.

    Args:
        data: the body of the answer.
        variables: those of the pattern. What an endpoint says of others is left out, so that it
            cannot bind what it was not asked for.
        max_rows: how many solutions there may be.

    Raises:
        Broken: the answer is not SPARQL 1.1 Query Results, or holds too many.
        NotInline: it holds a blank node or a triple.
    """
    try:
        document = json.loads(data)
        bindings = document["results"]["bindings"]
        if not isinstance(bindings, list):
            raise TypeError("bindings are not a list")
        if len(bindings) > max_rows:
            raise Broken(f"its answer has more than {max_rows:,} solutions")
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
