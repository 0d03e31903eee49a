"""`/sparql` for programs: SPARQL 1.1 Protocol, answered by the engine.

https://www.w3.org/TR/sparql11-protocol/
"""

import asyncio
import hashlib
from collections.abc import Hashable
from typing import TYPE_CHECKING

from kzgraph.results.page import MORE_ROWS, next_page
from kzgraph.sparql.job import Job
from kzgraph_server.clients import share_of
from kzgraph_server.engine.answer import Answer
from kzgraph_server.front import pages
from kzgraph_server.front.cache import Fields, Stored, strong_etag
from kzgraph_server.front.exchange import ClientGone, Exchange
from kzgraph_server.front.serving import Serving
from kzgraph_server.headers import CACHED, COMMON, LINKS, NEGOTIATED, NO_STORE
from kzgraph_server.offers import Offers, offers
from kzgraph_server.protocol import HttpRequest, QueryRequest, parse_request

if TYPE_CHECKING:
    from kzgraph_server.front.app import Front

#: Seconds that a query may run before it is watched whether its client is still there: most are
#: answered by then, and watching costs as much as a small query.
_WATCH_AFTER = 0.05


async def sparql(front: "Front", exchange: Exchange, serving: Serving) -> None:
    """Answer a query; the form, its results as a page and OPTIONS are left to Flask."""
    exchange.kind = "query"
    if exchange.method not in ("GET", "HEAD", "POST"):
        await pages.page(front, exchange, serving)
        return
    most = front.settings.max_query_bytes
    body = b""
    if exchange.method == "POST":
        body = await exchange.body(most, front.settings.query_timeout)
    asked = parse_request(
        HttpRequest(
            exchange.method,
            exchange.query_string,
            exchange.field(b"content-type") or "",
            body,
        ),
        most,
    )
    if asked.query is None:
        await pages.page(front, exchange, serving)
        return
    exchange.query = hashlib.sha256(asked.query.encode("utf-8", "replace")).hexdigest()[:16]
    accepted = offers(exchange.field(b"accept"), asked.format)
    if accepted.page(asked.query):
        await pages.page(front, exchange, serving, body)
        return
    await _answer(front, exchange, serving, asked, accepted)


async def _answer(
    front: "Front", exchange: Exchange, serving: Serving, asked: QueryRequest, accepted: Offers
) -> None:
    job = make_job(front, asked, accepted.names)
    key = (
        serving.version,
        job.query,
        job.default_graphs,
        job.named_graphs,
        accepted,
        job.offset,
    )
    if await front.answer_kept(exchange, key):
        front.alias(exchange, serving, key)
        return
    front.metrics.cached("miss")
    answer = await ask(exchange, serving, job)
    if answer.headers.get(MORE_ROWS) == "true":
        answer.headers["Link"] = _next_link(asked, job)
    await send(front, exchange, serving, key, answer, accepted.content_type(answer.format))


async def send(
    front: "Front",
    exchange: Exchange,
    serving: Serving,
    key: Hashable,
    answer: Answer,
    content_type: str,
) -> None:
    """Send an answer: kept under `key` where it is small, streamed where it is not."""
    fields = _fields(answer, content_type)
    if answer.complete is None:
        try:
            await exchange.stream(200, fields, aiter(answer.chunks))
        finally:
            exchange.rows = answer.rows
            await answer.chunks.aclose()
        return
    exchange.rows = answer.rows
    stored = Stored(
        200,
        fields,
        answer.complete,
        strong_etag(answer.complete),
        exchange.kind,
        exchange.query,
        answer.rows,
    )
    if not answer.volatile:
        front.keep(exchange, serving, key, stored)
    await exchange.stored(stored)


def make_job(front: "Front", asked: QueryRequest, names: tuple[str, ...]) -> Job:
    """What the engine is asked for a request."""
    limit = front.settings.query_timeout
    return Job(
        kind="query",
        query=asked.query or "",
        offers=names,
        default_graphs=tuple(graph.value for graph in asked.default_graphs),
        named_graphs=tuple(graph.value for graph in asked.named_graphs),
        timeout=min(asked.timeout or limit, limit),
        max_rows=front.settings.max_rows or None,
        offset=asked.offset,
    )


async def ask(exchange: Exchange, serving: Serving, job: Job) -> Answer:
    """The engine's answer; the question is withdrawn when the client goes.

    Raises:
        ClientGone: the client went first.
        Problem: whatever the engine refuses it with.
    """
    # A timer costs a tenth of a task to wait for beside another.
    loop = asyncio.get_running_loop()
    asking = asyncio.current_task()
    watching: list[asyncio.Task[None]] = []
    gone = False

    async def withdraw() -> None:
        nonlocal gone
        await exchange.gone()
        gone = True
        if asking is not None:
            asking.cancel()

    timer = loop.call_later(_WATCH_AFTER, lambda: watching.append(loop.create_task(withdraw())))
    try:
        return await serving.engine.ask(job, share_of(exchange.client))
    except asyncio.CancelledError:
        if gone:
            raise ClientGone from None
        raise
    finally:
        timer.cancel()
        for task in watching:
            task.cancel()


def preflight(methods: str) -> Fields:
    """The fields of an answer to OPTIONS, for pages of other hosts."""
    return (
        (b"access-control-allow-methods", methods.encode()),
        (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match, Range"),
        (b"access-control-max-age", b"86400"),
    )


def _next_link(asked: QueryRequest, job: Job) -> str:
    """The link to the next page of a capped result, RFC 8288."""
    parameters = [
        ("query", job.query),
        *(("default-graph-uri", graph) for graph in job.default_graphs),
        *(("named-graph-uri", graph) for graph in job.named_graphs),
        *((("format", asked.format),) if asked.format else ()),
    ]
    return f'<{next_page("/sparql", parameters, job.offset + (job.max_rows or 0))}>; rel="next"'


def _fields(answer: Answer, content_type: str) -> Fields:
    return (
        *COMMON,
        *NEGOTIATED,
        *LINKS,
        NO_STORE if answer.volatile else CACHED,
        (b"content-type", content_type.encode()),
        *((name.lower().encode(), value.encode()) for name, value in answer.headers.items()),
    )
