"""Functions whose value differs from one evaluation to the next."""

from collections.abc import Collection, Iterable

from kzgraph.sparql.lexer import Kind, Token

#: https://www.w3.org/TR/sparql11-query/#SparqlOps. A call of an extension, by its IRI, is none.
FUNCTIONS = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})


def find_volatile(tokens: Iterable[Token], functions: Collection[str] = FUNCTIONS) -> Token | None:
    """The first name in `tokens` of one of `functions` that is called."""
    name: Token | None = None
    for token in tokens:
        if name is not None and token.text == "(":
            return name
        name = token if token.kind is Kind.WORD and token.text.upper() in functions else None
    return None
