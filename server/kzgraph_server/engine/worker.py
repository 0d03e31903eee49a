"""A worker process: opens a release's store read-only and answers one job at a time.

Forked by the fork server. It ends when the pool closes the socket, and may be killed at any time:
it has no state but the release.
"""

import os
import resource
import select
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from kzgraph.problem import Problem
from kzgraph.sparql.job import TABLE_ROWS, Header, Job
from kzgraph_server.engine import endings, limits, wire

#: Seconds without a job after which a new worker imports what only some jobs need: not while
#: many workers start, because many are needed.
_IDLE = 1.0
#: Seconds in which a job cannot take much memory, so that it is not worth a look.
_QUICK = 0.02
#: Where the files of tables are, next to the store.
_DUMPS = "dumps"
#: Bytes to read at a time.
_READ = 64 * 1024

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kzgraph.sparql.evaluation import Evaluated


@dataclass(frozen=True)
class Orders:
    """What all workers of a pool are told.

    Attributes:
        store: folder of the store.
        memory_mib: address space in MiB.
        max_nesting: how deep brackets and signs may nest in a query.
        columns: whether the columns of the release may answer.
    """

    store: str
    memory_mib: int
    max_nesting: int
    columns: bool


class Sender:
    """Frames an answer; a file to the serializers that write it.

    Sending blocks while the pool does not read, which is the back-pressure on the evaluation:
    neither side buffers more of an answer than a few chunks.
    """

    def __init__(self, connection: socket.socket, header: Header, started: float) -> None:
        self._connection = connection
        self._started = started
        self._before = wire.header_frame(header)
        self._data = bytearray()

    def write(self, data: bytes) -> int:
        """Buffer `data`, and send full chunks."""
        self._data += data
        while len(self._data) >= wire.CHUNK:
            chunk = self._data[: wire.CHUNK]
            del self._data[: wire.CHUNK]
            send(self._connection, self._before + wire.frame(wire.DATA, chunk))
            self._before = b""
        return len(data)

    def flush(self) -> None:
        """Do nothing: a chunk is sent when it is full, and the last one at the end."""

    def end(self) -> None:
        """Send the rest; a small answer in one piece."""
        quick = perf_counter() - self._started < _QUICK
        peak = 0 if quick else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rest = wire.frame(wire.DATA, self._data) if self._data else b""
        end = wire.message(wire.END, peak)
        send(self._connection, self._before + rest + end)


def send(connection: socket.socket, data: bytes) -> None:
    """Send all of `data`, or exit: without the server there is nothing to do."""
    try:
        connection.sendall(data)
    except OSError:
        os._exit(0)


def serve(name: str, connection: socket.socket, orders: Orders, in_memory: "Store | None") -> None:
    """Answer jobs until the socket is closed.

    Args:
        name: what the names of temporary files begin with.
        connection: where jobs come from.
        orders: what it is told.
        in_memory: the release, where it is small; see `Stores`.
    """
    from kzgraph.sparql.dispatch import perform
    from kzgraph_server.engine.lazy_columns import open_when_asked
    from kzgraph_server.engine.stores import Stores

    tempfile.template = name
    stores = Stores(Path(orders.store), in_memory)
    columns = None
    if orders.columns:

        def report(fault: str) -> None:
            send(connection, wire.message(wire.FAULT, fault))

        columns = open_when_asked(Path(orders.store).parent, orders.memory_mib, report)

    def evaluate(job: Job) -> "Evaluated":
        if job.offers[:1] == (TABLE_ROWS,):
            # Imported here: few ask for it, and DuckDB takes a tenth of a second.
            from kzgraph.tidy.file_rows import evaluate_choice

            dumps, memory = (
                Path(orders.store).with_name(_DUMPS),
                orders.memory_mib // limits.DATABASE_SHARE,
            )
            return evaluate_choice(job, dumps, memory, orders.max_nesting)
        return perform(job, stores.of(job), orders.max_nesting, stores.vintages, columns)

    def answer(job: Job) -> None:
        try:
            started = perf_counter()
            evaluated = evaluate(job)
            sender = Sender(connection, evaluated.header, started)
            evaluated.write(sender)
            sender.end()
        except Problem as problem:
            send(connection, wire.problem_frame(problem))
        except OSError as error:
            send(connection, wire.problem_frame(endings.explain_system_failure(error)))
        except MemoryError:
            # After this the state of the process is not to be trusted.
            os._exit(limits.OUT_OF_MEMORY)

    send(connection, wire.message(wire.READY, os.getpid()))
    _warm_up(connection)
    decoder = wire.Decoder()
    while data := connection.recv(_READ):
        for kind, payload in decoder.feed(data):
            if kind != wire.JOB:
                sys.exit(f"unexpected frame {kind}")
            job = wire.read_job(payload)
            limits.watch(job.timeout)
            answer(job)
            limits.unwatch()


def _warm_up(connection: socket.socket) -> None:
    """Read the vocabulary for JSON-LD, unless a job has come already."""
    if not select.select([connection], [], [], _IDLE)[0]:
        from kzgraph.rdf.context import make_context

        make_context()
