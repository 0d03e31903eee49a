"""Fetching the page that a document was taken from, within bounds."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from kzgraph.public_address import Address, is_public
from kzgraph.version import VERSION


class PageFault(ValueError):
    """A page was not fetched, or cannot be read; the message says why."""


@dataclass(frozen=True)
class Limits:
    """The limits on a page.

    Attributes:
        bytes: of the page.
        seconds: for all of it, redirects included.
        redirects: how many are followed.
    """

    bytes: int = 5_000_000
    seconds: float = 30.0
    redirects: int = 5


@dataclass(frozen=True)
class Fetched:
    """A page: where it was in the end, its Content-Type, and its bytes."""

    address: str
    content_type: str
    data: bytes


def fetch_page(address: str, *, private: bool = False, limits: Limits | None = None) -> Fetched:
    """Fetch a page by HTTP.

    A name is resolved once for each request, and the connection goes to an address that was
    checked.

    Args:
        address: of the page, http or https.
        private: whether addresses that are not public may be called.
        limits: on size, time and redirects.

    Raises:
        PageFault: it is not there, too large, too slow, not over HTTP, or not at a public address.
    """
    limits = limits or Limits()
    until = time.monotonic() + limits.seconds
    at = address
    try:
        for _ in range(limits.redirects + 1):
            found = _request(at, private, limits, until)
            if isinstance(found, Fetched):
                return found
            at = urljoin(at, found)
    except (httpx.HTTPError, OSError, UnicodeError) as error:
        what = "it did not answer in time" if isinstance(error, httpx.TimeoutException) else error
        raise PageFault(f"{at} cannot be fetched: {what}") from None
    raise PageFault(f"{address} has more than {limits.redirects} redirects")


def _request(at: str, private: bool, limits: Limits, until: float) -> Fetched | str:
    """The page at an address, or where it redirects to."""
    parts = _split(at)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    target = _resolve(host, port, private)
    shown = f"[{target}]" if target.version == 6 else str(target)
    left = until - time.monotonic()
    if left <= 0:
        raise PageFault(f"{at} did not answer in time")
    with (
        # Without the environment: a proxy in it would resolve the name again.
        httpx.Client(trust_env=False, timeout=left) as client,
        client.stream(
            "GET",
            parts._replace(netloc=f"{shown}:{port}", fragment="").geturl(),
            headers={
                "Host": parts.netloc,
                "Accept": "text/html, application/xhtml+xml, text/plain",
                "Accept-Encoding": "identity",
                "User-Agent": f"kzgraph/{VERSION}",
            },
            # The certificate is checked against the name, not the address.
            extensions={"sni_hostname": host},
            follow_redirects=False,
        ) as response,
    ):
        if 300 <= response.status_code < 400 and "Location" in response.headers:
            return response.headers["Location"]
        if response.status_code != 200:
            raise PageFault(f"{at} answers with the status {response.status_code}")
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise PageFault(f"{at} is compressed, which was not asked for")
        data = b"".join(_read(response, at, limits, until))
        return Fetched(at, response.headers.get("Content-Type", ""), data)


def _read(response: httpx.Response, at: str, limits: Limits, until: float) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > limits.bytes:
            raise PageFault(f"{at} is larger than {limits.bytes:,} bytes")
        if time.monotonic() > until:
            raise PageFault(f"{at} did not answer in time")
        yield chunk


def _split(at: str) -> SplitResult:
    try:
        parts = urlsplit(at)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or "@" in parts.netloc or not at.isascii() or not at.isprintable():
        raise PageFault(f"{at[:200]!r} is not an address of a page: http or https, and a host")
    return parts


def _resolve(host: str, port: int, private: bool) -> Address:
    """An address of a host, if all that it has may be called."""
    found = [
        ip_address(where[0]) for *_, where in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    ]
    if not private and not all(map(is_public, found)):
        raise PageFault(f"{host} is not at a public address: it is not called")
    return found[0]
