"""The ASGI application: queries are answered here, pages are forwarded to Flask.

Why not Flask alone: a WSGI server can neither see a client's disconnect nor break off an answer
that failed half-way, and Flask's request and response objects cost more than a small query.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from time import perf_counter
from urllib.parse import quote, unquote

from kzgraph.problem import Problem
from kzgraph_server.clients import find_client, parse_networks
from kzgraph_server.engine.answer import EngineFailure
from kzgraph_server.front import (
    explanations,
    operations,
    pages,
    queries,
    table_answers,
    tool_calls,
)
from kzgraph_server.front.access_log import AccessLog
from kzgraph_server.front.archive import ADDRESS, Archive
from kzgraph_server.front.cache import Cache, make_key
from kzgraph_server.front.exchange import (
    ClientGone,
    ClientSlow,
    Exchange,
    Receive,
    Scope,
    Send,
)
from kzgraph_server.front.intake import Bodies, Calls, check_head
from kzgraph_server.front.metrics import Metrics, Sample
from kzgraph_server.front.serving import Serving, Switch
from kzgraph_server.front.shared import Shared
from kzgraph_server.front.sockets import limit_sending
from kzgraph_server.front.turns import PageThreads
from kzgraph_server.language_addresses import ENGLISH, split_language
from kzgraph_server.problems import wants_page, write_problem
from kzgraph_server.settings import Settings

_log = logging.getLogger(__name__)

Handler = Callable[[Exchange, Serving, Shared], Awaitable[None]]

#: Fields under which a file may be answered otherwise than what is kept of it.
_CONDITIONS = frozenset({b"range", b"if-match"})

_HANDLERS: Mapping[str, Handler] = {
    "/sparql": queries.sparql,
    "/sparql/": queries.sparql,
    explanations.PATH: queries.explain,
    "/mcp": tool_calls.mcp,
    table_answers.PATH: table_answers.answer_table,
    "/health": operations.health,
    "/ready": operations.ready,
    "/metrics": operations.metrics,
}
#: Those that a release has at the address of its version as well.
_PINNED = {
    path: each
    for path, each in _HANDLERS.items()
    if path.startswith(("/sparql", "/tables", "/mcp"))
}


class Front:
    """The application that granian runs.

    Args:
        switch: what is served now; it changes when a release is published.
        settings: the limits.
        archive: the releases at the addresses of their versions; None for none of them.
    """

    def __init__(self, switch: Switch, settings: Settings, archive: Archive | None = None) -> None:
        self._switch = switch
        self._archive = archive
        self._settings = settings
        self._mount = unquote(settings.mount)
        self._limited = False
        self._trusted = parse_networks(settings.trusted_proxies)
        self._access_log = AccessLog("" if settings.access_log == "off" else settings.access_log)
        self._shared = Shared(
            settings,
            Cache(settings.cache_mib << 20),
            Metrics(self._samples),
            Bodies(settings.bodies_mib << 20),
            PageThreads(settings.threads),
            Calls(settings.queue),
            self,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop with the server."""
        if scope["type"] == "http":
            if self._mount:
                scope = _strip_mount(self._mount, scope)
            if not self._limited:
                self._limited = True
                limit_sending(self._settings.send_timeout)
            await self._http(Exchange(scope, receive, send, self._settings.send_timeout))
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._switch.start()
        except Exception:
            # The reason was reported to the operator.
            await send({"type": "lifespan.startup.failed", "message": ""})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._archive is not None:
            await self._archive.stop()
        await self._switch.stop()
        self._access_log.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, exchange: Exchange) -> None:
        broken: Exception | None = None
        try:
            await self._handle(exchange)
        except Problem as problem:
            await self._refuse(exchange, problem)
        except (ClientGone, asyncio.CancelledError):
            exchange.outcome = "cancelled"
            if not exchange.status:
                await exchange.dismiss()
        except ClientSlow as slow:
            exchange.outcome = "slow"
            broken = slow
        except EngineFailure as failure:
            if exchange.status:
                exchange.outcome = "broken"
                _log.warning("an answer broke off: %s", failure.problem.detail)
                broken = failure
            else:
                await self._refuse(exchange, failure.problem)
        except Exception as error:
            _log.exception("unexpected error at %s", exchange.path)
            exchange.outcome = "failed"
            if exchange.status:
                broken = error
            else:
                detail = "The server could not answer this request; this is its fault."
                await self._refuse(exchange, Problem(500, detail))
        finally:
            exchange.end()
            self._shared.bodies.release(exchange)
            self._note(exchange)
        if broken is not None:
            # Let through, it makes the server close the connection without the last chunk.
            raise broken

    async def _handle(self, exchange: Exchange) -> None:
        check_head(exchange, self._settings)
        if self._trusted:
            exchange.client = find_client(
                exchange.peer,
                exchange.field(b"forwarded"),
                exchange.field(b"x-forwarded-for"),
                self._trusted,
            )
        pinned = ADDRESS.fullmatch(exchange.path) if self._archive is not None else None
        if pinned is None:
            await self._dispatch(exchange, _HANDLERS, self._switch.now, self._shared)
        elif self._archive is not None:
            await self._handle_pinned(exchange, self._archive, *pinned.groups())

    async def _handle_pinned(
        self, exchange: Exchange, archive: Archive, version: str, rest: str
    ) -> None:
        """Answer from the release at the address of its version."""
        exchange.release = "failed"
        try:
            async with archive.use(version, self._switch.now) as opened:
                exchange.release = "earlier" if opened.owned else "pinned"
                exchange.prefix, exchange.path = exchange.path.removesuffix(rest), rest
                exchange.refuse = opened.serving.renderer.problem
                shared = replace(self._shared, settings=opened.settings)
                await self._dispatch(exchange, _PINNED, opened.serving, shared)
        except Problem as problem:
            if exchange.release == "failed":
                known = {404: "unknown", 410: "gone"}
                exchange.release = known.get(problem.status, "failed")
            raise

    async def _dispatch(
        self,
        exchange: Exchange,
        handlers: Mapping[str, Handler],
        serving: Serving,
        shared: Shared,
    ) -> None:
        handler = _find(handlers, exchange.path, serving)
        if handler is None:
            handler = pages.page
            exchange.language, path = split_language(exchange.path)
            if exchange.language != ENGLISH:
                exchange.prefix += f"/{exchange.language}"
                exchange.path = path
                handler = _find(handlers, path, serving) or pages.page
                has_page = handler in (pages.page, queries.sparql)
                wanted = handler is pages.page or wants_page(exchange.field(b"accept"))
                if not (has_page and wanted):
                    # What is for programs has one address.
                    at = exchange.prefix.removesuffix(f"/{exchange.language}")
                    raise _move(self._mount + at + path, exchange)
        if exchange.method in ("GET", "HEAD") and _CONDITIONS.isdisjoint(exchange.fields):
            exchange.line = _line(exchange, serving)
            # The same line was answered before.
            if await shared.answer_kept(exchange, exchange.line):
                return
        await handler(exchange, serving, shared)

    def _note(self, exchange: Exchange) -> None:
        seconds = perf_counter() - exchange.started
        self._shared.metrics.request(exchange.kind, exchange.status, seconds, exchange.sent)
        self._shared.metrics.of_release(exchange.release)
        self._access_log.add(
            exchange.client,
            exchange.method,
            exchange.prefix + exchange.path,
            exchange.status,
            seconds,
            exchange.sent,
            exchange.outcome,
            exchange.query,
        )

    async def _refuse(self, exchange: Exchange, problem: Problem) -> None:
        if exchange.outcome == "ok":
            exchange.outcome = "timeout" if problem.status == 504 else "refused"
        accept = exchange.field(b"accept") if problem.status != 431 else None
        page = None
        if wants_page(accept):
            refuse = exchange.refuse or self._switch.now.renderer.problem
            try:
                page = await self._shared.threads.run(
                    exchange.client, refuse, problem, exchange.language
                )
            except Problem:
                page = None  # No thread is free to make one.
        await exchange.answer(*write_problem(problem, accept, page))

    def _samples(self) -> Iterator[Sample]:
        yield "kzgraph_cache_bytes", {}, self._shared.cache.bytes
        yield "kzgraph_cache_entries", {}, len(self._shared.cache)
        yield "kzgraph_body_bytes", {}, self._shared.bodies.bytes
        yield "kzgraph_log_dropped", {}, self._access_log.dropped
        serving = self._switch.now
        yield "kzgraph_release_info", {"version": serving.version}, 1
        if self._archive is not None:
            yield "kzgraph_earlier_releases_open", {}, self._archive.earlier
        yield from operations.engine_samples(serving.engine.state())


def _find(handlers: Mapping[str, Handler], path: str, serving: Serving) -> Handler | None:
    """The handler of an address; None where Flask answers there."""
    if path.startswith("/tables/") and table_answers.is_table(path, serving.tables):
        path = table_answers.PATH
    return handlers.get(path)


def _strip_mount(mount: str, scope: Scope) -> Scope:
    """The request for a path below `mount`; unchanged if a proxy has removed `mount`."""
    path: str = scope["path"]
    if not f"{path}/".startswith(f"{mount}/"):
        return scope
    return {**scope, "path": path[len(mount) :] or "/"}


def _move(path: str, exchange: Exchange) -> Problem:
    """Permanent Redirect to `path`, with the query of the request: RFC 9110, section 15.4.9."""
    location = quote(path, safe="/") + (
        f"?{exchange.query_string.decode('latin-1')}" if exchange.query_string else ""
    )
    return Problem(308, "It has one address for all languages.", {"Location": location})


def _line(exchange: Exchange, serving: Serving) -> bytes:
    """The cache key of a request: all that its answer depends on."""
    return make_key(
        serving.version.encode(),
        (exchange.prefix + exchange.path).encode("utf-8", "surrogateescape"),
        exchange.query_string,
        exchange.fields.get(b"accept", b""),
    )
