"""Results against targets: which values of indicators of an office are the number of a document.

An activity may have several records of one indicator, one for each objective or group of people. A
document may print their sum, if numbers of the indicator add up, or one of them. The records asked
for are those of the activities that are called as the scope of the figure is; where none is, those
of the countries of the scope. They are tried in this order:

1. the sum of the records of the year;
2. `scope`: one activity of the region, where none is called as the scope is; or one of the records;
3. `date`: the sum of the year before or after, or one of its records.

What is tried in 2 and 3 is counted against chance, and only an equal number is claimed.
"""

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode

from kzgraph.namespaces import Term
from kzgraph.reasoning.concordance.cell_totals import Cell, Total
from kzgraph.reasoning.concordance.explaining import FEW, Finding, Table, agree, in_units
from kzgraph.reasoning.concordance.questions import Question


def explain_results(questions: Iterable[Question], table: Table) -> dict[NamedNode, Finding]:
    """The findings of those of the `questions` that ask for results, by figure.

    And of those that ask for the money of an office by whose name activities are called.
    """
    found = {}
    for question in questions:
        if question.is_dated:
            finding = None
            if question.is_result:
                finding = _explain(question, table)
            elif question.units and not question.countries:
                own = table.records(question, question.years)
                is_told = any(map(question.names, own))
                finding = agree(question, Total(own)) if is_told else None
            if finding:
                found[question.figure.iri] = finding
    return found


def _explain(question: Question, table: Table) -> Finding | None:
    asked = table.records(question, question.years)
    is_told = bool(question.countries) or any(map(question.names, asked))
    if asked and is_told and (len(asked) == 1 or _adds_up(question)):
        found = agree(question, Total(asked))
        if found:
            return found
    parts = [] if is_told else _by_activity(asked)
    parts += [(cell,) for cell in asked if len(asked) > 1 or not is_told]
    found = _match(question, parts, asked, "scope")
    if found:
        return found
    near: list[tuple[Cell, ...]] = []
    for year in question.near:
        other = table.records(question, (year,))
        if question.countries or any(map(question.names, other)):
            near += [other, *((cell,) for cell in other)]
    return _match(question, near, (), "date")


def _adds_up(question: Question) -> bool:
    return question.form == "number"


def _by_activity(cells: Iterable[Cell]) -> list[tuple[Cell, ...]]:
    found: dict[Term | None, tuple[Cell, ...]] = {}
    for cell in cells:
        found[cell.activity] = (*found.get(cell.activity, ()), cell)
    return list(found.values())


def _match(
    question: Question, tried: Sequence[tuple[Cell, ...]], asked: tuple[Cell, ...], why: str
) -> Finding | None:
    """The one of several sums that is the number, where that is hardly chance."""
    value = in_units(question).value
    tried = [
        cells for cells in dict.fromkeys(tried) if cells and (len(cells) == 1 or _adds_up(question))
    ]
    matching = {cells: Total(cells) for cells in tried if Total(cells).value == value}
    if len(matching) != 1 or len(tried) > FEW * abs(value):
        return None
    ((cells, total),) = matching.items()
    own = {cell.activity for cell in cells}
    rest = tuple(cell for cell in asked if cell.activity in own and cell not in cells)
    return Finding(question, why, total, confidence="low", left_out=rest)
