"""Refusals of queries, with the position of the reason."""

from kzgraph.problem import Problem
from kzgraph.sparql.lexer import Token

#: Characters of a query that a message shows.
_NEAR = 30


class Refusal(ValueError):
    """The query is refused.

    Attributes:
        start: where, in characters from the start of the query.
    """

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.start = start

    def problem(self, text: str) -> Problem:
        """The 400 for the query `text`."""
        return problem_at(text, str(self), self.start)


def problem_at(text: str, message: str, start: int) -> Problem:
    """The 400 for what stands at `start`, in characters, of the query `text`."""
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    near = " ".join(text[start : start + 4 * _NEAR].split())
    near = near[:_NEAR] + ("…" if len(near) > _NEAR else "")
    where = f"near {near!r}" if near else "at the end"
    return Problem(
        400,
        f"{message} (line {line}, column {column}, {where}).",
        line=line,
        column=column,
        near=near,
        query=text,
    )


def undeclared_prefix(text: str, name: Token) -> Problem:
    """The 400 for `name`, whose prefix nothing declares, in the query `text`."""
    prefix = name.text.partition(":")[0]
    return problem_at(text, f"The prefix {prefix}: is not declared", name.start)
