"""The statement that computes the groups of a query, and what its rows say.

https://www.w3.org/TR/sparql11-query/#aggregates. Sums are computed with 128 bits, and sums of the
absolute values with them: where those fit into what the store computes with, no order of the
solutions overflows. What may not fit is left to the store.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import Any

from kzgraph.columns.column_file import TermKind
from kzgraph.columns.compiling import Compiler
from kzgraph.columns.conditions import Conditions
from kzgraph.columns.plans import Aggregate, Expression, Pattern, Unanswerable
from kzgraph.columns.relations import INTEGERS, NUMBERS, Number, Place, Relation
from kzgraph.columns.statement_parameters import Parameters
from kzgraph.datatypes import DECIMAL

#: Groups that are handed over, at most; beyond, the store answers.
MOST_GROUPS = 20_000
#: Of a statement: expressions stand in it as often as they are used.
_MOST_CHARACTERS = 40_000
_INTEGER_LIMIT = 2**63
#: The store's decimals reach 1.7e20; beyond 1e20 DuckDB has none. The margin is for the doubles
#: that the bound is computed with.
_DECIMAL_LIMIT = 9e19
#: Digits behind the point of the store's decimals; it cuts the others off.
_DIGITS = 18
_EXACT = Context(prec=80)
_UNBOUND = "UNDEF"
_OTHER = 1 << TermKind.OTHER

Row = Sequence[Any]
Places = frozenset[Place]
#: Of integers, of decimals.
_Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class KeyCells:
    """Where the row of a group has the value of a variable.

    Attributes:
        shown: whether VALUES have the variable.
        id: the cell with the number of a term; None where it is computed.
        number: the cells of an integer and of a decimal, where there are such.
    """

    shown: bool
    id: int | None
    i: int | None = None
    d: int | None = None


@dataclass(frozen=True, slots=True)
class AggregateCells:
    """Where the row of a group has what an aggregate is computed from.

    Attributes:
        function: of the aggregate.
        rows: the cell of the number of solutions.
        counts: of values, of integers, of decimals.
        values: of their sums or extremes.
        bounds: of the sums of their absolute values.
        distinct: of the numbers of distinct values.
        term: of the number of the term that an extreme is, where that is not a number.
    """

    function: str
    rows: int
    counts: _Pair = (None, None)
    values: _Pair = (None, None)
    bounds: _Pair = (None, None)
    distinct: _Pair = (None, None)
    term: int | None = None


@dataclass(frozen=True, slots=True)
class GroupStatement:
    """A statement, and how its rows are read."""

    sql: str
    keys: tuple[KeyCells, ...]
    aggregates: tuple[AggregateCells, ...]

    def ids(self, row: Row) -> Iterator[int]:
        """The numbers of the terms in a row."""
        for key in self.keys:
            if key.id is not None and row[key.id] is not None:
                yield row[key.id]
        for cells in self.aggregates:
            if cells.term is not None and row[cells.term] is not None:
                yield row[cells.term]


class _Statement:
    def __init__(
        self, relation: Relation, parameters: Parameters, are_days: Callable[[Places], bool]
    ) -> None:
        self.are_days = are_days
        self.conditions = Conditions(relation, parameters)
        self.relation = relation
        self.parts: list[str] = []
        self.groups: list[str] = []

    def cell(self, sql: str) -> int:
        """The place of a value in the rows; equal ones have one."""
        if sql not in self.parts:
            self.parts.append(sql)
        return self.parts.index(sql)

    def key(self, name: str) -> KeyCells:
        column = self.relation.columns.get(name)
        if column is None:
            raise Unanswerable(f"?{name} is never bound")
        shown = name[0] != " "
        if column.id is not None:
            self.groups.append(column.id)
            return KeyCells(shown, self.cell(column.id))
        number = column.number or Number(None, None)
        self.groups += column.parts
        return KeyCells(
            shown,
            None,
            None if number.i is None else self.cell(number.i),
            None if number.d is None else self.cell(number.d),
        )

    def aggregate(self, aggregate: Aggregate) -> AggregateCells:
        rows = self.cell("count(*)")
        if aggregate.argument is None:
            if aggregate.distinct:
                raise Unanswerable("COUNT(DISTINCT *)")
            return AggregateCells("COUNT", rows)
        if aggregate.function == "COUNT":
            return self.count(rows, aggregate.argument, aggregate.distinct)
        if aggregate.function in ("MIN", "MAX"):
            day = self.extreme_day(rows, aggregate.function, aggregate.argument)
            if day is not None:
                return day
        number = self.number(aggregate.argument, aggregate.function in ("SUM", "AVG"))
        counts = self.counts(rows, aggregate.argument, number)
        if aggregate.function in ("MIN", "MAX"):
            values = self.cells(f"{aggregate.function.lower()}(", number)
            return AggregateCells(aggregate.function, rows, counts, values)
        which = "DISTINCT " if aggregate.distinct else ""
        return AggregateCells(
            aggregate.function,
            rows,
            counts,
            self.cells(f"sum({which}", number),
            self.bounds(number),
            self.cells("count(DISTINCT ", number) if aggregate.distinct else (None, None),
        )

    def extreme_day(self, rows: int, function: str, argument: Expression) -> AggregateCells | None:
        """The first or last of days, which are in the order of their texts."""
        column = self.relation.columns.get(argument.name)
        if column is None or column.kinds != _OTHER or not column.places or column.id is None:
            return None
        if not self.are_days(column.places):
            return None
        count = self.cell(f"count({column.id})")
        found = self.cell(f"{function.lower()}({column.id})")
        return AggregateCells(function, rows, (count, None), term=found)

    def counts(self, rows: int, argument: Expression, number: Number) -> _Pair:
        """The places of the numbers of integers and of decimals."""
        column = self.relation.columns.get(argument.name)
        if column is not None and column.definite and column.kinds == INTEGERS:
            return (rows, None)  # Every solution has one.
        return self.cells("count(", number)

    def cells(self, call: str, number: Number) -> _Pair:
        """The places of an aggregate of integers and of decimals."""
        return (
            None if number.i is None else self.cell(f"{call}{number.i})"),
            None if number.d is None else self.cell(f"{call}{number.d})"),
        )

    def bounds(self, number: Number) -> _Pair:
        """The places of the sums of absolute values."""
        i = f"sum({number.i})" if number.positive else f"sum(abs(CAST({number.i} AS HUGEINT)))"
        return (
            None if number.i is None else self.cell(i),
            None if number.d is None else self.cell(f"sum(abs(CAST({number.d} AS DOUBLE)))"),
        )

    def count(self, rows: int, argument: Expression, distinct: bool) -> AggregateCells:
        # Where it is an expression, it was given a name; its errors are unbound and not counted.
        column = self.relation.columns.get(argument.name)
        if column is None:
            raise Unanswerable(f"?{argument.name} is never bound")
        if column.id is not None:
            if column.definite and not distinct:
                return AggregateCells("COUNT", rows)
            found = self.cell(f"count({'DISTINCT ' if distinct else ''}{column.id})")
            return AggregateCells("COUNT", rows, (found, None))
        number = column.number or Number(None, None)
        which = "DISTINCT " if distinct else ""
        return AggregateCells("COUNT", rows, self.cells(f"count({which}", number))

    def number(self, argument: Expression, sums: bool) -> Number:
        """What is summed up, or else compared; of other terms there is no sum, but an extreme."""
        if argument.operator == "VARIABLE":
            column = self.relation.columns.get(argument.name)
            if column is None:
                raise Unanswerable(f"?{argument.name} is never bound")
            if column.kinds & (_OTHER if sums else ~NUMBERS):
                raise Unanswerable(f"?{argument.name} need not be a number")
        found = self.conditions.number(argument)
        return found


def compile_groups(
    pattern: Pattern,
    keys: Sequence[str],
    aggregates: Sequence[Aggregate],
    compiler: Compiler,
    parameters: Parameters,
    grouped: bool,
    are_days: Callable[[Places], bool],
) -> GroupStatement:
    """The statement for the groups of `pattern`, or for the values of `keys` in its solutions.

    Args:
        pattern: what is grouped.
        keys: the variables that it is grouped by.
        aggregates: what is computed of each group.
        compiler: of the query.
        parameters: of the statement.
        grouped: whether there are groups.
        are_days: whether all terms of some columns of the file are plain days.

    Raises:
        Unanswerable: it is not compiled.
    """
    relation = compiler.relation(pattern)
    if not relation.tables:
        raise Unanswerable("a pattern without triples")
    relation, aggregates = _name_arguments(relation, aggregates, compiler, parameters)
    statement = _Statement(relation, parameters, are_days)
    key_cells = tuple(statement.key(name) for name in keys)
    cells = tuple(statement.aggregate(each) for each in aggregates)
    if not statement.parts:
        statement.parts.append("count(*)")
    by = statement.groups if grouped else []
    behind = f" GROUP BY {', '.join(by)}" if by else ""
    sql = f"SELECT {', '.join(statement.parts)}{relation.source}{behind} LIMIT {MOST_GROUPS + 1}"
    if len(sql) > _MOST_CHARACTERS:
        raise Unanswerable("a statement of that length")
    return GroupStatement(sql, key_cells, cells)


def _name_arguments(
    relation: Relation,
    aggregates: Sequence[Aggregate],
    compiler: Compiler,
    parameters: Parameters,
) -> tuple[Relation, Sequence[Aggregate]]:
    """Give names to the arguments of aggregates that are not computed within the aggregate."""
    named = []
    for at, each in enumerate(aggregates):
        argument = each.argument
        if argument is not None and argument.operator != "VARIABLE":
            conditions = Conditions(relation, parameters)
            if each.function == "COUNT" or not conditions.computes(argument):
                name = f" argument {at}"
                relation = compiler.extend(relation, name, argument)
                variable = Expression("VARIABLE", argument.first, argument.last, name=name)
                each = replace(each, argument=variable)
        named.append(each)
    return relation, named


def write_aggregate(cells: AggregateCells, row: Row, texts: Mapping[int, str]) -> str:
    """The value of an aggregate as VALUES have it.

    Raises:
        Unanswerable: the store may compute it in another way.
    """
    i_count, d_count = (0 if at is None else row[at] for at in cells.counts)
    if cells.function == "COUNT":
        return str(row[cells.rows] if cells.counts == (None, None) else i_count + d_count)
    rows = row[cells.rows]
    if i_count + d_count != rows:
        return _UNBOUND
    if cells.term is not None:
        return _UNBOUND if row[cells.term] is None else texts[row[cells.term]]
    i_value, d_value = (None if at is None else row[at] for at in cells.values)
    if cells.function in ("MIN", "MAX"):
        return _write_extreme(cells.function, i_value, d_value)
    i_bound, d_bound = (0 if at is None else row[at] or 0 for at in cells.bounds)
    if i_bound >= _INTEGER_LIMIT or d_bound >= _DECIMAL_LIMIT:
        raise Unanswerable("a sum that the store may not compute")
    total = (i_value or 0) * 10**_DIGITS + (_scaled(d_value) if d_value is not None else 0)
    if cells.function == "AVG" and rows:
        if cells.distinct != (None, None):
            rows = sum(0 if at is None else row[at] for at in cells.distinct)
        # Cut, not rounded, on both sides of zero.
        return _write_decimal(-(-total // rows) if total < 0 else total // rows)
    return _write_decimal(total) if d_count else str(i_value or 0)


def _write_extreme(function: str, i: int | None, d: Decimal | None) -> str:
    if i is None or d is None:
        if i is not None:
            return str(i)
        return _UNBOUND if d is None else _write_decimal(_scaled(d))
    whole, part = i * 10**_DIGITS, _scaled(d)
    if whole == part:
        raise Unanswerable("an integer and a decimal that are equal: the store takes the first")
    return str(i) if (whole < part) == (function == "MIN") else _write_decimal(part)


def _scaled(value: Decimal) -> int:
    return int(_EXACT.scaleb(value, _DIGITS))


def _write_decimal(scaled: int) -> str:
    digits = f"{abs(scaled):0{_DIGITS + 1}d}"
    sign = "-" if scaled < 0 else ""
    return f'"{sign}{digits[:-_DIGITS]}.{digits[-_DIGITS:]}"^^<{DECIMAL}>'


def write_number(i: int | None, d: Decimal | None) -> str:
    """A computed number as VALUES have it."""
    if i is not None:
        return str(i)
    return _UNBOUND if d is None else _write_decimal(_scaled(d))
