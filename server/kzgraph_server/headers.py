"""The header fields that every response carries."""

from flask import Flask, Response, request

#: Pages load one style sheet from this host and nothing else; forms go nowhere else.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
LICENSE = "https://creativecommons.org/licenses/by/4.0/"


def _decorate(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    # The data is public and the server keeps no sessions: any page may read every answer.
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "Link, Kzgraph-Incoming, Content-Range, ETag"
    if request.method == "OPTIONS" and "Allow" in headers:
        headers["Access-Control-Allow-Methods"] = headers["Allow"]
        headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match, Range"
        headers["Access-Control-Max-Age"] = "86400"
    return response


def register(app: Flask) -> None:
    """Add the header fields to every response of `app`."""
    app.after_request(_decorate)
