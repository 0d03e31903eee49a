"""The header fields that every response carries."""

from flask import Flask, Response, request

#: Pages load one style sheet from this host and nothing else; forms go nowhere else.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
LICENSE = "https://creativecommons.org/licenses/by/4.0/"


_EVERYWHERE = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # The data is public and the server keeps no sessions: any page may read every answer.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Link, Kzgraph-Incoming, Kzgraph-Row-Limit, Kzgraph-Row-Offset, Kzgraph-Rows, "
        "Kzgraph-More-Rows, Content-Range, ETag, Retry-After"
    ),
}

#: The same fields for the front, which sends bytes.
COMMON = tuple((name.lower().encode(), value.encode()) for name, value in _EVERYWHERE.items())
#: Where data is described and what it may be used for, RFC 8288.
LINKS = (
    (b"link", f'<{LICENSE}>; rel="license"'.encode()),
    (b"link", b'</.well-known/void>; rel="describedby"'),
)
NEGOTIATED = ((b"vary", b"Accept, Accept-Encoding"),)
NO_STORE = (b"cache-control", b"no-store")
#: A release never changes, but an address outlives it: caches ask again after a while.
CACHED = (b"cache-control", b"public, max-age=300")


def _decorate(response: Response) -> Response:
    headers = response.headers
    for name, value in _EVERYWHERE.items():
        headers[name] = value
    if request.method == "OPTIONS" and "Allow" in headers:
        headers["Access-Control-Allow-Methods"] = headers["Allow"]
        headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match, Range"
        headers["Access-Control-Max-Age"] = "86400"
    return response


def register(app: Flask) -> None:
    """Add the header fields to every response of `app`."""
    app.after_request(_decorate)
