# ruff: noqa: RUF001 (words in Cyrillic)
"""Draft rows of opening hours: weekdays with the one range of times that is theirs."""

import re
from collections.abc import Iterator

from kzgraph.editing.cell_rows import Drafted
from kzgraph.tables import Span
from kzgraph.tables.drafts import draft
from kzgraph.verification.hours import EXCEPT, WEEKDAYS, find_days

_LINE = re.compile(r"[^\r\n]+")
_CLOCK = r"(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?(?:\s?[ap]\.?m\.?)?"
#: From one time of day to another.
_RANGE = re.compile(
    rf"(?<![\d:.])(?:(?:from|с|со)\s+)?(?P<opens>{_CLOCK})(?:-?\w{{3}})?\s*"
    rf"(?:[-\u2010-\u2015]|to|until|till|до|(?<=\d-\w{{3}})\s)\s*(?P<closes>{_CLOCK})(?:-?\w{{2}}\s+дейін)?"
    r"(?![\d:]|\.\d)",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?P<hour>\d+)(?:[:.](?P<minute>\d\d))?\s?(?P<half>[ap])?", re.IGNORECASE)
#: What may stand between the days and their range.
_BETWEEN = re.compile(r"[\s:,.|(\u2010-\u2015-]*")
#: A second range is that of a break, if its word is before it.
_BREAK = re.compile(
    r"(?<!\w)(?:lunch|break|closed|обед\w*|перерыв\w*|түскі|үзіліс\w*)", re.IGNORECASE
)
#: Whose hours a line has, before a colon: nothing that names a day.
_NAME = re.compile(r"\s*(?P<name>[^:\d]{2,60}):\s*\Z")


def hours_in(text: str) -> Iterator[Drafted]:
    """A draft row for each weekday of a text with the time from which and until which it has.

    Where a day has several ranges, none of them a break, or days are excepted, it has no row.
    """
    for line in _LINE.finditer(text):
        shown = line[0]
        groups = [] if EXCEPT.search(shown) or not _RANGE.search(shown) else list(find_days(shown))
        ends = [*(group.start for group in groups[1:]), len(shown)]
        for group, end in zip(groups, ends, strict=False):
            found = _RANGE.search(shown, group.end, end)
            if not found or not _BETWEEN.fullmatch(shown, group.end, found.start()):
                continue
            more = _RANGE.search(shown, found.end(), end)
            opens, closes = _read(found["opens"]), _read(found["closes"])
            if more and not _BREAK.search(shown, found.end(), more.start()):
                continue
            if not opens or not closes or opens >= closes:
                continue
            evidence = Span(line.start() + group.start, line.start() + found.end())
            name = _NAME.match(shown[: groups[0].start])
            context = name and Span(*name.span("name"))
            cells = {
                "label": draft(shown[group.start : found.end()]),
                "opens": opens,
                "closes": closes,
                "evidence": str(evidence),
                "context": f"{line.start() + context.start}-{line.start() + context.end}"
                if context
                else "",
            }
            for day in sorted(group.days):
                yield Drafted("opening_hours", {**cells, "day": WEEKDAYS[day]}, evidence)


def _read(clock: str) -> str:
    """A time of day as tables have it; nothing for one without minutes and half of the day."""
    found = _TIME.match(clock)
    if not found or not (found["minute"] or found["half"]):
        return ""
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= len("JFMAMJJASOND"):
            return ""
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    return f"{hour:02}:{int(found['minute'] or 0):02}:00"
