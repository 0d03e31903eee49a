"""Rendering pages with Flask, for the front to send.

Everything here is called on a thread, may take a while, and does not wait for clients.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from flask import Flask
from flask.ctx import RequestContext
from werkzeug.test import create_environ
from werkzeug.wrappers import Response

from kzgraph.problem import Problem
from kzgraph.rdf.formats import Format
from kzgraph.rdf.graph_writer import graph_bytes
from kzgraph_server.descriptions.about import about
from kzgraph_server.descriptions.service import service_description
from kzgraph_server.descriptions.triples import DESCRIPTION_PREFIXES
from kzgraph_server.headers import UNPACK
from kzgraph_server.language_addresses import ENGLISH
from kzgraph_server.pages import query_page
from kzgraph_server.pages.language import LANGUAGE
from kzgraph_server.pages.query_page import QueryAnswer
from kzgraph_server.problems import html
from kzgraph_server.served import compute_once, get_served

Fields = tuple[tuple[bytes, bytes], ...]

#: Files up to here are pages like others: kept and compressed.
_SMALL_FILE = 1 << 20
#: What Flask answers with in the place of a file's bytes.
_SENDFILE = "X-Sendfile"
#: Header fields of a body, which most requests for pages have none of.
_OF_BODY = frozenset({b"content-type", b"content-length", b"transfer-encoding"})


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request for a page.

    Attributes:
        method: the method.
        path: the decoded path.
        query_string: the query string, still percent-encoded.
        fields: the header fields by lower-case name.
        client: the address of the client.
        language: that of the page: en, ru or kk.
        body: what was sent along.
    """

    method: str
    path: str
    query_string: bytes
    fields: Mapping[bytes, bytes]
    client: str
    language: str = ENGLISH
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class FilePart:
    """Bytes of a file: `size` of them from `start` on; to be unpacked where it is compressed."""

    path: Path
    start: int
    size: int
    unpack: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be sent: a body, or part of a file in its place."""

    status: int
    fields: Fields
    body: bytes
    file: FilePart | None = None


class _Response(Response):
    """An answer of Flask, without a media type where Flask gave it none, as for a 304."""

    default_mimetype = None


class Renderer:
    """Makes the pages of one release.

    Args:
        app: the Flask application that serves it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        # A file is named and not read: the front sends it as fast as its client takes it.
        app.config["USE_X_SENDFILE"] = True

    def page(self, request: PageRequest) -> Page:
        """The page at an address.

        Raises:
            Problem: there is none, or not as it is asked for.
        """
        try:
            return _page(_Response.from_app(self._app, self._environ(request), buffered=True))
        except Problem as problem:
            # Without its frames: what they hold of the store has to be dropped by this thread.
            raise problem.with_traceback(None) from None

    def problem(self, problem: Problem, language: str = ENGLISH) -> str:
        """The page that says why a request is refused."""
        query = problem.members.get("query")
        if query is None:
            with self._context("/", language):
                return html(problem)
        with self._context(query_page.make_address(query), language):
            return query_page.render_refusal(problem, query)

    def form(self, language: str = ENGLISH) -> str:
        """The page with the empty form for a query."""
        with self._context("/sparql", language):
            return query_page.render_form()

    def answer(self, answer: QueryAnswer, language: str = ENGLISH) -> str:
        """The page that shows the answer to a query."""
        with self._context(query_page.make_address(answer.query), language):
            return query_page.render_answer(answer)

    def description(self, chosen: Format) -> bytes:
        """The service description."""
        with self._context("/sparql"):
            triples = service_description(compute_once(about), get_served().settings)
            return graph_bytes(triples, chosen, DESCRIPTION_PREFIXES)

    def _context(self, path: str, language: str = ENGLISH) -> RequestContext:
        """The context of a page that the front asks for."""
        return self._app.test_request_context(path, environ_overrides={LANGUAGE: language})

    def _environ(self, request: PageRequest) -> dict[str, Any]:
        """A request as WSGI has it: PEP 3333. No page asks for the host."""
        fields = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in request.fields.items()
            # Several ranges are not answered in parts but as none: RFC 9110, section 14.2.
            if name not in _OF_BODY and not (name == b"range" and b"," in value)
        ]
        parts = {
            "SCRIPT_NAME": _in_wsgi(unquote(self._app.config["APPLICATION_ROOT"].rstrip("/"))),
            "PATH_INFO": _in_wsgi(request.path),
            "QUERY_STRING": request.query_string.decode("latin-1"),
            "REMOTE_ADDR": request.client,
            LANGUAGE: request.language,
        }
        return create_environ(
            method=request.method,
            headers=fields,
            data=request.body or None,
            content_type=request.fields.get(b"content-type", b"").decode("latin-1") or None,
            environ_overrides=parts,
        )


def _in_wsgi(path: str) -> str:
    """A decoded path as WSGI has it."""
    return path.encode("utf-8", "surrogateescape").decode("latin-1")


def _page(response: Response) -> Page:
    name = response.headers.pop(_SENDFILE, None)
    unpack = response.headers.pop(UNPACK, None) is not None
    if unpack:
        del response.headers["Content-Length"]  # How long it will be is not known.
    fields = tuple(
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers
    )
    if name is None or response.status_code not in (200, 206):
        return Page(response.status_code, fields, response.get_data())
    path, start, size = Path(name), 0, response.content_length or 0
    if unpack:
        return Page(200, fields, b"", FilePart(path, 0, path.stat().st_size, unpack=True))
    if response.status_code == 206:
        start = response.content_range.start or 0
    if size > _SMALL_FILE:
        return Page(response.status_code, fields, b"", FilePart(path, start, size))
    with path.open("rb") as file:
        file.seek(start)
        return Page(response.status_code, fields, file.read(size))
