"""The handle of a fork server: what is asked of it, and its exit."""

import asyncio
import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from kzgraph_server.engine.fork_server import COLLECT, FORK, GONE, READY, Lines, line
from kzgraph_server.engine.worker import Orders
from kzgraph_server.settings import Settings

#: What a fork server runs.
_PROGRAM = "kzgraph_server.engine.fork_server"
#: The most bytes of its messages to read at a time.
_READ = 64 * 1024
#: Seconds between two polls for its exit.
_POLL = 0.005
#: Seconds after which a fork server that has not done what it was told is killed.
_PATIENCE = 5.0
#: How many bytes of a standard error are kept, and how many a pipe may hold.
_LAST_WORDS, _PIPE = 8192, 64 * 1024


class Forked(Protocol):
    """The handle of a process that is forked."""

    def note_exit(self, code: int) -> None:
        """Take the exit status, negative for a signal."""

    def note_orphaned(self, code: int, words: str) -> None:
        """Take that its fork server has ended, with this status and these last words."""


class ForkServer:
    """A fork server, started when the first process is forked, and again after it has ended.

    All methods must be called in the thread of its event loop, with which the process ends
    (PR_SET_PDEATHSIG); what it has forked ends with it.

    Args:
        store: folder of the store.
        settings: limits of each process.
        on_end: called when the fork server has ended.

    Attributes:
        ready: whether it forks at once; until then it has forked nothing.
        isolated: whether its processes have no network, once it has been ready.
    """

    def __init__(self, store: Path, settings: Settings, on_end: Callable[[], None]) -> None:
        self.ready = False
        self.isolated: bool | None = None
        orders = Orders(
            str(store),
            settings.worker_memory_mib,
            settings.max_query_nesting,
            settings.columns == "on",
        )
        self._orders = json.dumps(asdict(orders))
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._said = -1
        self._lines = Lines()
        self._forked: dict[str, Forked] = {}

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def fork(self, name: str, forked: Forked, connection: int, says: int) -> None:
        """Have a process forked.

        Args:
            name: no other process has it.
            forked: its handle.
            connection: descriptor of the socket of which it reads its jobs.
            says: descriptor of its standard error.

        Raises:
            OSError: the system has no process or descriptor left, or the fork server is ending.
        """
        if self._socket is None:
            self._start()
        assert self._socket is not None  # noqa: S101 - it was started
        socket.send_fds(self._socket, [line(FORK, name)], [connection, says])
        self._forked[name] = forked

    def collect(self, name: str) -> None:
        """Have the exit status of a process told, that has closed its socket or is to end."""
        if name in self._forked and self._socket is not None:
            with contextlib.suppress(OSError):  # its end is noticed by reading
                self._socket.sendall(line(COLLECT, name))
            self._loop.call_later(_PATIENCE, self._expect_collected, name)

    def _expect_collected(self, name: str) -> None:
        """End a fork server that does not answer."""
        if name in self._forked:
            self.kill()

    def close(self) -> None:
        """Have it end, with all that it has forked."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)
            self._loop.call_later(_PATIENCE, self.kill)

    def kill(self) -> None:
        """End it now."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)

    def _start(self) -> None:
        if self._process is not None:
            raise OSError(errno.EAGAIN, "the fork server before it is ending")
        own, theirs = socket.socketpair()
        self._said, says = make_pipe()
        arguments = (str(theirs.fileno()), str(os.getpid()), self._orders)
        try:
            # A process group of its own keeps Ctrl-C from it. A session of its own would also
            # make it an equal of this process in Linux's automatic groups of tasks, where a lower
            # priority counts for nothing.
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, our own program
                # Without -P the folder that the server was started in would come first in the
                # search for modules.
                [sys.executable, "-P", "-m", _PROGRAM, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=says,
                pass_fds=(theirs.fileno(),),
                process_group=0,
                env=_make_environment(),
            )
        except OSError:
            own.close()
            os.close(self._said)
            raise
        finally:
            theirs.close()
            os.close(says)
        own.setblocking(False)
        self._socket, self._lines = own, Lines()
        self._loop.add_reader(own, self._read)

    def _read(self) -> None:
        assert self._socket is not None  # noqa: S101 - it is being read
        try:
            data = self._socket.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._loop.remove_reader(self._socket)
            self._socket.close()
            self._socket = None
            self._poll()
            return
        for kind, *said in self._lines.feed(data):
            if kind == READY:
                self.ready, self.isolated = True, said[0]
            elif kind == GONE:
                name, code = said
                self._forked.pop(name).note_exit(code)

    def _poll(self) -> None:
        """Collect the exit status as soon as there is one."""
        assert self._process is not None  # noqa: S101 - it is collected here alone
        code = self._process.poll()
        if code is None:
            self._loop.call_later(_POLL, self._poll)
            return
        words = last_words(self._said)
        self._process, self.ready = None, False
        left, self._forked = self._forked, {}
        for each in left.values():
            each.note_orphaned(code, words)
        self._on_end()


def make_pipe() -> tuple[int, int]:
    """The descriptors of a pipe for a standard error, to read and to write; neither blocks."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    return reading, writing


def last_words(reading: int) -> str:
    """What was written last to a pipe of `make_pipe`, whose end for reading is closed."""
    try:
        return os.read(reading, _PIPE)[-_LAST_WORDS:].decode("utf-8", "replace").strip()
    except BlockingIOError:
        return ""
    finally:
        os.close(reading)


def _make_environment() -> dict[str, str]:
    # Each arena of the C library takes 64 MiB of the address space that is bounded, and a worker
    # computes in one thread.
    return {**os.environ, "MALLOC_ARENA_MAX": "2", "RUST_BACKTRACE": "0"}
