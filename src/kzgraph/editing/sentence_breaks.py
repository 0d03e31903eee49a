# ruff: noqa: RUF001 (words in Cyrillic)
"""The sentences of a text: what has a draft row of its own, and nothing of what is around it."""

import re
from collections.abc import Iterator

from kzgraph.money import MONEY
from kzgraph.tables import Span

# Each run of marks or blanks is tried once, from its start.
_STOP = re.compile(
    r"(?:(?<![.!?])[.!?]+|(?<![ \t.!?]))[ \t]*[\r\n]\s*|[.!?]\s+",
)
#: What is between the cells of a line: a bar, a tab, or two blanks or more.
_GAP = re.compile(r"[ \t]*[|\t][|\t ]*| {2,}")
#: The number of an item of a list, at the start of a line.
LIST_NUMBER = re.compile(r"[ \t]*\d{1,2}[.)](?=[ \t]|\Z)")
#: Words whose dot ends no sentence, whatever follows; initials among them.
_SHORTENED = re.compile(
    r"(?<![^\W\d])(?:No|Nos|Mrs?|Ms|Dr|Prof|St|approx|ca|e\.g|i\.e|vs|incl|ext|tel"
    r"|[Уу]л|[Пп]р|[Пп]росп|[Дд]|[Кк]в|[Оо]бл|[Дд]об|[Тт]ел|[Ээ]л|[Тт]\.\s?[ек]|[Ии]м|[Сс]м|[Пп]рибл"
    r"|[Сс]тр|[Рр]ис|[Тт]абл|долл|[A-ZА-Я])\.\s+\Z"
)
#: The word before a sentence that begins with a number: a long one, which is not shortened.
_WORD = re.compile(
    r"(?<![^\W\d])(?!Sept|корп|комн|подп|разд|прим|табл)[^\W\d]{4,}[.!?]\s+\Z", re.IGNORECASE
)
#: Words whose dot may end one, unless what they go with follows: money, or a name in capitals.
_SCALE = re.compile(r"(?<![^\W\d])(?:тыс|млн|млрд|mln|bln|thsd)\.\s+\Z")
_CAPITALS = re.compile(r"[^\W\d_]{2,}(?=[\s.,;:)]|\Z)")
#: A year or town with its dot: a town has its name behind it, a year that opens a sentence
#: has the rest of that.
_SHORT_YEAR = re.compile(r"(?<![^\W\d])гг?\.\s+\Z")
_OPENS_WITH_YEAR = re.compile(
    r"\W*(?:[ВвКк]о?|[Сс]о?|На|на|За|за|По|по|До|до|От|от|Из|из|После|после|Начиная)\s+"
    r"(?:[^\W\d]+\s+|\d{1,2}\s+|\d{4}\s+){0,5}(?:\d{4}\s?[-–]\s?)?\d{4}\s?гг?\.\s+"
)
#: The most code points before a dot that are looked at.
_BEFORE = 80


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a text; a line end ends one, and so does a bar between cells with words."""
    for sentence in _runs(text):
        yield from _cells(text, sentence)


def _runs(text: str) -> Iterator[Span]:
    start = 0
    for stop in _STOP.finditer(text):
        after = text[stop.end() : stop.end() + 1]
        line_end = not {"\n", "\r"}.isdisjoint(stop[0])
        begins = after.isupper() or (after.isdigit() and _WORD.search(text, start, stop.end()))
        if line_end or not after or (begins and not _goes_on(text, start, stop.end())):
            yield Span(start, stop.start() + len(stop[0].rstrip()))
            start = stop.end()
    yield Span(start, len(text))


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the dot before `end` is that of a shortened word or of the number of a list."""
    nearest = max(start, end - _BEFORE)
    begun = start == 0 or text[start - 1] in "\r\n"
    if begun and start == nearest and LIST_NUMBER.fullmatch(text[start:end].rstrip()):
        return True
    if _SHORTENED.search(text, nearest, end):
        return True
    if _SCALE.search(text, nearest, end):
        word = _CAPITALS.match(text, end)
        return bool(MONEY.match(text, end) or (word and word[0].isupper()))
    if year := _SHORT_YEAR.search(text, nearest, end):
        named = not re.search(r"\d\s?\Z", text[nearest : year.start()])
        return named or bool(_OPENS_WITH_YEAR.fullmatch(text, start, end))
    return False


def _cells(text: str, sentence: Span) -> Iterator[Span]:
    """The cells of a line that has some, each with words; else the sentence as it is."""
    cells = []
    start = sentence.start
    for gap in _GAP.finditer(text, *sentence):
        cells.append(Span(start, gap.start()))
        start = gap.end()
    cells = [each for each in [*cells, Span(start, sentence.end)] if each.start < each.end]
    counted = [text[slice(*each)] for each in cells if any(map(str.isdigit, text[slice(*each)]))]
    # A cell without words is the number of a row, whose name is in another one.
    if all(any(map(str.isalpha, each)) for each in counted):
        yield from cells
    else:
        yield sentence
