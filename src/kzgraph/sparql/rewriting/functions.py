"""Functions and aggregates that the store computes otherwise, each with what is written instead."""

import re
import struct
from collections.abc import Callable
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from kzgraph.datatypes import DECIMAL, FLOAT_FORM, FLOATS, INTEGER, STRING
from kzgraph.namespaces import Term
from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.kinds import is_of_one_kind
from kzgraph.sparql.rewriting.writer import XSD, XSD_WORDS, Rule, Writer
from kzgraph.sparql.tree import Call

_TAGGED = (
    "IF(isLiteral({0}), IF(DATATYPE({0}) = <{xsd}string> || LANG({0}) != '', {0}, "
    "STRLANG(STR({0}), CONCAT('x-', SUBSTR(SHA1(STR(DATATYPE({0}))), 1, 8)))), "
    "STRLANG(STR({0}), 'x-iri'))"
)
_INFINITE = f'"INF"^^<{XSD}double>'
_LEAST_NUMBER = f"MIN(IF(isNumeric({{0}}), {{0}}, {_INFINITE}))"
#: NaN is not less than infinity, which is an error for the store.
_IS_NUMBER = f"COALESCE({_LEAST_NUMBER} < {_INFINITE}, false)"
_MIN = f"IF(isLiteral(MIN({{0}})) && {_IS_NUMBER}, {_LEAST_NUMBER}, MIN({{0}}))"
#: An IRI comes before all literals.
_GREATEST_OTHER = "MAX(IF(isNumeric({0}), <urn:kzgraph:number>, {0}))"
_MAX = f"IF(isLiteral({_GREATEST_OTHER}), {_GREATEST_OTHER}, MAX({{0}}))"
_EXTREMES = {"MIN": _MIN, "MAX": _MAX}
#: 1 for a value; nothing for an error.
_ONE = "IF(isBlank({0}), 1, 1)"
_COUNT = f"SUM(COALESCE({_ONE}, 0))"
#: All errors are one more value; 1 is taken away where there is one.
_COUNT_DISTINCT = (
    "(COUNT(DISTINCT COALESCE({0}, <urn:kzgraph:error>)) - "
    f"COALESCE(1 - MIN(COALESCE({_ONE}, 0)), 0))"
)
#: What the store is given to call for the value of a cast, with the type that it is cast to.
_CASTABLE = NamedNode("urn:kzgraph:castable")
_FLOAT = re.compile(FLOAT_FORM)


def _write_call(call: Call, writer: Writer) -> str | None:
    if call.tokens[0].kind is Kind.WORD:
        write = _WRITERS.get(call.name)
    else:
        # Only IRIs call casts; the one of a function that is not there stays unknown.
        write = _write_cast if writer.names_types else None
    return write(call, writer) if write is not None and len(call.arguments) == 1 else None


def _argument(call: Call, writer: Writer) -> str:
    return f"({writer.write(call.arguments[0])})"


def _write_cast(call: Call, writer: Writer) -> str:
    """Casts: the store takes no blanks around a text, and makes wrong numbers of floating ones.

    https://www.w3.org/TR/xpath-functions/#casting-from-strings: blanks at both ends are left out,
    and there is one way to write infinity, and what is not a number. The store takes others, too.

    https://www.w3.org/TR/xpath-functions/#casting-to-integer: the store makes 9999999999 of 1e10.
    """
    return f"{call.name}({_CASTABLE}({writer.write(call.arguments[0])}, {call.name}))"


def _prepare(*terms: Term) -> Term | None:
    """A value for the store's cast; nothing, which is an error, where there is none."""
    value, datatype = terms
    if not isinstance(value, Literal) or not isinstance(datatype, NamedNode):
        return value
    if value.datatype.value == STRING and datatype.value != STRING:
        text = value.value.strip(" \t\r\n")
        wrong = datatype.value in FLOATS and _FLOAT.fullmatch(text) is None
        return None if wrong else Literal(text)
    if value.datatype.value in FLOATS and datatype.value in (INTEGER, DECIMAL):
        number = float(value.value)
        if value.datatype.value.endswith("float"):
            (number,) = struct.unpack("f", struct.pack("f", number))
        # Of a fraction the digits that are written: 0.1, not 0.1000000000000000055.
        exact = Decimal(number if number.is_integer() else value.value)
        return Literal(f"{exact:.18f}", datatype=NamedNode(DECIMAL)) if exact.is_finite() else None
    return value


def _write_concatenation(call: Call, writer: Writer) -> str:
    """GROUP_CONCAT: the store returns nothing for what is not a string, and keeps a language.

    https://www.w3.org/TR/sparql11-query/#defn_aggGroupConcat: the strings of the values, as a
    simple literal. DISTINCT is about the terms, so each value that is not a string goes through a
    language tag made of its type, which keeps 1 and "1" apart until they are joined.
    """
    value, scalars = _argument(call, writer), writer.source(call.scalars)
    if call.distinct:
        tagged = _TAGGED.format(value, xsd=XSD)
        return f"STR(GROUP_CONCAT(DISTINCT {tagged} {scalars}))"
    return f"GROUP_CONCAT(STR({value}) {scalars})"


def _write_extreme(call: Call, writer: Writer) -> str | None:
    """MIN and MAX: over numbers and other terms the store's comparison is not an order.

    https://www.w3.org/TR/sparql11-query/#defn_aggMin: the order is that of ORDER BY. The store
    gives another result for another order of the solutions where numbers meet other literals; see
    `ordering`. Numbers come before other literals, so a literal MIN is the least number if there is
    one, and a MAX is the greatest of what is not a number if there is such a thing. (Infinity and
    NaN among other literals count as one of them: 15.1 leaves the order of those open.)
    """
    if is_of_one_kind(call.arguments[0]):
        return None
    return _EXTREMES[call.name].format(_argument(call, writer))


def _refuse_label(call: Call, writer: Writer) -> str:
    """BNODE with an argument: the store makes one node of the text, the same in all solutions.

    https://www.w3.org/TR/sparql11-query/#func-bnode: the same within one solution, another in the
    next.
    """
    raise Refusal(
        "BNODE with an argument would give the same node in every solution here: use "
        "BIND(BNODE() AS ?node), which gives each solution one, and that variable after it",
        call.start,
    )


def _write_count(call: Call, writer: Writer) -> str | None:
    """COUNT of an expression: the store returns nothing where one value is an error.

    https://www.w3.org/TR/sparql11-query/#defn_aggCount: errors are left out, as the store does with
    a variable that has no value.
    """
    if len(call.arguments[0].tokens) == 1:
        return None
    template = _COUNT_DISTINCT if call.distinct else _COUNT
    return template.format(_argument(call, writer))


_WRITERS: dict[str, Callable[[Call, Writer], str | None]] = {
    "GROUP_CONCAT": _write_concatenation,
    "MIN": _write_extreme,
    "MAX": _write_extreme,
    "BNODE": _refuse_label,
    "COUNT": _write_count,
}
#: Functions for the store, by their names.
FUNCTIONS = {_CASTABLE: _prepare}
#: Besides these, the thin path looks for COUNT itself.
WORDS = XSD_WORDS | {"group_concat", "min", "max", "bnode"}
RULES = (Rule(Call, _write_call),)
