"""Patterns compiled to relations of SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kzgraph.columns.column_file import TermKind
from kzgraph.columns.conditions import Conditions, conjuncts
from kzgraph.columns.plans import (
    Constant,
    Expression,
    Extend,
    Filter,
    Join,
    LeftJoin,
    Pattern,
    Project,
    Scan,
    Table,
    Unanswerable,
    Union,
)
from kzgraph.columns.relations import SUBJECTS, Column, Number, Relation, merge
from kzgraph.columns.statement_parameters import Parameters
from kzgraph.sparql.lexer import Kind

#: Tables that one statement joins, at most: planning takes longer than linear in them.
_MOST_TABLES = 24
#: Rows of VALUES, at most.
_MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Property:
    """What the file says of a property; see `column_file`."""

    number: int
    rows: int
    kinds: int
    least: int | None
    most: int | None


class Compiler:
    """Compiles the patterns of one query.

    Args:
        properties: of the release, by their IRIs.
        parameters: of the statement.
    """

    def __init__(self, properties: Mapping[str, Property], parameters: Parameters) -> None:
        self._properties = properties
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
                for each in patterns:
                    found = self._join(found, self.relation(each))
                return found
            case LeftJoin():
                return self._left_join(pattern)
            case Filter(inner, condition):
                return self._filter(self.relation(inner), condition)
            case Extend(inner, name, expression):
                found = self.relation(inner)
                if name in found.columns:
                    raise Unanswerable(f"?{name} is bound already")
                column = Conditions(found, self._parameters).value(expression)
                return replace(found, columns={**found.columns, name: column})
            case Union(branches):
                return self._union([self.relation(each) for each in branches])
            case Table():
                return self._table(pattern)
            case Project():
                return self._project(pattern)

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
        found = self._properties.get(scan.property)
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

    def _wrap(self, relation: Relation) -> Relation:
        """`relation` as one table."""
        alias = self.alias("q")
        statement, columns = relation.select(relation.columns, alias)
        return Relation((f"({statement}) AS {alias}",), (), columns)

    def _join(self, left: Relation, right: Relation) -> Relation:
        if any(each.startswith("LEFT JOIN ") for each in right.tables) and left.tables:
            right = self._wrap(right)
        columns = {**left.columns}
        conditions = [*left.conditions, *right.conditions]
        for name, column in right.columns.items():
            if name in columns:
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
                columns[name] = merge(columns[name], column)
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
        numbers = [self._are_numbers(table, at) for at in range(len(table.names))]
        selects = []
        for row in table.rows:
            parts = []
            for at, constant in enumerate(row):
                assert constant is not None  # noqa: S101 - UNDEF is not read
                parts.append(f"CAST({self._parameters.term(constant)} AS INTEGER) AS v{at}")
                kinds[at] |= self._kind(constant)
                if numbers[at]:
                    parts.append(f"{self._parameters.number(constant.at).i} AS v{at}i")
            selects.append(f"SELECT {', '.join(parts)}")
        columns = {
            name: Column(
                f"{alias}.v{at}",
                Number(f"{alias}.v{at}i", None, positive=True) if numbers[at] else None,
                kinds[at],
                True,
            )
            for at, name in enumerate(table.names)
        }
        return Relation((f"({' UNION ALL '.join(selects)}) AS {alias}",), (), columns)

    def _are_numbers(self, table: Table, at: int) -> bool:
        return all(
            row[at] is not None and self._kind(row[at]) == 1 << TermKind.INTEGER  # type: ignore[arg-type]
            for row in table.rows
        )

    def _kind(self, constant: Constant) -> int:
        """The bit of the kind of a constant."""
        text = constant.text or self._parameters.constants[constant.at]
        if text.startswith("<"):
            return 1 << TermKind.IRI
        token = self._parameters.tokens[constant.at]
        if token.kind is Kind.NUMBER:
            return 1 << (TermKind.INTEGER if token.text.isdecimal() else TermKind.DECIMAL)
        return 1 << (TermKind.STRING if text.endswith('"') else TermKind.OTHER)

    def _project(self, project: Project) -> Relation:
        found = self.relation(project.pattern)
        if not found.tables or not all(name in found.columns for name in project.names):
            raise Unanswerable("a subquery of something that is never bound")
        alias = self.alias("q")
        statement, columns = found.select(project.names, alias)
        if project.distinct:
            statement = "SELECT DISTINCT" + statement.removeprefix("SELECT")
        return Relation((f"({statement}) AS {alias}",), (), columns)
