"""The tokens of a text, and which of them lie in spans."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kzgraph.tables import Span
from kzgraph.verification.numbers import digits_of, numbers_in
from kzgraph.years import PATTERN as YEAR

#: A numeric token: any run of digits, or a JSON null.
NUMERIC = re.compile(r"\d+|\bnull\b")

#: A word: a run of letters, with the apostrophes, hyphens and dots inside it.
WORD = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*")

#: A number in digits, with separators and decimals or without.
_NUMERAL = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_MONTH_AND_YEAR = re.compile(rf"\d\d?\.{YEAR}")
#: The longest number that is looked at, in characters.
_LONGEST = 40


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


def numeric_tokens(text: str, languages: tuple[str, ...] = ("en",)) -> list[Token]:
    """What of a text facts must cover as numbers, in order: digits, nulls, and number words.

    A lone word for none or one is no count: in all three languages it is an article or a pronoun
    far more often.
    """
    words = [
        span
        for number in numbers_in(text, languages)
        if (number.value > 1 or number.fraction)
        for span in (_words(text, number.start, number.end),)
        if span
    ]
    found = [
        Token(text[start:end], Span(start, end), text.count("\n", 0, start) + 1)
        for start, end in sorted(set(words))
    ]
    return sorted([*tokens(NUMERIC, text), *found], key=lambda token: token.span)


def _words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The words of a number; its digits are tokens of their own."""
    match = re.search(r"[^\W\d_]", text[start:end])
    return (start + match.start(), end) if match else None


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


def find_cut(text: str, at: int, languages: tuple[str, ...] = ("en",)) -> str | None:
    r"""What a span of `text` that begins or ends at `at` cuts in two, or None.

    A word, a number, or a character: a letter and the marks behind it, or the halves of a line end.

    >>> find_cut("e\u0301te\u0301", 1), find_cut("e\u0301te\u0301", 2)
    ('character', 'word')
    >>> find_cut("7,588 people", 2), find_cut("[7,588]", 3), find_cut("2.5", 2)
    ('number', None, 'number')
    >>> find_cut("7 588 people", 2), find_cut("10,03", 2), find_cut("10,03", 2, ("ru",))
    ('number', None, 'number')
    """
    if not 0 < at < len(text):
        return None
    before, after = text[at - 1], text[at]
    if unicodedata.combining(after) or before + after == "\r\n":
        return "character"
    letter = at - 1
    while letter > 0 and unicodedata.combining(text[letter]):
        letter -= 1
    before = text[letter]
    if before.isalpha() and after.isalpha():
        return "word"
    if before.isdigit() and after.isdigit():
        return "number"
    if _is_within_digits(text, at, languages):
        return "number"
    digits_and_sign = (before.isdigit() and after in ".,") or (before in ".," and after.isdigit())
    return "number" if digits_and_sign and _is_within_numeral(text, at) else None


def _is_within_digits(text: str, at: int, languages: tuple[str, ...]) -> bool:
    """Whether `at` is between the digits of one number, as the languages write numbers."""
    known = digits_of(text, languages)
    found = bisect_left(known, at, key=lambda each: each.start) - 1
    if found < 0 or at >= known[found].end:
        return False
    start, end = known[found].start, known[found].end
    in_list = text[max(0, start - 1)] == "[" or text[end : end + 1] == "]"
    if in_list and "," in text[at - 1 : at + 1]:
        return False
    return not _MONTH_AND_YEAR.fullmatch(text[start:end])


def _is_within_numeral(text: str, at: int) -> bool:
    """Whether the comma or point next to `at` belongs to one number, and separates no two."""
    start = end = at
    while start > max(0, at - _LONGEST) and _is_digit_or_sign(text[start - 1]):
        start -= 1
    while end < min(len(text), at + _LONGEST) and _is_digit_or_sign(text[end]):
        end += 1
    # In a list of JSON a comma separates two numbers.
    in_list = text[max(0, start - 1)] == "[" or text[start] == "," or text[end : end + 1] == "]"
    found = (_DECIMAL if in_list else _NUMERAL).finditer(text, start, end)
    return any(
        number.start() < at < number.end() and not _MONTH_AND_YEAR.fullmatch(number[0])
        for number in found
    )


def _is_digit_or_sign(character: str) -> bool:
    return character.isdigit() or character in ".,"
