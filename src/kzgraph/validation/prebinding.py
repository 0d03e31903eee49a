"""Variables bound beforehand, https://www.w3.org/TR/shacl/#pre-binding.

From its tokens a query shows whether it may be used at all, whether binding `$this` beforehand
makes any difference, and where `$this` has to be bound if it does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from kzgraph.namespaces import Term
from kzgraph.sparql.grouping import AGGREGATES
from kzgraph.sparql.lexer import Kind, LexicalError, Token, tokens
from kzgraph.sparql.strings import splice
from kzgraph.validation.errors import ShapesRefused

#: What cannot be used, and why. What SHACL forbids cannot be combined with variables bound
#: beforehand. The data graph is one graph, whatever graphs it was read from.
_REFUSED = dict.fromkeys(("VALUES", "MINUS", "SERVICE"), "which SHACL forbids") | dict.fromkeys(
    ("GRAPH", "FROM"), "which is not supported"
)
#: Variables whose support SHACL leaves open.
_OPTIONAL = frozenset({"shapesGraph", "currentShape"})


@dataclass(frozen=True)
class Query:
    """A query in which `$this` is bound beforehand.

    Attributes:
        text: the query as it was written, with a path for `$PATH`.
        for_all: whether it gives the same with `$this` free, once for all focus nodes.
        groups: behind which characters of the text a group begins.
        may_take_no_steps: whether a path of it may take no steps. pyoxigraph 0.5 misses that for a
            node that is in no triple (see the tests).
    """

    text: str
    for_all: bool
    groups: tuple[int, ...]
    may_take_no_steps: bool

    def bound_to(self, focus: Term) -> str:
        """The query with `$this` bound to an IRI or a literal in every group.

        So it is bound wherever a part of the query uses it, which is more than pyoxigraph's
        own substitutions do: those leave BOUND and BIND without it (0.5, see the tests).
        """
        return splice(self.text, ((at, at, f" VALUES ?this {{ {focus} }} ") for at in self.groups))


def read(select: str, path: str | None) -> Query:
    """A SELECT query for violations, from its text.

    Args:
        select: the text.
        path: the replacement of `$PATH`, in SPARQL; None for a node shape.

    Raises:
        ShapesRefused: it uses what SHACL forbids or this engine lacks, or is not a query at all.
    """
    found = _tokens(select)
    _refuse(found)
    if places := [token for token in found if _is_variable(token, "PATH")]:
        if path is None:
            raise ShapesRefused("$PATH stands in the query of a node shape, which has no path")
        select = splice(select, ((token.start, token.end, f"({path})") for token in places))
        found = _tokens(select)
    return Query(select, _is_for_all(found), tuple(_groups(found)), _may_take_no_steps(found))


def _tokens(text: str) -> list[Token]:
    try:
        return list(tokens(text))
    except LexicalError as error:
        raise ShapesRefused(f"sh:select: {error}") from None


def _refuse(found: Sequence[Token]) -> None:
    for place, token in enumerate(found):
        word = _word(token)
        if word in _REFUSED:
            raise ShapesRefused(f"sh:select uses {word}, {_REFUSED[word]}")
        if token.kind is Kind.VARIABLE and token.text[1:] in _OPTIONAL:
            raise ShapesRefused(f"sh:select uses {token.text}, which is not supported")
        if word == "AS" and _is_variable(found[min(place + 1, len(found) - 1)], "this"):
            raise ShapesRefused("sh:select assigns $this, which SHACL forbids")
    for selected in _subqueries(found):
        if not any(_is_variable(token, "this") for token in selected):
            raise ShapesRefused(
                "sh:select has a subquery that does not select $this, which SHACL forbids"
            )


def _subqueries(found: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """What each SELECT inside the query selects: the tokens up to its group."""
    starts = [place for place, token in enumerate(found) if _word(token) == "SELECT"]
    for start in starts[1:]:
        yield list(takewhile(lambda token: token.text != "{", found[start:]))


def _groups(found: Sequence[Token]) -> list[int]:
    """Where each group begins that is not a subquery: behind its bracket."""
    return [
        token.end
        for token, after in pairwise(found)
        if token.kind is Kind.SIGN and token.text == "{" and _word(after) != "SELECT"
    ]


def _may_take_no_steps(found: Sequence[Token]) -> bool:
    """Whether a sign of a path that may take no steps stands behind what a path is made of."""
    return any(
        after.kind is Kind.SIGN
        and after.text in ("*", "?")
        and (token.kind in (Kind.IRI, Kind.NAME) or token.text in ("a", ")"))
        for token, after in pairwise(found)
    )


def _is_for_all(found: Sequence[Token]) -> bool:
    """Whether every row comes with its `$this`, and sees it wherever it uses it.

    The first `$this` of the body has to be in a triple of the outermost group, so that expressions
    and EXISTS of that group see it. Further inside it may only be in triples, which are joined
    later, and not in an EXISTS of a group that does not see it. Rows must not depend on each
    other, unless they are grouped by `$this`. Where this says no, the answer is slow, not wrong.
    """
    words = {_word(token) for token in found}
    if words & {"LIMIT", "OFFSET"} or any(_subqueries(found)) or not _selects_this(found):
        return False
    if words & (AGGREGATES | {"HAVING", "GROUP"}) and not _groups_by_this(found):
        return False
    #: `{` a group that sees what is bound around it, `|` one that does not, or another bracket.
    brackets: list[str] = []
    bound = False
    for place, token in enumerate(found):
        if token.kind is Kind.SIGN and token.text in "({[":
            sees = not brackets or (place > 0 and _word(found[place - 1]) == "EXISTS")
            brackets.append("|" if token.text == "{" and not sees else token.text)
        elif token.kind is Kind.SIGN and token.text in ")}]" and brackets:
            brackets.pop()
        elif _is_variable(token, "this") and brackets[:1] == ["{"]:
            groups = "".join(sign for sign in brackets if sign in "{|")
            if not bound:
                if brackets != ["{"]:
                    return False
                bound = True
            elif ("(" in brackets and "|" in groups) or "|{" in groups:
                return False
    return bound


def _selects_this(found: Sequence[Token]) -> bool:
    """Whether `$this` is a column of the result, by itself or by `*`."""
    depth = 0
    for token in found:
        if token.kind is Kind.SIGN:
            if token.text == "{":
                return False
            depth += (token.text == "(") - (token.text == ")")
        if not depth and (_is_variable(token, "this") or token.text == "*"):
            return True
    return False


def _groups_by_this(found: Sequence[Token]) -> bool:
    """Whether GROUP BY names `$this` by itself."""
    places = [place for place, token in enumerate(found) if _word(token) == "GROUP"]
    for token in found[places[-1] + 2 :] if places else ():
        if _is_variable(token, "this"):
            return True
        if token.kind is not Kind.VARIABLE:
            return False
    return False


def _is_variable(token: Token, name: str) -> bool:
    return token.kind is Kind.VARIABLE and token.text[1:] == name


def _word(token: Token) -> str:
    return token.text.upper() if token.kind is Kind.WORD else ""
