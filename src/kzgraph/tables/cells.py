"""What a cell may hold: the datatypes of the table schemas.

The lexical forms are those of XML Schema, https://www.w3.org/TR/xmlschema11-2/.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple

from kzgraph.tables.letters import is_lookalike, name_alphabets, to_latin
from kzgraph.tables.schema import TIME_COLUMNS, TRUTHS, Column
from kzgraph.tables.spreadsheets import (
    guess_clock,
    guess_days,
    guess_numbers,
    guess_spans,
    guess_years,
)
from kzgraph.tables.times import EXAMPLES, parse_time

#: Numbers that the store computes with exactly.
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?")
_NATURAL = re.compile(r"0|[1-9][0-9]{0,14}")
_YEAR = re.compile(r"[0-9]{4}")
#: An address that is an IRI (RFC 3987): brackets, a stray % or a second # are none.
_SIGNS = r"(?:[^\s#%\[\]<>\"{}|\\^`]|%[0-9A-Fa-f]{2})*"
_ADDRESS = re.compile(
    rf"https?://[^\s/?#@:%\[\]<>\"{{}}|\\^`]+(?::[0-9]{{1,5}})?(?:[/?]{_SIGNS})?(?:#{_SIGNS})?"
)

#: General categories of invisible characters: controls, formats, private and unassigned.
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
#: Invisible characters of other categories: joiners, fillers, variation selectors.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc"
    "\U000e0100-\U000e01ef]"
)
#: Hyphens that look like the ASCII one, so that a search for it misses them.
_HYPHENS = "\u2010\u2011"
_LETTERS = re.compile(r"[^\W\d_]+")
#: Alphabets with confusable letters, by the first word of a letter's Unicode name.
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "COPTIC", "CHEROKEE", "LISU")
#: How much of a cell a message repeats.
_SHOWN = 60


class Datatype(NamedTuple):
    """A datatype.

    Attributes:
        has: whether an item has it (false, or ValueError, where not).
        name: what such an item is.
        form: how it is written.
        example: an item as it would be right.
        guess: what an item that lacks it may mean.
    """

    has: Callable[[str], object]
    name: str
    form: str
    example: str
    guess: Callable[[str], list[str]] = lambda _: []


class CellFault(ValueError):
    """A cell was refused: what is wrong, and in `remedy` what would be right."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def shorten(text: str) -> str:
    """`text` in quotes for a message, the end left out where it is long."""
    return repr(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]!r}... ({len(text)} characters)"


def parse_cell(column: Column, text: str) -> list[str]:
    """The items of a cell, each valid by its column; none for an empty one.

    Raises:
        CellFault: the text or an item of it is faulty.
    """
    if column.is_formal and not text.isascii():
        if (plain := _make_plain(text)) != text:
            parse_cell(column, plain)  # Says what is meant, where that is another form.
            message = f"{shorten(text)} has blanks or hyphens that are not the plain ones"
            raise CellFault(message, f"write {plain}" if len(plain) <= _SHOWN else "write those")
        _check_latin(column, text.strip())
    check_text(text)
    if column.separator and not _has_items(column, text) and guess_spans(text):
        # Before the list is split: a date in words has blanks between its parts.
        _check_pattern(column, text)
    items = split(column, text)
    for item in items:
        check_item(column, item)
    return items


def _make_plain(text: str) -> str:
    """The text with plain blanks and hyphens in the place of those that look like them."""
    return re.sub(
        rf"[{_HYPHENS}\u2012-\u2015\u2212]", "-", re.sub(r"[^\S\t\r\n]", " ", text)
    ).strip()


def _has_items(column: Column, text: str) -> bool:
    matches = column.pattern.fullmatch if column.pattern else bool
    return all(map(matches, text.split(column.separator) if column.separator else [text]))


def _check_latin(column: Column, text: str) -> None:
    """Letters of a key, a code or a path are Latin.

    Raises:
        CellFault: they are of another alphabet.
    """
    if not column.pattern or not (found := name_alphabets(text)) or _has_items(column, text):
        return
    _check_spreadsheet(column, text)
    right = to_latin(text)
    letter = next(each for each in text if name_alphabets(each))
    raise CellFault(
        f"the letter {letter!r} (U+{ord(letter):04X}) of {shorten(text)} is {found[0]}",
        f"write {right} in Latin letters"
        if _has_items(column, right) and right.isascii() and len(right) <= _SHOWN
        else f"write Latin letters, as in {column.example}",
    )


def split(column: Column, text: str) -> list[str]:
    """The items of a cell; none for an empty one.

    Raises:
        CellFault: a list holds an empty or a repeated item, or a text two blanks in a row.
    """
    if not text:
        return []
    if column.separator != " " and "  " in text:
        raise CellFault("two blanks in a row", "write one")
    if column.separator is None:
        return [text]
    items = text.split(column.separator)
    if not all(items):
        raise CellFault("the list has an empty item", f"separate items by one {column.separator!r}")
    if len(set(items)) != len(items):
        raise CellFault("the list has an item twice", "name each item once")
    return items


def is_invisible(character: str) -> bool:
    """Whether a character cannot be seen: a control, a format, a joiner, a line end, a private one.

    Blanks are not among them.
    """
    return unicodedata.category(character) in _UNSEEN or bool(_BLANK.fullmatch(character))


@lru_cache(10_000)  # Many texts stand in many cells.
def check_text(text: str) -> None:
    """Check that a cell has no invisible or confusable characters.

    Raises:
        CellFault: white space at an end or other than single blanks, invisible characters, letters
            of two alphabets in one word, or a text not in Unicode normalization form C.
    """
    if text != text.strip():
        raise CellFault("white space at the start or end", "remove it")
    if text.isascii() and text.isprintable():
        return
    for character in text:
        code = f"U+{ord(character):04X}"
        if character != " " and unicodedata.category(character) == "Zs":
            raise CellFault(f"the blank {code} is not the plain one", "write a plain blank")
        if is_invisible(character):
            raise CellFault(f"the character {code} cannot be seen", "remove it from the cell")
        if unicodedata.category(character) == "Nd" and not character.isascii():
            raise CellFault(f"{character!r} ({code}) is another digit", "write 0 to 9")
        if character in _HYPHENS:
            raise CellFault(f"the hyphen {code} is not the plain one", "write -")
        if character == "\ufffd":
            raise CellFault(f"{code} replaces a lost character", "restore it from the source")
    if not unicodedata.is_normalized("NFC", text):
        raise CellFault("letters and accents are stored apart", "save the text in Unicode NFC")
    for word in _LETTERS.findall(text):
        if unicodedata.normalize("NFKC", word) != word:
            raise CellFault(f"{word!r} holds variants of letters", "write the plain letters")
        _check_alphabet(word)


def _check_alphabet(word: str) -> None:
    alphabets = {letter: unicodedata.name(letter, "").partition(" ")[0] for letter in word}
    found = [name for name in _ALPHABETS if name in alphabets.values()]
    if len(found) > 1:
        odd = min(found, key=[alphabets[letter] for letter in word].count)
        letter = next(letter for letter in word if alphabets[letter] == odd)
        raise CellFault(
            f"the letter {letter!r} (U+{ord(letter):04X}) of {word!r} is {odd.capitalize()}",
            "write the word in one alphabet",
        )


def check_language(column: Column, item: str) -> None:
    """Check that a text in English holds no word that only looks like one.

    Raises:
        CellFault: a word is made of Cyrillic letters that look like Latin ones.
    """
    # A hedge is the document's word, in its language, and has to be a known one anyway.
    if column.lang == "en" and column.name != "hedge":
        for word in _LETTERS.findall(item):
            if is_lookalike(word):
                raise CellFault(f"{word!r} is in Cyrillic letters", "write it in Latin letters")


def check_item(column: Column, item: str) -> None:
    """Validate one item against the column's format and datatype.

    Raises:
        CellFault: it is none of them.
    """
    _check_pattern(column, item)
    check_language(column, item)
    if column.datatype in _DATATYPES:
        _check_datatype(item, _DATATYPES[column.datatype])
    if column.name in TIME_COLUMNS:
        _check_time(item)


def _check_pattern(column: Column, item: str) -> None:
    if not column.pattern or column.pattern.fullmatch(item):
        return
    _check_spreadsheet(column, item)
    right = _tidy(column, item)
    raise CellFault(
        f"{shorten(item)} has not the form of the column",
        f"write {right}" if right else column.remedy,
    )


def _check_spreadsheet(column: Column, item: str) -> None:
    """A spreadsheet has not turned a date or a span into a date of its own form.

    Raises:
        CellFault: it has.
    """
    if column.is_span and (spans := guess_spans(item)):
        raise CellFault(
            f"{shorten(item)} is a date: the spreadsheet made one of a span",
            f"format the column as text, and write {' or '.join(spans)}",
        )
    if column.is_day and (days := _fitting(column, guess_days(item))):
        raise CellFault(f"{shorten(item)} is a date of another form", _write(days))


def _fitting(column: Column, items: list[str]) -> list[str]:
    """The items that the column takes; for a moment those of midnight."""
    if column.datatype == "dateTime":
        items = [f"{item}T00:00:00Z" for item in items]
    return [item for item in items if not column.pattern or column.pattern.fullmatch(item)]


def _tidy(column: Column, item: str) -> str | None:
    """The item with the letters and signs of its column, where only those are wrong."""
    if column.scheme or column.pattern is None:
        return None
    right = re.sub(r"[\s_.,;]+", "-", item.strip().lower()).strip("-")
    return right if column.pattern.fullmatch(right) and len(right) <= _SHOWN else None


def _write(items: list[str]) -> str:
    """The remedy that names what was meant; where that is open, each possibility."""
    return f"write {' or '.join(items)}" + (", whichever is meant" if len(items) > 1 else "")


def _check_time(item: str) -> None:
    try:
        parse_time(item)
    except ValueError as error:
        days = guess_days(item) or guess_years(item)
        raise CellFault(
            f"{shorten(item)} is a date of another form"
            if days
            else f"{shorten(item)} is not a time ({shorten(str(error))[1:-1]})",
            _write(days) if days else f"write {EXAMPLES}",
        ) from None


def _check_datatype(item: str, datatype: Datatype) -> None:
    try:
        found = datatype.has(item)
    except ValueError:
        found = False
    if not found:
        meant = [each for each in datatype.guess(item) if _is_a(each, datatype)]
        raise CellFault(
            f"{shorten(item)} is not {datatype.name}",
            _write(meant) if meant else f"write {datatype.form}, as in {datatype.example}",
        )


def _is_a(item: str, datatype: Datatype) -> bool:
    try:
        return bool(datatype.has(item))
    except ValueError:
        return False


def _is_date(item: str) -> bool:
    return date.fromisoformat(item).isoformat() == item


def _is_clock(item: str) -> bool:
    return time.fromisoformat(item).isoformat() == item


def _guess_clocks(item: str) -> list[str]:
    clock = guess_clock(item)
    return [clock] if clock else []


_TRUTHS = {
    "true": ("1", "yes", "да", "иә", "истина", "шын"),
    "false": ("0", "no", "нет", "жоқ", "ложь", "жалған"),
}


def _guess_truths(item: str) -> list[str]:
    low = item.casefold()
    return [truth for truth, words in _TRUTHS.items() if low == truth or low in words]


_DATATYPES: dict[str, Datatype] = {
    "decimal": Datatype(
        _DECIMAL.fullmatch,
        "a number",
        "digits with a point before decimals, no separators, no unit, at most 15 before the point"
        " and 9 after it",
        "87632 or 10.03",
        guess_numbers,
    ),
    "nonNegativeInteger": Datatype(
        _NATURAL.fullmatch, "a whole number from 0", "digits only", "2045", guess_numbers
    ),
    "date": Datatype(_is_date, "a day of the calendar", "year-month-day", "2022-03-21", guess_days),
    "dateTime": Datatype(
        datetime.fromisoformat,
        "a moment of the calendar",
        "year-month-day, T, hours:minutes:seconds, Z",
        "2019-07-20T10:47:01Z",
    ),
    "time": Datatype(
        _is_clock, "a time of day", "hours:minutes:seconds", "09:00:00", _guess_clocks
    ),
    "boolean": Datatype(
        TRUTHS.__contains__, "true or false", "true or false", "true", _guess_truths
    ),
    "anyURI": Datatype(
        _ADDRESS.fullmatch,
        "an address of the web",
        "http or https, a host and a path; write [ as %5B, ] as %5D and % as %25",
        "https://example.org/page",
    ),
    "gYear": Datatype(_YEAR.fullmatch, "a year", "four digits", "1951"),
}


def example_of(datatype: str) -> str | None:
    """An item of a datatype as it would be right; None where any text would be."""
    return _DATATYPES[datatype].example.partition(" ")[0] if datatype in _DATATYPES else None
