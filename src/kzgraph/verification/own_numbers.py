"""Checking the numbers of labels and descriptions, in an editor's words, against the evidence."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from kzgraph.months import ENGLISH
from kzgraph.tables import Row
from kzgraph.tables.schema import NUMBER_COLUMNS
from kzgraph.verification.claim_words import pattern_of
from kzgraph.verification.findings import Finding, texts_of
from kzgraph.verification.known_names import KnownNames
from kzgraph.verification.numbers import Number, numbers_in
from kzgraph.years import PATTERN as YEAR

#: The columns that an editor writes in own words, in English.
_OWN_WORDS = ("label", "description", "purpose")
_DATED = ("time", "base_time")
_DIGITS = re.compile(r"\d+")
#: So many things may have been counted by the editor: `two ministries`.
_FEW = 12
#: Such a number may have been put in the place of one up to this.
_SMALL = 120
#: A name that has a number, which the tables need not know: `Agenda 2030`, `1961 Convention`.
_NAME_BEFORE = re.compile(r"(?:[#№]|(?<!\w)(?P<word>[A-Z][\w-]*)[\s-])\Z")
#: Words that have a capital as the first of a sentence, and the months.
_NO_NAME = re.compile(
    f"{pattern_of('lead', 'function', 'deadline', 'locative')}|{'|'.join(ENGLISH)}", re.IGNORECASE
)
_NAME_AFTER = re.compile(r"\s+(?:[A-Z][\w-]*)")
_YEARS_BETWEEN = re.compile(rf"(?<!\d)({YEAR})/(\d\d)(?!\d)")


def check_own_numbers(
    row: Row, text: str, languages: tuple[str, ...], known: KnownNames, document: Row
) -> Iterator[Finding]:
    """The findings of a row whose own words have a number that its text and cells do not have.

    Sure, but where the number may be one of a name or of things that the editor counted.

    Args:
        row: a row with evidence.
        text: the document.
        languages: the languages of the document.
        known: the names of the things, which may have numbers.
        document: the row that describes the document.
    """
    if not {"value", "description"} & row.cells.keys():
        return
    said = texts_of(row, text, "evidence", "context")
    allowed = _read_spans(said, languages) | _read_cells(row, document, known)
    evidence = texts_of(row, text, "evidence")
    few = {
        n.value for each in evidence for n in numbers_in(each, languages) if 1 < n.value <= _SMALL
    }
    given = {
        number.value
        for column in _OWN_WORDS
        for own in row.cells.get(column, ())
        for number in numbers_in(own, ("en",))
    }
    for column in _OWN_WORDS:
        own = row.get(column) if column in row.cells else None
        if own is None:
            continue
        names = known.find(own, {thing.partition("/")[0] for thing in known.shown})
        for number in numbers_in(own, ("en",)):
            if number.value <= 1 or number.fraction or number.value in allowed:
                continue
            if any(name.start <= number.start and number.end <= name.end for name in names):
                continue
            shown = own[number.start : number.end]
            fault = row.fault(
                column,
                f"{shown!r} is in no span of its evidence or context",
                "write the number that the text has, or add the span that has it",
            )
            # An editor who gives each number of the text has counted something besides.
            if number.value > _FEW or few - given:
                yield Finding(fault, not _is_named(own, number))


def _read_spans(said: Iterable[str], languages: tuple[str, ...]) -> set[Decimal]:
    """The numbers of spans in each reading, their digits, and both years of a fiscal one."""
    found: set[Decimal] = set()
    for each in said:
        found |= {number.value for number in numbers_in(each, languages)}
        found |= {number.value for number in numbers_in(each, ("ru",))}
        found |= {Decimal(digits) for digits in _DIGITS.findall(each)}
        found |= {Decimal(years[1][:2] + years[2]) for years in _YEARS_BETWEEN.finditer(each)}
    return found


def _read_cells(row: Row, document: Row, known: KnownNames) -> set[Decimal]:
    """The numbers of the other cells of a row, of the names of its things and of its document."""
    shown = [name for items in row.cells.values() for item in items for name in _names(item, known)]
    for column, scheme in (("age", "age"), ("group", "population-group")):
        for item in row.cells.get(column, ()):
            shown += _names(f"{scheme}/{item}", known)
    shown += [item for name in _DATED for item in row.cells.get(name, ())]
    shown += [item for name in ("title", "issued") for item in document.cells[name]]
    stated = {abs(Decimal(item)) for name in NUMBER_COLUMNS for item in row.cells.get(name, ())}
    named = {number.value for item in shown for number in numbers_in(item, ("en",))}
    return stated | named | {Decimal(each) for item in shown for each in _DIGITS.findall(item)}


def _names(thing: str, known: KnownNames) -> frozenset[str]:
    return known.shown.get(thing, frozenset())


def _is_named(own: str, number: Number) -> bool:
    """Whether a number stands beside a word in capitals, and may be of a name."""
    if not own[number.start : number.end].isdecimal():
        return False
    before = _NAME_BEFORE.search(own, 0, number.start)
    if before and not (before["word"] and _NO_NAME.fullmatch(before["word"])):
        return True
    return bool(_NAME_AFTER.match(own, number.end))
