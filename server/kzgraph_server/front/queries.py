"""`/sparql`: SPARQL 1.1 Protocol, answered by the engine, for programs and browsers alike.

https://www.w3.org/TR/sparql11-protocol/
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, TypeVar

from kzgraph.problem import Problem
from kzgraph.rdf.formats import (
    BY_NAME,
    CSVW,
    GRAPH_FORMATS,
    HTML,
    PLAIN_FORMATS,
    unacceptable,
)
from kzgraph.release.dumps import STEM
from kzgraph.results.page import MORE_ROWS
from kzgraph.sparql.evaluation import has_hashtags
from kzgraph.sparql.job import ANSWERED_BY, Job
from kzgraph_server.clients import find_share
from kzgraph_server.engine.answer import Answer, read_whole
from kzgraph_server.front.answer_rights import NAMES_GRAPHS, find_rights
from kzgraph_server.front.cache import Fields, Stored, make_key, strong_etag
from kzgraph_server.front.exchange import ClientGone, Exchange
from kzgraph_server.front.explanations import explanation_of, find_reasons, help_link, is_empty
from kzgraph_server.front.intake import check_codings
from kzgraph_server.front.offers import PAGE_OF_GRAPH, Offers, make_offers
from kzgraph_server.front.protocol import HttpRequest, QueryRequest, parse_request
from kzgraph_server.front.query_links import (
    TABLES,
    metadata_link,
    metadata_of,
    next_link,
    too_many_rows,
)
from kzgraph_server.front.serving import Serving
from kzgraph_server.front.shared import Shared
from kzgraph_server.headers import CACHED, COMMON, NEGOTIATED, NO_STORE, links, preflight
from kzgraph_server.licensing import OWN_RIGHTS, Rights
from kzgraph_server.negotiate import rank_formats
from kzgraph_server.offloading import run_sized
from kzgraph_server.pages.query_page import QueryAnswer

#: Seconds that a query may run before it is watched whether its client is still there: most are
#: answered by then, and watching costs as much as a small query.
_WATCH_AFTER = 0.05
#: Bytes of an answer that a page is made from at most. It shows less: what is beyond that is for
#: another format.
_MOST_OF_PAGE = 4 << 20
_JSON = b"application/json"
_ANSWERED_BY = ANSWERED_BY.lower().encode()
_METHODS = "GET, HEAD, POST, OPTIONS"
_METHODS_OF_LINK = "GET, HEAD, OPTIONS"

T = TypeVar("T")


async def sparql(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """Answer a query; to a request without one, the form or the service description."""
    exchange.kind = "query"
    if await answer_options(exchange, _METHODS):
        return
    asked = await _read(exchange, shared)
    if asked.query is None:
        await _introduce(exchange, serving, shared, asked)
        return
    exchange.query = asked.digest.hex()[:16]
    accepted = make_offers(exchange.field(b"accept"), asked.format, asked.hxl)
    try:
        if asked.csvw:
            await describe_table(exchange, serving, shared, asked, accepted)
        else:
            await answer_query(exchange, serving, shared, asked, accepted)
    except Problem as problem:
        # A refused query comes back in the form, if the refusal is a page.
        problem.members.setdefault("query", asked.query)
        raise


async def explain(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """Answer why a query has no solutions."""
    exchange.kind = "explanation"
    if await answer_options(exchange, _METHODS_OF_LINK):
        return
    asked = await _read(exchange, shared)
    if asked.query is None:
        raise Problem(400, "The parameter query is missing.")
    job = explanation_of(make_job(shared, asked, make_offers(None, "json")))
    answer = await ask(exchange, serving, job)
    body = answer.complete
    if body is None:
        body = await run_while_connected(exchange, read_whole(answer, _MOST_OF_PAGE))
    fields = (*COMMON, *links(shared.settings.mount), CACHED, (b"content-type", _JSON))
    stored = Stored(200, fields, body, strong_etag(body), exchange.kind)
    await shared.answer_and_keep(exchange, exchange.line, stored)


async def answer_options(exchange: Exchange, methods: str) -> bool:
    """Whether the request asked which methods there are, and is answered.

    Raises:
        Problem: 405.
    """
    if exchange.method == "OPTIONS":
        await exchange.answer(200, preflight(exchange.fields, methods), b"")
        return True
    if exchange.method not in methods.split(", "):
        detail = f"The method is not allowed here. Allowed: {methods}."
        raise Problem(405, detail, {"Allow": methods})
    return False


async def _read(exchange: Exchange, shared: Shared) -> QueryRequest:
    settings, body = shared.settings, b""
    if exchange.method == "POST":
        check_codings(exchange)
        body = await shared.bodies.read(exchange, settings.max_query_bytes, settings.query_timeout)
    content_type = exchange.field(b"content-type") or ""
    request = HttpRequest(exchange.method, exchange.query_string, content_type, body)
    size = len(exchange.query_string) + len(body)
    return await run_sized(size, parse_request, request, settings.max_query_bytes)


async def _introduce(
    exchange: Exchange, serving: Serving, shared: Shared, asked: QueryRequest
) -> None:
    """Answer a request without a query."""
    accept = exchange.field(b"accept")
    try:
        # The form is for clients that ask for HTML by name; any other gets the description.
        # Quads, too, which federating clients prefer: Comunica parses the description in 0.2 s as
        # N-Quads, and in 3 s as JSON-LD, its second choice.
        chosen = rank_formats(accept, (*GRAPH_FORMATS, HTML), asked.format)[0]
    except Problem:
        # It accepts only results, so it meant to send a query.
        raise Problem(400, "The parameter query is missing.") from None
    threads, client, mount = shared.threads, exchange.client, shared.settings.mount
    if chosen.format is HTML:
        body = (await threads.run(client, serving.renderer.form, exchange.language)).encode()
    else:
        body = await threads.run(client, serving.renderer.description, chosen.format)
    alternates = (
        f'<{mount}/sparql?format={each.name}>; rel="alternate"; type="{each.media_type}"'
        for each in GRAPH_FORMATS
        if each.name != chosen.format.name
    )
    more = ((b"link", each.encode()) for each in alternates)
    named = _fields_of(chosen.content_type, mount, False, chosen.format.name, OWN_RIGHTS, "service")
    fields = (*named, *more)
    stored = Stored(200, fields, body, strong_etag(body), exchange.kind)
    await shared.answer_and_keep(exchange, exchange.line, stored)


async def answer_query(
    exchange: Exchange, serving: Serving, shared: Shared, asked: QueryRequest, accepted: Offers
) -> None:
    """Answer a query, or the query of a table, in one of the formats that are accepted."""
    job, table = make_job(shared, asked, accepted), asked.table
    key = make_key(
        f"{exchange.prefix} {serving.version}".encode(),
        asked.digest,
        "\n".join(job.default_graphs).encode(),
        "\n".join(job.named_graphs).encode(),
        accepted.key,
        b"%d%s" % (job.offset, b" hxl" if job.hxl else b""),
        # The links of a table, and the name of its file, are its own.
        b"" if table is None else b"%s %d" % (table.path.encode(), table.paged),
    )
    if await shared.answer_kept(exchange, key):
        shared.cache.alias(exchange.line, key)
        return
    shared.metrics.cached("miss")
    answer = await ask(exchange, serving, job)
    if answer.answered_by:
        shared.metrics.answered(answer.answered_by)
    cut = answer.headers.get(MORE_ROWS) == "true"
    if cut and table and not table.paged:
        await answer.chunks.aclose()
        raise too_many_rows(job)
    rights = serving.licensing.whole
    if answer.foreign or job.default_graphs or job.named_graphs or NAMES_GRAPHS.search(job.query):
        nesting = shared.settings.max_query_nesting
        rights = await find_rights(job, answer, serving.licensing, nesting)
    if accepted.is_page(answer.format):
        await _answer_page(exchange, serving, shared, asked, key, answer, job, rights)
        return
    whole = answer.complete
    empty = whole is not None and is_empty(answer.format, whole, job.query, tagged=job.hxl)
    told: list[str | None] = []
    mount = shared.settings.mount
    if empty and serving.engine.explains:
        told.append(help_link(job, mount))
    if cut:
        told.append(next_link(job, mount, asked))
    if answer.format in TABLES:
        told.append(metadata_link(job, mount, asked, answer.format))
    if found := ", ".join(filter(None, told)):
        answer.headers["Link"] = found
    name, content_type = table.name if table else "", accepted.content_types[answer.format]
    await send(exchange, shared, key, answer, content_type, rights, name)


async def describe_table(
    exchange: Exchange,
    serving: Serving,
    shared: Shared,
    asked: QueryRequest,
    accepted: Offers,
    amend: Callable[[bytes], bytes] = bytes,
) -> None:
    """Answer with the metadata of a table, amended: what its columns mean.

    Raises:
        Problem: 406, where the format that is asked for is not that of any table or graph.
    """
    if asked.format and not accepted.names:
        shown = repr(asked.format[:40])
        raise unacceptable(f"There is no table in the format {shown}.", PLAIN_FORMATS)
    job = metadata_of(make_job(shared, asked, accepted))
    answer = await ask(exchange, serving, job)
    body = answer.complete
    if body is None:
        body = await run_while_connected(exchange, read_whole(answer, _MOST_OF_PAGE))
    fields = (
        *COMMON,
        *links(shared.settings.mount),
        CACHED,
        (b"content-type", CSVW.content_type.encode()),
        (b"content-disposition", CSVW.disposition(f"{STEM}-result-metadata").encode()),
    )
    body = amend(body)
    stored = Stored(200, fields, body, strong_etag(body), exchange.kind, exchange.query)
    await shared.answer_and_keep(exchange, exchange.line, stored)


async def _answer_page(
    exchange: Exchange,
    serving: Serving,
    shared: Shared,
    asked: QueryRequest,
    key: bytes,
    answer: Answer,
    job: Job,
    rights: Rights,
) -> None:
    """Answer with a page that shows the beginning of an answer, or why there is none."""
    whole = answer.complete
    if whole is None:
        whole = await run_while_connected(exchange, read_whole(answer, _MOST_OF_PAGE))
    reasons: list[str] = []
    if is_empty(answer.format, whole, job.query) and serving.engine.explains:
        reasons = await find_reasons(job, partial(ask, exchange, serving))
    shown = QueryAnswer(
        asked.query or "",
        asked.default_graphs,
        asked.named_graphs,
        answer.format == PAGE_OF_GRAPH,
        whole,
        answer.headers.get(MORE_ROWS) == "true",
        reasons,
        rights,
    )
    nesting = shared.settings.max_query_nesting
    html = await shared.threads.run(
        exchange.client, _render, serving, shown, nesting, exchange.language
    )
    answer.complete, answer.headers = html.encode(), {}
    await send(exchange, shared, key, answer, HTML.content_type, rights)


def _render(serving: Serving, shown: QueryAnswer, max_nesting: int, language: str) -> str:
    tagged = not shown.is_graph and has_hashtags(shown.query, max_nesting)
    return serving.renderer.answer(replace(shown, tagged=tagged), language)


async def send(
    exchange: Exchange,
    shared: Shared,
    key: bytes,
    answer: Answer,
    content_type: str,
    rights: Rights,
    name: str = "",
) -> None:
    """Send an answer: kept under `key` where it is small, streamed where it is not.

    Its file is called `name`, or as any result or graph is.
    """
    mount = shared.settings.mount
    fields = _fields_of(content_type, mount, answer.volatile, answer.format, rights, name)
    if answer.headers:
        more = ((name.lower().encode(), value.encode()) for name, value in answer.headers.items())
        fields = (*fields, *more)
    if answer.answered_by:
        fields = (*fields, (_ANSWERED_BY, answer.answered_by.encode()))
    if answer.complete is None:
        try:
            await exchange.stream(200, fields, aiter(answer.chunks))
        finally:
            await answer.chunks.aclose()
        return
    body = answer.complete
    stored = Stored(200, fields, body, strong_etag(body), exchange.kind, exchange.query)
    if answer.volatile:
        await exchange.send_stored(stored)
    else:
        await shared.answer_and_keep(exchange, key, stored)


def make_job(shared: Shared, asked: QueryRequest, accepted: Offers) -> Job:
    """What the engine is asked for a request."""
    settings = shared.settings
    most = settings.html_rows if accepted.page_of_result else settings.max_rows or None
    limit = settings.query_timeout
    return Job(
        query=asked.query or "",
        offers=accepted.names,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        timeout=min(asked.timeout or limit, limit),
        max_rows=most,
        offset=asked.offset,
        hxl=asked.hxl,
        own=asked.table is not None,
    )


async def ask(exchange: Exchange, serving: Serving, job: Job) -> Answer:
    """The engine's answer; the query is withdrawn when the client goes.

    Raises:
        ClientGone: the client disconnected first.
        Problem: whatever the engine refuses it with.
    """
    return await run_while_connected(exchange, serving.engine.ask(job, find_share(exchange.client)))


async def run_while_connected(exchange: Exchange, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled when the client disconnects.

    Raises:
        ClientGone: the client disconnected first.
    """
    working = asyncio.current_task()
    watching: list[asyncio.Task[None]] = []
    gone = ended = False

    def withdraw(watch: asyncio.Task[None]) -> None:
        nonlocal gone
        if working is not None and not ended and not watch.cancelled():
            gone = True
            working.cancel()

    def begin_watch() -> None:
        watching.append(exchange.watch())
        watching[0].add_done_callback(withdraw)

    # A timer costs a tenth of a task to wait for alongside another.
    timer = asyncio.get_running_loop().call_later(_WATCH_AFTER, begin_watch)
    try:
        return await work
    except asyncio.CancelledError:
        if gone:
            raise ClientGone from None
        raise
    finally:
        ended = True
        timer.cancel()
        for watch in watching:
            watch.remove_done_callback(withdraw)


@lru_cache(maxsize=64)  # of the server's own media types
def _fields_of(
    content_type: str, mount: str, volatile: bool, name: str, rights: Rights, kind: str = ""
) -> Fields:
    """The header fields of an answer in the format called `name`, or of a page made from it."""
    kind = kind or ("graph" if BY_NAME[name] in GRAPH_FORMATS else "result")
    sent = HTML if content_type == HTML.content_type else BY_NAME[name]
    disposition = sent.disposition(f"{STEM}-{kind}").encode()
    return (
        *COMMON,
        *NEGOTIATED,
        *links(mount, rights.links(mount)),
        NO_STORE if volatile else CACHED,
        (b"content-type", content_type.encode()),
        (b"content-disposition", disposition),
    )
