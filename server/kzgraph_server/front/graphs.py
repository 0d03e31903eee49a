"""`/data?graph=IRI` and `/data?default`: the read side of the Graph Store Protocol.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from kzgraph.problem import Problem
from kzgraph.rdf.formats import WHOLE_GRAPH_FORMATS
from kzgraph_server.front import queries
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.front.serving import Serving
from kzgraph_server.graph_store import asked_graph, graph_job
from kzgraph_server.headers import COMMON
from kzgraph_server.negotiate import negotiate_accept

if TYPE_CHECKING:
    from kzgraph_server.front.app import Front

_METHODS = "GET, HEAD, OPTIONS"


async def graph(front: "Front", exchange: Exchange, serving: Serving) -> None:
    """Answer with a named graph, or with the union of all of them."""
    exchange.kind = "graph"
    if exchange.method == "OPTIONS":
        fields = (*COMMON, (b"allow", _METHODS.encode()), *queries.preflight(_METHODS))
        await exchange.answer(204, fields, b"")
        return
    if exchange.method not in ("GET", "HEAD"):
        detail = "Graphs are read-only here. Allowed: " + _METHODS + "."
        raise Problem(405, detail, {"Allow": _METHODS})
    names, defaults, asked = _parse(exchange.query_string)
    name = asked_graph(names, defaults)
    chosen = negotiate_accept(exchange.field(b"accept"), WHOLE_GRAPH_FORMATS, asked)
    key = (serving.version, "graph", name, chosen)
    if await front.answer_kept(exchange, key):
        front.alias(exchange, serving, key)
        return
    job = graph_job(name, chosen.format.name, front.settings.query_timeout)
    answer = await queries.ask(exchange, serving, job)
    await queries.send(front, exchange, serving, key, answer, chosen.content_type)


def _parse(query_string: bytes) -> tuple[list[str], list[str], str | None]:
    """The values of `graph` and of `default`, and the format.

    Raises:
        Problem: 400, where the query string cannot be read.
    """
    try:
        text = query_string.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise Problem(400, "The parameters are not percent-encoded UTF-8.") from None
    names = [value for name, value in pairs if name == "graph"]
    defaults = [value for name, value in pairs if name == "default"]
    return names, defaults, next((v for name, v in pairs if name == "format" and v), None)
