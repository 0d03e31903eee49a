"""What the server must know of a query before the store sees it.

pyoxigraph offers no parsed form of a query. Its parser does not ask for a space behind a keyword
(`SERVICEex:s {...}` and `service:s {...}` call a service where `ex:` or `:` is declared), so the
checks here are stricter than the grammar: what could be read as SERVICE is refused.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from kzgraph.sparql.lexer import Kind, Token, tokens

_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
#: Characters of a query that is looked through twice.
_LONG = 10_000
_SERVICE = re.compile("service", re.IGNORECASE)


class Refusal(ValueError):
    """The query asks for something that this server does not do.

    Attributes:
        token: the offending token.
    """

    def __init__(self, message: str, token: Token) -> None:
        super().__init__(message)
        self.token = token


@dataclass(frozen=True)
class Inspection:
    """What stands in a query.

    Attributes:
        form: SELECT, ASK, CONSTRUCT or DESCRIBE; None where the query names none.
        names_dataset: whether it has FROM or FROM NAMED.
        star: the `*` of the outermost SELECT, if it has one.
        variables: the names of all variables in the order of their first occurrence.
        undeclared: the first prefixed name whose prefix nothing declares.
    """

    form: str | None
    names_dataset: bool
    star: Token | None
    variables: tuple[str, ...]
    undeclared: Token | None

    def ordered(self, names: Collection[str]) -> list[str]:
        """`names` in the order in which they first occur in the query."""
        return [name for name in self.variables if name in names]


def inspect(text: str, prefixes: Collection[str], max_nesting: int) -> Inspection:
    """Look through the query `text`.

    Args:
        text: the query.
        prefixes: the prefixes that are declared beforehand.
        max_nesting: how deep brackets and signs may nest.

    Raises:
        LexicalError: it cannot be split into tokens.
        Refusal: it is an update, calls a service, or nests too deep for the parser.
    """
    if len(text) > _LONG:
        # Before the rest of it is looked at, which takes a second where it is a megabyte.
        _check_nesting(tokens(text), max_nesting)
    all_tokens = list(tokens(text))
    body, declared = _prologue(all_tokens)
    if len(all_tokens) > max_nesting:
        _check_nesting(all_tokens, max_nesting)
    head = body[0] if body else None
    form = head.text.upper() if head is not None and head.kind is Kind.WORD else None
    if head is not None and form in _UPDATES:
        raise Refusal("This endpoint is read-only: SPARQL Update is not accepted", head)
    depth, names_dataset = 0, False
    may_call = _SERVICE.search(text) is not None
    for index, token in enumerate(body):
        if token.kind is Kind.SIGN:
            depth += (token.text == "{") - (token.text == "}")
        elif depth == 0 and token.kind is Kind.WORD and token.text.upper().startswith("FROM"):
            names_dataset = True
        elif may_call and _calls_service(body, index, depth):
            raise Refusal("SERVICE is not accepted: this endpoint queries no other one", token)
    known = {*prefixes, *declared}
    return Inspection(
        form=form if form in _FORMS else None,
        names_dataset=names_dataset,
        star=_star(body) if form == "SELECT" else None,
        variables=tuple(
            dict.fromkeys(token.text[1:] for token in body if token.kind is Kind.VARIABLE)
        ),
        undeclared=next(
            (
                token
                for token in body
                if token.kind is Kind.NAME and token.text.partition(":")[0] not in known
            ),
            None,
        ),
    )


def _prologue(all_tokens: Sequence[Token]) -> tuple[Sequence[Token], set[str]]:
    """The tokens behind the PREFIX, BASE and VERSION declarations, and the prefixes declared."""
    declared, position = set(), 0
    while position < len(all_tokens) and all_tokens[position].kind is Kind.WORD:
        word = all_tokens[position].text.upper()
        if word == "PREFIX" and position + 1 < len(all_tokens):
            declared.add(all_tokens[position + 1].text.rstrip(":"))
            position += 3
        elif word in ("BASE", "VERSION"):
            position += 2
        else:
            break
    return all_tokens[position:], declared


def _star(body: Sequence[Token]) -> Token | None:
    for token in body[1:3]:
        if token.text == "*":
            return token
        if token.text.upper() not in ("DISTINCT", "REDUCED"):
            return None
    return None


def _calls_service(body: Sequence[Token], index: int, depth: int) -> bool:
    """Whether the token at `index` is, or can be read as, the keyword SERVICE.

    A service is called inside a group only. A prefixed name is suspicious where a group follows
    it, unless GRAPH stands before it: nowhere else does the grammar have a name before a group.
    """
    token = body[index]
    if token.kind not in (Kind.WORD, Kind.NAME) or not _SERVICE.search(token.text):
        return False
    if token.kind is Kind.WORD:
        return True
    following = [each.text for each in body[index + 1 : index + 3]]
    # `{|` opens an annotation of the triple before it, not a group.
    opens = following[:1] == ["{"] and following[1:] != ["|"]
    return opens and depth > 0 and body[index - 1].text.upper() != "GRAPH"


def _check_nesting(all_tokens: Iterable[Token], limit: int) -> None:
    """Refuse what would overflow the stack of the store's parser, which ends the process."""
    depth = run = 0
    for token in all_tokens:
        if token.kind is not Kind.SIGN:
            run = 0
            continue
        if token.text in "({[":
            depth += 1
        elif token.text in ")}]":
            depth -= 1
        run = run + 1 if token.text in ("!", "-", "+", "^", "<") else 0
        if max(depth, run) > limit:
            raise Refusal(f"The query nests deeper than {limit} levels from here", token)
