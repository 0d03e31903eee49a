"""The ASGI application: the path of a query kept short, and everything else handed to Flask.

Why not Flask alone: a WSGI server can neither see that a client went away nor break off an answer
that failed half way, and Flask's request and response objects cost more than a small query.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping
from time import perf_counter

from kzgraph.problem import Problem
from kzgraph_server.clients import client_of, parse_networks
from kzgraph_server.engine.answer import EngineFailure
from kzgraph_server.front import graphs, operations, pages, queries
from kzgraph_server.front.access_log import AccessLog
from kzgraph_server.front.cache import Cache, Stored
from kzgraph_server.front.exchange import ClientGone, Exchange, Receive, Scope, Send
from kzgraph_server.front.metrics import Metrics, Sample
from kzgraph_server.front.serving import Serving, Switch
from kzgraph_server.problems import refusal
from kzgraph_server.settings import Settings

_log = logging.getLogger(__name__)

#: More request lines than this are forgotten at once; the answers behind them stay.
_MOST_ALIASES = 8_192

Handler = Callable[["Front", Exchange, Serving], Awaitable[None]]

_HANDLERS: Mapping[str, Handler] = {
    "/sparql": queries.sparql,
    "/sparql/": queries.sparql,
    "/data": graphs.graph,
    "/health": operations.health,
    "/ready": operations.ready,
    "/metrics": operations.metrics,
}


class Front:
    """The application that granian runs.

    Args:
        switch: what is served now; it changes when a release is published.
        settings: the limits.

    Attributes:
        settings: the limits.
        metrics: what is counted.
    """

    def __init__(self, switch: Switch, settings: Settings) -> None:
        self._switch = switch
        self.settings = settings
        self._cache = Cache(settings.cache_mib << 20)
        self._aliases: dict[Hashable, Hashable] = {}
        self._trusted = parse_networks(settings.trusted_proxies)
        self._access_log = AccessLog("" if settings.access_log == "off" else settings.access_log)
        self.metrics = Metrics(self._samples)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop with the server."""
        if scope["type"] == "http":
            await self._http(Exchange(scope, receive, send))
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._switch.start()
        except Exception:
            # The operator has been told why.
            await send({"type": "lifespan.startup.failed", "message": ""})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._switch.stop()
        self._access_log.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, exchange: Exchange) -> None:
        exchange.client = client_of(
            exchange.peer,
            exchange.field(b"forwarded"),
            exchange.field(b"x-forwarded-for"),
            self._trusted,
        )
        broken: Exception | None = None
        try:
            serving = self._switch.now
            if not await self._from_cache(exchange, serving):
                handler = _HANDLERS.get(exchange.path, pages.page)
                await handler(self, exchange, serving)
        except Problem as problem:
            await self._refuse(exchange, problem)
        except (ClientGone, asyncio.CancelledError):
            exchange.outcome = "cancelled"
            if not exchange.status:
                await exchange.dismiss()
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
            self._note(exchange)
        if broken is not None:
            # Let through, it makes the server close the connection without the last chunk.
            raise broken

    def _note(self, exchange: Exchange) -> None:
        seconds = perf_counter() - exchange.started
        self.metrics.request(exchange.kind, exchange.status, seconds, exchange.sent)
        self._access_log.add(
            exchange.client,
            exchange.method,
            exchange.path,
            exchange.status,
            seconds,
            exchange.sent,
            exchange.outcome,
            exchange.query,
            exchange.rows,
        )

    async def _refuse(self, exchange: Exchange, problem: Problem) -> None:
        if exchange.outcome == "ok":
            exchange.outcome = "timeout" if problem.status == 504 else "refused"
        page = self._switch.now.problem_page
        await exchange.answer(*refusal(problem, exchange.field(b"accept"), page))

    # --- answers that are kept

    async def _from_cache(self, exchange: Exchange, serving: Serving) -> bool:
        """Answer by the request line alone, where the same line was answered before."""
        if exchange.method not in ("GET", "HEAD") or b"range" in exchange.fields:
            return False
        key = self._aliases.get(_line(exchange, serving))
        if key is None:
            return False
        return await self.answer_kept(exchange, key)

    async def answer_kept(self, exchange: Exchange, key: Hashable) -> bool:
        """Answer with what is kept under `key`, if anything is."""
        stored = self._cache.get(key)
        if stored is None:
            return False
        self.metrics.cached("hit")
        exchange.outcome = "cached"
        exchange.kind, exchange.query, exchange.rows = stored.kind, stored.query, stored.rows
        await exchange.stored(stored)
        return True

    def keep(self, exchange: Exchange, serving: Serving, key: Hashable, stored: Stored) -> None:
        """Keep an answer under `key`, to be found by the request line as well."""
        self._cache.put(key, stored)
        self.alias(exchange, serving, key)

    def alias(self, exchange: Exchange, serving: Serving, key: Hashable) -> None:
        """Let the same request line find what is kept under `key`."""
        if exchange.method in ("GET", "HEAD"):
            if len(self._aliases) >= _MOST_ALIASES:
                self._aliases.clear()
            self._aliases[_line(exchange, serving)] = key

    def _samples(self) -> Iterator[Sample]:
        yield "kzgraph_cache_bytes", {}, self._cache.bytes
        yield "kzgraph_cache_entries", {}, len(self._cache)
        serving = self._switch.now
        yield "kzgraph_release_info", {"version": serving.version}, 1
        yield from operations.engine_samples(serving.engine.state())


def _line(exchange: Exchange, serving: Serving) -> Hashable:
    """What an answer depends on, as the request states it."""
    return (
        serving.version,
        exchange.path,
        exchange.query_string,
        exchange.fields.get(b"accept"),
    )
