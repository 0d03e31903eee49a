"""A server started as a user starts it, on a free port, and stopped again."""

import json
import random
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from processes import PATIENCE

#: Before a command, so that Ctrl-C ends it as in a terminal: a shell starts its background jobs
#: with SIGINT ignored, all that they start inherits that, and Python leaves it so.
INTERRUPTIBLE = ("env", "--default-signal=INT")

_RESERVED: list[socket.socket] = []


def free_port() -> int:
    """A port of the loopback that nothing listens on, and that nobody else is given.

    It lies below the ports that the system gives to outgoing connections, one of which could take
    it before it is used. An abstract socket named after it reserves it until this process ends,
    among all that choose by this function.
    """
    for port in random.sample(range(10_000, 32_000), 1000):
        reserved = socket.socket(socket.AF_UNIX)
        try:
            reserved.bind(f"\0kzgraph-test-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            reserved.close()
        else:
            _RESERVED.append(reserved)
            return port
    raise AssertionError("no port is free")


class Server:
    """`command --port PORT` while the `with` block runs.

    It has `patience` seconds to answer.

    Attributes:
        url: its address, without a slash at the end.
        process: the process.
        said: what it said, once it has ended.
    """

    def __init__(
        self,
        command: Sequence[str],
        port: int,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.said = ""
        self._patience = patience
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=cwd,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                self.get("/health")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
            else:
                return self
        raise AssertionError(f"the server did not answer:\n{self._stopped()}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped()

    def get(self, path: str, accept: str = "*/*") -> bytes:
        """The body at `path`."""
        request = urllib.request.Request(self.url + path, headers={"Accept": accept})  # noqa: S310
        with urllib.request.urlopen(request, timeout=2 * PATIENCE) as response:  # noqa: S310
            body: bytes = response.read()
            return body

    def ask(self, query: str) -> Any:
        """The JSON result of `query`."""
        path = "/sparql?" + urlencode({"query": query})
        return json.loads(self.get(path, "application/sparql-results+json"))

    def _stopped(self) -> str:
        self.process.terminate()
        try:
            self.said, _ = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.said, _ = self.process.communicate()
        return self.said
