"""Addresses of what belongs to a query, and links to them: https://www.rfc-editor.org/rfc/rfc8288."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from kzgraph.rdf.formats import CSVW, PLAIN_FORMATS
from kzgraph.sparql.job import TABLE_METADATA, Job

#: Bytes of an address; many clients and proxies take no longer header field.
_MOST = 4096
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
    address = f"{path}?{urlencode(every, errors='replace')}"
    return f"<{address}>; {attributes}" if len(address) <= _MOST else None


def next_link(job: Job, path: str, asked_format: str | None) -> str | None:
    """The link to the next page of a capped result."""
    parameters = [
        *((("format", asked_format),) if asked_format else ()),
        *_tagged(job),
        ("offset", str(job.offset + (job.max_rows or 0))),
    ]
    return make_link(job, path, 'rel="next"', parameters)


def metadata_link(job: Job, path: str, name: str) -> str | None:
    """The link to what the columns of a table in the format called `name` mean.

    https://www.w3.org/TR/tabular-data-model/#link-header
    """
    parameters = [("format", name), *_tagged(job), ("csvw", "true")]
    attributes = f'rel="describedby"; type="{CSVW.content_type}"'
    return make_link(job, path, attributes, parameters)


def metadata_of(job: Job) -> Job:
    """The job that asks what the columns of the table of `job` mean."""
    name = next((each for each in job.offers if each in TABLES), PLAIN_FORMATS[0].name)
    return replace(job, offers=(TABLE_METADATA, name), max_rows=None, offset=0)


def _tagged(job: Job) -> Iterable[tuple[str, str]]:
    return (("hxl", "true"),) if job.hxl else ()
