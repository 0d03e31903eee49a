"""Showing tokens in the sentences that they stand in."""

import re
from collections.abc import Iterable, Iterator

from kzgraph.verification.tokens import Token

#: How much of a long sentence, or of a line of data, is shown to each side of a token.
_AROUND = 120
#: Where a sentence ends: with a line, or behind a mark that is followed by a blank.
_END = re.compile(r"\n|[.!?\u2026][\"'\u2019\u201d\u00bb)\]]*(?=\s)")


def show_in_sentences(text: str, tokens: Iterable[Token]) -> Iterator[str]:
    """A line for each sentence with some of the tokens: its line, itself, and them marked.

    Args:
        text: the document.
        tokens: tokens of it in order.
    """
    waiting: list[Token] = []
    begin = end = -1
    for token in tokens:
        if waiting and token.span.end > end:
            yield _show(text, begin, end, waiting)
            waiting = []
        if not waiting:
            begin, end = _find_sentence(text, token)
        waiting.append(token)
    if waiting:
        yield _show(text, begin, end, waiting)


def _find_sentence(text: str, token: Token) -> tuple[int, int]:
    """The sentence of a token, or of a longer one so much as is near."""
    start, end = token.span
    begin = max(0, start - _AROUND)
    for match in _END.finditer(text, begin, start):
        begin = match.end()
    after = _END.search(text, end, end + _AROUND)
    return begin, after.end() if after else min(len(text), end + _AROUND)


def _show(text: str, begin: int, end: int, tokens: list[Token]) -> str:
    parts, at = [], begin
    for token in tokens:
        if token.span.start < at:
            continue  # A part of the one before, as 2 of 2.5 million.
        parts += [text[at : token.span.start], f">>{token.text}<<"]
        at = token.span.end
    shown = " ".join("".join([*parts, text[at:end]]).split())
    before = "" if begin == 0 or _END.match(text, begin - 1) else "..."
    behind = "" if end == len(text) or _END.search(text, end - 1, end + 1) else "..."
    return f"line {tokens[0].line}, from {tokens[0].span.start}: {before}{shown}{behind}"
