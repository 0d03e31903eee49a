"""Starting and stopping, as an operator does it."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from kzgraph.settings import SettingsError
from kzgraph_server.serve import ServeError, serve
from processes import PATIENCE, children, until
from running import free_port
from server_fixtures import SERVE, call


def start(root: Path, port: int, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SERVE, str(root), "--port", str(port)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_up(port: int, process: subprocess.Popen[str]) -> None:
    def up() -> bool:
        assert process.poll() is None, process.communicate()[0]
        try:
            call(f"http://127.0.0.1:{port}/health")
        except OSError:
            return False
        return True

    until(up, "the server did not come up")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_in_silence_and_stops_on_a_signal(
    release_root: Path, how: signal.Signals
) -> None:
    port = free_port()
    process = start(release_root, port, KZGRAPH_ACCESS_LOG="off")
    wait_until_up(port, process)
    process.send_signal(how)
    said, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (0, "")
    with pytest.raises(OSError, match="refused"):
        call(f"http://127.0.0.1:{port}/health")


def test_a_taken_port_is_said_in_one_line(release_root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"port {port} on 127.0.0.1 is in use"):
            serve(release_root, port=port)


@pytest.mark.parametrize(
    ("host", "port", "reason"),
    [("no.such.host.invalid", 8000, "not an address"), ("203.0.113.7", 8000, "not an address"),
     ("127.0.0.1", 70_000, "not a port")],
)  # fmt: skip
def test_an_address_that_cannot_be_had_is_said(
    release_root: Path, host: str, port: int, reason: str
) -> None:
    with pytest.raises(ServeError, match=reason):
        serve(release_root, host, port)


def test_no_release_is_said(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match=r"no release in .*kzgraph build"):
        serve(tmp_path, port=free_port())


def test_a_bad_setting_is_said(release_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KZGRAPH_WORKERS", "none")
    with pytest.raises(SettingsError, match="KZGRAPH_WORKERS"):
        serve(release_root, port=free_port())


def test_a_process_that_dies_is_replaced_and_its_port_stays_taken(release_root: Path) -> None:
    port = free_port()
    process = start(release_root, port)
    try:
        wait_until_up(port, process)
        before = children(process.pid)
        assert len(before) == 1
        with pytest.raises(ServeError, match="in use"):
            serve(release_root, port=port)
        os.kill(before[0], signal.SIGKILL)
        until(lambda: children(process.pid) not in ([], before), "the process was not replaced")
        wait_until_up(port, process)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
