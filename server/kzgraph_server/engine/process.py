"""The handle of a worker process: its socket, its priority, its exit."""

import asyncio
import contextlib
import logging
import os
import secrets
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import cast

from kzgraph_server.engine import wire
from kzgraph_server.engine.forking import ForkServer, last_words, make_pipe
from kzgraph_server.engine.run import Run

_log = logging.getLogger(__name__)


class Place(Enum):
    """The state of a worker in the pool."""

    STARTING = "starting"
    IDLE = "idle"
    FAST = "fast"
    LONG = "long"
    GONE = "gone"


class Worker(asyncio.Protocol):
    """A worker process.

    Calls `on_ready`, `on_end` (its run has ended) and `on_exit` (the process has exited).

    Attributes:
        pid: process id, 0 until it is ready.
        place: its state in the pool.
        run: what it evaluates.
        lowered: whether it runs at idle priority.
        peak: its peak memory, in KiB.
        cause: why it was killed, if it was.
        code: its exit status, negative for a signal, once it has exited.
        last_words: its standard error, once it has exited.
    """

    def __init__(
        self,
        forks: ForkServer,
        on_ready: Callable[["Worker"], None],
        on_end: Callable[["Worker", Run], None],
        on_exit: Callable[["Worker"], None],
    ) -> None:
        """Have the process forked.

        Raises:
            OSError: the system has no process or descriptor left.
        """
        self.pid = 0
        self.place = Place.STARTING
        self.run: Run | None = None
        self.lowered = False
        self.peak = 0
        self.cause: str | None = None
        self.code: int | None = None
        self.last_words = ""
        self._on_ready, self._on_end, self._on_exit = on_ready, on_end, on_exit
        self._forks = forks
        self._lost = False
        self._decoder = wire.Decoder()
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._name = f"kzgraph-{secrets.token_hex(8)}-"
        self._socket, theirs = socket.socketpair()
        self._said, says = make_pipe()
        try:
            forks.fork(self._name, self, theirs.fileno(), says)
        except OSError:
            self._socket.close()
            os.close(self._said)
            raise
        finally:
            theirs.close()
            os.close(says)

    async def connect(self) -> None:
        """Listen to the process."""
        self._socket.setblocking(False)
        await self._loop.create_unix_connection(lambda: self, sock=self._socket)

    # What the pool does.

    def start(self, run: Run, place: Place) -> None:
        """Send `run` to the worker."""
        self.run = run
        self.place = place
        run.source = self
        run.started = self._loop.time()
        if self._transport is not None:
            self._transport.write(wire.job_frame(run.job))

    def lower(self) -> None:
        """Give the process idle priority."""
        self.lowered = True
        if self._lost:
            return
        try:
            os.sched_setscheduler(self.pid, os.SCHED_IDLE, os.sched_param(0))
        except (AttributeError, OSError):
            # Not Linux, or not allowed there: the lowest of the usual priorities.
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, 19)

    def restore(self) -> None:
        """Undo `lower`, which few systems allow; `lowered` says whether it worked."""
        with contextlib.suppress(AttributeError, OSError):
            os.sched_setscheduler(self.pid, os.SCHED_OTHER, os.sched_param(0))
            self.lowered = os.getpriority(os.PRIO_PROCESS, self.pid) > 0

    def kill(self, cause: str) -> None:
        """End the process now; `on_exit` follows."""
        if self.cause is None:
            self.cause = cause
        self.place = Place.GONE
        if self.pid and not self._lost:
            # It may be gone with its fork server.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        elif not self._lost and not self._forks.ready:
            self._forks.kill()
        if self._transport is not None:
            self._transport.abort()

    def pause(self) -> None:
        """Read no more from the process, which stops it as soon as the socket is full."""
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    # What the event loop does.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport of the socket."""
        self._transport = cast(asyncio.Transport, transport)
        if self.place is Place.GONE:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what the process sends."""
        try:
            for kind, payload in self._decoder.feed(data):
                self._receive(kind, payload)
        except (wire.WireError, ValueError, TypeError):
            # Garbage on the socket: the worker has crashed.
            self.kill("crash")

    def connection_lost(self, error: Exception | None) -> None:
        """Wait for the exit of the process, which has closed the socket or was killed."""
        self.place = Place.GONE
        # From here on its number may be that of another process.
        self._lost = True
        self._forks.collect(self._name)

    def note_orphaned(self, code: int, words: str) -> None:
        """Take that the fork server has ended: what was ready was killed, the rest ends like it."""
        if self.pid:
            self.note_exit(-signal.SIGKILL)
        else:
            self.note_exit(code, words)

    def note_exit(self, code: int, words: str = "") -> None:
        """Take the exit status, negative for a signal; `words` are for want of last ones."""
        self.code = code
        self.place = Place.GONE
        self._lost = True
        if self._transport is not None:
            self._transport.abort()
        self.last_words = last_words(self._said) or words
        if code:
            self._loop.run_in_executor(None, _remove_temporary, self._name)
        self._on_exit(self)

    def _receive(self, kind: int, payload: bytes) -> None:
        run = self.run
        if kind == wire.READY:
            self.pid = int(wire.read(payload))
            self._on_ready(self)
        elif kind == wire.FAULT:
            _log.error("worker %d: %s", self.pid, wire.read(payload))
        elif run is None or self.place is Place.GONE:
            return
        elif kind == wire.DATA:
            run.feed(payload)
        elif kind == wire.HEADER:
            run.header = wire.read_header(payload)
        elif kind == wire.END:
            self.peak = max(self.peak, wire.read(payload))
            run.end()
            self._finish(run)
        elif kind == wire.PROBLEM:
            run.fail(wire.read_problem(payload))
            self._finish(run)
        else:
            raise wire.WireError(f"unexpected frame {kind}")

    def _finish(self, run: Run) -> None:
        self.run = None
        self.resume()
        self._on_end(self, run)


def _remove_temporary(prefix: str) -> None:
    """Remove what a worker could not, because it was killed: parts of a workbook."""
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
