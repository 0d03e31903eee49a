"""Expressions as SQL, NULL standing for an error.

https://www.w3.org/TR/sparql11-query/#evaluation: SPARQL's three values are those of SQL. Arithmetic
is that of the store (pyoxigraph 0.5.13): integers have 64 bits, and what leaves them is an error.
"""

from collections.abc import Iterator

from kzgraph.columns.column_file import TermKind
from kzgraph.columns.plans import Constant, Expression, Unanswerable
from kzgraph.columns.relations import INTEGERS, NUMBERS, PLAIN, SUBJECTS, Column, Number, Relation
from kzgraph.columns.statement_parameters import Parameters

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_OTHER = 1 << TermKind.OTHER
#: Functions whose value follows from that of their arguments.
_NAMES = (
    "VARIABLE NUMBER IRI LITERAL NEGATIVE || && ! = != < <= > >= IN + - * / STR LANG LANGMATCHES "
    "DATATYPE REGEX REPLACE CONTAINS STRSTARTS STRENDS STRLEN SUBSTR STRBEFORE STRAFTER LCASE "
    "UCASE CONCAT ENCODE_FOR_URI ISIRI ISURI ISLITERAL ISBLANK ISNUMERIC SAMETERM YEAR MONTH DAY "
    "HOURS MINUTES SECONDS TZ TIMEZONE ABS CEIL FLOOR ROUND IF COALESCE BOUND"
)
_PURE = frozenset({*_NAMES.split(), "NOT IN"})


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
        return expression.operator in ("NUMBER", "NEGATIVE", "+", "-", "*")

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
            return self._parameters.number(expression.first)
        if operator == "NEGATIVE":
            value = self.number(arguments[0])
            if value.d is not None:
                if arguments[0].operator != "NUMBER":
                    raise Unanswerable("arithmetic of decimal numbers")
                return Number(None, f"(-{value.d})")
            return Number(_within_64_bits(f"-CAST({value.i} AS HUGEINT)"), None)
        if operator in ("+", "-", "*"):
            a, b = (self.number(each) for each in arguments)
            if a.d is not None or b.d is not None:
                raise Unanswerable("arithmetic of decimal numbers")
            left, right = (f"CAST({each.i or 'NULL'} AS HUGEINT)" for each in (a, b))
            return Number(
                _within_64_bits(f"{left} {operator} {right}"),
                None,
                a.positive and b.positive and operator != "-",
            )
        if operator == "IF" and len(arguments) == 3:
            condition = self._part(arguments[0], True)
            yes, no = (self.number(each) for each in arguments[1:])
            return Number(
                _choose(condition, yes.i, no.i),
                _choose(condition, yes.d, no.d),
                yes.positive and no.positive,
            )
        raise Unanswerable(f"{operator} as a number")

    def value(self, expression: Expression) -> Column:
        """What BIND makes of `expression`.

        Raises:
            Unanswerable: it is not compiled.
        """
        if expression.operator == "VARIABLE":
            return self._column(expression.name)
        if expression.operator == "IRI":
            return Column(self._term(expression), None, 1 << TermKind.IRI, True)
        self._check_number(expression)
        number = self.number(expression)
        kinds = (INTEGERS if number.i is not None else 0) | (
            1 << TermKind.DECIMAL if number.d is not None else 0
        )
        return Column(None, number, kinds, False)

    def _check_number(self, expression: Expression) -> None:
        """Refuse what may have a value that is not a number."""
        if expression.operator == "IF" and len(expression.arguments) == 3:
            for each in expression.arguments[1:]:
                self._check_number(each)
        elif not self._is_number(expression):
            raise Unanswerable("a value that need not be a number")

    def _test(self, condition: Expression, strict: bool) -> str:
        """SQL of a condition about the term of one variable, which is evaluated for each term."""
        names = condition.variables()
        if len(names) != 1:
            raise Unanswerable("a condition about several variables")
        (name,) = names
        column = self._column(name)
        impure = {each.operator for each in condition.walk()} - _PURE
        if any(not each.startswith(("<", "xsd:")) for each in impure):
            raise Unanswerable(f"the functions {sorted(impure)}")
        if column.id is None or not column.places:
            raise Unanswerable("a condition about a term that is computed")
        table = self._parameters.test(condition, name, column)
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


def _within_64_bits(value: str) -> str:
    return (
        f"(CASE WHEN {value} BETWEEN -9223372036854775808 AND 9223372036854775807 "
        f"THEN CAST({value} AS BIGINT) END)"
    )


def _choose(condition: str, yes: str | None, no: str | None) -> str | None:
    if yes is None and no is None:
        return None
    return (
        f"(CASE WHEN {condition} THEN {yes or 'NULL'} WHEN NOT {condition} THEN {no or 'NULL'} END)"
    )
