"""Checking the currency of an amount against the signs and words of money in its text."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from kzgraph.faults import Fault
from kzgraph.money import MONEY, currencies_of
from kzgraph.tables import Row, parse_span
from kzgraph.tables.schema import NUMBER_COLUMNS
from kzgraph.verification.numbers import numbers_in

_BEFORE = re.compile(rf"(?:{MONEY.pattern})\s?\Z")
_AFTER = re.compile(rf"\s?(?:{MONEY.pattern})(?!\w)")
#: How far before a number its sign may begin.
_NEAR = 14
_DOLLARS = re.compile(r"\$|dollar|долл", re.IGNORECASE)
#: The dollars, of which a text may say which country's it means.
_ALL_DOLLARS = frozenset({"USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"})
#: Currencies that share a word that most often means one of them.
_SHARED = (frozenset({"KGS", "UZS"}), frozenset({"RUB", "BYN"}))


def check_currency(
    row: Row, text: str, currencies: Mapping[str, str], languages: tuple[str, ...] = ("en",)
) -> Iterator[Fault]:
    """The fault of an amount whose unit is of another currency than its text names.

    What stands next to the number decides; else what the evidence names, else the context. Where
    nothing is named that is known, nothing is said.

    Args:
        row: a row with evidence.
        text: the document.
        currencies: the code of each unit of money with its currency by ISO 4217.
        languages: the languages of the document.
    """
    unit = row.get("unit") if "unit" in row.cells else None
    currency = currencies.get(unit or "")
    if currency is None:
        return
    stated = {Decimal(item) for name in NUMBER_COLUMNS if (item := row.get(name))}
    spans = [parse_span(item) for item in row.cells["evidence"]]
    beside = [
        sign[0].strip()
        for found in numbers_in(text, languages)
        if found.value in stated
        and any(span.start <= found.start and found.end <= span.end for span in spans)
        for sign in (
            _BEFORE.search(text, max(0, found.start - _NEAR), found.start),
            _AFTER.match(text, found.end),
        )
        if sign
    ]
    signs = beside or _signs(row, "evidence", text) or _signs(row, "context", text)
    if signs and not any(_may_be(currency, sign) for sign in signs):
        yield row.fault(
            "unit",
            f"{unit} is of {currency}, and the text says {signs[0]!r}",
            "give the unit of that currency, or the span of the amount that is meant",
        )


def _signs(row: Row, column: str, text: str) -> list[str]:
    """The signs and words of money in the spans of a column."""
    spans = [text[slice(*parse_span(item))] for item in row.cells[column]]
    return [found[0] for span in spans for found in MONEY.finditer(span)]


def _may_be(currency: str, sign: str) -> bool:
    """Whether a sign or word of money may mean a currency."""
    found = currencies_of(sign)
    if not found:
        return not _DOLLARS.search(sign) or currency in _ALL_DOLLARS
    return currency in found or any({currency, *found} <= shared for shared in _SHARED)
