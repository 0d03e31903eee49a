"""Asking the server by its own addresses: within the process, or over the network.

What limits a client of these addresses limits a tool: lanes, deadlines and sizes, and its refusals
have the same texts.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import httpx

from kzgraph.version import VERSION

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
#: Bytes of an answer that are read; it is a page, a description or the first rows of a table.
MOST_BYTES = 2 << 20
#: Seconds that another server may be silent, on top of what it may take for a query.
_PATIENCE = 60.0


class SiteError(Exception):
    """The server cannot be reached, or answers with nothing that can be read."""


@dataclass(frozen=True)
class Reply:
    """An answer.

    Attributes:
        status: the status code.
        fields: the header fields by lower-case name.
        body: the body, or its beginning.
        cut: whether there was more of it.
    """

    status: int
    fields: Mapping[str, str]
    body: bytes
    cut: bool = False

    @property
    def media_type(self) -> str:
        """The media type without parameters."""
        return self.fields.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def json(self) -> Any:
        """The body, which is JSON.

        Raises:
            SiteError: it is something else.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise SiteError("The server answered with something else than JSON.") from None

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Request:
    """A request.

    Attributes:
        path: below the address of the release.
        parameters: of the address, or of a form.
        accept: the Accept field.
        form: whether the parameters are sent by POST.
        most: bytes of the answer that are read.
    """

    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    form: bool = False
    most: int = MOST_BYTES


class Site(Protocol):
    """A server of a release."""

    async def send(self, request: Request) -> Reply:
        """The answer to a request; redirects are not followed.

        Raises:
            SiteError: there is none.
        """


class InnerSite:
    """The server that this process runs, called without a network.

    Args:
        app: the front.
        client: the address that counts as the client's.
        host: what the client took for the host.
        prefix: what stands before each path: the address of a release, or nothing.
    """

    def __init__(self, app: App, client: str, host: str = "localhost", prefix: str = "") -> None:
        self._app, self._client, self._host, self._prefix = app, client, host, prefix

    async def send(self, request: Request) -> Reply:
        """The answer; what is beyond the bytes to be read is given up."""
        collected = _Collected(request.most)
        body = urlencode(request.parameters).encode() if request.form else b""
        scope = self._make_scope(request, body)
        waiting = [body]

        async def receive() -> Message:
            if waiting:
                return {"type": "http.request", "body": waiting.pop(), "more_body": False}
            await asyncio.Event().wait()  # The client stays.
            raise AssertionError

        answering = asyncio.ensure_future(self._app(scope, receive, collected.send))
        full = asyncio.ensure_future(collected.full.wait())
        try:
            await asyncio.wait((answering, full), return_when=asyncio.FIRST_COMPLETED)
        finally:
            answering.cancel()
            full.cancel()
            (error, _) = await asyncio.gather(answering, full, return_exceptions=True)
        if isinstance(error, Exception):
            # The front has logged it; what it has sent is no whole answer.
            raise SiteError("The answer broke off; ask again, or for less.") from error
        return collected.make_reply()

    def _make_scope(self, request: Request, body: bytes) -> Message:
        path = self._prefix + request.path
        fields = [(b"host", self._host), (b"accept", request.accept)]
        if request.form:
            fields += [(b"content-type", FORM), (b"content-length", str(len(body)))]
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST" if request.form else "GET",
            "scheme": "http",
            "path": path,
            "raw_path": quote(path).encode(),
            "query_string": b"" if request.form else urlencode(request.parameters).encode(),
            "headers": [(name, value.encode("latin-1", "replace")) for name, value in fields],
            "client": (self._client, 0),
        }


class _Collected:
    """The beginning of an answer over ASGI."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._start: Message = {}
        self._body = bytearray()
        self._ended = False
        self.full = asyncio.Event()

    async def send(self, message: Message) -> None:
        """Take a message of the answer; waits for good once there is enough."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        self._ended = not message.get("more_body", False)
        if len(self._body) > self._most and not self._ended:
            self.full.set()
            await asyncio.Event().wait()

    def make_reply(self) -> Reply:
        """What has come.

        Raises:
            SiteError: nothing has.
        """
        if not self._start:
            raise SiteError("There was no answer.")
        fields: dict[str, str] = {}
        for name, value in self._start["headers"]:
            known = fields.get(name.decode())
            text = value.decode("latin-1")
            fields[name.decode()] = text if known is None else f"{known}, {text}"
        cut = not self._ended or len(self._body) > self._most
        return Reply(self._start["status"], fields, bytes(self._body[: self._most]), cut)


class RemoteSite:
    """A server somewhere else.

    Args:
        url: its address, or that of its endpoint.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/").removesuffix("/sparql")
        named = {"User-Agent": f"kzgraph/{VERSION}"}
        self._client = httpx.AsyncClient(headers=named, timeout=_PATIENCE)

    async def send(self, request: Request) -> Reply:
        """The answer; what is beyond the bytes to be read is given up."""
        url = self._url + quote(request.path)
        sent: dict[str, Any] = {"headers": {"Accept": request.accept}}
        if request.form:
            sent["data"] = dict(request.parameters)
        elif request.parameters:
            sent["params"] = dict(request.parameters)
        method = "POST" if request.form else "GET"
        try:
            async with self._client.stream(method, url, **sent) as response:
                body, cut = await _read(response.aiter_bytes(), request.most)
                return Reply(response.status_code, dict(response.headers), body, cut)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise SiteError(f"{self._url} does not answer: {reason}") from None

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()


async def _read(chunks: AsyncIterator[bytes], most: int) -> tuple[bytes, bool]:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > most:
            return bytes(body[:most]), True
    return bytes(body), False
