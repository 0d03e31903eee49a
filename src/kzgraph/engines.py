"""Credentials for another SPARQL engine, bound to its host, and its messages, sanitized."""

import re
import unicodedata
from collections.abc import Generator

import httpx

#: The most characters of an engine's message that are repeated.
MESSAGE_LENGTH = 300

_TAG = re.compile(r"<[^<>]{0,300}>")
# Virtuoso repeats the whole query behind its message.
_ECHO = re.compile(r"\s*SPARQL query:.*", re.DOTALL)


class Credentials(httpx.Auth):
    """Authenticates the client, to one origin only, by the scheme that the server asks for.

    Nothing is sent before a server asks, except where a scheme was chosen beforehand: Basic and
    bearer tokens go with every request then. Digest never sends the password itself.
    https://www.rfc-editor.org/rfc/rfc9110#section-11.6
    """

    def __init__(self, url: str, user: str, password: str, scheme: str | None = None) -> None:
        """Prove to the origin of `url` that `user` has `password` (a token for `bearer`)."""
        self._origin = origin(httpx.URL(url))
        self._user = user
        self._password = password
        self._chosen = self._by(scheme) if scheme else None

    def __repr__(self) -> str:
        return "Credentials(...)"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send `request`, and again with credentials where they are asked for."""
        if origin(request.url) != self._origin:
            yield request
            return
        if self._chosen is None:
            response = yield request
            if response.status_code != 401:
                return
            asked = " ".join(response.headers.get_list("WWW-Authenticate")).lower()
            scheme = next((name for name in ("digest", "basic") if name in asked), None)
            if scheme is None:
                return
            self._chosen = self._by(scheme)
        yield from self._chosen.auth_flow(request)

    def _by(self, scheme: str) -> httpx.Auth:
        if scheme == "digest":
            return httpx.DigestAuth(self._user, self._password)
        if scheme == "basic":
            return httpx.BasicAuth(self._user, self._password)
        return _Bearer(self._password)


class _Bearer(httpx.Auth):
    """A bearer token: https://www.rfc-editor.org/rfc/rfc6750#section-2.1."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port: https://www.rfc-editor.org/rfc/rfc6454#section-4."""
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def strip_secrets(url: str | httpx.URL) -> str:
    """`url` without what may be secret in it: user name, password, query, fragment."""
    parsed = httpx.URL(url)
    return str(parsed.copy_with(username=None, password=None, query=None, fragment=None))


def find_address_fault(url: str) -> str | None:
    """What is wrong with the address of an engine; None where nothing is."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):
        return "it is not a URL"
    if parsed.scheme not in ("http", "https") or not parsed.host:
        return "it must begin with http:// or https:// and a host"
    if parsed.userinfo:
        return "a user name and password do not belong in it"
    return None


def plain_message(text: str, secret: str = "") -> str:
    r"""What an engine answered, in one plain line of at most `MESSAGE_LENGTH` characters.

    Markup, control characters, an echo of the query and `secret` are left out.

    >>> plain_message("<html><h1>Not\nallowed</h1></html>")
    'Not allowed'
    """
    if secret:
        text = text.replace(secret, "***")
    text = _TAG.sub(" ", _ECHO.sub("", text[: 20 * MESSAGE_LENGTH]))
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    line = " ".join(plain.split())
    return line if len(line) <= MESSAGE_LENGTH else line[: MESSAGE_LENGTH - 1] + "…"
