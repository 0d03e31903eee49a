"""Addresses of what belongs to a query, and links to them: https://www.rfc-editor.org/rfc/rfc8288."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from kzgraph.problem import Problem
from kzgraph.rdf.formats import CSVW, PLAIN_FORMATS
from kzgraph.sparql.job import TABLE_METADATA, Job
from kzgraph_server.front.protocol import QueryRequest

#: Bytes of an address; many clients and proxies take no longer header field.
_MOST = 4096
#: Where queries are asked, below the address of a release.
QUERIES = "/sparql"
#: The formats of tables that CSVW metadata are for, by their names.
TABLES = frozenset(each.name for each in PLAIN_FORMATS)


def make_link(
    job: Job, path: str, attributes: str, parameters: Iterable[tuple[str, str]] = ()
) -> str | None:
    """A link to what belongs to the query of `job`; None where its address would be too long.

    Args:
        job: the query and its data set.
        path: of the address.
        attributes: of the link.
        parameters: of the address, besides those of the query.
    """
    if len(job.query) > _MOST:
        return None
    every = [
        ("query", job.query),
        *(("default-graph-uri", graph) for graph in job.default_graphs),
        *(("named-graph-uri", graph) for graph in job.named_graphs),
        *parameters,
    ]
    return _write_link(path, every, attributes)


def next_link(job: Job, mount: str, asked: QueryRequest) -> str | None:
    """The link to the next page of a capped result, below `mount`."""
    attributes = 'rel="next"'
    more = [*_tagged(job), ("offset", str(job.offset + (job.max_rows or 0)))]
    if asked.table is not None:
        return _write_link(mount + asked.table.path, [*asked.table.parameters, *more], attributes)
    formats = (("format", asked.format),) if asked.format else ()
    return make_link(job, f"{mount}{QUERIES}", attributes, [*formats, *more])


def metadata_link(job: Job, mount: str, asked: QueryRequest, name: str) -> str | None:
    """The link to what the columns of a table in the format called `name` mean.

    https://www.w3.org/TR/tabular-data-model/#link-header
    """
    attributes = f'rel="describedby"; type="{CSVW.content_type}"'
    more = [*_tagged(job), ("csvw", "true")]
    if asked.table is not None:
        return _write_link(mount + asked.table.path, [*asked.table.parameters, *more], attributes)
    return make_link(job, f"{mount}{QUERIES}", attributes, [("format", name), *more])


def _write_link(path: str, parameters: Iterable[tuple[str, str]], attributes: str) -> str | None:
    address = f"{path}?{urlencode([*parameters], errors='replace')}"
    return f"<{address}>; {attributes}" if len(address) <= _MOST else None


def metadata_of(job: Job) -> Job:
    """The job that asks what the columns of the table of `job` mean."""
    name = next((each for each in job.offers if each in TABLES), PLAIN_FORMATS[0].name)
    return replace(job, offers=(TABLE_METADATA, name), max_rows=None, offset=0)


def too_many_rows(job: Job) -> Problem:
    """Why a table is not sent: a spreadsheet shows no header field, so it would be cut unseen."""
    detail = (
        f"This table has more than {job.max_rows} rows, which this server gives at most at a time. "
        "Ask for it in pages with offset=0."
    )
    return Problem(422, detail, limit=job.max_rows)


def _tagged(job: Job) -> Iterable[tuple[str, str]]:
    return (("hxl", "true"),) if job.hxl else ()
