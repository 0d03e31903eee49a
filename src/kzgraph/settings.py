"""The settings of the library and the command line, each an environment variable.

A command-line option wins over its variable. The limits of the server stand with the server.
`docs/settings.md` describes them all, and a test holds that page to the code.
"""

import os
from pathlib import Path

from platformdirs import user_data_path

#: The folder of releases that `build` writes to and `serve` and `query` read.
RELEASES = "KZGRAPH_RELEASES"

#: The folder of tables to build from, instead of those that ship with kzgraph.
TABLES = "KZGRAPH_TABLES"

#: The address that `serve` listens on, and its port.
HOST = "KZGRAPH_HOST"
PORT = "KZGRAPH_PORT"

#: The endpoint that `query` asks, instead of the local release.
ENDPOINT = "KZGRAPH_ENDPOINT"

#: Seconds after which `query` gives up.
TIMEOUT = "KZGRAPH_TIMEOUT"

#: The password or token that `publish` uses, so that it stands in no command line.
PUBLISH_PASSWORD = "KZGRAPH_PUBLISH_PASSWORD"  # noqa: S105 - the name of the variable

#: The SPARQL endpoint that `serve` passes queries on to, instead of answering from the release.
ENGINE = "KZGRAPH_ENGINE"

#: Who asks there, if it wants to know.
ENGINE_USER = "KZGRAPH_ENGINE_USER"
ENGINE_PASSWORD = "KZGRAPH_ENGINE_PASSWORD"  # noqa: S105 - the name of the variable

#: What a query without a data set is about there: `release` or `engine`.
ENGINE_DATASET = "KZGRAPH_ENGINE_DATASET"

#: The parameter that tells the engine the deadline of a query.
ENGINE_TIMEOUT = "KZGRAPH_ENGINE_TIMEOUT"

#: Connections to the engine at a time.
ENGINE_CONNECTIONS = "KZGRAPH_ENGINE_CONNECTIONS"

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
DEFAULT_TIMEOUT = 60.0


def releases_root() -> Path:
    """The folder of releases: `KZGRAPH_RELEASES`, or one among the user's data."""
    return Path(os.environ.get(RELEASES) or user_data_path("kzgraph") / "releases")
