"""What official statistics have for the place, group and year that a claim names."""

from decimal import Decimal

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kzgraph.checking.comparing import Likeness, compare_value
from kzgraph.checking.units import PERSONS
from kzgraph.checking.verdicts import Dimension, Finding, Quantified, Reason, Verdict
from kzgraph.prefixes import PREFIXES

_THINGS = PREFIXES["kzr"]
#: The cells of one place, group and year: one for each origin.
_CELLS = f"""
PREFIX kzg: <{PREFIXES["kzg"]}>
SELECT ?cell ?value WHERE {{
  ?cell a kzg:OfficialHeadlineFigure ; kzg:country ?country ; kzg:populationGroup ?group ;
    kzg:year ?year ; kzg:officialValue ?value .
  ORIGIN
}} LIMIT 300
"""


class OfficialCells:
    """The official figures of people at the end of a year."""

    def __init__(self, store: Store) -> None:
        """Ask `store`."""
        self._store = store

    def find(self, number: Quantified) -> Finding | None:
        """The cells for a number of a claim; None where it does not name one, or there is none."""
        country, group = number.code(Dimension.PLACE), number.code(Dimension.GROUP)
        year = _year_of(number.code(Dimension.TIME))
        unit = number.code(Dimension.UNIT)
        if not (country and group and year) or unit not in (None, PERSONS):
            return None
        others = (Dimension.QUANTITY, Dimension.STATUS, Dimension.REGISTERED_BY)
        if any(number.code(each) for each in others) or number.unread:
            return None
        if not country.startswith(f"{_THINGS}country/") or len(number.codes(Dimension.GROUP)) > 1:
            return None
        origin = number.code(Dimension.ORIGIN)
        found = self._ask(country, group, year, origin)
        if not found:
            return None
        total = sum((value for _, value in found), Decimal(0))
        likeness, hedged = compare_value(number, total, "exact")
        cells = tuple(cell for cell, _ in found)
        verdict = {Likeness.SAME: Verdict.STATED, Likeness.ROUNDED: Verdict.ROUNDED}
        if likeness is Likeness.OFF or not hedged:
            return Finding(Verdict.NOT_FOUND, cells[0], (Reason.VALUE,), cells, total)
        reasons = (Reason.ROUNDING,) if likeness is Likeness.ROUNDED else ()
        return Finding(verdict[likeness], cells[0], reasons, cells, total)

    def _ask(
        self, country: str, group: str, year: int, origin: str | None
    ) -> list[tuple[NamedNode, Decimal]]:
        narrowed = f"?cell kzg:origin <{origin}> ." if origin else ""
        query = _CELLS.replace("ORIGIN", narrowed)
        for name, value in (("country", f"<{country}>"), ("group", f"<{group}>"), ("year", year)):
            query = query.replace(f"?{name}", str(value))
        solutions = self._store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, QuerySolutions)  # noqa: S101 - it is a SELECT.
        return [
            (row["cell"], Decimal(row["value"].value))
            for row in solutions
            if isinstance(row["cell"], NamedNode) and isinstance(row["value"], Literal)
        ]


def _year_of(code: str | None) -> int | None:
    """The year at whose end a number at a date is counted."""
    if code is None or not code[:4].isdigit() or code.endswith("--"):
        return None
    return int(code[:4]) - 1 if code.endswith("-01-01") else int(code[:4])
