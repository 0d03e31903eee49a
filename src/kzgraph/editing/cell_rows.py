# ruff: noqa: RUF001 (words in Cyrillic)
"""Draft rows for the cells of charts and tables, by what their headings and rows are called."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kzgraph.money import DOLLARS, currency_of
from kzgraph.tables import Row, Span
from kzgraph.tables.drafts import draft
from kzgraph.verification.charts import Cell
from kzgraph.verification.people import PEOPLE, SEVERAL
from kzgraph.verification.scales import scaled_money

#: A draft row: its table, and its cells by column.
Proposal = tuple[str, dict[str, str]]

_PEOPLE = re.compile(rf"(?<!\w)(?:{PEOPLE})(?!\w)", re.IGNORECASE)
#: Dollars of a country that is not named.
_SOME_DOLLARS = re.compile(r"\$|dollar|долл")
#: The ending of the plural in Kazakh.
_PLURAL = re.compile(r"[лдт][ае]р")
#: A word that says only that something is none of what was named before.
_OTHER = re.compile(r"others?|друг(?:ое|ая|ой|ие)|өзге|басқа", re.IGNORECASE)
_SEVERAL = re.compile(rf"(?<!\w)(?:{SEVERAL})(?!\w)", re.IGNORECASE)


#: The columns of what something is called.
_CALLED = ("label_en", "label_ru", "label_kk", "alternative", "alternative_ru", "alternative_kk")


class Drafted(NamedTuple):
    """A draft row, and the place in the text that it takes."""

    table: str
    cells: dict[str, str]
    span: Span


class Names:
    """The codes, places and organisations by what they are called, in any case."""

    def __init__(self, known: Iterable[Row]) -> None:
        """Take the names of rows of the code lists, of countries and of organisations."""
        known = list(known)
        concepts = [row for row in known if row.schema.name == "concepts"]
        self._codes = {
            (row.require("scheme"), name.casefold()): row.require("code")
            for row in concepts
            if row.get("quantity_of") != "PopulationFigure"
            for column in ("code", *_CALLED)
            for name in row.cells[column]
        }
        self._money = {
            (currency, row.get("factor") or ""): row.require("code")
            for row in concepts
            if (currency := row.get("currency"))
        }
        self._things = {
            name.casefold(): row.require("id")
            for row in known
            if row.schema.name != "concepts"
            and (row.schema.name == "organisations" or row.get("kind") == "country")
            for column in _CALLED
            for name in row.cells[column]
        }

    def thing(self, name: str) -> str:
        """The country or organisation of that name, or an empty string."""
        called = " ".join(name.casefold().split())
        return self._things.get(called) or self._things.get(called.removeprefix("the "), "")

    def unit(self, word: str) -> str:
        """The unit of that very name, such as `sessions`, or an empty string."""
        return self._codes.get(("unit", word.casefold()), "")

    def unit_of_money(self, sign: str) -> str:
        """The unit of a sign of money: sure where the text names the dollars, else a draft.

        It is empty where several currencies are called so.
        """
        if DOLLARS.search(sign):
            return "us-dollars"
        currency = currency_of(sign) or ("USD" if _SOME_DOLLARS.search(sign) else None)
        return draft(self.money(currency, 1) or currency) if currency else ""

    def heading_unit(self, heading: str) -> str:
        """The unit that a heading says, with its scale, as a draft; its words if it has no code."""
        found = scaled_money(heading)
        if not found:
            return ""
        words, currency, factor = found
        return draft(self.money(currency, factor) or words)

    def money(self, currency: str | None, factor: int) -> str:
        """The unit of so many of a currency (ISO 4217), or an empty string."""
        return self._money.get((currency or "", str(factor)), "")

    def code(self, scheme: str, name: str | None) -> str:
        """The code of a scheme that is called so, or an empty string.

        The first words of a name do where no other code has them: Stateless for Stateless persons.
        But Other alone names no code.
        So does a Kazakh name without its ending of the plural: босқын for босқындар.
        """
        called = (name or "").casefold()
        if not called or (scheme, called) in self._codes or _OTHER.fullmatch(called):
            return self._codes.get((scheme, called), "")
        begin = {
            code
            for (of, each), code in self._codes.items()
            if of == scheme
            and (each.startswith(f"{called} ") or _PLURAL.fullmatch(each.removeprefix(called)))
        }
        return begin.pop() if len(begin) == 1 else ""


def propose_cell(cell: Cell, names: Names, caption: str = "") -> Proposal:
    """The draft row for a number of a chart or table.

    In a chart it is of population if it counts a group, or is a whole number of nothing that is
    known; a table says in its headings what it counts.

    Args:
        cell: the number.
        names: the names of codes.
        caption: the line right above a chart, which may say its unit.
    """
    called = [each for each in (cell.series, cell.category) if each]
    groups = [names.code("population-group", name) for name in called]
    group = next(filter(None, groups), "")
    quantity, series = names.code("quantity", cell.series), names.code("series", cell.series)
    row = {
        "label": draft(" ".join(called)),
        "value": cell.number or "",
        "bound": "exact" if cell.number else "",
        "availability": "" if cell.number else "not-published",
        "status": _status(called, names),
        "time": cell.year or "",
        "evidence": str(cell.evidence),
        "context": " ".join(map(str, cell.context)),
    }
    in_table = cell.heading is not None
    is_money = cell.is_money or (not in_table and not group and scaled_money(caption))
    if is_money or quantity or (series and not in_table):
        total = "total" if quantity else ""
        unit = names.heading_unit(cell.heading or caption) or draft("not-stated")
        return "finance", row | {"quantity": quantity, "series": series or total, "unit": unit}
    named = " ".join(called)
    if in_table and not group and not _PEOPLE.search(named):
        unit = draft("households") if _SEVERAL.search(named) else ""
        return "indicators", row | {"unit": "percent" if cell.is_share else unit}
    whole = cell.number is None or any(map(str.isdigit, cell.number.split()))
    if group or whole or in_table:
        return "population", row | {"group": group, "unit": draft("persons")}
    return "finance", row | {"series": series, "unit": draft("not-stated")}


def _status(called: list[str], names: Names) -> str:
    """The status that a word of a heading is, such as Planned in `Planned 2025`, as a draft."""
    words = [word for name in called for word in re.findall(r"[^\W\d]+", name)]
    found = {code for word in words if (code := names.code("status", word))}
    return draft(found.pop()) if len(found) == 1 else ""


def propose_years(text: str, cells: list[Cell]) -> Iterator[Proposal]:
    """A statement for the years of each chart or table, which its numbers have as context only."""
    years: dict[Span, list[Span]] = {}
    for cell in cells:
        years.setdefault(cell.whole, []).extend(
            Span(span.start + at, span.start + at + len(cell.year))
            for span in cell.context
            if cell.year and (at := text[slice(*span)].find(cell.year)) >= 0
        )
    for spans in filter(None, years.values()):
        found = sorted(set(spans))
        label = draft(f"Years {', '.join(text[slice(*span)] for span in found)}")
        evidence = " ".join(map(str, found))
        yield "statements", {"label": label, "kind": draft("presentation"), "evidence": evidence}
