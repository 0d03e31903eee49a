"""The read side of the SPARQL 1.1 Graph Store HTTP Protocol: `/data?graph=IRI`, `/data?default`.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from kzgraph.problem import Problem
from kzgraph_server.descriptions import links
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.downloads import list_formats, send_graph

blueprint = Blueprint("graph_store", __name__)


@blueprint.get("/data")
def read() -> Response:
    """The graph that the request names, superseded or not, in the format it asks for."""
    name = read_graph_name(request.args.getlist("graph"), request.args.getlist("default"))
    formats = list_formats(name)
    links.offer(formats)
    return send_graph(name, negotiate(formats))


def read_graph_name(graphs: list[str], defaults: list[str]) -> str | None:
    """The graph that the parameters `graph` and `default` name; None is the default graph.

    Raises:
        Problem: 400, where they name none, two, or something that is not an absolute IRI.
    """
    if len(graphs) + len(defaults) != 1:
        raise Problem(400, "A graph is asked for by either ?graph=IRI or ?default, given once.")
    if defaults:
        return None
    try:
        return NamedNode(graphs[0]).value
    except ValueError:
        raise Problem(400, f"graph={graphs[0][:80]!r} is not an absolute IRI.") from None
