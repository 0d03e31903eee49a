# ruff: noqa: RUF001 (words in Cyrillic)
"""Checking months and quarters against a text that names months, quarters, halves and the like.

A part of a year that has no certain bounds, as `mid-2024`, is any of the months that it may be.
"""

import re
from collections.abc import Iterator
from functools import cache

from kzgraph.faults import Fault
from kzgraph.months import months_in
from kzgraph.tables import Row, parse_time
from kzgraph.years import PATTERN as YEAR

#: A month in digits with its year: `2018-06`, `06.2018`, `6/2018`, alone or within a day, of which
#: either number may be the month.
_IN_DIGITS = re.compile(
    rf"(?<!\d)(?:{YEAR}[-/.](\d\d?)(?:[-/.](\d\d?))?"
    rf"|(?:(\d\d?)[-/.])?(\d\d?)[-/.]{YEAR})(?!\d)"
)
#: Words and signs for first to fourth.
_ORDINALS = (
    r"first|1st|1|I|one|перв\w+|1-\w+|бірінші|алғашқы",
    r"second|2nd|2|II|two|втор\w+|2-\w+|екінші",
    r"third|3rd|3|III|three|трет\w+|3-\w+|үшінші",
    r"fourth|4th|4|IV|four|last|четв[её]рт\w+|последн\w+|4-\w+|төртінші|соңғы",
)
#: What stands between an ordinal and its noun: `second and third quarters`.
_JOINT = rf"[\s-]+(?:(?:and|to|or|и|по|және)\s+(?:{'|'.join(_ORDINALS)})\s+)?"
_QUARTER = r"quarters?|qtr|квартал\w*|кв|тоқсан\w*"
_HALF = r"half|halves|half[ -]?year|полугоди\w*|половин\w*|жартыжылды\w*|жарты\w*"
_MONTHS_OF = r"months?|месяц\w*|ай(?:да|ы|ында)?"
_THE_YEAR = rf"(?:year|{YEAR}|год\w*|жыл\w*)"


def _numbered(noun: str, letter: str, months: int) -> Iterator[tuple[range, str]]:
    """The months of each quarter or half of a year, and the words that number it."""
    for at in range(12 // months):
        ordinal = _ORDINALS[at] + ("|last|последн\\w+|соңғы" if months * (at + 1) == 12 else "")
        words = rf"(?:{ordinal}){_JOINT}(?:{noun})|(?:{noun})\s+(?:{ordinal})"
        yield (
            range(months * at + 1, months * (at + 1) + 1),
            rf"{words}|{letter}[ -]?{at + 1}|{at + 1}{letter}",
        )


def _vague(words: str) -> str:
    """A part of a year by a word before the year, or behind it as in Kazakh."""
    before = rf"(?:{words})[\s-]*(?:of\s+)?(?:the\s+)?{_THE_YEAR}"
    return rf"{before}|{_THE_YEAR}(?:\s+жыл\w*|\s+ж\.)?\s+(?:{words})"


#: The quarters and halves of a year: the months of each, and a pattern of the words for it.
NUMBERED = (*_numbered(_QUARTER, "Q", 3), *_numbered(_HALF, "H", 6))
#: A pattern of the words for the middle of a year.
MIDDLE = _vague(r"mid|middle|середин\w+|орта\w*")

#: What a text names besides months: the months of each, and the words for it.
_PERIODS = (
    *NUMBERED,
    (range(1, 4), rf"(?:three|3|три|тр[её]х|үш)[\s-]+(?:{_MONTHS_OF})"),
    (range(1, 10), rf"(?:nine|9|девять|девяти|тоғыз)[\s-]+(?:{_MONTHS_OF})"),
    (range(3, 6), r"spring|весн\w+|весенн\w+|көктем\w*"),
    (range(6, 9), r"summer|лет(?:о|а|ом)|летн\w+|жаз(?:да|ы|ғы|ында)?"),
    (range(9, 12), r"autumn|осен\w+|күз(?:де|і|гі|інде)?"),
    ((12, 1, 2), r"winter|зим\w+|қыс(?:та|ы|қы|ында)?"),
    (range(1, 5), _vague(r"early|beginning|start|начал\w+|бас[ыт]\w*")),
    (range(5, 9), MIDDLE),
    (range(9, 13), _vague(r"late|end|кон(?:ец|ц\w+)|соң\w*|аяғ\w*")),
    ((12,), r"year[ -]end"),
)


@cache
def _periods() -> tuple[tuple[frozenset[int], re.Pattern[str]], ...]:
    """The same with patterns, compiled when a text is read."""
    return tuple(
        (frozenset(months), re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE))
        for months, words in _PERIODS
    )


#: A half that is not numbered, which is the one that a context numbers, if any does.
_SOME_HALF = re.compile(
    rf"(?<!\w)(?:half[ -]a[ -]year|полгода|полугода|жарты жыл\w*"
    rf"|(?:six|6|шест[ьи]|алты)[\s-]+(?:{_MONTHS_OF}))(?!\w)",
    re.IGNORECASE,
)
#: The words that tell a year which begins in a month of its own.
SPECIAL = (
    r"(?:fiscal|financial|budget|school|academic)|бюджетн\w+|финансов\w+|учебн\w+|қаржы|бюджет|оқу"
)
#: Such a year, whose month a text need not name.
_OTHER_YEAR = re.compile(
    rf"(?<!\w)(?:(?:{SPECIAL})[\s-]+(?:year|год|жыл)|FY ?\d\d|{YEAR}/\d\d(?!\d))",
    re.IGNORECASE,
)
#: What dates another year by that of the fact.
_RELATIVE = re.compile(
    r"(?<!\w)(?:ago|earlier|before|previous|prior|last|preceding|past|назад|ранее|прошл\w+|"
    r"предыдущ\w+|позапрошл\w+|предшеств\w+|бұрын\w*|былтыр\w*|өткен|алдыңғы)(?!\w)",
    re.IGNORECASE,
)


def check_periods(row: Row, spans: list[str]) -> Iterator[Fault]:
    """The faults of a time whose month or quarter no span names, and of a base of another year.

    Args:
        row: a row with evidence.
        spans: the texts of its evidence and context.
    """
    for column in ("time", "base_time"):
        time = row.get(column) if column in row.cells else None
        if time is None:
            continue
        parts = parse_time(time).parts
        relative = column == "base_time" and any(map(_RELATIVE.search, spans))
        if column == "base_time" and not relative:
            for year in sorted({part[:4] for part in parts}):
                if not any(year in span for span in spans):
                    yield row.fault(
                        column,
                        f"the year {year} is in no span of its evidence or context",
                        "add the span that says what it is compared with, or correct the year",
                    )
        for part in parts:
            if not relative and (kind := _find_kind(part)) and not names_period(part, spans):
                yield row.fault(
                    column,
                    f"the {kind} {part} is in none of its spans",
                    f"add the span that says it, correct the {kind}, or write {part[:4]}",
                )


def _find_kind(part: str) -> str | None:
    """What a part of a time is, if it is a month or a quarter."""
    return {len("2018-06"): "quarter" if "Q" in part else "month"}.get(len(part))


def names_period(part: str, spans: list[str]) -> bool:
    """Whether spans name a month or a quarter of a year, or a period that it may lie in.

    >>> names_period("2026-03", ["In March 2026"]), names_period("2026-04", ["In March 2026"])
    (True, False)
    >>> names_period("2026-Q3", ["at the end of Q3 2026"]), names_period("2026-Q3", ["June 2026"])
    (True, False)
    >>> names_period("2025-06", ["в первом полугодии"]), names_period("2025-07", ["mid-2025"])
    (True, True)
    """
    text = "\n".join(spans)
    if _OTHER_YEAR.search(text):
        return True
    months = months_in(text)
    for found in _IN_DIGITS.finditer(text):
        months |= {int(number) for number in found.groups() if number}
    named = [period for period, words in _periods() if words.search(text)]
    if _SOME_HALF.search(text) and not any(len(period) == 6 for period in named):
        return True
    if "Q" not in part:
        month = int(part[-2:])
        return month in months or any(month in period for period in named)
    last = 3 * int(part[-1])
    quarter = {last - 2, last - 1, last}
    return {last - 2, last} <= months or any(quarter & period for period in named)
