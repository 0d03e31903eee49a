"""The read side of the SPARQL 1.1 Graph Store HTTP Protocol: `/data?graph=IRI`, `/data?default`.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from kzgraph.problem import Problem
from kzgraph.rdf.formats import WHOLE_GRAPH_FORMATS
from kzgraph.sparql.job import Job
from kzgraph_server.clients import share_of
from kzgraph_server.negotiate import negotiate
from kzgraph_server.served import served

blueprint = Blueprint("graph_store", __name__)


@blueprint.get("/data")
def read() -> Response:
    """The graph that the request names, in the format it asks for."""
    now = served()
    name = asked_graph(request.args.getlist("graph"), request.args.getlist("default"))
    chosen = negotiate(request, WHOLE_GRAPH_FORMATS, request.args.get("format"))
    job = graph_job(name, chosen.format.name, now.settings.query_timeout)
    answer = now.ask(job, share_of(request.remote_addr or ""))
    response = Response(answer.body, content_type=chosen.content_type)
    response.vary.add("Accept")
    return response


def asked_graph(graphs: list[str], defaults: list[str]) -> str | None:
    """The graph that the parameters `graph` and `default` name; None is the default graph.

    Raises:
        Problem: 400, where they name none, two, or something that is no absolute IRI.
    """
    if len(graphs) + len(defaults) != 1:
        raise Problem(400, "A graph is asked for by either ?graph=IRI or ?default, given once.")
    if defaults:
        return None
    try:
        return NamedNode(graphs[0]).value
    except ValueError:
        raise Problem(400, f"graph={graphs[0][:80]!r} is no absolute IRI.") from None


def graph_job(name: str | None, format_name: str, timeout: float) -> Job:
    """What the engine is asked for the read of a graph."""
    return Job(
        kind="graph",
        query="",
        default_graphs=() if name is None else (name,),
        named_graphs=(),
        offers=(format_name,),
        timeout=timeout,
    )
