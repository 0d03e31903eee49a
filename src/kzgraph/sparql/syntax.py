"""Syntax errors of the store's parser, reworded for the author of the query."""

import re
from collections.abc import Sequence

from pyoxigraph import Store

from kzgraph.iri import BASE
from kzgraph.prefixes import used_prefixes
from kzgraph.problem import Problem
from kzgraph.sparql.analysis import Analysis
from kzgraph.sparql.grouping import check_bindings, check_grouping
from kzgraph.sparql.lexer import Token
from kzgraph.sparql.refusals import Refusal, problem_at, undeclared_prefix

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
#: A sentence among the tokens that the parser lists as expected.
_SENTENCE = re.compile(r"(?:[A-Z][a-z]|The )[^,\[]*(?: [^,\[]+)+")
#: Blanks put between tokens: more than the longest keyword, ENCODE_FOR_URI, has letters.
_APART = 24
#: A query of more tokens is not parsed once more to find its fault.
_MOST_TOKENS = 20_000
#: What the parser is asked with.
_EMPTY = Store()
#: No token of SPARQL: behind a query that is right, the parser stops there, and evaluates nothing.
_STOP = "\N{REFERENCE MARK}"


def check_syntax(text: str) -> None:
    """Have the store's parser read the query `text`, and evaluate nothing.

    The text has to be a whole query, its brackets closed: where it breaks off shows no fault here.

    Raises:
        SyntaxError: it is not SPARQL.
    """
    try:
        _EMPTY.query(f"{text}\n{_STOP}", base_iri=BASE, prefixes=used_prefixes(text))
    except SyntaxError as error:
        match = _POSITION.match(str(error))
        if match is None or int(match[1]) != text.count("\n") + 2 or _SENTENCE.search(match[3]):
            raise


def syntax_problem(text: str, error: SyntaxError, analysis: Analysis) -> Problem:
    """The 400 for what the store's parser says of the query `text`.

    Args:
        text: the query.
        error: the exception of the parser.
        analysis: what is known of it.
    """
    if analysis.undeclared is not None:
        return undeclared_prefix(text, analysis.undeclared)
    if analysis.query is not None:
        try:
            check_grouping(analysis.query)
            check_bindings(analysis.query)
        except Refusal as refused:
            return refused.problem(text)
    match = _POSITION.match(str(error))
    if match is None:
        return Problem(400, f"The query is not SPARQL: {error}.", query=text)
    message = _explain(match[3])
    place = _find_misfit(analysis.tokens)
    if place is None:
        place = min(_offset(text, int(match[1]), int(match[2])), len(text))
    return problem_at(text, message, place)


def _find_misfit(every: Sequence[Token]) -> int | None:
    """The start of the token of `every` that the parser cannot take, or where they end too early.

    The parser names the furthest place that it looked at, and where it looked for a keyword that
    is the end of as many letters: up to fourteen behind the fault, often in another line. With the
    tokens set further apart than that, the furthest place lies behind the token at fault.
    """
    if not 0 < len(every) <= _MOST_TOKENS:
        return None
    starts, spread = _spread(every)
    match = None
    try:
        _EMPTY.query(spread, base_iri=BASE, prefixes=used_prefixes(spread))
    except SyntaxError as error:
        match = _POSITION.match(str(error))
    except ValueError:
        pass
    if match is None:
        return None  # What the parser reads differently when it is set apart.
    reached = _offset(spread, int(match[1]), int(match[2]))
    if reached >= len(spread) - _APART:
        return every[-1].end
    # A place inside a token is that token's, too.
    return max(each.start for each, at in zip(every, starts, strict=True) if at <= reached)


def _spread(every: Sequence[Token]) -> tuple[list[int], str]:
    """The tokens far apart: where each starts, and the text."""
    starts, parts, size = [], [], 0
    for token in every:
        starts.append(size)
        part = token.text + " " * _APART
        parts.append(part)
        size += len(part)
    return starts, "".join(parts) + " " * _APART


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return sum(len(each) + 1 for each in lines[: line - 1]) + column - 1


def _explain(expectation: str) -> str:
    """What the parser expected, without the names of its character sets.

    >>> _explain('expected one of "$", ",", The SELECT contains a variable that is unbound, [_]')
    'Syntax error: The SELECT contains a variable that is unbound'
    """
    sentence = _SENTENCE.search(expectation)
    return f"Syntax error: {sentence.group().strip()}" if sentence else "Syntax error"
