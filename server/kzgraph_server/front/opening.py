"""Opening a release: its engine, its pages, and the way from a page to the engine."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from flask import Flask

from kzgraph.problem import Problem
from kzgraph.release import Release
from kzgraph.sparql.job import Job
from kzgraph_server.asking import Whole, read_whole
from kzgraph_server.engine.answer import Engine
from kzgraph_server.engine.choosing import engine_for
from kzgraph_server.front.app import Front
from kzgraph_server.front.serving import Asgi, Open, Serving, Switch
from kzgraph_server.problems import html
from kzgraph_server.settings import Settings


def application(
    release_root: Path, settings: Settings, stopping: Callable[[], bool] = lambda: False
) -> Front:
    """The ASGI application that serves the current release of a folder of releases.

    Args:
        release_root: the folder of releases.
        settings: the limits.
        stopping: whether the server was told to stop.
    """
    return Front(Switch(release_root, opener(settings), settings, stopping), settings)


def opener(settings: Settings) -> Open:
    """What opens releases under these limits."""
    # One for all releases: it bounds the calls that run at a time.
    federation = _federation(settings.service_allow) if settings.service_allow else None

    def open_release(path: Path, loop: asyncio.AbstractEventLoop) -> Serving:
        # Imported here: it brings the pages and the descriptions, which take a while to import.
        from kzgraph_server.flask_app import create_app

        release = Release(path)
        engine = engine_for(release, settings.engine)
        if federation is not None:
            engine = federation(engine)
        app = create_app(release, settings, ask=_Asker(engine, loop))

        def problem_page(problem: Problem) -> str:
            with app.test_request_context("/"):
                return html(problem)

        return Serving(
            release.version,
            path,
            engine,
            _over_asgi(app, settings.threads),
            _over_asgi(app, settings.threads),
            problem_page,
        )

    return open_release


def _over_asgi(app: Flask, threads: int) -> Asgi:
    # Its types name every kind of ASGI message; the front knows those of HTTP alone.
    return cast("Asgi", WSGIMiddleware(cast("Any", app), workers=threads))


def _federation(allowed: str) -> Callable[[Engine], Engine]:
    """What puts federation with the endpoints of a list before an engine."""
    # Imported here: most servers call no other endpoint and need no HTTP client.
    from kzgraph_server.federation.allow_list import allow_list
    from kzgraph_server.federation.engine import FederatingEngine
    from kzgraph_server.federation.fetch import Federation

    federation = Federation(allow_list(allowed))
    return lambda engine: FederatingEngine(engine, federation)


class _Asker:
    """Asks the engine from a thread of Flask's."""

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        self._engine = engine
        self._loop = loop

    def __call__(self, job: Job, client: str) -> Whole:
        """The whole answer to `job`.

        Raises:
            Problem: whatever the engine refuses it with.
        """
        asked: Future[Whole] = asyncio.run_coroutine_threadsafe(
            read_whole(self._engine, job, client), self._loop
        )
        return asked.result()
