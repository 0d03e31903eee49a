"""The pattern of a query in parts that can be asked alone, or left out.

https://www.w3.org/TR/sparql11-query/#GraphPattern. Only what every solution has to match is taken
apart: alternatives, subqueries and what is computed stay whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.tree import Filter, Graph, Group, Optional, Triples, Union

_NODES = frozenset({Kind.IRI, Kind.NAME, Kind.VARIABLE, Kind.BLANK, Kind.WORD, Kind.NUMBER})
_AROUND_PATH = frozenset({"^", "!"})


class _Unsplit(Exception):
    """The triples hold what is not told apart here, such as a list."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a pattern.

    Attributes:
        text: as a query has it, its graph included.
        triple: the texts of subject, path and object, where it is one triple pattern.
        graph: the name of its graph, where it stands in one.
        is_filter: whether it is a FILTER.
        is_optional: whether it is an OPTIONAL, which takes no solution away.
    """

    text: str
    triple: tuple[str, str, str] | None = None
    graph: str | None = None
    is_filter: bool = False
    is_optional: bool = False

    def with_object(self, text: str) -> str:
        """The pattern with another object."""
        assert self.triple is not None  # noqa: S101 - only such parts are asked
        return in_graph(f"{self.triple[0]} {self.triple[1]} {text} .", self.graph)


def in_graph(pattern: str, graph: str | None) -> str:
    """The pattern, in a graph if there is one."""
    return pattern if graph is None else f"GRAPH {graph} {{ {pattern} }}"


def find_parts(text: str, group: Group, graph: str | None = None) -> Iterator[Part]:
    """The parts of a group of the query `text`, in their order, OPTIONAL and MINUS among them.

    What is not taken apart is as its author wrote it: the store's parser is particular about
    blanks, as before the bracket of a call.
    """
    for child in group.children:
        if isinstance(child, Triples):
            yield from _find_triples(text, child, graph)
        elif isinstance(child, Graph):
            yield from find_parts(text, child.group, child.name.text)
        elif isinstance(child, Union) and len(child.children) == 1:
            inner = child.children[0]
            subquery = isinstance(inner, Group) and len(inner.tokens) > 1
            if subquery and inner.tokens[1].text.upper() == "SELECT":
                yield Part(text[child.start : child.end])
            elif isinstance(inner, Group):
                yield from find_parts(text, inner, graph)
        elif isinstance(child, Filter):
            yield Part(text[child.start : child.end], is_filter=True)
        else:
            optional = isinstance(child, Optional)
            yield Part(in_graph(text[child.start : child.end], graph), is_optional=optional)


def _find_triples(text: str, block: Triples, graph: str | None) -> Iterator[Part]:
    try:
        triples = list(_Splitter(block.tokens).split())
    except (_Unsplit, IndexError):
        yield Part(in_graph(text[block.start : block.end], graph))
        return
    for triple in triples:
        yield Part(in_graph(" ".join(triple) + " .", graph), triple, graph)


class _Splitter:
    """Reads triples with their abbreviations: `;`, `,` and brackets."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._nodes = 0
        self._found: list[tuple[str, str, str]] = []

    def split(self) -> list[tuple[str, str, str]]:
        """All triple patterns.

        Raises:
            _Unsplit, IndexError: the tokens are not those of triples without lists.
        """
        while self._at < len(self._tokens):
            if self._peek() == ".":
                self._at += 1
                continue
            subject = self._read_node()
            if self._peek() not in (".", ""):
                self._read_properties(subject)
        return self._found

    def _peek(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _read_properties(self, subject: str) -> None:
        while True:
            path = self._read_path()
            while True:
                self._found.append((subject, path, self._read_node()))
                if self._peek() != ",":
                    break
                self._at += 1
            if self._peek() != ";":
                return
            while self._peek() == ";":
                self._at += 1
            if self._peek() in (".", "]", ""):
                return

    def _read_node(self) -> str:
        token = self._tokens[self._at]
        self._at += 1
        if token.text == "[":
            self._nodes += 1
            node = f"?kzgraph_node_{self._nodes}_{token.start}"
            if self._peek() != "]":
                self._read_properties(node)
            if self._peek() != "]":
                raise _Unsplit
            self._at += 1
            return node
        if token.kind is Kind.STRING:
            following = self._tokens[self._at : self._at + 2]
            if following and following[0].kind is Kind.LANGUAGE:
                self._at += 1
                return token.text + following[0].text
            if following and following[0].text == "^^":
                self._at += 2
                return f"{token.text}^^{following[1].text}"
            return token.text
        if token.text in ("+", "-"):
            return token.text + self._read_node()
        if token.kind not in _NODES:
            raise _Unsplit
        return token.text

    def _read_path(self) -> str:
        first = self._at
        while True:
            while self._peek() in _AROUND_PATH:
                self._at += 1
            if self._peek() == "(":
                self._skip_brackets()
            elif self._tokens[self._at].kind in _NODES:
                self._at += 1
            else:
                raise _Unsplit
            # `+` right behind a name repeats it; before a number it is its sign.
            before = self._tokens[self._at - 1]
            if self._peek() in ("*", "?", "+") and self._tokens[self._at].start == before.end:
                self._at += 1
            if self._peek() not in ("/", "|"):
                return "".join(token.text for token in self._tokens[first : self._at])
            self._at += 1

    def _skip_brackets(self) -> None:
        depth = 0
        while True:
            depth += {"(": 1, ")": -1}.get(self._peek(), 0)
            self._at += 1
            if not depth:
                return
            if self._at >= len(self._tokens):
                raise _Unsplit
