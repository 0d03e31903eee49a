"""A served release as its clients see it: HTTP by the book, and bytes over a socket."""

import http.client
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

from processes import PATIENCE, children, grandchildren, until
from running import Server, free_port
from server_fixtures import SERVE, UNHURRIED, Reply, environment_with

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
JSON_RESULTS = "application/sparql-results+json"

#: What a browser sends.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

#: Runs for hours: the products of all triples with themselves, twice, counted.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
#: A small query, answered in a few milliseconds.
SMALL = "SELECT ?s { ?s a kzg:Pledge } ORDER BY ?s"
#: An answer of `rows` rows, about 170 bytes each in JSON.
LARGE = "SELECT ?a ?b {{ ?a rdfs:label ?x . ?b rdfs:label ?y }} LIMIT {rows}"

Fields = Mapping[str, str] | Sequence[tuple[str, str]]


class Site:
    """A release being served, by processes that can be looked at.

    Attributes:
        server: what was started.
        url: the address, without a slash at the end.
        process: the process that was started.
    """

    def __init__(self, server: "Running") -> None:
        self.server = server
        self.url = server.url
        self.process = server.process
        address = urlsplit(server.url)
        self.address = (address.hostname or "", address.port or 0)

    def request(
        self,
        target: str,
        method: str = "GET",
        body: bytes | None = None,
        fields: Fields = (),
        timeout: float = 2 * PATIENCE,
    ) -> Reply:
        """Send a request over a connection of its own."""
        connection = http.client.HTTPConnection(*self.address, timeout=timeout)
        try:
            return exchange(connection, target, method, body, fields)
        finally:
            connection.close()

    def get(self, target: str, accept: str | None = None, **fields: str) -> Reply:
        """GET; a header field `If_None_Match` is written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in fields.items()}
        if accept is not None:
            sent["Accept"] = accept
        return self.request(target, fields=sent)

    def ask(self, query: str, accept: str | None = None, **parameters: Any) -> Reply:
        """Send `query` by GET; a parameter `default_graph_uri` is written with underscores."""
        return self.get(sparql(query, **parameters), accept)

    def post(self, query: str | bytes, media_type: str = QUERY, **fields: str) -> Reply:
        """Send a body to the endpoint by POST."""
        body = query.encode() if isinstance(query, str) else query
        sent = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.request("/sparql", "POST", body, {"Content-Type": media_type, **sent})

    def ready(self) -> Any:
        """What `/ready` says."""
        return self.get("/ready").json

    def metric(self, name: str, **labels: str) -> float:
        """A number of `/metrics`; 0 where it is not counted yet."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(
            float(line.rpartition(" ")[2])
            for line in self.get("/metrics").body.decode().splitlines()
            if line.split("{")[0].split(" ")[0] == name and all(each in line for each in wanted)
        )

    @property
    def front(self) -> int:
        """The process that answers requests."""
        (pid,) = children(self.process.pid)
        return pid

    @property
    def workers(self) -> list[int]:
        """The processes that evaluate queries."""
        return grandchildren(self.front)

    def connect(self, timeout: float = 2 * PATIENCE) -> socket.socket:
        """A connection to write bytes to."""
        return socket.create_connection(self.address, timeout)

    def open_get(
        self, target: str, accept: str = JSON_RESULTS, coding: str = "identity"
    ) -> socket.socket:
        """A connection on which `target` was asked for and nothing read yet."""
        connection = self.connect()
        # A small window: what the client does not read is soon the server's to keep.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        fields = f"Host: x\r\nAccept: {accept}\r\nAccept-Encoding: {coding}\r\n"
        connection.sendall(f"GET {target} HTTP/1.1\r\n{fields}\r\n".encode())
        return connection

    def begin(self, target: str, coding: str = "identity") -> socket.socket:
        """A connection on which the answer of a query begins to come before its time is up.

        How much time that takes depends on what else the machine does.
        """
        for seconds in (2, 10, 50):
            connection = self.open_get(f"{target}&timeout={seconds}", coding=coding)
            if connection.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200":
                return connection
            connection.close()
        raise AssertionError("no answer begins in 50 s")

    def ended(self, cause: str) -> float:
        """How many workers have ended for a cause."""
        return self.metric("kzgraph_worker_ends_total", cause=cause)

    def until_ended(self, cause: str, count: float) -> None:
        """Wait until as many workers have ended for a cause."""
        until(lambda: self.ended(cause) >= count, f"fewer than {count:g} ended: {cause}")

    def settle(self) -> None:
        """Wait until no query runs or waits, no worker starts, and each end is counted."""
        until(lambda: self._is_idle(), "the workers did not become idle")

    def _is_idle(self) -> bool:
        state = self.ready()
        starting = self.metric("kzgraph_workers", state="starting")
        if state["workers"]["busy"] + state["workers"]["long"] + starting:
            return False
        # One that was killed is counted when its exit is collected, which is later.
        return len(self.workers) == int(state["workers"]["idle"])


class Running(Server):
    """A server with settings of its own, started as `serve` starts it."""

    def __init__(self, releases: Path, **settings: str) -> None:
        environment = environment_with(**{"access_log": "off", **settings})
        super().__init__([*SERVE, str(releases)], free_port(), env=environment)
        # Nobody else reads what it says while it runs, and a full pipe would stop it.
        self.lines: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with suppress(ValueError):
            self.lines.extend(self.process.stdout)


@contextmanager
def site(releases: Path, **settings: str) -> Iterator[Site]:
    """Serve the current release of a folder under `KZGRAPH_<name>` settings.

    It is unhurried unless a setting says otherwise.
    """
    with Running(releases, **{**UNHURRIED, **settings}) as server:
        yield Site(server)


def exchange(
    connection: http.client.HTTPConnection,
    target: str,
    method: str = "GET",
    body: bytes | None = None,
    fields: Fields = (),
) -> Reply:
    """A request and its answer over a connection that may be used again."""
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in pairs:
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    return Reply(response.status, response.headers, response.read())


def sparql(query: str, **parameters: Any) -> str:
    """The target of a GET request; a parameter may have a list of values."""
    named = {name.replace("_", "-"): value for name, value in parameters.items()}
    return "/sparql?" + urlencode({"query": query, **named}, doseq=True, quote_via=quote)


def graph(name: str) -> str:
    """The name of a graph of the release."""
    return f"https://w3id.org/kzgraph/graph/{name}"


# --- bytes


@dataclass(frozen=True)
class RawReply:
    """A response as it came over a socket.

    Attributes:
        status: the status code.
        fields: the header fields, names in lower case.
        body: the body without its chunks' frames.
        complete: whether it came to the end that its framing announced.
    """

    status: int
    fields: dict[str, str]
    body: bytes
    complete: bool


class Wire:
    """A connection on which bytes are written and responses are read.

    `timeout` bounds each wait for bytes.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._pending = b""
        self.closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def send(self, data: bytes) -> None:
        """Write; a server that has hung up is noticed when reading."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.sendall(data)

    def reply(self, head_only: bool = False) -> RawReply | None:
        """The next response; None where the connection ends before one starts.

        Args:
            head_only: whether it answers HEAD, so that no body follows.

        Raises:
            TimeoutError: nothing comes any more, though the connection stays.
            AssertionError: what comes is no HTTP.
        """
        while (head := self._head()) is not None:
            status, fields = head
            # An interim response comes before the one that is meant.
            if status < 200:
                continue
            if head_only or status in (204, 304):
                return RawReply(status, fields, b"", True)
            if "chunked" in fields.get("transfer-encoding", ""):
                return self._chunked(status, fields)
            if "content-length" in fields:
                size = int(fields["content-length"])
                whole = self._fill(size)
                body, self._pending = self._pending[:size], self._pending[size:]
                return RawReply(status, fields, body, whole)
            while self._more():
                pass
            body, self._pending = self._pending, b""
            return RawReply(status, fields, body, True)
        return None

    def _head(self) -> tuple[int, dict[str, str]] | None:
        while b"\r\n\r\n" not in self._pending:
            if not self._more():
                assert not self._pending, f"a broken head: {self._pending[:200]!r}"
                return None
        head, _, self._pending = self._pending.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, *_ = first.split(" ")
        assert version in ("HTTP/1.1", "HTTP/1.0"), f"no HTTP: {first[:200]!r}"
        pairs = (line.partition(":") for line in lines)
        return int(status), {name.lower(): value.strip() for name, _, value in pairs}

    def _chunked(self, status: int, fields: dict[str, str]) -> RawReply:
        parts: list[bytes] = []
        while True:
            while b"\r\n" not in self._pending:
                if not self._more():
                    return RawReply(status, fields, b"".join(parts), False)
            line, _, self._pending = self._pending.partition(b"\r\n")
            size = int(line.split(b";")[0], 16)
            if not self._fill(size + 2):
                return RawReply(status, fields, b"".join([*parts, self._pending]), False)
            parts.append(self._pending[:size])
            assert self._pending[size : size + 2] == b"\r\n", "a chunk of another length"
            self._pending = self._pending[size + 2 :]
            if size == 0:
                return RawReply(status, fields, b"".join(parts), True)

    def _fill(self, size: int) -> bool:
        if len(self._pending) >= size:
            return True
        parts, have = [self._pending], len(self._pending)
        while have < size and (part := self._receive()):
            parts.append(part)
            have += len(part)
        self._pending = b"".join(parts)
        return have >= size

    def _more(self) -> bool:
        part = self._receive()
        self._pending += part
        return bool(part)

    def _receive(self) -> bytes:
        try:
            part = self.connection.recv(256 * 1024)
        except ConnectionError:
            part = b""
        if not part:
            self.closed = True
        return part
