"""The cells of a column: which texts are right, and what they become."""

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches

from pyoxigraph import Literal

from kzgraph.iri import is_path
from kzgraph.namespaces import XSD
from kzgraph_mappings.curies import number_literal
from kzgraph_mappings.official.csvw_metadata import Column, MetadataError
from kzgraph_mappings.official.reference_tables import read_codes

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
#: Without zeros before it: a year is a part of IRIs, where 02018 would be another one.
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ ,.'\u00a0\u202f][0-9]{3})+")
_WHOLE_TYPES = frozenset(("integer", "nonNegativeInteger", "gYear"))
_NUMBER_TYPES = _WHOLE_TYPES | {"decimal"}
_DATATYPES = _NUMBER_TYPES | {"string", "date", "dateTime", "boolean", "anyURI"}
#: The longest number that is one: no count of people has more digits.
_MOST_DIGITS = 18
#: Characters of a cell that a message shows.
_SHOWN = 40


def shorten(text: str) -> str:
    """A text, or the beginning of one that is too long for a message."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def show(text: str) -> str:
    """A cell as a message shows it."""
    return repr(shorten(text))


class CellFault(ValueError):
    """A cell is wrong; the message says what, `remedy` what would be right."""

    def __init__(self, message: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(message)


class CellCheck:
    """Checks the cells of one column."""

    def __init__(self, column: Column, *, in_iri: bool, scheme: str) -> None:
        """Check the cells of `column`.

        Args:
            column: the column.
            in_iri: whether they become parts of IRIs.
            scheme: the concept scheme whose codes they are, or an empty string.

        Raises:
            MetadataError: its datatype is not read.
        """
        if column.datatype not in _DATATYPES:
            raise MetadataError(f"{column.name}: the datatype {column.datatype} is not read")
        self.column = column
        self._in_iri = in_iri
        self._scheme = scheme

    def check(self, text: str) -> None:
        """Check a cell without the blanks around it.

        Raises:
            CellFault: it is wrong.
        """
        column = self.column
        if text in column.null:
            if column.required:
                raise CellFault("the cell is empty", self._wanted())
            return
        if column.datatype in _NUMBER_TYPES:
            self._check_number(text)
        elif column.datatype == "date":
            try:
                if not _DAY.fullmatch(text):
                    raise ValueError  # Python takes other forms of ISO 8601, which no xsd:date has.
                date.fromisoformat(text)
            except ValueError:
                raise CellFault(f"{show(text)} is not a date", "write it as 2024-12-31") from None
        if column.pattern and not column.pattern.fullmatch(text):
            raise CellFault(f"{show(text)} is not what the column holds", self._wanted())
        if self._scheme and text not in (codes := read_codes()[self._scheme]):
            raise CellFault(
                f"{show(text)} is not a code of the scheme {self._scheme}", suggest(text, codes)
            )
        if self._in_iri and not is_path(text):
            raise CellFault(f"{show(text)} is not a code", "write a code of letters and digits")

    def _check_number(self, text: str) -> None:
        column = self.column
        is_whole = column.datatype in _WHOLE_TYPES
        if not (_WHOLE if is_whole else _DECIMAL).fullmatch(text):
            raise self._number_fault(text, is_whole)
        if len(text) > _MOST_DIGITS:
            raise CellFault(f"{show(text)} has too many digits", self._wanted())
        number = float(text)
        least = 0 if column.datatype == "nonNegativeInteger" else column.minimum
        if least is not None and number < least:
            raise CellFault(f"{text} is less than {least}", self._wanted())
        if column.maximum is not None and number > column.maximum:
            raise CellFault(f"{text} is more than {column.maximum}", self._wanted())

    def _number_fault(self, text: str, is_whole: bool) -> CellFault:
        kind = "whole number" if is_whole else "number"
        if is_whole and text.lstrip("-").isdecimal() and text.isascii():
            return CellFault(f"{text} has zeros before it", "write it without them")
        if is_whole and _DECIMAL.fullmatch(text):
            return CellFault(f"{text} is not a {kind}", self._wanted())
        if _GROUPED.fullmatch(text):
            return CellFault(
                f"{show(text)} is a number with separators", "write its digits alone, as in 12345"
            )
        return CellFault(f"{show(text)} is not a {kind}", self._wanted())

    def _wanted(self) -> str:
        column = self.column
        nulls = ", ".join(f"'{text}'" for text in sorted(column.null - {""}))
        where_none = "" if column.required else f"; where there is none, nothing{nulls and ' or '}"
        what = {
            "integer": "a whole number",
            "nonNegativeInteger": "a whole number of 0 or more",
            "gYear": "a year",
            "decimal": "a number such as 12.5",
            "date": "a date such as 2024-12-31",
        }.get(column.datatype, "a text")
        if column.pattern:
            what += f" of the form {column.pattern.pattern}"
        if column.minimum is not None and column.maximum is not None:
            what += f" from {column.minimum} to {column.maximum}"
        return f"the column holds {what}{where_none}{nulls if where_none else ''}"


def object_to_year(year: int, extracted: str) -> tuple[str, str] | None:
    """Why a file that was extracted on a day cannot tell of a year, and what would be right.

    Args:
        year: of the Gregorian calendar.
        extracted: an ISO date; nothing where it is not known, and so nothing is objected.
    """
    if not extracted or year <= int(extracted[:4]):
        return None
    return (
        f"{year} is after the day on which the file was extracted, {extracted}",
        "state that day with --date or in sources.csv, if it is another",
    )


def suggest(text: str, known: frozenset[str] | Mapping[str, object]) -> str:
    """The remedy for a code that is not known."""
    near = get_close_matches(text, list(known), n=3, cutoff=0.6)
    if near:
        return f"write the right code ({' or '.join(near)}?), or add this one to the project"
    return "write the right code, or add this one to the project"


def render_literal(column: Column, text: str) -> str:
    """The literal of a cell that was checked, in N-Triples."""
    if column.lang:
        return str(Literal(text, language=column.lang))
    if column.datatype == "string":
        return str(Literal(text))
    if column.datatype in {"integer", "nonNegativeInteger", "decimal"}:
        if "." not in text:
            text = str(int(text))
        return str(number_literal(text))
    return str(Literal(text, datatype=XSD[column.datatype]))
