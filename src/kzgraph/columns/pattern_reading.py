"""Reading the pattern of a query from its tree, as the algebra of `plans`.

https://www.w3.org/TR/sparql11-query/#sparqlTranslateGraphPatterns
"""

from collections.abc import Mapping, Sequence

from kzgraph.columns.expression_reading import read_expression
from kzgraph.columns.plans import (
    Constant,
    Expression,
    Extend,
    Filter,
    Join,
    LeftJoin,
    Pattern,
    Project,
    Table,
    Term,
    Unanswerable,
    Union,
    Variable,
)
from kzgraph.columns.stored_terms import read_term
from kzgraph.columns.triples_reading import read_triples
from kzgraph.sparql import tree
from kzgraph.sparql.grouping import is_aggregated
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.volatile import find_volatile


class PatternReader:
    """What reads the patterns of one query.

    Args:
        tokens: of the query.
        constants: the texts of its plain constants.
        prologue: the declarations that it begins with.
    """

    def __init__(
        self, tokens: Sequence[Token], constants: Mapping[int, str], prologue: str
    ) -> None:
        self.tokens = tokens
        self._constants = constants
        self._prologue = prologue
        self._index = {token.start: index for index, token in enumerate(tokens)}

    def index(self, token: Token) -> int:
        """Where `token` is among the tokens of the query."""
        return self._index[token.start]

    def expression(self, node: tree.Node) -> Expression:
        """The expression that the tokens of `node` are.

        Raises:
            Unanswerable: it is not read here, or gives another value each time.
        """
        if find_volatile(node.tokens) is not None:
            raise Unanswerable("a function that gives another value each time")
        if any(node.find(tree.Group)):
            raise Unanswerable("EXISTS")
        return read_expression(
            self.tokens, self.index(node.tokens[0]), self.index(node.tokens[-1]) + 1
        )

    def group(self, group: tree.Group) -> Pattern:
        """The pattern of a group in braces.

        Raises:
            Unanswerable: it has what columns do not answer.
        """
        found, conditions = self._group(group)
        for condition in conditions:
            found = Filter(found, condition)
        return found

    def _group(self, group: tree.Group) -> tuple[Pattern, list[Expression]]:
        """The pattern of a group without its filters, and those."""
        found: Pattern = Join(())
        conditions: list[Expression] = []
        for element in group.children:
            if isinstance(element, tree.Triples):
                found = _join(found, *read_triples(self.tokens, *self._span(element), self))
            elif isinstance(element, tree.Filter):
                conditions.append(self.expression(element.children[0]))
            elif isinstance(element, tree.Optional):
                inner = element.children[0]
                assert isinstance(inner, tree.Group)  # noqa: S101 - the parser made it so
                found = LeftJoin(found, *self._optional(inner))
            elif isinstance(element, tree.Union):
                branches = tuple(
                    self.group(each) for each in element.children if isinstance(each, tree.Group)
                )
                found = _join(found, branches[0] if len(branches) == 1 else Union(branches))
            elif isinstance(element, tree.Bind):
                found = Extend(found, element.name, self.expression(element.children[0]))
            elif isinstance(element, tree.Values):
                found = _join(found, self._values(element))
            elif isinstance(element, tree.Select):
                found = _join(found, self._subquery(element))
            else:
                raise Unanswerable(type(element).__name__)
        return found, conditions

    def _optional(self, group: tree.Group) -> tuple[Pattern, tuple[Expression, ...]]:
        pattern, conditions = self._group(group)
        return pattern, tuple(conditions)

    def _subquery(self, select: tree.Select) -> Pattern:
        if is_aggregated(select):
            raise Unanswerable("groups in a subquery")
        behind = [each for each in select.children if isinstance(each, tree.Values)]
        words = {each.text.upper() for each in select.tokens if each.kind is Kind.WORD}
        computed = any(column.expression is not None for column in select.columns)
        if behind or select.keys or computed or words & {"LIMIT", "OFFSET", "REDUCED", "HAVING"}:
            raise Unanswerable("a subquery that computes, or that is cut off")
        if select.where is None:
            raise Unanswerable("a subquery without a pattern")
        names = select.star.names if select.star is not None else [
            column.name for column in select.columns if column.name is not None
        ]  # fmt: skip
        distinct = select.tokens[1].text.upper() == "DISTINCT"
        return Project(self.group(select.where), tuple(names), distinct)

    def _values(self, values: tree.Values) -> Table:
        first, last = self._span(values)
        at = first + 1
        while self.tokens[at].text != "{":
            at += 1
        rows: list[tuple[Constant | None, ...]] = []
        row: list[Constant | None] = []
        for index in range(at + 1, last - 1):
            token = self.tokens[index]
            if token.kind is Kind.SIGN and token.text in "()":
                continue
            if token.kind is Kind.WORD and token.text.upper() == "UNDEF":
                raise Unanswerable("UNDEF")
            row.append(self._constant(index, index + 1))
            if len(row) == len(values.names):
                rows.append(tuple(row))
                row = []
        if row or not rows or len(set(values.names)) != len(values.names):
            raise Unanswerable("VALUES of another form")
        return Table(tuple(values.names), tuple(rows))

    def term(self, first: int, last: int) -> Term:
        """The term that the tokens from `first` up to `last` are."""
        token = self.tokens[first]
        if token.kind is Kind.VARIABLE:
            return Variable(token.text[1:])
        if token.kind is Kind.BLANK:
            return Variable(f" {token.text}")
        return self._constant(first, last)

    def property(self, at: int) -> str:
        """The IRI of the property that the token at `at` is."""
        iri = self._constants.get(at)
        if iri is None or not iri.startswith("<"):
            raise Unanswerable(f"the property {self.tokens[at].text}")
        return iri[1:-1]

    def _constant(self, first: int, last: int) -> Constant:
        if last == first + 1 and first in self._constants:
            return Constant(first)
        return Constant(first, read_term(self.tokens[first:last], self._prologue))

    def _span(self, node: tree.Node) -> tuple[int, int]:
        return self.index(node.tokens[0]), self.index(node.tokens[-1]) + 1


def _join(*patterns: Pattern) -> Pattern:
    """The join of `patterns`, flat."""
    found: list[Pattern] = []
    for each in patterns:
        found.extend(each.patterns if isinstance(each, Join) else [each])
    return Join(tuple(found))
