"""Whose data the answer to a query has: that of all graphs that the query is about.

What of them a row is from is not known, short of evaluating the query for each source. So an answer
has the rights of each source that its query could meet.
"""

import re

from kzgraph.prefixes import PREDECLARED
from kzgraph.problem import Problem
from kzgraph.sparql.analysis import analyse_whole
from kzgraph.sparql.evaluation import named_dataset
from kzgraph.sparql.job import Job
from kzgraph.sparql.refusals import Refusal
from kzgraph_server.engine.answer import Answer
from kzgraph_server.licensing import Licensing, Rights
from kzgraph_server.offloading import run_sized

#: Without any of these a query names no graph. An escape may stand for any sign of a keyword.
NAMES_GRAPHS = re.compile(r"\b(?:from|graph)\b|\\", re.IGNORECASE | re.ASCII)


async def find_rights(job: Job, answer: Answer, licensing: Licensing, max_nesting: int) -> Rights:
    """The rights of the answer to a query that may name graphs, or whose engine asked another.

    Args:
        job: the query and its data set.
        answer: of the engine.
        licensing: of the release.
        max_nesting: how deep brackets and signs may nest in a query.
    """
    if answer.foreign:
        return Rights(())
    if job.default_graphs or job.named_graphs:
        return licensing.of_graphs((*job.default_graphs, *job.named_graphs))
    return await run_sized(len(job.query), _read, job, licensing, max_nesting)


def _read(job: Job, licensing: Licensing, max_nesting: int) -> Rights:
    try:
        analysis = analyse_whole(job.query, PREDECLARED.keys(), max_nesting)
        dataset = named_dataset(job, analysis)
        superseded = licensing.tables.find_named(analysis)
    except (Problem, Refusal, SyntaxError):
        return licensing.every  # Another engine may take what is no query here.
    if dataset is not None:
        named = (*(dataset.default or ()), *(dataset.named or ()))
        return licensing.of_graphs(each.value for each in named)
    return licensing.of_current(each.value for each in superseded)
