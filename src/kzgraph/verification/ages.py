# ruff: noqa: RUF001 (words in Cyrillic)
"""Telling the ages of a text from the numbers that count something."""

import re

from kzgraph.verification.numbers import Number
from kzgraph.verification.people import PEOPLE

#: How far around a number the words that tell are looked for, in code points.
AROUND = 100
#: The oldest age.
_OLDEST = 120
_DASH = r"\s?[-\u2010-\u2013]\s?"
#: What joins two numbers of a row of them.
AND = rf"(?:{_DASH}|\s?,\s+|\s+(?:and|to|or|until|и|по|до|мен|және)\s+)"
#: The words for the years of an age.
YEARS = r"(?:years?|лет|год[ау]?|жас\w*)"
#: What follows an age: its years, or nothing that it could count.
_ALONE = r"(?=\s*(?:[.,;:)|]|\Z|(?:and|or|и|или|және)(?!\w)))"
_AGE_BEFORE = re.compile(
    r"(?<!\w)(?:aged?|ages|возрасте?|возрастом)\s+(?:(?:of|from|between|under|over|above|below|от|до|с"
    rf"|старше|младше|моложе)\s+)?(?:\d{{1,3}}{AND})?\Z",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:were|was|are|is|those|adults|older|{PEOPLE})\s+(?:who\s+(?:are|were)\s+)?"
    r"|\(\s*)(?:under|over|above|below)\s+\Z",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(rf"(?:\s+{YEARS})?{_ALONE}", re.IGNORECASE)
_YEARS_AFTER = re.compile(r"\s+(?:лет|жас)(?!\w)")
#: Of `older` no years need to be said.
OLDER_BEFORE = re.compile(r"(?<!\w)(?:старше|младше|моложе)\s+\Z", re.IGNORECASE)
_RUSSIAN_BEFORE = re.compile(r"(?<!\w)(?:до|от|старше|младше|моложе|с)\s+\Z", re.IGNORECASE)
_OLD_AFTER = re.compile(
    rf"(?:\s+{YEARS})?\s+(?:or|and|и|және одан)\s+(?:older|over|above|younger|under|below|старше"
    r"|младше|моложе|үлкен|кіші)(?!\w)"
    r"|(?:-|\s+)years?(?:-|\s+)(?:olds?|of\s+age)(?!\w)|\s+жас(?:тан|қа|тағы)(?!\w)"
    rf"|\+(?:\s+{YEARS})?{_ALONE}",
    re.IGNORECASE,
)
#: Two numbers with a dash between: ages in groups, if they are years or count nothing.
_GROUP = re.compile(
    rf"(?<![\d.,])(?P<from>\d{{1,2}}){_DASH}(?P<to>\d{{1,2}})(?:\s+(?P<years>{YEARS})(?!\w)|{_ALONE})",
    re.IGNORECASE,
)
#: Without a word of age `50+` and `over 50` may be counts that are hedged.
_SURE = re.compile(
    rf"(?<!\w)(?:aged?|ages|olds?|older|younger|{YEARS}|возраст\w*|старше|младше|моложе|үлкен|кіші)(?!\w)",
    re.IGNORECASE,
)
#: How far from an age the words are that make it sure, in code points.
_BESIDE = 20
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


def is_small(number: Number) -> bool:
    """Whether a number may be an age, and so a day or the number of a thing."""
    return number.value == number.value.to_integral() and 0 <= number.value <= _OLDEST


def is_age(sentence: str, number: Number) -> bool:
    """Whether a number of a text is an age, as far as the words around it tell.

    >>> from kzgraph.verification.numbers import numbers_in
    >>> [is_age("57 were 60 or older", each) for each in numbers_in("57 were 60 or older")]
    [False, True]
    """
    start, end = number.start, number.end
    near = max(0, start - AROUND)
    if not is_small(number):
        return False
    if _AGE_BEFORE.search(sentence, near, start) or _OLD_AFTER.match(sentence, end):
        return True
    if _BOUND_BEFORE.search(sentence, near, start) and _BOUND_AFTER.match(sentence, end):
        return True
    if OLDER_BEFORE.search(sentence, near, start) and _BOUND_AFTER.match(sentence, end):
        return True
    groups = _GROUP.finditer(sentence, near, end + AROUND)
    group = next((each for each in groups if each.start() <= start < each.end()), None)
    if group:
        return bool(group["years"]) or (group["from"], group["to"]) in _GROUPS
    return bool(_RUSSIAN_BEFORE.search(sentence, near, start) and _YEARS_AFTER.match(sentence, end))


def is_surely_age(sentence: str, number: Number) -> bool:
    """Whether an age has a word of age beside it."""
    near = sentence[max(0, number.start - _BESIDE) : number.end + _BESIDE]
    return is_age(sentence, number) and bool(_SURE.search(near))
