"""Literals as values: whether they are of their datatype, and which of two comes first.

Lexical and value spaces: https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes. A literal whose
datatype is not among them is never ill-formed, and comes neither before nor after another one.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache, partial
from typing import TypeAlias

from pyoxigraph import Literal

from kzgraph.datatypes import BOOLEANS, DECIMAL_FORM, FLOAT_FORM, INTEGER_FORM, INTEGERS
from kzgraph.namespaces import XSD, Term
from kzgraph.rdf.xml_text import NAME_REST, NAME_START


@dataclass(frozen=True)
class Value:
    """What a literal means.

    Attributes:
        family: what it may be compared within; SPARQL compares no number with a date.
        order: a number or text to compare by; None where the family has no order.
        zoned: whether a moment has a time zone.
    """

    family: str
    order: Decimal | float | Fraction | str | None = None
    zoned: bool = True


_Parser: TypeAlias = Callable[[str], Value | None]

_ZONE = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH, _DAY = r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_CLOCK = (
    r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)"
    r"|(?P<midnight>24:00:00(?:\.0+)?))"
)
_DURATION = re.compile(
    r"(?P<minus>-)?P(?=.)(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=.)(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
#: The part of a duration that may be ordered with a unit.
_UNITS = {name: "YM" if name in ("years", "months") else "DT" for name in _DURATION.groupindex}
_DAY_SECONDS = 86400
#: A moment without a zone may be so far from one with it, in seconds:
#: https://www.w3.org/TR/xmlschema11-2/#sec-dt-order
_ZONE_LIMIT = 14 * 3600


def _number(pattern: str, low: int | None = None, high: int | None = None) -> _Parser:
    matches = re.compile(pattern).fullmatch

    def parse(text: str) -> Value | None:
        if not matches(text):
            return None
        number = Decimal(text)
        if (low is not None and number < low) or (high is not None and number > high):
            return None
        return Value("number", number)

    return parse


def _float(size: str) -> _Parser:
    matches = re.compile(FLOAT_FORM).fullmatch

    def parse(text: str) -> Value | None:
        return Value("number" + size, _round(float(text), size)) if matches(text) else None

    return parse


def _round(number: float, size: str) -> float:
    """The number as `xsd:float` or `xsd:double` keeps it."""
    if size == "double":
        return number
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _moment(family: str, pattern: str) -> _Parser:
    matches = re.compile(pattern + _ZONE).fullmatch

    def parse(text: str) -> Value | None:
        found = matches(text)
        if found is None:
            return None
        parts = found.groupdict()
        # What a type leaves out: a leap year, so that it has every day.
        cycle, year = divmod(int(parts.get("year") or 2000), 400)
        day = date(year + 400, int(parts.get("month") or 1), int(parts.get("day") or 1))
        seconds = Fraction((day.toordinal() + cycle * 146097) * _DAY_SECONDS)
        if parts.get("midnight"):
            # As a time of day it is the first moment, as a moment that of the next day.
            seconds += _DAY_SECONDS if parts.get("year") else 0
        elif parts.get("hour"):
            seconds += int(parts["hour"]) * 3600 + int(parts["minute"]) * 60
            seconds += Fraction(parts["second"])
        zone = parts["zone"]
        return Value(family, seconds - _offset(zone), zone is not None)

    return parse


def _offset(zone: str | None) -> int:
    if zone in (None, "Z"):
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
    return -seconds if zone[0] == "-" else seconds


def _duration(allowed: str) -> _Parser:
    """Durations of years and months (`YM`), of days to seconds (`DT`), or of both, unordered."""

    def parse(text: str) -> Value | None:
        found = _DURATION.fullmatch(text)
        if found is None:
            return None
        texts = found.groupdict()
        minus = texts.pop("minus")
        parts = {name: Fraction(text or 0) for name, text in texts.items()}
        months = parts["years"] * 12 + parts["months"]
        hours = parts["days"] * 24 + parts["hours"]
        seconds = (hours * 60 + parts["minutes"]) * 60 + parts["seconds"]
        stated = {_UNITS[name] for name, text in texts.items() if text}
        if allowed and stated != {allowed}:
            return None
        order = {"YM": months, "DT": seconds, "": None}[allowed]
        return Value("duration" + allowed, -order if order and minus else order)

    return parse


def _text(pattern: str, family: str = "string") -> _Parser:
    # Compiled when a text of the datatype comes: most never do.
    compiled = cache(partial(re.compile, pattern, re.DOTALL))
    ordered = family == "string"
    return lambda text: (
        Value(family, text if ordered else None) if compiled().fullmatch(text) else None
    )


def _boolean(text: str) -> Value | None:
    return Value("boolean", Decimal(BOOLEANS[text])) if text in BOOLEANS else None


_COLLAPSED = r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?"
_BASE64 = r"[A-Za-z0-9+/] ?"

#: The datatypes that have a lexical space to check; the text of any other is taken as it is.
PARSERS: dict[str, _Parser] = {
    "boolean": _boolean,
    "decimal": _number(DECIMAL_FORM),
    "double": _float("double"),
    "float": _float("float"),
    "dateTime": _moment("dateTime", f"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}"),
    "dateTimeStamp": lambda text: (
        found if (found := PARSERS["dateTime"](text)) and found.zoned else None
    ),
    "date": _moment("date", f"{_YEAR}-{_MONTH}-{_DAY}"),
    "time": _moment("time", _CLOCK),
    "gYear": _moment("gYear", _YEAR),
    "gYearMonth": _moment("gYearMonth", f"{_YEAR}-{_MONTH}"),
    "gMonth": _moment("gMonth", f"--{_MONTH}"),
    "gMonthDay": _moment("gMonthDay", f"--{_MONTH}-{_DAY}"),
    "gDay": _moment("gDay", f"---{_DAY}"),
    "duration": _duration(""),
    "yearMonthDuration": _duration("YM"),
    "dayTimeDuration": _duration("DT"),
    "string": _text(r".*"),
    "normalizedString": _text(r"[^\t\n\r]*"),
    "token": _text(_COLLAPSED),
    "language": _text(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"),
    "Name": _text(rf"[{NAME_START}:][{NAME_REST}:]*"),
    "NCName": _text(rf"[{NAME_START}][{NAME_REST}]*"),
    "NMTOKEN": _text(rf"[{NAME_REST}:]+"),
    "anyURI": _text(r".*", "anyURI"),
    "hexBinary": _text(r"(?:[0-9A-Fa-f]{2})*", "hexBinary"),
    "base64Binary": _text(
        rf"(?:(?:{_BASE64}){{4}})*(?:(?:{_BASE64}){{3}}[A-Za-z0-9+/]"
        rf"|(?:{_BASE64}){{2}}[AEIMQUYcgkosw048] ?="
        rf"|{_BASE64}[AQgw] ?= ?=)?",
        "base64Binary",
    ),
}
_BY_IRI = {XSD[name].value: parser for name, parser in PARSERS.items()} | {
    iri: _number(INTEGER_FORM, *bounds) for iri, bounds in INTEGERS.items()
}


@lru_cache(maxsize=4096)
def _read(text: str, datatype: str) -> Value | None:
    parser = _BY_IRI.get(datatype)
    if parser is None:
        return Value(datatype)
    try:
        return parser(text)
    except ValueError:  # A day that the calendar does not have.
        return None


def value(term: Term) -> Value | None:
    """What the literal means, or None where its text is not of its datatype or it is not a literal.

    A date that the calendar does not have is not of its datatype.

    >>> from pyoxigraph import NamedNode
    >>> value(Literal("2018Z", datatype=XSD["gYear"])).family
    'gYear'
    >>> value(Literal("128", datatype=XSD["byte"])) is None
    True
    """
    return _read(term.value, term.datatype.value) if isinstance(term, Literal) else None


def less(one: Term, other: Term, *, or_equal: bool = False) -> bool:
    """Whether one literal is known to be less than the other, or with `or_equal` equal.

    False too where they cannot be compared, as a number with a date, or where the time zone that
    one of two moments lacks would decide.
    """
    left, right = value(one), value(other)
    if left is None or right is None or left.order is None or right.order is None:
        return False
    if left.family.startswith("number") and right.family.startswith("number"):
        return _less_numbers(left, right, or_equal)
    if left.family != right.family:
        return False
    if left.zoned is not right.zoned:
        return bool(left.order + _ZONE_LIMIT < right.order)  # type: ignore[operator]
    return bool(left.order <= right.order if or_equal else left.order < right.order)  # type: ignore[operator]


def _less_numbers(left: Value, right: Value, or_equal: bool) -> bool:
    """Numbers of two types are compared in the wider one, as XPath promotes them.

    https://www.w3.org/TR/xpath-31/#promotion
    """
    sizes = {left.family, right.family} - {"number"}
    one, two = left.order, right.order
    if sizes:
        size = "double" if "numberdouble" in sizes else "float"
        one, two = _round(float(one), size), _round(float(two), size)  # type: ignore[arg-type]
    return bool(one <= two if or_equal else one < two)  # type: ignore[operator]
