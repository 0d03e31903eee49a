"""The datatypes of literals: their IRIs, their bounds, and how their values are written.

https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes
"""

from collections.abc import Mapping

from kzgraph.prefixes import PREFIXES

_XSD = PREFIXES["xsd"]

STRING, BOOLEAN, INTEGER, DECIMAL, DATE, TIME, GYEAR, DATE_TIME = (
    _XSD + name
    for name in ("string", "boolean", "integer", "decimal", "date", "time", "gYear", "dateTime")
)
FLOATS = frozenset({_XSD + "double", _XSD + "float"})
DATE_TIMES = frozenset({DATE_TIME, _XSD + "dateTimeStamp"})
#: xsd:integer and what is derived from it, with the least and the largest value where there is one.
INTEGERS: Mapping[str, tuple[int | None, int | None]] = {
    _XSD + name: bounds
    for name, bounds in {
        "integer": (None, None),
        "long": (-(2**63), 2**63 - 1),
        "int": (-(2**31), 2**31 - 1),
        "short": (-(2**15), 2**15 - 1),
        "byte": (-(2**7), 2**7 - 1),
        "nonNegativeInteger": (0, None),
        "positiveInteger": (1, None),
        "nonPositiveInteger": (None, 0),
        "negativeInteger": (None, -1),
        "unsignedLong": (0, 2**64 - 1),
        "unsignedInt": (0, 2**32 - 1),
        "unsignedShort": (0, 2**16 - 1),
        "unsignedByte": (0, 2**8 - 1),
    }.items()
}
NUMBERS = FLOATS | INTEGERS.keys() | {DECIMAL}

#: What may be written between the quotes, as regular expressions.
INTEGER_FORM = r"[+-]?[0-9]+"
DECIMAL_FORM = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
FINITE_FORM = rf"{DECIMAL_FORM}(?:[eE][+-]?[0-9]+)?"
FLOAT_FORM = rf"(?:{FINITE_FORM}|[+-]?INF|NaN)"
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
