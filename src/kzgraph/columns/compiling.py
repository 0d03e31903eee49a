"""Patterns compiled to relations of SQL."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kzgraph.columns.aggregate_numbers import aggregate_number
from kzgraph.columns.column_file import TermKind
from kzgraph.columns.conditions import Conditions, conjuncts
from kzgraph.columns.file_facts import FileFacts, Property
from kzgraph.columns.plans import (
    Constant,
    Expression,
    Extend,
    Filter,
    Grouped,
    Join,
    LeftJoin,
    Pattern,
    Project,
    Scan,
    Table,
    Unanswerable,
    Union,
    Variable,
)
from kzgraph.columns.relations import (
    INTEGERS,
    NUMBERS,
    SUBJECTS,
    Column,
    Number,
    Relation,
    merge,
    number_column,
)
from kzgraph.columns.statement_parameters import Parameters
from kzgraph.columns.stored_terms import kind_of

#: Tables that one statement joins, at most: planning takes longer than linear in them.
_MOST_TABLES = 24
#: Rows of VALUES, at most.
_MOST_ROWS = 100


class Compiler:
    """Compiles the patterns of one query.

    Args:
        facts: of the file.
        parameters: of the statement.
    """

    def __init__(self, facts: FileFacts, parameters: Parameters) -> None:
        self._facts = facts
        self._parameters = parameters
        self._tables = 0

    def relation(self, pattern: Pattern) -> Relation:
        """The solutions of `pattern`.

        Raises:
            Unanswerable: it is not compiled.
        """
        match pattern:
            case Scan():
                return self._scan(pattern)
            case Join(patterns):
                found = Relation((), (), {})
                for each in self._align(patterns):
                    found = self._join(found, each)
                return found
            case LeftJoin():
                return self._left_join(pattern)
            case Filter(inner, condition):
                return self._filter(self.relation(inner), condition)
            case Extend(inner, name, expression):
                return self.extend(self.relation(inner), name, expression)
            case Union(branches):
                return self._union([self.relation(each) for each in branches])
            case Table():
                return self._table(pattern)
            case Project():
                return self._project(pattern)
            case Grouped():
                return self._grouped(pattern)

    def extend(self, relation: Relation, name: str, expression: Expression) -> Relation:
        """`relation` with the value of an expression as the variable `name`.

        Raises:
            Unanswerable: it is not compiled.
        """
        if name in relation.columns:
            raise Unanswerable(f"?{name} is bound already")
        conditions = Conditions(relation, self._parameters)
        try:
            column = conditions.value(expression)
            return replace(relation, columns={**relation.columns, name: column})
        except Unanswerable:
            table, of, kinds = conditions.table_of(expression)
        alias = self.alias("m")
        joined = f"LEFT JOIN {table} AS {alias} ON {alias}.id IS NOT DISTINCT FROM {of.id}"
        number = Number(
            f"{alias}.i" if kinds & INTEGERS else None,
            f"{alias}.d" if kinds & 1 << TermKind.DECIMAL else None,
        )
        column = Column(f"{alias}.r", number if kinds & NUMBERS else None, kinds, False)
        return replace(
            relation,
            tables=(*relation.tables, joined),
            columns={**relation.columns, name: column},
        )

    def alias(self, letter: str) -> str:
        """A name for a table.

        Raises:
            Unanswerable: the statement has too many.
        """
        self._tables += 1
        if self._tables > _MOST_TABLES:
            raise Unanswerable("more tables than are planned fast")
        return f"{letter}{self._tables}"

    def _scan(self, scan: Scan) -> Relation:
        alias = self.alias("t")
        found = self._facts.properties.get(scan.property)
        if found is None:
            found = Property(-1, 0, 0, None, None)
            table = f"(SELECT 0 AS s, 0 AS o WHERE FALSE) AS {alias}"
        else:
            table = f"p{found.number:d} AS {alias}"
        integers = found.kinds & 1 << TermKind.INTEGER
        decimals = found.kinds & 1 << TermKind.DECIMAL
        number = Number(
            f"{alias}.i" if integers else None,
            f"{alias}.d" if decimals else None,
            found.least is not None and found.least >= 0,
        )
        subject = Column(f"{alias}.s", None, SUBJECTS, True, frozenset({(found.number, "s")}))
        object_ = Column(
            f"{alias}.o",
            number if integers or decimals else None,
            found.kinds,
            True,
            frozenset({(found.number, "o")}),
        )
        conditions: list[str] = []
        columns: dict[str, Column] = {}
        for term, column in ((scan.subject, subject), (scan.object, object_)):
            if isinstance(term, Constant):
                conditions.append(f"{column.id} = {self._parameters.term(term)}")
            elif term.name in columns:
                conditions.append(f"{columns[term.name].id} = {column.id}")
                columns[term.name] = merge(columns[term.name], column)
            else:
                columns[term.name] = column
        return Relation((table,), tuple(conditions), columns)

    def _align(self, patterns: Sequence[Pattern]) -> Iterator[Relation]:
        """The relations of `patterns`; one where tables of one subject have the same subjects."""
        rest = list(patterns)
        while rest:
            pattern = rest.pop(0)
            found = self.relation(pattern)
            if isinstance(pattern, Scan) and isinstance(pattern.subject, Variable):
                subject = pattern.subject
                tables = [*found.tables]
                for each in [*rest]:
                    if (
                        isinstance(each, Scan)
                        and each.subject == subject
                        and self._facts.are_aligned(pattern.property, each.property)
                    ):
                        rest.remove(each)
                        other = self.relation(each)
                        tables += other.tables
                        found = self._join(found, other, subject.name)
                if len(tables) > 1:
                    found = replace(found, tables=(f"({' POSITIONAL JOIN '.join(tables)})",))
            yield found

    def _wrap(self, relation: Relation) -> Relation:
        """`relation` as one table."""
        alias = self.alias("q")
        statement, columns = relation.select(relation.columns, alias)
        return Relation((f"({statement}) AS {alias}",), (), columns)

    def _join(self, left: Relation, right: Relation, aligned: str = "") -> Relation:
        """The join of two relations, whose rows are joined by the variable `aligned` already."""
        if any(each.startswith("LEFT JOIN ") for each in right.tables) and left.tables:
            right = self._wrap(right)
        columns = {**left.columns}
        conditions = [*left.conditions, *right.conditions]
        for name, column in right.columns.items():
            if name in columns:
                if name != aligned:
                    conditions.append(f"{columns[name].id} = {column.id}")
                columns[name] = merge(columns[name], column)
            else:
                columns[name] = column
        return Relation(left.tables + right.tables, tuple(conditions), columns)

    def _left_join(self, pattern: LeftJoin) -> Relation:
        left = self.relation(pattern.left)
        if not left.tables:
            raise Unanswerable("OPTIONAL on its own")
        right = self.relation(pattern.right)
        both: list[Expression] = []
        for condition in pattern.conditions:
            for each in conjuncts(condition):
                if each.variables() <= right.columns.keys():
                    right = self._filter(right, each)
                else:
                    both.append(each)
        # What is on one side only may be computed there: it has to be so before the join.
        right = self._wrap(right)
        columns = {**left.columns}
        on = []
        for name, column in right.columns.items():
            if name in columns:
                on.append(f"{columns[name].id} = {column.id}")
                merge(columns[name], column)  # It stays what it is on the left, whatever matches.
            else:
                columns[name] = replace(column, definite=False)
        joined = replace(left, columns=columns)
        conditions = Conditions(joined, self._parameters)
        on += [conditions.truth(each) for each in both]
        if any("SELECT" in each for each in on):
            raise Unanswerable("a condition of OPTIONAL about a term outside of it")
        table = f"LEFT JOIN {right.tables[0]} ON {' AND '.join(on) or 'TRUE'}"
        return replace(joined, tables=(*left.tables, table))

    def _filter(self, relation: Relation, condition: Expression) -> Relation:
        conditions = Conditions(relation, self._parameters)
        added = tuple(conditions.filter(each) for each in conjuncts(condition))
        return replace(relation, conditions=relation.conditions + added)

    def _union(self, branches: list[Relation]) -> Relation:
        alias = self.alias("q")
        names = list(dict.fromkeys(name for each in branches for name in each.columns))
        columns: dict[str, Column] = {}
        parts: list[list[str]] = [[] for _ in branches]
        for at, name in enumerate(names):
            found = [each.columns.get(name) for each in branches]
            present = [each for each in found if each is not None]
            computed = {each.id is None for each in present}
            if len(computed) > 1:
                raise Unanswerable("a variable that is computed in one branch of UNION only")
            numbers = [each.number for each in present if each.number is not None]
            has_i = any(each.i is not None for each in numbers)
            has_d = any(each.d is not None for each in numbers)
            for part, column in zip(parts, found, strict=True):
                number = column.number if column is not None else None
                part.append(f"{column.id if column and column.id else 'NULL'} AS v{at}")
                if has_i:
                    value = number.i if number and number.i else "NULL"
                    part.append(f"CAST({value} AS BIGINT) AS v{at}i")
                if has_d:
                    value = number.d if number and number.d else "NULL"
                    part.append(f"CAST({value} AS DECIMAL(38, 18)) AS v{at}d")
            kinds = 0
            for each in present:
                kinds |= each.kinds
            columns[name] = Column(
                None if computed == {True} else f"{alias}.v{at}",
                Number(
                    f"{alias}.v{at}i" if has_i else None,
                    f"{alias}.v{at}d" if has_d else None,
                    all(each.positive for each in numbers),
                )
                if has_i or has_d
                else None,
                kinds,
                len(present) == len(branches) and all(each.definite for each in present),
                frozenset().union(*(each.places for each in present))
                if all(each.places for each in present)
                else frozenset(),
            )
        selects = " UNION ALL ".join(
            f"SELECT {', '.join(part) or '1'}{branch.source}"
            for part, branch in zip(parts, branches, strict=True)
        )
        return Relation((f"({selects}) AS {alias}",), (), columns)

    def _table(self, table: Table) -> Relation:
        if len(table.rows) > _MOST_ROWS:
            raise Unanswerable("more rows of VALUES than are planned fast")
        alias = self.alias("q")
        kinds = [0] * len(table.names)
        for row in table.rows:
            for at, constant in enumerate(row):
                assert constant is not None  # noqa: S101 - UNDEF is not read
                kinds[at] |= self._kind(constant)
        selects = []
        for row in table.rows:
            parts = []
            for at, constant in enumerate(row):
                assert constant is not None  # noqa: S101 - UNDEF is not read
                parts.append(f"CAST({self._parameters.term(constant)} AS INTEGER) AS v{at}")
                if kinds[at] & ~NUMBERS == 0:
                    number = self._parameters.number(constant)
                    parts.append(f"CAST({number.i or 'NULL'} AS BIGINT) AS v{at}i")
                    parts.append(f"CAST({number.d or 'NULL'} AS DECIMAL(38, 18)) AS v{at}d")
            selects.append(f"SELECT {', '.join(parts)}")
        columns = {
            name: Column(f"{alias}.v{at}", _values_number(alias, at, kinds[at]), kinds[at], True)
            for at, name in enumerate(table.names)
        }
        return Relation((f"({' UNION ALL '.join(selects)}) AS {alias}",), (), columns)

    def _kind(self, constant: Constant) -> int:
        """The bit of the kind of a constant."""
        return 1 << kind_of(constant.write(self._parameters.constants))

    def _project(self, project: Project) -> Relation:
        found = self.relation(project.pattern)
        if not found.tables or not all(name in found.columns for name in project.names):
            raise Unanswerable("a subquery of something that is never bound")
        alias = self.alias("q")
        statement, columns = found.select(project.names, alias)
        if project.distinct:
            statement = "SELECT DISTINCT" + statement.removeprefix("SELECT")
        return Relation((f"({statement}) AS {alias}",), (), columns)

    def _grouped(self, grouped: Grouped) -> Relation:
        found = self.relation(grouped.pattern)
        if not found.tables or not all(key in found.columns for key in grouped.keys):
            raise Unanswerable("groups by something that is never bound")
        columns = {name: found.columns[name] for name in grouped.names}
        for name, aggregate in grouped.computed:
            if name in found.columns:
                raise Unanswerable(f"?{name} is bound already")
            number = aggregate_number(aggregate, found, Conditions(found, self._parameters))
            columns[name] = number_column(number, aggregate.function == "COUNT")
        alias = self.alias("q")
        statement, outside = replace(found, columns=columns).select(columns, alias)
        by: list[str] = []
        for key in grouped.keys:
            column = found.columns[key]
            by += [*column.parts, *replace(column, id=None).parts]
        behind = f" GROUP BY {', '.join(by)}" if by else ""
        return Relation((f"({statement}{behind}) AS {alias}",), (), outside)


def _values_number(alias: str, at: int, kinds: int) -> Number | None:
    if kinds & ~NUMBERS:
        return None
    return Number(
        f"{alias}.v{at}i" if kinds & INTEGERS else None,
        f"{alias}.v{at}d" if kinds & ~INTEGERS else None,
    )
