"""Queries from the command line: to a release on this machine, or to an endpoint.

A local query is put to the store by the server's own code, so that both refuse the same queries
in the same words, and give the same columns in the same order.
"""

import queue
import threading
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

from kzgraph.client.errors import EndpointError, QueryRefused, QueryTimeout

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT: one row per solution, None where a variable is not bound."""

    variables: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


#: To a SELECT, an ASK, and a CONSTRUCT or DESCRIBE.
Answer = Solutions | bool | list[Triple]


def answer(store: Store, text: str, timeout: float | None = None) -> Answer:
    """Ask `store`; the default graph is the union of all graphs unless the query has FROM.

    The project's prefixes need no declaration; one that the query declares itself wins.

    Args:
        store: what is asked.
        text: a SPARQL 1.1 query.
        timeout: seconds. pyoxigraph cannot stop a query, so past this the query goes on in a
            thread that ends with the process; the caller is expected to end it.

    Raises:
        QueryRefused: bad syntax, a SERVICE clause, or brackets nested too deep.
        QueryTimeout: `timeout` has passed.
    """
    # Imported here: it brings Flask along, which a query to an endpoint can do without.
    from kzgraph.problem import Problem
    from kzgraph.settings import MAX_QUERY_NESTING
    from kzgraph.sparql import evaluation
    from kzgraph.sparql.job import Job

    job = Job("query", text, (), (), offers=(), timeout=timeout or 0)
    outcomes: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcomes.put(_collected(evaluation.ask(job, store, MAX_QUERY_NESTING)[0]))
        except Exception as error:
            outcomes.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        outcome = outcomes.get(timeout=timeout)
    except queue.Empty:
        raise QueryTimeout(f"no answer within {timeout:g} s") from None
    if isinstance(outcome, Problem):
        raise QueryRefused(outcome.detail)
    if isinstance(outcome, RuntimeError):
        raise QueryRefused(f"the query cannot be evaluated: {outcome}")
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def ask(endpoint: str, text: str, timeout: float | None = None) -> Answer:
    """Ask the SPARQL endpoint at the address `endpoint`.

    The prefixes of the project that the query uses without declaring them are declared for it.

    Raises:
        EndpointError: no answer, or one that is no SPARQL result.
        QueryRefused: the endpoint found a fault in the query.
        QueryTimeout: nothing was heard for `timeout` seconds.
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


def _collected(result: QuerySolutions | QueryBoolean | QueryTriples) -> Answer:
    if isinstance(result, QueryBoolean):
        return bool(result)
    if isinstance(result, QueryTriples):
        return list(result)
    names = [variable.value for variable in result.variables]
    return Solutions(tuple(names), [tuple(solution[name] for name in names) for solution in result])
