"""The variables that are in scope behind a group, in the order in which they first occur.

https://www.w3.org/TR/sparql11-query/#variableScope
"""

from collections.abc import Sequence

from kzgraph.sparql.lexer import Kind, Token

_OPENING = {"{": "}", "(": ")", "[": "]"}


def closing(tokens: Sequence[Token], start: int) -> int:
    """The index of the bracket that closes the one at `start`.

    Raises:
        ValueError: there is none.
    """
    depth = 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.kind is Kind.SIGN:
            depth += (token.text in _OPENING) - (token.text in _OPENING.values())
            if depth == 0:
                return index
    raise ValueError("a bracket is not closed")


def in_scope(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The variables in scope behind the group `tokens`, its braces included.

    The group has to be one of SPARQL's: of another the variables are found somehow.
    """
    names: dict[str, None] = {}
    _group(tokens, 0, names)
    return tuple(names)


def _group(tokens: Sequence[Token], start: int, names: dict[str, None]) -> int:
    """Add the variables of the group that opens at `start`; where it closes."""
    end = closing(tokens, start)
    if _is_word(tokens[start + 1], "SELECT"):
        _subselect(tokens, start + 2, end, names)
        return end
    index = start + 1
    while index < end:
        token = tokens[index]
        if token.kind is Kind.VARIABLE:
            names[token.text[1:]] = None
        elif token.text == "{":
            index = _group(tokens, index, names)
        elif token.kind is Kind.WORD:
            index = _keyword(tokens, index, end, names)
        index += 1
    return end


def _keyword(tokens: Sequence[Token], index: int, end: int, names: dict[str, None]) -> int:
    """Deal with what follows the word at `index`; the last token that is done with."""
    word = tokens[index].text.upper()
    if word in ("FILTER", "MINUS"):
        # `FILTER NOT EXISTS {`, `FILTER (`, `FILTER ex:f(`, `MINUS {`: nothing in it is in scope.
        return closing(tokens, _next_opening(tokens, index, end))
    if word == "BIND":
        last = closing(tokens, _next_opening(tokens, index, end))
        _named(tokens, last, names)
        return last
    if word == "VALUES":
        return _values(tokens, index, end, names)
    return index


def _values(tokens: Sequence[Token], index: int, end: int, names: dict[str, None]) -> int:
    while index < end and tokens[index].text != "{":
        if tokens[index].kind is Kind.VARIABLE:
            names[tokens[index].text[1:]] = None
        index += 1
    return closing(tokens, index)


def _subselect(tokens: Sequence[Token], index: int, end: int, names: dict[str, None]) -> None:
    star = False
    while index < end and tokens[index].text != "{":
        token = tokens[index]
        star = star or token.text == "*"
        if token.kind is Kind.VARIABLE:
            names[token.text[1:]] = None
        elif token.text == "(":
            index = closing(tokens, index)
            _named(tokens, index, names)
        index += 1
    if not star:
        return
    index = _group(tokens, index, names)
    while index < end:
        if _is_word(tokens[index], "VALUES"):
            index = _values(tokens, index, end, names)
        index += 1


def _named(tokens: Sequence[Token], end: int, names: dict[str, None]) -> None:
    """Add the variable of `... AS ?variable)`, where `)` stands at `end`."""
    if tokens[end - 1].kind is Kind.VARIABLE:
        names[tokens[end - 1].text[1:]] = None


def _next_opening(tokens: Sequence[Token], index: int, end: int) -> int:
    while index < end and tokens[index].text not in ("{", "("):
        index += 1
    return index


def _is_word(token: Token, word: str) -> bool:
    return token.kind is Kind.WORD and token.text.upper() == word
