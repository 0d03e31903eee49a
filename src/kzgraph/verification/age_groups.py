"""Checking the age group of a figure against the ages that its text names in years."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from kzgraph.tables import Row
from kzgraph.verification.ages import is_age
from kzgraph.verification.findings import Finding
from kzgraph.verification.numbers import Number

#: Ages: at most, at least, between.
_UNDER = re.compile(
    r"(?:under|below|younger than|до|младше|моложе)(?: the age of)?\s+(\d{1,3})(?:\s+лет)?"
    r"|(\d{1,3})\s+жас(?:қа|тан)\s+(?:дейін|толмаған|кіші)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?<!\d)(\d{1,3})(?:\s?\+|\s+(?:years?|лет|года?|жас)?\s*(?:or|and|и|және одан)\s+"
    r"(?:older|over|above|старше|более|үлкен|жоғары))|(?:over|above|older than|aged over|старше)\s+"
    r"(\d{1,3})(?=\s+(?:years|лет)|\W*\Z)",
    re.IGNORECASE,
)
_FROM_KAZAKH = re.compile(r"(\d{1,3})\s+жастан\s+(?:асқан|жоғары|үлкен)", re.IGNORECASE)
_RANGE = re.compile(r"(?<![\d.,])(\d{1,2})\s?(?:[-\u2010-\u2013]|to|до|and)\s?(\d{1,2})(?![\d.,])")
_LAST = 130


def ages_in(text: str) -> Iterator[tuple[int, int, Number]]:
    """The ages in a text, from and to, in years, each with its first number.

    >>> [ages[:2] for ages in ages_in("120 were under 18, 57 were 60 or older")]
    [(0, 17), (60, 130)]
    """
    for pattern in (_UNDER, _FROM, _FROM_KAZAKH, _RANGE):
        for found in pattern.finditer(text):
            at = next(index for index, group in enumerate(found.groups(), 1) if group)
            number = Number(Decimal(found[at]), *found.span(at))
            if not is_age(text, number):
                continue
            years = int(found[at])
            if pattern is _UNDER:
                yield 0, years - 1, number
            elif pattern is _RANGE:
                yield years, int(found[2]), number
            else:
                yield years, _LAST, number


def check_age_group(row: Row, said: list[str], names: Iterable[str]) -> Iterator[Finding]:
    """The finding of a figure whose age group has none of the years that its text names.

    Args:
        row: a figure with an age group.
        said: the texts of its evidence and context.
        names: the names of its age group.
    """
    own = {ages[:2] for name in names for ages in ages_in(name)}
    values = {abs(Decimal(item)) for item in row.cells.get("value", ())}
    named = [
        (least, most)
        for each in said
        for least, most, number in ages_in(each)
        # A hedged count looks like an age: `60+`.
        if number.value not in values
    ]
    if own and named and not any(a <= d and c <= b for a, b in named for c, d in own):
        shown = ", ".join(f"{least} to {most}" for least, most in named)
        fault = row.fault(
            "age",
            f"{row.get('age')}, and the text is about ages {shown}",
            "write the code of that age (kzgraph codes age), or point to the age that is meant",
        )
        yield Finding(fault, sure=True)
