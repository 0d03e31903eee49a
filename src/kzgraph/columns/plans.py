"""What a query asks, as far as columns can answer it: patterns, expressions and groups.

https://www.w3.org/TR/sparql11-query/#sparqlAlgebra. Constants are places in the tokens of the
query: queries that differ in nothing else share a plan.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


class Unanswerable(Exception):
    """The columns are not proved to give the answer of the store, which therefore gives it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a pattern; the name of one that the query cannot name begins with a blank."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A term that the query names.

    Attributes:
        at: the index of its token.
        text: in N-Triples, where it is the same in all queries of the shape; else None.
        negative: whether a minus stands before it.
    """

    at: int
    text: str | None = None
    negative: bool = False

    def write(self, constants: Mapping[int, str]) -> str:
        """The term in N-Triples, given the plain constants of a query."""
        found = self.text or constants[self.at]
        return f'"-{found[1:]}' if self.negative and not found.startswith('"0"') else found


Term = Variable | Constant


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression; the indices are of the tokens of the query.

    Attributes:
        operator: a sign, the name of a function in capitals, or one of VARIABLE, NUMBER, IRI,
            LITERAL, NEGATIVE.
        first: the index of its first token.
        last: of the one behind its last.
        arguments: what it is computed from.
        name: of a VARIABLE.
    """

    operator: str
    first: int
    last: int
    arguments: tuple["Expression", ...] = ()
    name: str = ""

    def walk(self) -> Iterator["Expression"]:
        """It and all that it is computed from."""
        yield self
        for argument in self.arguments:
            yield from argument.walk()

    def variables(self) -> frozenset[str]:
        """The names of the variables in it."""
        return frozenset(each.name for each in self.walk() if each.operator == "VARIABLE")


@dataclass(frozen=True, slots=True)
class Scan:
    """The triples of one property."""

    subject: Term
    property: str
    object: Term


@dataclass(frozen=True, slots=True)
class Join:
    """Compatible solutions of several patterns; of none, one without values."""

    patterns: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class LeftJoin:
    """OPTIONAL: solutions of `left`, with those of `right` that meet the conditions."""

    left: "Pattern"
    right: "Pattern"
    conditions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Solutions that meet a condition."""

    pattern: "Pattern"
    condition: Expression


@dataclass(frozen=True, slots=True)
class Extend:
    """BIND."""

    pattern: "Pattern"
    name: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Union:
    """The solutions of all branches."""

    branches: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """VALUES; None stands for UNDEF."""

    names: tuple[str, ...]
    rows: tuple[tuple[Constant | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A subquery without groups: some variables of a pattern, perhaps each solution once."""

    pattern: "Pattern"
    names: tuple[str, ...]
    distinct: bool


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate.

    Attributes:
        function: COUNT, SUM, AVG, MIN or MAX.
        distinct: whether equal terms count once.
        argument: None for `*`.
    """

    function: str
    distinct: bool
    argument: Expression | None


@dataclass(frozen=True, slots=True)
class Grouped:
    """A subquery with groups: the variables it groups by and selects, and what it computes."""

    pattern: "Pattern"
    keys: tuple[str, ...]
    names: tuple[str, ...]
    computed: tuple[tuple[str, Aggregate], ...]


Pattern = Scan | Join | LeftJoin | Filter | Extend | Union | Table | Project | Grouped


@dataclass(frozen=True, slots=True)
class Outer:
    """A query over the rows of a VALUES in its text.

    Attributes:
        before: the text before the rows.
        behind: the text behind them.
        prefixes: those that it uses without declaring them.
        extended: whether it calls functions that the store has to be given.
    """

    before: str
    behind: str
    prefixes: Mapping[str, str]
    extended: bool
