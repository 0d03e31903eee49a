"""`/health`, `/ready` and `/metrics`, for operators; none waits for pages or queries."""

import json
from collections.abc import Iterator

from kzgraph.problem import Problem
from kzgraph_server.engine.answer import EngineState
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.front.metrics import CONTENT_TYPE, Sample
from kzgraph_server.front.serving import Serving
from kzgraph_server.front.shared import Shared
from kzgraph_server.headers import COMMON, NO_STORE

_JSON = (*COMMON, NO_STORE, (b"content-type", b"application/json"))


async def health(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """200 as long as the server runs."""
    _begin(exchange)
    document = {"status": "ok", "version": serving.version}
    await exchange.answer(200, _JSON, json.dumps(document).encode() + b"\n")


async def ready(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """200 where queries can be answered, 503 where they cannot, and why."""
    _begin(exchange)
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
    await exchange.answer(200 if state.ready else 503, _JSON, body)


async def metrics(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """Everything counted, for Prometheus."""
    _begin(exchange)
    fields = (*COMMON, NO_STORE, (b"content-type", CONTENT_TYPE))
    await exchange.answer(200, fields, shared.metrics.text())


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


def _begin(exchange: Exchange) -> None:
    exchange.kind = "operations"
    if exchange.method not in ("GET", "HEAD"):
        detail = f"The method {exchange.method} is not allowed here. Allowed: GET, HEAD."
        raise Problem(405, detail, {"Allow": "GET, HEAD"})
