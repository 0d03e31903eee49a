"""Literals as values: whether they are of their datatype, and which of two is less."""

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeAlias

from pyoxigraph import Literal

from kzgraph.prefixes import PREFIXES
from kzgraph.validation.data import Term

_XSD = PREFIXES["xsd"]
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?")
_YEAR = re.compile(r"-?[0-9]{4,}")

#: A value with the kind it may be compared within; SPARQL compares no number with a date.
_Value: TypeAlias = tuple[str, Decimal] | tuple[str, date] | tuple[str, time] | tuple[str, str]


def _number(pattern: re.Pattern[str]) -> Callable[[str], _Value | None]:
    def parse(text: str) -> _Value | None:
        return ("number", Decimal(text)) if pattern.fullmatch(text) else None

    return parse


def _date(text: str) -> _Value | None:
    return ("date", date.fromisoformat(text)) if _DATE.fullmatch(text) else None


def _time(text: str) -> _Value | None:
    return ("time", time.fromisoformat(text)) if _TIME.fullmatch(text) else None


def _year(text: str) -> _Value | None:
    return ("year", Decimal(text)) if _YEAR.fullmatch(text) else None


#: Datatypes of the data, and how a text of each is read; texts of others are taken as they are.
_PARSERS: dict[str, Callable[[str], _Value | None]] = {
    _XSD + "integer": _number(_INTEGER),
    _XSD + "decimal": _number(_DECIMAL),
    _XSD + "date": _date,
    _XSD + "time": _time,
    _XSD + "gYear": _year,
}


@lru_cache(maxsize=4096)
def _read(text: str, datatype: str) -> _Value | None:
    parser = _PARSERS.get(datatype)
    if parser is None:
        return (datatype, text)
    try:
        return parser(text)
    except (ValueError, InvalidOperation):
        return None


def value(term: Term) -> _Value | None:
    """What the literal means, or None where its text is none of its datatype or it is no literal.

    A date that the calendar does not have is none of its datatype.
    """
    return _read(term.value, term.datatype.value) if isinstance(term, Literal) else None


def less(one: Term, other: Term, *, or_equal: bool = False) -> bool | None:
    """Whether one literal is less than the other, or None where they cannot be compared."""
    left, right = value(one), value(other)
    if left is None or right is None or left[0] != right[0]:
        return None
    # The kinds are equal, so the values are of one type.
    return bool(left[1] <= right[1] if or_equal else left[1] < right[1])  # type: ignore[operator]
