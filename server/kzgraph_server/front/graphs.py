"""`/data?graph=IRI` and `/data?default`: the read side of the Graph Store Protocol.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from kzgraph.problem import Problem
from kzgraph.rdf.formats import WHOLE_GRAPH_FORMATS
from kzgraph_server.front import queries
from kzgraph_server.front.cache import make_key
from kzgraph_server.front.context import Context
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.front.protocol import asked_format, parse_parameters
from kzgraph_server.front.serving import Serving
from kzgraph_server.graph_store import asked_graph, graph_job
from kzgraph_server.headers import preflight
from kzgraph_server.negotiate import negotiate_accept
from kzgraph_server.offloading import run_sized

_METHODS = "GET, HEAD, OPTIONS"


async def graph(exchange: Exchange, serving: Serving, context: Context) -> None:
    """Answer with a named graph, or with the union of all of them."""
    exchange.kind = "graph"
    if exchange.method == "OPTIONS":
        await exchange.answer(200, preflight(exchange.fields, _METHODS), b"")
        return
    if exchange.method not in ("GET", "HEAD"):
        detail = "Graphs are read-only here. Allowed: " + _METHODS + "."
        raise Problem(405, detail, {"Allow": _METHODS})
    given = exchange.query_string
    pairs = await run_sized(len(given), parse_parameters, given)
    names = [value for name, value in pairs if name == "graph"]
    defaults = [value for name, value in pairs if name == "default"]
    name = asked_graph(names, defaults)
    accept = exchange.field(b"accept")
    chosen = negotiate_accept(accept, WHOLE_GRAPH_FORMATS, asked_format(pairs))
    key = make_key(
        serving.version.encode(), b"graph", (name or "").encode(), chosen.content_type.encode()
    )
    if await context.answer_kept(exchange, key):
        context.cache.alias(exchange.line, key)
        return
    job = graph_job(name, chosen.format.name, context.settings.query_timeout)
    answer = await queries.ask(exchange, serving, job)
    await queries.send(exchange, context, key, answer, chosen.content_type)
