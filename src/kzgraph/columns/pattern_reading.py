"""Reading the pattern of a query from its tree, as the algebra of `plans`.

https://www.w3.org/TR/sparql11-query/#sparqlTranslateGraphPatterns
"""

from collections.abc import Mapping, Sequence

from kzgraph.columns.expression_reading import read_expression
from kzgraph.columns.plans import (
    Aggregate,
    Constant,
    Expression,
    Extend,
    Filter,
    Grouped,
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
from kzgraph.columns.triples_reading import end_of_term, read_triples
from kzgraph.sparql import tree
from kzgraph.sparql.grouping import is_aggregated
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.volatile import find_volatile

#: The aggregates that columns compute.
_COMPUTED = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX"})


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
        behind = any(isinstance(each, tree.Values | tree.Expression) for each in select.children)
        words = {each.text.upper() for each in select.tokens if each.kind is Kind.WORD}
        if behind or select.keys or words & {"LIMIT", "OFFSET", "REDUCED"}:
            raise Unanswerable("a subquery that has conditions on groups, or that is cut off")
        if select.where is None:
            raise Unanswerable("a subquery without a pattern")
        distinct = select.tokens[1].text.upper() == "DISTINCT"
        if is_aggregated(select):
            if distinct:
                raise Unanswerable("distinct groups in a subquery")
            return self._grouped(select, self.group(select.where))
        if any(column.expression is not None for column in select.columns):
            raise Unanswerable("a subquery that computes")
        named = (column.name for column in select.columns)
        names = select.star.names if select.star is not None else named
        inner = self.group(select.where)
        return Project(inner, tuple(name for name in names if name is not None), distinct)

    def _grouped(self, select: tree.Select, pattern: Pattern) -> Grouped:
        pattern, keys = self.read_keys(select, pattern)
        names: list[str] = []
        computed: list[tuple[str, Aggregate]] = []
        for column in select.columns:
            name, expression = column.name, column.expression
            if name is None or expression is None:
                names.append(name or "")
                continue
            calls = [each for each in expression.children if isinstance(each, tree.Call)]
            inside = [token for token in expression.tokens if token.text not in "()"]
            if len(calls) != 1 or len(inside) != sum(t.text not in "()" for t in calls[0].tokens):
                raise Unanswerable("a subquery that computes with aggregates")
            computed.append((name, self.aggregate(calls[0])))
        return Grouped(pattern, tuple(keys), tuple(names), tuple(computed))

    def read_keys(self, select: tree.Select, pattern: Pattern) -> tuple[Pattern, list[str]]:
        """The pattern of a query with what it groups by, and the names of that."""
        keys: list[str] = []
        for column in select.groups:
            name = column.name
            if column.expression is not None:
                # A name that the query cannot have, where it gives none.
                name = name or f" key {column.start}"
                pattern = Extend(pattern, name, self.expression(column.expression))
            if name is not None and name not in keys:
                keys.append(name)
        return pattern, keys

    def aggregate(self, call: tree.Call) -> Aggregate:
        """The aggregate that `call` is.

        Raises:
            Unanswerable: columns do not compute it.
        """
        if call.name not in _COMPUTED or call.scalars or len(call.arguments) != 1:
            raise Unanswerable(call.name)
        starred = [token.text for token in call.arguments[0].tokens] == ["*"]
        if starred and call.name != "COUNT":
            raise Unanswerable(f"{call.name}(*)")
        argument = None if starred else self.expression(call.arguments[0])
        return Aggregate(call.name, call.distinct, argument)

    def _values(self, values: tree.Values) -> Table:
        first, last = self._span(values)
        at = first + 1
        while self.tokens[at].text != "{":
            at += 1
        rows: list[tuple[Constant | None, ...]] = []
        row: list[Constant | None] = []
        at += 1
        while at < last - 1:
            token = self.tokens[at]
            if token.kind is Kind.SIGN and token.text in "()":
                at += 1
                continue
            if token.kind is Kind.WORD and token.text.upper() == "UNDEF":
                raise Unanswerable("UNDEF")
            end = end_of_term(self.tokens, at, last - 1)
            row.append(self._constant(at, end))
            at = end
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
        sign = self.tokens[first]
        number = last - 1 in self._constants and self.tokens[last - 1].kind is Kind.NUMBER
        if sign.kind is Kind.SIGN and number:
            return Constant(last - 1, negative=sign.text == "-")
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
