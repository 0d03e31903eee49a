"""Reading triple patterns, the paths of properties in them among it, as scans.

https://www.w3.org/TR/sparql11-query/#rTriplesBlock. A sequence `a/b` is two scans with a variable
between them that the query cannot name, and `^a` is one the other way round (section 18.2.2.4).
"""

from collections.abc import Sequence
from typing import Protocol

from kzgraph.columns.plans import Scan, Term, Unanswerable, Variable
from kzgraph.namespaces import RDF
from kzgraph.sparql.lexer import Kind, Token

#: What an element of a path is: a property, and whether it is walked the other way round.
_Step = tuple[str, bool]


class Terms(Protocol):
    """What reads the terms of a query, by the indices of its tokens."""

    def term(self, first: int, last: int) -> Term:
        """The term that the tokens from `first` up to `last` are."""
        ...

    def property(self, at: int) -> str:
        """The IRI of the property that a token is."""
        ...


def read_triples(tokens: Sequence[Token], first: int, last: int, terms: Terms) -> list[Scan]:
    """The scans of the triple patterns in the tokens from `first` up to `last`.

    Args:
        tokens: of the query.
        first: the index of the first.
        last: of the one behind the last.
        terms: what reads a term.

    Raises:
        Unanswerable: there is something else in them.
    """
    reader = _Reader(tokens, first, last, terms)
    while reader.at < last:
        if reader.accepts("."):
            continue
        subject, bare = reader.node()
        reader.properties(subject, required=not bare)
    return reader.scans


def end_of_term(tokens: Sequence[Token], first: int, last: int) -> int:
    """The index behind the term that begins at `first`.

    Raises:
        Unanswerable: no term does.
    """
    token, rest = tokens[first], tokens[first + 1 : last]
    if token.kind is Kind.SIGN:
        if token.text not in "+-" or not rest or rest[0].kind is not Kind.NUMBER:
            raise Unanswerable(f"a term with {token.text}")
        return first + 2
    if token.kind is Kind.STRING and rest:
        if rest[0].kind is Kind.LANGUAGE:
            return first + 2
        if rest[0].text == "^^" and rest[0].kind is Kind.SIGN:
            return first + 3
    return first + 1


class _Reader:
    def __init__(self, tokens: Sequence[Token], first: int, last: int, terms: Terms) -> None:
        self.tokens = tokens
        self.at = first
        self.last = last
        self.terms = terms
        self.scans: list[Scan] = []
        self._fresh = 0

    def accepts(self, sign: str) -> bool:
        if self.shows(sign):
            self.at += 1
            return True
        return False

    def shows(self, *signs: str) -> bool:
        return (
            self.at < self.last
            and self.tokens[self.at].kind is Kind.SIGN
            and self.tokens[self.at].text in signs
        )

    def fresh(self) -> Variable:
        """A variable that the query cannot name."""
        self._fresh += 1
        return Variable(f" {self.tokens[self.at - 1].start} {self._fresh}")

    def node(self) -> tuple[Term, bool]:
        """The term here; and whether it is a blank node that has properties already."""
        if self.at >= self.last:
            raise Unanswerable("a triple pattern that ends early")
        if self.accepts("["):
            node = self.fresh()
            if self.accepts("]"):
                return node, False
            self.properties(node, required=True)
            if not self.accepts("]"):
                raise Unanswerable("a blank node of another form")
            return node, True
        first = self.at
        self.at = end_of_term(self.tokens, first, self.last)
        return self.terms.term(first, self.at), False

    def properties(self, subject: Term, required: bool) -> None:
        """What follows a subject, up to the end of its triples."""
        if not required and (self.at >= self.last or self.shows(".")):
            return
        while True:
            path = self.sequence()
            while True:
                found, _ = self.node()
                self.add(subject, path, found)
                if not self.accepts(","):
                    break
            if not self.accepts(";"):
                return
            while self.accepts(";"):
                pass
            if self.at >= self.last or self.shows(".", "]"):
                return

    def add(self, subject: Term, path: Sequence[_Step], found: Term) -> None:
        begin = subject
        for number, (iri, inverse) in enumerate(path):
            end = found if number == len(path) - 1 else self.fresh()
            self.scans.append(Scan(end, iri, begin) if inverse else Scan(begin, iri, end))
            begin = end

    def sequence(self) -> list[_Step]:
        found = self.step()
        while self.accepts("/"):
            found += self.step()
        if self.shows("|", "*", "?", "+"):
            raise Unanswerable("a path that is no sequence")
        return found

    def step(self) -> list[_Step]:
        if self.accepts("^"):
            return [(iri, not inverse) for iri, inverse in reversed(self.step())]
        if self.accepts("("):
            found = self.sequence()
            if not self.accepts(")"):
                raise Unanswerable("a path that is no sequence")
        else:
            if self.at >= self.last:
                raise Unanswerable("a triple pattern that ends early")
            token = self.tokens[self.at]
            if token.kind is Kind.WORD and token.text == "a":
                found = [(RDF["type"].value, False)]
            elif token.kind in (Kind.IRI, Kind.NAME):
                found = [(self.terms.property(self.at), False)]
            else:
                raise Unanswerable(f"a triple pattern with {token.text} as its property")
            self.at += 1
        if self.shows("*", "?", "+"):
            raise Unanswerable("a path of any length")
        return found
