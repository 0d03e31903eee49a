"""Tables that a release has as files: the whole file, or rows of it that a worker reads.

A worker is asked for rows as for the answer to a query, so that lanes, deadlines, caches, formats
and licences are those of queries.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from kzgraph.rdf.formats import CSVW, RESULTS_CSV, RESULTS_PARQUET
from kzgraph.release.dumps import DUMPS, STEM
from kzgraph.results.page import MORE_ROWS
from kzgraph.sparql.job import TABLE_ROWS
from kzgraph.tidy.file_tables import FileTable
from kzgraph.tidy.row_choice import RowChoice
from kzgraph_server.front import pages
from kzgraph_server.front.cache import Stored, make_key, strong_etag
from kzgraph_server.front.column_texts import describe_file
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.front.offers import make_offers
from kzgraph_server.front.protocol import QueryRequest
from kzgraph_server.front.queries import ask, make_job, send
from kzgraph_server.front.query_links import TABLES, metadata_link, next_link, too_many_rows
from kzgraph_server.front.serving import Serving
from kzgraph_server.front.shared import Shared
from kzgraph_server.headers import CACHED, COMMON, links
from kzgraph_server.licensing import OWN_RIGHTS


def has_whole(file: FileTable, suffix: str) -> bool:
    """Whether the whole table is a file in a format."""
    named = {RESULTS_PARQUET.name: file.parquet, RESULTS_CSV.name: file.csv}
    return bool(named.get(suffix))


async def answer_whole(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """Answer with the file of a table, whose address that of the exchange is."""
    exchange.kind = "page"
    await pages.page(exchange, serving, shared)


async def answer_rows(
    exchange: Exchange, serving: Serving, shared: Shared, asked: QueryRequest, choice: RowChoice
) -> None:
    """Answer with rows of a table.

    Args:
        exchange: the request.
        serving: the release.
        shared: what the server has one of.
        asked: the table, its format and page.
        choice: which rows.

    Raises:
        Problem: whatever the engine refuses it with; 422, where the table has more rows than are
            given at a time.
    """
    text, table = choice.to_text(), asked.table
    assert table is not None and asked.format is not None  # noqa: S101 - of a table
    accepted = make_offers(None, asked.format, asked.hxl)
    job = replace(make_job(shared, asked, accepted), query=text, offers=(TABLE_ROWS, asked.format))
    key = make_key(
        f"{exchange.prefix} {serving.version}".encode(),
        hashlib.sha256(text.encode()).digest(),
        asked.format.encode(),
        b"rows %d %d %d" % (job.offset, job.hxl, table.paged),
    )
    if await shared.answer_kept(exchange, key):
        shared.cache.alias(exchange.line, key)
        return
    shared.metrics.cached("miss")
    answer = await ask(exchange, serving, job)
    cut = answer.headers.get(MORE_ROWS) == "true"
    if cut and not table.paged:
        await answer.chunks.aclose()
        raise too_many_rows(job)
    mount = shared.settings.mount
    told = [
        next_link(job, mount, asked) if cut else None,
        metadata_link(job, mount, asked, answer.format) if answer.format in TABLES else None,
    ]
    if found := ", ".join(filter(None, told)):
        answer.headers["Link"] = found
    rights = serving.licensing.files.get(f"{DUMPS}/{choice.file}", OWN_RIGHTS)
    await send(exchange, shared, key, answer, answer.content_type, rights, table.name)


async def answer_metadata(
    exchange: Exchange,
    serving: Serving,
    shared: Shared,
    file: FileTable,
    asked: QueryRequest,
    names: Sequence[str],
) -> None:
    """Answer with what the columns of a table mean, as its file of metadata has it.

    Args:
        exchange: the request.
        serving: the release.
        shared: what the server has one of.
        file: the table.
        asked: the table, and its format.
        names: of the columns that the table has by its parameters.
    """
    assert asked.table is not None  # noqa: S101 - it is asked for a table
    parameters = [*asked.table.parameters, *([("hxl", "true")] if asked.hxl else [])]
    suffix = asked.format if asked.format in TABLES else RESULTS_CSV.name
    address = f"{file.table.name}.{suffix}" + (f"?{urlencode(parameters)}" if parameters else "")
    body = await shared.threads.run(
        exchange.client,
        _read_metadata,
        serving.path / DUMPS / file.metadata,
        address,
        names,
        asked.hxl,
    )
    fields = (
        *COMMON,
        *links(shared.settings.mount),
        CACHED,
        (b"content-type", CSVW.content_type.encode()),
        (b"content-disposition", CSVW.disposition(f"{STEM}-{file.table.name}-metadata").encode()),
    )
    stored = Stored(200, fields, body, strong_etag(body), exchange.kind, exchange.query)
    await shared.answer_and_keep(exchange, exchange.line, stored)


def _read_metadata(path: Path, address: str, names: Sequence[str], tagged: bool) -> bytes:
    return describe_file(path.read_bytes(), address, names, tagged=tagged)
