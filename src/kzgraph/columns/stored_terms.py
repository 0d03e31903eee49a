"""Terms as the store writes them: it keeps the values of numbers, dates and booleans, not texts."""

from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode, Quad, Store

from kzgraph.columns.plans import Unanswerable
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.rewriting.constants import evaluate

_ANY = NamedNode("urn:kzgraph:any")


def as_stored(term: NamedNode | Literal) -> str:
    """`term` in N-Triples, as a store gives it back."""
    store = Store()
    store.add(Quad(_ANY, _ANY, term))
    (quad,) = store
    return str(quad.object)


def read_term(tokens: Sequence[Token], prologue: str) -> str:
    """The term that tokens of a query are, as the store writes it.

    Args:
        tokens: of the term.
        prologue: the declarations that the query begins with.

    Raises:
        Unanswerable: the store may write it in another way.
    """
    text = "".join(token.text for token in tokens)
    tag = next((token.text for token in tokens if token.kind is Kind.LANGUAGE), "")
    # Escapes, and quotes of three signs, may hold what N-Triples write otherwise.
    if "\\" in text or text[:3] in ('"""', "'''") or tag != tag.lower():
        raise Unanswerable(f"the term {text[:50]}")
    try:
        found = evaluate(text, prologue)
    except (SyntaxError, ValueError, RuntimeError):
        found = None
    if not isinstance(found, NamedNode | Literal):
        raise Unanswerable(f"the term {text[:50]}")
    return as_stored(found)
