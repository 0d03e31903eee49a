"""What the columns of a SELECT result hold: the types under which Parquet can keep them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from kzgraph.datatypes import (
    BOOLEAN,
    BOOLEANS,
    DATE,
    DATE_TIMES,
    DECIMAL,
    DECIMAL_FORM,
    FLOAT_FORM,
    FLOATS,
    INTEGER_FORM,
    INTEGERS,
)

#: The digits of the widest decimal number that readers of Parquet agree on.
MAX_DIGITS = 38

_INTEGER = re.compile(INTEGER_FORM)
_DECIMAL = re.compile(DECIMAL_FORM)
_DOUBLE = re.compile(FLOAT_FORM)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    rf"{_DATE.pattern}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,6}})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)


class Kind(Enum):
    """The type of a column, or of one value."""

    INTEGER = "integer of 64 bits"
    DECIMAL = "decimal"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    LOCAL = "moment without a time zone"
    INSTANT = "moment in UTC"
    STRING = "string"


class Column:
    """Looks at the values of one column and finds the type that holds them all.

    Attributes:
        kind: that type; STRING also where nothing was seen or the values do not agree.
        annotation: what the terms are, where all are alike (`terms.annotation`).
        mixed: whether they are not.
        scale: the digits behind the point, where `kind` is DECIMAL.
    """

    def __init__(self) -> None:
        self._kind: Kind | None = None
        self._whole = 0  # digits before the point
        self.scale = 0
        self.annotation: str | None = None
        self.mixed = False

    @property
    def kind(self) -> Kind:
        """The type that holds all values seen."""
        if self._kind is None or (self._kind is Kind.DECIMAL and not self._fits()):
            return Kind.STRING
        return self._kind

    def see(self, annotation: str, text: str) -> None:
        """Take one more value into account."""
        if self.annotation is None:
            self.annotation = annotation
        elif annotation != self.annotation:
            self.mixed = True
        if self._kind is Kind.STRING:
            return
        kind = kind_of(annotation, text)
        if kind in (Kind.INTEGER, Kind.DECIMAL):
            whole, _, fraction = text.lstrip("+-").partition(".")
            self._whole = max(self._whole, len(whole.lstrip("0")))
            self.scale = max(self.scale, len(fraction.rstrip("0")))
        if self._kind is None:
            self._kind = kind
        elif kind is not self._kind:
            # An integer is a decimal; no other two kinds hold each other without a loss.
            both = {kind, self._kind} == {Kind.INTEGER, Kind.DECIMAL}
            self._kind = Kind.DECIMAL if both else Kind.STRING

    def _fits(self) -> bool:
        return self._whole + self.scale <= MAX_DIGITS

    def value(self, text: str) -> object:
        """`text` as a value of `kind`, in the form from which Arrow makes its own."""
        return _VALUES[self.kind](text, self.scale)


def kind_of(annotation: str, text: str) -> Kind:
    """The narrowest type that holds a term without a loss of value."""
    if annotation in INTEGERS and _INTEGER.fullmatch(text):
        # More digits than a decimal has are turned away before they are read as a number.
        small = len(text) <= MAX_DIGITS and -(2**63) <= int(text) < 2**63
        return Kind.INTEGER if small else Kind.DECIMAL
    if annotation == DECIMAL and _DECIMAL.fullmatch(text):
        return Kind.DECIMAL
    if annotation in FLOATS and _DOUBLE.fullmatch(text):
        return Kind.DOUBLE
    if annotation == BOOLEAN and text in BOOLEANS:
        return Kind.BOOLEAN
    if annotation == DATE and _DATE.fullmatch(text) and _can_parse(date.fromisoformat, text):
        return Kind.DATE
    if annotation in DATE_TIMES:
        match = _DATE_TIME.fullmatch(text)
        if match and _can_parse(_microseconds, text):
            return Kind.INSTANT if match[1] else Kind.LOCAL
    return Kind.STRING


def _can_parse(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (ValueError, OverflowError):
        return False
    return True


_EPOCH = datetime(1970, 1, 1)


def _microseconds(text: str) -> int:
    """The microseconds since 1970, in UTC where the text has a time zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return (moment - _EPOCH) // timedelta(microseconds=1)


_VALUES: dict[Kind, Callable[[str, int], object]] = {
    Kind.INTEGER: lambda text, _: int(text),
    Kind.DECIMAL: lambda text, scale: f"{Decimal(text):.{scale}f}",
    Kind.DOUBLE: lambda text, _: float(text),
    Kind.BOOLEAN: lambda text, _: BOOLEANS[text],
    Kind.DATE: lambda text, _: date.fromisoformat(text).toordinal() - _EPOCH.toordinal(),
    Kind.LOCAL: lambda text, _: _microseconds(text),
    Kind.INSTANT: lambda text, _: _microseconds(text),
    Kind.STRING: lambda text, _: text,
}
