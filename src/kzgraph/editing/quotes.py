"""Evidence as an editor types it: the words in quotes, and which of their places is meant.

A cell holds items separated by blanks: a span `914-933`; words in quotes, `"2018 7,588"`; the
fourth place of some words, `"null"#4`; the first place after other words,
`"Refugees" after "2018 7,588"`. White space in a quote matches any white space of the text, and a
quotation mark in straight quotes is written twice, or the quote between « and ».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kzgraph.tables import Span
from kzgraph.verification.tokens import find_cut

_ITEM = re.compile(
    r'(?:"(?P<straight>(?:[^"]|"")+)"|[\u201c\u201d\u201e](?P<curly>[^\u201c\u201d\u201e]+)'
    r"[\u201c\u201d]|\u00ab(?P<angled>[^\u00bb]+)\u00bb)(?:\s?#\s?(?P<number>[1-9][0-9]{0,8}))?"
    r"(?P<after>\s+after\s+)?"
)
_SPAN = re.compile(r"[0-9]+-[0-9]+(?!\S)")

#: Characters that a word processor changes as one types, each with those it is taken for.
_ALIKE = ("-\u2010\u2011\u2012\u2013\u2014\u2212", "'\u2019\u2018\u02bc`", '"\u201c\u201d\u201e')
#: How much of a line is shown before and after a place, in code points.
_AROUND = 40
#: The most places that are shown of words which are merely similar.
_SIMILAR = 3

EXAMPLES = '"2018 7,588", "null"#4 or "Refugees" after "2018 7,588"'


class QuoteFault(ValueError):
    """A quote was refused: what is wrong, and in `remedy` what would be right."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True)
class Quote:
    """Words of a text, and which of their places is meant.

    Attributes:
        words: the words.
        number: which place, counted from 1; None where there has to be one only.
        after: the quote that the places are counted after, or None.
    """

    words: str
    number: int | None = None
    after: "Quote | None" = None

    def __str__(self) -> str:
        number = f"#{self.number}" if self.number else ""
        after = f" after {self.after}" if self.after else ""
        return f"{_in_quotes(self.words)}{number}{after}"


def parse_items(cell: str) -> Iterator[Quote | str]:
    """The items of a cell in order: quotes, and spans as they are written.

    >>> [str(item) for item in parse_items('12-16 "null"#4 "Refugees" after "2018 7,588"')]
    ['12-16', '"null"#4', '"Refugees" after "2018 7,588"']

    Raises:
        QuoteFault: something is neither a span nor words in quotes.
    """
    at = _skip_blanks(cell, 0)
    while at < len(cell):
        if span := _SPAN.match(cell, at):
            yield span[0]
            end = span.end()
        else:
            quote, end = _parse_quote(cell, at)
            if end < len(cell) and not cell[end].isspace():
                raise _not_an_item(cell[end:])
            yield quote
        at = _skip_blanks(cell, end)


def _parse_quote(cell: str, at: int) -> tuple[Quote, int]:
    match = _ITEM.match(cell, at)
    if match is None:
        raise _not_an_item(cell[at:])
    straight = match["straight"]
    words = straight.replace('""', '"') if straight else match["curly"] or match["angled"]
    if not words.strip():
        raise QuoteFault("a quote is empty", f"write {EXAMPLES}")
    after, end = _parse_quote(cell, match.end()) if match["after"] else (None, match.end())
    number = int(match["number"]) if match["number"] else None
    return Quote(" ".join(words.split()), number, after), end


def _skip_blanks(cell: str, at: int) -> int:
    return len(cell) - len(cell[at:].lstrip())


def _not_an_item(rest: str) -> QuoteFault:
    shown = rest if len(rest) <= _AROUND else f"{rest[:_AROUND]}..."
    return QuoteFault(
        f"{shown!r} is neither a span nor words in quotes",
        f"write {EXAMPLES}; a quotation mark within the words twice, or the words between « and »",
    )


def find_quote(text: str, quote: Quote, languages: tuple[str, ...] = ("en",)) -> Span:
    """The span of a quote in a text in `languages`, by which numbers are whole.

    Raises:
        QuoteFault: it is nowhere, or in several places of which none is chosen; the remedy shows
            each in its line.
    """
    floor = find_quote(text, quote.after, languages).end if quote.after else 0
    every = list(_places(text, quote.words, languages))
    places = [place for place in every if place.start >= floor]
    if not every:
        raise _not_found(text, quote, languages)
    if not places:
        raise QuoteFault(
            f"{_in_quotes(quote.words)} is not after {quote.after}",
            _list_places("it is only before it", text, quote.words, every),
        )
    # After other words the first place is meant, elsewhere a single one.
    number = quote.number or (1 if quote.after or len(places) == 1 else 0)
    if 0 < number <= len(places):
        return places[number - 1]
    if number:
        have = f"{len(places)} place{'s' if len(places) > 1 else ''}"
        where = f" after {quote.after}" if quote.after else ""
        message = f"{_in_quotes(quote.words)} has {have}{where}, and #{number} is none"
    else:
        message = f"{_in_quotes(quote.words)} is in {len(places)} places"
    raise QuoteFault(message, _list_places("say which", text, quote.words, places))


def _places(text: str, words: str, languages: tuple[str, ...]) -> Iterator[Span]:
    """The places of some words that cut no word and no number in two; they may overlap."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    for match in re.finditer(f"(?=({pattern}))", text):
        span = Span(*match.span(1))
        if not any(find_cut(text, end, languages) for end in span):
            yield span


def _not_found(text: str, quote: Quote, languages: tuple[str, ...]) -> QuoteFault:
    """Words that are nowhere, with the nearest ones that the text has."""
    pattern = r"\s+".join(map(_loosen, quote.words.split()))
    near = [Span(*match.span()) for match in re.finditer(pattern, text, re.IGNORECASE)]
    message = f"{_in_quotes(quote.words)} is not in the text"
    if near:
        cut = [place for place in near if text[place.start : place.end] == quote.words]
        what = "it is only a piece of a longer word or number" if cut else "the text has"
        return QuoteFault(message, _list_places(what, text, None, near[:_SIMILAR]))
    words = quote.words.split()
    for length in range(len(words) - 1, 0, -1):
        begin = list(_places(text, " ".join(words[:length]), languages))
        if begin:
            what = f"the text has {_in_quotes(' '.join(words[:length]))}, and then other words"
            return QuoteFault(message, _list_places(what, text, None, begin[:_SIMILAR]))
    return QuoteFault(message, "copy the words from the text")


def _loosen(word: str) -> str:
    """A pattern of a word with the characters that are easily taken for those in it."""
    return "".join(
        next((f"[{re.escape(alike)}]" for alike in _ALIKE if character in alike), None)
        or re.escape(character)
        for character in word
    )


def _list_places(what: str, text: str, words: str | None, places: list[Span]) -> str:
    """Each place in its line of text, a line each; with `words`, each with how to choose it."""
    lines = []
    for number, place in enumerate(places, 1):
        choice = f"{_in_quotes(words)}#{number} " if words else ""
        begin = max(text.rfind("\n", 0, place.start) + 1, place.start - _AROUND)
        newline = text.find("\n", place.end)
        end = min(newline if newline >= 0 else len(text), place.end + _AROUND)
        before, after = text[begin : place.start], text[place.end : end]
        line = text.count("\n", 0, place.start) + 1
        shown = f"{before}[{text[place.start : place.end]}]{after}"
        lines.append(f"  {choice}at {place}, line {line}: {' '.join(shown.split())}")
    return "\n".join([f"{what}:", *lines])


def _in_quotes(words: str) -> str:
    return f'"{words}"' if '"' not in words else f"\u00ab{words}\u00bb"
