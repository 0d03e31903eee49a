"""What a cell may hold: the datatypes of the table schemas.

The lexical forms are those of XML Schema, https://www.w3.org/TR/xmlschema11-2/.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time

from kzgraph.tables.schema import Column
from kzgraph.tables.times import EXAMPLES, parse_time

#: Numbers that the store computes with exactly.
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?")
_NATURAL = re.compile(r"0|[1-9][0-9]{0,14}")
_YEAR = re.compile(r"[0-9]{4}")

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
_LOOKALIKE = re.compile("[АВЕКМНОРСТУХІЈЅҮҺӀаеорсухіјѕһԁԛԝ]+")


class CellFault(ValueError):
    """A cell was refused: what is wrong, and in `remedy` what would be right."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


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
        if unicodedata.category(character) in _UNSEEN or _BLANK.fullmatch(character):
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
    if column.lang == "en":
        for word in _LETTERS.findall(item):
            if _LOOKALIKE.fullmatch(word):
                raise CellFault(f"{word!r} is in Cyrillic letters", "write it in Latin letters")


def check_item(column: Column, item: str) -> None:
    """Validate one item against the column's format and datatype.

    Raises:
        CellFault: it is none of them.
    """
    if column.pattern and not column.pattern.fullmatch(item):
        raise CellFault(
            f"{item!r} has not the form of the column", f"write it as {column.pattern.pattern}"
        )
    check_language(column, item)
    if column.datatype in _CHECKS:
        _check_datatype(item, *_CHECKS[column.datatype])
    if column.name in {"time", "issued"}:
        _check_time(item)


def _check_time(item: str) -> None:
    try:
        parse_time(item)
    except ValueError as error:
        raise CellFault(
            f"{item!r} is not a time ({error})",
            f"write {EXAMPLES}",
        ) from None


def _check_datatype(item: str, has: Callable[[str], object], what: str, remedy: str) -> None:
    try:
        found = has(item)
    except ValueError:
        found = False
    if not found:
        raise CellFault(f"{item!r} is not {what}", remedy)


def _is_date(item: str) -> bool:
    return date.fromisoformat(item).isoformat() == item


def _is_clock(item: str) -> bool:
    return time.fromisoformat(item).isoformat() == item


#: By datatype: whether an item has it (false, or ValueError, where not), what it is then, and how
#: it is written.
_CHECKS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "decimal": (
        _DECIMAL.fullmatch,
        "a number",
        "write digits with a point before decimals, no separators, no unit: 87632 or 10.03; at most"
        " 15 before the point and 9 after it",
    ),
    "nonNegativeInteger": (
        _NATURAL.fullmatch,
        "a whole number from 0",
        "write digits only: 2045",
    ),
    "date": (_is_date, "a day of the calendar", "write year-month-day: 2022-03-21"),
    "dateTime": (datetime.fromisoformat, "a moment of the calendar", "write 2019-07-20T10:47:01Z"),
    "time": (_is_clock, "a time of day", "write hours:minutes:seconds: 09:00:00"),
    "boolean": ({"true", "false"}.__contains__, "true or false", "write true or false"),
    "gYear": (_YEAR.fullmatch, "a year", "write four digits: 1951"),
}
