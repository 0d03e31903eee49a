"""Constants in expressions that the store cannot compute with: it leaves the result unbound.

https://www.w3.org/TR/sparql11-query/#operandDataTypes. Numbers beyond what the store keeps, and
literals that their type does not have, such as `"2018-02-30"^^xsd:date`.
"""

import re

from pyoxigraph import QuerySolutions
from pyoxigraph import Store as OxigraphStore

from kzgraph.iri import BASE
from kzgraph.namespaces import Term
from kzgraph.prefixes import PREFIXES
from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import XSD, Rule, Writer
from kzgraph.sparql.tree import Bind, Column, Expression, Filter, Node, OrderKey, Select, Values

_EMPTY = OxigraphStore()
#: The shortest number that may be too long.
_DIGITS = 19
#: Functions that ask for no value.
_ABOUT_TERMS = frozenset({"STR", "DATATYPE", "LANG", "ISNUMERIC", "ISLITERAL", "SAMETERM"})
#: Types derived from xsd:integer, to which the store has no casts.
_DERIVED = f"^{XSD}((unsigned)?(byte|short|int|long)|(non)?(posi|nega)tiveInteger)$"
_LONG = re.compile(rf"[0-9]{{{_DIGITS}}}")


def _check(node: Node, writer: Writer) -> str | None:
    _check_numbers(node, writer)
    for at, token in enumerate(node.tokens):
        following = [each.text for each in node.tokens[at + 1 : at + 3]]
        if token.kind is not Kind.STRING or following[:1] != ["^^"] or len(following) < 2:
            continue
        before = [each.text.upper() for each in node.tokens[max(at - 2, 0) : at]]
        if before[-1:] == ["("] and before[0] in _ABOUT_TERMS:
            continue
        datatype = following[1]
        derived = f"IF(REGEX(STR({datatype}), '{_DERIVED}', 'i'), {token.text}^^{datatype} + 0, 0)"
        if any(_is_unbound(each, writer) for each in (f"{datatype}({token.text})", derived)):
            raise Refusal(
                f"This is not a value of {datatype} that can be computed with here; "
                "STR gives the text of a literal, whatever its type",
                token.start,
            )
    return None


def _check_numbers(node: Node, writer: Writer) -> str | None:
    for at, token in enumerate(node.tokens):
        if token.kind is Kind.NUMBER and _LONG.search(token.text):
            sign = "-" if at and node.tokens[at - 1].text == "-" else ""
            if _is_unbound(f"{sign}{token.text} + 0", writer):
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
    found = _EMPTY.query(query, base_iri=BASE, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)  # noqa: S101 - it is a SELECT
    value: Term | None = next(found)[0]
    return value


def _is_unbound(expression: str, writer: Writer) -> bool:
    """Whether `expression` is an error; a cast to a type that the store has none for is not."""
    try:
        return evaluate(expression, writer.prologue) is None
    except (ValueError, RuntimeError):
        return False


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
    Rule(Values, _check_numbers),
)
