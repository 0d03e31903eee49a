"""The parts of a query that its analysis tells apart: groups, subqueries, calls of functions.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar. Each node covers a stretch of the text; what
it covers beside its children is taken as it is, so that a rewritten query keeps its author's words
wherever nothing had to change.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from kzgraph.sparql.lexer import Kind, Token

T = TypeVar("T", bound="Node")


@dataclass(slots=True, eq=False)
class Node:
    """A stretch of the text, in characters, its end exclusive.

    Attributes:
        tokens: what it consists of, its children's included.
        children: the nodes within, in the order of the text; none overlaps another.
    """

    tokens: list[Token]
    children: list["Node"] = field(default_factory=list, kw_only=True)

    @property
    def start(self) -> int:
        """Where it starts."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return self.tokens[-1].end

    def find(self, kind: type[T], closed: tuple[type["Node"], ...] = ()) -> Iterator[T]:
        """The nodes of a kind, this one and those below it but not below one of `closed`."""
        if isinstance(self, kind):
            yield self
        if not isinstance(self, closed):
            for child in self.children:
                yield from child.find(kind, closed)

    def variables(self) -> dict[str, None]:
        """The names of all variables in it, in the order of their first occurrence."""
        return {each.text[1:]: None for each in self.tokens if each.kind is Kind.VARIABLE}


class Expression(Node):
    """What is computed; its children are the calls and EXISTS groups within."""


@dataclass(slots=True, eq=False)
class Call(Expression):
    """A call of a function or aggregate.

    Attributes:
        name: in capitals; of a function that an IRI names, that token's text.
        arguments: the expressions, which are its children.
        distinct: whether DISTINCT stands before them.
        scalars: what follows a semicolon (`SEPARATOR = ","`), the semicolon included.
    """

    name: str
    arguments: list[Expression]
    distinct: bool
    scalars: list[Token]


class Group(Node):
    """A group in braces; its children are its elements."""


class Triples(Node):
    """Triple patterns up to the next keyword or brace."""


class Filter(Node):
    """FILTER with its constraint."""


@dataclass(slots=True, eq=False)
class Bind(Node):
    """BIND with its expression.

    Attributes:
        name: the variable that is bound.
    """

    name: str


@dataclass(slots=True, eq=False)
class Values(Node):
    """VALUES with its rows.

    Attributes:
        names: of its variables.
    """

    names: list[str]


class Optional(Node):
    """OPTIONAL with its group."""


class Minus(Node):
    """MINUS with its group."""


@dataclass(slots=True, eq=False)
class Graph(Node):
    """GRAPH with its group.

    Attributes:
        name: the variable or IRI of the graph.
        group: the pattern.
    """

    name: Token
    group: Group


@dataclass(slots=True, eq=False)
class Service(Node):
    """SERVICE with its group.

    Attributes:
        keyword: the word SERVICE.
        silent: the word SILENT, if it is there.
        name: the variable or IRI of the endpoint.
        group: the pattern.
    """

    keyword: Token
    silent: Token | None
    name: Token
    group: Group


class Union(Node):
    """One group, or several with UNION between them, which are its children."""


@dataclass(slots=True, eq=False)
class Star(Node):
    """The `*` of a SELECT.

    Attributes:
        names: the columns that it stands for, in the order of their first occurrence.
    """

    names: list[str]


@dataclass(slots=True, eq=False)
class Column(Node):
    """A column of a SELECT, or a condition of a GROUP BY: a variable, or an expression.

    Attributes:
        name: of the variable; None for a condition without one.
        expression: what it is computed from; None for a variable on its own.
    """

    name: str | None
    expression: Expression | None


@dataclass(slots=True, eq=False)
class OrderKey(Node):
    """A condition of an ORDER BY.

    Attributes:
        expression: what is compared.
        descending: whether DESC stands before it.
        query: what is ordered.
    """

    expression: Expression
    descending: bool
    query: "Select"


@dataclass(slots=True, eq=False)
class Select(Node):
    """A subquery, or a whole query behind its prologue, of whichever form.

    Attributes:
        form: SELECT, ASK, CONSTRUCT or DESCRIBE.
        star: the `*` of a SELECT.
        columns: of a SELECT.
        datasets: whether NAMED, and the name, of each FROM.
        clauses: where each FROM stands: its first and last token.
        where: the pattern; a DESCRIBE may have none.
        groups: the conditions of GROUP BY.
        keys: the conditions of ORDER BY.
    """

    form: str
    star: Star | None = None
    columns: list[Column] = field(default_factory=list)
    datasets: list[tuple[bool, Token]] = field(default_factory=list)
    clauses: list[tuple[Token, Token]] = field(default_factory=list)
    where: Group | None = None
    groups: list[Column] = field(default_factory=list)
    keys: list[OrderKey] = field(default_factory=list)
