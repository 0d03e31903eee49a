# ruff: noqa: RUF001 (words in Cyrillic)
"""Checking opening hours against a text: its weekdays, ranges of them, and its times of day."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kzgraph.faults import Fault
from kzgraph.tables import Row

#: The weekdays as tables name them, and in texts: in full, abbreviated, and with endings.
_DAYS = {
    "Monday": r"mon(?:days?)?|понедельник\w*|пн|дүйсенбі\w*|дс",
    "Tuesday": r"tue(?:s|sdays?)?|вторник\w*|вт|сейсенбі\w*|сс",
    "Wednesday": r"wed(?:nesdays?)?|сред(?:а|ы|у|е|ам)|ср|сәрсенбі\w*",
    "Thursday": r"thu(?:r|rs|rsdays?)?|четверг\w*|чт|бейсенбі\w*|бс",
    "Friday": r"fri(?:days?)?|пятниц\w*|пт|жұма(?!т)\w*|жм",
    "Saturday": r"sat(?:urdays?)?|суббот\w*|сб|сенбі\w*",
    "Sunday": r"sun(?:days?)?|воскресень\w*|вс|жексенбі\w*|жс",
}
WEEKDAYS = list(_DAYS)
_ONE = [re.compile(words, re.IGNORECASE) for words in _DAYS.values()]
#: Words for several days.
_SEVERAL = (
    (
        7,
        0,
        r"daily|every day|(?:7|seven) days a week|24/7|ежедневн\w+|кажд\w+ день|"
        r"күн сайын|күнделікті",
    ),
    (5, 0, r"weekdays?|week days?|working days?|(?:по )?будн\w+|рабочи\w+ дн\w+|жұмыс күн\w+"),
    (2, 5, r"weekends?|выходны[ем]\w*|демалыс күн\w*"),
)
_DAY = re.compile(
    rf"(?<!\w)(?:{'|'.join([*_DAYS.values(), *(words for *_, words in _SEVERAL)])})(?!\w)",
    re.IGNORECASE,
)
#: What stands between the days of a range, and of a list.
_THROUGH = re.compile(
    r"\.?\s*(?:[-\u2010-\u2015]|to|through|thru|until|till|по|до|бастап)\s*", re.IGNORECASE
)
_AND = re.compile(
    r"\.?(?:\s|[,;/&+|]|(?<!\w)(?:and|on|or|и|по|в|во|және|мен)(?!\w))*", re.IGNORECASE
)
#: The ending of `from` in Kazakh.
_FROM = re.compile(r"(?:ден|дан|нен|нан|тен|тан)\Z")
#: Days named after these are none of those named before.
EXCEPT = re.compile(
    r"(?<!\w)(?:except|excluding|but not|кроме|исключая|басқа)(?!\w)", re.IGNORECASE
)
_ALWAYS = re.compile(
    r"24/7|24 hours|round[ -]the[ -]clock|круглосуточн\w+|тәулік бойы", re.IGNORECASE
)
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4])(?:(?:[:.]|\s?[hч]\.?\s?)(?P<minute>[0-5]\d)"
    r"|-(?P<either>00|15|30|45))?(?![\d:])\s*(?P<half>[ap]\.?\s?m\b)?",
    re.IGNORECASE,
)
_NOON = re.compile(r"(?<!\w)(?:noon|midday|полд\w+|түс(?:ке|тен))(?!\w)", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(?<!\w)(?:midnight|полно\w+|түн ортасы\w*)(?!\w)", re.IGNORECASE)
#: Until this hour a time without `p.m.` may be one of the afternoon: `9:30 to 5:00`.
_LATEST = 7


class DayGroup(NamedTuple):
    """Days that a text names together, by their number from Monday, and where."""

    days: frozenset[int]
    start: int
    end: int


def check_hours(row: Row, evidence: list[str], context: list[str]) -> Iterator[Fault]:
    """The faults of opening hours whose day or times the text does not have, or not together.

    Args:
        row: a row of opening hours.
        evidence: the texts of its evidence.
        context: the texts of its context.
    """
    said, about = "\n".join(evidence), "\n".join(context)
    name = row.get("day")
    groups = list(find_days(said))
    if name in WEEKDAYS and not EXCEPT.search(f"{said}\n{about}"):
        day = WEEKDAYS.index(name)
        named = groups or list(find_days(about))
        if not any(day in group.days for group in named):
            shown = " ".join(said.split())
            yield row.fault(
                "day",
                f"{name} is no day of its spans",
                f"correct the day, or the span, which has {shown!r}",
            )
            return
        said = _own(said, groups, day)
    times = _times(said)
    for column in ("opens", "closes"):
        clock = row.get(column)
        if clock is None or _ALWAYS.search(f"{said}\n{about}"):
            continue
        hour, minute = (int(part) for part in clock.split(":")[:2])
        if (hour, minute) not in (times or _times(about)):
            shown = " ".join(said.split())
            yield row.fault(
                column,
                f"{clock} is no time of its spans" + (f" for {name}" if name else ""),
                f"correct the time, or the span, which has {shown!r}",
            )


def find_days(text: str) -> Iterator[DayGroup]:
    """The weekdays of a text, those together that are in one list or range.

    >>> [sorted(group.days) for group in find_days("Mon-Wed 9:00-17:00, Sat")]
    [[0, 1, 2], [5]]
    """
    group: DayGroup | None = None
    last = 0  # the day that a range would begin with
    for found in _DAY.finditer(text):
        days = _read_days(found[0])
        between = text[group.end : found.start()] if group else ""
        # `Sat, Sun - выходные` is no range.
        if (
            group
            and len(days) == 1
            and (
                _THROUGH.fullmatch(between)
                or (_FROM.search(text[group.start : group.end]) and not between.strip())
            )
        ):
            first, until = last, min(days)
            through = frozenset((first + at) % 7 for at in range((until - first) % 7 + 1))
            group = DayGroup(group.days | through, group.start, found.end())
        elif group and _AND.fullmatch(between):
            group = DayGroup(group.days | days, group.start, found.end())
        else:
            if group:
                yield group
            group = DayGroup(days, *found.span())
        last = max(days)
    if group:
        yield group


def _read_days(word: str) -> frozenset[int]:
    for count, first, words in _SEVERAL:
        if re.fullmatch(words, word, re.IGNORECASE):
            return frozenset(range(first, first + count))
    return frozenset(day for day, words in enumerate(_ONE) if words.fullmatch(word))


def _own(text: str, groups: list[DayGroup], day: int) -> str:
    """What of a text is about a day: what follows its groups, or precedes them."""
    sure = [found.start() for found in _CLOCK.finditer(text) if found["minute"] or found["half"]]
    if not groups or not sure:
        return text
    edges = [0, *(edge for group in groups for edge in (group.start, group.end)), len(text)]
    gaps = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    # Times may stand before their days: `9:00 to 18:00 on Mondays`.
    own = gaps[:-1] if sure[0] < groups[0].start else gaps[1:]
    return "\n".join(gap for group, gap in zip(groups, own, strict=True) if day in group.days)


def _times(text: str) -> set[tuple[int, int]]:
    """The hours and minutes that a text may mean, with each reading of what has two."""
    times: set[tuple[int, int]] = set()
    for found in _CLOCK.finditer(text):
        hour, minute = int(found["hour"]), int(found["minute"] or found["either"] or 0)
        half = (found["half"] or "")[:1].casefold()
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        times.add((hour, minute))
        if not half and hour <= _LATEST:
            times.add((hour + 12, minute))
        if found["either"]:
            # `9-15` is from 9 to 15, or a quarter past nine.
            times |= {(hour, 0), (minute, 0)}
    times |= {(12, 0)} if _NOON.search(text) else set()
    if _MIDNIGHT.search(text) or {(0, 0), (24, 0)} & times:
        times |= {(0, 0), (24, 0), (23, 59)}
    return times
