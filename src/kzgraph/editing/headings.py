# ruff: noqa: RUF001 (words in Cyrillic)
"""The headings of a text, each with the lines below it that it is about."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kzgraph.editing.sentence_breaks import sentences
from kzgraph.editing.sentence_times import times_in
from kzgraph.money import MONEY
from kzgraph.tables import Span
from kzgraph.years import PATTERN as YEAR

_LINE = re.compile(r"[^\r\n]+")
_EMPTY_LINE = re.compile(r"\n[ \t]*\r?\n|\r\r")
_YEAR = re.compile(rf"(?<!\d){YEAR}(?!\d)")
_PERIOD = re.compile(rf"(?<![\w.]){YEAR}(?!\d)|[QH][1-4](?!\w)")
#: A heading that is told by its end: a colon, or money or a time in brackets.
_OPENS = re.compile(r":\s*\Z")
_IN_BRACKETS = re.compile(r"\((?P<inside>[^()]{2,60})\)\s*\Z")
#: What says of which kind the numbers below are; and a number of months that are counted so.
_STATUS = {
    "planned": re.compile(r"(?<!\w)(?:plan(?:s|ned|ning)?|план\w*|жоспар\w*)(?!\w)", re.IGNORECASE),
    "target": re.compile(r"(?<!\w)targets?(?!\w)", re.IGNORECASE),
    "actual": re.compile(
        r"(?<!\w)(?:results?|achieved|результат\w*|нәтиже\w*)(?!\w)", re.IGNORECASE
    ),
}
_MONTHS_COUNTED = re.compile(r"(?<!\d)\d{1,2}\s+(?:months|месяц\w*|ай\w*)(?!\w)", re.IGNORECASE)
_NOTE_OF_BRACKETS = re.compile(
    r"\((?:in\s+(?:brackets|parentheses)|в\s+скобках|жақшада)\s*[:,\u2013\u2014-]?\s*(?P<note>[^()]+)\)",
    re.IGNORECASE,
)
#: What opens an item of a list.
BULLET = re.compile(r"\s*(?:[•*·▪◦‣\u2013\u2014-]\s|\d{1,2}[.)]\s)")
#: What opens a line, or a sentence of it, up to a colon or the end of the line.
_TITLE = re.compile(
    r"(?:(?<=[.!?]\s)|(?<![^\r\n]))(?P<title>[^\r\n.!?:|,;]{3,100})(?P<colon>:|(?=[\r\n]|\Z))"
)
#: The longest heading, in code points, and in words where it is known by a word of it.
_LONGEST = 100
_MOST_WORDS = 8


class Section(NamedTuple):
    """A heading, and the lines right below it up to the next empty line or heading."""

    heading: Span
    lines: list[Span]


def sections(text: str) -> Iterator[Section]:
    """The headings that their form tells, with what is right below."""
    section: Section | None = None
    for line, apart in _lines(text):
        heading = _is_heading(text[slice(*line)])
        if section and (apart or heading):
            yield section
            section = None
        if heading:
            section = Section(line, [])
        elif section:
            section.lines.append(line)
    if section:
        yield section


def sections_about(text: str, words: re.Pattern[str]) -> Iterator[Section]:
    """The short lines without a number that have one of some words, with what is below them.

    What follows a colon in the line itself is below it, and so is the next paragraph where the
    line stands alone.
    """
    section: Section | None = None
    for line, apart in _lines(text):
        shown = text[slice(*line)]
        if section and apart and section.lines:
            yield section
            section = None
        title = _find_title(text, line, words)
        if title:
            if section:
                yield section
            section = title
            if section.lines:
                yield section  # a list in one line
                section = None
        elif section and _is_heading(shown):
            yield section
            section = None
        elif section:
            section.lines.append(line)
    if section:
        yield section


def _find_title(text: str, line: Span, words: re.Pattern[str]) -> Section | None:
    """The line as a heading with one of some words, or with what follows its colon below it."""
    for found in _TITLE.finditer(text, *line):
        title, colon = found["title"], found["colon"]
        counts = re.search(r"\d", _PERIOD.sub("", title)) or BULLET.match(title)
        if counts or not words.search(title) or len(title.split()) > _MOST_WORDS:
            continue
        start, end = found.span("title")
        place = Span(end - len(title.lstrip()), start + len(title.rstrip()))
        rest = Span(found.end(), line.end)
        if colon and text[slice(*rest)].strip():
            first = next(sentences(text[slice(*rest)]))
            return Section(place, [Span(rest.start, rest.start + first.end)])
        if colon or (found.end() == line.end and start == line.start):
            return Section(place, [])
    return None


def status_said(heading: str) -> str:
    """The status that a heading gives to what is below it, or an empty string.

    >>> status_said("2024 planning figures"), status_said("Plans and results")
    ('planned', '')
    """
    said = [status for status, words in _STATUS.items() if words.search(heading)]
    return said[0] if len(said) == 1 else ""


def part_about(text: str, heading: Span, in_brackets: bool) -> Span:
    """The part of a heading that is about numbers in brackets, or about the others.

    It is all of it where it does not tell the ones from the others.
    """
    note = _NOTE_OF_BRACKETS.search(text, *heading)
    if not note:
        return heading
    return Span(*note.span("note")) if in_brackets else Span(heading.start, note.start())


def is_caption(line: str) -> bool:
    """Whether a line may be the caption of what is below it: words, and no sentence or row.

    >>> is_caption("Homes, January 2024"), is_caption("He came."), is_caption("Homes | 7")
    (True, False, False)
    """
    if re.search(r"(?<!\sг)[.!?;]\s*\Z", line) or not any(map(str.isalpha, line)):
        return False
    return not re.search(r"[\t|;]|\S\s{2,}\S", line)


def is_title(line: str) -> bool:
    """Whether a line is in capitals, as titles and headings are.

    >>> is_title("RESULTS 2026"), is_title("PEOPLE WE SERVE (mid-2024)"), is_title("In the USA")
    (True, True, False)
    """
    upper, lower = sum(map(str.isupper, line)), sum(map(str.islower, line))
    return upper > lower and upper > len("USA") and any(len(word) > 3 for word in line.split())


def _is_heading(line: str) -> bool:
    if len(line) > _LONGEST or BULLET.match(line) or re.search(r"[.!?,;]\s*\Z", line):
        return False
    times = times_in(line)
    rest = _PERIOD.sub(
        "",
        "".join(
            each for at, each in enumerate(line) if not any(s.start <= at < s.end for s, _ in times)
        ),
    )
    rest = _MONTHS_COUNTED.sub("", rest)
    if any(map(str.isdigit, rest)) or not any(map(str.isalpha, rest)):
        return False
    inside = _IN_BRACKETS.search(line)
    told = inside and (MONEY.search(inside["inside"]) or _YEAR.search(inside["inside"]))
    short = len(line.split()) <= _MOST_WORDS and _YEAR.search(line)
    of_kind = _NOTE_OF_BRACKETS.search(line) or (short and status_said(line))
    return bool(of_kind or is_title(line) or _OPENS.search(line) or told)


def _lines(text: str) -> Iterator[tuple[Span, bool]]:
    """The lines that are not empty, each with whether an empty one is above it."""
    last = 0
    for line in _LINE.finditer(text):
        if not line[0].strip():
            continue
        yield Span(*line.span()), bool(_EMPTY_LINE.search(text[last : line.start()]))
        last = line.end()
