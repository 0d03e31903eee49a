"""One attack at a time, from sixteen connections, and what another client has of the server then.

Each attack is one that once held the front up or filled it. The attackers are a process of their
own, with an address each, so that they take nothing from the client that is measured but what the
server gives them.
"""

import http.client
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import peers

import data
from processes import children, resident_mib

CONNECTIONS = 16
#: Seconds within which another client is answered, and MiB that the front may grow by.
HEALTH, PAGE, QUERY, GROWTH = 0.5, 1.0, 1.0, 150
#: As shipped, but that SERVICE is allowed, rows are capped and the disk of the log is full: each
#: was needed for one of the attacks.
SETTINGS = {
    "KZGRAPH_SERVICE_ALLOW": "https://example.org/sparql",
    "KZGRAPH_MAX_ROWS": "10",
    "KZGRAPH_ACCESS_LOG": "/dev/full",
}

_RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_SMALL = 'SELECT ?s ?l WHERE {{ ?s a ?t ; rdfs:label ?l FILTER(STR(?l) != "{}") }} LIMIT 10'
_TEXT = {"Content-Type": "application/sparql-query"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Port = int
#: Does something once, given the port, its own address and how often it was called.
Act = Callable[[Port, str, int], None]


def _send(
    port: Port, address: str, method: str, target: str, body: bytes, fields: dict[str, str]
) -> None:
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=60, source_address=(address, 0)
    )
    try:
        connection.request(method, target, body or None, fields)
        response = connection.getresponse()
        while response.read(1 << 20):
            pass
    finally:
        connection.close()


def _field(name: str, value: str) -> Act:
    def act(port: Port, address: str, number: int) -> None:
        _send(port, address, "GET", f"/robots.txt?{address}{number}", b"", {name: value})

    return act


def _post(make: Callable[[str], str], fields: dict[str, str], accept: str = "*/*") -> Act:
    def act(port: Port, address: str, number: int) -> None:
        body = make(f"{address} {number}").encode()
        _send(port, address, "POST", "/sparql", body, {**fields, "Accept": accept})

    return act


def _get(make: Callable[[str], str], accept: str = "*/*") -> Act:
    def act(port: Port, address: str, number: int) -> None:
        fields = {"Accept": accept.replace("NUMBER", f"{address}-{number}")}
        _send(port, address, "GET", make(f"{address}-{number}"), b"", fields)

    return act


def _hold(target: str) -> Act:
    """Ask, and read nothing for a while."""

    def act(port: Port, address: str, number: int) -> None:
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.bind((address, 0))
            connection.connect(("127.0.0.1", port))
            head = f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept: text/html, */*;q=0.5\r\n\r\n"
            connection.sendall(head.replace("NUMBER", f"{address}-{number}").encode())
            time.sleep(5)

    return act


_WIDE = " ".join(f"?v{number}" for number in range(250))
_ROWS = " ".join(str(number) for number in range(1000))

ATTACKS: dict[str, Act] = {
    "Accept-Encoding of blanks": _field("Accept-Encoding", "a" + " " * 8_000 + "@"),
    "Accept-Encoding of 32,000 blanks": _field("Accept-Encoding", "a" + " " * 32_000 + "@"),
    "Accept of open quotes": _field("Accept", '"' + '\\"' * 4_000),
    "Accept of many ranges": _get(lambda n: f"/robots.txt?{n}", "a/b;q=0.1," * 790),
    "queries of 1 MiB as HTML": _post(
        lambda n: f"ASK {{}} #{n} " + "x" * 1_000_000, _TEXT, "text/html, text/csv"
    ),
    "faulty queries of 350 kB": _post(lambda n: f"SELECT * {{ #{n}\n" + "?s ?p " * 58_000, _TEXT),
    "faulty queries with SERVICE": _post(
        lambda n: "SELECT * { SERVICE ?x { " + "?s ?p ?o . " * 30_000 + f"#{n}", _TEXT
    ),
    "comments of 1 MiB": _post(lambda n: f"ASK {{}} #{n} " + "x" * 1_000_000, _TEXT),
    "formats of 1 MiB": _post(lambda n: f"query=ASK{{}}&format={n}" + "x" * 1_000_000, _FORM),
    "forms of escapes": _post(lambda n: f"query=ASK{{}}%23{n}" + "%41" * 330_000, _FORM),
    "long Accept fields": _get(
        lambda n: "/sparql?query=ASK%7B%7D", "a/NUMBER;" + "x" * 7_800 + ", */*"
    ),
    "long request lines": _get(lambda n: f"/robots.txt?{n}" + "x" * 30_000),
    "files that are not read": _hold("/dumps/kzgraph.nq"),
    "pages that are not read": _hold("/ontology?NUMBER"),
    "runaway queries as HTML": _hold(f"/sparql?query={quote(_RUNAWAY)}%23NUMBER"),
    "links to a next page": _post(
        lambda n: f"SELECT * {{ ?s ?p ?o }} #{n} " + "%" * 800_000, _TEXT, "text/csv"
    ),
    "wide pages of results": _post(
        lambda n: f"SELECT {_WIDE} {{ VALUES ?x {{ {_ROWS} }} }} #{n}", _TEXT, "text/html"
    ),
    "pages anew": _get(lambda n: f"/ontology?{n}", "text/html"),
}


@dataclass
class Measured:
    """What another client had: the slowest answers in seconds, and MiB that the front grew by."""

    health: float = 0.0
    page: float = 0.0
    query: float = 0.0
    growth: float = 0.0
    answers: int = 0
    failed: list[str] = field(default_factory=list)

    @property
    def within(self) -> bool:
        """Whether all is as it should be."""
        times = self.health <= HEALTH and self.page <= PAGE and self.query <= QUERY
        return times and self.growth <= GROWTH and not self.failed


def run(folder: Path, released: data.DataSet, seconds: float) -> dict[str, Measured]:
    """Let each attack at a server for so many seconds; what another client had meanwhile."""
    found = {}
    with peers.kzgraph(released, SETTINGS) as server:
        port = int(server.address.rpartition(":")[2])
        front = _front(server)
        _look(port, Measured(), "warm")
        start = resident_mib(front)
        for name in ATTACKS:
            with _attack(name, port):
                found[name] = _measure(port, front, start, name, seconds)
            _settle(port)
    return found


def _front(server: peers.Peer) -> int:
    """The process that answers requests: the one that has the workers forked."""
    for pid in server.processes():
        for child in children(pid):
            if b"engine.fork_server" in Path(f"/proc/{child}/cmdline").read_bytes():
                return pid
    raise SystemExit("the server has no workers")


@contextmanager
def _attack(name: str, port: Port) -> Iterator[None]:
    process = multiprocessing.get_context("spawn").Process(target=_attackers, args=(name, port))
    process.start()
    try:
        time.sleep(1.0)  # It starts.
        yield
    finally:
        process.kill()
        process.join()


def _attackers(name: str, port: Port) -> None:
    """Act from each connection until the process is ended."""

    def attack(address: str) -> None:
        number = 0
        while True:
            number += 1
            # To be refused, or cut off, is what an attacker has to expect.
            with suppress(OSError, http.client.HTTPException):
                ATTACKS[name](port, address, number)

    threads = [
        threading.Thread(target=attack, args=(f"127.0.2.{number + 1}",))
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _measure(port: Port, front: int, start: float, name: str, seconds: float) -> Measured:
    measured = Measured()
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        _look(port, measured, quote(f"{name} {number}"))
        measured.growth = max(measured.growth, resident_mib(front) - start)
        time.sleep(0.05)
    return measured


def _look(port: Port, measured: Measured, mark: str) -> None:
    """Ask for each of the three, anew."""
    query = "/sparql?" + urlencode({"query": _SMALL.format(mark)})
    for what, target in (("health", "/health"), ("page", f"/page/country/KAZ?{mark}"),
                         ("query", query)):  # fmt: skip
        started = time.monotonic()
        try:
            _send_checked(port, target)
            measured.answers += 1
        except (OSError, http.client.HTTPException, ValueError) as error:
            measured.failed.append(f"{what}: {error}")
        setattr(measured, what, max(getattr(measured, what), time.monotonic() - started))


def _send_checked(port: Port, target: str) -> None:
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=20, source_address=("127.0.3.1", 0)
    )
    try:
        connection.request("GET", target, headers={"Accept": "text/html;q=0.5, */*"})
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise ValueError(f"status {response.status}")
    finally:
        connection.close()


def _settle(port: Port) -> None:
    """Let the server end what is left of an attack."""
    for _ in range(40):
        time.sleep(0.25)
        with suppress(OSError, http.client.HTTPException, ValueError):
            _send_checked(port, "/health")
            return
