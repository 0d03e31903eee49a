# ruff: noqa: RUF001 (words in Cyrillic)
"""Days of a month in words: `the fifth of December`, `Пятого декабря`, `бесінші желтоқсан`."""

import re
from collections.abc import Iterator
from functools import cache

from kzgraph.months import PATTERN as MONTHS
from kzgraph.months import number_of

#: First to nineteenth, in each language; in Russian the stems.
_ENGLISH = (
    *(
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
    ),
    *(
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
    ),
)
RUSSIAN_STEMS = (
    *(
        "перв",
        "втор",
        "треть",
        "четв[её]рт",
        "пят",
        "шест",
        "седьм",
        "восьм",
        "девят",
        "десят",
        "одиннадцат",
        "двенадцат",
    ),
    *(
        "тринадцат",
        "четырнадцат",
        "пятнадцат",
        "шестнадцат",
        "семнадцат",
        "восемнадцат",
        "девятнадцат",
    ),
)
_RUSSIAN_ENDING = r"(?:ого|его|ому|ему|ое|е)"
KAZAKH = (
    *(
        "бірінші",
        "екінші",
        "үшінші",
        "төртінші",
        "бесінші",
        "алтыншы",
        "жетінші",
        "сегізінші",
        "тоғызыншы",
    ),
)


def _days() -> Iterator[tuple[int, str]]:
    """Each day of a month with a pattern of a word for it."""
    for day, word in enumerate(_ENGLISH, 1):
        yield day, word
    for day, stem in enumerate(RUSSIAN_STEMS, 1):
        yield day, stem + _RUSSIAN_ENDING
    for day, word in enumerate(KAZAKH, 1):
        yield day, word
        yield day + 10, rf"он\s+{word}"
    yield 10, "оныншы"
    tens = (
        (20, "twent", rf"двадцат{_RUSSIAN_ENDING}", "двадцать", "жиырмасыншы", "жиырма"),
        (30, "thirt", rf"тридцат{_RUSSIAN_ENDING}", "тридцать", "отызыншы", "отыз"),
    )
    for ten, english, russian, russian_ten, kazakh, kazakh_ten in tens:
        yield from ((ten, f"{english}ieth"), (ten, russian), (ten, kazakh))
        for unit in range(1, 10 if ten == 20 else 2):
            yield ten + unit, rf"{english}y[\s-]{_ENGLISH[unit - 1]}"
            yield ten + unit, rf"{russian_ten}\s+{RUSSIAN_STEMS[unit - 1]}{_RUSSIAN_ENDING}"
            yield ten + unit, rf"{kazakh_ten}\s+{KAZAKH[unit - 1]}"


@cache
def _words() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """The days with their patterns, compiled when they are asked for: most processes never do."""
    return tuple((day, re.compile(pattern, re.IGNORECASE)) for day, pattern in _days())


@cache
def _day() -> re.Pattern[str]:
    """A day by its word, with its month."""
    # The longest first, so that `twenty-first` is not taken for `first`.
    any_ = "|".join(sorted((pattern for _, pattern in _days()), key=len, reverse=True))
    return re.compile(
        rf"(?<!\w)(?:(?P<day>{any_})\s+(?:of\s+)?(?P<month>{MONTHS})|(?P<month_before>{MONTHS})"
        rf"(?:\s+the|ның|нің|дың|дің|тың|тің)?\s+(?P<day_behind>{any_}))(?!\w)",
        re.IGNORECASE,
    )


def word_days_in(text: str) -> Iterator[tuple[int, int]]:
    """The days that a text names by an ordinal and a month: the month of each, and the day.

    >>> list(word_days_in("Двадцать первого июня, and the fifth of December"))
    [(6, 21), (12, 5)]
    """
    for found in _day().finditer(text):
        month = number_of(found["month"] or found["month_before"])
        written = found["day"] or found["day_behind"]
        day = next((day for day, words in _words() if words.fullmatch(written)), None)
        if month and day:
            yield month, day
