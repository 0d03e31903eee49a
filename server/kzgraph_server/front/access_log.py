"""The access log: one JSON object a line for each request.

It says enough to find what was slow or refused, and not who asked for what: the query is a hash,
the client's address is cut to its network.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import IO

from kzgraph_server.clients import masked


class AccessLog:
    """Lines are gathered and written once in a while, or when there are many of them.

    Args:
        target: a file's path, `-` for standard error, or an empty string for no log.
        interval: seconds between two writes.
    """

    def __init__(self, target: str, interval: float = 0.5) -> None:
        self._lines: list[str] = []
        self._out: IO[str] | None = None
        self._stop = threading.Event()
        if target == "-":
            self._out = sys.stderr
        elif target:
            self._out = Path(target).open("a", encoding="utf-8")  # noqa: SIM115 - see close
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
        rows: int | None = None,
    ) -> None:
        """Note a request.

        Args:
            client: the client's full address; only its network is written.
            method: the method.
            path: the path without its query string.
            status: the status code; 0 where none was sent.
            seconds: how long it took.
            size: bytes of the body as sent.
            outcome: ok, cached, not-modified, refused, timeout, cancelled, broken or failed.
            query: the hash of the query text, where there is one.
            rows: the rows of the result, where they were counted.
        """
        if self._out is None:
            return
        # `time` has no more than a millisecond, which is what a line can be found by.
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}Z"
        line = (
            f'{{"time":"{stamp}","client":"{masked(client)}","method":{json.dumps(method)},'
            f'"path":{json.dumps(path[:500])},"status":{status},"seconds":{seconds:.6f},'
            f'"bytes":{size},"outcome":"{outcome}"'
        )
        if query is not None:
            line += f',"query":"{query}"'
        if rows is not None:
            line += f',"rows":{rows}'
        self._lines.append(line + "}\n")

    def flush(self) -> None:
        """Write what was gathered."""
        if self._out is not None and self._lines:
            lines, self._lines = self._lines, []
            self._out.write("".join(lines))
            self._out.flush()

    def close(self) -> None:
        """Write what was gathered, and stop."""
        self._stop.set()
        self.flush()
        if self._out is not None and self._out is not sys.stderr:
            self._out.close()
        self._out = None

    def _write(self, interval: float) -> None:
        while not self._stop.wait(interval):
            self.flush()
