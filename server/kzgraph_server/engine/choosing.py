"""The factory of engines: a remote one if `KZGRAPH_ENGINE` is set, else the release itself."""

from kzgraph.iri import graph
from kzgraph.release import Release
from kzgraph.release.integrity import STORE
from kzgraph_server.engine.answer import Engine
from kzgraph_server.engine.local import LocalEngine
from kzgraph_server.settings import Settings


def engine_for(release: Release, settings: Settings) -> Engine:
    """The engine that answers queries about `release`; it is not started."""
    if not settings.engine:
        return LocalEngine(release.path / STORE, settings)
    # Imported here: most servers do not need an HTTP client.
    from kzgraph_server.engine.remote import RemoteEngine

    names = [graph(name).value for name in release.manifest["counts"]["graphs"]]
    return RemoteEngine(settings, names)
