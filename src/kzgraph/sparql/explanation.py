"""Explaining why a query has no solutions, as an answer to a job of its own."""

import json
from dataclasses import asdict
from itertools import islice
from time import monotonic

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, Store

from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.rdf.graph_writer import Output
from kzgraph.sparql.analysis import Analysis, analyse_whole
from kzgraph.sparql.dataset import Dataset, Result
from kzgraph.sparql.emptiness import Reason, explain
from kzgraph.sparql.emptiness.aggregates import may_be_of_nothing, read_row
from kzgraph.sparql.emptiness.missing_graphs import (
    explain_more_graphs,
    find_superseded_names,
    find_unknown_graphs,
)
from kzgraph.sparql.emptiness.names import Stop
from kzgraph.sparql.evaluation import Evaluated, ask_chosen, named_dataset
from kzgraph.sparql.job import Header, Job
from kzgraph.sparql.refusals import Refusal
from kzgraph.sparql.superseded import Vintages, choose_data

#: Queries that are asked for one explanation, and seconds after which no other is.
_MOST_QUERIES, _MOST_SECONDS = 250, 2.0


def find_reasons(
    job: Job, store: Store, max_nesting: int, vintages: Vintages | None = None
) -> list[Reason]:
    """The reasons why the query of `job` has no solutions; none where it has some.

    One row of aggregates over no solution counts as none.

    Args:
        job: the query.
        store: see `evaluate`.
        max_nesting: likewise.
        vintages: likewise.

    Raises:
        Problem: 400, as the query itself is refused.
    """
    chosen: tuple[Store, Dataset | None] = store, None
    named: Dataset | None = None

    def choose(analysis: Analysis) -> tuple[Store, Dataset | None]:
        nonlocal chosen, named
        named = named_dataset(job, analysis)
        chosen = choose_data(analysis, named, store, vintages)
        return chosen

    result, _ = ask_chosen(job.query, choose, max_nesting)
    empty, has_row = _look_at(result, job.query)
    if not empty:
        return []
    try:
        analysis = analyse_whole(job.query, PREDECLARED.keys(), max_nesting)
    except Refusal as error:
        raise error.problem(job.query) from None
    known = {name.value for name in store.named_graphs() if isinstance(name, NamedNode)}
    if vintages is not None:
        known |= {name.value for name in vintages.superseded}
    reasons = list(find_unknown_graphs(named, known))
    if vintages is not None and named is None and chosen[0] is store:
        reasons += find_superseded_names(analysis, store, vintages)
        every = vintages.store, Dataset(None, None)
        if (
            not reasons
            and not _look_at(ask_chosen(job.query, lambda _: every, max_nesting)[0], job.query)[0]
        ):
            reasons.append(explain_more_graphs(vintages))
    if reasons:
        return reasons
    asked, until = 0, monotonic() + _MOST_SECONDS

    def answer(text: str) -> Result:
        nonlocal asked
        asked += 1
        if asked > _MOST_QUERIES or monotonic() > until:
            raise Stop
        try:
            # A part of the query names other graphs than the whole, and is asked of the same.
            return ask_chosen(f"{analysis.prologue} {text}", lambda _: chosen, max_nesting)[0]
        except Problem as problem:
            # A part that cannot stand alone, such as a filter of what it lacks.
            raise Stop from problem

    return explain(analysis, answer, has_row=has_row)


def _look_at(result: Result, query: str) -> tuple[bool, bool]:
    """Whether the result of `query` is none, and whether it is a row of aggregates of nothing."""
    if isinstance(result, QueryBoolean):
        return not result, False
    if isinstance(result, QuerySolutions):
        rows = list(islice(result, 2))
        of_nothing = len(rows) == 1 and may_be_of_nothing(query, read_row(rows[0]))
        return not rows or of_nothing, of_nothing
    return not any(True for _ in result), False


def explain_job(
    job: Job, store: Store, max_nesting: int, vintages: Vintages | None = None
) -> Evaluated:
    """The reasons as JSON: an object with the member `reasons`, each with `kind` and `message`.

    Raises:
        Problem: 400, as the query itself is refused.
    """
    reasons = [asdict(each) for each in find_reasons(job, store, max_nesting, vintages)]
    body = json.dumps({"reasons": reasons}, ensure_ascii=False).encode("utf-8", "replace")

    def write(output: Output) -> None:
        output.write(body)

    return Evaluated(Header("application/json", "json", {}, volatile=False), write)
