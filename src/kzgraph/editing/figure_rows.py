# ruff: noqa: RUF001 (words in Cyrillic)
"""The draft row of one number of a sentence: its table, and the cells that its words give."""

import re
from typing import NamedTuple

from kzgraph.editing.cell_rows import Names, Proposal
from kzgraph.editing.uncounted import precedes_age
from kzgraph.money import MONEY
from kzgraph.tables import Hedges, Span
from kzgraph.tables.drafts import draft
from kzgraph.verification.changes import falls_by
from kzgraph.verification.numbers import Number
from kzgraph.verification.people import PEOPLE, SEVERAL

#: Signs of money before or after a number.
_MONEY_BEFORE = re.compile(rf"(?:{MONEY.pattern})\s?\Z")
_MONEY_AFTER = re.compile(rf"(?:(?<=тыс)\.|(?<=млн)\.|(?<=млрд)\.)?\s?(?:{MONEY.pattern})(?!\w)")
_PERCENT = re.compile(r"\s?(?:%|per ?cent\b|процент\w*|пайыз\w*)")
_PEOPLE = re.compile(
    rf"(?:(?<=тыс)\.|(?<=млн)\.)?\s+(?:[\w-]+\s+){{0,3}}?(?:{PEOPLE})(?!\w)", re.IGNORECASE
)
#: People after a dash, which a number of them may have an ending before.
_PEOPLE_BEHIND_DASH = re.compile(
    rf"(?:-[^\W\d]{{1,3}})?\s+[\u2013\u2014]\s+(?:{PEOPLE})(?!\w)", re.IGNORECASE
)
_SEVERAL = re.compile(rf"\s+(?:{SEVERAL})(?!\w)", re.IGNORECASE)
#: The name of what is counted before its number, in a cell of its own: `Refugees: 1,530`.
_NAME = re.compile(r"\W*(?P<name>[^\d]*?[^\W\d])\.?\s*[:\u2013\u2014-]?\s*\Z")
#: What is behind the number of such a cell: nothing, or more about it in brackets.
_END_OF_CELL = re.compile(r"\W*\Z|\s*\(")
#: The longest name of a group, in code points.
_LONGEST_NAME = 80
#: The decimals of a value at most; a third has no end of them.
_DECIMALS = 9
#: People named before their number, which ends the clause, as `Беженцев осталось тринадцать`.
_PEOPLE_FIRST = re.compile(rf"\W*(?:{PEOPLE})(?!\w)", re.IGNORECASE)
_ENDS_CLAUSE = re.compile(r"\.?\s*(?:[.,;:()\u2013\u2014]|\Z)")
#: A part of what was counted just before: `including 769 in camps`, `в том числе 12`.
_AMONG = re.compile(
    r"(?<!\w)(?:including|of\s+whom|из\s+них|в\s+том\s+числе|оның\s+ішінде)\s+\Z", re.IGNORECASE
)
_AMONG_WHAT = re.compile(r"\s+(?:in|at|with|without|from|в|во|на|с|со|из|без)\s|\s*[.,;)]|\s*\Z")
#: A heading that opens with people, or whose numbers are by origin.
_OF_PEOPLE = re.compile(r"\W*(?:people|persons|люди|лица|адамдар)(?!\w)", re.IGNORECASE)
_ORIGINS = re.compile(r"origin|происхожд|шыққан", re.IGNORECASE)
_PARTS = re.compile(r"[,:;()|\u2013\u2014]|\s-\s")
#: What ends the words that tell what is counted.
_NEXT_WORD = re.compile(r"\s+(?P<word>[^\W\d]+)")
_NO_NOUN = re.compile(
    r"(?:of|in|for|to|and|or|with|by|at|on|from|were|was|are|is|have|has|had)\Z", re.IGNORECASE
)
_MOST_ADJECTIVES = 3
#: Who gives, before an amount.
_GIVER = re.compile(
    r"(?P<name>[^\W\d][\w .\u2019'-]{1,80}?)\s+(?:ha(?:s|ve)\s+)?"
    r"(?:gave|given|gives|donated|contributed|granted"
    r"|выделил\w*|внес\w*|внёс|предоставил\w*|пожертвовал\w*)\s+(?:[^\W\d]+\s+){0,2}\Z",
    re.IGNORECASE,
)
_GIVES_AFTER = re.compile(r"\s+(?:бер|бөл|аудар)[дг]\w+", re.IGNORECASE)
#: The longest name of a giver, in words.
_LONGEST_GIVER = 8


class Setting(NamedTuple):
    """What is around a number.

    Attributes:
        text: the text.
        sentence: its sentence, beyond which no unit is sought.
        heading: the heading right above its line, or an empty string.
        before: the table of the number before it in the sentence, if there is one.
    """

    text: str
    sentence: Span
    heading: str
    before: str | None


def propose_figure(
    setting: Setting,
    readings: list[Number],
    least: Number | None,
    hedges: Hedges,
    names: Names,
) -> Proposal:
    """The table of a number, and its cells that can be read off the text.

    Args:
        setting: what is around it.
        readings: the number, once for each value that it may have.
        least: where the range begins that the number ends, if it does.
        hedges: the known hedges.
        names: the names of codes.
    """
    text, sentence = setting.text, setting.sentence
    number = readings[0]
    first = least or number
    span, table, cells = _find_table(setting, Span(first.start, number.end), names)
    start, end = span
    hedge = hedges.find_at(text, first.start, first.end)
    bound = "range" if least else "exact"
    if hedge:
        place = _find_hedge(text, hedge, start, end)
        start, end = min(start, place.start), max(end, place.end)
        meant = sorted(hedges.bounds(hedge))
        if not least:
            bound = meant[0] if len(meant) == 1 else draft(" or ".join(meant))
    own = text[sentence.start : sentence.end]
    falls = table != "contributions" and falls_by(
        own, first.start - sentence.start, number.end - sentence.start
    )
    sign = "-" if falls else ""
    values = [sign + _written(each) for each in readings]
    value = values[0] if len(values) == 1 else draft(" or ".join(values))
    ends = [value] if not least else [sign + _written(least), value]
    ends = ends[::-1] if falls else ends
    return table, cells | {
        **(dict(zip(("least", "most"), ends, strict=True)) if least else {"value": value}),
        # What hedges the size of a fall bounds it on the other side.
        "bound": draft(bound) if falls and bound in {"lower", "upper"} else bound,
        "hedge": hedge or "",
        "evidence": str(Span(start, end)),
    }


def _find_table(setting: Setting, number: Span, names: Names) -> tuple[Span, str, dict[str, str]]:
    """The number with the signs of its unit, its table, and the cells that its words give."""
    text, sentence = setting.text, setting.sentence
    start, end = number
    before = _MONEY_BEFORE.search(text, max(sentence.start, start - 12), start)
    after = _MONEY_AFTER.match(text, end, sentence.end)
    if before or after:
        sign = (before or after or [""])[0].lstrip(". ")
        cells = {"unit": names.unit_of_money(sign)}
        start -= len(before[0]) if before else 0
        end += len(after[0]) if after and not before else 0
        giver = _giver(text, sentence, start, names)
        if not giver and _GIVES_AFTER.match(text, end, sentence.end):
            giver = _giver_in_clause(text, sentence, start, names)
        if giver:
            return Span(start, end), "contributions", {"kind": "given", "donor": giver, **cells}
        return Span(start, end), "finance", cells
    if percent := _PERCENT.match(text, end, sentence.end):
        return Span(start, percent.end()), "indicators", {"unit": "percent"}
    if is_people(text, end, sentence.end):
        return number, "population", {"unit": "persons"}
    if _SEVERAL.match(text, end, sentence.end):
        return number, "indicators", {"unit": draft("households")}
    return number, *_guess_table(setting, number, names)


def _guess_table(setting: Setting, number: Span, names: Names) -> Proposal:
    """The table and cells of a number with no unit of its own, by its name, clause or heading."""
    text, sentence = setting.text, setting.sentence
    own = text[sentence.start : sentence.end]
    persons = {"unit": draft("persons")}
    name = _name_beside(text, sentence, number)
    if name and (group := names.code("population-group", name)):
        return "population", {"group": group, **persons}
    if precedes_age(own, number.end - sentence.start):
        return "population", persons
    if name and (found := _by_heading(setting.heading, name, names)):
        return found
    ends = _ENDS_CLAUSE.match(text, number.end, sentence.end)
    if _PEOPLE_BEHIND_DASH.match(text, number.end, sentence.end):
        return "population", persons
    among = _AMONG.search(text, max(sentence.start, number.start - 40), number.start)
    if (
        among
        and setting.before == "population"
        and _AMONG_WHAT.match(text, number.end, sentence.end)
    ):
        return "population", persons
    if setting.before is None and ends and _PEOPLE_FIRST.match(text, sentence.start, number.start):
        return "population", persons
    scaled = any(map(str.isalpha, text[slice(*number)])) and any(
        map(str.isdigit, text[slice(*number)])
    )
    signs = {found[0] for found in MONEY.finditer(text, sentence.start, number.start)}
    if scaled and ends and len(signs) == 1 and setting.before == "finance":
        unit = names.unit_of_money(signs.pop()).removeprefix("draft: ")
        return "finance", {"unit": draft(unit) if unit else ""}
    return "indicators", _unit_of_words(text, number.end, sentence.end, names)


def is_people(text: str, end: int, last: int) -> bool:
    """Whether a word for people follows the number that ends at `end`, before `last`."""
    return bool(_PEOPLE.match(text, end, last))


def _by_heading(heading: str, name: str, names: Names) -> Proposal | None:
    """The table and cells of a number beside its name, by the heading of both."""
    if unit := names.heading_unit(heading):
        return "finance", {"unit": unit}
    groups = {names.code("population-group", part.strip()) for part in _PARTS.split(heading)}
    groups.discard("")
    if len(groups) != 1 and not _OF_PEOPLE.match(heading):
        return None
    origin = names.thing(name) if _ORIGINS.search(heading) else ""
    return "population", {
        "group": groups.pop() if len(groups) == 1 else "",
        "unit": draft("persons"),
        **({"origin": origin} if origin.startswith("country/") else {}),
    }


def _giver(text: str, sentence: Span, start: int, names: Names) -> str:
    """The known country or organisation that gives the amount at `start`, or nothing."""
    found = _GIVER.search(text, max(sentence.start, start - 120), start)
    words = found["name"].split()[-_LONGEST_GIVER:] if found else []
    called = (names.thing(" ".join(words[at:])) for at in range(len(words)))
    return next(filter(None, called), "")


def _giver_in_clause(text: str, sentence: Span, start: int, names: Names) -> str:
    """The known giver that is all that its clause has before the amount at `start`, or nothing."""
    clause = re.split(r"[,;:]\s", text[sentence.start : start])[-1]
    return names.thing(clause.strip())


def _unit_of_words(text: str, end: int, last: int, names: Names) -> dict[str, str]:
    """The unit that one of the words behind a number is called: `46 legal aid sessions`."""
    for _ in range(_MOST_ADJECTIVES + 1):
        word = _NEXT_WORD.match(text, end, last)
        if not word or _NO_NOUN.match(word["word"]):
            break
        if unit := names.unit(word["word"]):
            return {"unit": draft(unit)}
        end = word.end()
    return {}


def _name_beside(text: str, sentence: Span, number: Span) -> str:
    """The name alone before a number that ends its cell, or has brackets behind it."""
    if number.start - sentence.start > _LONGEST_NAME:
        return ""
    name = _NAME.fullmatch(text, sentence.start, number.start)
    if not name or not _END_OF_CELL.match(text, number.end, sentence.end):
        return ""
    return name["name"].strip()


def _written(number: Number) -> str:
    return f"{round(number.value, _DECIMALS).normalize():f}"


def _find_hedge(text: str, hedge: str, start: int, end: int) -> Span:
    """Where the hedge of the number in `text[start:end]` is: the nearest before it, or after it."""
    words = re.compile(r"\s+".join(map(re.escape, hedge.split())), re.IGNORECASE)
    before = [*words.finditer(text, max(0, start - 80), end)]
    match = before[-1] if before else words.search(text, end)
    return Span(*match.span()) if match else Span(start, end)
