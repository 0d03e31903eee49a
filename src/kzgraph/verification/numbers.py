"""Finding numbers in English prose and JSON."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_WORDS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
]
_VALUES = {word: Decimal(value) for value, word in enumerate(_WORDS)} | {"no": Decimal(0)}

# A number begins neither within a word nor within a decimal, and a letter after it makes it another
# one, as in 1.2M. The groups do not backtrack, or 1.2M would still hold a 1.
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>(?>\d{1,3}(?:,\d{3})+(?!\d)|\d+))(?P<decimals>\.\d+)?+(?!\w)"
    rf"(?:\s+(?P<scale>{'|'.join(_SCALES)})\b)?"
)
_PARTS = "hundred|dozen|half|halves|thirds?|quarters?|fourths?|fifths?|tenths?"
# Words joined by a hyphen, and a word before a scale or a fraction, are another number than alone.
_WORD = re.compile(
    rf"(?<![\w-])(?:{'|'.join(_VALUES)})(?![\w-])(?!\s+(?:{_PARTS}|{'|'.join(_SCALES)})\b)",
    re.IGNORECASE,
)

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
#: What precedes a year and never a count.
_BEFORE_YEAR = re.compile(
    r"(?:(?<!\w)(?:in|since|year|years|during|until|till|by|from|early|mid|late|end of|as of|"
    rf"start of|beginning of|{_MONTHS})[\s,.-]+(?:the\s+)?|\d[/.-])\Z",
    re.IGNORECASE,
)
#: What follows a number that counts people, or surrounds one in JSON.
_COUNTED = re.compile(
    r"\s+(?:of (?:them|whom|which)|(?:[a-z-]+\s+){0,2}?(?:people|persons|individuals|refugees|"
    r"asylum-seekers|households|families|children|women|men|girls|boys|returnees|cases))\b",
    re.IGNORECASE,
)
_IN_JSON = re.compile(r"[\[,:]\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"[0-2]?\d|3[01]")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?[\s-]+(?:of\s+)?(?:{_MONTHS})\b", re.IGNORECASE)
_MONTH_BEFORE = re.compile(rf"(?<!\w)(?:{_MONTHS})\.?\s+\Z", re.IGNORECASE)
#: Days and times of day in digits.
_STAMP = re.compile(
    r"\d{4}[-/]\d\d?[-/]\d\d?|\d\d?[-/]\d\d?[-/]\d{4}|(?<![\d:])\d\d?:\d\d(?![\d:])"
)
_YEAR_AFTER = re.compile(r"(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d\b")


class Number(NamedTuple):
    """A number in a text, and its position."""

    value: Decimal
    start: int
    end: int


def numbers_in(text: str) -> Iterator[Number]:
    """The numbers in `text`: with digits, with a scale, or as a word up to twenty."""
    for match in _NUMBER.finditer(text):
        digits = Decimal(match["digits"].replace(",", "") + (match["decimals"] or ""))
        yield Number(digits * _SCALES.get(match["scale"] or "", 1), *match.span())
    for match in _WORD.finditer(text):
        yield Number(_VALUES[match[0].lower()], *match.span())


def numbers(text: str) -> set[Decimal]:
    """The values of the numbers in `text`.

    >>> sorted(map(int, numbers("requires $10.03 million for five countries")))
    [5, 10030000]
    """
    return {number.value for number in numbers_in(text)}


def belongs_to_date(text: str, number: Number, years: set[int]) -> bool:
    """Whether a number in `text` is a year or a day, by its form and the words around it.

    Args:
        text: the text.
        number: a number of it.
        years: the years of the fact; such a number is a year unless it plainly counts people.

    >>> text = "on 5 May 2018, 2018 people came"
    >>> [belongs_to_date(text, number, {2018}) for number in numbers_in(text)]
    [True, True, False]
    """
    written = text[number.start : number.end]
    before = max(0, number.start - 30)
    stamps = _STAMP.finditer(text, max(0, number.start - 10), number.end + 10)
    if any(stamp.start() <= number.start and number.end <= stamp.end() for stamp in stamps):
        return True
    if _DAY.fullmatch(written):
        return bool(
            _MONTH_AFTER.match(text, number.end)
            or (
                _MONTH_BEFORE.search(text, before, number.start)
                and _YEAR_AFTER.match(text, number.end)
            )
        )
    if not _YEAR.fullmatch(written):
        return False
    if _BEFORE_YEAR.search(text, before, number.start):
        return True
    if _COUNTED.match(text, number.end):
        return False
    return int(written) in years or not _IN_JSON.search(text, before, number.start)
