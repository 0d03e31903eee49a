"""Queries from the command line: to a release on this machine, or to an endpoint.

A local query goes through the analysis and evaluation of the endpoint, so that both refuse the same
queries with the same message, and return the same columns in the same order.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kzgraph.client.errors import EndpointError, QueryRefused, QueryTimeout
from kzgraph.namespaces import Term
from kzgraph.problem import Problem


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT: one row per solution, None where a variable is not bound."""

    variables: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


#: To a SELECT, an ASK, and a CONSTRUCT or DESCRIBE.
Answer = Solutions | bool | list[Triple]


def answer(store: Path, text: str, timeout: float | None = None) -> Answer:
    """Query the store in the folder `store`, in a process of its own.

    Args:
        store: of a release.
        text: a SPARQL 1.1 query.
        timeout: seconds; then the query is ended.

    Raises:
        Problem: the endpoint would refuse it too, with the same message; or the store could not
            answer.
        TimeoutError: `timeout` has passed.
    """
    # Imported here: a query to an endpoint can do without.
    from kzgraph.sparql.apart import ask_apart

    found = ask_apart(store, text, timeout)
    return found if isinstance(found, list) else _collected(found)


def describe(store: Path, text: str, hxl: bool, timeout: float | None = None) -> dict[str, Any]:
    """What the columns of the CSV of a query mean, as CSVW metadata; see `answer`."""
    from kzgraph.sparql.apart import describe_apart

    return describe_apart(store, text, timeout, hxl=hxl)


def explain(store: Path, text: str, timeout: float | None = None) -> list[str]:
    """Why the store in the folder `store` finds nothing, as sentences; none where time ran out."""
    from kzgraph.sparql.apart import explain_apart

    try:
        return explain_apart(store, text, timeout)
    except (Problem, TimeoutError):
        return []


def ask_why(endpoint: str, text: str, timeout: float | None = None) -> list[str]:
    """Why the endpoint finds nothing, as sentences; none where it does not say."""
    from kzgraph.client.endpoint import Endpoint

    wrapper = Endpoint(endpoint, timeout)
    try:
        wrapper.fetch(text)
        return wrapper.reasons()
    except (EndpointError, QueryRefused, QueryTimeout):
        return []


def ask(endpoint: str, text: str, timeout: float | None = None) -> Answer:
    """Query the SPARQL endpoint at the address `endpoint`.

    The prefixes of the project that the query uses without declaring them are declared for it.

    Raises:
        EndpointError: no answer, or one that is not a SPARQL result.
        QueryRefused: the endpoint found a fault in the query.
        QueryTimeout: no data came for `timeout` seconds.
    """
    # Imported here: it brings rdflib along, which a local query can do without.
    from kzgraph.client.endpoint import Endpoint

    wrapper = Endpoint(endpoint, timeout)
    body = wrapper.fetch(text)
    try:
        if wrapper.queryType in ("CONSTRUCT", "DESCRIBE"):
            return [quad.triple for quad in parse(body, RdfFormat.TURTLE)]
        return _collected(parse_query_results(body, QueryResultsFormat.JSON))
    except (SyntaxError, ValueError):
        raise EndpointError(f"{endpoint}: the answer is not a SPARQL result") from None


def _collected(result: QuerySolutions | QueryBoolean) -> Answer:
    if isinstance(result, QueryBoolean):
        return bool(result)
    names = [variable.value for variable in result.variables]
    return Solutions(tuple(names), [tuple(solution[name] for name in names) for solution in result])
