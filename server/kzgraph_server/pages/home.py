"""`/`: the overview."""

from flask import Blueprint, render_template
from pyoxigraph import NamedNode

from kzgraph.iri import ONTOLOGY, graph
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.pages.language import get_language, in_languages
from kzgraph_server.pages.overview_numbers import COUNTRY, make_overview, read_news
from kzgraph_server.pages.views import Viewer, sorted_views
from kzgraph_server.served import compute_once, get_served

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@in_languages
def overview() -> str:
    """The overview page."""
    now = get_served()
    viewer = Viewer(now.store)
    set_rights(get_licensing().whole)  # It shows what official figures say.
    return render_template(
        "home/overview.html",
        # Queries and pictures take 100 ms: once for a release in each language.
        found=compute_once(make_overview, get_language()),
        country=viewer.named(COUNTRY),
        news=read_news(now),
        version=now.release.version,
        triples=now.statistics.triples,
        graphs=len(now.statistics.graphs),
        classes={
            each.term.removeprefix(ONTOLOGY) for each in now.statistics.classes if each.entities
        },
        tables=[
            (viewer.named(graph(each.name)), each.date)
            for each in now.release.sources
            if each.current
        ],
        documents=sorted_views(
            viewer.named(NamedNode(each.document)) for each in now.statistics.coverage
        ),
    )
