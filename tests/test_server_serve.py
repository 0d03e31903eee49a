"""Starting and stopping, as an operator does it."""

import json
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


def wait_until_busy(port: int) -> None:
    """Wait until a query runs."""

    def busy() -> bool:
        workers = json.loads(call(f"http://127.0.0.1:{port}/ready").body)["workers"]
        return bool(workers["busy"] + workers["long"])

    until(busy, "no query runs")


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


def test_each_request_is_a_line_of_the_access_log(release_root: Path, tmp_path: Path) -> None:
    log, port = tmp_path / "access.log", free_port()
    process = start(release_root, port, KZGRAPH_ACCESS_LOG=str(log))
    wait_until_up(port, process)
    call(f"http://127.0.0.1:{port}/sparql?query=SELECT*{{?s+a+kzg:Pledge}}")
    process.terminate()
    process.communicate(timeout=PATIENCE)
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    (asked,) = [line for line in lines if line["path"] == "/sparql"]
    assert (asked["status"], asked["outcome"]) == (200, "ok")
    assert asked["client"] == "127.0.0.0/24"
    assert len(asked["query"]) == 16


def test_a_request_that_is_being_answered_is_answered_before_it_stops(release_root: Path) -> None:
    port = free_port()
    process = start(release_root, port, KZGRAPH_GRACE=str(int(PATIENCE)))
    wait_until_up(port, process)
    slow = "SELECT (COUNT(*) AS ?n) { ?a a kzg:Fact . ?b a kzg:Fact . ?c a kzg:Statement }"
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        head = (
            "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            f"Connection: close\r\nContent-Length: {len(slow)}\r\n\r\n"
        )
        connection.sendall((head + slow).encode())
        wait_until_busy(port)
        process.send_signal(signal.SIGTERM)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"bindings"' in answer
    assert process.wait(PATIENCE) == 0


def test_a_query_that_runs_too_long_is_ended_when_the_server_stops(release_root: Path) -> None:
    port = free_port()
    process = start(release_root, port, KZGRAPH_GRACE="1")
    wait_until_up(port, process)
    runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        head = (
            "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            f"Connection: close\r\nContent-Length: {len(runaway)}\r\n\r\n"
        )
        connection.sendall((head + runaway).encode())
        wait_until_busy(port)
        process.send_signal(signal.SIGTERM)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"stopping" in answer
    assert process.wait(PATIENCE) == 0


def test_a_taken_port_is_said_in_one_line(release_root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"port {port} on 127.0.0.1 is in use"):
            serve(release_root, port=port)


def test_a_port_that_another_server_of_ours_has_is_taken(release_root: Path) -> None:
    port = free_port()
    process = start(release_root, port)
    try:
        wait_until_up(port, process)
        with pytest.raises(ServeError, match="in use"):
            serve(release_root, port=port)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


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


def test_a_process_that_dies_is_replaced(release_root: Path) -> None:
    port = free_port()
    process = start(release_root, port)
    try:
        wait_until_up(port, process)
        before = children(process.pid)
        assert len(before) == 1
        os.kill(before[0], signal.SIGKILL)
        until(lambda: children(process.pid) not in ([], before), "the process was not replaced")
        wait_until_up(port, process)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
