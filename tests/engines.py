"""Other engines, real ones: Virtuoso and the Oxigraph server, each started on free ports.

Both listen on the loopback only, keep their files in a folder of the test's own, and end with it.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from processes import PATIENCE
from running import free_port

#: What Debian's package sets for the administrator of a new database.
VIRTUOSO_USER, VIRTUOSO_PASSWORD = "dba", "dba"

_VIRTUOSO_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
MaxQueryMem = 256M
ThreadsPerQuery = 1
AsyncQueueMaxThreads = 2
CaseMode = 2
DirsAllowed = {folder}
SchedulerInterval = 10

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 10
Charset = UTF-8

[Client]
SQL_QUERY_TIMEOUT = 0

[SPARQL]
ResultSetMaxRows = {max_rows}
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime = 60
"""


@dataclass(frozen=True)
class Engine:
    """A running engine.

    Attributes:
        name: what it is called in messages.
        query: the address that answers queries.
        update: the address that takes updates.
        graphs: the address of its graph store.
        user: who may write, and with what password; empty where anyone may.
        password: the password of `user`.
    """

    name: str
    query: str
    update: str
    graphs: str
    user: str = ""
    password: str = ""

    def client(self) -> httpx.Client:
        """A client that may write."""
        auth = httpx.DigestAuth(self.user, self.password) if self.user else None
        return httpx.Client(auth=auth, timeout=PATIENCE, trust_env=False)

    def run(self, update: str) -> None:
        """Apply a SPARQL update."""
        with self.client() as client:
            headers = {"Content-Type": "application/sparql-update"}
            client.post(self.update, content=update.encode(), headers=headers).raise_for_status()


@contextmanager
def oxigraph_server(folder: Path, *options: str, store: Path | None = None) -> Iterator[Engine]:
    """The Oxigraph server of PyPI's `oxigraph`, its store in `folder`, or reading that at `store`.

    Skips the test where it is not installed.
    """
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        pytest.skip("the Oxigraph server is not installed: pip install oxigraph")
    port = free_port()
    bind = f"127.0.0.1:{port}"
    url = f"http://{bind}"
    does = ["serve"] if store is None else ["serve-read-only"]
    command = [str(program), *does, "--location", str(store or folder), "--bind", bind, *options]
    with _running(command, folder, f"{url}/query?query=ASK%7B%7D"):
        yield Engine("Oxigraph", f"{url}/query", f"{url}/update", f"{url}/store")


@contextmanager
def virtuoso_server(folder: Path, max_rows: int = 1_000_000) -> Iterator[Engine]:
    """Debian's Virtuoso 7 with a new database in `folder`.

    Skips the test where it is not installed.
    """
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin")
    port, sql_port = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(
        _VIRTUOSO_INI.format(folder=folder, port=port, sql_port=sql_port, max_rows=max_rows)
    )
    url = f"http://127.0.0.1:{port}"
    # +foreground: the process started is the server itself, so that ending it ends the server.
    command = [program, "+foreground", "+configfile", str(ini)]
    with _running(command, folder, f"{url}/sparql?query=ASK%7B%7D"):
        yield Engine(
            "Virtuoso",
            f"{url}/sparql",
            f"{url}/sparql-auth",
            f"{url}/sparql-graph-crud-auth",
            VIRTUOSO_USER,
            VIRTUOSO_PASSWORD,
        )


@contextmanager
def _running(command: list[str], folder: Path, probe: str) -> Iterator[None]:
    """Run `command` in `folder` until the block ends; the block begins once `probe` answers."""
    log = folder / "said.txt"
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(probe):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{command[0]} did not answer:\n{log.read_text('utf-8')}")
            time.sleep(0.1)
        yield
    finally:
        process.kill()  # What it has stored is of no use to anyone.
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
