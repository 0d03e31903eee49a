"""`/health`, `/ready` and `/metrics`, for operators; none waits for pages or queries."""

import json
from collections.abc import Iterator

from kzgraph.problem import Problem
from kzgraph_server.engine.answer import EngineState
from kzgraph_server.front.cache import Fields
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.front.metrics import CONTENT_TYPE, Sample
from kzgraph_server.front.serving import Serving
from kzgraph_server.front.shared import Shared
from kzgraph_server.headers import COMMON, NO_STORE, preflight

_METHODS = "GET, HEAD, OPTIONS"
_JSON = (*COMMON, NO_STORE, (b"content-type", b"application/json"))


async def health(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """200 as long as the server runs."""
    document = {"status": "ok", "version": serving.version}
    await _answer(exchange, 200, _JSON, json.dumps(document).encode() + b"\n")


async def ready(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """200 where queries can be answered, 503 where they cannot, and why."""
    state = serving.engine.state()
    document = {
        "status": "ready" if state.ready else "not ready",
        "version": serving.version,
        "workers": {"idle": state.idle, "busy": state.busy, "long": state.long},
        "queued": state.queued,
        "network": {True: "none", False: "shared", None: "unknown"}[state.isolated],
        "error": state.error,
    }
    body = json.dumps(document).encode() + b"\n"
    await _answer(exchange, 200 if state.ready else 503, _JSON, body)


async def metrics(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """Everything counted, for Prometheus."""
    fields = (*COMMON, NO_STORE, (b"content-type", CONTENT_TYPE))
    await _answer(exchange, 200, fields, shared.metrics.text())


def engine_samples(state: EngineState) -> Iterator[Sample]:
    """The gauges and counts of an engine."""
    workers = {
        "idle": state.idle,
        "busy": state.busy,
        "long": state.long,
        "starting": state.starting,
    }
    for name, count in workers.items():
        yield "kzgraph_workers", {"state": name}, count
    yield "kzgraph_queue_length", {}, state.queued
    for cause, count in state.ended.items():
        yield "kzgraph_worker_ends", {"cause": cause}, count


async def _answer(exchange: Exchange, status: int, fields: Fields, body: bytes) -> None:
    exchange.kind = "operations"
    if exchange.method == "OPTIONS":
        status, fields, body = 200, preflight(exchange.fields, _METHODS), b""
    elif exchange.method not in ("GET", "HEAD"):
        detail = f"The method is not allowed here. Allowed: {_METHODS}."
        raise Problem(405, detail, {"Allow": _METHODS})
    await exchange.answer(status, fields, body)
