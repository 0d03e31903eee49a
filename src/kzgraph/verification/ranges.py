# ruff: noqa: RUF001 (words in Cyrillic)
"""Finding ranges: two numbers between which the true one lies, as documents write them.

`between 5,000 and 10,000`, `5 to 7 per cent`, `5-7 million`, `от 5 до 7 тысяч`, and so in Kazakh.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from kzgraph.verification.dates import belongs_to_date
from kzgraph.verification.numbers import Number

#: A sign of per cent after the first number, and the signs that may stand before the second.
_PERCENT = r"\s?(?:%|per\s?cent(?!\w))?"
_SIGN = r"\s?[^\w\s]{0,2}(?:USD?\s?)?[$€£₸]?\s?"
#: The word before the first number, and what is between the two.
_NAMED = tuple(
    (
        re.compile(rf"(?<!\w)(?:{first})[^\w.;]{{0,3}}(?:usd?)?[^\w.;]{{0,3}}\Z", re.IGNORECASE),
        re.compile(between, re.IGNORECASE),
    )
    for first, between in (
        (r"between", rf"{_PERCENT}\s+and\s+\D{{0,4}}"),
        (r"между", rf"{_PERCENT}\s+и\s+\D{{0,4}}"),
        (r"от", rf"{_PERCENT}(?:\s+[^\W\d]+)?\s+до\s+\D{{0,4}}"),
    )
)
_DASH = re.compile(rf"{_PERCENT}\s?[-\u2013]{_SIGN}", re.IGNORECASE)
_TO = re.compile(rf"{_PERCENT}\s+to\s+{_SIGN}", re.IGNORECASE)
_KAZAKH = re.compile(r"(?:-?[ндт][ае]н)?\s+(?:(?:мен|бен|пен)\s+)?")
_KAZAKH_END = re.compile(r"(?:-?[ғгқк][ае])?\s+(?:[^\W\d]+\s+)?(?:дейін|аралығ)")
_KAZAKH_FROM = re.compile(r"[ндт][ае]н\s|\s(?:мен|бен|пен)\s")
_BULLET = re.compile(r"[\r\n]\s*[-\u2013]")
#: After these, `X to Y` is a change as easily as a range.
_CHANGE = re.compile(r"(?<!\w)(?:from|by)\W{1,3}(?:usd?)?\W{0,3}\Z", re.IGNORECASE)
#: What is scaled by a word that only the second number has.
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")


class Range(NamedTuple):
    """A range in a text.

    Attributes:
        least: where its lower end is; its value is that of the range: 5,000,000 in `5-7 million`.
        most: its upper end.
        sure: whether the words allow nothing but a range; `from 5 to 7` may be a change.
    """

    least: Number
    most: Number
    sure: bool


def ranges_in(text: str, numbers: Sequence[Number]) -> Iterator[Range]:
    """The ranges that pairs of neighbours among `numbers` of `text` make, in order.

    >>> from kzgraph.verification.numbers import numbers_in
    >>> text = "some 5 to 7 million people"
    >>> [(found.least.value, found.most.value) for found in ranges_in(text, numbers_in(text))]
    [(Decimal('5000000'), Decimal('7000000'))]
    """
    for one, two in pairwise(numbers):
        between = text[one.end : two.start]
        # A dash that begins a line is the bullet of a list.
        if one.end > two.start or len(between) > 30 or _BULLET.search(between):
            continue
        before = text[max(0, one.start - 30) : one.start]
        named = any(first.search(before) and middle.fullmatch(between) for first, middle in _NAMED)
        kazakh = (
            _KAZAKH_FROM.search(text[one.start : two.start])
            and _KAZAKH.fullmatch(between)
            and _KAZAKH_END.match(text, two.end)
        )
        if not (named or kazakh or _DASH.fullmatch(between) or _TO.fullmatch(between)):
            continue
        least = one._replace(value=one.value * _shared_scale(text, one, two))
        in_date = any(belongs_to_date(text, each, set()) for each in (one, two))
        if least.value < two.value and not in_date:
            change = _TO.fullmatch(between) and _CHANGE.search(before)
            yield Range(least, two, sure=not change)


def _shared_scale(text: str, one: Number, two: Number) -> Decimal:
    """By what the first number of a range is scaled: as the second, if that alone has a scale."""
    digits = _DIGITS.match(text, two.start, two.end)
    if not _DIGITS.fullmatch(text, one.start, one.end) or not digits or digits.end() == two.end:
        return Decimal(1)
    written = Decimal(digits[0].replace(",", "."))
    scaled = text[two.end - 1].isalpha() and one.value < written
    return two.value / written if scaled else Decimal(1)
