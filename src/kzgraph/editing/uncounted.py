# ruff: noqa: RUF001 (words in Cyrillic)
"""Numbers of a text that count nothing: ages, numbers of lists, days. Dates that date nothing."""

import re
from decimal import Decimal

from kzgraph.editing.sentence_breaks import LIST_NUMBER
from kzgraph.months import PATTERN as MONTHS
from kzgraph.verification.ages import AND, AROUND, OLDER_BEFORE, YEARS, is_age, is_small
from kzgraph.verification.numbers import Number
from kzgraph.years import PATTERN as YEAR

#: An age right after a number.
_AGE_NEXT = re.compile(
    r"\s+(?:(?:were|are|was|is|of\s+(?:them|whom))\s+)?(?:aged\s+)?(?:(?:under|over)\s+)?(?P<age>\d{1,3})"
)
#: The end of a change of a number of years: `from five years to three`.
_YEARS_TO = re.compile(rf"(?<!\w)(?<!\d{{4}}\s)(?:{YEARS}\s+(?:to|до)|жылдан)\s+\Z", re.IGNORECASE)
_YEARS_FROM = re.compile(r"\s+(?:years?\s+to|(?:лет|года?)\s+до|жылдан)(?!\w)", re.IGNORECASE)
_AGO = re.compile(
    r"\s+(?:years?|months?|weeks?|days?)\s+(?:ago|earlier|later)(?!\w)"
    r"|\s+(?:лет|года?|месяц\w*|недел\w+|дн\w+)\s+(?:назад|спустя)(?!\w)"
    r"|\s+(?:жыл|ай|күн)\s+бұрын(?!\w)",
    re.IGNORECASE,
)
_DAY_AFTER = re.compile(
    rf"(?:st|nd|rd|th)?(?:{AND}\d{{1,2}}(?:st|nd|rd|th)?){{1,8}}\s+(?:of\s+)?(?:{MONTHS})(?!\w)",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(rf"(?<!\w)(?:{MONTHS})\.?\s+(?:\d{{1,2}}{AND}){{0,8}}\Z", re.IGNORECASE)
_YEAR_AFTER = re.compile(rf"(?:{AND}\d{{1,2}}){{0,8}},?\s+{YEAR}(?!\d)", re.IGNORECASE)
#: A postal code or the like, which no count is; the number of a house; a time zone.
_CODE = re.compile(r"0\d+")
_POSTAL = re.compile(r"\d{6}")
_STREETS = r"(?:Street|St\.|Avenue|Ave\.?|Road|Boulevard|Blvd|Lane|Square)"
_STREET = re.compile(
    rf"(?<!\w)(?:{_STREETS}|(?:ул|просп|пр)\.|улица|проспект|көшесі|даңғылы)(?!\w)"
)
_STREET_AFTER = re.compile(rf"\s+(?:[A-Z][\w-]*\s+){{1,3}}{_STREETS}(?!\w)")
_STREET_BEFORE = re.compile(
    r"(?<!\w)(?:GMT|UTC)\s?[+\u2212-]\s?\Z|(?:көшесі|даңғылы),?\s+\Z"
    r"|(?<!\w)(?:ул|просп|пр|д|кв|оф|корп)\.\s?(?:[А-Я][\w-]*[\s,]+){0,3}\Z"
)
#: A comparison, with the year that it is made with; and the year that an instrument is known by.
_COMPARED_BEFORE = re.compile(
    r"(?<!\w)(?:than|чем|(?:down|up)\s+\d[\d.,]*\s?%?\s+(?:on|from)|(?:compared\s+(?:with|to)|in\s+comparison\s+(?:with|to)|relative\s+to|versus|vs\.?"
    r"|against|up\s+from|down\s+from|сравнени\w+\s+со?|против)(?:\s+\d[\d.,\u00a0 ]*)?)\s+"
    r"(?:(?:in|at|on|of|the|end|start|beginning|same|period|levels?|figures?|в|во|на|конц\w+|начал\w+"
    rf"|показател\w+|уровн\w+|годом)\s+|(?:\d{{1,2}}\s+)?(?:{MONTHS})\.?\s+){{0,6}}\Z",
    re.IGNORECASE,
)
_COMPARED_AFTER = re.compile(
    r"(?:\s+жыл\w*)?(?:\s+[^\W\d]+){0,2}\s+(?:салыстыр\w+|қарағанда)", re.IGNORECASE
)
_INSTRUMENT_AFTER = re.compile(
    r"\s+(?:and\s+\d{4}\s+)?(?:(?:Refugee|Geneva|UN|Statelessness)\s+){0,2}(?:Conventions?|Protocol|Statute)(?!\w)"
    r"|\s+жылғы\s+(?:[^\W\d]+\s+){0,4}(?:Конвенция|Хаттама)",
    re.IGNORECASE,
)
#: What has a year in its name: the 2023 Global Refugee Forum counts no refugees.
_YEAR = re.compile(YEAR)
_NAMED_BY_YEAR = re.compile(
    rf"(?:\]\S*|\s+and\s+(?:its\s+)?\W*{YEAR})?\s+(?:[A-Z][\w-]*\s+){{0,3}}"
    r"(?:Conventions?|Protocol|Forum|Compact|Summit|Conference|Declaration|Agreement|Appeal|Census"
    r"|Statute)(?!\w)"
)
_INSTRUMENT_BEFORE = re.compile(r"(?:Конвенци|Протокол)\w*[^.;,\d]{0,60}\Z", re.IGNORECASE)


#: How long something takes or lasts: `for 24 months`, `за 9 месяцев`, `24 hours`.
_HOW_LONG = re.compile(
    r"(?<!\w)(?:(?:for|within|over|in|after|than|(?:first|last|past|next))\s+\d+\s+months?"
    r"|(?:на|за|через|более|менее|свыше)\s+\w+\s+месяц\w*|\w+\s+ай(?:да|дан|ға)(?!\w)"
    r"|24 hours(?!\w))",
    re.IGNORECASE,
)
#: A share in words, whose two numbers count nobody: `one in twelve refugees`.
_SHARE = re.compile(
    r"(?<!\w)(?:one|two|three|four)\s+(?:in|out\s+of)\s+(?:every\s+)?"
    r"(?:three|four|five|six|seven|eight|nine|ten|twelve|twenty)(?!\w)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\s*(?:[.,;)]|\Z)")
#: An age alone behind a dash, after the number of its people.
_OLDER_NEXT = re.compile(
    r"\s+[\u2013\u2014-]\s+(?:старше|младше|моложе)\s+\d{1,3}(?:\s+лет)?\s*(?:[.,;)]|\Z)"
)


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
    near = max(0, start - AROUND)
    if _AGO.match(sentence, end) or _CODE.fullmatch(sentence, start, end):
        return True
    if _STREET_AFTER.match(sentence, end) or _STREET_BEFORE.search(sentence, near, start):
        return True
    if _POSTAL.fullmatch(sentence, start, end) and _STREET.search(sentence):
        return True
    if any(
        each.start() <= start and end <= each.end()
        for words in (_HOW_LONG, _SHARE)
        for each in words.finditer(sentence, near)
    ):
        return True
    if not is_small(number):
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
        or is_age(sentence, number)
        or (OLDER_BEFORE.search(sentence, near, start) and _ENDS.match(sentence, end))
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
    near = max(0, start - AROUND)
    return bool(
        _COMPARED_BEFORE.search(sentence, near, start)
        or _COMPARED_AFTER.match(sentence, end)
        or _INSTRUMENT_AFTER.match(sentence, end)
        or _INSTRUMENT_BEFORE.search(sentence, near, start)
    )


def precedes_age(sentence: str, end: int) -> bool:
    """Whether the number that ends at `end` is of the people of an age: `57 were 60 or older`."""
    if _OLDER_NEXT.match(sentence, end):
        return True
    found = _AGE_NEXT.match(sentence, end)
    return bool(found and is_age(sentence, Number(Decimal(found["age"]), *found.span("age"))))
