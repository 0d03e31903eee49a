"""Why an official number and a document's agree or differ: the rules, in the order they are tried.

1. `same`, `rounded`, `hedge`, `masked`: the cells that the figure's own scope and time ask for;
2. `scope`: one set of countries explains all figures of a scope and year (`country_sets`);
3. `date`: the cells of the year before or after are the number (`other_cells`);
4. `unit`: one factor of the units explains all bare numbers of a chart (`scope_search`), or the
   cells count cases (`other_cells`);
5. `revised`: cells of an older vintage agree as in 1;
6. `footnote`: a cell with a footnote of the publisher is what makes the difference, or else the
   cells differ and have footnotes;
7. `unknown-origin`: without those whose origin is not known the cells agree as in 1;
8. `not-found`: none of these.

A rule that searches claims nothing that may be chance: see `country_sets`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kzgraph.namespaces import Term
from kzgraph.reasoning.concordance.cell_totals import HIDDEN, ROUNDED, Cell, Total, add_up
from kzgraph.reasoning.concordance.number_matches import (
    Found,
    Number,
    match,
    rounding_place,
    window,
)
from kzgraph.reasoning.concordance.official_reading import is_country
from kzgraph.reasoning.concordance.questions import Question
from kzgraph.reasoning.hedged import count_digits, quotient

#: How often a rule that tries a few cells only may be expected to claim one by chance.
FEW = Decimal("0.01")
#: A share of the number: where the room for small cells is wider, a match says little.
_WIDE = Decimal("0.1")
#: A share of the number: what is rounded by no more is hardly another number.
_NARROW = Decimal("0.02")


#: The sum of no cells.
NOTHING = Total()


@dataclass(frozen=True)
class Finding:
    """What is found for a question.

    Attributes:
        explanation: the code of the first rule that explains it.
        further: codes of what explains it in addition.
        total: the cells that are summed, or that the share or change is computed of.
        confidence: how sure that is; None where nothing was found.
        difference: the document's number less the official one; None where it is not published.
        countries: the set of countries that was found.
        undetermined: countries that may be in the set or not.
        left_out: cells that were left out for the numbers to agree.
        unit: the unit that the number was found to have.
        older: cells of an older vintage that agree, where the current ones need not be the number.
        number: which of several findings for the figure this is, from 1.
        of: how many there are.
    """

    question: Question
    explanation: str
    total: Total = NOTHING
    further: tuple[str, ...] = ()
    confidence: str | None = None
    difference: Decimal | None = None
    countries: frozenset[Term] = frozenset()
    undetermined: frozenset[Term] = frozenset()
    left_out: tuple[Cell, ...] = ()
    unit: Term | None = None
    older: tuple[Cell, ...] = ()
    number: int = 1
    of: int = 1


class Table:
    """Cells by what they count, when and where."""

    def __init__(self, cells: Iterable[Cell] = ()) -> None:
        """Index `cells`."""
        self.cells = tuple(cells)
        self._at: dict[tuple[Term | None, int], list[Cell]] = {}
        origins: dict[Term, set[Term | None]] = {}
        for cell in self.cells:
            self._at.setdefault((cell.country, cell.year), []).append(cell)
            if cell.group is not None:
                origins.setdefault(cell.group, set()).add(cell.origin)
        #: The groups that are not told apart by the country of origin, as stateless persons are.
        self.single_origin = frozenset(
            group
            for group, found in origins.items()
            if len(found) == 1 and not any(map(is_country, found))
        )
        #: The origin that these groups have, which says that there is none, not that it is unknown.
        self.no_origin = frozenset(
            origin for group in self.single_origin for origin in origins[group]
        )

    def find(
        self, question: Question, countries: frozenset[Term], years: Sequence[int]
    ) -> tuple[Cell, ...]:
        """The cells of some countries that a question asks for."""
        return tuple(
            cell
            for year in years
            for country in (*sorted(countries, key=str), None)
            for cell in self._at.get((country, year), ())
            if question.admits(cell) and (country or (cell.spread and cell.spread <= countries))
        )

    def records(self, question: Question, years: Sequence[int]) -> tuple[Cell, ...]:
        """The values of indicators of the office of a question, or else of the countries."""
        every = self.find(question, question.countries or question.region, years)
        return tuple(cell for cell in every if question.names(cell)) or every

    def total(self, question: Question, countries: frozenset[Term], years: Sequence[int]) -> Total:
        """Their sum, and the room that it leaves."""
        return self.sum_up(question, self.find(question, countries, years))

    def sum_up(self, question: Question, cells: Iterable[Cell]) -> Total:
        """The sum of cells that a question asks for, and the room that it leaves."""
        found = tuple(cells)
        asked = 0
        if question.origins:
            told = {(cell.country, cell.year, cell.group) for cell in found}
            asked = len(told) * len(question.origins)
        return add_up(found, self.single_origin, asked)

    def is_of_unknown_origin(self, cell: Cell) -> bool:
        """Whether the people of a cell come from no country that is known."""
        origin = cell.origin
        return origin is not None and not is_country(origin) and origin not in self.no_origin

    def asked(self, question: Question, years: Sequence[int]) -> Total:
        """The sum for the countries of a question, or of the money of an office called as it is."""
        if question.is_plain:
            return self.total(question, question.countries, years)
        is_office = question.units and not question.countries
        money = self.find(question, question.region, years) if is_office else ()
        return Total(tuple(cell for cell in money if question.names(cell)))

    def covers(self, countries: frozenset[Term], years: Sequence[int]) -> bool:
        """Whether there is anything about people of each of the countries in each of the years."""
        return all(
            any(cell.counts_people for cell in self._at.get((country, year), ()))
            for country in countries
            for year in years
        )

    def has_years(self, question: Question, total: Total) -> bool:
        """Whether there is something about each of several years of which cells are summed."""
        told = {cell.year for cell in total.cells}
        return len(question.years) == 1 or all(
            year in told or self.covers(question.countries, (year,)) for year in question.years
        )


def explain_directly(question: Question, table: Table) -> Finding | None:
    """Rule 1: the cells that the scope and time of a figure ask for, where they agree."""
    if question.base is not None and question.countries and question.is_dated:
        return _relation(question, question.base, table)
    if not question.is_plain or not question.is_dated:
        return None
    total = table.total(question, question.countries, question.years)
    if not total.cells:
        return _hidden(question, table)
    if not table.has_years(question, total):
        return None
    return agree(question, total)


def agree(question: Question, total: Total) -> Finding | None:
    """A finding where the number of a question and a sum agree, in the first way that they do.

    What somebody registered is a part of what a table counts, which tells nobody apart: it agrees
    with the whole only where the numbers are the same.
    """
    number = in_units(question)
    how = match(number, replace(Found.of(total), is_whole=question.form == "number"))
    if how is None or (how != "same" and is_part(question, total.cells)):
        return None
    return Finding(
        question, how, total, confidence=sure(question, how, total), difference=gap(question, total)
    )


def in_units(question: Question) -> Number:
    """The number of a question in single persons, or in its currency one by one."""
    return question.number.scale(question.factor)


def gap(question: Question, total: Total) -> Decimal | None:
    """The number less the official one: only of sums in which no small cell can hide.

    Otherwise it, or what is left of it when other published numbers are subtracted, could be a
    count of one to four persons.
    """
    if total.may_hide or question.form != "number" or question.number.most is not None:
        return None
    if any(cell.counts_people and cell.value <= ROUNDED for cell in total.cells):
        return None
    difference = in_units(question).value - total.value
    # As are those whom one table counts and another not.
    is_small = 0 < abs(difference) < ROUNDED and question.groups
    return None if is_small else difference


def is_part(question: Question, cells: Iterable[Cell] = ()) -> bool:
    """Whether a figure is of those whom one body registered, and `cells` do not tell them apart."""
    registered, told = question.registered, {cell.registered for cell in cells}
    return registered is not None and told != {registered}


def sure(question: Question, how: str, total: Total) -> str:
    """How sure it is that two numbers that agree are one.

    The same, or rounded by little: sure. Else fairly, and less where what would be accepted is
    wide: the range of a hedge, of small cells, of a rounding.
    """
    number, size = in_units(question), max(abs(total.value), Decimal(1))
    if how == "same":
        return "high" if total.below <= _WIDE * size else "medium"
    low, high = number.interval
    room = high - low + (total.below + total.above if how == "masked" else 0)
    if how == "rounded":
        digits, hidden = count_digits(number.value), total.below + total.above
        # Of one digit what is accepted is wide, and it counts how near the number is.
        near = 2 * abs(number.value - total.value)
        room = near if digits == 1 else rounding_place(number) or room
        if room + hidden <= _NARROW * size:
            return "high" if digits > 1 else "medium"
        return "medium" if digits > 1 and room + hidden < _WIDE * size else "low"
    return "medium" if room < _WIDE * size else "low"


def _hidden(question: Question, table: Table) -> Finding | None:
    """A number of up to four people, where no cell is: the table could not show it."""
    if (
        question.groups
        and in_units(question).interval[0] <= HIDDEN
        and table.covers(question.countries, question.years)
    ):
        return Finding(question, "masked", confidence="low")
    return None


def _relation(question: Question, base: Question, table: Table) -> Finding | None:
    """Shares and changes, in per cent, computed of the sums of cells."""
    part = table.total(question, question.countries, question.years)
    whole = table.total(base, base.countries, base.years)
    if not part.cells or not whole.cells:
        return None if question.in_cases else _relation_in_cases(question, base, table)
    found = relate(part, whole, question.form)
    how = match(question.number, found) if found else None
    if found is None or how is None:
        return None
    cells = {cell.iri: cell for cell in (*part.cells, *whole.cells)}
    total = Total(tuple(cells.values()), part.below + whole.below, part.above + whole.above)
    if how == "masked":
        confidence = "medium" if found.high - found.low <= 10 else "low"
    elif how == "hedge":
        low, high = question.number.interval
        confidence = "medium" if high - low < _WIDE * abs(found.value) else "low"
    else:
        confidence = "high" if how == "same" or len(total.cells) == 2 else "medium"
    return Finding(question, how, total, confidence=confidence)


def _relation_in_cases(question: Question, base: Question, table: Table) -> Finding | None:
    """The same where one of the two is published in cases alone, which are fewer than people."""
    found = _relation(replace(question, in_cases=True), replace(base, in_cases=True), table)
    if found is None:
        return None
    return replace(found, further=(*found.further, "unit"), confidence="low")


def relate(part: Total, whole: Total, form: str) -> Found | None:
    """A share of, or a change from, `whole`: in per cent, or of a `difference` in its own unit.

    None where the whole may be nothing, so that there is no part of it.

    >>> one, other = Total(above=Decimal(4)), Total()
    >>> relate(one, other, "share") is None
    True
    """
    if form == "difference":
        change = part.value - whole.value
        room = part.below + whole.above, part.above + whole.below
        return Found(change, change - room[0], change + room[1])
    least, most = whole.value - whole.below, whole.value + whole.above
    if least <= 0:
        return None

    def percent(above: Decimal, under: Decimal) -> Decimal:
        return quotient(above - under if form == "change" else above, under, scale=100)

    return Found(
        percent(part.value, whole.value),
        percent(part.value - part.below, most),
        percent(part.value + part.above, least),
        is_whole=False,
    )


def explain_by_vintage(question: Question, superseded: Table) -> list[Finding]:
    """Rule 5: cells of an older vintage agree, which those of the current one do not."""
    found = explain_directly(question, superseded)
    return [as_revised(found)] if found and found.total.cells else []


def note_older(found: Finding, superseded: Table) -> Finding:
    """The same, and that it may be revised: where what small cells hide was the number before."""
    older = explain_directly(found.question, superseded) if found.explanation == "masked" else None
    if older is None or older.explanation != "same":
        return found
    return replace(found, further=(*found.further, "revised"), older=older.total.cells)


def as_revised(found: Finding) -> Finding:
    """What was found among the cells of an older vintage."""
    explained = (found.explanation, *found.further)
    further = tuple(each for each in explained if each != "same")
    sure = "low" if found.confidence == "low" else "medium"
    return replace(found, explanation="revised", further=further, confidence=sure)


def explain_by_cell(question: Question, table: Table) -> Finding | None:
    """Rules 6 and 7: one cell, with a footnote, or those of unknown origin make the difference.

    What is left of the sum agrees, and that would hardly be so with cells drawn at random.
    """
    if not question.is_plain or not question.is_dated:
        return None
    total = table.total(question, question.countries, question.years)
    # What is left out has to be more than what rounding could make of it.
    room = total.below + total.above
    unknown = tuple(cell for cell in total.cells if table.is_of_unknown_origin(cell))
    noted = [(cell,) for cell in total.cells if cell.footnotes]
    # Who leaves out the people of unknown origin does so in each country, if there are several.
    tried = [
        cells
        for cells in dict.fromkeys([*noted, unknown, *((cell,) for cell in unknown)])
        if Total(cells).value > room
    ]
    for cells in sorted(tried, key=lambda each: (each not in noted, -Total(each).value)):
        rest = table.sum_up(question, (each for each in total.cells if each not in cells))
        found = agree(question, rest) if rest.cells else None
        is_near = found and (
            found.explanation == "same"
            or (found.explanation == "masked" and question.number.is_exact)
        )
        room_left = (rest.below + rest.above + 1) * len(tried)
        accepted = window(in_units(question), Found.of(rest)) * len(tried)
        if (
            found
            and room_left <= FEW * total.value
            and (is_near or accepted <= _WIDE * total.value)
        ):
            why = ["footnote"] if all(cell.footnotes for cell in cells) else []
            why += ["unknown-origin"] if set(cells) <= set(unknown) else []
            why += [found.explanation] if found.explanation != "same" else []
            return replace(
                found,
                explanation=why[0],
                further=tuple(why[1:]),
                confidence="medium" if is_near or accepted <= FEW * total.value else "low",
                # The cell left out is published: with it a difference would be that of the rest.
                difference=None if total.may_hide else found.difference,
                left_out=cells,
            )
    return None


def give_up(question: Question, table: Table) -> Finding:
    """Rule 8, or the last of 6: the cells that were looked at, if any, do not agree."""
    total = NOTHING
    if question.is_result:
        total = Total(table.records(question, question.years))
    elif question.is_dated:
        total = table.asked(question, question.years)
    difference = gap(question, total) if total.cells else None
    if any(cell.footnotes for cell in total.cells) and not is_part(question, total.cells):
        return Finding(question, "footnote", total, confidence="low", difference=difference)
    return Finding(question, "not-found", total, difference=difference)
