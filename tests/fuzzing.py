"""Requests of every kind, from a seed: most of them nearly right, which goes deepest.

A case is the bytes of a request and how it is framed. One that is framed soundly shares a
connection with others; one that is not has a connection of its own.
"""

import base64
import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, quote_from_bytes

from kzgraph.resources import folder

T = TypeVar("T")

_WORDS = [
    "SELECT", "*", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "{", "}", "(", ")", "[", "]", "?s",
    "$p",
    "?s ?p ?o", ".", ";", ",", "FILTER", "OPTIONAL", "UNION", "FROM", "NAMED", "GRAPH", "MINUS",
    "<graph/entities>", "kzg:value", "kzr:country\\/KAZ", "x:y", "PREFIX x: <http://x/>",
    "BASE <b>",
    "'", '"', "'''", '"""', "\\", "\\u0000", "\\UFFFFFFFF", "#", "\n", "\0", "é", "\U0001f600",
    "\ufeff",
    "1", "-1", "1e999", "0x1", "LIMIT 9999999999999999999", "LIMIT 1", "OFFSET -1", "GROUP BY ?s",
    "HAVING", "ORDER BY", "DISTINCT", "REDUCED", "COUNT(*)", "AS ?n", "BIND(1 AS ?x)",
    "VALUES ?x { 1 UNDEF }", "EXISTS", "NOT", "REGEX(?s, '(')", "REGEX('', '(a{999}){999}')", "|",
    "^", "+", "/", "!", "REPLACE('a', '', 'b')", "<<", ">>", "{|", "@en", "@en--ltr",
    "^^xsd:integer", "'x'^^xsd:date", "_:b", "SERVICE", "SERVICE SILENT <http://127.0.0.1:9/>",
    "INSERT", "LOAD", "DROP ALL", "GROUP_CONCAT(?s; SEPARATOR='')", "IRI('a b')", "STRDT('x', 'y')",
    "UUID()", "NOW()", "SUBSTR('é', -1, 99999999999)", "a", "true", "LATERAL", "VERSION '1.2'",
    "xsd:decimal('9999999999999999999999999999')", "(1/0 AS ?z)", "TRIPLE(?s, ?p, ?o)",
]  # fmt: skip

#: What makes another sound query of one, mostly.
_TURNS = [
    ("SELECT", "SELECT DISTINCT"), ("SELECT", "SELECT REDUCED"), ("FILTER", "OPTIONAL { } FILTER"),
    ("WHERE {", "WHERE { BIND(RAND() AS ?r0)"), ("x", "x"), (" ", " # comment\n"), ("?", "?x0_"),
    ("WHERE {", "FROM <graph/entities> WHERE {"), ("ORDER BY", "ORDER BY RAND()"),
    ("WHERE {", "WHERE { FILTER NOT EXISTS { <a:a> ?y0 'none' }"), ("ORDER BY", "LIMIT 3 #"),
    ("WHERE {", "WHERE { VALUES ?x0 { 1 2 3 4 5 6 7 8 9 }"), ("kzg:", "!kzg:"), ("kzg:", "^kzg:"),
    ("WHERE {", "WHERE { { SELECT * { ?x0 rdfs:label ?y0 } LIMIT 5 }"),
]  # fmt: skip
#: The same, for queries that run into the time limit or the memory limit.
_HEAVY = [
    ("WHERE {", "WHERE { ?x0 ?y0 ?z0 ."), ("WHERE {", "WHERE { GRAPH ?g0 { ?x0 a ?y0 }"),
    ("WHERE {", "WHERE { ?x0 (kzg:scope|^kzg:scope)* ?y0 ."),
    ("WHERE {", "WHERE { { SELECT * { ?x0 ?y0 ?z0 . ?x1 ?y1 ?z1 } ORDER BY ?x0 ?z1 }"),
]  # fmt: skip

_MEDIA_TYPES = [
    "text/html", "text/turtle", "application/rdf+xml", "application/ld+json", "text/csv", "*/*",
    "application/n-triples", "application/sparql-results+json", "application/sparql-results+xml",
    "text/tab-separated-values", "application/json", "text/plain", "application/trig", "text/*",
    "application/vnd.apache.parquet", "application/n-quads", "image/png", "a", "/", "*/x",
    "application/problem+json", "text/csv;header=present", 'text/csv;charset="utf-8',
]  # fmt: skip

_FORMATS = ["json", "xml", "csv", "tsv", "ttl", "nt", "jsonld", "rdf", "html", "trig", "nq", "xlsx",
            "csv-excel", "parquet", "", "%00", "..", "j" * 300]  # fmt: skip

_PATHS = [
    "/", "/sparql", "/sparql/", "/ontology", "/dumps/", "/dumps/kzgraph.ttl", "/dumps/SHA256SUMS",
    "/dumps/graphs/entities.ttl", "/id/country/KAZ", "/page/country/KAZ", "/data/country/KAZ.ttl",
    "/data/country/KAZ.rdf", "/data/country/KAZ.pdf", "/graph/entities", "/graph/no", "/health",
    "/ready", "/metrics", "/examples", "/catalog", "/.well-known/void", "/robots.txt", "/static/",
    "/sitemap.xml", "/sitemap-1.xml", "/sitemap-99999999999999999999.xml", "/static/style.css",
    "/data", "/data?default", "/data?graph=x", "/id/", "/page/", "/quality", "/favicon.ico",
    "/data?graph=https://w3id.org/kzgraph/graph/entities", "/id/evidence/global-focus-2018/914-933",
]  # fmt: skip

_PIECES = [
    "..", ".", "%2e%2e", "%2f", "%5c", "\\", "%00", "%", "%f", "%zz", "%ff", "%c0%ae", "%ed%a0%80",
    "//", ";", ":", "@", "*", "~", "é", "%C3%A9", "%0d%0a", "%0a", "+", "'", '"', "<", ">",
    "{{7*7}}",
    "etc/passwd", "%2e%2e%2fmanifest.json", "a" * 300, "\t", "|", "^", "[", "]", "?", "&", "=",
    "%25",
    "%252e%252e%252f", "%u0041", "\x7f", "\x80", "\xff", "-1", "0", "null", ".ttl", ".rdf",
]  # fmt: skip

_FIELDS = [
    "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "Content-Type", "Range",
    "If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Origin",
    "Cookie", "Authorization", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Referer",
    "User-Agent", "Cache-Control", "Access-Control-Request-Method", "X-HTTP-Method-Override",
    "Max-Forwards", "Via", "TE", "Content-Encoding", "Prefer", "X-" + "a" * 200,
]  # fmt: skip

_VALUES = [
    "", " ", "*", "*/*", "gzip", "br;q=1.0, zstd;q=0.5", "gzip;q=nan, *;q=-1",
    "identity;q=0, *;q=0",
    "bytes=0-0", "bytes=5-1", "bytes=-1", "bytes=0-0,2-3,-9", "bytes=" + "0-1," * 99, "bytes=a-b",
    "bytes=99999999999999999999-", "lines=1-2", '"', '""', 'W/"x"', '"a", "b", *', "\\", "q=1",
    "Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 99 Foo 0000 99:99:99 XYZ", "for=\"[::1]:9\"", "1,2,3",
    "0.0.0.0, ::1, unknown", "Basic !!!", "a=b; c=\"d", "\t\t", "\x80\xff", "é", ";" * 500,
    "," * 500, "text/html;" * 200, "a/b;q=0.1234567", "*;q=1", "((((", "%0d%0aX: y", "-1", "1e9",
    "utf-8", "application/x-www-form-urlencoded", "application/sparql-query; charset=\"",
    "application/sparql-query;;;charset==utf-8", "multipart/form-data; boundary=", "POST", "DELETE",
]  # fmt: skip

_PARAMETERS = ["query", "default-graph-uri", "named-graph-uri", "format", "timeout", "offset",
               "graph",
               "default", "update", "using-graph-uri", "query[]", "", "callback"]  # fmt: skip
_ARGUMENTS = ["", "0", "-1", "1e9", "NaN", "0.001", "9" * 400, "x", "http://x/", "a b", "%00",
               "%ff",
              "https://w3id.org/kzgraph/graph/entities", "json", "\u0660", "1;2", "<a>",
    "{}"]  # fmt: skip
_METHODS = ["GET", "GET", "GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH",
            "TRACE", "BREW", "get", "X" * 40]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A request.

    Attributes:
        data: its bytes.
        framed: whether it is one sound message, so that exactly one response is due and the
            connection may go on.
        head: whether it asks for a head only.
    """

    data: bytes
    framed: bool = True
    head: bool = False

    def described(self) -> str:
        """The case in a form that can be pasted into the list of past failures."""
        if len(self.data) <= 3000:
            return f"Case({self.data!r}, framed={self.framed}, head={self.head})"
        packed = base64.b85encode(zlib.compress(self.data)).decode()
        return f"Case(unpacked({packed!r}), framed={self.framed}, head={self.head})"


def unpacked(text: str) -> bytes:
    """The data of a long case from its description."""
    return zlib.decompress(base64.b85decode(text))


def queries() -> list[str]:
    """The example queries of the project."""
    return [path.read_text("utf-8") for path in sorted(folder("queries").glob("*.rq"))]


class Fuzz:
    """An endless source of cases.

    Args:
        seed: the same seed gives the same cases.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing secret
        self._queries = queries()

    def case(self) -> Case:
        """The next case."""
        kind = self._random.random()
        if kind < 0.45:
            return self._query()
        if kind < 0.60:
            return self._parameters()
        if kind < 0.82:
            return self._path()
        if kind < 0.92:
            return self._body()
        return self._malformed(self._sound().data)

    def _sound(self) -> Case:
        return self._one((self._query, self._parameters, self._path, self._body))()

    # --- sound messages with strange contents

    def _query(self) -> Case:
        text = self._mutated_query()
        pairs = f"query={quote(text)}&timeout=0.2"
        if self._chance(0.3):
            pairs += f"&format={quote(self._one(_FORMATS), safe='%')}"
        if self._chance(0.1):
            pairs += "&default-graph-uri=" + quote("https://w3id.org/kzgraph/graph/entities")
        if self._chance(0.7):
            return self._message(self._one(("GET", "GET", "HEAD")), f"/sparql?{pairs}")
        if self._chance(0.5):
            media_type = "application/x-www-form-urlencoded"
            return self._message("POST", "/sparql", pairs.encode(), media_type)
        body = text.encode("utf-8", "surrogatepass")
        return self._message("POST", "/sparql?timeout=0.2", body, "application/sparql-query")

    def _mutated_query(self) -> str:
        if self._chance(0.3):
            return " ".join(self._one(_WORDS) for _ in range(self._random.randrange(14)))
        text = self._one(self._queries)
        if self._chance(0.4):
            heavy = self._chance(0.05)
            return text.replace(*self._one(_HEAVY if heavy else _TURNS), 1)
        for _ in range(self._random.randrange(4)):
            at = self._random.randrange(len(text) + 1)
            to = min(len(text), at + self._random.randrange(12))
            text = self._one((
                text[:at] + self._one(_WORDS) + text[at:],
                text[:at] + text[to:],
                text[:at],
                text[:at] + text[at:to] * self._random.randrange(2, 40) + text[to:],
                text[:at] + chr(self._random.randrange(0xD800)) + text[at:],
            ))  # fmt: skip
        return text

    def _parameters(self) -> Case:
        pairs = []
        for _ in range(self._random.randrange(1, 7)):
            name = self._one(_PARAMETERS)
            value = "ASK {}" if name == "query" and self._chance(0.7) else self._one(_ARGUMENTS)
            pairs.append(f"{name}={value if self._chance(0.3) else quote(value)}")
        text = self._one(("&", "&", "&", "&&", ";", "&=&")).join(pairs).replace(" ", "%20")
        path = self._one(("/sparql", "/sparql", "/sparql", "/data", "/id/country/KAZ", "/"))
        if self._chance(0.75):
            return self._message(self._one(("GET", "GET", "HEAD")), f"{path}?{text}")
        return self._message("POST", path, text.encode(), "application/x-www-form-urlencoded")

    def _path(self) -> Case:
        path = self._one(_PATHS)
        for _ in range(self._random.randrange(3)):
            at = self._random.randrange(1, len(path) + 1)
            path = path[:at] + self._one(_PIECES) + path[at + self._random.randrange(2) :]
        # What may not stand in a request target at all makes it no sound message.
        if not path.isascii() or any(ord(each) <= 32 or ord(each) == 127 for each in path):
            path = quote(path, safe="/%?&=:;@+,'*~!$().-_")
        return self._message(self._one(_METHODS), path)

    def _body(self) -> Case:
        size = self._random.choice((0, 1, 5, 60, 3000))
        body = self._random.randbytes(size)
        if self._chance(0.5):
            body = b"query=" + quote_from_bytes(body).encode()
        media_type = self._one([*_VALUES, *_MEDIA_TYPES, "application/sparql-query"])
        return self._message(
            "POST", self._one(("/sparql", "/sparql", "/data", "/")), body, media_type
        )

    def _message(
        self, method: str, target: str, body: bytes | None = None, media_type: str | None = None
    ) -> Case:
        lines = [
            f"{method} {target} HTTP/1.1",
            "Host: " + self._one(("x", "x", "127.0.0.1:1", "é")),
        ]
        if self._chance(0.6):
            lines.append("Accept: " + self._accept())
        if self._chance(0.3):
            lines.append("Accept-Encoding: " + self._one(("gzip", "br", "zstd", "gzip, br, zstd")))
        for _ in range(self._random.randrange(3) if self._chance(0.4) else 0):
            lines.append(f"{self._one(_FIELDS)}: {self._one(_VALUES)}")
        if media_type is not None:
            lines.append(f"Content-Type: {media_type}")
        data = b""
        if body is not None and self._chance(0.25):
            lines.append("Transfer-Encoding: chunked")
            data = self._chunked(body)
        elif body is not None:
            lines.append(f"Content-Length: {len(body)}")
            data = body
        head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
        return Case(head + data, head=method == "HEAD")

    def _chunked(self, body: bytes) -> bytes:
        parts, at = [], 0
        while at < len(body):
            size = self._random.randrange(1, 200)
            part = body[at : at + size]
            extension = self._one(("", "", ";a=b", ';"x"'))
            parts.append(f"{len(part):x}{extension}\r\n".encode() + part + b"\r\n")
            at += size
        return b"".join(parts) + b"0\r\n\r\n"

    def _accept(self) -> str:
        members = []
        for _ in range(self._random.randrange(1, 5)):
            weight = self._one(("", "", ";q=0.5", ";q=0", ";q=1.0", ";q=2", ";Q=.5", ";q"))
            members.append(self._one(_MEDIA_TYPES) + weight)
        return self._one((", ", ",", " ,")).join(members)

    # --- messages that are not sound

    def _malformed(self, data: bytes) -> Case:
        broken = self._one(
            (self._cut, self._flipped, self._spliced, self._lengthened, self._pipelined,
             self._noise, self._giant, self._lined)
        )(data)  # fmt: skip
        return Case(broken, framed=False)

    def _cut(self, data: bytes) -> bytes:
        return data[: self._random.randrange(len(data))]

    def _flipped(self, data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(self._random.randrange(1, 6)):
            changed[self._random.randrange(min(len(changed), 400))] = self._random.randrange(256)
        return bytes(changed)

    def _spliced(self, data: bytes) -> bytes:
        at = self._random.randrange(len(data))
        return data[:at] + self._one((b"\r\n", b"\n", b"\0", b"\r", b" ", b"\r\n\r\n")) + data[at:]

    def _lengthened(self, data: bytes) -> bytes:
        length = self._one((b"-1", b"0", b"99999999999", b"9" * 40, b"1, 2", b"0x10", b"+1", b""))
        extra = self._one((
            b"Content-Length: " + length, b"Transfer-Encoding: chunked",
            b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: identity",
            b"Content-Length: 5\r\nContent-Length: 6", b"Expect: 100-continue", b"Expect: x",
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk",
            b"Connection: close, keep-alive", b"Host: y", b" folded: line",
        ))  # fmt: skip
        return data.replace(b"\r\nHost:", b"\r\n" + extra + b"\r\nHost:", 1)

    def _pipelined(self, data: bytes) -> bytes:
        return b"".join([data, *(self._sound().data for _ in range(self._random.randrange(1, 5)))])

    def _noise(self, data: bytes) -> bytes:
        return self._one((
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\r\n" * 40, b"\0" * 200,
            b"GET\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"GET /\r\n",
            b"GET / HTTP/1.1\r\n\r\n", b"* * HTTP/1.1\r\nHost: x\r\n\r\n",
            b"CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET http://evil.example/id/country/KAZ HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n",
            self._random.randbytes(self._random.randrange(1, 300)),
        ))  # fmt: skip

    def _giant(self, data: bytes) -> bytes:
        filler = self._one((
            b"X: " + b"a" * 200_000, b"\r\n".join(b"X%d: y" % i for i in range(2_000)),
            b"Accept: " + b"a/b;q=0.1," * 9_000, b"Accept-Encoding: " + b"gzip," * 9_000,
            b"If-None-Match: " + b'"x",' * 9_000, b"Forwarded: " + b"for=1.1.1.1," * 5_000,
        ))  # fmt: skip
        return data.replace(b"\r\nHost:", b"\r\n" + filler + b"\r\nHost:", 1)

    def _lined(self, data: bytes) -> bytes:
        line = self._one((
            b"GET  / HTTP/1.1", b" GET / HTTP/1.1", b"GET /\t HTTP/1.1", b"G\xc3\x89T / HTTP/1.1",
            b"GET /\xff\xfe HTTP/1.1", b"GET /sparql?query=\xff HTTP/1.1", b"GET / http/1.1",
            b"GET /#x HTTP/1.1", b"GET sparql HTTP/1.1", b"GET / HTTP/1.1 x", b"GET",
            b"GET /" + b"a" * 100_000 + b" HTTP/1.1", b"GET / HTTP/1.0", b"POST / HTTP/1.0",
        ))  # fmt: skip
        return line + data[data.index(b"\r\n") :]

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def _one(self, of: Sequence[T]) -> T:
        return self._random.choice(of)
