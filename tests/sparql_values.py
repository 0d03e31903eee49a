"""Values and functions of SPARQL, and what they mean by the specification.

https://www.w3.org/TR/sparql11-query/#expressions. What the store does otherwise by
`docs/endpoint.md` is so here, too: texts with a language and ill-typed literals have no truth, and
booleans no order.
"""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from urllib.parse import quote

XSD = "http://www.w3.org/2001/XMLSchema#"
STRING, INTEGER, DECIMAL, DOUBLE, BOOLEAN, DATE = (
    XSD + name for name in ("string", "integer", "decimal", "double", "boolean", "date")
)
_NUMBERS = (INTEGER, DECIMAL, DOUBLE)
RDF_TEXT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
IRI, LANGUAGE = "IRI", "language"


class Fault(Exception):
    """An expression is an error."""


@dataclass(frozen=True)
class Value:
    """A term.

    Attributes:
        kind: its datatype, `LANGUAGE` for a text with one, or `IRI`.
        content: a number, a truth, or a text; a text for a literal that its type does not have.
        language: of a text.
    """

    kind: str
    content: int | Fraction | float | bool | str
    language: str = ""

    @property
    def text(self) -> str:
        """What STR gives."""
        if self.kind == BOOLEAN and isinstance(self.content, bool):
            return str(self.content).lower()
        if isinstance(self.content, Fraction):
            return f"{float(self.content):f}".rstrip("0").rstrip(".")
        if isinstance(self.content, float):
            return f"{self.content:f}".rstrip("0").rstrip(".")
        return str(self.content)

    @property
    def written(self) -> str:
        """How a query writes it."""
        if self.kind == IRI:
            return f"<{self.content}>"
        if self.language:
            return f'"{self.content}"@{self.language}'
        return f'"{self.text}"^^<{self.kind}>'

    @property
    def number(self) -> int | Fraction | float | None:
        """Its number, if it is one."""
        return self.content if self.kind in _NUMBERS and not isinstance(self.content, str) else None

    @property
    def is_known(self) -> bool:
        """Whether its type has it."""
        return self.kind not in (*_NUMBERS, BOOLEAN) or not isinstance(self.content, str)


def text(content: str) -> Value:
    """A plain string."""
    return Value(STRING, content)


def truth(content: bool) -> Value:
    """True or false."""
    return Value(BOOLEAN, content)


def whole(content: int) -> Value:
    """A whole number."""
    return Value(INTEGER, content)


def is_true(value: Value) -> bool:
    """https://www.w3.org/TR/sparql11-query/#ebv."""
    if not value.is_known or value.kind not in (*_NUMBERS, BOOLEAN, STRING):
        raise Fault
    return bool(value.content)


def _numbers(*values: Value) -> list[int | Fraction | float]:
    found = [value.number for value in values]
    if None in found:
        raise Fault
    return [each for each in found if each is not None]


def _typed(values: Sequence[Value], result: float | Fraction | int) -> Value:
    kind = max((value.kind for value in values), key=_NUMBERS.index)
    if kind == DOUBLE:
        return Value(DOUBLE, float(result))
    return Value(kind, Fraction(result) if kind == DECIMAL else int(result))


def _calculate(sign: Callable[..., float | Fraction | int]) -> Callable[..., Value]:
    def function(one: Value, other: Value) -> Value:
        left, right = _numbers(one, other)
        if DOUBLE in (one.kind, other.kind):
            left, right = float(left), float(right)
        return _typed((one, other), sign(left, right))

    return function


def _subtract(one: Value, other: Value) -> Value:
    if one.kind == other.kind == DATE:
        raise Endless  # A duration, which only the store knows.
    return _calculate(operator.sub)(one, other)


def quotient(one: Value, other: Value) -> Value:
    """A quotient, of whole numbers a decimal one."""
    left, right = _numbers(one, other)
    if DOUBLE in (one.kind, other.kind):
        if right == 0:
            raise Endless
        return Value(DOUBLE, float(left) / float(right))
    if right == 0:
        raise Fault
    return Value(DECIMAL, Fraction(left) / Fraction(right))


def _rounded(how: Callable[..., int | Fraction | float]) -> Callable[[Value], Value]:
    def function(one: Value) -> Value:
        (number,) = _numbers(one)
        return _typed([one], how(number))

    return function


def is_equal(one: Value, other: Value) -> bool:
    """https://www.w3.org/TR/sparql11-query/#func-RDFterm-equal and the operators in front of it."""
    if one.number is not None and other.number is not None:
        return one.number == other.number
    if one == other:
        return True
    apart = {IRI, LANGUAGE} & {one.kind, other.kind}
    if not apart and not (one.is_known and other.is_known):
        raise Fault
    return False


def _compare(sign: Callable[..., bool]) -> Callable[..., Value]:
    def function(one: Value, other: Value) -> Value:
        if one.number is not None and other.number is not None:
            return truth(sign(one.number, other.number))
        if one == other:
            return truth(sign(0, 0))
        same = (one.kind, one.language) == (other.kind, other.language)
        if not same or one.kind not in (STRING, LANGUAGE, DATE):
            raise Fault
        return truth(sign(one.content, other.content))

    return function


def _string(value: Value) -> str:
    if value.kind not in (STRING, LANGUAGE):
        raise Fault
    return value.text


def _compatible(one: Value, other: Value) -> tuple[str, str]:
    """https://www.w3.org/TR/sparql11-query/#func-arg-compatibility."""
    if other.kind == LANGUAGE and other.language != one.language:
        raise Fault
    return _string(one), _string(other)


def _like(value: Value, content: str) -> Value:
    return Value(value.kind, content, value.language)


def _before(one: Value, other: Value) -> Value:
    whole_text, part = _compatible(one, other)
    before, found, _ = whole_text.partition(part) if part else ("", "yes", "")
    return _like(one, before) if found else text("")


def _after(one: Value, other: Value) -> Value:
    whole_text, part = _compatible(one, other)
    _, found, after = whole_text.partition(part) if part else ("", "yes", whole_text)
    return _like(one, after) if found else text("")


def _substring(one: Value, start: Value, length: Value) -> Value:
    content = _string(one)
    if start.kind != INTEGER or length.kind != INTEGER:
        raise Fault
    first, count = _numbers(start, length)
    places = range(int(first), int(first + count))
    return _like(one, "".join(c for at, c in enumerate(content, 1) if at in places))


def _concatenate(*values: Value) -> Value:
    content = "".join(map(_string, values))
    languages = {value.language for value in values}
    if len(languages) == 1 and "" not in languages:
        return Value(LANGUAGE, content, languages.pop())
    return text(content)


def _language(one: Value) -> Value:
    if one.kind == IRI:
        raise Fault
    return text(one.language)


def _date_part(index: int) -> Callable[[Value], Value]:
    def function(one: Value) -> Value:
        if one.kind != DATE:
            raise Fault
        return whole(int(one.text.split("-")[index]))

    return function


def _to_integer(one: Value) -> Value:
    """https://www.w3.org/TR/xpath-functions/#casting-to-integer."""
    if one.number is not None:
        return whole(int(one.number))
    if one.kind == BOOLEAN and one.is_known:
        return whole(int(one.content))
    if one.kind != STRING or not one.text.strip().lstrip("+-").isdecimal():
        raise Fault
    return whole(int(one.text))


def _to_double(one: Value) -> Value:
    if one.number is not None or (one.kind == BOOLEAN and one.is_known):
        return Value(DOUBLE, float(one.content))
    try:
        return Value(DOUBLE, float(one.text if one.kind == STRING else "none"))
    except ValueError:
        raise Fault from None


def _to_decimal(one: Value) -> Value:
    if one.number is not None or (one.kind == BOOLEAN and one.is_known):
        return Value(DECIMAL, Fraction(one.content))
    if one.kind != STRING or not one.text.strip().lstrip("+-").replace(".", "", 1).isdecimal():
        raise Fault
    return Value(DECIMAL, Fraction(one.text))


def _to_boolean(one: Value) -> Value:
    if one.number is not None or (one.kind == BOOLEAN and one.is_known):
        return truth(bool(one.content))
    if one.kind != STRING or one.text not in ("true", "false", "1", "0"):
        raise Fault
    return truth(one.text in ("true", "1"))


def _to_date(one: Value) -> Value:
    if one.kind not in (DATE, STRING) or not re.fullmatch(r"\d{4}-\d\d-\d\d", one.text):
        raise Fault
    return Value(DATE, one.text)


def _digits(content: str) -> int | str:
    return int(content) if re.fullmatch("[+-]?[0-9]+", content) else content


def _datatype(one: Value) -> Value:
    if one.kind == IRI:
        raise Fault
    return Value(IRI, RDF_TEXT if one.kind == LANGUAGE else one.kind)


def _path(content: str) -> str:
    if re.search(r"[<> ]", content):
        raise Fault
    return content


#: Functions of values, which are errors where an argument is one: how many arguments, how they are
#: written, and what they do.
FUNCTIONS: dict[str, tuple[int, Callable[..., Value]]] = {
    "({} + {})": (2, _calculate(operator.add)),
    "({} - {})": (2, _subtract),
    "({} * {})": (2, _calculate(operator.mul)),
    "({} / 2)": (1, lambda one: quotient(one, whole(2))),
    "(5 / {})": (1, lambda one: quotient(whole(5), among(one, (0, 1, 2, 5, 10)))),
    "(-{})": (1, _rounded(operator.neg)),
    "ABS({})": (1, _rounded(abs)),
    "CEIL({})": (1, _rounded(lambda number: -floor(-number))),
    "FLOOR({})": (1, _rounded(floor)),
    "ROUND({})": (1, _rounded(lambda number: floor(number + Fraction(1, 2)))),
    "({} = {})": (2, lambda one, other: truth(is_equal(one, other))),
    "({} != {})": (2, lambda one, other: truth(not is_equal(one, other))),
    "({} < {})": (2, _compare(operator.lt)),
    "({} <= {})": (2, _compare(operator.le)),
    "({} > {})": (2, _compare(operator.gt)),
    "({} >= {})": (2, _compare(operator.ge)),
    "(!{})": (1, lambda one: truth(not is_true(one))),
    "STR({})": (1, lambda one: text(one.text)),
    "LANG({})": (1, _language),
    "STRLEN({})": (1, lambda one: whole(len(_string(one)))),
    "UCASE({})": (1, lambda one: _like(one, _string(one).upper())),
    "LCASE({})": (1, lambda one: _like(one, _string(one).lower())),
    "SUBSTR({}, 2, {})": (2, lambda one, length: _substring(one, whole(2), length)),
    "CONCAT({}, {})": (2, _concatenate),
    "CONTAINS({}, {})": (2, lambda *both: truth(operator.contains(*_compatible(*both)))),
    "STRSTARTS({}, {})": (2, lambda *both: truth(str.startswith(*_compatible(*both)))),
    "STRENDS({}, {})": (2, lambda *both: truth(str.endswith(*_compatible(*both)))),
    "STRBEFORE({}, {})": (2, _before),
    "STRAFTER({}, {})": (2, _after),
    "REPLACE({}, 'a', '<$0>')": (1, lambda one: _like(one, _string(one).replace("a", "<a>"))),
    "REGEX({}, '^A', 'i')": (1, lambda one: truth(_string(one)[:1] in ("a", "A"))),
    "YEAR({})": (1, _date_part(0)),
    "MONTH({})": (1, _date_part(1)),
    "DAY({})": (1, _date_part(2)),
    "isNumeric({})": (1, lambda one: truth(one.number is not None)),
    "isIRI({})": (1, lambda one: truth(one.kind == IRI)),
    "sameTerm({}, {})": (2, lambda one, other: truth(one == other)),
    "langMatches({}, '*')": (1, lambda one: truth(_plain(one) != "")),
    "xsd:integer({})": (1, _to_integer),
    "xsd:double({})": (1, _to_double),
    "xsd:string({})": (1, lambda one: text(one.text)),
    "xsd:decimal({})": (1, _to_decimal),
    "xsd:boolean({})": (1, _to_boolean),
    "xsd:date({})": (1, _to_date),
    "STRDT({}, xsd:integer)": (1, lambda one: Value(INTEGER, _digits(_plain(one)))),
    "STRLANG({}, 'en')": (1, lambda one: Value(LANGUAGE, _plain(one), "en")),
    "DATATYPE({})": (1, _datatype),
    "IRI(CONCAT('urn:', {}))": (1, lambda one: Value(IRI, f"urn:{_path(_concatenate(one).text)}")),
    "ENCODE_FOR_URI({})": (1, lambda one: text(quote(_string(one), safe=""))),
}


def _plain(value: Value) -> str:
    if value.kind != STRING:
        raise Fault
    return value.text


def among(value: Value, allowed: Sequence[float | Fraction]) -> Value:
    """`value`, if quotients by it have few digits."""
    if _numbers(value)[0] not in allowed:
        raise Endless
    return value


class Endless(Exception):
    """What may come differently: a quotient that decimal numbers do not hold, and the like."""
