"""The servers that are measured side by side, each on a free port of the loopback.

Every server keeps its files in a folder of the benchmark's own and ends with its `with` block.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from data import DataSet

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from running import free_port

#: Seconds that a server may take to answer for the first time: rdflib reads its data in them, and
#: this server the files of a release, to compare their checksums.
_PATIENCE = 600.0
#: What Debian's package sets for the administrator of a new database, name and password.
VIRTUOSO_USER = "dba"
_RDFLIB_ENDPOINT = "rdflib-endpoint[cli,web]==0.6.3"

#: Virtuoso's defaults but for the folder, the ports and the buffers, of which it is given what its
#: documentation advises for 1 GB of free memory; the defaults would hold little of the data.
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
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
CaseMode = 2
DirsAllowed = {data}
SchedulerInterval = 10

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 20
MaxKeepAlives = 20
KeepAliveTimeout = 10
Charset = UTF-8

[SPARQL]
ResultSetMaxRows = 100000
MaxQueryCostEstimationTime = 4000
MaxQueryExecutionTime = 60
"""


@dataclass(frozen=True)
class Peer:
    """A running server.

    Attributes:
        name: what it is called in the table.
        address: host and port.
        path: the path of its endpoint, with everything that stands before the query's text.
        pid: its first process.
        sql_port: of Virtuoso, by which it is administered.
    """

    name: str
    address: str
    path: str
    pid: int
    sql_port: int = 0

    @property
    def url(self) -> str:
        """The address to put the percent-encoded text of a query behind."""
        return f"http://{self.address}{self.path}"

    def processes(self) -> list[int]:
        """Its processes, the children's children as well."""
        children: dict[int, list[int]] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(folder.name))
        found = [self.pid]
        for pid in found:
            found += children.get(pid, [])
        return found

    def memory(self) -> tuple[float, float]:
        """MiB of all its processes: resident, and with each shared page counted once."""
        resident = shared = 0
        for pid in self.processes():
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            kib = {line.partition(":")[0]: int(line.split()[1]) for line in lines[1:]}
            resident += kib["Rss"]
            shared += kib["Pss"]
        return resident / 1024, shared / 1024


@contextmanager
def kzgraph(data: DataSet, settings: Mapping[str, str], name: str = "kzgraph") -> Iterator[Peer]:
    """This server, `settings` in its environment; `name` is what the table calls it."""
    port = free_port()
    command = [sys.executable, "-m", "kzgraph", "serve", "--port", str(port)]
    command += ["--releases", str(data.releases)]
    with _run(name, command, port, "/sparql?query=", env=settings) as peer:
        yield peer


@contextmanager
def oxigraph(data: DataSet, folder: Path) -> Iterator[Peer]:
    """The Oxigraph server of PyPI's `oxigraph`, on its optimised store."""
    program = _oxigraph_program()
    store = folder / "oxigraph"
    load_oxigraph(data, store)
    _run_quietly([program, "optimize", "--location", str(store)])
    port = free_port()
    command = [program, "serve-read-only", "--location", str(store)]
    command += ["--bind", f"127.0.0.1:{port}"]
    path = "/query?union-default-graph&query="
    with _run("Oxigraph server", command, port, path) as peer:
        yield peer


def load_oxigraph(data: DataSet, store: Path) -> None:
    """Load the data into a new store, by Oxigraph's own bulk loader."""
    load = [_oxigraph_program(), "load", "--location", str(store), "--file", str(data.file)]
    _run_quietly([*load, *(["--graph", data.graph] if data.graph else [])])


@contextmanager
def oxigraph_empty(folder: Path) -> Iterator[Peer]:
    """The Oxigraph server on an empty store, which takes graphs at `/store`."""
    port = free_port()
    command = [_oxigraph_program(), "serve", "--location", str(folder / "oxigraph")]
    command += ["--bind", f"127.0.0.1:{port}"]
    with _run("Oxigraph server", command, port, "/query?query=") as peer:
        yield peer


def _oxigraph_program() -> str:
    program = str(Path(sys.executable).with_name("oxigraph"))
    if not Path(program).exists():
        raise SystemExit("the Oxigraph server is not installed: pip install oxigraph")
    return program


@contextmanager
def virtuoso(data: DataSet, folder: Path) -> Iterator[Peer | None]:
    """Debian's Virtuoso 7; None where it is not installed."""
    with virtuoso_empty(folder, data.file.resolve().parent) as peer:
        if peer is not None:
            load_virtuoso(data, peer)
        yield peer


@contextmanager
def virtuoso_empty(folder: Path, readable: Path, buffers: int = 85_000) -> Iterator[Peer | None]:
    """Debian's Virtuoso 7 with a new database; None where it is not installed.

    Args:
        folder: in which it keeps its files.
        readable: a folder whose files it may load.
        buffers: of 8 KiB each.
    """
    program = shutil.which("virtuoso-t")
    if program is None or shutil.which("isql-vt") is None:
        yield None
        return
    home = folder / "virtuoso"
    home.mkdir()
    port, sql_port = free_port(), free_port()
    ini = home / "virtuoso.ini"
    ini.write_text(
        _VIRTUOSO_INI.format(
            folder=home,
            port=port,
            sql_port=sql_port,
            data=readable,
            buffers=buffers,
            dirty=buffers * 3 // 4,
        )
    )
    command = [program, "+foreground", "+configfile", str(ini)]
    with _run("Virtuoso", command, port, "/sparql?query=") as peer:
        yield replace(peer, sql_port=sql_port)


def load_virtuoso(data: DataSet, peer: Peer) -> None:
    """Load the data into Virtuoso, by its own bulk loader, and write all of it to the disk."""
    source, target = data.file.resolve(), data.graph or "urn:none"
    load = f"ld_dir('{source.parent}', '{source.name}', '{target}'); rdf_loader_run(); checkpoint;"
    address = f"127.0.0.1:{peer.sql_port}"
    _run_quietly(["isql-vt", address, VIRTUOSO_USER, VIRTUOSO_USER, f"exec={load}"])


@contextmanager
def rdflib_endpoint(data: DataSet, folder: Path) -> Iterator[Peer]:
    """rdflib-endpoint, in an environment of its own: its dependencies are not this project's."""
    home = folder / "rdflib"
    _run_quietly([sys.executable, "-m", "venv", str(home)])
    python = str(home / "bin" / "python")
    _run_quietly([python, "-m", "pip", "--disable-pip-version-check", "install", _RDFLIB_ENDPOINT])
    port = free_port()
    command = [str(home / "bin" / "rdflib-endpoint"), "serve", str(data.file)]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with _run("rdflib-endpoint", command, port, "/?query=") as peer:
        yield peer


@contextmanager
def _run(
    name: str,
    command: Sequence[str],
    port: int,
    path: str,
    env: Mapping[str, str] | None = None,
) -> Iterator[Peer]:
    # A session of its own, so that Ctrl-C reaches this program alone, which then stops the server.
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(env or {})},
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        peer = Peer(name, f"127.0.0.1:{port}", path, process.pid)
        try:
            deadline = time.monotonic() + _PATIENCE
            while not _answers(peer.url + "ASK%7B%7D"):
                if process.poll() is not None or time.monotonic() > deadline:
                    said.seek(0)
                    reason = said.read()[-2000:].decode(errors="replace")
                    raise SystemExit(f"{name} does not answer:\n{reason}")
                time.sleep(0.1)
            yield peer
        finally:
            _stop(process, peer)


def _stop(process: "subprocess.Popen[bytes]", peer: Peer) -> None:
    left = peer.processes()
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        for pid in left:
            if pid in peer.processes():
                os.kill(pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _run_quietly(command: Sequence[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
