"""Terms as the store writes them: it keeps the values of numbers, dates and booleans, not texts."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode, Quad, Store

from kzgraph.columns.column_file import TermKind
from kzgraph.columns.plans import Unanswerable
from kzgraph.datatypes import DECIMAL, INTEGER
from kzgraph.sparql.lexer import Kind, Token
from kzgraph.sparql.rewriting.constants import evaluate

_ANY = NamedNode("urn:kzgraph:any")
#: The decimals of DuckDB are below; those of the store reach further.
_MOST_DECIMAL = 10**20


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


def read_number(text: str) -> int | Decimal | None:
    """The number that a literal in N-Triples is, where columns compute with it."""
    digits, _, datatype = text[1:].rpartition('"')
    try:
        if datatype == f"^^<{INTEGER}>" and abs(int(digits)) < 2**63:
            return int(digits)
        if datatype == f"^^<{DECIMAL}>" and abs(Decimal(digits)) < _MOST_DECIMAL:
            return Decimal(digits)
    except (ValueError, InvalidOperation):
        pass  # a text that its datatype does not have
    return None


def kind_of(text: str) -> TermKind:
    """The kind of a term in N-Triples."""
    if text.startswith("<"):
        return TermKind.IRI
    if text.startswith("_"):
        return TermKind.BLANK
    number = read_number(text)
    if number is not None:
        return TermKind.INTEGER if isinstance(number, int) else TermKind.DECIMAL
    if text.endswith('"'):
        return TermKind.STRING
    return TermKind.OTHER if text.endswith((">", "--ltr", "--rtl")) else TermKind.TEXT
