"""What an operator sees: when it serves, why it does not, and that nothing of it is left."""

import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from commands import KZGRAPH, run
from kzgraph.release import Release
from kzgraph.settings import MOST, MOST_SECONDS
from processes import PATIENCE, children, family, grandchildren, is_alive, until
from running import INTERRUPTIBLE, free_port
from server_fixtures import ask, call
from small_release import published

#: All addresses of this machine.
EVERYWHERE = "0.0.0.0"  # noqa: S104


class Served:
    """`kzgraph serve` and what it says, line by line."""

    def __init__(self, root: Path, port: int | None = None, **environment: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        inherited = {key: value for key, value in os.environ.items() if key[:8] != "KZGRAPH_"}
        self.process = subprocess.Popen(
            [*INTERRUPTIBLE, *KZGRAPH, "serve", "--releases", root, "--port", str(self.port)],
            env={**inherited, "KZGRAPH_ACCESS_LOG": "off", **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    def until_said(self, words: str) -> None:
        until(
            lambda: any(words in line for line in self.lines) or self.process.poll() is not None,
            f"it never said {words!r}: {self.lines}",
        )
        assert any(words in line for line in self.lines), self.lines

    def version(self) -> str:
        return str(json.loads(call(f"{self.url}/ready").body)["version"])

    def end(self) -> int:
        """Wait for the end; the exit code."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


@contextmanager
def served(root: Path, **environment: str) -> Iterator[Served]:
    """A server that has said that it serves."""
    running = Served(root, None, **environment)
    try:
        running.until_said("Serving")
        yield running
    finally:
        running.process.terminate()
        running.end()


def all_gone(pids: list[int], port: int) -> Callable[[], bool]:
    """Whether the processes have ended, and the port is free."""

    def gone() -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return False
        return not any(map(is_alive, pids))

    return gone


def test_it_says_that_it_serves_when_it_does(tmp_path: Path) -> None:
    release = published(tmp_path)
    with served(tmp_path) as running:
        # At once, without a second attempt.
        assert ask(running.url, "ASK { ?s ?p ?o }").status == 200
        assert call(f"{running.url}/ready").status == 200
        (line,) = running.lines
        assert line.startswith(f"Serving release {release.version} at {running.url} ")
    assert running.end() == 0


def _link(target: str) -> Callable[[Path], None]:
    def put(root: Path) -> None:
        (root / "current").unlink()
        (root / "current").symlink_to(target)

    return put


def _release(root: Path) -> Path:
    return Release(root / "current").path


def _put_file(root: Path) -> None:
    (root / "current").unlink()
    (root / "current").write_text("")


def _empty_tables(root: Path) -> None:
    for file in (_release(root) / "store").glob("*.sst"):
        os.truncate(file, 0)


#: What is wrong at the start, and what is said of it.
FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "the dump is cut": (
        lambda root: os.truncate(_release(root) / "dumps/kzgraph.nq", 99), "kzgraph.nq has 99 bytes"
    ),
    "the store is emptied": (_empty_tables, "store cannot be read"),
    "the store is missing": (lambda root: shutil.rmtree(_release(root) / "store"), "store cannot"),
    "the release is removed": (lambda root: shutil.rmtree(_release(root)), "leads to no folder"),
    "the link leads to itself": (_link("current"), "leads to no folder"),
    "the link leads to a folder": (_link("."), "manifest.json cannot be read"),
    "current is a file": (_put_file, "manifest.json cannot be read: Not a directory"),
    "another format": (
        lambda root: (_release(root) / "manifest.json").write_text('{"format": 9}'),
        "its format is 9, and kzgraph",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_release_that_is_not_whole_is_one_line_and_an_exit_code(
    tmp_path: Path, name: str
) -> None:
    published(tmp_path)
    damage, said = FAULTS[name]
    damage(tmp_path)
    running = Served(tmp_path)
    assert running.end() == 1
    (line,) = running.lines
    assert line.startswith("Error: ")
    assert said in line


@pytest.mark.parametrize(
    ("variable", "value", "code", "said"),
    [
        ("KZGRAPH_WORKER_MEMORY_MIB", "1", 1, "a worker does not start: it needs more than 1 MiB"),
        ("KZGRAPH_ACCESS_LOG", "/nowhere/access.log", 1, "/nowhere/access.log cannot be written"),
        ("KZGRAPH_ACCESS_LOG", "/", 1, "/ cannot be written: Is a directory"),
        ("KZGRAPH_WORKERS", "many", 2, "KZGRAPH_WORKERS must be"),
        ("KZGRAPH_MAX_URL_BYTES", "65001", 2, "from 1 to 65000"),
        ("KZGRAPH_SERVICE_ALLOW", "ftp://x", 2, "KZGRAPH_SERVICE_ALLOW"),
        ("KZGRAPH_ENGINE", "nothing", 2, "KZGRAPH_ENGINE is not"),
        ("KZGRAPH_HOST", "203.0.113.7", 1, "203.0.113.7 is not an address of this machine"),
    ],
)
def test_a_setting_under_which_nothing_can_be_served_is_one_line(
    tmp_path: Path, variable: str, value: str, code: int, said: str
) -> None:
    published(tmp_path)
    running = Served(tmp_path, None, **{variable: value})
    assert running.end() == code
    (line,) = running.lines
    assert line.startswith("Error: ")
    assert said in line


def test_a_pipe_that_nobody_reads_is_no_access_log(tmp_path: Path) -> None:
    published(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    running = Served(tmp_path, KZGRAPH_ACCESS_LOG=str(pipe))
    assert running.end() == 1
    (line,) = running.lines
    assert line.startswith(f"Error: KZGRAPH_ACCESS_LOG: {pipe} cannot be written")


def test_an_address_may_be_as_long_as_the_operator_lets_it(tmp_path: Path) -> None:
    published(tmp_path)
    with served(tmp_path, KZGRAPH_MAX_URL_BYTES="65000") as running:
        assert ask(running.url, "ASK {} #" + "x" * 64_000).status == 200
        assert ask(running.url, "ASK {} #" + "x" * 65_000).status == 414


@pytest.mark.parametrize("host", ["localhost", EVERYWHERE, "::1"])
def test_a_host_may_be_a_name_or_an_address(tmp_path: Path, host: str) -> None:
    published(tmp_path)
    with served(tmp_path, KZGRAPH_HOST=host) as running:
        shown = f"[{host}]" if ":" in host else host
        assert f" at http://{shown}:{running.port} " in running.lines[0]
        reachable = "localhost" if host == EVERYWHERE else shown
        assert call(f"http://{reachable}:{running.port}/ready").status == 200


def test_the_largest_values_of_settings_can_be_served_with(tmp_path: Path) -> None:
    published(tmp_path)
    most = dict.fromkeys(("KZGRAPH_WORKER_MEMORY_MIB", "KZGRAPH_CACHE_MIB"), str(MOST))
    most |= dict.fromkeys(("KZGRAPH_GRACE", "KZGRAPH_QUERY_TIMEOUT"), str(MOST_SECONDS))
    with served(tmp_path, **most) as running:
        assert ask(running.url, "ASK { ?s ?p ?o }").status == 200
    assert running.end() == 0


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    published(tmp_path)
    with served(tmp_path) as first:
        done = run("serve", "--releases", tmp_path, "--port", str(first.port))
        assert done.returncode == 1
        said = f"Error: port {first.port} on 127.0.0.1 is in use by another program\n"
        assert done.stderr == said
        assert call(f"{first.url}/ready").status == 200


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing reserves a port")
def test_of_servers_started_at_a_time_on_one_port_one_serves(tmp_path: Path) -> None:
    published(tmp_path)
    port = free_port()
    started = [Served(tmp_path, port) for _ in range(3)]
    try:
        until(lambda: sum(each.process.poll() is None for each in started) < 2, "several serve")
        (serving,) = (each for each in started if each.process.poll() is None)
        serving.until_said("Serving")
        for each in started:
            if each is not serving:
                said = f"Error: port {port} on 127.0.0.1 is in use by another program"
                assert (each.end(), each.lines) == (1, [said])
    finally:
        for each in started:
            each.process.terminate()
            each.end()


def test_nothing_is_left_when_the_starter_is_killed(tmp_path: Path) -> None:
    published(tmp_path)
    with served(tmp_path) as running:
        pids = family(running.process.pid)
        assert len(pids) > 3, "the starter, the server and its workers"
        running.process.kill()
        until(all_gone(pids, running.port), "something is left")


def test_a_server_that_is_killed_is_replaced_and_its_workers_end(tmp_path: Path) -> None:
    published(tmp_path)
    with served(tmp_path) as running:
        (server,) = children(running.process.pid)
        started = family(server)
        os.kill(server, signal.SIGKILL)
        until(lambda: not any(map(is_alive, started)), "a worker is left")

        def answers() -> bool:
            with suppress(OSError):
                return call(f"{running.url}/ready").status == 200
            return False

        until(answers, "it was not replaced")
        assert sum("Serving" in line for line in running.lines) == 1


def test_workers_that_are_killed_are_replaced(tmp_path: Path) -> None:
    published(tmp_path)
    with served(tmp_path) as running:
        (server,) = children(running.process.pid)
        for whose in (grandchildren, children):  # the workers, and then what forks them
            before = grandchildren(server)
            for pid in whose(server):
                os.kill(pid, signal.SIGKILL)

            def are_replaced(before: list[int] = before) -> bool:
                return len({*grandchildren(server)} - {*before}) >= 3

            until(are_replaced, "they were not replaced")
            assert ask(running.url, "ASK { ?s ?p ?o }").status == 200


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_after_a_signal_to_stop(tmp_path: Path, how: signal.Signals) -> None:
    published(tmp_path)
    with served(tmp_path) as running:
        pids = family(running.process.pid)
        os.killpg(running.process.pid, how)
        assert running.end() == 0
        until(all_gone(pids, running.port), "something is left")
        assert len(running.lines) == 1


@contextmanager
def in_a_terminal(root: Path, log: Path, *, nohup: bool) -> Iterator[tuple[int, int, int]]:
    """A server in a terminal of its own: its process, its port, and the terminal."""
    port = free_port()
    log.touch()
    pid, terminal = pty.fork()
    if pid == 0:  # In the child, whose terminal it is.
        signal.signal(signal.SIGHUP, signal.SIG_IGN if nohup else signal.SIG_DFL)
        os.dup2(os.open(log, os.O_WRONLY), 2)
        arguments = [*KZGRAPH, "serve", "--releases", str(root), "--port", str(port)]
        os.execv(arguments[0], arguments)  # noqa: S606
    try:
        until(lambda: "Serving" in log.read_text("utf-8"), "it does not serve")
        yield pid, port, terminal
    finally:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def test_closing_the_terminal_ends_it(tmp_path: Path) -> None:
    published(tmp_path)
    with in_a_terminal(tmp_path, tmp_path / "said", nohup=False) as (pid, port, terminal):
        pids = family(pid)
        assert len(pids) > 3
        os.close(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        until(all_gone(pids, port), "something is left")


def test_nohup_keeps_it_running_when_the_terminal_is_closed(tmp_path: Path) -> None:
    first = published(tmp_path)
    with in_a_terminal(tmp_path, tmp_path / "said", nohup=True) as (pid, port, terminal):
        os.close(terminal)
        os.kill(pid, signal.SIGHUP)
        second = published(tmp_path, 4)
        assert first.version != second.version

        def version() -> str:
            return str(json.loads(call(f"http://127.0.0.1:{port}/ready").body)["version"])

        until(lambda: version() == second.version, "it does not serve the next release")


def _turn(root: Path, target: str) -> None:
    """Let `current` lead elsewhere, in one step."""
    (root / "next").symlink_to(target)
    (root / "next").rename(root / "current")


def test_a_faulty_release_is_said_once_and_the_one_before_stays(tmp_path: Path) -> None:
    first = published(tmp_path)
    with served(tmp_path) as running:
        for number, (name, (damage, said)) in enumerate(FAULTS.items()):
            trial = tmp_path / f"trial-{number}"
            published(trial, 4)
            damage(trial)
            before = len(running.lines)
            _turn(tmp_path, f"trial-{number}/current")
            until(lambda: len(running.lines) > before, f"nothing is said: {name}")  # noqa: B023
            assert said in running.lines[-1]
            assert running.lines[-1].endswith(f"; release {first.version} stays")
            assert running.version() == first.version
            assert ask(running.url, "ASK { ?s ?p ?o }").status == 200
        assert len(running.lines) == 1 + len(FAULTS), running.lines


def test_sighup_has_a_service_look_again(tmp_path: Path) -> None:
    first = published(tmp_path)
    with served(tmp_path) as running:
        second = published(tmp_path, 4)
        until(lambda: running.version() == second.version, "the second is not served")
        _turn(tmp_path, first.path.name)
        until(lambda: running.version() == first.version, "the first is not served")
        dump = second.path / "dumps/kzgraph.nt"
        data = dump.read_bytes()
        dump.write_bytes(b"")
        _turn(tmp_path, second.path.name)
        running.until_said("kzgraph.nt has 0 bytes")
        dump.write_bytes(data)
        running.process.send_signal(signal.SIGHUP)
        until(lambda: running.version() == second.version, "it did not look again")
        assert len(running.lines) == 2, running.lines


def test_a_release_that_is_removed_while_it_is_served_is_said(tmp_path: Path) -> None:
    release = published(tmp_path)
    with served(tmp_path) as running:
        shutil.rmtree(release.path)
        running.until_said(f"release {release.version} stays")
        assert running.version() == release.version
        assert ask(running.url, "ASK { ?s ?p ?o }").status == 200
