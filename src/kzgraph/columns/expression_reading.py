"""Reading an expression from the tokens of a query.

https://www.w3.org/TR/sparql11-query/#rExpression. The store's parser has accepted the query, so
this need not tell why a text is none: what is not read is left to the store.
"""

from collections.abc import Sequence

from kzgraph.columns.plans import Expression, Unanswerable
from kzgraph.sparql.lexer import Kind, Token

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


def read_expression(tokens: Sequence[Token], first: int, last: int) -> Expression:
    """The expression that the tokens from `first` up to `last` are.

    Raises:
        Unanswerable: it is not read here.
    """
    reader = _Reader(tokens, first, last)
    found = reader.disjunction()
    if reader.at != last:
        raise Unanswerable(f"an expression with {tokens[reader.at].text}")
    return found


class _Reader:
    def __init__(self, tokens: Sequence[Token], first: int, last: int) -> None:
        self.tokens = tokens
        self.at = first
        self.last = last

    def text(self) -> str:
        """The token here; a keyword in capitals; empty at the end."""
        if self.at >= self.last:
            return ""
        token = self.tokens[self.at]
        return token.text.upper() if token.kind is Kind.WORD else token.text

    def is_sign(self, *signs: str) -> bool:
        """Whether the token here is one of `signs`, and not a string or an IRI of such a text."""
        return (
            self.at < self.last
            and self.tokens[self.at].kind is Kind.SIGN
            and self.tokens[self.at].text in signs
        )

    def is_word(self, *words: str) -> bool:
        """Whether the token here is one of the keywords `words`."""
        return (
            self.at < self.last
            and self.tokens[self.at].kind is Kind.WORD
            and self.tokens[self.at].text.upper() in words
        )

    def expect(self, sign: str) -> None:
        if not self.is_sign(sign):
            raise Unanswerable(f"an expression without {sign}")
        self.at += 1

    def disjunction(self) -> Expression:
        first, found = self.at, self.conjunction()
        while self.is_sign("||"):
            self.at += 1
            found = Expression("||", first, 0, (found, self.conjunction()))
            found = self.close(found)
        return found

    def conjunction(self) -> Expression:
        first, found = self.at, self.relation()
        while self.is_sign("&&"):
            self.at += 1
            found = self.close(Expression("&&", first, 0, (found, self.relation())))
        return found

    def close(self, found: Expression) -> Expression:
        """`found`, which ends here."""
        return Expression(found.operator, found.first, self.at, found.arguments, found.name)

    def relation(self) -> Expression:
        first, found = self.at, self.addition()
        if self.is_sign(*_COMPARISONS):
            sign = self.text()
            self.at += 1
            return self.close(Expression(sign, first, 0, (found, self.addition())))
        if self.is_word("IN", "NOT"):
            operator = self.text()
            self.at += 1
            if operator == "NOT":
                if not self.is_word("IN"):
                    raise Unanswerable("NOT without IN")
                self.at += 1
                operator = "NOT IN"
            return self.close(Expression(operator, first, 0, (found, *self.arguments())))
        return found

    def addition(self) -> Expression:
        first, found = self.at, self.product()
        while self.is_sign("+", "-"):
            sign = self.text()
            self.at += 1
            found = self.close(Expression(sign, first, 0, (found, self.product())))
        return found

    def product(self) -> Expression:
        first, found = self.at, self.unary()
        while self.is_sign("*", "/"):
            sign = self.text()
            self.at += 1
            found = self.close(Expression(sign, first, 0, (found, self.unary())))
        return found

    def unary(self) -> Expression:
        first = self.at
        if self.is_sign("!", "-"):
            operator = "!" if self.text() == "!" else "NEGATIVE"
            self.at += 1
            return self.close(Expression(operator, first, 0, (self.unary(),)))
        return self.primary()

    def primary(self) -> Expression:
        if self.at >= self.last:
            raise Unanswerable("an expression that ends early")
        first = self.at
        token = self.tokens[first]
        if self.is_sign("("):
            self.at += 1
            inner = self.disjunction()
            self.expect(")")
            return self.close(
                Expression(inner.operator, first, 0, inner.arguments, inner.name)
            ) if inner.arguments else inner  # fmt: skip
        self.at += 1
        if token.kind is Kind.VARIABLE:
            return Expression("VARIABLE", first, self.at, name=token.text[1:])
        if token.kind is Kind.NUMBER:
            return Expression("NUMBER", first, self.at)
        if token.kind is Kind.STRING:
            return self.literal(first)
        if token.kind in (Kind.IRI, Kind.NAME):
            if self.is_sign("("):
                return self.close(Expression(token.text, first, 0, self.arguments()))
            return Expression("IRI", first, self.at)
        if token.kind is Kind.WORD:
            name = token.text.upper()
            if name in ("TRUE", "FALSE"):
                return Expression("LITERAL", first, self.at)
            if self.is_sign("("):
                return self.close(Expression(name, first, 0, self.arguments()))
        raise Unanswerable(f"an expression with {token.text}")

    def literal(self, first: int) -> Expression:
        if self.at < self.last and self.tokens[self.at].kind is Kind.LANGUAGE:
            self.at += 1
        elif self.is_sign("^^"):
            self.at += 2
        return Expression("LITERAL", first, self.at)

    def arguments(self) -> tuple[Expression, ...]:
        """Those in the brackets that open here."""
        self.expect("(")
        found: list[Expression] = []
        if self.is_word("DISTINCT") or self.is_sign("*"):
            raise Unanswerable("an aggregate within an expression")
        while not self.is_sign(")"):
            if found:
                self.expect(",")
            found.append(self.disjunction())
        self.at += 1
        return tuple(found)
