"""`/sparql`: the SPARQL 1.1 Protocol for queries, a form for a browser, the service description."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Blueprint, Request, Response, render_template, request, url_for
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from kzgraph.problem import Problem
from kzgraph.rdf.formats import BOOLEAN_FORMATS, GRAPH_FORMATS, HTML, RESULT_FORMATS, Format
from kzgraph.results.page import MORE_ROWS
from kzgraph.sparql.job import Job
from kzgraph_server.asking import Whole
from kzgraph_server.clients import share_of
from kzgraph_server.descriptions import service_response
from kzgraph_server.negotiate import negotiate
from kzgraph_server.offers import offers
from kzgraph_server.protocol import HttpRequest, QueryRequest, parse_request, too_large
from kzgraph_server.served import Served, served
from kzgraph_server.views import View, Viewer

blueprint = Blueprint("sparql", __name__)

#: The formats in which the page takes an answer, of a result and of a graph.
GRAPH = "nt"
_SHOWN = ("json", GRAPH)

#: What the empty form starts from.
EXAMPLE = """\
# Population figures of one year, with the operation or place they are about
SELECT ?scope ?group ?value WHERE {
  ?figure a kzg:PopulationFigure ;
          kzg:scope/rdfs:label ?scope ;
          kzg:populationGroup/skos:prefLabel ?group ;
          kzg:year 2018 ;
          kzg:value ?value .
  FILTER (lang(?scope) = "en" && lang(?group) = "en")
}
ORDER BY ?scope ?group
"""


@dataclass(frozen=True)
class Table:
    """A result as the page shows it; `more` says whether there are further rows."""

    columns: list[str]
    rows: list[list[View]]
    more: bool


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query; to a request without one, the form or the service description."""
    now = served()
    most = now.settings.max_query_bytes
    asked = parse_request(_http_request(request, most), most)
    response = _form(asked) if asked.query is None else _answer(now, asked)
    response.vary.add("Accept")
    return response


def _http_request(flask_request: Request, max_bytes: int) -> HttpRequest:
    body = _body(flask_request, max_bytes) if flask_request.method == "POST" else b""
    return HttpRequest(
        flask_request.method,
        flask_request.environ.get("QUERY_STRING", "").encode("latin-1", "replace"),  # PEP 3333
        flask_request.headers.get("Content-Type", ""),
        body,
    )


def _body(flask_request: Request, max_bytes: int) -> bytes:
    if (flask_request.content_length or 0) > max_bytes:
        raise too_large(max_bytes)
    # A chunked body states no length, so one byte more than allowed is asked for.
    stream = flask_request.environ["wsgi.input"]
    body = bytearray()
    while len(body) <= max_bytes:
        part = stream.read(max_bytes + 1 - len(body))
        if not part:
            return bytes(body)
        body += part
    raise too_large(max_bytes)


def _form(asked: QueryRequest) -> Response:
    try:
        # The form is for who asks for HTML by name; any other client gets the description.
        chosen = negotiate(request, (*GRAPH_FORMATS, HTML), asked.format)
    except Problem:
        # It takes only results, so it meant to ask something.
        raise Problem(400, "The parameter query is missing.") from None
    if chosen.format is not HTML:
        return service_response(asked.format)
    page = render_template("query.html", query=EXAMPLE)
    return Response(page, content_type=HTML.content_type)


def _answer(now: Served, asked: QueryRequest) -> Response:
    accepted = offers(request.headers.get("Accept"), asked.format)
    limit = now.settings.query_timeout
    page = accepted.page(asked.query or "")
    job = Job(
        kind="query",
        query=asked.query or "",
        default_graphs=tuple(graph.value for graph in asked.default_graphs),
        named_graphs=tuple(graph.value for graph in asked.named_graphs),
        offers=_SHOWN if page else accepted.names,
        timeout=min(asked.timeout or limit, limit),
        max_rows=now.settings.html_rows if page else now.settings.max_rows or None,
        offset=asked.offset,
    )
    try:
        answer = now.ask(job, share_of(request.remote_addr or ""))
    except Problem as problem:
        problem.members.setdefault("query", asked.query)
        raise
    if page:
        response = _page(now, asked, answer)
    else:
        response = Response(answer.body, content_type=accepted.content_type(answer.format))
        response.headers.extend(answer.headers)
    if answer.volatile:
        response.headers["Cache-Control"] = "no-store"
    return response


def _page(now: Served, asked: QueryRequest, answer: Whole) -> Response:
    viewer = Viewer(now.store, now.prefixes)
    if answer.format == GRAPH:
        result: Table | bool = _triples(viewer, answer, now.settings.html_rows)
        formats: tuple[Format, ...] = GRAPH_FORMATS
    else:
        result = _solutions(viewer, answer)
        formats = BOOLEAN_FORMATS if isinstance(result, bool) else RESULT_FORMATS
    parameters: dict[str, Any] = {
        "query": asked.query,
        "default-graph-uri": [each.value for each in asked.default_graphs],
        "named-graph-uri": [each.value for each in asked.named_graphs],
    }
    links = [(each, url_for("sparql.endpoint", format=each.name, **parameters)) for each in formats]
    page = render_template("query.html", query=asked.query, result=result, links=links)
    return Response(page, content_type=HTML.content_type)


def _solutions(viewer: Viewer, answer: Whole) -> Table | bool:
    result = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    if isinstance(result, QueryBoolean):
        return bool(result)
    assert isinstance(result, QuerySolutions)  # noqa: S101 - JSON results are nothing else
    return Table(
        [variable.value for variable in result.variables],
        [[viewer.plain(term) for term in solution] for solution in result],
        answer.headers.get(MORE_ROWS) == "true",
    )


def _triples(viewer: Viewer, answer: Whole, most: int) -> Table:
    triples = parse(answer.body, format=RdfFormat.N_TRIPLES)
    rows = [
        [viewer.plain(each.subject), viewer.plain(each.predicate), viewer.plain(each.object)]
        for each in islice(triples, most)
    ]
    return Table(["subject", "predicate", "object"], rows, next(triples, None) is not None)
