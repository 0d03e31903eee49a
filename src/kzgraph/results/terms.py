"""What the writers of rows share: terms, the shape of a writer, and names of datatypes."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.namespaces import XSD

Term = NamedNode | BlankNode | Literal | Triple
#: One value for each variable, None where it is unbound; a `pyoxigraph.QuerySolution` is one.
Solution = Iterable[Term | None]

STRING, BOOLEAN, DECIMAL, DATE = (
    XSD[name].value for name in ("string", "boolean", "decimal", "date")
)
DOUBLES = frozenset(XSD[name].value for name in ("double", "float"))
DATE_TIMES = frozenset(XSD[name].value for name in ("dateTime", "dateTimeStamp"))
#: xsd:integer and what is derived from it: https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes
INTEGERS = frozenset(
    XSD[name].value
    for name in (
        "integer",
        "long",
        "int",
        "short",
        "byte",
        "nonNegativeInteger",
        "positiveInteger",
        "nonPositiveInteger",
        "negativeInteger",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
    )
)
NUMBERS = INTEGERS | DOUBLES | {DECIMAL}


class Writer(Protocol):
    """Writes one result; used as `row` for each row, `finish`, and `close` whatever happens."""

    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""

    def finish(self) -> None:
        """Write what stands behind the last row."""

    def close(self) -> None:
        """Let go of temporary files."""


class Pieces:
    """Gathers text and writes it in pieces of a fair size: a write for each row costs more."""

    _SIZE = 64 * 1024

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._texts: list[str] = []
        self._length = 0

    def add(self, text: str) -> None:
        """Take `text`, and write what has gathered if that is enough."""
        self._texts.append(text)
        self._length += len(text)
        if self._length >= self._SIZE:
            self.flush()

    def flush(self) -> None:
        """Write all that has gathered."""
        if self._texts:
            self._out.write("".join(self._texts).encode())
            self._texts.clear()
            self._length = 0


def plain(term: Term) -> str:
    """The value of `term` alone, as SPARQL CSV writes it.

    https://www.w3.org/TR/sparql11-results-csv-tsv/#csv-terms
    """
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    if isinstance(term, Triple):
        return " ".join(plain(each) for each in (term.subject, term.predicate, term.object))
    return term.value


def annotation(term: Term) -> str:
    """What `plain` leaves out of a term, in one word.

    `uri`, `bnode` or `triple`; of a literal `@` with its language, or the IRI of its datatype.

    >>> annotation(Literal("да", language="ru"))
    '@ru'
    """
    if isinstance(term, Literal):
        if term.language is None:
            return term.datatype.value
        direction = f"--{term.direction.value}" if term.direction else ""
        return f"@{term.language}{direction}"
    if isinstance(term, NamedNode):
        return "uri"
    return "bnode" if isinstance(term, BlankNode) else "triple"
