"""The functions of SPARQL: those of their arguments alone, and the kinds of their values.

https://www.w3.org/TR/sparql11-query/#SparqlOps
"""

from collections.abc import Mapping

from kzgraph.columns.column_file import TermKind
from kzgraph.columns.plans import Expression
from kzgraph.columns.relations import INTEGERS, NUMBERS, Column
from kzgraph.datatypes import DECIMAL, INTEGER, STRING

_NAMES = (
    "VARIABLE NUMBER IRI LITERAL NEGATIVE || && ! = != < <= > >= IN + - * / STR LANG LANGMATCHES "
    "DATATYPE REGEX REPLACE CONTAINS STRSTARTS STRENDS STRLEN SUBSTR STRBEFORE STRAFTER LCASE "
    "UCASE CONCAT ENCODE_FOR_URI ISIRI ISURI ISLITERAL ISBLANK ISNUMERIC SAMETERM YEAR MONTH DAY "
    "HOURS MINUTES SECONDS TZ TIMEZONE ABS CEIL FLOOR ROUND IF COALESCE BOUND"
)
#: Operators whose value follows from the values of their arguments.
PURE = frozenset({*_NAMES.split(), "NOT IN"})
_OF_INTEGERS = frozenset({"STRLEN", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES"})
_OF_STRINGS = frozenset({"STR", "LANG", "ENCODE_FOR_URI", "TZ"})
_AS_THEIR_ARGUMENT = frozenset({"NEGATIVE", "ABS", "CEIL", "FLOOR", "ROUND"})
_DECIMALS = 1 << TermKind.DECIMAL
_STRINGS = 1 << TermKind.STRING
_ALL = (1 << len(TermKind)) - 1
_CASTS = {INTEGER: INTEGERS, DECIMAL: _DECIMALS, STRING: _STRINGS}


def result_kinds(
    expression: Expression, columns: Mapping[str, Column], constants: Mapping[int, str]
) -> int:
    """The kinds of terms that an expression may have as its value, as bits.

    Args:
        expression: whose operators are pure, or casts.
        columns: of its variables.
        constants: the texts of the plain constants of the query.
    """
    operator = expression.operator
    inner = [result_kinds(each, columns, constants) for each in expression.arguments]
    if operator == "VARIABLE":
        return columns[expression.name].kinds
    if operator == "NUMBER":
        text = constants.get(expression.first, "")
        return _ALL if not text else INTEGERS if text.endswith(f"{INTEGER}>") else _DECIMALS
    if operator == "IRI":
        return 1 << TermKind.IRI
    if operator in _OF_INTEGERS:
        return INTEGERS
    if operator in _OF_STRINGS:
        return _STRINGS
    if operator in _AS_THEIR_ARGUMENT:
        return inner[0]
    if operator in ("+", "-", "*", "/") and all(each & ~NUMBERS == 0 for each in inner):
        if operator == "/":
            return _DECIMALS
        return inner[0] | inner[1]
    if operator in ("IF", "COALESCE"):
        found = 0
        for each in inner[1:] if operator == "IF" else inner:
            found |= each
        return found
    return _CASTS.get(constants.get(expression.first, "")[1:-1], _ALL)
