"""Times in words: what a time is called in English, Russian and Kazakh.

A day is written as its language dates letters. A year that stands alone has its word in full
(`2018 год`, `2018 жыл`); in a longer time it is abbreviated. In a period that is open the month has
the form that the Russian preposition asks for, or the Kazakh suffix.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kzgraph.months import ENGLISH, KAZAKH, RUSSIAN, RUSSIAN_GENITIVE
from kzgraph.tables import Time, parse_time

#: The endings of the ablative (from) and of the dative (to) by month: they follow its last sound.
_KAZAKH_FROM = (
    *("дан", "нан", "дан", "ден", "дан", "нан"),
    *("ден", "дан", "тен", "нан", "дан", "нан"),
)
_KAZAKH_TO = ("ға", "ға", "ға", "ге", "ға", "ға", "ге", "ға", "ке", "ға", "ға", "ға")

#: The labels of the node for a time that a document does not state.
NOT_STATED = {
    "en": "time not stated",
    "ru": "время не указано",
    "kk": "уақыты көрсетілмеген",
}


@dataclass(frozen=True)
class _Part:
    """A year, quarter, month or day, as numbers; 0 for what it does not have."""

    year: int
    quarter: int = 0
    month: int = 0
    day: int = 0

    @classmethod
    def of(cls, text: str) -> "_Part":
        first = parse_time(text).start
        assert first is not None  # noqa: S101 - a part is not open
        if "Q" in text:
            return cls(first.year, quarter=int(text[-1]))
        month = first.month if len(text) > len("2018") else 0
        return cls(first.year, month=month, day=first.day if len(text) > len("2018-06") else 0)


def time_labels(time: Time) -> dict[str, str]:
    """What a time is called, by language.

    >>> time_labels(parse_time("2020-05-05"))
    {'en': '5 May 2020', 'ru': '5 мая 2020 г.', 'kk': '2020 ж. 5 мамыр'}
    """
    parts = [_Part.of(part) for part in time.parts]
    if time.start is None:
        return {language: name(parts[0]) for language, name in _UNTIL.items()}
    if time.end is None:
        return {language: name(parts[0]) for language, name in _SINCE.items()}
    if len(parts) == 1:
        return {language: name(parts[0]) for language, name in _ALONE.items()}
    first, last = parts
    if _is_year(first) and _is_year(last):
        years = f"{first.year}–{last.year}"
        return {"en": f"{first.year} to {last.year}", "ru": f"{years} гг.", "kk": f"{years} жж."}
    return {
        "en": f"{_english(first)} to {_english(last)}",
        "ru": f"{_russian(first)} – {_russian(last)}",
        "kk": f"{_kazakh(first)} – {_kazakh(last)}",
    }


def _is_year(part: _Part) -> bool:
    return not part.quarter and not part.month


def _english(part: _Part) -> str:
    if part.quarter:
        return f"quarter {part.quarter} of {part.year}"
    if not part.month:
        return str(part.year)
    day = f"{part.day} " if part.day else ""
    return f"{day}{ENGLISH[part.month - 1]} {part.year}"


def _russian(part: _Part, months: tuple[str, ...] = RUSSIAN, quarter: str = "-й квартал") -> str:
    """A part in the nominative, which of these nouns is the accusative as well."""
    if part.day:
        return f"{part.day} {RUSSIAN_GENITIVE[part.month - 1]} {part.year} г."
    if part.month:
        return f"{months[part.month - 1]} {part.year} г."
    return f"{part.quarter}{quarter} {part.year} г." if part.quarter else f"{part.year} г."


def _russian_since(part: _Part) -> str:
    # "So" before the word for the second, which begins with two consonants.
    second = part.day == 2 or part.quarter == 2
    return ("со " if second else "с ") + _russian(part, RUSSIAN_GENITIVE, "-го квартала")


def _kazakh(part: _Part, endings: tuple[str, ...] = ("",) * 12, other: str = "") -> str:
    """A part, with the ending of its month, or `other` for that of a quarter or a year."""
    if part.month:
        day = f"{part.day} " if part.day else ""
        return f"{part.year} ж. {day}{KAZAKH[part.month - 1]}{endings[part.month - 1]}"
    if part.quarter:
        return f"{part.year} ж. {part.quarter}-тоқсан{other}"
    return f"{part.year} жыл{other}" if other else f"{part.year} ж."


def _kazakh_since(part: _Part) -> str:
    return _kazakh(part, _KAZAKH_FROM, "нан" if part.quarter else "дан") + " бастап"


def _kazakh_until(part: _Part) -> str:
    return _kazakh(part, _KAZAKH_TO, "ға") + " дейін"


_Names = Mapping[str, Callable[[_Part], str]]
_ALONE: _Names = {
    "en": _english,
    "ru": lambda part: f"{part.year} год" if _is_year(part) else _russian(part),
    "kk": lambda part: f"{part.year} жыл" if _is_year(part) else _kazakh(part),
}
_SINCE: _Names = {
    "en": lambda part: f"since {_english(part)}",
    "ru": _russian_since,
    "kk": _kazakh_since,
}
_UNTIL: _Names = {
    "en": lambda part: f"until {_english(part)}",
    "ru": lambda part: f"по {_russian(part)}",
    "kk": _kazakh_until,
}
