"""Whether a number of a document and an official one may be the same number, and in which way.

In the order in which the ways are tried: `same`, `rounded` (the official number rounds to the
document's), `hedge` (it is in the range that the document's words leave open), `masked` (small
cells, rounded before publication, can make the difference).
"""

from dataclasses import dataclass
from decimal import Decimal

from kzgraph.reasoning.concordance.cell_totals import Total
from kzgraph.reasoning.hedged import count_digits, hedged_range, last_digit

#: With fewer significant digits a number without a hedge may be meant as it stands.
LEAST_DIGITS = 2
#: From here on a number with one significant digit is hardly meant so.
_LARGE = Decimal(1000)
#: The share of such a number that may be lost by rounding, half of it up and half down.
_ONE_DIGIT = Decimal("0.1")


@dataclass(frozen=True)
class Number:
    """A number as a document gives it: its value or range, and how it is hedged."""

    value: Decimal
    bound: str = "exact"
    most: Decimal | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the document gives it without a hedge."""
        return self.bound == "exact"

    @property
    def interval(self) -> tuple[Decimal, Decimal]:
        """The range that the document's words leave open; of an exact number the number twice."""
        if self.most is not None:
            return self.value, self.most
        return hedged_range(self.value, self.bound)

    def scale(self, factor: Decimal) -> "Number":
        """The number in a unit of which one is `factor` of its own."""
        most = None if self.most is None else self.most * factor
        return Number(self.value * factor, self.bound, most)


@dataclass(frozen=True)
class Found:
    """An official number: what the published cells give, and the range of the true one."""

    value: Decimal
    low: Decimal
    high: Decimal
    is_whole: bool = True

    @classmethod
    def of(cls, total: Total) -> "Found":
        """The number of a sum."""
        return cls(total.value, total.value - total.below, total.value + total.above)


def match(number: Number, found: Found) -> str | None:
    """The first way in which the two may be one number, or None.

    >>> match(Number(Decimal(7892)), Found(Decimal(7892), Decimal(7892), Decimal(7892)))
    'same'
    >>> match(Number(Decimal(570), "approximate"), Found(*map(Decimal, (568, 568, 580))))
    'hedge'
    """
    if number.most is None and number.value == found.value:
        return "same"
    low, high = number.interval
    if number.is_exact and rounds_to(number, found):
        return "rounded"
    if not number.is_exact and low <= found.value <= high:
        return "hedge"
    return "masked" if low <= found.high and found.low <= high else None


def rounds_to(number: Number, found: Found) -> bool:
    """Whether an official number rounds to the document's.

    The zeros at the end of a whole number count as rounded where two other digits are left; where
    one is, from a thousand on, and then at five in a hundred. What is a quotient, or has decimals,
    rounds at the last place that the document prints, a quotient at ones at the latest.

    >>> whole = Found(*map(Decimal, (10033900,) * 3))
    >>> rounds_to(Number(Decimal(10030000)), whole), rounds_to(Number(Decimal(10000000)), whole)
    (True, True)
    >>> rounds_to(Number(Decimal(913899)), Found(*(Decimal("913898.82"),) * 3))
    True
    >>> rounds_to(Number(Decimal(8000)), Found(*map(Decimal, (7550,) * 3)))
    False
    """
    place = rounding_place(number) if found.is_whole else _place_of_quotient(number)
    if place is None:
        return False
    return abs(found.value - number.value) * 2 <= place


def rounding_place(number: Number) -> Decimal | None:
    """The place at which a number without a hedge may be rounded; None where it hardly is."""
    if not number.is_exact:
        return None
    if count_digits(number.value) < LEAST_DIGITS:
        return _ONE_DIGIT * number.value if number.value >= _LARGE else None
    return last_digit(number.value)


def _place_of_quotient(number: Number) -> Decimal | None:
    return min(last_digit(number.value), Decimal(1)) if number.is_exact else None


def window(number: Number, found: Found) -> Decimal:
    """How many values of a sum would be accepted, in steps of the number's last place."""
    low, high = number.interval
    rounding = rounding_place(number) or Decimal(0)
    step = min(last_digit(number.value), Decimal(1))
    return max(high - low + found.high - found.low, rounding) + step
