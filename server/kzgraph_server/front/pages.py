"""Everything but queries: handed to the Flask application, and kept where it may be."""

from typing import TYPE_CHECKING

from kzgraph_server.front.cache import Fields, Stored, strong_etag
from kzgraph_server.front.exchange import Exchange, Message, Receive
from kzgraph_server.front.serving import Serving

if TYPE_CHECKING:
    from kzgraph_server.front.app import Front

#: Responses are kept, and compressed, up to this size; larger ones pass through.
_LARGEST = 1 << 20


async def page(
    front: "Front", exchange: Exchange, serving: Serving, body: bytes | None = None
) -> None:
    """Answer from Flask.

    Args:
        front: the application.
        exchange: the request.
        serving: what is served now.
        body: the body of the request, where it was read already.
    """
    held = _Held(exchange)
    # No page reads a body that was not read before.
    receive = _replay(body or b"", exchange.receive)
    # Flask sees the client behind trusted proxies, as the fair share does.
    scope = {**exchange.scope, "client": (exchange.client, 0)}
    if exchange.method == "HEAD":
        # The head of what GET would be answered; the exchange leaves the body out.
        scope["method"] = "GET"
    pages = serving.query_pages if exchange.kind == "query" else serving.pages
    await pages(scope, receive, held)
    if held.passed:
        return
    kept = exchange.method in ("GET", "HEAD") and _may_keep(held.fields)
    if held.status != 200 or not kept:
        await exchange.answer(held.status, held.fields, held.body)
        return
    key = (
        serving.version,
        exchange.path,
        exchange.query_string,
        exchange.fields.get(b"accept"),
    )
    # A file has a tag of its own, which the answers to requests for a range of it carry too.
    etag = dict(held.fields).get(b"etag", b"W/")
    if etag.startswith(b"W/"):
        etag = strong_etag(held.body)
    stored = Stored(200, _kept_fields(held.fields), held.body, etag, exchange.kind)
    front.keep(exchange, serving, key, stored)
    await exchange.stored(stored)


class _Held:
    """Holds a response back while it is small, so that it can be kept; else lets it through."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._parts: list[bytes] = []
        self._size = 0
        self.status = 0
        self.fields: Fields = ()
        self.passed = False

    @property
    def body(self) -> bytes:
        return b"".join(self._parts)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.fields = tuple((bytes(n).lower(), bytes(v)) for n, v in message["headers"])
            return
        part = message.get("body", b"")
        more = message.get("more_body", False)
        if not self.passed:
            self._parts.append(part)
            self._size += len(part)
            if self._size <= _LARGEST:
                return
            self.passed = True
            await self._exchange.begin(self.status, self.fields)
            part = self.body
        await self._exchange.part(part, more)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read already once more."""
    left = [body]

    async def replayed() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return replayed


def _may_keep(fields: Fields) -> bool:
    found = dict(fields)
    return b"no-store" not in found.get(b"cache-control", b"") and b"set-cookie" not in found


def _kept_fields(fields: Fields) -> Fields:
    """The fields of a response but for those that the cache sets itself."""
    own = {b"content-length", b"etag", b"vary", b"cache-control"}
    kept = [(name, value) for name, value in fields if name not in own]
    cache_control = dict(fields).get(b"cache-control", b"public, max-age=300")
    return (*kept, (b"vary", b"Accept, Accept-Encoding"), (b"cache-control", cache_control))
