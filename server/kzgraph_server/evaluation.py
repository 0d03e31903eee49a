"""A query, put to the store: the data set, the order of columns, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from kzgraph.iri import BASE
from kzgraph_server.inspection import Inspection, Refusal, inspect
from kzgraph_server.lexer import LexicalError, tokens
from kzgraph_server.problems import Problem
from kzgraph_server.protocol import QueryRequest

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
#: How the parser's grammar names sets of characters, which tell an author nothing.
_CHARACTER_SET = re.compile(r"\[[^\]]*\]|\"[^\"]\"")
_SENTENCE = re.compile(r"(?:[A-Z][a-z]|The )[^,\[]*(?: [^,\[]+)+")
_NEAR = 30


@dataclass(frozen=True)
class Answer:
    """The result of a query; it is computed while it is read."""

    result: QuerySolutions | QueryBoolean | QueryTriples


def evaluate(
    store: Store, request: QueryRequest, prefixes: Mapping[str, str], max_nesting: int
) -> Answer:
    """Put the query of `request` to `store`.

    The default graph is the union of all graphs where neither the query nor the request gives a
    data set; a data set in the request wins over one in the query (section 2.1.4 of the protocol).

    Raises:
        Problem: 400, with line, column and the offending text where there is such a place.
    """
    text = request.query or ""
    try:
        found = inspect(text, prefixes.keys(), max_nesting)
    except LexicalError as error:
        raise refusal(text, str(error), error.start) from None
    except Refusal as error:
        raise refusal(text, str(error), error.token.start) from None
    try:
        result = _run(store, text, request, prefixes, found)
        if isinstance(result, QuerySolutions) and found.star is not None:
            ordered = found.ordered([variable.value for variable in result.variables])
            if ordered and ordered != [variable.value for variable in result.variables]:
                # Oxigraph sorts the columns of `SELECT *`; named one by one they keep their order.
                columns = " " + " ".join(f"?{name}" for name in ordered) + " "
                text = text[: found.star.start] + columns + text[found.star.end :]
                result = _run(store, text, request, prefixes, found)
    except SyntaxError as error:
        raise _syntax_problem(request.query or "", error, found) from None
    except (ValueError, RuntimeError) as error:
        raise Problem(400, f"The query cannot be evaluated: {error}.", query=text) from None
    return Answer(result)


def _run(
    store: Store,
    text: str,
    request: QueryRequest,
    prefixes: Mapping[str, str],
    found: Inspection,
) -> QuerySolutions | QueryBoolean | QueryTriples:
    if request.default_graphs or request.named_graphs:
        return store.query(
            text,
            base_iri=BASE,
            prefixes=dict(prefixes),
            default_graph=list(request.default_graphs),
            named_graphs=list(request.named_graphs),
        )
    # The union flag overrides FROM, so it is set only where there is none.
    return store.query(
        text,
        base_iri=BASE,
        prefixes=dict(prefixes),
        use_default_graph_as_union=not found.names_dataset,
    )


def refusal(text: str, message: str, start: int) -> Problem:
    """The 400 for what stands at `start`, in characters, of the query `text`."""
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    return _problem(text, message, line, column, start)


def _problem(text: str, message: str, line: int, column: int, start: int) -> Problem:
    near = " ".join(text[start : start + 4 * _NEAR].split())
    near = near[:_NEAR] + ("…" if len(near) > _NEAR else "")
    return Problem(
        400,
        f"{message} (line {line}, column {column}, near {near!r}).",
        line=line,
        column=column,
        near=near,
        query=text,
    )


def _syntax_problem(text: str, error: SyntaxError, found: Inspection) -> Problem:
    if found.undeclared is not None:
        prefix = found.undeclared.text.partition(":")[0]
        return refusal(text, f"The prefix {prefix}: is not declared", found.undeclared.start)
    match = _POSITION.match(str(error))
    if match is None:
        return Problem(400, f"The query is not SPARQL: {error}.", query=text)
    line, column = int(match[1]), int(match[2])
    before = "\n".join([*text.split("\n")[: line - 1], text.split("\n")[line - 1][: column - 1]])
    # The parser names the furthest place that it reached, often just behind the fault: the words
    # around it, from the last token before it, show both.
    last = max((token.start for token in tokens(text) if token.start < len(before)), default=0)
    return _problem(text, _explain(match[3]), line, column, last)


def _explain(expectation: str) -> str:
    """What the parser expected, without the names of its character sets.

    >>> _explain('expected one of "$", ",", The SELECT contains a variable that is unbound, [_]')
    'Syntax error: The SELECT contains a variable that is unbound'
    """
    sentence = _SENTENCE.search(expectation)
    if sentence:
        return f"Syntax error: {sentence.group().strip()}"
    return "Syntax error"
