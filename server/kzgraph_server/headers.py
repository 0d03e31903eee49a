"""The header fields that every response carries."""

import re
from collections.abc import Iterable, Mapping

from flask import Response, request

from kzgraph.licences import OWN

#: Pages load what they need from this host, and nothing stands in them that runs; forms go nowhere
#: else. Images may be part of a style sheet.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: That of what is made to stand in a frame of any page: it has neither scripts nor forms.
EMBEDDED_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *"
)

_ANY_ORIGIN, _POLICY = "Access-Control-Allow-Origin", "Content-Security-Policy"
_EVERYWHERE = {
    _POLICY: CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # The data is public and the server keeps no sessions: any page may read every answer.
    _ANY_ORIGIN: "*",
    "Access-Control-Expose-Headers": (
        "Link, Kzgraph-Answered-By, Kzgraph-Incoming, Kzgraph-Row-Limit, Kzgraph-Row-Offset, "
        "Kzgraph-Rows, Kzgraph-More-Rows, Content-Range, ETag, Retry-After"
    ),
}

#: The same fields for the front, which sends bytes.
COMMON = tuple((name.lower().encode(), value.encode()) for name, value in _EVERYWHERE.items())
NEGOTIATED = ((b"vary", b"Accept, Accept-Encoding"),)
#: The field by which Flask tells the front that a file is to be unpacked on the way.
UNPACK = "Kzgraph-Unpack"
NO_STORE = (b"cache-control", b"no-store")
#: A release never changes, but an address outlives it: caches ask again after a while.
CACHED = (b"cache-control", b"public, max-age=300")


def links(
    mount: str, rights: Iterable[tuple[str, str]] = ((OWN.iri, "license"),)
) -> tuple[tuple[bytes, bytes], ...]:
    """Where data is described and what it may be used for: RFC 8288.

    Args:
        mount: the path below which the server is.
        rights: to what is sent: addresses and their relations.
    """
    return (
        *((b"link", f'<{to}>; rel="{relation}"'.encode()) for to, relation in rights),
        (b"link", f'<{mount}/.well-known/void>; rel="describedby"'.encode()),
    )


#: What pages of other hosts may send in any case: `*` does not cover Authorization.
_USUAL_FIELDS = (
    b"*, Accept, Authorization, Cache-Control, Content-Type, If-None-Match, Range, X-Requested-With"
)
#: A list of the names of header fields.
_NAMES = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z, \t-]{1,1000}")


def preflight(fields: Mapping[bytes, bytes], methods: str) -> tuple[tuple[bytes, bytes], ...]:
    """The header fields of an answer to OPTIONS.

    A page of another host may send any fields: there are no accounts, so none can do harm. https://fetch.spec.whatwg.org/#cors-preflight-fetch

    Args:
        fields: those of the request.
        methods: what is allowed.
    """
    asked = fields.get(b"access-control-request-headers", b"")
    named = asked + b", " if _NAMES.fullmatch(asked) else b""
    return (
        *COMMON,
        (b"allow", methods.encode()),
        (b"access-control-allow-methods", methods.encode()),
        (b"access-control-allow-headers", named + _USUAL_FIELDS),
        (b"access-control-max-age", b"86400"),
        (b"vary", b"Access-Control-Request-Headers"),
        (b"content-length", b"0"),
    )


def add(response: Response) -> Response:
    """`response` of Flask with the fields."""
    headers = response.headers
    for name, value in _EVERYWHERE.items():
        if name == _POLICY and headers.get(name) == EMBEDDED_POLICY:
            continue
        # What is for this site alone is for no page of another one.
        if name != _ANY_ORIGIN or "Cross-Origin-Resource-Policy" not in headers:
            headers[name] = value
    if request.method == "OPTIONS" and "Allow" in headers:
        asked = request.headers.get("Access-Control-Request-Headers", "").encode("latin-1")
        fields = {b"access-control-request-headers": asked}
        for field, content in preflight(fields, headers["Allow"]):
            headers[field.decode()] = content.decode()
    return response
