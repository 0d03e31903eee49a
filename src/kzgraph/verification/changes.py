# ruff: noqa: RUF001 (words in Cyrillic)
"""Checking the sign of a change against the words of its text: what fell is below zero."""

import re
from collections.abc import Iterator, Set
from decimal import Decimal

from kzgraph.faults import Fault
from kzgraph.tables import Row, parse_span
from kzgraph.tables.schema import NUMBER_COLUMNS
from kzgraph.verification.claim_words import find_denial, words_of
from kzgraph.verification.people import PEOPLE

#: A comparison, and no hedge: `14 per cent fewer`, not `fewer than 14`.
_NO_HEDGE = r"(?!\s+(?:than|чем)\b|\s+\d)"
#: What is compared by a number before it, which makes `fewer than` no hedge: `14 % fewer than`.
_BY_SHARE = rf"\d[\d.,]*\s?(?:%|per ?cent|percentage points?|{PEOPLE})\s+"
_BY_RUSSIAN = r"на\s+\d[\d.,]*(?:\s+\d{3})*\s?(?:%\s?|[^\W\d]+\s+){0,2}"
#: By how much in Kazakh: a dative before the word, `131 адамға аз`; or the word has its own span.
_BY_KAZAKH = r"[^\W\d]*(?:ға|ге|қа|ке)[\s,]+(?:[^\W\d]+[\s,]+){0,2}"
_ITS_SPAN = r"(?<=\|\s)"
_NO_COUNT = r"(?!\s+(?:емес|де(?:ге|се))|\s+\d)"
_FELL = re.compile(
    r"(?<!\w)(?:fell|(?<!the )falls?|fallen|falling|decreas\w+|declin\w+|dropp?(?:s|ed|ing)?|"
    r"reduc(?:ed|tion)|"
    rf"shrank|shrunk|plunged|halved|lower|(?:fewer|less){_NO_HEDGE}|down(?=\s+(?:by\s+)?\d)|"
    r"(?:сни[зж]|сократ|сокращ|упал|уменьш|паден|спад)\w*|"
    rf"(?:меньше|ниже){_NO_HEDGE}|"
    rf"{_BY_SHARE}(?:fewer|less|lower)|{_BY_RUSSIAN}(?:меньше|ниже)|"
    rf"(?:{_BY_KAZAKH}(?:аз|кем|төмен){_NO_COUNT}|{_ITS_SPAN}(?:аз|кем|төмен)(?=\s*(?:\||\Z)))|"
    r"(?:азай|төменде|қысқар|кемі)\w*)(?!\w)",
    re.IGNORECASE,
)
_ROSE = re.compile(
    r"(?<!\w)(?:rose|risen|rises?|rising|increas\w+|grew|grown|grow(?:s|th|ing)|climbed|jumped|"
    rf"doubled|higher|more{_NO_HEDGE}|up(?=\s+(?:by\s+)?\d)|"
    r"(?:вырос|возрос|увелич|повыс|прирос)\w*|рост(?:а|ом|е|у)?|"
    rf"(?:больше|выше){_NO_HEDGE}|"
    rf"{_BY_SHARE}(?:more|higher)|{_BY_RUSSIAN}(?:больше|выше)|"
    rf"(?:{_BY_KAZAKH}(?:көп|артық|жоғары){_NO_COUNT}"
    rf"|{_ITS_SPAN}(?:көп|артық)(?=\s*(?:\||\Z)))|"
    r"(?:өст|өскен|артт|артқан|көбей|ұлғай|жоғарыла)\w*)(?!\w)",
    re.IGNORECASE,
)


#: What is between a word for a fall and the number by which: `fell by over 14`, `сократилось на`.
_BY = re.compile(r"\W+(?:[^\W\d]+\W+){0,2}?(?:(?:by|на)\s+)(?:[^\W\d]+\s+){0,2}", re.IGNORECASE)
_DOWN = re.compile(r"(?<!\w)down\s+(?:by\s+)?\Z", re.IGNORECASE)
_SHARE = r"\s?(?:%|per ?cent(?!\w)|процент\w*|пайыз\w*)"
#: What is between such a number and a word for a fall that follows it: `14 per cent fewer`.
_BEFORE_FALL = re.compile(rf"{_SHARE}(?:-\w{{2,3}})?\s+", re.IGNORECASE)
_NOUN_OF_FALL = re.compile(
    r"(?:fewer|less|lower|decreas\w*|declin\w*|drop|fall|reduction|меньше|ниже"
    r"|(?:азай|төменде|қысқар|кемі)\w*|(?<=[ғгқк][ае]\s)аз)(?!\w)",
    re.IGNORECASE,
)
#: How far around a number the words that tell are looked for, in code points.
_AROUND = 80


def changes_in(sentence: str) -> bool:
    """Whether a sentence says that something rose or fell."""
    return bool(_FELL.search(sentence) or _ROSE.search(sentence))


def falls_by(sentence: str, start: int, end: int) -> bool:
    """Whether the number at `start` to `end` is that by which something fell, plainly.

    >>> falls_by("fell by 14 per cent", 8, 10), falls_by("fell to 14 per cent", 8, 10)
    (True, False)
    """
    near = max(0, start - _AROUND)
    before = sentence[near:start]
    for found in _FELL.finditer(before):
        if _BY.fullmatch(before, found.end()):
            # `It did not fall by`: further away, a negation is about something else.
            beside = " ".join(before[: found.start()].split()[-2:])
            return not words_of("negation").search(beside)
    if _DOWN.search(before):
        return True
    after = _BEFORE_FALL.match(sentence, end)
    word = after and _NOUN_OF_FALL.match(sentence, after.end())
    if not word:
        return False
    verb = sentence[word.start() : word.end() + len(" жоқ")]
    return not words_of("negation").search(verb)


def find_direction(text: str) -> int:
    """Whether a text says that something rose, 1, fell, -1, or neither, both or a denial, 0.

    >>> find_direction("на 11,5 % меньше, чем годом ранее"), find_direction("131 адамға көп")
    (-1, 1)
    """
    fell, rose = bool(_FELL.search(text)), bool(_ROSE.search(text))
    return 0 if find_denial(text) else rose - fell


def check_change(row: Row, text: str, changes: Set[str]) -> Iterator[Fault]:
    """The fault of a change whose sign is not that of the words of its evidence or context.

    Nothing is said where the words are of both kinds, or denied.

    Args:
        row: a row with evidence.
        text: the document.
        changes: the quantities and indicators that measure a change, as `quantity/CODE`.
    """
    names = [name for name in ("quantity", "indicator") if name in row.cells]
    if not changes & {f"{name}/{row.get(name)}" for name in names}:
        return
    for column in ("evidence", "context"):
        said = " | ".join(text[slice(*parse_span(item))] for item in row.cells[column])
        fell, rose = _FELL.search(said), _ROSE.search(said)
        if words_of("negation", "none").search(said) or (fell and rose):
            return
        word = fell or rose
        if word is None:
            continue
        for name in NUMBER_COLUMNS:
            value = row.get(name)
            if value and Decimal(value) and (Decimal(value) < 0) != bool(fell):
                right = value.removeprefix("-") if rose else f"-{value}"
                yield row.fault(name, f"{value}, and the text says {word[0]!r}", f"write {right}")
        return
