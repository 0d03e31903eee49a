"""The Flask application that serves a release: pages, descriptions and dumps."""

from flask import Flask

from kzgraph.prefixes import PREDECLARED
from kzgraph.release import Release
from kzgraph.release.dumps import ATTRIBUTION
from kzgraph_server import headers, problems
from kzgraph_server.licensing import get_rights
from kzgraph_server.pages import (
    api,
    assets,
    catalog,
    chart_data,
    check,
    cite_pages,
    completions,
    docs,
    downloads,
    examples,
    graph_store,
    home,
    language,
    llms_text,
    navigation,
    ontology,
    project,
    quality,
    releases,
    search,
    table_pages,
    things,
)
from kzgraph_server.pages.browse import routes as browse_routes
from kzgraph_server.pages.reconcile import reconcile_routes
from kzgraph_server.served import Served, attach
from kzgraph_server.settings import Settings


def create_app(release: Release, settings: Settings, site: Settings | None = None) -> Flask:
    """The application that makes the pages about `release`; the front answers queries.

    Args:
        release: the release, in the folder of releases whose history is shown.
        settings: what it is served with.
        site: the settings of the server, where the release is served at the address of its version.
    """
    app = language.LanguageFlask(__name__)
    # `//host/x` must not become a redirect to `/host/x`, nor a missing slash one to anywhere.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # Every address that `url_for` makes begins with it.
    app.config["APPLICATION_ROOT"] = settings.mount or "/"
    served = Served(release, settings, release.path.parent, site or settings)
    attach(app, served)
    app.jinja_env.globals.update(
        release_version=release.version,
        prefixes=PREDECLARED,
        site=served.site.mount,
        pinned=served.pinned,
        mount=settings.mount,
        get_rights=get_rights,
        # A release without sources has no other licence than its own.
        attribution=ATTRIBUTION if release.sources else "",
    )
    problems.register(app)
    language.register(app)
    assets.register(app)
    navigation.register(app)
    app.after_request(headers.add)
    for module in (
        home,
        examples,
        things,
        cite_pages,
        completions,
        ontology,
        downloads,
        quality,
        catalog,
        graph_store,
        chart_data,
        api,
        docs,
        llms_text,
        project,
        search,
        check,
        table_pages,
        browse_routes,
        reconcile_routes,
    ):
        app.register_blueprint(module.blueprint)
    if not served.pinned:
        app.register_blueprint(releases.blueprint)
    # The front answers there; pages link to the endpoint, and to its page in their language.
    for endpoint in ("sparql.endpoint", "sparql.page"):
        app.add_url_rule("/sparql", endpoint, build_only=True)
    return app
