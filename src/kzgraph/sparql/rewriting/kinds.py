"""Expressions whose values the store compares totally, because they are all of one kind."""

from collections.abc import Mapping

from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.rewriting.writer import XSD
from kzgraph.sparql.tree import Call, Expression, Group, Triples

#: Functions and aggregates that give plain strings, IRIs, booleans, or numbers of one type only.
_STRINGS = "STR LANG STRUUID MD5 SHA1 SHA256 SHA384 SHA512 ENCODE_FOR_URI TZ GROUP_CONCAT"
_IRIS = "UUID IRI URI DATATYPE"
_NUMBERS = "COUNT STRLEN YEAR MONTH DAY HOURS MINUTES SECONDS RAND"
_BOOLEANS = (
    "BOUND ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC SAMETERM LANGMATCHES CONTAINS STRSTARTS "
    "STRENDS REGEX"
)
_OF_ONE_KIND = frozenset(f"{_STRINGS} {_IRIS} {_NUMBERS} {_BOOLEANS}".split())
_CASTS = frozenset({"string", "integer", "decimal", "double", "float", "boolean"})


def is_of_one_kind(expression: Expression, aliases: Mapping[str, Expression] | None = None) -> bool:
    """Whether all values of `expression` are of one kind: strings, numbers of one type, and so on.

    Args:
        expression: a call, a call in brackets, or a variable.
        aliases: what variables stand for.
    """
    called = _inner(expression)
    if called is None:
        tokens = expression.tokens
        name = tokens[0].text[1:] if len(tokens) == 1 and tokens[0].kind is Kind.VARIABLE else ""
        meant = (aliases or {}).get(name)
        return meant is not None and is_of_one_kind(meant)
    if called.name in _OF_ONE_KIND:
        return True
    # `xsd:` may be declared as anything, so only the whole IRI counts.
    return called.name.startswith(f"<{XSD}") and called.name[len(XSD) + 1 : -1] in _CASTS


def is_subject(expression: Expression, where: Group | None) -> bool:
    """Whether `expression` is a variable that has to be the subject of a triple, so no literal.

    The subject of a path may be one, where the path has no step.
    """
    tokens = [token for token in expression.tokens if token.text not in "()"]
    if where is None or len(tokens) != 1 or tokens[0].kind is not Kind.VARIABLE:
        return False
    name = tokens[0].text[1:]
    for triples in where.children:
        patterns = triples.tokens if isinstance(triples, Triples) else []
        for i, (subject, verb, follows) in enumerate(
            zip(patterns, patterns[1:], patterns[2:], strict=False)
        ):
            begins = i == 0 or patterns[i - 1].text == "."
            plain = verb.kind in (Kind.IRI, Kind.NAME, Kind.VARIABLE) or verb.text == "a"
            if (
                begins
                and plain
                and follows.kind is not Kind.SIGN
                and subject.text in (f"?{name}", f"${name}")
            ):
                return True
    return False


def _inner(expression: Expression) -> Call | None:
    """The call that `expression` is, brackets aside."""
    call = next(expression.find(Call), None)
    if call is None:
        return None
    before = {token.text for token in expression.tokens if token.start < call.start}
    behind = {token.text for token in expression.tokens if token.start >= call.end}
    return call if before <= {"("} and behind <= {")"} else None
