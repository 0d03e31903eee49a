"""The unit that stands beside a number of a claim."""

import re
from collections.abc import Sequence
from decimal import Decimal

from kzgraph.checking.cues import Token, find_together, load_cues, tell
from kzgraph.checking.verdicts import Dimension, Read
from kzgraph.checking.zones import Segment
from kzgraph.iri import thing
from kzgraph.money import MONEY, currency_of
from kzgraph.verification.numbers import Number

PERSONS, HOUSEHOLDS = thing("unit", "persons").value, thing("unit", "households").value
PER_CENT, DOLLARS = thing("unit", "percent").value, thing("unit", "us-dollars").value
#: Money of which the claim does not say which.
SOME_MONEY = "money"

_PER_CENT = re.compile(
    r"[\s\u00a0-]*(?:%|per\s?cents?|pct|процент\w*|проц\.|пайыз\w*)", re.IGNORECASE
)
_GAP = r"[\s\u00a0.]*(?:of\s+|в\s+)?"
_MONEY_BEFORE = re.compile(rf"(?:{MONEY.pattern})\s*\Z")
_MONEY_AFTER = re.compile(rf"{_GAP}({MONEY.pattern})")
#: How many words behind a number may name what is counted.
_REACH = 4


def find_unit(text: str, number: Number, tokens: Sequence[Token], segment: Segment) -> Read | None:
    """The unit of a number: per cent, money, households or persons; None where none is said."""
    percent = _PER_CENT.match(text, number.end)
    if percent:
        return Read(Dimension.UNIT, PER_CENT, percent[0].strip(), percent.start(), percent.end())
    near = max(0, number.start - 16)
    before = _MONEY_BEFORE.search(text, near, number.start)
    if before:
        return _read_money(before[0], before.start())
    after = _MONEY_AFTER.match(text, number.end)
    if after:
        return _read_money(after[1], after.start(1))
    behind = [at for at in segment.places if tokens[at].start >= number.end][:_REACH]
    for kind in ("households", "people"):
        found = find_together(load_cues()[kind], tokens, behind, set())
        if found:
            code = HOUSEHOLDS if kind == "households" else PERSONS
            return tell(text, tokens, Dimension.UNIT, code, found[1])
    return None


def _read_money(sign: str, start: int) -> Read:
    shown = sign.strip()
    currency = currency_of(shown)
    code = DOLLARS if currency == "USD" or "$" in shown or currency is None else SOME_MONEY
    return Read(Dimension.UNIT, code, shown, start, start + len(shown))


def find_step(number: Number, written: str) -> Decimal:
    """The unit of the last digit of a number that counts.

    >>> int(find_step(Number(Decimal(7900), 0, 5), "7,900"))
    100
    >>> find_step(Number(Decimal("5.52"), 0, 4), "5.52")
    Decimal('0.01')
    """
    value = abs(number.value)
    if not value:
        return Decimal(1)
    figures = re.sub(r"[^\d.,]", "", written).strip(".,")
    whole = Decimal(re.sub(r"\D", "", figures) or 0)
    decimals = re.search(r"[.,](\d+)$", figures)
    if (whole and not decimals) or whole == value:
        return _last_place(whole) * (value / whole)
    if decimals:
        return value / whole
    return _last_place(value)


def _last_place(value: Decimal) -> Decimal:
    """The unit of the last digit of a whole number that is not zero: 100 of 7,900."""
    return Decimal(10) ** int(value.normalize().as_tuple().exponent)
