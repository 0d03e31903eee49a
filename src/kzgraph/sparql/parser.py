"""Parsing the tokens of a query into a tree.

It is as strict as the grammar about what the analysis needs (which group belongs to which clause,
where an expression ends), and leaves the rest to the store's parser.
https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from kzgraph.sparql.cursor import CLOSING, Cursor, Unreadable
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.scope import visible_names
from kzgraph.sparql.tree import (
    Bind,
    Call,
    Column,
    Expression,
    Filter,
    Graph,
    Group,
    Minus,
    Node,
    Optional,
    OrderKey,
    Select,
    Service,
    Star,
    Triples,
    Union,
    Values,
)

T = TypeVar("T", bound=Node)

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
#: What begins an element of a group that is not a triple pattern.
_ELEMENTS = frozenset({"FILTER", "BIND", "VALUES", "OPTIONAL", "MINUS", "GRAPH", "SERVICE"})
#: What words triple patterns have; empty for another token.
_WORDS_OF_TRIPLES = frozenset({"", "A", "TRUE", "FALSE"})
#: Words that a bracket may follow without being called.
_OPERATORS = frozenset({"IN", "AS", "DISTINCT"})


def parse(tokens: Sequence[Token], start: int) -> Select:
    """The query in `tokens`, whose prologue ends at the index `start`.

    Raises:
        Unreadable: it is not a query.
    """
    parser = _Parser(list(tokens), start)
    query = parser.query()
    parser.require(parser.at >= len(tokens))
    return query


class _Parser(Cursor):
    def query(self) -> Select:
        first = self.at
        form = self.word()
        self.require(form in FORMS)
        query = Select([], form=form)
        self.at += 1
        if form == "SELECT":
            self.projection(query)
        elif form == "CONSTRUCT" and self.text() == "{":
            self.skip_bracket()
        elif form == "DESCRIBE":
            while self.kind() in (Kind.VARIABLE, Kind.IRI, Kind.NAME) or self.text() == "*":
                self.at += 1
        while self.word() == "FROM":
            self.dataset(query)
        self.accept("WHERE")
        if form != "DESCRIBE" or self.text() == "{":
            query.where = self.group()
            query.children.append(query.where)
        self.modifiers(query)
        if self.word() == "VALUES":
            query.children.append(self.values())
        query.tokens = self.tokens[first : self.at]
        if query.star is not None:
            query.star.names.extend(visible_names(query))
        return query

    def projection(self, query: Select) -> None:
        self.accept("DISTINCT", "REDUCED")
        if self.text() == "*":
            query.star = Star([self.take()], names=[])
            query.children.append(query.star)
            return
        while self.kind() is Kind.VARIABLE or self.text() == "(":
            column = self.column(named=True)
            query.columns.append(column)
            query.children.append(column)
        self.require(bool(query.columns))

    def column(self, named: bool) -> Column:
        first = self.at
        if self.kind() is Kind.VARIABLE:
            return Column([self.take()], name=self.tokens[first].text[1:], expression=None)
        if self.text() != "(":
            called = self.constraint()
            return Column(called.tokens, name=None, expression=called, children=[called])
        self.at += 1
        expression = self.expression(until=(")", "AS"))
        name = self.variable() if self.accept("AS") else None
        self.require(name is not None or not named)
        self.expect(")")
        return Column(
            self.tokens[first : self.at], name=name, expression=expression, children=[expression]
        )

    def dataset(self, query: Select) -> None:
        keyword = self.take()
        named = self.accept("NAMED")
        self.require(self.kind() in (Kind.IRI, Kind.NAME))
        name = self.take()
        query.datasets.append((named, name))
        query.clauses.append((keyword, name))

    def modifiers(self, query: Select) -> None:
        if self.accept("GROUP"):
            self.expect("BY")
            query.groups += self.conditions(lambda: self.column(named=False))
            query.children += query.groups
        if self.accept("HAVING"):
            query.children += self.conditions(self.constraint)
        if self.accept("ORDER"):
            self.expect("BY")
            query.keys += self.conditions(lambda: self.order_key(query))
            query.children += query.keys
        while self.accept("LIMIT", "OFFSET"):
            self.require(self.kind() is Kind.NUMBER)
            self.at += 1

    def conditions(self, read: Callable[[], T]) -> list[T]:
        self.require(self.begins_condition())
        found = [read()]
        while self.begins_condition():
            found.append(read())
        return found

    def begins_condition(self) -> bool:
        if self.kind() in (Kind.VARIABLE, Kind.IRI, Kind.NAME) or self.text() == "(":
            return True
        return self.kind() is Kind.WORD and self.word() not in (
            *("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"),
        )

    def order_key(self, query: Select) -> OrderKey:
        first = self.at
        direction = self.word()
        if self.accept("ASC", "DESC"):
            self.require(self.text() == "(")
        is_variable = self.kind() is Kind.VARIABLE
        expression = Expression([self.take()]) if is_variable else self.constraint()
        return OrderKey(
            self.tokens[first : self.at],
            expression=expression,
            descending=direction == "DESC",
            query=query,
            children=[expression],
        )

    def group(self) -> Group:
        first = self.at
        self.expect("{")
        children: list[Node] = []
        if self.word() == "SELECT":
            children.append(self.query())
        while not self.accept("}"):
            if not self.accept("."):
                children.append(self.element())
        return Group(self.tokens[first : self.at], children=children)

    def element(self) -> Node:
        first, word = self.at, self.word()
        if self.text() == "{":
            groups: list[Node] = [self.group()]
            while self.accept("UNION"):
                groups.append(self.group())
            return Union(self.tokens[first : self.at], children=groups)
        if word == "VALUES":
            return self.values()
        if word not in _ELEMENTS:
            return self.triples()
        self.at += 1
        if word == "FILTER":
            constraint = self.constraint()
            return Filter(self.tokens[first : self.at], children=[constraint])
        if word == "BIND":
            column = self.column(named=True)
            tokens = self.tokens[first : self.at]
            return Bind(tokens, name=column.name or "", children=column.children)
        if word in ("OPTIONAL", "MINUS"):
            group = self.group()
            kind = Optional if word == "OPTIONAL" else Minus
            return kind(self.tokens[first : self.at], children=[group])
        silent = self.take() if word == "SERVICE" and self.word() == "SILENT" else None
        self.require(self.kind() in (Kind.VARIABLE, Kind.IRI, Kind.NAME))
        name = self.take()
        group = self.group()
        tokens = self.tokens[first : self.at]
        if word == "GRAPH":
            return Graph(tokens, name=name, group=group, children=[group])
        return Service(
            tokens, keyword=tokens[0], silent=silent, name=name, group=group, children=[group]
        )

    def values(self) -> Values:
        first = self.at
        self.at += 1
        names = []
        if self.text() == "(":
            while self.tokens[self.at].text != ")":
                self.at += 1
                if self.kind() is Kind.VARIABLE:
                    names.append(self.tokens[self.at].text[1:])
                elif self.text() != ")":
                    raise Unreadable(self.at)
            self.at += 1
        else:
            names.append(self.variable())
        self.require(self.text() == "{")
        self.skip_bracket()
        return Values(self.tokens[first : self.at], names=names)

    def triples(self) -> Triples:
        first = self.at
        while self.at < len(self.tokens):
            text = self.here()
            if text == "}" or text in _ELEMENTS:
                break
            if text == "{" and not self.annotates():
                break
            if text in CLOSING:
                self.skip_bracket()
            elif text in (")", "]") or self.word() not in _WORDS_OF_TRIPLES:
                raise Unreadable(self.at)
            else:
                self.at += 1
        self.require(self.at > first)
        return Triples(self.tokens[first : self.at])

    def annotates(self) -> bool:
        """Whether the brace here opens an annotation (`{|`), not a group."""
        return self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].text in ("|", "||")

    def constraint(self) -> Expression:
        """An expression in brackets, a call, or EXISTS: what needs no sign of its end."""
        first = self.at
        if self.accept("("):
            expression = self.expression(until=(")",))
            self.expect(")")
            return Expression(self.tokens[first : self.at], children=expression.children)
        if self.word() in ("NOT", "EXISTS"):
            return self.exists()
        if self.kind() in (Kind.WORD, Kind.IRI, Kind.NAME) and self.follows("("):
            return self.call()
        raise Unreadable(self.at)

    def exists(self) -> Expression:
        first = self.at
        self.accept("NOT")
        self.expect("EXISTS")
        group = self.group()
        return Expression(self.tokens[first : self.at], children=[group])

    def call(self) -> Call:
        first = self.at
        token = self.take()
        name = token.text.upper() if token.kind is Kind.WORD else token.text
        self.at += 1
        distinct = self.accept("DISTINCT")
        arguments: list[Expression] = []
        scalars: list[Token] = []
        while self.text() != ")":
            arguments.append(self.expression(until=(",", ";", ")")))
            if self.text() == ";":
                begin = self.at
                while self.at < len(self.tokens) and self.text() != ")":
                    self.at += 1
                scalars = self.tokens[begin : self.at]
            self.accept(",")
        self.expect(")")
        return Call(
            self.tokens[first : self.at],
            name=name,
            arguments=arguments,
            distinct=distinct,
            scalars=scalars,
            children=list(arguments),
        )

    def expression(self, until: Sequence[str]) -> Expression:
        """Up to one of the signs or words `until` outside of brackets."""
        first, children = self.at, list[Node]()
        while self.at < len(self.tokens):
            text = self.here()
            if text in until:
                break
            self.require(text not in (")", "{", "}", "[", "]", ";"))
            if text == "EXISTS":
                self.at += 1
                children.append(self.group())
            elif self.is_called():
                children.append(self.call())
            elif text == "(":
                self.at += 1
                if self.text() != ")":  # `IN ()`
                    children += self.expression(until=(")",)).children
                self.expect(")")
            else:
                self.at += 1
        self.require(self.at > first)
        return Expression(self.tokens[first : self.at], children=children)

    def is_called(self) -> bool:
        kind = self.kind()
        if kind is Kind.WORD:
            return self.follows("(") and self.word() not in _OPERATORS
        return kind in (Kind.IRI, Kind.NAME) and self.follows("(")
