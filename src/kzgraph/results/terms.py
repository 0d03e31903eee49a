"""What the writers of rows share: terms, and the shape of a writer."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kzgraph.namespaces import Term

#: One value for each variable, None where it is unbound; a `pyoxigraph.QuerySolution` is one.
Solution = Iterable[Term | None]


class Writer(ABC):
    """Writes one result: `row` for each row, `finish`, and `close` whatever happens."""

    @abstractmethod
    def row(self, terms: Sequence[Term | None]) -> None:
        """Write one row."""

    def tag(self, tags: Sequence[str]) -> None:
        """Write the row of HXL hashtags, before the first row; only `HXL_FORMATS` have one.

        Args:
            tags: for each column one, or an empty text.
        """
        raise NotImplementedError

    @abstractmethod
    def finish(self) -> None:
        """Write what stands behind the last row."""

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of temporary files."""


class TextWriter(Writer):
    """A writer of text, which goes out in pieces of a fair size: a write for each row costs more.

    Attributes:
        tail: what stands behind the last row.
    """

    _SIZE = 64 * 1024
    tail = ""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._texts: list[str] = []
        self._length = 0

    def add(self, text: str) -> None:
        """Take `text`, and write what has gathered if that is enough."""
        self._texts.append(text)
        self._length += len(text)
        if self._length >= self._SIZE:
            self._flush()

    def finish(self) -> None:
        """Write all that has gathered, and the tail."""
        self._texts.append(self.tail)
        self._flush()

    def _flush(self) -> None:
        # An output of chunks takes none that is empty.
        if text := "".join(self._texts):
            self._out.write(text.encode())
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
