"""Why a query has no solutions: told on the page, and behind a link to programs."""

import csv
import io
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import islice

from pyoxigraph import QueryBoolean, QueryResultsFormat, parse_query_results

from kzgraph.problem import Problem
from kzgraph.sparql.emptiness.aggregates import has_aggregate, may_be_of_nothing, read_row
from kzgraph.sparql.job import EXPLANATION, Job
from kzgraph_server.engine.answer import Answer, read_whole
from kzgraph_server.front.query_links import make_link

#: Where the explanation is, below the address of a release.
PATH = "/sparql/explain"
#: Seconds that an explanation may take.
_MOST_SECONDS = 5.0
#: Bytes of an explanation.
_MOST_BYTES = 1 << 20
#: How results without solutions end, and answers of no.
_ENDS = (
    b'"bindings":[]}}',
    b'"boolean":false}',
    b"<results></results></sparql>",
    b"<boolean>false</boolean></sparql>",
)
_CSV = frozenset({"csv", "csv-excel"})
_LINES = _CSV | {"tsv"}
_RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "tsv": QueryResultsFormat.TSV,
}
#: What is between two rows of values: with it there is more than one row, and no need to read it.
_BETWEEN = {"json": b"}},{", "xml": b"</result><result>"}
#: Bytes of an answer whose only row is looked at.
_MOST_ROW = 4096


def is_empty(name: str, body: bytes, query: str, *, tagged: bool = False) -> bool:
    """Whether a whole answer in the format called `name` shows no solutions, or no.

    One row of aggregates that may be over nothing counts as none. Formats that do not show it by
    how they end are taken to have some. Where a table is `tagged`, its second line is not a row.
    """
    if tagged and name in _LINES:
        header, _, rest = body.partition(b"\n")
        body = header + b"\n" + rest.partition(b"\n")[2]
    if name in _LINES:
        if body == b"false" or (body.endswith(b"\n") and body.count(b"\n") == 1):
            return True
    elif body.endswith(_ENDS) or (name == "nt" and not body):
        return True
    if len(body) > _MOST_ROW or _has_rows(name, body) or not has_aggregate(query):
        return False
    row = _read_only_row(name, body)
    return row is not None and may_be_of_nothing(query, row)


def _has_rows(name: str, body: bytes) -> bool:
    """Whether a table certainly has more than one row."""
    if name in _LINES:
        return body.count(b"\n") > 2
    return name in _BETWEEN and _BETWEEN[name] in body


def _read_only_row(name: str, body: bytes) -> Sequence[str | None] | None:
    """The values of a table of one row; None for any other answer."""
    if name in _CSV:
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
        return rows[1] if len(rows) == 2 else None
    form = _RESULTS.get(name)
    if form is None:
        return None
    result = parse_query_results(body, form)
    if isinstance(result, QueryBoolean):
        return None
    found = [tuple(row) for row in islice(result, 2)]
    return read_row(found[0]) if len(found) == 1 else None


def explanation_of(job: Job) -> Job:
    """The job that asks why `job` has no solutions."""
    limit = min(job.timeout, _MOST_SECONDS)
    return replace(job, offers=EXPLANATION, timeout=limit, max_rows=None, offset=0, hxl=False)


def help_link(job: Job, mount: str) -> str | None:
    """The link to the explanation, RFC 8288; None where it would be too long."""
    return make_link(job, f"{mount}{PATH}", 'rel="help"')


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
