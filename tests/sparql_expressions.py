"""Expressions over a row of values, and aggregates over rows.

https://www.w3.org/TR/sparql11-query/#SparqlOps and #aggregates
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sparql_values import (
    DATE,
    FUNCTIONS,
    IRI,
    Endless,
    Fault,
    Value,
    among,
    is_equal,
    is_true,
    quotient,
    text,
    truth,
    whole,
)

Row = dict[str, Value]


@dataclass(frozen=True)
class Expression:
    """What is computed of a row.

    Attributes:
        text: how a query writes it.
        value: what it comes to.
    """

    text: str
    value: Callable[[Row], Value]


def variable(name: str) -> Expression:
    """The value of `name` in a row."""

    def value(row: Row) -> Value:
        if name not in row:
            raise Fault
        return row[name]

    return Expression(name, value)


def constant(value: Value) -> Expression:
    """A term."""
    return Expression(value.written, lambda row: value)


def call(written: str, *arguments: Expression) -> Expression:
    """A function of FUNCTIONS."""
    function = FUNCTIONS[written][1]
    return Expression(
        written.format(*(each.text for each in arguments)),
        lambda row: function(*[each.value(row) for each in arguments]),
    )


def attempt(expression: Expression, row: Row) -> Value | None:
    """Its value; None for an error."""
    try:
        return expression.value(row)
    except Fault:
        return None


def _holds(expression: Expression, row: Row) -> bool | None:
    try:
        return is_true(expression.value(row))
    except Fault:
        return None


def either(one: Expression, other: Expression) -> Expression:
    """https://www.w3.org/TR/sparql11-query/#func-logical-or."""

    def value(row: Row) -> Value:
        found = {_holds(one, row), _holds(other, row)}
        if True not in found and None in found:
            raise Fault
        return truth(True in found)

    return Expression(f"({one.text} || {other.text})", value)


def both(one: Expression, other: Expression) -> Expression:
    """https://www.w3.org/TR/sparql11-query/#func-logical-and."""

    def value(row: Row) -> Value:
        found = {_holds(one, row), _holds(other, row)}
        if False not in found and None in found:
            raise Fault
        return truth(False not in found)

    return Expression(f"({one.text} && {other.text})", value)


def choice(condition: Expression, one: Expression, other: Expression) -> Expression:
    """https://www.w3.org/TR/sparql11-query/#func-if."""
    return Expression(
        f"IF({condition.text}, {one.text}, {other.text})",
        lambda row: (one if is_true(condition.value(row)) else other).value(row),
    )


def first(*expressions: Expression) -> Expression:
    """https://www.w3.org/TR/sparql11-query/#func-coalesce."""

    def value(row: Row) -> Value:
        for each in expressions:
            found = attempt(each, row)
            if found is not None:
                return found
        raise Fault

    return Expression(f"COALESCE({', '.join(each.text for each in expressions)})", value)


def member(one: Expression, *others: Expression) -> Expression:
    """https://www.w3.org/TR/sparql11-query/#func-in."""

    def value(row: Row) -> Value:
        wanted, failed = one.value(row), False
        for each in others:
            try:
                if is_equal(wanted, each.value(row)):
                    return truth(True)
            except Fault:
                failed = True
        if failed:
            raise Fault
        return truth(False)

    return Expression(f"({one.text} IN ({', '.join(each.text for each in others)}))", value)


def aggregate(name: str, argument: Expression | None, distinct: bool, rows: Sequence[Row]) -> Value:
    """https://www.w3.org/TR/sparql11-query/#setFunctions; of a concatenation the parts are sorted.

    Raises:
        Fault: it is an error.
    """
    if argument is None:
        return whole(len(rows))
    values = [attempt(argument, row) for row in rows]
    if name == "COUNT":
        values = [each for each in values if each is not None]
        return whole(len(set(values) if distinct else values))
    found = [each for each in (dict.fromkeys(values) if distinct else values) if each is not None]
    if None in values:
        raise Fault
    if name == "GROUP_CONCAT":
        return text("|".join(sorted(each.text for each in found)))
    if name in ("MIN", "MAX"):
        if not found:
            raise Fault
        ranks = {place(each)[0] for each in found}
        if {2, 3} <= ranks:
            raise Endless  # The order of dates among other literals is left open.
        end = (min if name == "MIN" else max)(found, key=place)
        if len({each for each in found if place(each)[:3] == place(end)[:3]}) > 1:
            raise Endless  # So is that of texts that only their languages tell apart.
        return end
    total = whole(0)
    for each in found:
        total = FUNCTIONS["({} + {})"][1](total, each)
    if name == "AVG" and found:
        return quotient(total, among(whole(len(found)), (1, 2, 4, 5, 8, 10)))
    return total


def place(value: Value) -> tuple[int, int | Fraction | float, str, str, str]:
    """Where it is in the order of docs/decisions/order-of-terms.md."""
    if value.number is not None:
        return 1, value.number, "", "", ""
    rank = 0 if value.kind == IRI else 2 if value.kind == DATE else 3
    return rank, 0, value.text, value.language, value.kind
