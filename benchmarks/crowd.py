"""The clients of a soak: good ones, whose every answer is checked, and hostile ones.

Each client has an address of its own on the loopback, as it would have on a network, because the
server gives each address a fair share.
"""

import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kzgraph.iri import GRAPH, ID
from kzgraph.prefixes import PREFIXES
from kzgraph.resources import folder

JSON = "application/sparql-results+json"
FORM = {"Content-Type": "application/sparql-query", "Accept": JSON}
#: What a release has more than the other, so that a mixed answer shows.
MARK = "urn:kzgraph:soak"

_ANSWERS = Path(__file__).parents[1] / "tests" / "competency"
_MARKED = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?thing a <{MARK}> }}"
_ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"

#: What the pinned answers write for the start of an IRI.
_SHORT = {"": ID, "graph:": GRAPH, **{f"{name}:": iri for name, iri in PREFIXES.items()}}

Json = Any
Value = str | bool | Decimal | None
Rows = list[list[Value]]


@dataclass
class Right:
    """The right answers at a moment.

    Attributes:
        marked: how many things are marked in each release, by its version.
        triples: how many triples each release has.
        current: the version of the current release.
        changed: when it became the current one (monotonic).
    """

    marked: Mapping[str, int]
    triples: Mapping[str, int]
    current: str
    changed: float = field(default_factory=time.monotonic)

    def among(self, counts: Mapping[str, int], asked: float) -> set[int]:
        """What may be answered to who asked at `asked`: two releases while one takes over."""
        if asked - self.changed > _TAKEOVER:
            return {counts[self.current]}
        return set(counts.values())


#: Seconds that a new release may take to be served.
_TAKEOVER = 10.0


class Crowd:
    """Clients of one server, each in a thread of its own.

    Attributes:
        counts: what happened, by kind of client and outcome.
        wrong: what must not happen: wrong answers, 500s, connections refused.
    """

    def __init__(self, port: int, right: Right) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []
        self.right = right
        self._port = port
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def join(self, kind: str, act: Callable[["Client"], str], count: int) -> None:
        """Let `count` clients of a kind act until `leave`."""
        for _ in range(count):
            client = Client(self, f"127.0.1.{len(self._threads) + 1}", self._port)
            thread = threading.Thread(target=self._run, args=(kind, act, client), daemon=True)
            self._threads.append(thread)
            thread.start()

    def leave(self) -> None:
        """End all clients, each when its request is over."""
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self, kind: str, act: Callable[["Client"], str], client: "Client") -> None:
        while not self._over.is_set():
            try:
                outcome = act(client)
            except Wrong as wrong:
                outcome = "wrong"
                with self._lock:
                    self.wrong.append(f"{kind}: {wrong}")
            except (OSError, http.client.HTTPException) as error:
                # A server that refuses a connection is down; one that ends it may be right to.
                outcome = f"broken off ({type(error).__name__})"
                if isinstance(error, ConnectionRefusedError):
                    with self._lock:
                        self.wrong.append(f"{kind}: {error}")
            with self._lock:
                self.counts[kind, outcome] += 1
            if outcome == "503":
                self._over.wait(0.5)


class Wrong(Exception):
    """The server did what it must never do."""


class Client:
    """Somebody with an address."""

    def __init__(self, crowd: Crowd, address: str, port: int) -> None:
        self.crowd = crowd
        self.chance = random.Random(address)  # noqa: S311 - no secret
        self._address = address
        self._port = port
        self.sent = 0

    def connection(self) -> http.client.HTTPConnection:
        """A new connection from this client's address."""
        return http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=90, source_address=(self._address, 0)
        )

    def socket(self) -> socket.socket:
        """A new connection for bytes of the client's own."""
        return socket.create_connection(
            ("127.0.0.1", self._port), timeout=90, source_address=(self._address, 0)
        )

    def ask(self, query: str, target: str = "/sparql") -> tuple[int, bytes]:
        """Status and body of the answer to `query`.

        Raises:
            Wrong: the status is 500.
        """
        return self.send("POST", target, query.encode(), FORM)

    def send(
        self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of the answer to a request.

        Raises:
            Wrong: the status is 500.
        """
        with closing(self.connection()) as connection:
            connection.request(method, target, body or None, dict(headers or {}))
            response = connection.getresponse()
            status, content = response.status, response.read()
        if status == 500:
            raise Wrong(f"500 to {method} {target[:100]} {body[:200]!r}")
        return status, content

    def unique(self, query: str) -> str:
        """`query` with a comment that no other one has, so that it is evaluated anew."""
        self.sent += 1
        return f"{query}\n# {self._address} {self.sent}"


# Good clients


def questions() -> list[tuple[str, list[str], Rows]]:
    """The competency questions that make tables, with the answers read from the documents."""
    found = []
    for path in sorted(folder("queries").glob("*.rq")):
        content = json.loads(
            (_ANSWERS / f"{path.stem}.json").read_bytes(),
            parse_float=Decimal,
            parse_int=Decimal,
        )
        if content["columns"] != ["subject", "predicate", "object"]:
            found.append((path.read_text(encoding="utf-8"), content["columns"], content["rows"]))
    return found


_QUESTIONS = questions()


def reader(client: Client) -> str:
    """Asks a question about the documents, half of the time one that may be in the cache."""
    query, columns, rows = client.chance.choice(_QUESTIONS)
    status, body = client.ask(query if client.chance.random() < 0.5 else client.unique(query))
    if status != 200:
        return _refused(status)
    if table(json.loads(body)) != (columns, rows):
        raise Wrong(f"{body[:500]!r} to {query}")
    return "right"


def watcher(client: Client) -> str:
    """Asks for what differs from one release to the next."""
    asked = time.monotonic()
    status, body = client.ask(_MARKED)
    if status != 200:
        return _refused(status)
    right = client.crowd.right
    count = int(json.loads(body)["results"]["bindings"][0]["n"]["value"])
    if count not in right.among(right.marked, asked):
        raise Wrong(f"{count} marked things in release {right.current}")
    time.sleep(0.05)
    return "right"


def slow_reader(client: Client) -> str:
    """Takes all triples in small sips, and now and then leaves before the end."""
    asked = time.monotonic()
    with closing(client.connection()) as connection:
        connection.request("POST", "/sparql", client.unique(_ALL).encode(), FORM)
        response = connection.getresponse()
        if response.status != 200:
            response.read()
            return _refused(response.status)
        body, leaves = bytearray(), client.chance.random() < 0.3
        while part := response.read(64 * 1024):
            body += part
            if leaves and len(body) > 500_000:
                return "left"
            time.sleep(0.05)
    right = client.crowd.right
    count = len(json.loads(body)["results"]["bindings"])
    if count not in right.among(right.triples, asked):
        raise Wrong(f"{count} triples in release {right.current}")
    return "right"


def table(result: Json) -> tuple[list[str], Rows]:
    """A JSON result in the short form of the pinned answers."""
    if "boolean" in result:
        return ["boolean"], [[result["boolean"]]]
    names = result["head"]["vars"]
    return names, [
        [_short(binding[name]) if name in binding else None for name in names]
        for binding in result["results"]["bindings"]
    ]


def _short(term: Mapping[str, str]) -> Value:
    value, datatype = term["value"], term.get("datatype", "")
    if term["type"] == "uri":
        for short, namespace in _SHORT.items():
            if value.startswith(namespace):
                return short + value.removeprefix(namespace)
        return value
    if datatype == PREFIXES["xsd"] + "boolean":
        return value == "true"
    if datatype in (PREFIXES["xsd"] + "integer", PREFIXES["xsd"] + "decimal"):
        return Decimal(value)
    return value


def _refused(status: int) -> str:
    """A good client may be told to come back, and nothing else."""
    if status != 503:
        raise Wrong(f"{status} to a good query")
    return "503"


# Hostile clients


def runaway(client: Client) -> str:
    """A cross product that ends at its deadline."""
    where = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
    status, _ = client.ask(
        client.unique(f"SELECT (COUNT(*) AS ?n) WHERE {{ {where} }}"),
        f"/sparql?timeout={client.chance.choice((1, 3, 8))}",
    )
    return _never_answered(status, 503, 504)


def hog(client: Client) -> str:
    """More memory than a worker may have, by one of three ways."""
    query = client.chance.choice(
        (
            "SELECT (GROUP_CONCAT(?o) AS ?all) WHERE { ?s ?p ?o . ?a ?b ?c }",
            "SELECT * WHERE { ?s ?p ?o . ?a ?b ?c } ORDER BY ?o ?c",
            "SELECT DISTINCT ?s ?o ?a ?c WHERE { ?s ?p ?o . ?a ?b ?c } ORDER BY ?a",
        )
    )
    status, _ = client.ask(client.unique(query), "/sparql?timeout=10")
    return _never_answered(status, 422, 503, 504)


def nester(client: Client) -> str:
    """A query so deep that a parser's stack would not hold it."""
    opening, closing_ = client.chance.choice((("{", "}"), ("(", ")"), ("!", ""), ("[", "]")))
    depth = 200_000
    inner = opening * depth + closing_ * depth
    query = f"SELECT * WHERE {{ {inner} }}" if opening == "{" else f"ASK {{ FILTER({inner}1) }}"
    status, _ = client.ask(query)
    time.sleep(0.2)
    return _never_answered(status, 400, 503)


def leaver(client: Client) -> str:
    """Asks for something long and hangs up."""
    query = client.unique("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    request = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with client.socket() as connection:
        connection.sendall(request.encode())
        time.sleep(client.chance.choice((0.0, 0.01, 0.3, 1.5)))
    time.sleep(0.3)
    return "left"


_BAD: tuple[tuple[str, str, bytes, Mapping[str, str]], ...] = (
    ("GET", "/sparql?query=SELECT", b"", {"Accept": JSON}),
    ("GET", "/sparql?query=%FF%FE", b"", {"Accept": JSON}),
    ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", b"", {"Accept": JSON}),
    ("GET", "/sparql?query=ASK%7B%7D", b"", {"Accept": "image/png"}),
    ("GET", "/sparql?query=SELECT*%7BSERVICE%3Chttp%3A%2F%2F127.0.0.1%3A1%2F%3E%7B%7D%7D", b"", {}),
    ("PUT", "/sparql", b"x", {"Content-Type": "text/plain"}),
    ("POST", "/sparql", b"\xff\xfe", FORM),
    ("POST", "/sparql", b"DROP ALL", FORM),
    ("POST", "/sparql", b"x" * 2_000_000, FORM),
    ("POST", "/sparql", b"ASK {}", {"Content-Type": "application/sparql-update"}),
    ("GET", "/id/country/nowhere", b"", {}),
    ("GET", "/%00/../../etc/passwd", b"", {}),
)


def bungler(client: Client) -> str:
    """Malformed requests, and bytes that are not a request."""
    time.sleep(0.05)
    if client.chance.random() < 0.2:
        with client.socket() as connection:
            connection.sendall(
                client.chance.randbytes(client.chance.randrange(1, 2000)) + b"\r\n\r\n"
            )
            connection.settimeout(5)
            answer = connection.recv(64)
        if b" 500 " in answer.partition(b"\r\n")[0]:
            raise Wrong("500 to bytes that are not a request")
        return "noise"
    status, _ = client.send(*client.chance.choice(_BAD))
    if not 400 <= status < 500:
        return _never_answered(status, 503)
    return str(status)


def _never_answered(status: int, *expected: int) -> str:
    if status not in expected:
        raise Wrong(f"{status} to a hostile request, not one of {expected}")
    return str(status)
