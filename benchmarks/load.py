"""Clients: `wrk` for small queries, and a few threads for queries that take longer."""

import json
import queue
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPResponse
from typing import Any
from urllib.parse import quote

from peers import Peer

ACCEPT = "application/sparql-results+json"

#: Puts a number into the query that no request before had, unless the query asks for none, and
#: prints the counts and latencies as JSON.
_LUA = """\
local path, number = "{path}", {first}
request = function()
  number = number + 1
  return wrk.format("GET", (path:gsub("NUMBER", number)), {{["Accept"] = "{accept}"}})
end
done = function(summary, latency)
  local errors = summary.errors
  print(string.format(
    "{{\\"requests\\":%d,\\"microseconds\\":%d,\\"median\\":%d,\\"p95\\":%d,\\"failed\\":%d}}",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95),
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
"""


@dataclass(frozen=True)
class Measured:
    """One run of clients.

    Attributes:
        rate: answers per second.
        median: latency in milliseconds.
        p95: latency in milliseconds that 95 % of the answers kept to.
        failed: requests without an answer, or with an error.
    """

    rate: float
    median: float
    p95: float
    failed: int


def check_installed() -> None:
    """End the program where `wrk` is missing."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed; on Debian: apt-get install wrk")


def hammer(peer: Peer, query: str, first: int, seconds: int, clients: int) -> Measured:
    """Send `query` again and again from `clients` connections.

    Args:
        peer: the server.
        query: its text; `NUMBER` in it becomes another number in each request.
        first: the number before the first.
        seconds: for how long.
        clients: connections, each with one request at a time.
    """
    # A percent sign means something to Lua's patterns only in what is looked for.
    path = peer.path + quote(query, safe="")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA.format(path=path, first=first, accept=ACCEPT))
        script.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s"]
        command += ["-s", script.name, f"http://{peer.address}"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    said = json.loads(done.stdout.splitlines()[-1])
    return Measured(
        rate=(said["requests"] - said["failed"]) / said["microseconds"] * 1e6,
        median=said["median"] / 1000,
        p95=said["p95"] / 1000,
        failed=said["failed"],
    )


def work_off(peer: Peer, queries: Sequence[str], clients: int) -> Measured:
    """Let `clients` threads send each of `queries` once."""
    left: queue.SimpleQueue[str] = queue.SimpleQueue()
    for query in queries:
        left.put(query)
    taken: list[float] = []
    failed: list[str] = []

    def client() -> None:
        while True:
            try:
                query = left.get_nowait()
            except queue.Empty:
                return
            started = time.perf_counter()
            try:
                ask(peer, query)
            except OSError as error:
                failed.append(str(error))
            taken.append(time.perf_counter() - started)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    median, p95 = percentiles(taken)
    return Measured((len(queries) - len(failed)) / seconds, median, p95, len(failed))


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile in milliseconds."""
    steps = statistics.quantiles(seconds, n=20, method="inclusive")
    return statistics.median(seconds) * 1000, steps[-1] * 1000


def ask(peer: Peer, query: str, timeout: float = 120.0) -> Any:
    """The JSON result of `query`.

    Raises:
        OSError: there is none, or an error.
    """
    with _open(peer, query, timeout) as response:
        return json.load(response)


def fetch(
    peer: Peer, query: str, accept: str = ACCEPT, timeout: float = 120.0
) -> tuple[Message, bytes]:
    """The header fields of the answer to `query`, and the answer.

    Raises:
        OSError: there is none, or an error.
    """
    with _open(peer, query, timeout, accept) as response:
        return response.headers, response.read()


def _open(peer: Peer, query: str, timeout: float, accept: str = ACCEPT) -> HTTPResponse:
    request = urllib.request.Request(peer.url + quote(query, safe=""), headers={"Accept": accept})
    response: HTTPResponse = urllib.request.urlopen(request, timeout=timeout)
    return response


def ready(peer: Peer) -> Any:
    """What this server says of its workers."""
    with urllib.request.urlopen(f"http://{peer.address}/ready", timeout=10) as response:
        return json.load(response)


def rows(result: Any) -> list[tuple[str, ...]]:
    """The rows of a JSON result in a form that can be compared: numbers by their value, sorted."""
    names = result["head"]["vars"]
    return sorted(
        tuple(_plain(binding[name]["value"]) if name in binding else "" for name in names)
        for binding in result["results"]["bindings"]
    )


def _plain(value: str) -> str:
    try:
        return f"{float(value):.6g}"
    except ValueError:
        return value


@contextmanager
def runaways(peer: Peer, query: str, count: int) -> Iterator[None]:
    """Keep `count` queries without an end at the server while the block runs.

    Args:
        peer: the server.
        query: its text, `NUMBER` in it another number in each.
        count: how many run at a time; one that the server ends is sent anew.
    """
    over = threading.Event()

    def client(number: int) -> None:
        sent = 0
        while not over.is_set():
            sent += 1
            text = query.replace("NUMBER", str(number * 1_000_000 + sent))
            try:
                ask(peer, text)
            except OSError:
                over.wait(0.2)

    threads = [
        threading.Thread(target=client, args=(number,), daemon=True) for number in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
