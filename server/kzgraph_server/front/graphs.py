"""`/data?graph=IRI` and `/data?default`: the read side of the Graph Store Protocol.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode

from kzgraph_server.engine.job import Job
from kzgraph_server.formats import WHOLE_GRAPH_FORMATS, negotiate_accept
from kzgraph_server.front import queries
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.front.serving import Serving
from kzgraph_server.headers import COMMON
from kzgraph_server.problems import Problem

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
    name, asked = _parse(exchange.query_string)
    chosen = negotiate_accept(exchange.field(b"accept"), WHOLE_GRAPH_FORMATS, asked)
    key = (serving.version, "graph", name, chosen)
    if await front.answer_kept(exchange, key):
        front.alias(exchange, serving, key)
        return
    job = Job(
        kind="graph",
        query="",
        default_graphs=(name,) if name else (),
        named_graphs=(),
        offers=(chosen.format.name,),
        timeout=front.settings.query_timeout,
    )
    answer = await queries.ask(exchange, serving, job)
    await queries.send(front, exchange, serving, key, answer, chosen.content_type)


def _parse(query_string: bytes) -> tuple[str | None, str | None]:
    """The graph that is asked for, None for the union of all, and the format.

    Raises:
        Problem: 400, where it is not exactly one graph that has an absolute IRI.
    """
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=100,
        )
    except ValueError:
        raise Problem(400, "The parameters are not percent-encoded UTF-8.") from None
    names = [value for name, value in pairs if name == "graph"]
    defaults = [value for name, value in pairs if name == "default"]
    asked = next((value for name, value in pairs if name == "format" and value), None)
    if len(names) + len(defaults) != 1:
        raise Problem(400, "Ask for one graph, by ?graph= and its IRI or by ?default.")
    if defaults:
        return None, asked
    try:
        return NamedNode(names[0]).value, asked
    except ValueError:
        raise Problem(400, f"graph={names[0][:80]!r} is no absolute IRI.") from None
