"""What a statement is given when it is run: terms, numbers, and tables of conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kzgraph.columns.plans import Constant, Expression, Unanswerable
from kzgraph.columns.relations import Column, Number, Place
from kzgraph.sparql.lexer import Token


@dataclass(frozen=True, slots=True)
class TermTest:
    """A condition about one variable, to be evaluated for each term that it may be.

    Attributes:
        condition: it.
        name: of the variable.
        places: columns of the file that have the terms.
        language_only: whether it asks of the term only LANG.
    """

    condition: Expression
    name: str
    places: frozenset[Place]
    language_only: bool


@dataclass(slots=True)
class Parameters:
    """The parameters of a statement, by their names in it.

    Attributes:
        tokens: of the query.
        constants: the texts of its plain constants.
        terms: what is replaced by the number of a term.
        numbers: the indices of the tokens that are replaced by a number.
        tests: what is replaced by the name of a table.
    """

    tokens: Sequence[Token]
    constants: Mapping[int, str]
    terms: dict[str, Constant] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    tests: dict[str, TermTest] = field(default_factory=dict)

    def term(self, constant: Constant) -> str:
        """SQL for the number of a term."""
        name = f"t{constant.at}"
        self.terms[name] = constant
        return f"${name}"

    def number(self, at: int) -> Number:
        """SQL for the number that the token at `at` is.

        Raises:
            Unanswerable: it is not a plain one.
        """
        if at not in self.constants:
            raise Unanswerable(f"the number {self.tokens[at].text}")
        name = f"n{at}"
        self.numbers[name] = at
        if self.tokens[at].text.isdecimal():
            return Number(f"CAST(${name} AS BIGINT)", None, positive=True)
        return Number(None, f"CAST(${name} AS DECIMAL(38, 18))")

    def test(self, condition: Expression, name: str, column: Column) -> str:
        """The table of a condition, with the columns `id` and `v`, NULL for an error."""
        inside = sum(
            argument.operator == "VARIABLE"
            for each in condition.walk()
            if each.operator == "LANG"
            for argument in each.arguments
        )
        every = sum(each.operator == "VARIABLE" for each in condition.walk())
        table = f"@m{len(self.tests)}@"
        self.tests[table] = TermTest(condition, name, column.places, inside == every)
        return table
