"""`/sparql`: the SPARQL 1.1 Protocol for queries, a form for a browser, the service description."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask import Blueprint, Request, Response, render_template, request, url_for
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from kzgraph_server.descriptions import service_response
from kzgraph_server.evaluation import evaluate
from kzgraph_server.formats import GRAPH_FORMATS, HTML, RESULT_FORMATS, Format, negotiate
from kzgraph_server.problems import Problem
from kzgraph_server.protocol import HttpRequest, QueryRequest, parse_request, too_large
from kzgraph_server.served import Served, served
from kzgraph_server.views import View, Viewer
from kzgraph_server.writing import write_graph, write_results

blueprint = Blueprint("sparql", __name__)

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
    """A result as the page shows it; `total` counts also the rows that are not shown."""

    columns: list[str]
    rows: list[list[View]]
    total: int


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
    answer = evaluate(now.store, asked, now.prefixes, now.settings.max_query_nesting)
    result = answer.result
    try:
        if isinstance(result, QueryTriples):
            chosen = negotiate(request, (*GRAPH_FORMATS, HTML), asked.format)
            if chosen.format is HTML:
                return _page(now, asked, GRAPH_FORMATS, _triples(now, result))
            body = write_graph(result, chosen.format, now.prefixes)
        else:
            chosen = negotiate(request, (*RESULT_FORMATS, HTML), asked.format)
            if chosen.format is HTML:
                return _page(now, asked, RESULT_FORMATS, _solutions(now, result))
            body = write_results(result, chosen.format)
    except (RuntimeError, ValueError) as error:
        # The store evaluates while it is read: an unknown function shows only now.
        raise Problem(400, f"The query cannot be evaluated: {error}.", query=asked.query) from None
    return Response(body, content_type=chosen.content_type)


def _page(
    now: Served, asked: QueryRequest, formats: tuple[Format, ...], result: Table | bool
) -> Response:
    parameters: dict[str, Any] = {
        "query": asked.query,
        "default-graph-uri": [each.value for each in asked.default_graphs],
        "named-graph-uri": [each.value for each in asked.named_graphs],
    }
    links = [(each, url_for("sparql.endpoint", format=each.name, **parameters)) for each in formats]
    page = render_template("query.html", query=asked.query, result=result, links=links)
    return Response(page, content_type=HTML.content_type)


def _solutions(now: Served, result: QuerySolutions | QueryBoolean) -> Table | bool:
    if isinstance(result, QueryBoolean):
        return bool(result)
    viewer = Viewer(now.store, now.prefixes)
    rows = ([viewer.plain(term) for term in solution] for solution in result)
    return _table([variable.value for variable in result.variables], rows, now)


def _triples(now: Served, result: QueryTriples) -> Table:
    viewer = Viewer(now.store, now.prefixes)
    unique = dict.fromkeys(result)
    rows = (
        [viewer.plain(each.subject), viewer.plain(each.predicate), viewer.plain(each.object)]
        for each in unique
    )
    return _table(["subject", "predicate", "object"], rows, now)


def _table(columns: list[str], rows: Iterator[list[View]], now: Served) -> Table:
    shown = list(islice(rows, now.settings.html_rows))
    return Table(columns, shown, len(shown) + sum(1 for _ in rows))
