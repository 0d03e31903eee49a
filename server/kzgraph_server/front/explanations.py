"""Why a query has no solutions: told on the page, and behind a link to programs."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlencode

from kzgraph.problem import Problem
from kzgraph.sparql.job import EXPLANATION, Job
from kzgraph_server.engine.answer import Answer, read_whole

#: Where the explanation is, below the address of a release.
PATH = "/sparql/explain"
#: Seconds that an explanation may take.
_MOST_SECONDS = 5.0
#: Bytes of an explanation, and of the address of one, as for `next` links.
_MOST_BYTES, _MOST_LINK = 1 << 20, 4096
#: How results without solutions end, and answers of no.
_ENDS = (
    b'"bindings":[]}}',
    b'"boolean":false}',
    b"<results></results></sparql>",
    b"<boolean>false</boolean></sparql>",
)
_LINES = frozenset({"csv", "tsv", "csv-excel"})


def is_empty(name: str, body: bytes) -> bool:
    """Whether a whole answer in the format called `name` shows no solutions, or no.

    Formats that do not show it by how they end are taken to have some.
    """
    if name in _LINES:
        return body == b"false" or (body.endswith(b"\n") and body.count(b"\n") == 1)
    return body.endswith(_ENDS) or (name == "nt" and not body)


def explanation_of(job: Job) -> Job:
    """The job that asks why `job` has no solutions."""
    limit = min(job.timeout, _MOST_SECONDS)
    return replace(job, offers=EXPLANATION, timeout=limit, max_rows=None, offset=0)


def help_link(job: Job, mount: str) -> str | None:
    """The link to the explanation, RFC 8288; None where it would be too long."""
    parameters = [
        ("query", job.query),
        *(("default-graph-uri", graph) for graph in job.default_graphs),
        *(("named-graph-uri", graph) for graph in job.named_graphs),
    ]
    if len(job.query) > _MOST_LINK:
        return None
    address = f"{mount}{PATH}?{urlencode(parameters, errors='replace')}"
    return f'<{address}>; rel="help"' if len(address) <= _MOST_LINK else None


async def find_reasons(job: Job, ask: Callable[[Job], Awaitable[Answer]]) -> list[str]:
    """The reasons as sentences; none where the engine has no time for them."""
    try:
        answer = await ask(explanation_of(job))
    except Problem:
        return []
    body = answer.complete
    if body is None:
        body = await read_whole(answer, _MOST_BYTES)
    return [each["message"] for each in json.loads(body)["reasons"]]
