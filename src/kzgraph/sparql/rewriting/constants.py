"""Constants in expressions that the store cannot compute with: it leaves the result unbound.

https://www.w3.org/TR/sparql11-query/#operandDataTypes. Numbers beyond what the store keeps, and
literals that their type does not have, such as `"2018-02-30"^^xsd:date`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from pyoxigraph import Literal, QuerySolutions
from pyoxigraph import Store as OxigraphStore

from kzgraph.datatypes import INTEGER_FORM, INTEGERS
from kzgraph.iri import BASE
from kzgraph.namespaces import Term
from kzgraph.prefixes import used_prefixes
from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer
from kzgraph.sparql.strings import unquote
from kzgraph.sparql.tree import (
    Bind,
    Column,
    Expression,
    Filter,
    Node,
    OrderKey,
    Select,
    Triples,
    Values,
)

_EMPTY = OxigraphStore()
#: The shortest number that may be too long.
_DIGITS = 19
#: Functions that ask for no value.
_ABOUT_TERMS = frozenset({"STR", "DATATYPE", "LANG", "ISNUMERIC", "ISLITERAL", "SAMETERM"})
_BLANKS = " \t\r\n"
_INTEGER = re.compile(INTEGER_FORM)
_LONG = re.compile(rf"[0-9]{{{_DIGITS}}}")


def _check(node: Node, writer: Writer) -> str | None:
    _check_terms(node, writer)
    for at, text, datatype in _literals(node):
        before = [each.text.upper() for each in node.tokens[max(at - 2, 0) : at]]
        if before[-1:] == ["("] and before[0] in _ABOUT_TERMS:
            continue
        value = f"{datatype}({text})"
        if _compute(f"STR({datatype})", writer) in INTEGERS:
            # To the types derived from xsd:integer the store has no casts.
            whole = unquote(text).strip(_BLANKS)
            value = f"{whole} + 0" if _LONG.search(whole) else "0"
            if _INTEGER.fullmatch(whole) is None:
                value = "1/0"
        if _compute(value, writer) is None:
            raise Refusal(
                f"This is not a value of {datatype} that can be computed with here; "
                "STR gives the text of a literal, whatever its type",
                node.tokens[at].start,
            )
    return None


def _check_terms(node: Node, writer: Writer) -> str | None:
    """Refuse what the store would take for another term, since it knows no bounds of types."""
    if not isinstance(node, Triples):
        _check_numbers(node, writer)
    for at, text, datatype in _literals(node):
        if _exceeds(text, datatype, writer):
            raise Refusal(
                f"This is not a value of {datatype}, and would be taken for a whole number here",
                node.tokens[at].start,
            )
    return None


def _literals(node: Node) -> Iterator[tuple[int, str, str]]:
    """The literals of `node` with a type: where each is, its text in quotes, and its type."""
    for at, token in enumerate(node.tokens[:-2]):
        if token.kind is Kind.STRING and node.tokens[at + 1].text == "^^":
            yield at, token.text, node.tokens[at + 2].text


def _exceeds(text: str, datatype: str, writer: Writer) -> bool:
    """Whether a literal is a whole number beyond the bounds of its type."""
    value = unquote(text).strip(_BLANKS)
    if _INTEGER.fullmatch(value) is None:
        return False
    least, most = INTEGERS.get(_compute(f"STR({datatype})", writer) or "", (None, None))
    number = Decimal(value)
    return (least is not None and number < least) or (most is not None and number > most)


def _check_numbers(node: Node, writer: Writer) -> str | None:
    for at, token in enumerate(node.tokens):
        if token.kind is Kind.NUMBER and _LONG.search(token.text):
            sign = "-" if at and node.tokens[at - 1].text == "-" else ""
            if _compute(f"{sign}{token.text} + 0", writer) is None:
                raise Refusal(
                    "This number has more digits than can be computed with here: whole numbers "
                    "have 64 bits, decimal numbers 20 digits before the point and 18 behind it; "
                    f"write {token.text}e0 for an approximate one",
                    token.start,
                )
    return None


def evaluate(expression: str, prologue: str = "") -> Term | None:
    """The value of `expression`, which has no variables; None where it is an error.

    Raises:
        ValueError, RuntimeError: it has a function, or a cast to a type, that the store does not.
    """
    query = f"{prologue} SELECT ({expression} AS ?value) {{}}"
    found = _EMPTY.query(query, base_iri=BASE, prefixes=used_prefixes(query))
    assert isinstance(found, QuerySolutions)  # noqa: S101 - it is a SELECT
    value: Term | None = next(found)[0]
    return value


def _compute(expression: str, writer: Writer) -> str | None:
    """What `expression` comes to; None for an error, empty for a function that is not there."""
    if expression not in writer.computed:
        try:
            value = evaluate(expression, writer.prologue)
            text = (
                value.value if isinstance(value, Literal) else None if value is None else str(value)
            )
        except (ValueError, RuntimeError):
            text = ""
        writer.computed[expression] = text
    return writer.computed[expression]


def _check_select(select: Select, writer: Writer) -> str | None:
    for child in select.children:
        if isinstance(child, Expression | Column | OrderKey):
            _check(child, writer)
    return None


#: Besides these, the thin path looks for long numbers itself.
WORDS = frozenset({"xsd:", "xmlschema"})
RULES = (
    Rule(Filter, _check),
    Rule(Bind, _check),
    Rule(Select, _check_select),
    Rule(Values, _check_terms),
    Rule(Triples, _check_terms),
)
