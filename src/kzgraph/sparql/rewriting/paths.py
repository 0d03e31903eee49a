"""Paths of no length: the store finds the end that is given only where the graph has that node.

https://www.w3.org/TR/sparql11-query/#defn_evalPP_ZeroOrMorePath (18.4): a path that may have no
length leads from a term to itself whether or not it stands in the graph. Where it does not stand
there, that is all that the path leads to, so that it is put in the place of the path.
"""

from dataclasses import dataclass

from kzgraph.sparql.cursor import Cursor, Unreadable
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.rewriting.writer import Rule, Writer, has_sign
from kzgraph.sparql.tree import Triples

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple or path pattern; all three are written as terms or paths.

    Attributes:
        zero: in how many ways the path has no length; 0 for a predicate.
    """

    subject: str
    path: str
    object: str
    zero: int

    @property
    def given(self) -> bool:
        """Whether it may have no length and an end of it is not a variable."""
        return self.zero > 0 and not (_is_variable(self.subject) and _is_variable(self.object))


def _is_variable(term: str) -> bool:
    return term[0] in "?$"


def has_zero_length(triples: Triples) -> bool:
    """Whether a path in `triples` may have no length, and an end of it is not a variable."""
    if not has_sign(triples):
        return False
    return any(statement.given for statement in _Reader(triples.tokens, None).read())


def _write_triples(triples: Triples, writer: Writer) -> str | None:
    if not has_sign(triples):
        return None
    statements = _Reader(triples.tokens, writer).read()
    written = [_instead(statement, writer) for statement in statements]
    if all(each is None for each in written):
        return None
    return " ".join(
        f"{statement.subject} {statement.path} {statement.object} ." if each is None else each
        for statement, each in zip(statements, written, strict=True)
    )


def _instead(statement: Statement, writer: Writer) -> str | None:
    if not statement.given:
        return None
    ends = [end for end in (statement.subject, statement.object) if not _is_variable(end)]
    if any(_stands_in_graph(end, writer) for end in ends[:1]):
        return None
    if len(ends) == 1:
        (end,) = ends
        variable = statement.object if end == statement.subject else statement.subject
        return f"VALUES {variable} {{ {' '.join([end] * statement.zero)} }}"
    if not writer.store.holds(f"FILTER(sameTerm({ends[0]}, {ends[1]}))"):
        return "FILTER(false)"
    return " UNION ".join(["{}"] * statement.zero)


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
                if self.text() == ".":
                    self.at += 1
                else:
                    self.properties(self.node())
        except Unreadable as error:
            place = min(error.index, len(self.tokens) - 1)
            raise Refusal(
                "What stands here cannot be combined with a path that has * or ?: put the path "
                "into braces of its own",
                self.tokens[place].start,
            ) from None
        return self.statements

    def properties(self, subject: str) -> None:
        while self.at < len(self.tokens) and self.text() not in (".", "]"):
            if self.text() == ";":
                self.at += 1
                continue
            path, zero = self.verb()
            while True:
                self.statements.append(Statement(subject, path, self.node(), zero))
                if self.text() != ",":
                    break
                self.at += 1

    def verb(self) -> tuple[str, int]:
        first = self.at
        if self.kind() is Kind.VARIABLE:
            return self.take().text, 0
        zero = self.alternatives()
        return " ".join(token.text for token in self.tokens[first : self.at]), zero

    def alternatives(self) -> int:
        zero = self.sequence()
        while self.text() == "|":
            self.at += 1
            zero += self.sequence()
        return zero

    def sequence(self) -> int:
        zero = self.step()
        while self.text() == "/":
            self.at += 1
            zero *= self.step()
        return zero

    def step(self) -> int:
        if self.text() == "^":
            self.at += 1
        if self.text() == "!":
            self.at += 1
            if self.text() == "(":
                while self.at < len(self.tokens) and self.text() != ")":
                    self.at += 1
            else:
                self.at += self.text() == "^"
            self.at += 1
            zero = 0
        elif self.text() == "(":
            self.at += 1
            zero = self.alternatives()
            self.expect(")")
        else:
            self.term()
            zero = 0
        sign = self.text()
        if sign in ("*", "?", "+"):
            self.at += 1
            return 1 if sign in ("*", "?") else min(zero, 1)
        return zero

    def node(self) -> str:
        """The term here; for a node in brackets the variable that stands for it."""
        if self.text() == "[":
            self.at += 1
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
        while self.text() != ")":
            members.append(self.node())
        self.at += 1
        rest = f"<{_RDF}nil>"
        for member in reversed(members):
            cell = self.fresh()
            self.statements.append(Statement(cell, f"<{_RDF}first>", member, 0))
            self.statements.append(Statement(cell, f"<{_RDF}rest>", rest, 0))
            rest = cell
        return rest

    def term(self) -> str:
        token = self.take()
        if token.kind is Kind.STRING:
            if self.kind() is Kind.LANGUAGE:
                return token.text + self.take().text
            if self.text() == "^^":
                self.at += 1
                return f"{token.text}^^{self.term()}"
            return token.text
        if token.kind is Kind.SIGN:
            if token.text in ("+", "-") and self.kind() is Kind.NUMBER:
                return token.text + self.take().text
            raise Unreadable(self.at - 1)
        return self.written(token)

    def written(self, token: Token) -> str:
        if self.writer is None:
            return "?blank" if token.kind is Kind.BLANK else token.text
        return self.writer.term(token)

    def fresh(self) -> str:
        # The place makes it another one than those of other blocks.
        self.anonymous += 1
        name = f"n{self.tokens[0].start}_{self.anonymous}"
        return self.writer.fresh(name) if self.writer is not None else f"?{name}"


#: `*`; the thin path looks for the sign `?` of a path itself, because variables have it too.
WORDS = frozenset({"*"})
RULES = (Rule(Triples, _write_triples),)
