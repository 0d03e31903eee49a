"""`/about`: what the graph is made from and how, what it does not say, and where to turn."""

from flask import Blueprint, render_template
from pyoxigraph import NamedNode

from kzgraph.licences import name_licence
from kzgraph.version import VERSION
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.views import Viewer, is_web, sorted_views
from kzgraph_server.served import get_served

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
@in_languages
def show() -> str:
    """The page."""
    now = get_served()
    viewer = Viewer(now.store)
    documents = [viewer.named(NamedNode(each.document)) for each in now.statistics.coverage]
    sources = [each for each in now.release.sources if each.current]
    return render_template(
        "about.html",
        documents=sorted_views(documents),
        sources=sorted(sources, key=lambda each: each.title.casefold()),
        is_web=is_web,
        licence=name_licence,
        code_version=VERSION,
    )
