"""The tokens of a text, and which of them lie in spans."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kzgraph.tables import Span

#: A numeric token: any run of digits, or a JSON null.
NUMERIC = re.compile(r"\d+|\bnull\b")

#: A word: a run of letters, with the apostrophes, hyphens and dots inside it.
WORD = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*")


@dataclass(frozen=True)
class Token:
    """A token and its position.

    Attributes:
        text: the token.
        span: its span in the document.
        line: its line, counted from 1.
    """

    text: str
    span: Span
    line: int


def tokens(pattern: re.Pattern[str], text: str) -> Iterator[Token]:
    """The tokens of a text in order."""
    line, at = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        yield Token(match[0], Span(*match.span()), line)


def mask(length: int, spans: Iterable[Span]) -> bytearray:
    """One byte for each code point, 1 where a span covers it."""
    covered = bytearray(length)
    for start, end in spans:
        end = min(end, length)
        if start < end:
            covered[start:end] = b"\x01" * (end - start)
    return covered


def lies_in(token: Token, covered: bytearray) -> bool:
    """Whether every code point of the token is covered."""
    return all(covered[token.span.start : token.span.end])
