"""The handle of a worker process: its socket, its priority, its exit."""

import asyncio
import contextlib
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import cast

from kzgraph_server.engine import wire
from kzgraph_server.engine.run import Run
from kzgraph_server.engine.worker import Orders
from kzgraph_server.settings import Settings

_log = logging.getLogger(__name__)

#: How many bytes of a worker's standard error are kept.
_LAST_WORDS = 8192
#: Seconds between two polls for the exit of a killed process, at first and at most.
_POLL, _POLL_MOST = 0.002, 0.5

#: What a worker runs.
_PROGRAM = "kzgraph_server.engine.worker"


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
        pid: process id.
        place: its state in the pool.
        run: what it evaluates.
        lowered: whether it runs at idle priority.
        isolated: whether it has no network.
        peak: its peak memory, in KiB.
        cause: why it was killed, if it was.
        code: its exit status, negative for a signal, once it has exited.
        last_words: its standard error, once it has exited.
    """

    def __init__(
        self,
        store: Path,
        settings: Settings,
        on_ready: Callable[["Worker"], None],
        on_end: Callable[["Worker", Run], None],
        on_exit: Callable[["Worker"], None],
    ) -> None:
        """Start the process.

        To be called in the thread of the event loop: the process ends with the thread that
        started it (PR_SET_PDEATHSIG).

        Raises:
            OSError: the system has no process or descriptor left.
        """
        self.place = Place.STARTING
        self.run: Run | None = None
        self.lowered = False
        self.isolated = False
        self.peak = 0
        self.cause: str | None = None
        self.code: int | None = None
        self.last_words = ""
        self._on_ready, self._on_end, self._on_exit = on_ready, on_end, on_exit
        self._decoder = wire.Decoder()
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._socket, theirs = socket.socketpair()
        said, says = os.pipe()
        # Neither side may block on this pipe.
        os.set_blocking(said, False)
        os.set_blocking(says, False)
        self._said = said
        self._temporary = f"kzgraph-{secrets.token_hex(8)}-"
        orders = Orders(
            theirs.fileno(),
            os.getpid(),
            str(store),
            settings.worker_memory_mib,
            settings.max_query_nesting,
            self._temporary,
            settings.columns == "on",
        )
        try:
            # A process group of its own keeps Ctrl-C from it. A session of its own would also
            # make it an equal of this process in Linux's automatic groups of tasks, where a lower
            # priority counts for nothing.
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, our own program
                # Without -P the folder that the server was started in would come first in the
                # search for modules.
                [sys.executable, "-P", "-m", _PROGRAM, orders.argument()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=says,
                pass_fds=(theirs.fileno(),),
                process_group=0,
                env=_make_environment(),
            )
        except OSError:
            self._socket.close()
            os.close(said)
            raise
        finally:
            theirs.close()
            os.close(says)
        self.pid = self._process.pid

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
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
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
        self._poll(_POLL)

    def _receive(self, kind: int, payload: bytes) -> None:
        run = self.run
        if kind == wire.READY:
            self.isolated = bool(wire.read(payload)["isolated"])
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

    def _poll(self, wait: float) -> None:
        """Collect the exit status as soon as there is one."""
        if self.code is not None:
            return
        self.code = self._process.poll()
        if self.code is None:
            if wait >= _POLL_MOST:
                # It closed the socket while exiting, and had the time to write why.
                os.kill(self.pid, signal.SIGKILL)
            self._loop.call_later(wait, self._poll, min(2 * wait, _POLL_MOST))
            return
        with contextlib.suppress(BlockingIOError):
            self.last_words = os.read(self._said, _LAST_WORDS).decode("utf-8", "replace").strip()
        os.close(self._said)
        if self.code:
            self._loop.run_in_executor(None, _remove_temporary, self._temporary)
        self._on_exit(self)


def _remove_temporary(prefix: str) -> None:
    """Remove what a worker could not, because it was killed: parts of a workbook."""
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)


def _make_environment() -> dict[str, str]:
    # Each arena of the C library takes 64 MiB of the address space that is bounded, and a worker
    # computes in one thread.
    return {**os.environ, "MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"}
