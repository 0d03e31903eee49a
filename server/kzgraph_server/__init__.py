"""The server: a Flask application, the ASGI front before it, and the engine behind both.

A worker process of the engine imports this package too and must stay small, so what it offers is
imported when it is asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kzgraph_server.flask_app import create_app
    from kzgraph_server.settings import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        from kzgraph_server.flask_app import create_app

        return create_app
    if name == "Settings":
        from kzgraph_server.settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
