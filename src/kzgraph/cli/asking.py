"""Queries from the command line: to a release on this machine, or to an endpoint.

The server answers queries along a path of its own; what it looks for in a query before the store
sees it (SERVICE, FROM, how deep brackets nest) is looked for here by the same code.
"""

import ast
import queue
import re
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

from kzgraph.prefixes import PREFIXES
from kzgraph_server.inspection import Inspection, Refusal, inspect
from kzgraph_server.lexer import LexicalError

#: Deeper nesting could overflow the stack of the store's parser, which ends the whole process.
MAX_NESTING = 100

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT: one row per solution, None where a variable is not bound.

    The columns stand in the order of the query; for `SELECT *` on a local release that is the
    order in which its variables first occur, where pyoxigraph's own would be alphabetical.
    """

    variables: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


#: To a SELECT, an ASK, and a CONSTRUCT or DESCRIBE.
Answer = Solutions | bool | list[Triple]


class QueryRefused(ValueError):
    """The query cannot be run as it stands; the message says where and why."""


class QueryTimeout(Exception):
    """The query took longer than it may."""


class EndpointError(Exception):
    """The endpoint could not be reached, or refused the query."""


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
    query = _inspected(text)
    prefixes = dict(PREFIXES)
    outcomes: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcomes.put(
                _collected(
                    store.query(
                        text,
                        prefixes=prefixes,
                        use_default_graph_as_union=not query.names_dataset,
                    ),
                    query,
                )
            )
        except Exception as error:
            outcomes.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        outcome = outcomes.get(timeout=timeout)
    except queue.Empty:
        raise QueryTimeout(f"no answer within {timeout:g} s") from None
    if isinstance(outcome, SyntaxError):
        raise QueryRefused(syntax_error(text, str(outcome)))
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
    from SPARQLWrapper import JSON, POST, TURTLE, SPARQLExceptions, SPARQLWrapper

    wrapper = SPARQLWrapper(endpoint, agent="kzgraph")
    wrapper.setQuery(_with_prefixes(text))
    wrapper.setMethod(POST)
    if timeout is not None:
        wrapper.setTimeout(max(1, round(timeout)))
    graph = wrapper.queryType in ("CONSTRUCT", "DESCRIBE")
    wrapper.setReturnFormat(TURTLE if graph else JSON)
    try:
        body = wrapper.query().response.read()
    except SPARQLExceptions.QueryBadFormed as error:
        raise QueryRefused(_what_was_said(error)) from None
    except TimeoutError:
        raise QueryTimeout(f"{endpoint} was silent for {timeout:g} s") from None
    except (SPARQLExceptions.SPARQLWrapperException, OSError, ValueError) as error:
        if isinstance(getattr(error, "reason", None), TimeoutError):
            raise QueryTimeout(f"{endpoint} was silent for {timeout:g} s") from None
        raise EndpointError(f"{endpoint}: {_what_was_said(error)}") from None
    try:
        if graph:
            return [quad.triple for quad in parse(body, RdfFormat.TURTLE)]
        return _collected(parse_query_results(body, QueryResultsFormat.JSON))
    except (SyntaxError, ValueError):
        raise EndpointError(f"{endpoint}: the answer is no SPARQL result") from None


def syntax_error(text: str, message: str) -> str:
    """The engine's message about `text` with the words it stumbled on.

    >>> syntax_error("SELECT * { ?s ?p }", "error at 1:18: expected one of x")
    "line 1, column 18, at '}': expected one of x"
    """
    found = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not found:
        return message
    line, column, rest = int(found[1]), int(found[2]), found[3]
    lines = text.splitlines()
    here = lines[line - 1][column - 1 :].strip()[:20] if line <= len(lines) else ""
    place = f"at {here!r}" if here else "at its end"
    return f"line {line}, column {column}, {place}: {' '.join(rest.split())}"


def _inspected(text: str) -> Inspection:
    try:
        return inspect(text, PREFIXES, MAX_NESTING)
    except Refusal as error:
        raise QueryRefused(f"{_place(text, error.token.start)}: {error}") from None
    except LexicalError as error:
        raise QueryRefused(f"{_place(text, error.start)}: {error}") from None


def _place(text: str, start: int) -> str:
    before = text[:start]
    return f"line {before.count(chr(10)) + 1}, column {start - before.rfind(chr(10))}"


def _with_prefixes(text: str) -> str:
    """`text` with the project's prefixes that it seems to use declared before its first line.

    They take no line of their own, so that the lines of a message about `text` stay right; where
    the query declares one itself, its declaration comes later and wins.
    """
    used = [name for name in PREFIXES if f"{name}:" in text]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in used) + text


def _collected(
    result: QuerySolutions | QueryBoolean | QueryTriples, query: Inspection | None = None
) -> Answer:
    if isinstance(result, QueryBoolean):
        return bool(result)
    if isinstance(result, QueryTriples):
        return list(result)
    names = [variable.value for variable in result.variables]
    if query is not None and query.star is not None:
        names = query.ordered(names)
    return Solutions(tuple(names), [tuple(solution[name] for name in names) for solution in result])


def _what_was_said(error: BaseException) -> str:
    """What the endpoint answered, in one line, or what went wrong on the way to it."""
    message, found, shown = str(error).partition("Response:\n")
    if found:
        # SPARQLWrapper appends the bytes of the answer as Python writes them.
        body = ast.literal_eval(shown).decode("utf-8", "replace")
        if not body.lstrip().startswith("<"):
            message = body
    text = str(getattr(error, "reason", None) or message)
    return " ".join(text.split()) or type(error).__name__
