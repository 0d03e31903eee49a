# ruff: noqa: RUF001 (words in Cyrillic)
"""Numbers of a text that count nothing: ages, numbers of lists, days. Dates that date nothing."""

import re
from decimal import Decimal

from kzgraph.editing.sentence_breaks import LIST_NUMBER
from kzgraph.months import PATTERN as MONTHS
from kzgraph.verification.numbers import Number
from kzgraph.verification.people import PEOPLE

#: An age right after a number.
_AGE_NEXT = re.compile(
    r"\s+(?:(?:were|are|was|is|of\s+(?:them|whom))\s+)?(?:aged\s+)?(?:(?:under|over)\s+)?(?P<age>\d{1,3})"
)
#: How far around a number the words that tell are looked for, in code points.
_AROUND = 100
#: The oldest age.
_OLDEST = 120
_DASH = r"\s?[-\u2010-\u2013]\s?"
_AND = rf"(?:{_DASH}|\s?,\s+|\s+(?:and|to|or|until|и|по|до|мен|және)\s+)"
_YEARS = r"(?:years?|лет|год[ау]?|жас\w*)"
#: What follows an age: its years, or nothing that it could count.
_ALONE = r"(?=\s*(?:[.,;:)|]|\Z|(?:and|or|и|или|және)(?!\w)))"
_AGE_BEFORE = re.compile(
    r"(?<!\w)(?:aged?|ages|возрасте?|возрастом)\s+(?:(?:of|from|between|under|over|above|below|от|до|с"
    rf"|старше|младше|моложе)\s+)?(?:\d{{1,3}}{_AND})?\Z",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:were|was|are|is|those|adults|older|{PEOPLE})\s+(?:who\s+(?:are|were)\s+)?"
    r"|\(\s*)(?:under|over|above|below)\s+\Z",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(rf"(?:\s+{_YEARS})?{_ALONE}", re.IGNORECASE)
_YEARS_AFTER = re.compile(r"\s+(?:лет|жас)(?!\w)")
_RUSSIAN_BEFORE = re.compile(r"(?<!\w)(?:до|от|старше|младше|моложе|с)\s+\Z", re.IGNORECASE)
_OLD_AFTER = re.compile(
    rf"(?:\s+{_YEARS})?\s+(?:or|and|и|және одан)\s+(?:older|over|above|younger|under|below|старше"
    r"|младше|моложе|үлкен|кіші)(?!\w)"
    r"|(?:-|\s+)years?(?:-|\s+)(?:olds?|of\s+age)(?!\w)|\s+жас(?:тан|қа|тағы)(?!\w)"
    rf"|\+(?:\s+{_YEARS})?{_ALONE}",
    re.IGNORECASE,
)
#: The end of a change of a number of years: `from five years to three`.
_YEARS_TO = re.compile(rf"(?<!\w)(?<!\d{{4}}\s)(?:{_YEARS}\s+(?:to|до)|жылдан)\s+\Z", re.IGNORECASE)
_YEARS_FROM = re.compile(r"\s+(?:years?\s+to|(?:лет|года?)\s+до|жылдан)(?!\w)", re.IGNORECASE)
_AGO = re.compile(
    r"\s+(?:years?|months?|weeks?|days?)\s+(?:ago|earlier|later)(?!\w)"
    r"|\s+(?:лет|года?|месяц\w*|недел\w+|дн\w+)\s+(?:назад|спустя)(?!\w)"
    r"|\s+(?:жыл|ай|күн)\s+бұрын(?!\w)",
    re.IGNORECASE,
)
#: Two numbers with a dash between: ages in groups, if they are years or count nothing.
_GROUP = re.compile(
    rf"(?<![\d.,])(?P<from>\d{{1,2}}){_DASH}(?P<to>\d{{1,2}})(?:\s+(?P<years>{_YEARS})(?!\w)|{_ALONE})",
    re.IGNORECASE,
)
_GROUPS = {
    ("0", "4"),
    ("0", "5"),
    ("0", "17"),
    ("5", "11"),
    ("12", "17"),
    ("15", "24"),
    ("18", "24"),
    ("18", "59"),
    ("25", "59"),
    ("0", "14"),
    ("15", "64"),
}
_DAY_AFTER = re.compile(
    rf"(?:st|nd|rd|th)?(?:{_AND}\d{{1,2}}(?:st|nd|rd|th)?){{1,8}}\s+(?:of\s+)?(?:{MONTHS})(?!\w)",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(rf"(?<!\w)(?:{MONTHS})\.?\s+(?:\d{{1,2}}{_AND}){{0,8}}\Z", re.IGNORECASE)
_YEAR_AFTER = re.compile(rf"(?:{_AND}\d{{1,2}}){{0,8}},?\s+(?:19|20)\d\d(?!\d)", re.IGNORECASE)
#: A comparison, with the year that it is made with; and the year that an instrument is known by.
_COMPARED_BEFORE = re.compile(
    r"(?<!\w)(?:than|чем|(?:compared\s+(?:with|to)|in\s+comparison\s+(?:with|to)|relative\s+to|versus|vs\.?"
    r"|against|up\s+from|down\s+from|сравнени\w+\s+со?|против)(?:\s+\d[\d.,\u00a0 ]*)?)\s+"
    r"(?:(?:in|at|on|of|the|end|start|beginning|same|period|levels?|figures?|в|во|на|конц\w+|начал\w+"
    rf"|показател\w+|уровн\w+|годом)\s+|(?:\d{{1,2}}\s+)?(?:{MONTHS})\.?\s+){{0,6}}\Z",
    re.IGNORECASE,
)
_COMPARED_AFTER = re.compile(
    r"(?:\s+жыл\w*)?(?:\s+[^\W\d]+){0,2}\s+(?:салыстыр\w+|қарағанда)", re.IGNORECASE
)
_INSTRUMENT_AFTER = re.compile(
    r"\s+(?:and\s+\d{4}\s+)?(?:(?:Refugee|Geneva|UN)\s+){0,2}(?:Conventions?|Protocol|Statute)(?!\w)"
    r"|\s+жылғы\s+(?:[^\W\d]+\s+){0,4}(?:Конвенция|Хаттама)",
    re.IGNORECASE,
)
#: What has a year in its name: the 2023 Global Refugee Forum counts no refugees.
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED_BY_YEAR = re.compile(
    r"(?:\]\S*|\s+and\s+(?:its\s+)?\W*(?:19|20)\d\d)?\s+(?:[A-Z][\w-]*\s+){0,3}"
    r"(?:Conventions?|Protocol|Forum|Compact|Summit|Conference|Declaration|Agreement|Appeal|Census"
    r"|Statute)(?!\w)"
)
_INSTRUMENT_BEFORE = re.compile(r"(?:Конвенци|Протокол)\w*[^.;,\d]{0,60}\Z", re.IGNORECASE)


def is_uncounted(sentence: str, number: Number) -> bool:
    """Whether a number of a sentence is an age, a day, or the number of a thing.

    Args:
        sentence: the sentence, without what is around it.
        number: a number of it, at its place in the sentence.

    >>> from kzgraph.verification.numbers import numbers_in
    >>> sentence = "1. 57 were 60 or older"
    >>> [is_uncounted(sentence, number) for number in numbers_in(sentence)]
    [True, False, True]
    """
    start, end = number.start, number.end
    near = max(0, start - _AROUND)
    if _AGO.match(sentence, end):
        return True
    if not _is_small(number):
        return bool(
            _YEAR.fullmatch(sentence, start, end)
            and (
                _NAMED_BY_YEAR.match(sentence, end)
                or _INSTRUMENT_BEFORE.search(sentence, near, start)
            )
        )
    listed = LIST_NUMBER.match(sentence)
    return bool(
        (listed and end <= listed.end())
        or _is_age(sentence, number)
        or _YEARS_FROM.match(sentence, end)
        or _YEARS_TO.search(sentence, near, start)
        or _DAY_AFTER.match(sentence, end)
        or (_DAY_BEFORE.search(sentence, near, start) and _YEAR_AFTER.match(sentence, end))
    )


def dates_nothing(sentence: str, start: int, end: int) -> bool:
    """Whether the date at `start` to `end` is not that of the sentence.

    It is what something is compared with, or the year that an instrument is known by.

    >>> dates_nothing("fewer than in 2020", 14, 18)
    True
    """
    near = max(0, start - _AROUND)
    return bool(
        _COMPARED_BEFORE.search(sentence, near, start)
        or _COMPARED_AFTER.match(sentence, end)
        or _INSTRUMENT_AFTER.match(sentence, end)
        or _INSTRUMENT_BEFORE.search(sentence, near, start)
    )


def precedes_age(sentence: str, end: int) -> bool:
    """Whether the number that ends at `end` is of the people of an age: `57 were 60 or older`."""
    found = _AGE_NEXT.match(sentence, end)
    return bool(found and _is_age(sentence, Number(Decimal(found["age"]), *found.span("age"))))


def _is_small(number: Number) -> bool:
    return number.value == number.value.to_integral() and 0 <= number.value <= _OLDEST


def _is_age(sentence: str, number: Number) -> bool:
    start, end = number.start, number.end
    near = max(0, start - _AROUND)
    if not _is_small(number):
        return False
    if _AGE_BEFORE.search(sentence, near, start) or _OLD_AFTER.match(sentence, end):
        return True
    if _BOUND_BEFORE.search(sentence, near, start) and _BOUND_AFTER.match(sentence, end):
        return True
    groups = _GROUP.finditer(sentence, near, end + _AROUND)
    group = next((each for each in groups if each.start() <= start < each.end()), None)
    if group:
        return bool(group["years"]) or (group["from"], group["to"]) in _GROUPS
    return bool(_RUSSIAN_BEFORE.search(sentence, near, start) and _YEARS_AFTER.match(sentence, end))
