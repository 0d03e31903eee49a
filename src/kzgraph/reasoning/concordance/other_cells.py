"""Cells that a figure does not ask for, and that may be its number: of another year, or of cases.

What each accepts is counted against chance, so that no small number is told.
"""

from dataclasses import replace
from decimal import Decimal

from kzgraph.reasoning.concordance.cell_totals import Total
from kzgraph.reasoning.concordance.country_sets import CHANCE
from kzgraph.reasoning.concordance.explaining import (
    FEW,
    Finding,
    Table,
    gap,
    in_units,
    is_part,
)
from kzgraph.reasoning.concordance.number_matches import Found, match, window
from kzgraph.reasoning.concordance.questions import CASES, Question


def explain_by_date(question: Question, table: Table) -> Finding | None:
    """Rule 3: the number of the year before or after, where that is hardly chance.

    Of numbers of the size of the figure one in so many is met by one of the cells tried: exactly,
    or else in whichever way, so that all that would be accepted counts.
    """
    found: list[tuple[Decimal, Finding]] = []
    for year in question.near:
        total = table.asked(question, (year,))
        matched = _match(question, total, len(question.near))
        if matched is None:
            continue
        how, chance = matched
        finding = Finding(
            question,
            "date",
            total,
            further=() if how == "same" else (how,),
            confidence="medium" if chance <= Decimal(CHANCE) else "low",
            difference=gap(question, total),
        )
        found.append((chance, finding))
    return min(found, key=lambda each: each[0])[1] if found else None


def explain_by_cases(question: Question, table: Table) -> Finding | None:
    """Rule 4 for people of whom the table counts cases only, of one or several of them each."""
    if not question.is_plain or not question.is_dated or question.in_cases or not question.groups:
        return None
    if table.asked(question, question.years).cells:
        return None
    asked = replace(question, in_cases=True)
    total = table.asked(asked, question.years)
    matched = _match(question, total, 1) if table.has_years(asked, total) else None
    if matched is None:
        return None
    further = () if matched[0] == "same" else (matched[0],)
    return Finding(
        question,
        "unit",
        total,
        further=further,
        confidence="low",
        difference=gap(question, total),
        unit=CASES,
    )


def _match(question: Question, total: Total, tried: int) -> tuple[str, Decimal] | None:
    """How a number and a sum agree, and how many of the sums `tried` would by chance."""
    number, official = in_units(question), Found.of(total)
    how = match(number, official) if total.cells else None
    if how is None or is_part(question, total.cells):
        return None
    width = Decimal(1) if how == "same" else window(number, official)
    chance = width * tried / max(abs(number.value), Decimal(1))
    return (how, chance) if chance <= FEW else None
