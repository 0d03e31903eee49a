"""What a job asks for: the answer to its query, or something about it."""

from pyoxigraph import Store

from kzgraph.sparql.aggregating import Aggregates
from kzgraph.sparql.evaluation import Evaluated, evaluate
from kzgraph.sparql.job import EXPLANATION, TABLE_METADATA, Job
from kzgraph.sparql.superseded import Vintages


def perform(
    job: Job,
    store: Store,
    max_nesting: int,
    vintages: Vintages | None = None,
    aggregates: Aggregates | None = None,
) -> Evaluated:
    """Do what `job` asks for; see `evaluate`.

    Raises:
        Problem: the query is refused.
    """
    # Each is imported where it is asked for: an idle worker does not carry them all.
    if job.offers == EXPLANATION:
        from kzgraph.sparql.explanation import explain_job

        return explain_job(job, store, max_nesting, vintages)
    if job.offers[:1] == (TABLE_METADATA,):
        from kzgraph.sparql.table_metadata import describe_table

        return describe_table(job, store, max_nesting, vintages)
    return evaluate(job, store, max_nesting, vintages, aggregates)
