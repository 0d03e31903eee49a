"""CSV as Excel opens it rightly by a double click (`csv-excel`).

- A byte order mark says that the text is UTF-8. Without it Excel reads Cyrillic by the code page
  of the system.
- The separator is the comma, and there is no `sep=` line: where Excel obeys such a line, it no
  longer sees the byte order mark, and other programs take the line for data. Where the list
  separator of the system is the semicolon (Russian and Kazakh among others), Excel shows each line
  in one cell; Data > From Text/CSV finds the comma there, and `format=xlsx` needs no separator.
- Lines end in CR LF.
- A text that Excel would run as a formula gets an apostrophe before it: one that begins with
  `=`, `+`, `-`, `@`, a tab or a carriage return, with or without spaces before that. The same
  holds behind a semicolon, a tab or a line break inside the text, where another list separator
  would begin a cell. A text that is a plain number in itself (`-5`) is left as it is.
- A text that Excel would turn into something else gets an apostrophe too. It does so with whatever
  it can read as a number, a share, an amount, a fraction, a time or a day, by the settings of the
  system, and with its own words for true, false and errors. So a text is left alone only if it has
  something in it that no such reading has, or is a number that stays the same.
- Literals with a number's datatype are numbers, plain, with a point. Excel keeps 15 digits, so that
  a longer integer gets the apostrophe.
"""

import re

from pyoxigraph import Literal

from kzgraph.datatypes import BOOLEAN, DATE, DATE_TIMES, FINITE_FORM, NUMBERS, TIME
from kzgraph.months import ENGLISH, KAZAKH, RUSSIAN, RUSSIAN_GENITIVE
from kzgraph.namespaces import Term
from kzgraph.results.terms import plain
from kzgraph.results.text import CsvWriter

#: What begins a formula; the wide forms do so in East Asian versions of Excel.
_FORMULA = re.compile("(^|[;\t\r\n])(?=[ \u00a0]*[=+@\\-\t\r\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(FINITE_FORM)
_DIGITS = 15
#: A number that Excel shows as it is, and that no system takes for a day and a month (`10.03`).
_KEPT = re.compile(r"0|-?[1-9][0-9]*(?:\.[0-9]*[1-9])?|-?0\.[0-9]*[1-9]")
_DAY_AND_MONTH = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}")
#: What figures, amounts, fractions, times and days are written with, besides digits and words.
_SIGNS = frozenset("+-.,:/\\'()%$£¥€₸₽\u2212\u202f\u00a0")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Months and days. Three letters stand for a name: a gene called MARC1 had to be called otherwise.
_NAMES = [*map(str.casefold, (*ENGLISH, *RUSSIAN, *RUSSIAN_GENITIVE, *KAZAKH)), *_DAYS]
_WORDS = {name[:length] for name in _NAMES for length in range(3, len(name) + 1)} | {
    *("г", "года", "ж"),  # noqa: RUF001
}
_BEHIND_FIGURES = frozenset({"a", "am", "p", "pm", "e"})
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|\S")
#: Longer texts are no such thing, unless they are figures throughout.
_LONGEST = 64
_CONSTANT = re.compile("(?:true|false|истина|ложь|шын|жалған|#[\\w/]+[!?]?)", re.IGNORECASE)
#: Datatypes whose values Excel may read as what they are.
_READ = NUMBERS | DATE_TIMES | {DATE, BOOLEAN, TIME}


class ExcelCsvWriter(CsvWriter):
    """CSV with a byte order mark, its values made safe for a spreadsheet."""

    mark = "\ufeff"
    #: A semicolon, too, for the systems where it separates the cells.
    needs_quotes = re.compile('[",;\t\r\n]')

    def text(self, term: Term) -> str:
        """What Excel shows as the value of `term`."""
        return guard(term)


def guard(term: Term) -> str:
    """The value of `term` such that Excel shows it and runs nothing.

    >>> guard(Literal("=1+1"))
    "'=1+1"
    >>> guard(Literal(-5))
    '-5'
    """
    text = plain(term)
    if isinstance(term, Literal):
        datatype = term.datatype.value
        if datatype in NUMBERS and _NUMBER.fullmatch(text):
            return f"'{text}" if _too_long(text) else text
        if datatype not in _READ and _would_change(text):
            return _FORMULA.sub(r"\1'", f"'{text}")
    if _NUMBER.fullmatch(text):
        return text
    return _FORMULA.sub(r"\1'", text)


def _would_change(text: str) -> bool:
    """Whether Excel may turn `text` into something else.

    >>> [_would_change(text) for text in ("1 January 2014", "MARCH1", "1/2", "5", "Block 5")]
    [True, True, True, False, False]
    """
    text = text.strip()
    if _KEPT.fullmatch(text):
        return _too_long(text) or _DAY_AND_MONTH.fullmatch(text) is not None
    if _CONSTANT.fullmatch(text):
        return True
    if len(text) > _LONGEST or not any(character.isdigit() for character in text):
        return text.isdigit()
    tokens = _TOKEN.findall(text.casefold())
    return tokens[0] not in _BEHIND_FIGURES and all(
        token.isdigit() or token in _SIGNS or token in _WORDS or token in _BEHIND_FIGURES
        for token in tokens
    )


def _too_long(number: str) -> bool:
    return number.lstrip("+-0").isdigit() and len(number.lstrip("+-0")) > _DIGITS
