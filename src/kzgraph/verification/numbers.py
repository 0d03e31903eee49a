"""Numbers as English prose and JSON write them."""

import re
from decimal import Decimal

_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_WORDS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
]
_VALUES = {word: Decimal(value) for value, word in enumerate(_WORDS)} | {"no": Decimal(0)}

# A number begins neither within a word nor within a decimal.
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<decimals>\.\d+)?"
    rf"(?:\s+(?P<scale>{'|'.join(_SCALES)})\b)?"
)
_WORD = re.compile(r"[a-z]+")


def numbers(text: str) -> set[Decimal]:
    """The numbers that stand in `text`: with digits, with a scale, or as a word up to twenty.

    >>> sorted(map(int, numbers("requires $10.03 million for five countries")))
    [5, 10030000]
    """
    found = {
        Decimal(match["digits"].replace(",", "") + (match["decimals"] or ""))
        * _SCALES.get(match["scale"] or "", 1)
        for match in _NUMBER.finditer(text)
    }
    return found | {_VALUES[word] for word in _WORD.findall(text.lower()) if word in _VALUES}
