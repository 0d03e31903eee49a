"""What patterns of SPARQL are made of: terms, solutions, and expressions of them.

Terms are strings as a query writes them (`<a>`, `1`), and variables begin with `?`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Triple = tuple[str, str, str]
Solution = Mapping[str, str]


@dataclass(frozen=True)
class Scene:
    """What a pattern is put to.

    Attributes:
        graph: the active graph.
        named: the named graphs by their names.
    """

    graph: frozenset[Triple]
    named: Mapping[str, frozenset[Triple]]

    def at(self, name: str) -> "Scene":
        """The same with a named graph as the active one."""
        return Scene(self.named.get(name, frozenset()), self.named)


class Pattern(Protocol):
    """A graph pattern."""

    @property
    def text(self) -> str:
        """How a query writes it."""

    @property
    def variables(self) -> frozenset[str]:
        """What may be bound: https://www.w3.org/TR/sparql11-query/#variableScope."""

    def solutions(self, scene: Scene) -> list[Solution]:
        """Its multiset of solutions."""

    def bound(self, values: Solution) -> "Pattern":
        """The pattern with values for variables, as EXISTS evaluates it."""


class Expression(Protocol):
    """A condition or a value."""

    @property
    def text(self) -> str:
        """How a query writes it."""

    def value(self, solution: Solution, scene: Scene) -> str | bool | None:
        """What it comes to; None is an error."""

    def bound(self, values: Solution) -> "Expression":
        """The expression with values for variables."""


def is_variable(term: str) -> bool:
    """Whether a term is a variable."""
    return term.startswith("?")


def merge(one: Solution, other: Solution) -> Solution | None:
    """Both solutions in one; None where they are not compatible."""
    if any(other.get(name, value) != value for name, value in one.items()):
        return None
    return {**one, **other}


def join(left: Iterable[Solution], right: Sequence[Solution]) -> list[Solution]:
    """https://www.w3.org/TR/sparql11-query/#defn_algJoin."""
    return [both for one in left for other in right if (both := merge(one, other)) is not None]


@dataclass(frozen=True)
class Term:
    """A variable or a constant."""

    term: str

    @property
    def text(self) -> str:
        return self.term

    def value(self, solution: Solution, scene: Scene) -> str | bool | None:
        return solution.get(self.term) if is_variable(self.term) else self.term

    def bound(self, values: Solution) -> Expression:
        return Term(values.get(self.term, self.term))


@dataclass(frozen=True)
class Compare:
    """Two terms compared; IRIs have no order, and none equals a number."""

    left: Term
    sign: str
    right: Term

    @property
    def text(self) -> str:
        return f"({self.left.text} {self.sign} {self.right.text})"

    def value(self, solution: Solution, scene: Scene) -> str | bool | None:
        left, right = self.left.value(solution, scene), self.right.value(solution, scene)
        if not isinstance(left, str) or not isinstance(right, str):
            return None
        if self.sign in ("=", "!="):
            return (left == right) == (self.sign == "=")
        if not (left.isdigit() and right.isdigit()):
            return None
        return int(left) < int(right)

    def bound(self, values: Solution) -> Expression:
        return Compare(
            Term(values.get(self.left.term, self.left.term)),
            self.sign,
            Term(values.get(self.right.term, self.right.term)),
        )


@dataclass(frozen=True)
class IsBound:
    """Whether a variable has a value."""

    variable: str

    @property
    def text(self) -> str:
        return f"BOUND({self.variable})"

    def value(self, solution: Solution, scene: Scene) -> str | bool | None:
        return self.variable in solution

    def bound(self, values: Solution) -> Expression:
        return self if self.variable not in values else Compare(Term("1"), "=", Term("1"))


@dataclass(frozen=True)
class Not:
    """The contrary of a condition."""

    inner: Expression

    @property
    def text(self) -> str:
        return f"(!{self.inner.text})"

    def value(self, solution: Solution, scene: Scene) -> str | bool | None:
        value = self.inner.value(solution, scene)
        return None if value is None else not value

    def bound(self, values: Solution) -> Expression:
        return Not(self.inner.bound(values))


@dataclass(frozen=True)
class Or:
    """One condition or the other: an error, if neither is true and one is an error."""

    left: Expression
    right: Expression

    @property
    def text(self) -> str:
        return f"({self.left.text} || {self.right.text})"

    def value(self, solution: Solution, scene: Scene) -> str | bool | None:
        values = [each.value(solution, scene) for each in (self.left, self.right)]
        return True if True in values else None if None in values else False

    def bound(self, values: Solution) -> Expression:
        return Or(self.left.bound(values), self.right.bound(values))
