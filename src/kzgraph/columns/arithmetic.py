"""Arithmetic of numbers in SQL as the store computes it (pyoxigraph 0.5.13).

Integers have 64 bits, and what leaves them is an error, NULL. Decimals have 18 digits behind the
point, and others are cut off. Sums of decimals that DuckDB may not hold end the statement: then the
store answers.
"""

from kzgraph.columns.plans import Unanswerable
from kzgraph.columns.relations import Number

#: What DuckDB says where a statement comes to a number that is not proved to be the store's.
BEYOND = "beyond what is proved"
#: Below this, sums of two decimals are within DECIMAL(38, 18), and within those of the store.
_SAFE = "40000000000000000000"
_ONE = 10**18


def calculate(sign: str, a: Number, b: Number) -> Number:
    """`a` and `b` added, subtracted, multiplied or divided.

    Raises:
        Unanswerable: decimals are multiplied or divided.
    """
    has_decimals = a.d is not None or b.d is not None
    left, right = (f"CAST({each.i or 'NULL'} AS HUGEINT)" for each in (a, b))
    if sign == "/":
        if has_decimals:
            raise Unanswerable("a division of decimals")
        return Number(None, from_scaled(f"({left} * {_ONE} // NULLIF({right}, 0))"))
    positive = a.positive and b.positive and sign != "-"
    integers = a.i is not None and b.i is not None
    whole = _within_64_bits(f"{left} {sign} {right}") if integers else None
    if not has_decimals:
        return Number(whole or "CAST(NULL AS BIGINT)", None, positive)
    if sign == "*":
        raise Unanswerable("a product of decimals")
    x, y = a.decimal, b.decimal
    some = " OR ".join(f"{each.d} IS NOT NULL" for each in (a, b) if each.d is not None)
    total = (
        f"(CASE WHEN ({some}) AND {x} IS NOT NULL AND {y} IS NOT NULL THEN "
        f"(CASE WHEN abs({x}) < {_SAFE} AND abs({y}) < {_SAFE} THEN {x} {sign} {y} "
        f"ELSE {beyond('DECIMAL(38, 18)')} END) END)"
    )
    return Number(whole, total, positive)


def negate(value: Number) -> Number:
    """The number with the other sign."""
    return Number(
        None if value.i is None else _within_64_bits(f"-CAST({value.i} AS HUGEINT)"),
        None if value.d is None else f"(-{value.d})",
    )


def choose(condition: str, yes: Number, no: Number) -> Number:
    """One of two numbers, by a condition that may be NULL."""
    i, d = (
        None
        if first is None and second is None
        else f"(CASE WHEN {condition} THEN {first or 'NULL'} "
        f"WHEN NOT {condition} THEN {second or 'NULL'} END)"
        for first, second in ((yes.i, no.i), (yes.d, no.d))
    )
    return Number(i, d, yes.positive and no.positive)


def from_scaled(scaled: str) -> str:
    """The decimal of an integer that counts its last digits."""
    whole, part = f"CAST({scaled} // {_ONE} AS DECIMAL(38, 18))", f"{scaled} % {_ONE}"
    last = "CAST('0.000000000000000001' AS DECIMAL(18, 18))"
    return f"({whole} + CAST({part} AS DECIMAL(18, 0)) * {last})"


def beyond(kind: str) -> str:
    """What ends the statement, as a value of a type of SQL."""
    return f"CAST(error('{BEYOND}') AS {kind})"


def _within_64_bits(value: str) -> str:
    return (
        f"(CASE WHEN {value} BETWEEN -9223372036854775808 AND 9223372036854775807 "
        f"THEN CAST({value} AS BIGINT) END)"
    )
