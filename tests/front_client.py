"""The front without a network: its requests and answers in this process, for tests of both."""

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

from werkzeug.test import Client

from kzgraph.release import Release
from kzgraph.sparql.dispatch import perform
from kzgraph.sparql.job import TABLE_ROWS, Job
from kzgraph.tidy.file_rows import evaluate_choice
from kzgraph_server.engine.answer import Answer, EngineState
from kzgraph_server.flask_app import create_app
from kzgraph_server.front.app import Front
from kzgraph_server.front.serving import Serving
from kzgraph_server.licensing import Licensing
from kzgraph_server.release_tables import open_tables
from kzgraph_server.rendering import Renderer
from kzgraph_server.settings import Settings


class HereEngine:
    """An engine that evaluates in this process, where nothing can stop a query."""

    def __init__(self, release: Release, max_nesting: int) -> None:
        self._store, self._vintages = release.store, release.vintages
        self._max_nesting = max_nesting
        self._dumps = release.dumps

    #: Whether it says why a query has no solutions.
    explains = True

    async def start(self) -> None:
        """Nothing is to be started."""

    async def stop(self, grace: float) -> None:
        """Nothing is to be stopped."""

    def ready(self) -> bool:
        """Always."""
        return True

    def state(self) -> EngineState:
        """Always the same."""
        return EngineState(ready=True)

    async def ask(self, job: Job, client: str) -> Answer:
        """The whole answer to `job`."""
        if job.offers[:1] == (TABLE_ROWS,):
            evaluated = evaluate_choice(job, self._dumps, 256, self._max_nesting)
        else:
            evaluated = perform(job, self._store, self._max_nesting, self._vintages)
        out = io.BytesIO()
        evaluated.write(out)
        header = evaluated.header
        return Answer(
            header.content_type,
            header.format,
            _Nothing(),
            dict(header.headers),
            header.volatile,
            out.getvalue(),
        )


class _Nothing:
    async def __aiter__(self) -> AsyncIterator[bytes]:
        nothing: tuple[bytes, ...] = ()
        for each in nothing:
            yield each

    async def aclose(self) -> None:
        pass


class FixedSwitch:
    """Serves one release for good."""

    def __init__(self, serving: Serving) -> None:
        self.now = serving

    async def start(self) -> None:
        """Nothing is to be started."""

    async def stop(self) -> None:
        """Nothing is to be stopped."""


def make_front(release: Release, settings: Settings | None = None) -> Front:
    """The front that serves `release`."""
    limits = replace(settings or Settings(), access_log="off")
    engine = HereEngine(release, limits.max_query_nesting)
    renderer = Renderer(create_app(release, limits))
    licensing = Licensing.of_release(release)
    tables = open_tables(release)
    serving = Serving(release.version, release.path, engine, renderer, licensing, tables)
    switch: Any = FixedSwitch(serving)
    return Front(switch, limits)


class FrontClient(Client):
    """A client of the front that serves a release.

    Attributes:
        release: the release.
    """

    def __init__(self, release: Release | Path, settings: Settings | None = None) -> None:
        self.release = Release(release) if isinstance(release, Path) else release
        super().__init__(_OverWsgi(make_front(self.release, settings)))


class _OverWsgi:
    """A front as werkzeug's client calls it, with an event loop of its own."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked = asyncio.run_coroutine_threadsafe(self._ask(environ), self._loop)
        status, fields, body = asked.result(60)
        start_response(f"{status} X", [(n.decode(), v.decode("latin-1")) for n, v in fields])
        return [body]

    async def _ask(self, environ: dict[str, Any]) -> tuple[int, Any, bytes]:
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            "raw_path": quote_from_bytes(environ["PATH_INFO"].encode("latin-1")).encode(),
            "query_string": environ["QUERY_STRING"].encode("latin-1"),
            "headers": list(_headers(environ)),
            "client": (environ.get("REMOTE_ADDR", "127.0.0.1"), 0),
        }
        start: dict[str, Any] = {}
        body = bytearray()
        received = [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))]

        async def receive() -> dict[str, Any]:
            if received:
                return {"type": "http.request", "body": received.pop(), "more_body": False}
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message["body"])

        await self._front(scope, receive, send)
        return start["status"], start["headers"], bytes(body)


def _headers(environ: dict[str, Any]) -> Iterable[tuple[bytes, bytes]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].lower().replace("_", "-").encode(), value.encode("latin-1")
        elif name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            yield name.lower().replace("_", "-").encode(), value.encode("latin-1")
