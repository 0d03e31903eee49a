"""The one shape of every problem: RFC 9457, or plain text or HTML if the client accepts that.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
from http import HTTPStatus
from typing import NoReturn

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML
from kzgraph_server.headers import COMMON, NO_STORE
from kzgraph_server.negotiate import rank

#: Why there is a 404 where no route fits.
NOTHING_HERE = "There is nothing at this address."

_TEXT = "text/plain; charset=utf-8"
#: The media types of a problem, in the server's order of preference.
BODIES = ("application/problem+json", "application/json", _TEXT, HTML.content_type)


def wants_page(accept: str | None) -> bool:
    """Whether a client gets a problem as a page."""
    return _body_for(accept) == HTML.content_type


def write_problem(
    problem: Problem, accept: str | None, page: str | None
) -> tuple[int, tuple[tuple[bytes, bytes], ...], bytes]:
    """The response that states `problem` in the form that the client asks for.

    Args:
        problem: what to report.
        accept: the Accept field of the request.
        page: says it in HTML, where `wants_page`; None where no page could be made.

    Returns:
        Status, header fields and body.
    """
    body = _body_for(accept)
    if body == HTML.content_type and page is None:
        body = BODIES[0]
    text = page if page is not None else _text(problem) if body == _TEXT else _json(problem)
    content = text.encode()
    fields = (
        *COMMON,
        NO_STORE,
        (b"vary", b"Accept"),
        (b"content-type", body.encode()),
        (b"content-length", b"%d" % len(content)),
        *((name.lower().encode(), value.encode()) for name, value in problem.headers.items()),
    )
    return problem.status, fields, content


def _body_for(accept: str | None) -> str:
    # A client that accepts only result formats is still told what went wrong.
    return (rank(accept, BODIES) or BODIES)[0]


def html(problem: Problem) -> str:
    """The page that states `problem`."""
    plain = problem.detail == NOTHING_HERE  # What the page says already, in its language.
    return render_template("problem.html", problem=problem, plain=plain)


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


def _translate(error: HTTPException) -> NoReturn:
    """Raise werkzeug's own refusals (no route, wrong method, ...) as problems."""
    code = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    detail = {
        404: NOTHING_HERE,
        405: "The method is not allowed here. Allowed: " + headers.get("Allow", "none") + ".",
    }.get(code, error.description or HTTPStatus(code).phrase)
    raise Problem(code, detail, headers)


def register(app: Flask) -> None:
    """Let every error of `app` through to the front, which reports it in the one shape."""
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.register_error_handler(HTTPException, _translate)
