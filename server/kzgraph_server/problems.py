"""The one shape of every refusal: RFC 9457, or plain text or HTML for who asks for that.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from kzgraph_server.negotiate import choose

_log = logging.getLogger(__name__)


class Problem(Exception):
    """A request that is refused.

    Args:
        status: the HTTP status code.
        detail: one or two sentences for the person who sent the request.
        headers: header fields that the status asks for (Allow, Retry-After ...).
        members: extension members of the problem object (line, column, near ...).
    """

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    @property
    def title(self) -> str:
        """The phrase of the status code, as `about:blank` asks for (section 4.2.1)."""
        return HTTPStatus(self.status).phrase


@dataclass(frozen=True)
class _Body:
    name: str
    content_type: str


_BODIES = (
    _Body("json", "application/problem+json"),
    _Body("json", "application/json"),
    _Body("text", "text/plain; charset=utf-8"),
    _Body("html", "text/html; charset=utf-8"),
)


def respond(problem: Problem) -> Response:
    """The response that states `problem` in the form the client asks for."""
    # A client that accepts only result formats is still told what went wrong.
    body = choose(request.headers.get("Accept"), _BODIES) or _BODIES[0]
    if body.name == "html":
        # A refused query comes back in the form, to be mended there.
        query = problem.members.get("query")
        template = "problem.html" if query is None else "query.html"
        page = render_template(template, problem=problem, query=query)
        response = Response(page, problem.status, content_type="text/html; charset=utf-8")
    elif body.name == "text":
        response = Response(f"{problem.title}\n{problem.detail}\n", problem.status)
        response.content_type = body.content_type
    else:
        members = {name: value for name, value in problem.members.items() if name != "query"}
        document = {
            "type": "about:blank",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.detail,
            **members,
        }
        text = json.dumps(document, ensure_ascii=False)
        response = Response(text + "\n", problem.status, content_type=body.content_type)
    response.headers.extend(problem.headers)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store"
    return response


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
        404: "There is nothing at this address.",
        405: "The method is not allowed here. Allowed: " + headers.get("Allow", "none") + ".",
    }.get(error.code, error.description or HTTPStatus(error.code).phrase)
    return respond(Problem(error.code, detail, headers))


def _unexpected(error: Exception) -> Response:
    # The text of an unexpected error may hold paths: it goes to the log, not to the client.
    _log.error("unexpected error at %s", request.path, exc_info=error)
    return respond(Problem(500, "The server could not answer this request; this is its fault."))


def register(app: Flask) -> None:
    """Make every error of `app` leave it in the one shape."""
    app.register_error_handler(Problem, _refuse)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
