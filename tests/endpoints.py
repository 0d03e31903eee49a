"""Endpoints on the loopback for the tests of SERVICE: sound ones and all kinds of others."""

import json
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryResultsFormat, Store

from kzgraph.problem import Problem
from kzgraph.public_address import Address
from kzgraph.sparql.job import Job
from kzgraph.sparql.refusals import problem_at
from kzgraph_server.allow_list import Network
from kzgraph_server.engine.answer import Answer, EngineState
from processes import PATIENCE

RESULTS = "application/sparql-results+json"
EX = "https://example.org/"

#: Triples by the ends of their IRIs: some for the store that asks, some for the endpoint.
HERE = (
    ("a", "name", Literal("A", language="en")),
    ("b", "name", Literal("B")),
    ("c", "name", Literal('C " \\ \n } ) <x>')),
    ("a", "near", "b"),
    ("b", "near", "c"),
)
THERE = (
    ("a", "people", Literal(5)),
    ("b", "people", Literal(7)),
    ("b", "people", Literal(8)),
    ("d", "people", Literal(9)),
    ("a", "label", Literal("A", language="en")),
    ("c", "label", Literal('C " \\ \n } ) <x>')),
    ("b", "near", "a"),
)


LOOPBACK = ip_address("127.0.0.1")


async def at_loopback(host: str, port: int) -> list[Address]:
    return [LOOPBACK]


#: The network in which every name is this machine, and this machine may be called.
TEST = Network(look_up=at_loopback, permits=lambda address: address.is_loopback)


def quads(*triples: tuple[str, str, Any], graph: str | None = None) -> list[Quad]:
    """The triples as quads of a graph."""
    return [
        Quad(
            NamedNode(EX + subject),
            NamedNode(EX + predicate),
            NamedNode(EX + value) if isinstance(value, str) else value,
            DefaultGraph() if graph is None else NamedNode(graph),
        )
        for subject, predicate, value in triples
    ]


def stored(*triples: tuple[str, str, Any]) -> Store:
    """A store with the triples."""
    store = Store()
    store.extend(quads(*triples))
    return store


@dataclass
class Endpoint:
    """A server that answers every POST the same way.

    Attributes:
        port: where it listens on 127.0.0.1.
        queries: what it was asked so far.
        headers: of each request.
    """

    port: int = 0
    queries: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://endpoint.example:{self.port}/sparql"


Respond = Callable[[BaseHTTPRequestHandler, str], None]


@contextmanager
def serving(respond: Respond, tls: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """An endpoint that answers with `respond`, given the handler and the query."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            query = parse_qs(body, strict_parsing=True)["query"][0]
            endpoint.queries.append(query)
            endpoint.headers.append(dict(self.headers))
            respond(self, query)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that goes away is what some tests want."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    endpoint.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    content_type: str = RESULTS,
    **headers: str,
) -> None:
    """Answer with `body`."""
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def answering(store: Store) -> Respond:
    """Answers from `store`, as an endpoint does."""

    def respond(handler: BaseHTTPRequestHandler, query: str) -> None:
        result: Any = store.query(query)
        send(handler, result.serialize(format=QueryResultsFormat.JSON))

    return respond


def sending(body: bytes, **how: Any) -> Respond:
    """Answers with `body`, whatever is asked."""
    return lambda handler, _: send(handler, body, **how)


def bindings(*rows: dict[str, Any]) -> bytes:
    """A result with these solutions, each a dict of terms in JSON."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return json.dumps({"head": {"vars": names}, "results": {"bindings": list(rows)}}).encode()


def hang_up(handler: BaseHTTPRequestHandler, query: str) -> None:
    handler.connection.close()


def noise(handler: BaseHTTPRequestHandler, query: str) -> None:
    handler.wfile.write(b"\x00\xffSSH-2.0\r\n\r\n")


def cut_short(handler: BaseHTTPRequestHandler, query: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(bindings())
    handler.close_connection = True


def endless(handler: BaseHTTPRequestHandler, query: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 65536)


def endless_header(handler: BaseHTTPRequestHandler, query: str) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-Filler: " + b"x" * 65536 + b"\r\n")


def silent_for_long(handler: BaseHTTPRequestHandler, query: str) -> None:
    handler.connection.settimeout(PATIENCE)
    handler.rfile.read(1)  # until the client hangs up


def dripping(handler: BaseHTTPRequestHandler, query: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.end_headers()
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.05)


class StoreEngine:
    """An engine that evaluates in this process and remembers what it was asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.jobs: list[Job] = []

    explains = True

    async def start(self) -> None: ...

    async def stop(self, grace: float) -> None: ...

    def ready(self) -> bool:
        return True

    def state(self) -> EngineState:
        return EngineState(True)

    async def ask(self, job: Job, client: str) -> Answer:
        self.jobs.append(job)
        try:
            result: Any = self.store.query(
                job.query, default_graph=[NamedNode(each) for each in job.default_graphs] or None
            )
        except SyntaxError as error:
            raise problem_at(job.query, str(error), job.query.find("GRAPH")) from None
        except RuntimeError as error:
            raise Problem(400, f"The query cannot be evaluated: {error}") from None
        body = result.serialize(format=QueryResultsFormat.JSON)
        return Answer(RESULTS, "json", Nothing(), complete=body)


class Nothing:
    """No chunks."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        raise StopAsyncIteration

    async def aclose(self) -> None: ...
