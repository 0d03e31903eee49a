# ruff: noqa: RUF001 (words in Cyrillic)
"""Shares that are told as one of so many: `one in twelve`, `каждый пятый`, `әрбір оныншы`."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from kzgraph.verification.numbers import Number, numbers
from kzgraph.verification.ordinal_days import KAZAKH, RUSSIAN_STEMS

_ENGLISH = re.compile(
    r"(?<![\w.,-])(?:one|1)\s+(?:in|out\s+of)\s+(?:every\s+)?(?P<of>[a-z]+|\d{1,3})"
    r"(?![\w%-]|[.,:/]\d)",
    re.IGNORECASE,
)


@cache
def _each() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Each ordinal from second on, by how many it is one of; compiled when a text is read."""
    return tuple(
        (
            of,
            re.compile(
                rf"(?<!\w)(?:{each})\s+(?:{ordinal})(?!\w)"
                # What comes every third year is no third.
                r"(?!\s+(?:год|месяц|ден|дня|дню|недел|раз|жыл|ай(?:да|ы)?\b|күн|апта|рет))",
                re.IGNORECASE,
            ),
        )
        for each, ordinals in (
            (
                r"кажд\w+",
                [
                    rf"{stem}(?:[ыои]й|[аь]?я|[ое]е|[оье]го|[оье]му|ым|им|ом|ем|ую|ью|ей|ья)"
                    for stem in RUSSIAN_STEMS
                ],
            ),
            (r"әр(?:бір)?", [*KAZAKH, "оныншы"]),
        )
        for of, ordinal in enumerate(ordinals, 1)
        if of > 1
    )


def shares_in(text: str) -> Iterator[Number]:
    """The shares of a text that are told as one of so many, as fractions.

    >>> [round(each.value, 3) for each in shares_in("one in twelve, каждая пятая, әрбір оныншы")]
    [Decimal('0.083'), Decimal('0.200'), Decimal('0.100')]
    >>> list(shares_in("one in May 2024; каждый третий год"))
    []
    """
    for found in _ENGLISH.finditer(text):
        of = numbers(found["of"])
        if len(of) == 1 and (most := of.pop()) > 1:
            yield Number(1 / most, *found.span(), fraction=True)
    for so_many, words in _each():
        for found in words.finditer(text):
            yield Number(Decimal(1) / so_many, *found.span(), fraction=True)
