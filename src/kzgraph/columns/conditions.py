"""Expressions as SQL, NULL standing for an error.

https://www.w3.org/TR/sparql11-query/#evaluation: SPARQL's three values are those of SQL. Arithmetic
is that of the store (pyoxigraph 0.5.13): integers have 64 bits, and what leaves them is an error.
"""

from collections.abc import Iterator

from kzgraph.columns.arithmetic import calculate, choose, negate
from kzgraph.columns.column_file import TermKind
from kzgraph.columns.functions_of_terms import PURE, result_kinds
from kzgraph.columns.plans import Constant, Expression, Unanswerable
from kzgraph.columns.relations import (
    NUMBERS,
    PLAIN,
    SUBJECTS,
    Column,
    Number,
    Relation,
    number_column,
)
from kzgraph.columns.statement_parameters import Parameters

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_OTHER = 1 << TermKind.OTHER
_ARITHMETIC = frozenset({"+", "-", "*", "/"})


def conjuncts(condition: Expression) -> Iterator[Expression]:
    """What has to be true for `condition` to be."""
    if condition.operator == "&&":
        for each in condition.arguments:
            yield from conjuncts(each)
    else:
        yield condition


class Conditions:
    """Writes the expressions about one relation.

    Args:
        relation: what has the variables.
        parameters: of the statement.
    """

    def __init__(self, relation: Relation, parameters: Parameters) -> None:
        self._columns = relation.columns
        self._parameters = parameters

    def filter(self, condition: Expression) -> str:
        """SQL that is true where `condition` is.

        Raises:
            Unanswerable: it is not compiled.
        """
        try:
            return self.truth(condition, strict=False)
        except Unanswerable:
            return self._test(condition, strict=False)

    def truth(self, condition: Expression, strict: bool = True) -> str:
        """SQL that is true, false or NULL as `condition` is true, false or an error.

        Args:
            condition: an expression.
            strict: whether false and an error have to be told apart.

        Raises:
            Unanswerable: it is not compiled.
        """
        operator, arguments = condition.operator, condition.arguments
        if operator in ("||", "&&"):
            joined = " OR " if operator == "||" else " AND "
            return f"({joined.join(self._part(each, strict) for each in arguments)})"
        if operator == "!":
            return f"(NOT {self._part(arguments[0], True)})"
        if operator == "BOUND" and len(arguments) == 1 and arguments[0].operator == "VARIABLE":
            return self._column(arguments[0].name).is_bound
        if operator in _COMPARISONS:
            return self._compare(operator, *arguments)
        if operator in ("IN", "NOT IN") and len(arguments) > 1:
            any_of = " OR ".join(self._compare("=", arguments[0], each) for each in arguments[1:])
            return f"({any_of})" if operator == "IN" else f"(NOT ({any_of}))"
        raise Unanswerable(f"the condition {operator}")

    def _part(self, condition: Expression, strict: bool) -> str:
        try:
            return self.truth(condition, strict)
        except Unanswerable:
            return self._test(condition, strict)

    def _column(self, name: str) -> Column:
        if name not in self._columns:
            raise Unanswerable(f"?{name} is not bound in the group of its condition")
        return self._columns[name]

    def _compare(self, operator: str, left: Expression, right: Expression) -> str:
        if operator in ("=", "!="):
            same = self._identity(left, right)
            if same is not None:
                return same if operator == "=" else f"(NOT {same})"
        first, second = self._is_number(left), self._is_number(right)
        if not (first and second) and (operator in ("=", "!=") or not (first or second)):
            raise Unanswerable("a comparison of terms that need not be numbers")
        a, b = self.number(left), self.number(right)
        sign = "<>" if operator == "!=" else operator
        if a.d is None and b.d is None:
            return f"({a.i or 'NULL'} {sign} {b.i or 'NULL'})"
        return f"({a.decimal} {sign} {b.decimal})"

    def _identity(self, left: Expression, right: Expression) -> str | None:
        """SQL of whether two terms are the same, where that is whether they are equal."""
        ids, kinds = [], []
        for each in (left, right):
            if each.operator == "VARIABLE":
                column = self._column(each.name)
                ids.append(column.id)
                kinds.append(column.kinds)
            elif each.operator == "IRI":
                ids.append(self._term(each))
                kinds.append(1 << TermKind.IRI)
            else:
                return None
        plain = all(kind & ~PLAIN == 0 for kind in kinds)
        one = any(kind & ~SUBJECTS == 0 for kind in kinds) and not any(
            kind & _OTHER for kind in kinds
        )
        if None in ids or not (plain or one):
            return None
        return f"({ids[0]} = {ids[1]})"

    def _term(self, expression: Expression) -> str:
        """The number of the term that an IRI is."""
        if expression.first not in self._parameters.constants:
            raise Unanswerable("an IRI that is not plain")
        return self._parameters.term(Constant(expression.first))

    def _is_number(self, expression: Expression) -> bool:
        """Whether the value of `expression` is a number or an error."""
        if expression.operator == "VARIABLE":
            return self._column(expression.name).is_number
        if expression.operator == "IF" and len(expression.arguments) == 3:
            return all(map(self._is_number, expression.arguments[1:]))
        if expression.operator == "COALESCE":
            return all(map(self._is_number, expression.arguments))
        return expression.operator in ("NUMBER", "NEGATIVE", *_ARITHMETIC)

    def number(self, expression: Expression) -> Number:
        """The number that `expression` is; nothing for another value or an error.

        Raises:
            Unanswerable: it is not compiled, or may be a number that SQL does not compute with.
        """
        operator, arguments = expression.operator, expression.arguments
        if operator == "VARIABLE":
            column = self._column(expression.name)
            if column.kinds & _OTHER or (column.number is None and column.kinds & NUMBERS):
                raise Unanswerable(f"the values of ?{expression.name} may be other numbers")
            return column.number or Number(None, None)
        if operator == "NUMBER":
            return self._parameters.number(Constant(expression.first))
        if operator == "NEGATIVE":
            return negate(self.number(arguments[0]))
        if operator in _ARITHMETIC:
            return calculate(operator, *(self.number(each) for each in arguments))
        if operator == "IF" and len(arguments) == 3:
            condition = self._part(arguments[0], True)
            return choose(condition, *(self.number(each) for each in arguments[1:]))
        if operator == "COALESCE" and self._is_number(expression):
            found = self.number(arguments[-1])
            for each in arguments[-2::-1]:
                first = self.number(each)
                found = choose(first.is_known, first, found)
            return found
        raise Unanswerable(f"{operator} as a number")

    def computes(self, expression: Expression) -> bool:
        """Whether `number` computes `expression`."""
        try:
            self.number(expression)
        except Unanswerable:
            return False
        return self._is_number(expression)

    def value(self, expression: Expression) -> Column:
        """What BIND makes of `expression`.

        Raises:
            Unanswerable: it is not compiled.
        """
        if expression.operator == "VARIABLE":
            return self._column(expression.name)
        if expression.operator == "IRI":
            return Column(self._term(expression), None, 1 << TermKind.IRI, True)
        if not self._is_number(expression):
            raise Unanswerable("a value that need not be a number")
        return number_column(self.number(expression))

    def table_of(self, expression: Expression) -> tuple[str, Column, int]:
        """The table of the values of an expression about one variable.

        Returns:
            It, the column of the variable, and the kinds that its values may have.

        Raises:
            Unanswerable: it is about several variables, or has functions that are not known.
        """
        name, column = self._only_variable(expression)
        kinds = result_kinds(expression, self._columns, self._parameters.constants)
        return self._parameters.table(expression, name, column, kinds), column, kinds

    def _only_variable(self, expression: Expression) -> tuple[str, Column]:
        names = expression.variables()
        if len(names) != 1:
            raise Unanswerable("an expression about several variables")
        (name,) = names
        column = self._column(name)
        impure = {each.operator for each in expression.walk()} - PURE
        if any(not each.startswith(("<", "xsd:")) for each in impure):
            raise Unanswerable(f"the functions {sorted(impure)}")
        if column.id is None or not column.places:
            raise Unanswerable("an expression about a term that is computed")
        return name, column

    def _test(self, condition: Expression, strict: bool) -> str:
        """SQL of a condition about the term of one variable, which is evaluated for each term."""
        name, column = self._only_variable(condition)
        table = self._parameters.table(condition, name, column, None)
        # The identifiers are made here and in `statement_parameters`, of numbers.
        if strict:
            same = f"{table}.id IS NOT DISTINCT FROM {column.id}"
            return f"(SELECT {table}.v FROM {table} WHERE {same})"  # noqa: S608
        true = f"SELECT id FROM {table} WHERE v AND id IS NOT NULL"  # noqa: S608
        found = f"({column.id} IN ({true}))"
        if column.definite:
            return found
        unbound = f"(SELECT v FROM {table} WHERE id IS NULL)"  # noqa: S608
        return f"({found} OR ({column.id} IS NULL AND {unbound}))"
