"""Small queries about the pattern of a query, and how their answers are shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kzgraph.namespaces import PLAIN, XSD, Term
from kzgraph.prefixes import shorten
from kzgraph.sparql.emptiness.names import Ask, list_words
from kzgraph.sparql.emptiness.parts import Part

#: Values that are shown.
MOST_SHOWN = 4
#: What needs neither quotes nor a datatype.
_BARE = frozenset(XSD[name].value for name in ("integer", "decimal", "boolean"))
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason.

    Attributes:
        kind: `unknown-name`, `no-match`, `other-value`, `other-text`, `elsewhere`, `class`,
            `together`, `unpublished`, `modifiers`, `unknown-graph`, `superseded`.
        message: a sentence.
        pattern: what the sentence proposes, as a pattern that has been asked and has solutions;
            None where it proposes nothing.
    """

    kind: str
    message: str
    pattern: str | None = None


class Probe:
    """Asks on the data set of the query."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def holds(self, pattern: str) -> bool:
        """Whether a pattern has solutions."""
        return bool(self._ask(f"ASK {{ {pattern} }}"))

    def select(self, query: str) -> list[tuple[Term, ...]]:
        """The rows of a SELECT."""
        result = self._ask(query)
        assert isinstance(result, QuerySolutions)  # noqa: S101 - it is that of a SELECT
        return [tuple(row) for row in result]

    def list_values(self, pattern: str, variable: str, near: str | None = None) -> list[Term]:
        """A few values of a variable: the first, or those nearest to the number `near`."""
        order = variable if near is None else f"(ABS({variable} - ({near}))) {variable}"
        query = f"SELECT DISTINCT {variable} {{ {pattern} }} ORDER BY {order} LIMIT {MOST_SHOWN}"
        return [row[0] for row in self.select(query) if row and row[0] is not None]


def join(parts: Sequence[Part]) -> str:
    """The parts as one pattern."""
    return " ".join(part.text for part in parts)


def show(terms: Sequence[Term]) -> str:
    """Terms as a sentence has them."""
    return list_words([write(term) for term in terms])


def write(term: Term) -> str:
    """A term as a query may have it; a long text is cut short."""
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if isinstance(term, Literal) and term.datatype.value in _BARE:
        return term.value
    if isinstance(term, Literal) and len(term.value) > _LONGEST:
        return f'"{term.value[:_LONGEST]}…"'
    if isinstance(term, Literal) and not term.language and term.datatype not in PLAIN:
        return f'"{term.value}"^^{shorten(term.datatype.value)}'
    return str(term)
