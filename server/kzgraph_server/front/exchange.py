"""One request and its answer, over ASGI: https://asgi.readthedocs.io/en/stable/specs/www.html."""

import asyncio
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    MutableMapping,
    Sequence,
)
from time import perf_counter
from typing import Any

from kzgraph.problem import Problem
from kzgraph_server.front.cache import Coded, Fields, Stored
from kzgraph_server.front.compression import (
    LEAST_BYTES,
    choose_coding,
    compressor,
    is_compressible,
)
from kzgraph_server.front.protocol import too_large
from kzgraph_server.language_addresses import ENGLISH

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

#: Bodies up to here are compressed on the event loop; larger ones on a thread.
_INLINE_BYTES = 32 * 1024


class ClientGone(Exception):
    """The client closed the connection before its answer was complete."""


class ClientSlow(Exception):
    """The client did not read its answer for too long."""


class Exchange:
    """A request being answered.

    Attributes:
        receive: gives the next ASGI message.
        peer: the address at the other end of the connection.
        client: the address of the client, which a trusted proxy may have forwarded.
        http_version: 1.1, or 1 for 1.0.
        method: the method.
        path: the decoded path; below the address of a release, what follows that.
        prefix: what comes before it: the address of a release, a language, or nothing.
        refuse: makes the page of a refusal in a language; None for that of the current release.
        query_string: the query string, still percent-encoded.
        target_bytes: the length of path and query string as they were sent.
        fields: the header fields by lower-case name; repeated ones joined by commas.
        language: that of the page, where the answer is one: en, ru or kk.
        line: the key of what the answer depends on of the request line and the header fields;
            empty where it is not to be kept by them.
        held: bytes of memory taken for the body.
        status: the status code sent; 0 until then.
        sent: bytes of the body sent.
        kind: what is asked, for the metrics.
        release: which kind of release it is about, for the metrics.
        outcome: how it ended, for the log.
        query: the hash of the query, for the log.
    """

    __slots__ = (
        "_patience", "_send", "_watch", "client", "fields", "held", "http_version", "kind",
        "language", "line", "method", "outcome", "path", "peer", "prefix", "query", "query_string",
        "receive", "refuse", "release", "sent", "started", "status", "target_bytes",
    )  # fmt: skip

    def __init__(self, scope: Scope, receive: Receive, send: Send, patience: float = 60) -> None:
        """A request.

        Args:
            scope: the ASGI scope.
            receive: gives the next ASGI message.
            send: takes the next ASGI message.
            patience: seconds that the client may stop reading an answer.
        """
        self.started = perf_counter()
        self.receive = receive
        self._send = send
        peer = scope.get("client")
        self.peer: str = str(peer[0]) if peer else ""
        self.client = self.peer
        self.http_version: str = scope["http_version"]
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.prefix = ""
        self.language = ENGLISH
        self.refuse: Callable[[Problem, str], str] | None = None
        self.query_string: bytes = scope["query_string"]
        self.target_bytes = len(scope["raw_path"]) + len(self.query_string)
        self.fields = _fields(scope["headers"])
        self._patience = patience
        self._watch: asyncio.Task[None] | None = None
        self.line = b""
        self.held = 0
        self.status = 0
        self.sent = 0
        self.kind = "page"
        self.release = "current"
        self.outcome = "ok"
        self.query: str | None = None

    def field(self, name: bytes) -> str | None:
        """A header field as text, or None."""
        value = self.fields.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def coding(self) -> str:
        """The content coding that the client prefers."""
        return choose_coding(self.field(b"accept-encoding") or "")

    async def body(self, max_bytes: int, seconds: float, take: Callable[[int], None]) -> bytes:
        """The body of the request.

        Args:
            max_bytes: how long it may be.
            seconds: the time-out.
            take: called with the length so far; may refuse it.

        Raises:
            Problem: 400 where it does not come whole, 408 where it does not come within
                `seconds`, 413.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._body(max_bytes, take)
        except TimeoutError:
            detail = f"The request body did not come within {seconds:g} seconds."
            raise Problem(408, detail, {"Connection": "close"}) from None

    async def _body(self, max_bytes: int, take: Callable[[int], None]) -> bytes:
        stated = self.fields.get(b"content-length", b"")
        if stated.isdigit() and int(stated) > max_bytes:
            raise too_large(max_bytes)
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                # The client has left, or its body is malformed: granian reports both alike, and
                # answers 500 by itself if nothing is sent.
                detail = "The request body broke off, or its chunks are not as HTTP has them."
                raise Problem(400, detail, {"Connection": "close"})
            part = message.get("body", b"")
            size += len(part)
            if size > max_bytes:
                raise too_large(max_bytes)
            take(size)
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)

    def watch(self) -> "asyncio.Task[None]":
        """A task that ends when the client disconnects: the same one whenever it is asked for.

        It is cancelled when the exchange ends and not before. Where a first call of `receive` is
        cancelled while it waits, granian (2.8) says in answer to the next one that the client has
        left, though it has not.
        """
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._wait_for_disconnect())
        return self._watch

    async def _wait_for_disconnect(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    def end(self) -> None:
        """Watch for the client no longer."""
        if self._watch is not None:
            self._watch.cancel()

    async def answer(self, status: int, fields: Fields, body: bytes) -> None:
        """Send a whole answer unchanged."""
        await self.begin(status, fields)
        await self.part(b"" if status == 304 else body, more=False)

    async def begin(self, status: int, fields: Fields) -> None:
        """Send the status and the header fields."""
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": fields})

    async def part(self, body: bytes, more: bool) -> None:
        """Send a part of the body; an empty one to a HEAD request."""
        if self.method == "HEAD":
            body = b""
        self.sent += len(body)
        sending = self._send({"type": "http.response.body", "body": body, "more_body": more})
        if not more:
            await sending  # The last part is handed over, without waiting for the client.
            return
        try:
            async with asyncio.timeout(self._patience):
                await sending
        except TimeoutError:
            raise ClientSlow from None

    async def send_stored(self, stored: Stored) -> None:
        """Send a stored answer in the client's content coding, or say that it has it already."""
        coded = await self._encode(stored)
        match = self.fields.get(b"if-none-match")
        conditional = match is not None and self.method in ("GET", "HEAD")
        if conditional and stored.status == 200 and _matches(match or b"", coded.etag):
            self.outcome = "not-modified"
            kept = [(name, value) for name, value in coded.fields if name in _OF_304]
            await self.answer(304, tuple(kept), b"")
        else:
            await self.answer(stored.status, coded.fields, coded.body)

    async def _encode(self, stored: Stored) -> Coded:
        coding = "identity"
        if b"accept-encoding" in self.fields and len(stored.body) >= LEAST_BYTES:
            coding = self.coding if is_compressible(_content_type(stored.fields)) else coding
        if coding in stored.codings or len(stored.body) <= _INLINE_BYTES or coding == "identity":
            return stored.encode(coding)
        return await asyncio.get_running_loop().run_in_executor(None, stored.encode, coding)

    async def stream(self, status: int, fields: Fields, chunks: AsyncIterator[bytes]) -> None:
        """Stream an answer.

        An exception of `chunks` propagates: the server then closes the connection without the
        last chunk, so that what was sent cannot look like a complete answer. The head waits for
        the first bytes of the body, of which compression can hold back many: until then, an answer
        that fails can be a refusal.

        Raises:
            ClientGone: the client disconnected.
            ClientSlow: it did not read for too long.
        """
        coding = self.coding if is_compressible(_content_type(fields)) else "identity"
        if coding != "identity":
            fields = (*fields, (b"content-encoding", coding.encode()))
            chunks = _compress(chunks, coding)
        await self.relay(status, fields, chunks)

    async def relay(self, status: int, fields: Fields, chunks: AsyncIterator[bytes]) -> None:
        """The same, without content coding."""
        if self.method != "HEAD":
            gone = self.watch()
            while chunk := await _next(chunks, gone):
                if not self.status:
                    await self.begin(status, fields)
                await self.part(chunk, more=True)
        if not self.status:
            await self.begin(status, fields)
        await self.part(b"", more=False)

    async def dismiss(self) -> None:
        """Answer a client that disconnected before an answer began.

        A client that sends less of a request than it stated looks the same, and may still read:
        without this, granian would answer 500.
        """
        fields = ((b"connection", b"close"), (b"content-length", b"0"))
        await self._send({"type": "http.response.start", "status": 400, "headers": fields})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


#: The fields that a 304 repeats: RFC 9110, section 15.4.5.
_OF_304 = {
    b"cache-control", b"content-location", b"date", b"etag", b"expires", b"vary",
    b"access-control-allow-origin",
}  # fmt: skip


def _fields(pairs: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        fields = {}
        for name, value in pairs:
            fields[name] = fields[name] + b", " + value if name in fields else value
    return fields


def _content_type(fields: Fields) -> bytes:
    return next((value for name, value in fields if name == b"content-type"), b"")


def _matches(if_none_match: bytes, etag: bytes) -> bool:
    """Whether the field names the entity tag, compared weakly (RFC 9110, section 13.1.2)."""
    if if_none_match.strip() == b"*":
        return True
    return etag in {member.strip().removeprefix(b"W/") for member in if_none_match.split(b",")}


async def _next(chunks: AsyncIterator[bytes], gone: asyncio.Task[None]) -> bytes:
    """The next chunk, which is never empty; an empty one after the last.

    Raises:
        ClientGone: the client disconnects before, which may take long.
    """
    coming = asyncio.ensure_future(anext(chunks, b""))
    try:
        await asyncio.wait((coming, gone), return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            raise ClientGone
        return coming.result()
    finally:
        # Its exception is ignored where the client disconnected at the same moment.
        if not coming.cancel() and not coming.cancelled():
            coming.exception()


async def _compress(chunks: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
    coder = compressor(coding)
    async for chunk in chunks:
        part = coder.compress(chunk)
        if part:
            yield part
    if part := coder.finish():
        yield part
