"""The read side of the SPARQL 1.1 Graph Store HTTP Protocol: `/data?graph=IRI`, `/data?default`.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from pyoxigraph import NamedNode

from kzgraph.problem import Problem
from kzgraph.sparql.job import Job


def asked_graph(graphs: list[str], defaults: list[str]) -> str | None:
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
