"""ORDER BY: the store's comparison is not a total order where numbers meet other literals.

https://www.w3.org/TR/sparql11-query/#modOrderBy (15.1). It compares two numbers by value and a
number with any other literal by letters, so that 2 < 10, 10 < "15" and "15" < 2; beyond twenty rows
the sort notices, and the process ends. Here each key becomes three, each of which the store
compares totally. `docs/decisions/order-of-terms.md` has the resulting order.
"""

from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.kinds import is_of_one_kind, is_subject
from kzgraph.sparql.rewriting.writer import XSD, Rule, Writer
from kzgraph.sparql.tree import Expression, OrderKey
from kzgraph.sparql.volatile import FUNCTIONS, find_volatile

#: Numbers by value, then times by their type, then other literals; nothing for other terms. A
#: number and a string compare by letters, and "~" and "http..." come behind all letters that a
#: number is written with; so does NaN behind all other numbers.
_CLASS = (
    "IF(isNumeric({0}), <{xsd}double>({0}), COALESCE("
    "STR(DATATYPE(ADJUST({0}, {utc}))), IF(isLiteral({0}), '~', 1/0)))"
)
#: Among equal doubles the exact number; a point in time, without a time zone read as UTC. Of a date
#: it is the moment at which it begins: adjusted as a date, it would lose the hour.
_VALUE = (
    "IF(isNumeric({0}), <{xsd}decimal>({0}), ADJUST("
    "IF(DATATYPE({0}) = <{xsd}date>, <{xsd}dateTime>({0}), {0}), {utc}))"
)
#: Equal numbers by their type; the text of a literal with its language and type; blank nodes,
#: IRIs, and then triples.
_TEXT = (
    "IF(isNumeric({0}), DATATYPE({0}), IF(isLiteral({0}), CONCAT(STR({0}), '\\u0001', "
    "LANG({0}), '\\u0001', STR(DATATYPE({0}))), IF(isTriple({0}), 0, {0})))"
)
_UTC = f'"PT0S"^^<{XSD}dayTimeDuration>'


def _write_key(key: OrderKey, writer: Writer) -> str | None:
    expression = key.expression
    aliases: dict[str, Expression] = {
        column.name: column.expression
        for column in key.query.columns
        if column.name is not None and column.expression is not None
    }
    if is_of_one_kind(expression, aliases) or is_subject(expression, key.query.where):
        return None
    changing = find_volatile(expression.tokens, FUNCTIONS - {"NOW"})
    if changing is not None:
        raise Refusal(
            "What is sorted by has to stay the same, and this gives another value each time: "
            "BIND it to a variable and sort by that",
            changing.start,
        )
    text = f"({writer.write(expression)})"
    direction = "DESC" if key.descending else "ASC"
    return " ".join(
        f"{direction}({each.format(text, xsd=XSD, utc=_UTC)})" for each in (_CLASS, _VALUE, _TEXT)
    )


WORDS = frozenset({"order"})
RULES = (Rule(OrderKey, _write_key),)
