"""Opening a release: its engine and its pages."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from kzgraph.iri import graph, thing
from kzgraph.prefixes import PREFIXES
from kzgraph.problem import Problem
from kzgraph.release import Release
from kzgraph.release.integrity import STORE
from kzgraph.sparql.job import Job
from kzgraph.sparql.superseded import Tables
from kzgraph_server.engine.answer import Engine, EngineFailure, read_whole
from kzgraph_server.engine.local import LocalEngine
from kzgraph_server.front.app import Front
from kzgraph_server.front.archive import Archive, OnDemandEngine, Prepare
from kzgraph_server.front.serving import Open, Operator, Serving, Switch
from kzgraph_server.kept import find_kept
from kzgraph_server.settings import Settings

_VERSION_QUERY = f"""
SELECT ?version {{ {thing("dataset", "kzgraph")} <{PREFIXES["dcat"]}version> ?version }}
"""
#: More than the answer to it.
_MOST_BYTES = 1024


def application(release_root: Path, settings: Settings, operator: Operator) -> Front:
    """The ASGI application that serves the current release of a folder of releases.

    Args:
        release_root: the folder of releases.
        settings: the limits.
        operator: the process that started the server.
    """
    prepare = _preparer(settings)
    switch = Switch(release_root, opener(settings, prepare), settings, operator)

    def find(version: str) -> Path:
        return find_kept(release_root, version, settings.mount).path

    return Front(switch, settings, Archive(release_root, find, prepare, settings))


def _preparer(site: Settings) -> Prepare:
    """A function that makes what serves a release, its engine not started.

    Args:
        site: the settings of the server.
    """
    # One for all releases: it bounds the calls that run at a time.
    federation = _federation(site) if site.service_allow else None

    def prepare(path: Path, settings: Settings, engine: Engine | None = None) -> Serving:
        # Imported here: it brings the pages and the descriptions, which take a while to import.
        from kzgraph_server.flask_app import create_app
        from kzgraph_server.licensing import Licensing
        from kzgraph_server.release_tables import open_tables
        from kzgraph_server.rendering import Renderer

        release = Release(path)
        release.check()
        if engine is None:
            engine = _make_engine(release, settings)
            engine = federation(engine) if federation is not None else engine
        renderer = Renderer(create_app(release, settings, site))
        licensing = Licensing.of_release(release)
        tables = open_tables(release)
        return Serving(release.version, release.path, engine, renderer, licensing, tables)

    return prepare


def opener(settings: Settings, prepare: Prepare) -> Open:
    """A function that opens releases under these limits."""

    async def open_release(path: Path) -> Serving:
        serving = await asyncio.to_thread(prepare, path, settings, None)
        try:
            await serving.engine.start()
            if not settings.engine:
                # Another engine may be loaded, or started, later than this server.
                await _check_workers(serving, settings.query_timeout)
        except BaseException:
            await serving.engine.stop(0)
            raise
        return serving

    return open_release


def _make_engine(release: Release, settings: Settings) -> Engine:
    """The engine that answers queries about `release`; it is not started."""
    if not settings.engine:
        return LocalEngine(release.path / STORE, settings)
    # Imported here: most servers do not need an HTTP client.
    from kzgraph_server.engine.remote import RemoteEngine
    from kzgraph_server.engine.with_tables import EngineWithTables

    names = [graph(name).value for name in release.manifest["counts"]["graphs"]]
    tables = Tables.of_manifest(release.manifest) if release.superseded else None
    own = OnDemandEngine(LocalEngine(release.path / STORE, settings))
    return EngineWithTables(RemoteEngine(settings, names, tables), own)


async def _check_workers(serving: Serving, timeout: float) -> None:
    """Check with a query that the workers have the release.

    Raises:
        EngineFailure: they do not start, do not answer, or have another one.
    """
    error = serving.engine.state().error
    if error is not None:
        raise EngineFailure(Problem(503, error))
    job = Job(_VERSION_QUERY, (), (), ("csv",), timeout)
    try:
        answer = await serving.engine.ask(job, client="")
        found = await read_whole(answer, _MOST_BYTES)
    except Problem as problem:
        raise EngineFailure(problem) from None
    if found.split() != [b"version", serving.version.encode()]:
        detail = f"the workers of release {serving.version} answer for another: {found!r}"
        raise EngineFailure(Problem(503, detail))


def _federation(settings: Settings) -> Callable[[Engine], Engine]:
    """A function that wraps an engine with federation, for the endpoints that are listed."""
    # Imported here: most servers call no other endpoint and need no HTTP client.
    from kzgraph_server.allow_list import Network, allow_list, permits_also
    from kzgraph_server.clients import parse_networks
    from kzgraph_server.federation.engine import FederatingEngine
    from kzgraph_server.federation.fetch import Federation, Limits

    limits = Limits(nesting=settings.max_query_nesting)
    network = Network(permits=permits_also(parse_networks(settings.service_networks)))
    federation = Federation(allow_list(settings.service_allow), limits, network=network)
    return lambda engine: FederatingEngine(engine, federation)
