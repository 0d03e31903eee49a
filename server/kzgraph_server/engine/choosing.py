"""Which engine answers: another one where `KZGRAPH_ENGINE` names it, else the release itself."""

import os
from collections.abc import Mapping

from kzgraph import settings
from kzgraph.iri import graph
from kzgraph.release import Release
from kzgraph_server.engine.answer import Engine
from kzgraph_server.engine.local import LocalEngine
from kzgraph_server.engine.settings import EngineSettings


def engine_for(
    release: Release, limits: EngineSettings, environment: Mapping[str, str] = os.environ
) -> Engine:
    """The engine that answers queries about `release`; it is not started.

    Raises:
        SettingsError: what the environment says of another engine makes no sense.
    """
    if not environment.get(settings.ENGINE, "").strip():
        return LocalEngine(release.path / "store", limits)
    # Imported here: most servers have no need of an HTTP client.
    from kzgraph_server.engine.remote import RemoteEngine
    from kzgraph_server.engine.remote_settings import RemoteSettings

    remote = RemoteSettings.from_environment(
        environment, limits.timeout_s, limits.max_query_nesting
    )
    assert remote is not None  # noqa: S101 - the variable is set
    names = [graph(name).value for name in release.manifest["counts"]["graphs"]]
    return RemoteEngine(remote, lambda: names)


def check_engine(environment: Mapping[str, str] = os.environ) -> None:
    """Find faults in what the environment says of another engine before the server starts.

    Raises:
        SettingsError: there is one.
    """
    if environment.get(settings.ENGINE, "").strip():
        from kzgraph_server.engine.remote_settings import RemoteSettings

        RemoteSettings.from_environment(environment)
