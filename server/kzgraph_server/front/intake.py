"""Limits on requests: the length of their parts, and the memory for bodies."""

import re
from collections import Counter

from kzgraph.problem import Problem
from kzgraph_server.front.exchange import Exchange
from kzgraph_server.offloading import INLINE_BYTES
from kzgraph_server.settings import Settings

#: A host and a port: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2
_HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+;=%-]+|\[[0-9A-Za-z:.]+\])(?::[0-9]*)?")
#: A header field takes at most this part of what all fields of a request may take.
_OF_FIELD = 2
#: One client's bodies take at most this part of the memory for all.
_OF_CLIENT = 2
#: One client's calls of tools at a time take at most this part of all.
_CALLS_OF_CLIENT = 4
#: Seconds after which a client that found no place may try again.
_AGAIN = "2"


def check_head(exchange: Exchange, settings: Settings) -> None:
    """Refuse a request whose request line or header fields are too long, or that names no host.

    Raises:
        Problem: 400 (RFC 9112, section 3.2), 414 (RFC 9110, section 15.5.15), 431 (RFC 6585,
            section 5).
    """
    most = min(settings.max_url_bytes, settings.max_query_bytes)
    if exchange.target_bytes > most:
        detail = f"The URL is longer than {most} bytes."
        raise Problem(414, f"{detail} Send a long query by POST.")
    most = settings.max_fields_bytes
    total = sum(map(len, exchange.fields)) + sum(map(len, exchange.fields.values()))
    if total > most // _OF_FIELD:
        for name, value in exchange.fields.items():
            if len(name) + len(value) > most // _OF_FIELD:
                shown = name[:40].decode("latin-1")
                detail = f"The header field {shown} is longer than {most // _OF_FIELD} bytes."
                raise Problem(431, detail)
        if total > most:
            raise Problem(431, f"The header fields are longer than {most} bytes together.")
    host = exchange.fields.get(b"host", b"")  # Several are joined, which makes no name of a host.
    if not _HOST.fullmatch(host) and (host or exchange.http_version == "1.1"):
        raise Problem(400, "A request has one header field Host, such as example.org:80.")


def check_codings(exchange: Exchange) -> None:
    """Refuse a body in a coding that nothing here takes off.

    Raises:
        Problem: 415 (RFC 9110, section 8.4.1), 501 (RFC 9112, section 6.1).
    """
    coding = exchange.field(b"content-encoding") or "identity"
    if coding.strip().lower() != "identity":
        detail = f"A body is sent as it is, not in the content coding {coding[:40]!r}."
        raise Problem(415, detail, {"Accept-Encoding": "identity"})
    transfer = exchange.field(b"transfer-encoding") or "chunked"
    if transfer.strip().lower() != "chunked":
        detail = f"The transfer coding {transfer[:40]!r} is not known here."
        raise Problem(501, detail, {"Connection": "close"})


class Bodies:
    """The memory that bodies of requests take while they are read and answered.

    Small ones are not counted: there are no more of them than connections.

    Args:
        most: bytes of all bodies together.

    Attributes:
        bytes: what they take now.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._clients: Counter[str] = Counter()
        self.bytes = 0

    async def read(self, exchange: Exchange, most: int, seconds: float) -> bytes:
        """The body of a request, which takes memory until `release`.

        Raises:
            Problem: see `Exchange.body`; 503 where other bodies take the memory.
        """
        return await exchange.body(most, seconds, lambda size: self._take(exchange, size))

    def release(self, exchange: Exchange) -> None:
        """Release the memory of a request that was answered."""
        if exchange.held:
            self.bytes -= exchange.held
            self._clients[exchange.client] -= exchange.held
            if not self._clients[exchange.client]:
                del self._clients[exchange.client]
            exchange.held = 0

    def _take(self, exchange: Exchange, size: int) -> None:
        """Take memory for a body that is `size` bytes long by now."""
        if size <= INLINE_BYTES:
            return
        more = size - exchange.held
        of_client = self._clients[exchange.client] + more
        if self.bytes + more > self._most or of_client > self._most // _OF_CLIENT:
            detail = "Too many large requests are being answered."
            raise Problem(503, detail, {"Retry-After": _AGAIN, "Connection": "close"})
        exchange.held = size
        self.bytes += more
        self._clients[exchange.client] = of_client


class Calls:
    """The calls that are answered at a time, in all and of one client."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._clients: Counter[str] = Counter()

    def begin(self, client: str) -> None:
        """Take a place for a client.

        Raises:
            Problem: 503, where it or all together have too many.
        """
        of_client = self._clients[client] >= max(1, self._most // _CALLS_OF_CLIENT)
        if of_client or self._clients.total() >= self._most:
            if not self._clients[client]:
                del self._clients[client]
            detail = "Too many calls are being answered."
            raise Problem(503, detail, {"Retry-After": _AGAIN})
        self._clients[client] += 1

    def end(self, client: str) -> None:
        """Give a place back."""
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]
