"""What a statement is given when it is run: terms, numbers, and tables of expressions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kzgraph.columns.plans import Constant, Expression, Unanswerable
from kzgraph.columns.relations import Column, Number, Place
from kzgraph.columns.stored_terms import read_number
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
        numbers: what is replaced by a number.
        tables: what is replaced by the name of a table.
    """

    tokens: Sequence[Token]
    constants: Mapping[int, str]
    terms: dict[str, Constant] = field(default_factory=dict)
    numbers: dict[str, Constant] = field(default_factory=dict)
    tables: dict[str, TermTable] = field(default_factory=dict)

    def term(self, constant: Constant) -> str:
        """SQL for the number of a term."""
        name = f"t{constant.at}"
        assert self.terms.get(name, constant) == constant  # noqa: S101 - a token is of one term
        self.terms[name] = constant
        return f"${name}"

    def number(self, constant: Constant) -> Number:
        """SQL for the number that a constant is.

        Raises:
            Unanswerable: it is none that is computed with here.
        """
        number = None
        if constant.text is not None or constant.at in self.constants:
            number = read_number(constant.write(self.constants))
        if number is None:
            raise Unanswerable(f"the number {self.tokens[constant.at].text}")
        name = f"n{constant.at}"
        assert self.numbers.get(name, constant) == constant  # noqa: S101 - see `term`
        self.numbers[name] = constant
        if isinstance(number, int):
            # The sign is of the shape; the digits are not.
            positive = not constant.negative if constant.text is None else number >= 0
            return Number(f"CAST(${name} AS BIGINT)", None, positive)
        return Number(None, f"CAST(${name} AS DECIMAL(38, 18))")

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
