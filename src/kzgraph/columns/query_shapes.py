"""The shape of a query: its tokens without the constants of its pattern.

Queries of one shape have one plan, and differ in the parameters of its SQL. A constant is left out
only where it is plain: a number that fits, or an IRI that no parser can refuse and that is not a
property of the release.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kzgraph.datatypes import DECIMAL, INTEGER
from kzgraph.prefixes import PREDECLARED
from kzgraph.sparql.analysis import Analysis, read_prologue
from kzgraph.sparql.lexer import Kind, Token

#: Without dot segments, empty segments, escapes or ports: every parser reads it as it is written.
_PLAIN_IRI = re.compile(
    r"<https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
    r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*/?(?:#[A-Za-z0-9_.~-]*)?>"
)
#: Digits that 64 bits hold whatever they are.
_MOST_DIGITS = 18
#: Behind these a number is part of the shape: it does not stand for a term.
_COUNTED = frozenset({"LIMIT", "OFFSET"})


@dataclass(frozen=True, slots=True)
class Shape:
    """A query without its constants, and those.

    Attributes:
        key: equal for queries of one shape.
        constants: the text in N-Triples of plain IRIs and numbers, as the store writes it, by the
            index of the token; those in the key among them.
    """

    key: tuple[str, ...]
    constants: Mapping[int, str]


def read_shape(analysis: Analysis, properties: Collection[str]) -> Shape:
    """The shape of a query that has a tree.

    Args:
        analysis: of the query.
        properties: the IRIs of those of the release.
    """
    tokens = analysis.tokens
    query = analysis.query
    where = None if query is None else query.where
    begin, end = (0, 0) if where is None else (where.start, where.end)
    declared = _read_prefixes(tokens)
    constants: dict[int, str] = {}
    key = []
    before = ""
    reached = 0
    last = len(tokens) - 1
    for index, token in enumerate(tokens):
        kind, text = token.kind, token.text
        sign = ""
        if kind is Kind.NAME or kind is Kind.IRI:
            iri = _expand(text, declared) if kind is Kind.NAME else text
            if iri is not None and _PLAIN_IRI.fullmatch(iri) is not None:
                constants[index] = iri
                called = index < last and tokens[index + 1].text == "("
                if not called and before != "^^" and iri[1:-1] not in properties:
                    sign = "\0i"
        elif kind is Kind.NUMBER and len(text) <= _MOST_DIGITS and before not in _COUNTED:
            if text.isdecimal():
                constants[index] = f'"{int(text)}"^^<{INTEGER}>'
                sign = "\0n"
            elif text.replace(".", "", 1).isdecimal():
                constants[index] = _write_decimal(text)
                sign = "\0d"
        shown = sign if sign and begin <= token.start < end else text
        # The store's parser asks for no gap, or for one, behind some words.
        key.append(shown if token.start == reached else f" {shown}")
        reached = token.start + len(text)
        before = text.upper() if kind is Kind.WORD else text
    return Shape(tuple(key), constants)


def _read_prefixes(tokens: "Collection[Token]") -> Mapping[str, str]:
    _, declared = read_prologue(list(tokens))
    return {name: token.text[1:-1] for name, token in declared.items()}


def _expand(name: str, declared: Mapping[str, str]) -> str | None:
    """The IRI of a prefixed name in angle brackets; None where it is not a plain one."""
    prefix, _, local = name.partition(":")
    namespace = declared.get(prefix)
    if namespace is None:
        namespace = PREDECLARED.get(prefix)
    # An escape is a backslash before a sign. https://www.w3.org/TR/sparql11-query/#rPN_LOCAL_ESC
    return None if namespace is None else f"<{namespace}{local.replace(chr(92), '')}>"


def _write_decimal(text: str) -> str:
    whole, _, part = text.partition(".")
    digits = f"{whole.lstrip('0') or '0'}.{part.rstrip('0')}".rstrip(".")
    return f'"{digits}"^^<{DECIMAL}>'
