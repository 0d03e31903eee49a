"""Tables in a text: rows of cells apart by tabs, bars, gaps or semicolons, under headings.

A table is a line of headings and the lines right below it with as many cells, whose first cell
names the row and whose others are a number each, or a sign that there is none. What is in sentences
is none: a row with other words in it ends the table.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from kzgraph.money import MONEY
from kzgraph.tables import Span
from kzgraph.tables.drafts import draft
from kzgraph.verification.charts import Cell, find_years
from kzgraph.verification.nothing import is_nothing
from kzgraph.verification.numbers import numbers_in

_LINE = re.compile(r"[^\r\n]+")
#: What is between cells: a tab, a bar, or two blanks or more; else a semicolon.
_CELL = re.compile(r"[^\t|\s]+(?: [^\t|\s]+)*")
_CELL_BY_SEMICOLON = re.compile(r"[^;\s]+(?:[^\S\r\n]+[^;\s]+)*")
#: A line that only parts the headings from the rows.
_RULE = re.compile(r"[-=|:+\s]+")
#: What may be beside the number of a cell: signs of money and of per cent.
_SIGNS = re.compile(rf"(?:{MONEY.pattern})|[%\s]")
#: The end of a sentence, which a line above a table or chart that is its caption has not.
PROSE = re.compile(r"[.!?;]\s*\Z")
#: The most lines of one table; a longer one is read in pieces.
_MOST_ROWS = 1000


def cells_in_tables(text: str, languages: tuple[str, ...] = ("en",)) -> Iterator[Cell]:
    """The numbers of all tables in a text in `languages`, in order."""
    lines = [match.span() for match in _LINE.finditer(text) if not _RULE.fullmatch(match[0])]
    rows = [_split(text, line) for line in lines]
    at = 0
    while at < len(rows):
        below = at + 1
        while (
            below < min(len(rows), at + _MOST_ROWS)
            and _is_next(text, lines[below - 1], lines[below])
            and len(rows[below]) == len(rows[at]) > 1
            and all(_read(text, cell, languages) is not False for cell in rows[below][1:])
        ):
            below += 1
        if below == at + 1 or not _is_heading(text, rows[at], languages):
            at += 1
            continue
        above = at and _is_next(text, lines[at - 1], lines[at])
        caption = text[slice(*lines[at - 1])] if above else ""
        caption = "" if PROSE.search(caption) else caption
        yield from _cells(text, rows[at:below], caption, languages)
        at = below


def _split(text: str, line: tuple[int, int]) -> list[Span]:
    """The cells of a line."""
    cells = [Span(*cell.span()) for cell in _CELL.finditer(text, *line)]
    if len(cells) > 1:
        return cells
    return [Span(*cell.span()) for cell in _CELL_BY_SEMICOLON.finditer(text, *line)]


def _is_next(text: str, above: tuple[int, int], line: tuple[int, int]) -> bool:
    """Whether no empty line is between two lines."""
    between = text[above[1] : line[0]]
    return not re.search(r"\n[ \t]*\r?\n|\r\r", between)


def _is_heading(text: str, row: list[Span], languages: tuple[str, ...]) -> bool:
    """Whether the cells after the first are words, or all of them years."""
    return _are_years(text, row[1:]) or all(
        any(map(str.isalpha, text[slice(*cell)])) and _read(text, cell, languages) is False
        for cell in row[1:]
    )


def _are_years(text: str, cells: list[Span]) -> bool:
    """Whether each names a year, with words or alone: `2024`, `Planned 2025`."""
    return all(len(find_years(text[slice(*cell)])) == 1 for cell in cells)


def _read(text: str, cell: Span, languages: tuple[str, ...]) -> str | bool | None:
    """The number of a cell as a decimal, None where it says that there is none, or False.

    A number that may be read in two ways is a draft of both.
    """
    shown = text[slice(*cell)]
    if is_nothing(shown):
        return None
    found = numbers_in(shown, languages)
    if len({(each.start, each.end) for each in found}) != 1 or _SIGNS.sub(
        "", shown[: found[0].start] + shown[found[0].end :]
    ):
        return False
    values = [f"{each.value.normalize():f}" for each in found]
    return values[0] if len(values) == 1 else draft(" or ".join(values))


def _cells(
    text: str, rows: list[list[Span]], caption: str, languages: tuple[str, ...]
) -> Iterator[Cell]:
    """The cells of a table, of which all numbers of one series are of one kind."""
    heading, *body = rows
    whole = Span(heading[0].start, body[-1][-1].end)
    by_year = _are_years(text, heading[1:])
    found: list[Cell] = []
    for name, *numbers in body:
        for column, number in zip(heading[1:], numbers, strict=True):
            series, category = (name, column) if by_year else (column, name)
            value = _read(text, number, languages)
            # The corner is about all numbers where the columns are years, else about the rows.
            corner = text[slice(*heading[0])] if by_year else ""
            about = (text[slice(*number)], text[slice(*series)], text[slice(*column)], corner)
            found.append(
                Cell(
                    series=text[slice(*series)],
                    category=text[slice(*category)],
                    number=value if isinstance(value, str) else None,
                    evidence=number,
                    context=(category, series),
                    whole=whole,
                    is_share=any("%" in text[slice(*each)] for each in (number, series, column)),
                    heading="\n".join((*about, caption)),
                )
            )
    money = {cell.series for cell in found if MONEY.search(cell.heading or "")}
    for cell in found:
        yield replace(cell, is_money=cell.series in money and not cell.is_share)
