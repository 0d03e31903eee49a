"""Functions and aggregates that the store computes otherwise, each with what is written instead."""

from collections.abc import Callable

from kzgraph.sparql.lexer import Kind
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.kinds import is_of_one_kind
from kzgraph.sparql.rewriting.writer import XSD, Rule, Writer
from kzgraph.sparql.tree import Call

_TAGGED = (
    "IF(isLiteral({0}), IF(DATATYPE({0}) = <{xsd}string> || LANG({0}) != '', {0}, "
    "STRLANG(STR({0}), CONCAT('x-', SUBSTR(SHA1(STR(DATATYPE({0}))), 1, 8)))), "
    "STRLANG(STR({0}), 'x-iri'))"
)
_INFINITE = f'"INF"^^<{XSD}double>'
_LEAST_NUMBER = f"MIN(IF(isNumeric({{0}}), {{0}}, {_INFINITE}))"
_MIN = f"IF(isLiteral(MIN({{0}})) && {_LEAST_NUMBER} < {_INFINITE}, {_LEAST_NUMBER}, MIN({{0}}))"
_GREATEST_OTHER = "MAX(IF(isNumeric({0}), '', {0}))"
_MAX = f"IF(sameTerm({_GREATEST_OTHER}, ''), MAX({{0}}), {_GREATEST_OTHER})"
_EXTREMES = {"MIN": _MIN, "MAX": _MAX}
#: The types whose text keeps its blanks.
_KEEPING = ("string>", ":string")


def _write_call(call: Call, writer: Writer) -> str | None:
    # Only IRIs call casts; the one of a function that is not there stays unknown.
    is_cast = call.tokens[0].kind is not Kind.WORD
    write = _write_cast if is_cast else _WRITERS.get(call.name)
    return write(call, writer) if write is not None and len(call.arguments) == 1 else None


def _argument(call: Call, writer: Writer) -> str:
    return f"({writer.write(call.arguments[0])})"


def _write_cast(call: Call, writer: Writer) -> str | None:
    """Casts of strings with blanks around the value: the store returns nothing.

    https://www.w3.org/TR/xpath-functions/#casting-from-strings: blanks at both ends are left out.
    """
    if call.name.endswith(_KEEPING):
        return None
    value = _argument(call, writer)
    bare = f"REPLACE({value}, '^[ \\t\\n\\r]+|[ \\t\\n\\r]+$', '')"
    return f"COALESCE({call.name}({value}), {call.name}({bare}))"


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
    one, and a MAX is the greatest of what is not a number if there is such a thing. (Infinity among
    other literals counts as one of them: 15.1 leaves the order of those open.)
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


_WRITERS: dict[str, Callable[[Call, Writer], str | None]] = {
    "GROUP_CONCAT": _write_concatenation,
    "MIN": _write_extreme,
    "MAX": _write_extreme,
    "BNODE": _refuse_label,
}
WORDS = frozenset({"xsd:", "xmlschema", "group_concat", "min", "max", "bnode"})
RULES = (Rule(Call, _write_call),)
