"""Arithmetic on hedged numbers: exact decimals, one rounding rule, honest bounds.

Sums, differences and products of decimals are exact. A quotient is rounded to six significant
digits, half to even: enough for any use, and not more precise than the inputs, of which the finest
have nine.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal

from pyoxigraph import Literal

from kzgraph.namespaces import XSD

SIGNIFICANT_DIGITS = 6

#: What is hedged as fewer than more than this is no less than half of it.
_TEN = Decimal(10)

#: Wide enough that a quotient is rounded once only.
_WIDE = Context(prec=50)
_OPPOSITE = {"lower": "upper", "upper": "lower"}


def quotient(
    dividend: Decimal, divisor: Decimal, scale: int = 1, digits: int = SIGNIFICANT_DIGITS
) -> Decimal:
    """`scale` times `dividend` divided by `divisor`, to `digits` significant digits.

    >>> quotient(Decimal("2.73375977"), Decimal("5.52037323"), scale=100)
    Decimal('49.5213')
    """
    rounding = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    return rounding.divide(_WIDE.multiply(dividend, Decimal(scale)), divisor)


def round_to(value: Decimal, digits: int) -> Decimal:
    """`value` rounded to `digits` significant digits.

    >>> format_number(round_to(Decimal("4513500"), 2))
    '4,500,000'
    """
    return quotient(value, Decimal(1), digits=digits)


def count_digits(value: Decimal) -> int:
    """How many digits of a hedged number are significant: the zeros at its end are not.

    >>> count_digits(Decimal(570)), count_digits(Decimal(9000))
    (2, 1)
    """
    return len(value.normalize(_WIDE).as_tuple().digits)


def opposite_bound(bound: str) -> str:
    """The bound of a number when it is subtracted, or divides.

    >>> opposite_bound("lower"), opposite_bound("exact")
    ('upper', 'exact')
    """
    return _OPPOSITE.get(bound, bound)


def joint_bound(bounds: Iterable[str]) -> str | None:
    """The bound of a result that grows with every input; None where none follows.

    Exact inputs give an exact result; bounds in one direction are kept; an approximate input makes
    the result approximate. Bounds in two directions, or a bound next to an approximation, leave a
    result that may be too high or too low by any amount; so does an input without a bound (""). For
    an input with which the result falls (what is subtracted, or divides) give the `opposite_bound`.

    >>> joint_bound(["exact", "lower"]), joint_bound(["lower", opposite_bound("lower")])
    ('lower', None)
    """
    hedged = set(bounds) - {"exact"}
    if not hedged:
        return "exact"
    return (hedged.pop() or None) if len(hedged) == 1 else None


def literal(value: Decimal) -> Literal:
    """The literal of a number in the one form in which the store keeps it.

    As with published numbers, one without decimals is an integer.

    >>> str(literal(Decimal("100.0")))
    '"100"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    # The store drops zeros after the point; what is built must equal what is read back.
    text = format(value.normalize(_WIDE), "f")
    datatype = XSD["decimal" if "." in text else "integer"]
    return Literal("0" if value == 0 else text, datatype=datatype)


def format_number(value: Decimal) -> str:
    """A number as a label shows it: thousands separated by commas.

    >>> format_number(Decimal(87632))
    '87,632'
    """
    return f"{value.normalize(_WIDE):,f}"


def overlap(one: Decimal, one_bound: str, other: Decimal, other_bound: str) -> bool:
    """Whether the ranges of two numbers overlap, so that one true number is possible.

    The last digit that is not 0 is the last significant one. An approximate number may be off
    by half of it, a bound by less than one of it: some 570 is 565 to 575, over 9,000 is 9,000 up to
    10,000. A bound with a 5 there may be off by five of it: over 2,500 is up to 3,000. Two exact
    numbers do not overlap, since they differ.

    >>> overlap(Decimal(195), "exact", Decimal(200), "approximate")
    True
    >>> overlap(Decimal(588), "exact", Decimal(570), "approximate")
    False
    """
    if one_bound == other_bound == "exact":
        return False
    low, high = hedged_range(one, one_bound)
    other_low, other_high = hedged_range(other, other_bound)
    return low <= other_high and other_low <= high


def hedged_range(value: Decimal, bound: str) -> tuple[Decimal, Decimal]:
    """The smallest and the greatest number that a hedged number can mean.

    >>> low, high = hedged_range(Decimal(1000), "upper")
    >>> int(low), int(high)
    (500, 1000)
    """
    unit = last_digit(value)
    if bound in _OPPOSITE and value.normalize(_WIDE).as_tuple().digits[-1] == 5:
        unit *= 5  # over 2,500 is up to 3,000: who counts in halves rounds to them
    smallest = unit * Decimal("1e-9")  # so that a range may leave out its end
    least = value - unit + smallest
    if value > _TEN:
        least = max(least, value / 2)  # fewer than 1,000 is hardly 13, fewer than 10 may be 3
    return {
        "approximate": (value - unit / 2, value + unit / 2),
        "lower": (value, value + unit - smallest),
        "upper": (least, value),
    }.get(bound, (value, value))


def last_digit(value: Decimal) -> Decimal:
    """The place of the last digit that is not 0: 10 for 570, 100 for 200; 1 for 0."""
    exponent = value.normalize(_WIDE).as_tuple().exponent
    if value == 0 or not isinstance(exponent, int):
        return Decimal(1)
    return Decimal(1).scaleb(exponent)
