"""Explaining why a query has no solutions, as an answer to a job of its own."""

import json
from dataclasses import asdict
from itertools import islice
from time import monotonic

from pyoxigraph import QueryBoolean, QuerySolution, QuerySolutions, Store

from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.rdf.graph_writer import Output
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.dataset import Result, read_dataset
from kzgraph.sparql.emptiness import Reason, explain
from kzgraph.sparql.emptiness.aggregates import may_be_of_nothing, read_row
from kzgraph.sparql.emptiness.names import Stop
from kzgraph.sparql.evaluation import Evaluated, ask
from kzgraph.sparql.job import Header, Job
from kzgraph.sparql.refusals import Refusal

#: Queries that are asked for one explanation, and seconds after which no other is.
_MOST_QUERIES, _MOST_SECONDS = 250, 2.0


def find_reasons(job: Job, store: Store, max_nesting: int) -> list[Reason]:
    """The reasons why the query of `job` has no solutions; none where it has some.

    One row of aggregates over no solution counts as none.

    Raises:
        Problem: 400, as the query itself is refused.
    """
    result, _ = ask(job, store, max_nesting)
    rows: list[QuerySolution] = []
    if isinstance(result, QueryBoolean):
        if result:
            return []
    elif isinstance(result, QuerySolutions):
        rows = list(islice(result, 2))
        if len(rows) > 1 or (rows and not may_be_of_nothing(job.query, read_row(rows[0]))):
            return []
    elif any(True for _ in result):
        return []
    try:
        analysis = analyse_whole(job.query, PREDECLARED.keys(), max_nesting)
    except Refusal as error:
        raise error.problem(job.query) from None
    default, named = job.default_graphs, job.named_graphs
    dataset = None if default or named else read_dataset(analysis)
    if dataset is not None:
        default = tuple(graph.value for graph in dataset.default)
        named = tuple(graph.value for graph in dataset.named)
    asked, until = 0, monotonic() + _MOST_SECONDS

    def answer(text: str) -> Result:
        nonlocal asked
        asked += 1
        if asked > _MOST_QUERIES or monotonic() > until:
            raise Stop
        part = Job(f"{analysis.prologue} {text}", default, named, offers=(), timeout=0)
        try:
            return ask(part, store, max_nesting)[0]
        except Problem as problem:
            # A part that cannot stand alone, such as a filter of what it lacks.
            raise Stop from problem

    return explain(analysis, answer, has_row=bool(rows))


def explain_job(job: Job, store: Store, max_nesting: int) -> Evaluated:
    """The reasons as JSON: an object with the member `reasons`, each with `kind` and `message`.

    Raises:
        Problem: 400, as the query itself is refused.
    """
    reasons = [asdict(each) for each in find_reasons(job, store, max_nesting)]
    body = json.dumps({"reasons": reasons}, ensure_ascii=False).encode("utf-8", "replace")

    def write(output: Output) -> None:
        output.write(body)

    return Evaluated(Header("application/json", "json", {}, volatile=False), write)
