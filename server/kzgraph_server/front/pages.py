"""Everything but queries: answered by the Flask application, and cached if allowed."""

from kzgraph.problem import Problem
from kzgraph_server.front import files
from kzgraph_server.front.cache import Fields, Stored, strong_etag
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.front.intake import check_codings
from kzgraph_server.front.serving import Serving
from kzgraph_server.front.shared import Shared
from kzgraph_server.pages.reconcile.batch_limits import MOST_BYTES, RECONCILE
from kzgraph_server.problems import NOTHING_HERE
from kzgraph_server.rendering import Page, PageRequest

#: The addresses that a body may be sent to.
_WITH_BODY = frozenset({RECONCILE})


async def page(exchange: Exchange, serving: Serving, shared: Shared) -> None:
    """Answer with a page, a description or a file of the release."""
    if "//" in exchange.path:
        # Flask takes slashes at the end off, however many.
        raise Problem(404, NOTHING_HERE)
    body = b""
    if exchange.method == "POST" and exchange.path in _WITH_BODY:
        settings = shared.settings
        check_codings(exchange)
        most = min(settings.max_query_bytes, MOST_BYTES)
        body = await shared.bodies.read(exchange, most, settings.query_timeout)
    asked = PageRequest(
        # The head of what GET would be answered; the exchange leaves the body out.
        "GET" if exchange.method == "HEAD" else exchange.method,
        exchange.path,
        exchange.query_string,
        exchange.fields,
        exchange.client,
        exchange.language,
        body,
    )
    made = await shared.threads.run(exchange.client, serving.renderer.page, asked)
    if made.file is not None:
        await files.send(exchange, made.status, made.fields, made.file)
    elif made.status == 200 and exchange.method in ("GET", "HEAD") and _may_keep(made.fields):
        await shared.answer_and_keep(exchange, exchange.line, _make_stored(made, exchange.kind))
    else:
        await exchange.answer(made.status, made.fields, made.body)


def _make_stored(made: Page, kind: str) -> Stored:
    # A file has a tag of its own, which the answers to requests for a range of it carry too.
    etag = dict(made.fields).get(b"etag", b"W/")
    if etag.startswith(b"W/"):
        etag = strong_etag(made.body)
    return Stored(200, _kept_fields(made.fields), made.body, etag, kind)


def _may_keep(fields: Fields) -> bool:
    found = dict(fields)
    # What is kept is compressed by the front, as each client likes it.
    other = (b"set-cookie", b"content-encoding")
    return b"no-store" not in found.get(b"cache-control", b"") and not any(
        name in found for name in other
    )


def _kept_fields(fields: Fields) -> Fields:
    """The fields of a response but for those that the cache sets itself."""
    own = {b"content-length", b"etag", b"vary", b"cache-control"}
    kept = [(name, value) for name, value in fields if name not in own]
    cache_control = dict(fields).get(b"cache-control", b"public, max-age=300")
    return (*kept, (b"vary", b"Accept, Accept-Encoding"), (b"cache-control", cache_control))
