"""GROUP_CONCAT: the store returns nothing for what is not a string, and keeps a language.

https://www.w3.org/TR/sparql11-query/#defn_aggGroupConcat: the strings of the values, as a simple
literal. DISTINCT is about the terms, so each value that is not a string goes through a language tag
made of its type, which keeps 1 and "1" apart until they are joined.
"""

from kzgraph.sparql.rewriting.writer import XSD, Rule, Writer
from kzgraph.sparql.tree import Call

_TAGGED = (
    "IF(isLiteral({0}), IF(DATATYPE({0}) = <{xsd}string> || LANG({0}) != '', {0}, "
    "STRLANG(STR({0}), CONCAT('x-', SUBSTR(SHA1(STR(DATATYPE({0}))), 1, 8)))), "
    "STRLANG(STR({0}), 'x-iri'))"
)


def _write_call(call: Call, writer: Writer) -> str | None:
    if call.name != "GROUP_CONCAT" or len(call.arguments) != 1:
        return None
    value = f"({writer.write(call.arguments[0])})"
    scalars = writer.source(call.scalars)
    if call.distinct:
        tagged = _TAGGED.format(value, xsd=XSD)
        return f"STR(GROUP_CONCAT(DISTINCT {tagged} {scalars}))"
    return f"GROUP_CONCAT(STR({value}) {scalars})"


WORDS = frozenset({"group_concat"})
RULES = (Rule(Call, _write_call),)
