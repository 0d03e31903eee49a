"""The one shape of every problem: RFC 9457, or plain text or HTML if the client accepts that.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
import logging
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, Format
from kzgraph_server.headers import COMMON, NO_STORE
from kzgraph_server.negotiate import choose

_log = logging.getLogger(__name__)


#: Why there is a 404 where no route fits.
NOTHING_HERE = "There is nothing at this address."

_BODIES = (
    Format("json", "application/problem+json"),
    Format("json", "application/json"),
    Format("text", "text/plain; charset=utf-8"),
    HTML,
)


def respond(problem: Problem) -> Response:
    """The response that states `problem` in the form the client asks for."""
    body = _body_for(request.headers.get("Accept"))
    if body is HTML:
        response = Response(html(problem), problem.status, content_type=body.content_type)
    else:
        text = _text(problem) if body.name == "text" else _json(problem)
        response = Response(text, problem.status, content_type=body.content_type)
    response.headers.extend(problem.headers)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store"
    return response


def wants_page(accept: str | None) -> bool:
    """Whether a client gets a problem as a page."""
    return _body_for(accept) is HTML


def refusal(
    problem: Problem, accept: str | None, page: str | None
) -> tuple[int, tuple[tuple[bytes, bytes], ...], bytes]:
    """A refusal of the front: status, header fields and body.

    Args:
        problem: what to report.
        accept: the Accept field of the request.
        page: says it in HTML, where `wants_page`; None where no page could be made.
    """
    body = _body_for(accept)
    if body is HTML and page is None:
        body = _BODIES[0]
    text = page if page is not None else _text(problem) if body.name == "text" else _json(problem)
    content = text.encode()
    fields = (
        *COMMON,
        NO_STORE,
        (b"vary", b"Accept"),
        (b"content-type", body.content_type.encode()),
        (b"content-length", b"%d" % len(content)),
        *((name.lower().encode(), value.encode()) for name, value in problem.headers.items()),
    )
    return problem.status, fields, content


def _body_for(accept: str | None) -> Format:
    # A client that accepts only result formats is still told what went wrong.
    return choose(accept, _BODIES) or _BODIES[0]


def html(problem: Problem) -> str:
    """The page that states `problem`; a refused query is shown in its form, to be corrected."""
    query = problem.members.get("query")
    template = "problem.html" if query is None else "query.html"
    return render_template(template, problem=problem, query=query)


def _text(problem: Problem) -> str:
    return f"{problem.title}\n{problem.detail}\n"


def _json(problem: Problem) -> str:
    document = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **{name: value for name, value in problem.members.items() if name != "query"},
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def _refuse(error: Problem) -> Response:
    return respond(error)


def _http_error(error: HTTPException) -> Response | HTTPException:
    """Werkzeug's own refusals (no route, wrong method, ...) in the same shape."""
    if error.code is None or error.code < 400 or isinstance(error, RequestRedirect):
        return error
    headers = {
        name: value
        for name, value in error.get_headers()
        if name not in ("Content-Type", "Content-Length")
    }
    detail = {
        404: NOTHING_HERE,
        405: "The method is not allowed here. Allowed: " + headers.get("Allow", "none") + ".",
    }.get(error.code, error.description or HTTPStatus(error.code).phrase)
    return respond(Problem(error.code, detail, headers))


def _unexpected(error: Exception) -> Response:
    # The text of an unexpected error may hold paths: it goes to the log, not to the client.
    _log.error("unexpected error at %s", request.path, exc_info=error)
    return respond(Problem(500, "The server could not answer this request; this is its fault."))


def register(app: Flask) -> None:
    """Let `app` report every error in the one shape."""
    app.register_error_handler(Problem, _refuse)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
