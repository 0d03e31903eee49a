"""Paths of no length, and alternatives.

https://www.w3.org/TR/sparql11-query/#defn_evalPP_ZeroOrMorePath (18.4): a path that may have no
length leads from a term to itself whether or not it stands in the graph; the store finds it only
where it does. Where it does not stand there, that is all that the path leads to, so that it is put
in the place of the path.

https://www.w3.org/TR/sparql11-query/#defn_evalPP_alternative (18.4): alternatives are a union, and
what two of them lead to comes twice; the store gives it once. So they are written as a UNION, but
inside of `*`, `+` and `?`, which give everything once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from kzgraph.prefixes import PREFIXES
from kzgraph.sparql.cursor import Cursor, Unreadable
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer, has_sign
from kzgraph.sparql.tree import Triples

_RDF = PREFIXES["rdf"]


#: Alternatives of one path that are written as a UNION.
_MOST = 256


@dataclass(frozen=True, slots=True)
class Way:
    """One alternative of a path, or a predicate.

    Attributes:
        text: how it is written.
        zero: in how many ways it has no length; 0 for a predicate.
    """

    text: str
    zero: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple or path pattern; all three are written as terms or paths."""

    subject: str
    ways: list[Way]
    object: str

    def is_given(self, way: Way) -> bool:
        """Whether `way` may have no length and an end of it is not a variable."""
        return way.zero > 0 and not (_is_variable(self.subject) and _is_variable(self.object))


def _is_variable(term: str) -> bool:
    return term[0] in "?$"


def has_zero_length(triples: Triples) -> bool:
    """Whether a path in `triples` may have no length, and an end of it is not a variable."""
    if not has_sign(triples):
        return False
    statements = read_statements(triples)
    return any(statement.is_given(way) for statement in statements for way in statement.ways)


def read_statements(triples: Triples) -> list[Statement]:
    """The statements of `triples`; a blank node is a variable in them."""
    return _Reader(triples.tokens, None).read()


def _write_triples(triples: Triples, writer: Writer) -> str | None:
    if not has_sign(triples):
        return None
    statements = _Reader(triples.tokens, writer).read()
    instead = [[_write_instead(each, way, writer) for way in each.ways] for each in statements]
    if all(len(each) == 1 and each[0] is None for each in instead):
        return None
    return " ".join(
        " UNION ".join(f"{{ {each} }}" for each in written) if len(written) > 1 else written[0]
        for written in (
            [
                text or f"{statement.subject} {way.text} {statement.object} ."
                for way, text in zip(statement.ways, texts, strict=True)
            ]
            for statement, texts in zip(statements, instead, strict=True)
        )
    )


def _write_instead(statement: Statement, way: Way, writer: Writer) -> str | None:
    if not statement.is_given(way):
        return None
    ends = [end for end in (statement.subject, statement.object) if not _is_variable(end)]
    if any(_stands_in_graph(end, writer) for end in ends[:1]):
        return None
    if len(ends) == 1:
        (end,) = ends
        variable = statement.object if end == statement.subject else statement.subject
        return f"VALUES {variable} {{ {' '.join([end] * way.zero)} }}"
    if not writer.store.holds(f"FILTER(sameTerm({ends[0]}, {ends[1]}))"):
        return "FILTER(false)"
    return " UNION ".join(["{}"] * way.zero)


def _stands_in_graph(term: str, writer: Writer) -> bool:
    variables = writer.fresh("1"), writer.fresh("2")
    pattern = "{{ {0} {1} {2} }} UNION {{ {1} {2} {0} }}".format(term, *variables)
    if writer.graph is not None:
        pattern = f"GRAPH {writer.graph} {{ {pattern} }}"
    return writer.store.holds(pattern)


class _Reader(Cursor):
    """Reads the statements of a block of triple patterns.

    https://www.w3.org/TR/sparql11-query/#rTriplesSameSubjectPath
    """

    def __init__(self, tokens: list[Token], writer: Writer | None) -> None:
        super().__init__(tokens, 0)
        self.writer = writer
        self.statements: list[Statement] = []
        self.anonymous = 0

    def read(self) -> list[Statement]:
        try:
            while self.at < len(self.tokens):
                if not self.accept("."):
                    self.properties(self.node())
        except Unreadable as error:
            place = min(error.index, len(self.tokens) - 1)
            raise Refusal(
                "What stands here cannot be combined with a path that has *, ? or |: put the path "
                "into braces of its own",
                self.tokens[place].start,
            ) from None
        return self.statements

    def properties(self, subject: str) -> None:
        while self.at < len(self.tokens) and self.text() not in (".", "]"):
            if self.accept(";"):
                continue
            ways = self.verb()
            self.statements.append(Statement(subject, ways, self.node()))
            while self.accept(","):
                self.statements.append(Statement(subject, ways, self.node()))

    def verb(self) -> list[Way]:
        if self.kind() is Kind.VARIABLE:
            return [Way(self.take().text, 0)]
        first = self.at
        ways = list(self.alternatives())
        if len(ways) > _MOST:
            raise Refusal(
                f"This path has more than {_MOST} ways through its alternatives",
                self.tokens[first].start,
            )
        return ways

    def alternatives(self) -> Iterator[Way]:
        yield from self.sequence()
        while self.accept("|"):
            yield from self.sequence()

    def sequence(self) -> list[Way]:
        ways = self.step()
        while self.accept("/"):
            ways = [
                Way(f"{one.text}/{other.text}", one.zero * other.zero)
                # More than are refused are not needed.
                for one, other in product(ways[: _MOST + 1], self.step())
            ]
        return ways

    def step(self) -> list[Way]:
        inverse = "^" if self.accept("^") else ""
        first = self.at
        if self.accept("!"):
            if self.text() == "(":
                while self.at < len(self.tokens) and self.text() != ")":
                    self.at += 1
            else:
                self.accept("^")
            self.at += 1
            ways = [Way(self.between(first), 0)]
        elif self.accept("("):
            ways = [Way(f"({way.text})", way.zero) for way in self.alternatives()]
            self.expect(")")
        else:
            ways = [Way(self.term(), 0)]
        sign = self.text()
        if self.accept("*", "?", "+"):
            # What is inside gives each pair once, however it is written.
            zero = 1 if sign in ("*", "?") else min(sum(way.zero for way in ways), 1)
            ways = [Way(self.between(first), zero)]
        return [Way(inverse + way.text, way.zero) for way in ways] if inverse else ways

    def between(self, first: int) -> str:
        return " ".join(token.text for token in self.tokens[first : self.at])

    def node(self) -> str:
        """The term here; for a node in brackets the variable that stands for it."""
        if self.accept("["):
            name = self.fresh()
            self.properties(name)
            self.expect("]")
            return name
        if self.text() == "(":
            return self.collection()
        return self.term()

    def collection(self) -> str:
        """The first cell of a list, whose cells become statements."""
        self.at += 1
        members = []
        while not self.accept(")"):
            members.append(self.node())
        rest = f"<{_RDF}nil>"
        for member in reversed(members):
            cell = self.fresh()
            self.statements.append(Statement(cell, [Way(f"<{_RDF}first>", 0)], member))
            self.statements.append(Statement(cell, [Way(f"<{_RDF}rest>", 0)], rest))
            rest = cell
        return rest

    def term(self) -> str:
        token = self.take()
        if token.kind is Kind.STRING:
            if self.kind() is Kind.LANGUAGE:
                return token.text + self.take().text
            if self.accept("^^"):
                return f"{token.text}^^{self.term()}"
            return token.text
        if token.kind is Kind.SIGN:
            if token.text in ("+", "-") and self.kind() is Kind.NUMBER:
                return token.text + self.take().text
            raise Unreadable(self.at - 1)
        return self.write_token(token)

    def write_token(self, token: Token) -> str:
        if self.writer is None:
            # No variable is called so: nodes of other labels are others.
            return f"?{token.text}" if token.kind is Kind.BLANK else token.text
        return self.writer.term(token)

    def fresh(self) -> str:
        # The place makes it another one than those of other blocks.
        self.anonymous += 1
        name = f"n{self.tokens[0].start}_{self.anonymous}"
        return self.writer.fresh(name) if self.writer is not None else f"?_:{name}"


#: `*`; the thin path looks for the signs `?` and `|` of a path itself, which variables and
#: conditions have too.
WORDS = frozenset({"*"})
RULES = (Rule(Triples, _write_triples),)
