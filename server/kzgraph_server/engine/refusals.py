"""What is wrong with a query, and where, in words for its author."""

import re

from kzgraph_server.engine.job import Problem
from kzgraph_server.inspection import Inspection
from kzgraph_server.lexer import tokens

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
#: A sentence among the tokens that the parser lists as expected.
_SENTENCE = re.compile(r"(?:[A-Z][a-z]|The )[^,\[]*(?: [^,\[]+)+")
_NEAR = 30


def refusal(text: str, message: str, start: int) -> Problem:
    """The 400 for what stands at `start`, in characters, of the query `text`."""
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    return _problem(text, message, line, column, start)


def syntax_problem(text: str, error: SyntaxError, found: Inspection) -> Problem:
    """The 400 for what the store's parser says of the query `text`."""
    if found.undeclared is not None:
        prefix = found.undeclared.text.partition(":")[0]
        return refusal(text, f"The prefix {prefix}: is not declared", found.undeclared.start)
    match = _POSITION.match(str(error))
    if match is None:
        return Problem(400, f"The query is not SPARQL: {error}.", query=text)
    line, column = int(match[1]), int(match[2])
    lines = text.split("\n")
    reached = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
    # The parser names the furthest place that it reached, often just behind the fault: the words
    # around it, from the last token before it, show both.
    last = 0
    for token in tokens(text):
        if token.start >= reached:
            break
        last = token.start
    return _problem(text, _explain(match[3]), line, column, last)


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


def _explain(expectation: str) -> str:
    """What the parser expected, without the names of its character sets.

    >>> _explain('expected one of "$", ",", The SELECT contains a variable that is unbound, [_]')
    'Syntax error: The SELECT contains a variable that is unbound'
    """
    sentence = _SENTENCE.search(expectation)
    return f"Syntax error: {sentence.group().strip()}" if sentence else "Syntax error"
