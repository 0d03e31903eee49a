"""The access log: one JSON object a line for each request.

It helps to find slow and refused requests without identifying clients: the query is a hash, the
client's address is truncated to its network.
"""

import errno
import json
import logging
import os
import select
import sys
import threading
import time
from collections import deque

from kzgraph_server.clients import mask_address

_log = logging.getLogger(__name__)

#: The most lines that are buffered, and characters of a path: together a few megabytes.
_MOST_WAITING, _MOST_PATH = 16_384, 200
#: Milliseconds that the reader of a pipe may take to read something of it.
_PATIENCE = 1000
_NEWLINE = ord("\n")


def open_file(path: str) -> int:
    """A descriptor to append to a file or to a named pipe by.

    Raises:
        OSError: it cannot be written, or is a pipe that nobody reads.
    """
    # A pipe without a reader would be waited for otherwise.
    out = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o640)
    os.set_blocking(out, True)
    return out


class AccessLog:
    """Lines are buffered and written at intervals.

    A full or missing disk, or a pipe that nobody reads, loses lines, and nothing else: what cannot
    be written is dropped and counted, and reported once.

    Args:
        target: a file's path, `-` for standard error, or an empty string for no log.
        interval: seconds between two writes.

    Attributes:
        dropped: the lines that could not be written.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, target: str, interval: float = 0.5) -> None:
        self._target = target
        self._lines: deque[str] = deque()
        self._torn = False  # whether the last line in the file lacks its end
        self._failing = False
        self._stop = threading.Event()
        self._lock = threading.Lock()  # of writing
        self._out: int | None = None
        self.dropped = 0
        self._second, self._stamp = 0, ""
        if target == "-":
            self._out = os.dup(sys.stderr.fileno())
        elif target:
            self._out = open_file(target)
        if self._out is not None:
            thread = threading.Thread(target=self._write, args=(interval,), daemon=True)
            thread.start()

    def add(
        self,
        client: str,
        method: str,
        path: str,
        status: int,
        seconds: float,
        size: int,
        outcome: str,
        query: str | None = None,
    ) -> None:
        """Log a request.

        Args:
            client: the client's full address; only its network is written.
            method: the method.
            path: the path without its query string.
            status: the status code; 0 where none was sent.
            seconds: how long it took.
            size: bytes of the body as sent.
            outcome: ok, cached, not-modified, refused, timeout, cancelled, slow, broken or failed.
            query: the hash of the query text, where there is one.
        """
        if self._out is None:
            return
        if len(self._lines) >= _MOST_WAITING:
            self.dropped += 1
            return
        # `time` has no more than a millisecond, which is what a line can be found by.
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        line = (
            f'{{"time":"{self._stamp}.{int(now % 1 * 1000):03}Z","client":"{mask_address(client)}",'
            f'"method":{json.dumps(method[:20])},"path":{json.dumps(path[:_MOST_PATH])},'
            f'"status":{status},"seconds":{seconds:.6f},"bytes":{size},"outcome":"{outcome}"'
        )
        if query is not None:
            line += f',"query":"{query}"'
        self._lines.append(line + "}\n")

    def flush(self) -> None:
        """Write the buffered lines, or drop them."""
        with self._lock:
            # One by one: the event loop adds to them all the time.
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if self._out is None or not lines:
                return
            # A truncated line ends here, and does not count.
            ending = b"\n" if self._torn else b""
            data = ending + "".join(lines).encode()
            written = self._write_bytes(self._out, data)
            if written:
                self._torn = data[written - 1] != _NEWLINE
            self._failing = written < len(data)
            self.dropped += data.count(b"\n", max(written, len(ending)))

    def _write_bytes(self, out: int, data: bytes) -> int:
        """Write as much of `data` as possible; returns how many bytes."""
        written = 0
        ready = select.poll()
        ready.register(out, select.POLLOUT)
        try:
            while written < len(data):
                # So much is written to a pipe without waiting, if anything is: poll(2), pipe(7).
                if not ready.poll(_PATIENCE):
                    raise TimeoutError(errno.ETIMEDOUT, "its reader does not read")
                written += os.write(out, data[written : written + select.PIPE_BUF])
        except OSError as error:
            # Where the lines cannot go, a message cannot go either.
            if not self._failing and self._target != "-":
                _log.error(
                    "the access log cannot be written, lines are dropped: %s", error.strerror
                )
        return written

    def close(self) -> None:
        """Write the buffered lines, and stop."""
        self._stop.set()
        self.flush()
        with self._lock:
            if self._out is not None:
                os.close(self._out)
            self._out = None

    def _write(self, interval: float) -> None:
        while not self._stop.wait(interval):
            self.flush()
