"""The concordance: what official data say about the documents' figures and participations, and why.

Each figure of a document that an official cell can exist for has a `kzg:Concordance`: the cells,
the explanation by the first rule that has one (`explaining`), how sure it is, and the difference
where it may be published. So has what a document says of a state and a treaty that a depositary's
list has (`participations`). The rules and what they never publish: docs/concordance.md.
"""

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import NamedNode, Store, Triple

from kzgraph.iri import term
from kzgraph.reasoning.concordance.concordance_triples import (
    cited_by_notes,
    describe,
    establish,
)
from kzgraph.reasoning.concordance.explaining import (
    Finding,
    Table,
    as_revised,
    explain_by_cell,
    explain_by_vintage,
    explain_directly,
    give_up,
    note_older,
)
from kzgraph.reasoning.concordance.official_reading import read_cells
from kzgraph.reasoning.concordance.other_cells import explain_by_cases, explain_by_date
from kzgraph.reasoning.concordance.participations import (
    compare_standings,
    describe_standing,
    establish_standing,
)
from kzgraph.reasoning.concordance.questions import (
    Question,
    read_questions,
    units_of_money,
)
from kzgraph.reasoning.concordance.result_records import explain_results
from kzgraph.reasoning.concordance.scope_search import Units, explain_by_scope, explain_by_unit
from kzgraph.reasoning.figures import figures

__all__ = ["concordances", "find"]


def concordances(working: Store, official: Store, earlier: Store | None = None) -> Iterator[Triple]:
    """The triples of the concordances of the figures and participations of `working`.

    Args:
        working: in its default graph the facts of the documents, the concepts, places and notes.
        official: the current official data on the countries of the documents, in any graphs.
        earlier: those of other vintages, in any graphs.
    """
    stated = {**figures(working, term("least")), **figures(working)}
    cells = read_cells(official, working)
    questions = list(read_questions(working, stated.values(), cells))
    older = read_cells(earlier, working) if earlier is not None else []
    found = find(questions, Table(cells), Table(older), units_of_money(working, cells))
    for finding in found:
        yield from describe(working, official, finding)
    judged = list(compare_standings(working, official, earlier))
    for standing, verdict in judged:
        yield from describe_standing(working, official, standing, verdict)
    established = [*map(establish, found), *(establish_standing(*each) for each in judged)]
    yield from cited_by_notes(working, established)


def find(
    questions: Sequence[Question],
    table: Table,
    superseded: Table,
    units: Units,
) -> list[Finding]:
    """The findings of questions, by the first rule that explains each; several where sets are open.

    Args:
        questions: one for each figure.
        table: the current official figures.
        superseded: those of older vintages.
        units: by unit of money, the official units of its currency, and how many of them one is.
    """
    direct = {q.figure.iri: each for q in questions if (each := explain_directly(q, table))}
    by_scope = _by_figure(explain_by_scope(questions, table))
    results = explain_results(questions, table)
    by_unit = _by_figure(explain_by_unit(questions, table, units))
    revised = _by_figure(map(as_revised, explain_by_scope(questions, superseded)))
    found: list[Finding] = []
    for question in questions:
        iri = question.figure.iri
        known = direct.get(iri) or results.get(iri)
        if known:
            found.append(note_older(known, superseded))
            continue
        if iri in by_scope:
            found += by_scope[iri]
            continue
        dated = explain_by_date(question, table)
        other = dated or explain_by_cases(question, table)
        several = (
            ([other] if other else by_unit.get(iri))
            or explain_by_vintage(question, superseded)
            or revised.get(iri)
        )
        found += several or [explain_by_cell(question, table) or give_up(question, table)]
    return found


def _by_figure(findings: Iterable[Finding]) -> dict[NamedNode, list[Finding]]:
    found: dict[NamedNode, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.question.figure.iri, []).append(finding)
    return found
