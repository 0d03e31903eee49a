"""A proxy in front of a real engine that writes down what passes, and can get in the way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx

from processes import PATIENCE


@dataclass(frozen=True)
class Passing:
    """A request on its way through.

    Attributes:
        method: of HTTP.
        path: with the query.
        body: what was sent.
        authorization: the header field; empty where there was none.
    """

    method: str
    path: str
    body: bytes
    authorization: str

    @property
    def graph(self) -> str:
        """The graph that is named in the query of the address; empty where none is."""
        return parse_qs(urlsplit(self.path).query).get("graph", [""])[0]


#: What a proxy does instead of passing a request on: an answer (status, header fields, body).
Reply = tuple[int, dict[str, str], bytes]
Hook = Callable[[Passing], Reply | None]


@dataclass
class Proxy:
    """A proxy that runs.

    Attributes:
        url: its address, without a slash at the end.
        seen: every request, in order.
        hook: asked about each request; None passes all on.
    """

    url: str = ""
    seen: list[Passing] = field(default_factory=list)
    hook: Hook | None = None

    def sent_graphs(self) -> list[str]:
        """The short names of the graphs that were put, in order."""
        return [each.graph.rpartition("/")[2] for each in self.seen if each.method == "PUT"]


@contextmanager
def proxy(to: str = "") -> Iterator[Proxy]:
    """A proxy to the server at `to`; without one, only its hook answers."""
    found = Proxy()
    client = httpx.Client(timeout=PATIENCE, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            passing = Passing(
                self.command, self.path, body, self.headers.get("Authorization") or ""
            )
            found.seen.append(passing)
            reply = found.hook(passing) if found.hook else None
            if reply is None:
                kept = ("content-type", "accept", "authorization")
                headers = {name: self.headers[name] for name in kept if name in self.headers}
                done = client.request(self.command, to + self.path, content=body, headers=headers)
                kept = ("content-type", "www-authenticate", "retry-after")
                headers = {name: done.headers[name] for name in kept if name in done.headers}
                reply = done.status_code, headers, done.content
            status, headers, data = reply
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "content-length" not in map(str.lower, headers):
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        client.close()
