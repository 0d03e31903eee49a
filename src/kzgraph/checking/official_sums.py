"""What official statistics have for the place, group and year that a claim names."""

from dataclasses import replace
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kzgraph.checking.comparing import Likeness, compare_value, count_digits
from kzgraph.checking.units import PERSONS
from kzgraph.checking.verdicts import Dimension, Finding, Quantified, Reason, Verdict
from kzgraph.prefixes import PREFIXES

_THINGS = PREFIXES["kzr"]
#: The cells of one place, group and year: one for each origin.
_CELLS = f"""
PREFIX kzg: <{PREFIXES["kzg"]}>
SELECT ?cell ?value WHERE {{
  NARROWED
  ?cell a kzg:OfficialHeadlineFigure ; kzg:officialValue ?value .
}} ORDER BY DESC(?value) ?cell LIMIT 300
"""
#: The digits of a number that is not likely to be met by chance.
_TELLING = 3
#: A cell that has a number, where the claim does not name the place, group and year of one.
_NUMBER = f"""
PREFIX kzg: <{PREFIXES["kzg"]}>
SELECT ?cell ?value WHERE {{
  ?cell kzg:officialValue ?value . FILTER(?value = NUMBER)
  ?cell a kzg:OfficialHeadlineFigure .
  NARROWED
}} LIMIT 5
"""


class OfficialCells:
    """The official figures of people at the end of a year."""

    def __init__(self, store: Store) -> None:
        """Ask `store`."""
        self._store = store

    def find(self, number: Quantified) -> Finding | None:
        """What the cells have for a number of a claim.

        Returns:
            The sum of those that the claim names by place, group and year, whether or not it is the
            number; or else a cell of the number, which no more than that is told of. None where
            there is neither, or the claim is about something else than how many people there were.
        """
        others = (Dimension.QUANTITY, Dimension.STATUS, Dimension.REGISTERED_BY, Dimension.SERIES)
        if any(number.code(each) for each in others) or number.unread:
            return None
        if number.code(Dimension.UNIT) not in (None, PERSONS):
            return None
        if any(len(number.codes(each)) > 1 for each in (Dimension.GROUP, Dimension.PLACE)):
            return None
        said = {
            "country": number.code(Dimension.PLACE),
            "populationGroup": number.code(Dimension.GROUP),
            "origin": number.code(Dimension.ORIGIN),
        }
        if any(code is not None and not code.startswith(_THINGS) for code in said.values()):
            return None
        code = number.code(Dimension.TIME)
        year = _year_of(code)
        if code is not None and year is None:
            return None
        narrowed = "".join(f"?cell kzg:{name} <{iri}> . " for name, iri in said.items() if iri)
        narrowed += f"?cell kzg:year {year} . " if year else ""
        if said["country"] and said["populationGroup"] and year:
            sum_ = _judge_sum(number, self._ask(_CELLS.replace("NARROWED", narrowed)))
            return sum_ if sum_ is None or _is_counted_at(code) else _as_near(sum_)
        if count_digits(number) < _TELLING or number.value != int(number.value):
            return None
        query = _NUMBER.replace("NUMBER", str(int(number.value))).replace("NARROWED", narrowed)
        found = self._ask(query)
        if not found or number.code(Dimension.HEDGE) in ("lower", "upper"):
            return None
        cell, value = found[0]
        stated = Finding(Verdict.STATED, cell, (), (cell,), value)
        return stated if _is_counted_at(code) else _as_near(stated)

    def _ask(self, query: str) -> list[tuple[NamedNode, Decimal]]:
        solutions = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)  # noqa: S101 - it is a SELECT.
        return [
            (row["cell"], Decimal(row["value"].value))
            for row in solutions
            if isinstance(row["cell"], NamedNode) and isinstance(row["value"], Literal)
        ]


def _judge_sum(number: Quantified, found: list[tuple[NamedNode, Decimal]]) -> Finding | None:
    if not found:
        return None
    total = sum((value for _, value in found), Decimal(0))
    likeness, hedged = compare_value(number, total, "exact")
    cells = tuple(cell for cell, _ in found)
    if likeness is Likeness.OFF or not hedged:
        return Finding(Verdict.NOT_FOUND, cells[0], (Reason.VALUE,), cells, total)
    if likeness is Likeness.ROUNDED:
        return Finding(Verdict.ROUNDED, cells[0], (Reason.ROUNDING,), cells, total)
    return Finding(Verdict.STATED, cells[0], (), cells, total)


def _is_counted_at(code: str | None) -> bool:
    """Whether a time is one at which official data count: the end of a year, or any time of it."""
    return code is None or len(code) == len("2018") or code.endswith(("-12", "-12-31", "-01-01"))


def _as_near(finding: Finding) -> Finding:
    """What is counted at the end of a year says nothing of a day before it."""
    return replace(finding, verdict=Verdict.NOT_FOUND, reasons=(Reason.TIME,))


def _year_of(code: str | None) -> int | None:
    """The year at whose end a number at a date is counted."""
    if code is None or not code[:4].isdigit() or "/" in code or code.endswith("--"):
        return None
    return int(code[:4]) - 1 if code.endswith("-01-01") else int(code[:4])
