"""Writes a query from its tree, with the replacements of the rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kzgraph.prefixes import PREFIXES
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.strings import splice
from kzgraph.sparql.tree import Expression, Graph, Group, Node, Select, Triples

XSD = PREFIXES["xsd"]
#: Without any of these, in small letters, a query names no type of XML Schema.
XSD_WORDS = frozenset({"xsd:", "xmlschema"})


class Store(Protocol):
    """What a rule may query of the data."""

    def named_graphs(self) -> Sequence[str]:
        """The IRIs of the named graphs of the data set."""
        ...

    def holds(self, condition: str) -> bool:
        """Whether the pattern `condition`, in the prologue of the query, has a solution."""
        ...


@dataclass(frozen=True)
class Rule:
    """How nodes of one class are written.

    Attributes:
        node: the class.
        write: the text to put in the place of a node; None to leave it as it is.
    """

    node: type[Node]
    write: Callable[[Any, "Writer"], str | None]


def has_sign(triples: Triples) -> bool:
    """Whether there is a `*`, `?` or `|` in a path of `triples`: no other patterns have them."""
    texts = [token.text if token.kind is Kind.SIGN else "" for token in triples.tokens]
    if "*" in texts or "?" in texts:
        return True
    # `{|` and `|}` are the brackets of an annotation.
    return any(
        text == "|" and texts[at - 1 : at] != ["{"] and texts[at + 1 : at + 2] != ["}"]
        for at, text in enumerate(texts)
    )


class Writer:
    """The text of a query.

    Args:
        text: as its author wrote it.
        query: its tree.
        store: the data.
        rules: what to write otherwise; the first that writes anything wins.

    Attributes:
        store: the data.
        prologue: the declarations that the query begins with.
        graph: the graph of the GRAPH clause that is being written, as a term; None outside of one.
        computed: what constant expressions came to.
        renames: whether blank nodes of patterns are written as variables.
        names_types: whether the query may name a type of XML Schema.
    """

    def __init__(self, text: str, query: Select, store: Store, rules: Sequence[Rule]) -> None:
        self._text = text
        self._rules = rules
        self._query = query
        self.store = store
        self.prologue = text[: query.start]
        self.graph: str | None = None
        self.computed: dict[str, str | None] = {}
        # An expression may be written twice, and the pattern of an EXISTS with it.
        exists = (isinstance(c, Group) for each in query.find(Expression) for c in each.children)
        self.renames = (
            any(query.find(Graph)) or any(map(has_sign, query.find(Triples))) or any(exists)
        )
        small = text.lower()
        self.names_types = any(word in small for word in XSD_WORDS)
        self._prefix = "_k"
        while f"?{self._prefix}" in text or f"${self._prefix}" in text:
            self._prefix += "k"

    def write(self, node: Node) -> str:
        """The text of `node`."""
        for rule in self._rules:
            if isinstance(node, rule.node):
                written = rule.write(node, self)
                if written is not None:
                    return written
        return self.plain(node)

    def plain(self, node: Node) -> str:
        """The text of `node` as it is, but for what is written for the nodes within."""
        first = node.start
        return splice(
            self._text[first : node.end],
            ((each.start - first, each.end - first, self.write(each)) for each in node.children),
        )

    def original(self, node: Node) -> str:
        """The text of `node` as its author wrote it, in one line."""
        return " ".join(self._text[node.start : node.end].split())

    def source(self, tokens: Sequence[Token]) -> str:
        """The text of `tokens` as it is, without comments."""
        return " ".join(self.term(token) for token in tokens)

    def term(self, token: Token) -> str:
        """The text of `token`, a variable in place of a blank node.

        A blank node is a variable that the query cannot name, and its label may stand in one basic
        graph pattern only: what is written twice or in parts needs another name.
        https://www.w3.org/TR/sparql11-query/#QSynBlankNodes
        """
        if token.kind is Kind.BLANK:
            return self.fresh("b" + "".join(f"{ord(c):x}_" for c in token.text[2:]))
        return token.text

    def fresh(self, name: str) -> str:
        """A variable that does not occur in the query."""
        return f"?{self._prefix}{name}"
