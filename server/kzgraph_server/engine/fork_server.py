"""The fork server: a process that imports and reads what workers need, and forks them.

A worker is so at hand in some 40 ms, where reading the release takes up to a second, and shares
what was read with all others. The process has one thread, so that no lock is held in a fork, and
is under the limits of a worker before it reads anything; what it forks is under them too.

Started by the pool with a descriptor, the pool's process id and the orders of the workers (JSON;
see `worker.Orders`), it talks over the socket of that descriptor, in lines of JSON. It says READY,
and whether it has no network. The pool sends FORK with the name of a worker, and along with it the
worker's socket and the pipe for its standard error; and COLLECT once that socket is closed and the
pool has no more use for the process id. The answer is GONE with the exit status.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from kzgraph.lifetime import end_with
from kzgraph_server.engine import limits

READY, FORK, COLLECT, GONE = "ready", "fork", "collect", "gone"

#: The most bytes of messages, and descriptors along with them, to read at a time.
_READ, _DESCRIPTORS = 64 * 1024, 64
#: Milliseconds between two looks whether a process that closed its socket has exited.
_POLL = 5
#: Seconds after which it is killed: it had the time to write why.
_GRACE = 0.5


def line(*message: Any) -> bytes:
    """A message to or from a fork server."""
    return json.dumps(message).encode("ascii") + b"\n"


class Lines:
    """Messages from a stream of bytes in pieces of any size."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> Iterator[list[Any]]:
        """The messages that `data` completes."""
        *lines, self._pending = (self._pending + data).split(b"\n")
        yield from map(json.loads, lines)


class _Forks:
    """Forks workers, and collects them."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lines = Lines()
        self._descriptors: deque[int] = deque()
        self._born: dict[str, int] = {}
        self._ending: dict[str, float] = {}  # with the time at which they are killed

    def serve(self, isolated: bool) -> tuple[str, socket.socket] | None:
        """Serve until the pool closes the socket.

        Returns:
            In a process that was forked, its name, and where its jobs come from.
        """
        self._send(line(READY, isolated))
        # `select` takes no descriptor above 1,023, and this one has the number that it had there.
        poller = select.poll()
        poller.register(self._connection, select.POLLIN)
        while True:
            if poller.poll(_POLL if self._ending else None):
                data, descriptors, *_ = socket.recv_fds(self._connection, _READ, _DESCRIPTORS)
                if not data:
                    self._end()
                    return None
                self._descriptors += descriptors
                for kind, name in self._lines.feed(data):
                    if kind == COLLECT:
                        self._ending[name] = monotonic() + _GRACE
                    elif (forked := self._fork(name)) is not None:
                        return forked
            self._collect()

    def _fork(self, name: str) -> tuple[str, socket.socket] | None:
        given, says = self._descriptors.popleft(), self._descriptors.popleft()
        own = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            os.write(says, f"cannot start a process: {error.strerror}".encode())
            pid = -1
        if pid == 0:
            self._connection.close()
            for left in self._descriptors:
                os.close(left)
            os.dup2(says, sys.stderr.fileno())
            os.close(says)
            end_with(own)
            return name, socket.socket(fileno=given)
        os.close(given)
        os.close(says)
        if pid < 0:
            self._send(line(GONE, name, 1))
        else:
            self._born[name] = pid
        return None

    def _collect(self) -> None:
        for name, end in [*self._ending.items()]:
            pid = self._born.get(name)
            if pid is not None:
                if monotonic() > end:
                    os.kill(pid, signal.SIGKILL)
                exited, status = os.waitpid(pid, os.WNOHANG)
                if not exited:
                    continue
                del self._born[name]
                self._send(line(GONE, name, os.waitstatus_to_exitcode(status)))
            del self._ending[name]

    def _end(self) -> None:
        """Kill and collect every worker."""
        for pid in self._born.values():
            os.kill(pid, signal.SIGKILL)
        for pid in self._born.values():
            os.waitpid(pid, 0)

    def _send(self, data: bytes) -> None:
        with suppress(OSError):  # the next read finds that the pool is gone
            self._connection.sendall(data)


def main(descriptor: str, parent: str, orders: str) -> None:
    """Serve until the socket is closed."""
    from kzgraph_server.engine.worker import Orders, serve

    # Where it is ignored, which is inherited, the system collects processes by itself.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    told = Orders(**json.loads(orders))
    # First: a process with threads, which a store on disk starts, cannot leave its network.
    isolated = limits.confine(told.memory_mib, int(parent))
    try:
        import kzgraph.sparql.dispatch  # noqa: F401 - for the workers
        import kzgraph_server.engine.lazy_columns  # noqa: F401 - for the workers
        from kzgraph_server.engine.stores import read_into_memory
    except ImportError as error:
        # So the loader says that there is no room for a library.
        if "failed to map segment" in str(error):
            os._exit(limits.OUT_OF_MEMORY)
        raise
    in_memory = read_into_memory(Path(told.store))
    gc.freeze()  # what is never collected is not written to, and stays shared
    forked = _Forks(socket.socket(fileno=int(descriptor))).serve(isolated)
    if forked is not None:
        serve(*forked, told, in_memory)


if __name__ == "__main__":
    main(*sys.argv[1:])
