"""Literals as SHACL takes them: of their datatype or not, and in order."""

import pytest
from pyoxigraph import Literal, NamedNode

from kzgraph.prefixes import PREFIXES
from kzgraph.validation.literals import less, value

XSD = PREFIXES["xsd"]

#: Text, datatype, and whether the one is of the other.
LITERALS = [
    *((text, "boolean", True) for text in ("true", "false", "0", "1")),
    *((text, "boolean", False) for text in ("TRUE", "yes", "", " true")),
    *((text, "integer", True) for text in ("0", "-7", "+007")),
    *((text, "integer", False) for text in ("1.0", "1e3", "", "\u0661", "1_000")),
    *((text, "decimal", True) for text in ("1", "-.5", "5.", "+1.50")),
    *((text, "decimal", False) for text in ("1e3", ".", "INF", "1,5")),
    *((text, "double", True) for text in ("1", "1e3", "-1.5E-10", "INF", "-INF", "NaN")),
    *((text, "double", False) for text in ("inf", "Infinity", "1e", "0x1")),
    *((text, "float", True) for text in ("1e999", "+INF")),
    ("127", "byte", True),
    ("128", "byte", False),
    ("-2147483648", "int", True),
    ("2147483648", "int", False),
    ("0", "positiveInteger", False),
    ("-0", "nonNegativeInteger", True),
    ("18446744073709551616", "unsignedLong", False),
    *((text, "dateTime", True) for text in ("2018-01-01T00:00:00", "-0044-03-15T24:00:00Z")),
    *((text, "dateTime", True) for text in ("12018-02-28T23:59:59.9999+14:00",)),
    *((text, "dateTime", False) for text in ("2018-01-01", "2018-01-01T25:00:00")),
    *((text, "dateTime", False) for text in ("2018-02-29T00:00:00", "2018-01-01T00:00:60")),
    *((text, "dateTime", False) for text in ("2018-01-01T24:00:01", "2018-01-01T00:00:00+15:00")),
    ("2018-01-01T00:00:00", "dateTimeStamp", False),
    *((text, "date", True) for text in ("2016-02-29", "2018-01-01Z", "2018-01-01-05:00")),
    *((text, "date", False) for text in ("2100-02-29", "2018-13-01", "18-01-01", "2018-1-1")),
    *((text, "gYear", True) for text in ("2018", "2018Z", "-0001", "12018")),
    *((text, "gYear", False) for text in ("18", "02018", "+2018")),
    *((text, "gYearMonth", True) for text in ("2018-12",)),
    *((text, "gMonthDay", True) for text in ("--02-29",)),
    *((text, "gMonthDay", False) for text in ("--02-30", "02-01")),
    *((text, "duration", True) for text in ("P1Y", "-P1DT2H", "PT0.5S")),
    *((text, "duration", False) for text in ("P", "P1YT", "PT", "1D", "P1S")),
    *((text, "yearMonthDuration", False) for text in ("P1D",)),
    *((text, "dayTimeDuration", False) for text in ("P1Y",)),
    *((text, "language", True) for text in ("en", "kk-Cyrl-KZ")),
    *((text, "language", False) for text in ("e n", "123", "")),
    *((text, "token", False) for text in (" a", "a  b", "a\n")),
    *((text, "NCName", False) for text in ("a:b", "1a")),
    ("ғ-1", "NCName", True),
    *((text, "hexBinary", True) for text in ("", "0aFF")),
    *((text, "hexBinary", False) for text in ("a", "0g")),
    *((text, "base64Binary", True) for text in ("", "YQ==", "YWI=", "YWJj YWJj")),
    *((text, "base64Binary", False) for text in ("YQ=", "YR==", "*")),
    ("anything", "anyURI", True),
]


@pytest.mark.parametrize(("text", "name", "fits"), LITERALS)
def test_a_text_is_of_a_datatype_or_not(text: str, name: str, fits: bool) -> None:
    literal = Literal(text, datatype=NamedNode(XSD + name))
    assert (value(literal) is not None) is fits


@pytest.mark.parametrize(
    ("smaller", "greater", "name"),
    [
        ("9", "10", "integer"),
        ("-10", "-9", "int"),
        ("false", "true", "boolean"),
        ("9", "1e1", "double"),
        ("-INF", "INF", "float"),
        ("2018-01-01T10:00:00+05:00", "2018-01-01T06:00:00Z", "dateTime"),
        ("2018-01-01T24:00:00", "2018-01-02T00:00:01", "dateTime"),
        ("-0001", "0001", "gYear"),
        ("9999-12-31", "10000-01-01", "date"),
        ("P13M", "P2Y", "yearMonthDuration"),
        ("-P1D", "PT1S", "dayTimeDuration"),
        ("10", "9", "string"),
    ],
)
def test_literals_are_ordered_by_value(smaller: str, greater: str, name: str) -> None:
    one, other = (Literal(text, datatype=NamedNode(XSD + name)) for text in (smaller, greater))
    assert less(one, other)
    assert not less(other, one, or_equal=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Literal("NaN", datatype=NamedNode(XSD + "double")), Literal(1)),
        (Literal("a", language="en"), Literal("b", language="en")),
        (Literal("a", datatype=NamedNode("urn:x")), Literal("b", datatype=NamedNode("urn:x"))),
        (Literal("P1Y", datatype=NamedNode(XSD + "duration")), Literal(1)),
        (
            Literal("2018-01-01T00:00:00", datatype=NamedNode(XSD + "dateTime")),
            Literal("2018-01-01T10:00:00Z", datatype=NamedNode(XSD + "dateTime")),
        ),
    ],
)
def test_what_cannot_be_compared_is_neither_less_nor_greater(one: Literal, other: Literal) -> None:
    assert not any(less(left, right, or_equal=True) for left, right in ((one, other), (other, one)))


def test_numbers_of_two_types_are_compared_in_the_wider_one() -> None:
    decimal = Literal("0.1", datatype=NamedNode(XSD + "decimal"))
    for name in ("double", "float"):
        same = Literal("0.1", datatype=NamedNode(XSD + name))
        assert less(decimal, same, or_equal=True)
        assert less(same, decimal, or_equal=True)
