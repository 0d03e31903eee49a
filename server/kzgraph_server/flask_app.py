"""The Flask application that serves a release: pages, descriptions and dumps."""

from flask import Flask

from kzgraph.prefixes import PREFIXES
from kzgraph.release import Release
from kzgraph_server import (
    descriptions,
    downloads,
    graph_store,
    headers,
    home,
    ontology,
    problems,
    quality,
    things,
)
from kzgraph_server.served import Served, attach
from kzgraph_server.settings import Settings


def create_app(release: Release, settings: Settings) -> Flask:
    """The application that makes the pages about `release`; the front answers queries."""
    app = Flask(__name__)
    # `//host/x` must not become a redirect to `/host/x`, nor a missing slash one to anywhere.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # Every address that `url_for` makes begins with it.
    app.config["APPLICATION_ROOT"] = settings.mount or "/"
    attach(app, Served(release, settings))
    app.jinja_env.globals.update(release_version=release.version, prefixes=PREFIXES)
    problems.register(app)
    app.after_request(headers.add)
    for module in (home, things, ontology, downloads, quality, descriptions, graph_store):
        app.register_blueprint(module.blueprint)
    # The front answers there; pages link to them.
    app.add_url_rule("/sparql", "sparql.endpoint", build_only=True)
    return app
