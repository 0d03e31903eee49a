"""Requests that once were answered wrongly: a failure that the fuzzer finds is added here."""

from fuzzing import Case

_CHUNKED = b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
_DIRECT = b"Content-Type: application/sparql-query\r\n"

#: Cases that once were answered wrongly, and what servers of this kind have stumbled over.
PAST = [
    # Were answered 500: a body that is not in chunks though it says so.
    Case(_CHUNKED + _FORM + b"\r\nquery=ASK%7B%7D", framed=False),
    Case(_CHUNKED + _DIRECT + b"\r\nASK {}", framed=False),
    Case(_CHUNKED + _DIRECT + b"\r\nfffffffffffffffffff\r\nASK {}\r\n0\r\n\r\n", framed=False),
    Case(_CHUNKED + _DIRECT + b"\r\n6\r\nASK {}XX0\r\n\r\n", framed=False),
    Case(_CHUNKED + _DIRECT + b"\r\n-1\r\nASK {}\r\n0\r\n\r\n", framed=False),
    Case(_CHUNKED + _DIRECT + b"Content-Length: 6\r\n\r\nASK {}", framed=False),
    Case(_CHUNKED + b"\r\nx", framed=False),
    # Were answered 500: the endpoint with a slash behind it, with a body.
    Case(b"POST /sparql/ HTTP/1.1\r\nHost: x\r\n\r\n"),
    Case(b"POST /sparql/ HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n" + _DIRECT + b"\r\nASK {}"),
    # Were answered 500: a query that takes its time, and a body that is said to come and does not.
    Case(
        b"GET /sparql?timeout=0.3&query=SELECT*%7B?a%20?b%20?c.?d%20?e%20?f.?g%20?h%201%7D HTTP/1.1"
        b"\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
        framed=False,
    ),
    # Was answered 500: an answer that fails while its first bytes are being compressed.
    Case(
        b"GET /sparql?timeout=0.2&query=SELECT*%7B?a%20?b%20?c%20FILTER%20EXISTS%7B?d%20?e%20?f."
        b"?g%20?h%20?i%20FILTER(?i=?c%26%26?d=?h)%7D%7D HTTP/1.1\r\nHost: x\r\n"
        b"Accept-Encoding: br\r\n\r\n"
    ),
    # Two framings of one message, as in request smuggling.
    Case(
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n"
        + _DIRECT
        + b"\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n",
        framed=False,
    ),
    # A surrogate, NUL and the end of Unicode, encoded and as they are.
    Case(b"GET /sparql?query=%ED%A0%80 HTTP/1.1\r\nHost: x\r\n\r\n"),
    Case(b"GET /sparql?query=ASK%7B%7D%00 HTTP/1.1\r\nHost: x\r\n\r\n"),
    Case(b"GET /id/%F4%8F%BF%BF%EF%BF%BE HTTP/1.1\r\nHost: x\r\n\r\n"),
    Case(b"GET /id/%00/..%2f..%5c HTTP/1.1\r\nHost: x\r\n\r\n"),
    Case(b"GET /dumps/%00 HTTP/1.1\r\nHost: x\r\n\r\n"),
    Case(b"GET /dumps/" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
    # Numbers at the edge of what they are parsed as.
    Case(b"GET /sparql?query=ASK%7B%7D&timeout=999999999.999999999 HTTP/1.1\r\nHost: x\r\n\r\n"),
    Case(b"GET /sparql?query=SELECT*%7B%7D&offset=999999999999 HTTP/1.1\r\nHost: x\r\n\r\n"),
    Case(b"GET /sitemap-99999999999999999999.xml HTTP/1.1\r\nHost: x\r\n\r\n"),
    Case(
        b"GET /dumps/kzgraph.ttl HTTP/1.1\r\nHost: x\r\nRange: bytes=99999999999999999999-\r\n\r\n"
    ),
]
