"""Running the application under granian: https://github.com/emmett-framework/granian."""

import errno
import logging
import multiprocessing
import signal
import socket
from collections.abc import Callable
from functools import partial
from multiprocessing.synchronize import Event as EventLike
from pathlib import Path
from types import FrameType
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from kzgraph_server.engine.answer import EngineFailure
from kzgraph_server.engine.choosing import check_engine
from kzgraph_server.settings import Settings

#: Milliseconds for the head of a request to come: slow ones hold a connection each.
_HEAD = 10_000

#: Connections that are worked on at a time; the queue of queries is bounded by itself.
_BACKPRESSURE = 2048


class ServeError(Exception):
    """The server cannot start; the message is one line for the operator."""


def serve(
    release_root: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    announce: Callable[[], None] = lambda: None,
) -> None:
    """Serve the current release under `release_root` until SIGINT or SIGTERM.

    Args:
        release_root: the folder of releases.
        host: the address to listen on.
        port: the port to listen on.
        announce: called once the port is the server's.

    Raises:
        ServeError: there is no release, or the address cannot be listened on.
        SettingsError: an environment variable holds a value that it cannot have.
    """
    settings = Settings.from_environment()
    check_engine()
    if not (release_root / "current").exists():
        raise ServeError(f"there is no release in {release_root}; `kzgraph build` makes one")
    _check_address(host, port)
    server = Granian(
        "kzgraph_server",  # the name in granian's own messages; `_load` makes the application
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        # One process: the cache, the queue and the fair share are of all clients. What is heavy
        # runs in the engine's workers.
        workers=1,
        loop=Loops.auto,  # uvloop where it is installed
        # An answer that breaks off is told by closing its connection, which HTTP/1 can.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD),
        backpressure=_BACKPRESSURE,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=settings.grace + 2,
        log_level=LogLevels.error,
    )
    stopping = multiprocessing.Event()
    server.on_startup(partial(_pass_on_signals, stopping))
    server.on_startup(announce)
    load = partial(_load, release_root, settings, stopping)
    server.serve(target_loader=load, wrap_loader=False)


def _pass_on_signals(stopping: EventLike) -> None:
    """Let the application know of a signal to stop.

    Granian waits for the requests that run before it tells the application, which is what ends
    those that run too long.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def handle(number: int, frame: FrameType | None, before: Any = before) -> None:
            stopping.set()
            before(number, frame)

        signal.signal(number, handle)


def _load(release_root: Path, settings: Settings, stopping: EventLike) -> Callable[..., Any]:
    """The application, in the process that calls this."""
    from kzgraph_server.front.opening import application

    for handler in logging.getLogger("_granian").handlers:
        handler.addFilter(_is_news)
    return application(release_root, settings, stopping.is_set)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of granian's says more than that an answer broke off, which the front says."""
    # Granian writes the traceback into the message.
    _, _, last = record.getMessage().rstrip().rpartition("\n")
    return not last.startswith(EngineFailure.__name__)


def _check_address(host: str, port: int) -> None:
    """Try the address: granian shares a port that another server of its kind listens on."""
    if not 0 < port < 65536:
        raise ServeError(f"{port} is no port; ports go from 1 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise ServeError(f"{host!r} is no address of this machine") from None
    except OSError as error:
        reason = {
            errno.EADDRINUSE: f"port {port} on {host} is in use by another program",
            errno.EACCES: f"port {port} needs rights that this user does not have",
            errno.EADDRNOTAVAIL: f"{host} is no address of this machine",
        }.get(error.errno or 0, f"cannot listen on {host}, port {port}: {error.strerror}")
        raise ServeError(reason) from None
