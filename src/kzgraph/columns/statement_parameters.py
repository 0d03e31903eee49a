"""What a statement is given when it is run: terms, numbers, and tables of expressions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kzgraph.columns.plans import Constant, Expression, Unanswerable
from kzgraph.columns.relations import Column, Number, Place
from kzgraph.sparql.lexer import Token


@dataclass(frozen=True, slots=True)
class TermTable:
    """An expression about one variable, to be evaluated for each term that it may be.

    Attributes:
        expression: it.
        name: of the variable.
        places: columns of the file that have the terms.
        language_only: whether it asks of the term only LANG.
        kinds: of the values that it may have, as bits; None for a condition, of which it matters
            whether it is true.
    """

    expression: Expression
    name: str
    places: frozenset[Place]
    language_only: bool
    kinds: int | None


@dataclass(slots=True)
class Parameters:
    """The parameters of a statement, by their names in it.

    Attributes:
        tokens: of the query.
        constants: the texts of its plain constants.
        terms: what is replaced by the number of a term.
        numbers: the indices of the tokens that are replaced by a number.
        tables: what is replaced by the name of a table.
    """

    tokens: Sequence[Token]
    constants: Mapping[int, str]
    terms: dict[str, Constant] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    tables: dict[str, TermTable] = field(default_factory=dict)

    def term(self, constant: Constant) -> str:
        """SQL for the number of a term."""
        name = f"t{constant.at}"
        assert self.terms.get(name, constant) == constant  # noqa: S101 - a token is of one term
        self.terms[name] = constant
        return f"${name}"

    def number(self, at: int, negative: bool = False) -> Number:
        """SQL for the number that the token at `at` is, or its negative.

        Raises:
            Unanswerable: it is not a plain one.
        """
        if at not in self.constants:
            raise Unanswerable(f"the number {self.tokens[at].text}")
        name = f"n{at}"
        self.numbers[name] = at
        sign = "-" if negative else ""
        if self.tokens[at].text.isdecimal():
            return Number(f"({sign}CAST(${name} AS BIGINT))", None, positive=not negative)
        return Number(None, f"({sign}CAST(${name} AS DECIMAL(38, 18)))")

    def table(self, expression: Expression, name: str, column: Column, kinds: int | None) -> str:
        """The table of an expression.

        It has the columns `id`, and `v` of a condition, else `r`, `i` and `d`; NULL for an error.
        """
        inside = sum(
            argument.operator == "VARIABLE"
            for each in expression.walk()
            if each.operator == "LANG"
            for argument in each.arguments
        )
        every = sum(each.operator == "VARIABLE" for each in expression.walk())
        table = f"@m{len(self.tables)}@"
        self.tables[table] = TermTable(expression, name, column.places, inside == every, kinds)
        return table
