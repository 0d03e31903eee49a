"""Aggregates of a subquery in SQL alone, where the query around it computes with them.

What `group_statements` reads from the row of a group is decided in the statement here; a sum that
may not be the store's ends it.
"""

from kzgraph.columns.arithmetic import beyond, from_scaled
from kzgraph.columns.conditions import Conditions
from kzgraph.columns.plans import Aggregate, Expression, Unanswerable
from kzgraph.columns.relations import NUMBERS, Number, Relation

_INTEGER_LIMIT = 2**63
_DECIMAL_LIMIT = "4e19"
_SCALE = 10**18


def aggregate_number(aggregate: Aggregate, relation: Relation, conditions: Conditions) -> Number:
    """The value of an aggregate over the groups of `relation`.

    Raises:
        Unanswerable: it is not compiled.
    """
    argument = aggregate.argument
    if aggregate.function == "COUNT":
        return Number(_count(argument, aggregate.distinct, relation), None, positive=True)
    if argument is None:
        raise Unanswerable(f"{aggregate.function}(*)")
    if argument.operator == "VARIABLE":
        check_numbers(argument, relation)
    elif not conditions.computes(argument):
        raise Unanswerable("an aggregate of an expression in a subquery")
    value = conditions.number(argument)
    present = [part for part in (value.i, value.d) if part is not None]
    if not present:
        raise Unanswerable("an aggregate of what is never a number")
    all_known = f"{' + '.join(f'count({part})' for part in present)} = count(*)"
    if aggregate.function in ("MIN", "MAX"):
        if len(present) > 1:
            raise Unanswerable("extremes of integers and decimals in a subquery")
        found = f"(CASE WHEN {all_known} THEN {aggregate.function}({present[0]}) END)"
        return Number(found if value.i else None, found if value.d else None, value.positive)
    if aggregate.distinct:
        raise Unanswerable("sums of distinct values in a subquery")
    return _sum(value, all_known) if aggregate.function == "SUM" else _average(value, all_known)


def check_numbers(argument: Expression, relation: Relation) -> None:
    """Refuse a variable that may have other values than SQL computes with.

    Raises:
        Unanswerable: it may.
    """
    column = relation.columns.get(argument.name)
    if column is None:
        raise Unanswerable(f"?{argument.name} is never bound")
    if column.kinds & ~NUMBERS:
        raise Unanswerable(f"?{argument.name} need not be a number")


def _count(argument: Expression | None, distinct: bool, relation: Relation) -> str:
    if argument is None:
        if distinct:
            raise Unanswerable("COUNT(DISTINCT *)")
        return "count(*)"
    column = relation.columns.get(argument.name) if argument.operator == "VARIABLE" else None
    if column is None:
        raise Unanswerable("COUNT of an expression, or of what is never bound")
    which = "DISTINCT " if distinct else ""
    return f"({' + '.join(f'count({which}{part})' for part in column.parts) or '0'})"


def _whole_sum(value: Number) -> str:
    bound = f"sum(abs(CAST({value.i} AS HUGEINT)))"
    return (
        f"(CASE WHEN coalesce({bound}, 0) < {_INTEGER_LIMIT} "
        f"THEN CAST(coalesce(sum({value.i}), 0) AS BIGINT) ELSE {beyond('BIGINT')} END)"
    )


def _sum(value: Number, all_known: str) -> Number:
    whole = _whole_sum(value) if value.i is not None else "CAST(0 AS BIGINT)"
    if value.d is None:
        return Number(f"(CASE WHEN {all_known} THEN {whole} END)", None, value.positive)
    none = f"count({value.d}) = 0"
    bound = f"sum(abs(CAST({value.d} AS DOUBLE)))"
    total = (
        f"(CASE WHEN {bound} < {_DECIMAL_LIMIT} "
        f"THEN sum({value.d}) + CAST({whole} AS DECIMAL(38, 18)) "
        f"ELSE {beyond('DECIMAL(38, 18)')} END)"
    )
    return Number(
        f"(CASE WHEN {all_known} AND {none} THEN {whole} END)",
        f"(CASE WHEN {all_known} AND NOT {none} THEN {total} END)",
        value.positive,
    )


def _average(value: Number, all_known: str) -> Number:
    if value.d is not None:
        raise Unanswerable("averages of decimals in a subquery")
    scaled = f"(CAST({_whole_sum(value)} AS HUGEINT) * {_SCALE} // count(*))"
    return Number(
        "(CASE WHEN count(*) = 0 THEN CAST(0 AS BIGINT) END)",
        f"(CASE WHEN {all_known} AND count(*) > 0 THEN {from_scaled(scaled)} END)",
    )
