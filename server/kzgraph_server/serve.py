"""Running the application under granian: https://github.com/emmett-framework/granian."""

import contextlib
import ctypes
import errno
import ipaddress
import logging
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from kzgraph.release import CURRENT
from kzgraph.settings import DEFAULTS, variable
from kzgraph_server.engine.answer import EngineFailure
from kzgraph_server.settings import Settings
from kzgraph_server.starter import Starter

#: Milliseconds for the head of a request to come: slow ones hold a connection each.
_HEAD = 10_000

#: Bytes of a connection that are kept to be read or sent, at least: more than the head of a request
#: may have by default, so that the front says what is too long.
_BUFFER = 128 * 1024
#: Seconds after which a thread lets others have the interpreter: the event loop waits so long for
#: each of those that make pages.
_SWITCH = 0.001
# malloc.h, and the bytes of a block that is mapped by itself.
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
_LARGE_BLOCK = 128 * 1024

#: Connections that are worked on at a time; the queue of queries is bounded by itself.
_BACKPRESSURE = 2048


class ServeError(Exception):
    """The server cannot start; the message is one line for the operator."""


def serve(
    release_root: Path,
    host: str = DEFAULTS.host,
    port: int = DEFAULTS.port,
    announce: Callable[[str], None] = lambda version: None,
    documents: Path | None = None,
) -> None:
    """Serve the current release under `release_root` until SIGINT or SIGTERM.

    SIGHUP has the server look for a new release at once. Where it was started from a terminal,
    and not by `nohup`, SIGHUP means that the terminal was closed, and ends it.

    Args:
        release_root: the folder of releases.
        host: the address to listen on.
        port: the port to listen on.
        announce: called with the version of the release once it answers queries.
        documents: the folder of the source texts, in place of the setting.

    Raises:
        ServeError: there is no release or it cannot be served, the address cannot be listened
            on, the access log cannot be written, or texts would be shown to others.
        SettingsError: an environment variable has an invalid value.
    """
    limits = Settings.from_environment()
    if not os.path.lexists(release_root / CURRENT):
        raise ServeError(f"there is no release in {release_root}; `kzgraph build` makes one")
    if documents is not None:
        limits = replace(limits, documents=str(documents))
    _check_documents(limits, host)
    address, reservation = _reserve(host, port)
    _check_access_log(limits.access_log)
    server = Granian(
        "kzgraph_server",  # the name in granian's own messages; `_load` makes the application
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        # One process: the cache, the queue and the fair share are of all clients. What is heavy
        # runs in the engine's workers.
        workers=1,
        loop=Loops.auto,  # uvloop where it is installed
        # A broken answer is signalled by closing its connection, which needs HTTP/1.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=_HEAD,
            max_buffer_size=max(_BUFFER, 2 * (limits.max_url_bytes + limits.max_fields_bytes)),
        ),
        backpressure=_BACKPRESSURE,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=limits.grace + 2,
        log_level=LogLevels.error,
    )
    starter = Starter()
    server.on_startup(starter.handle_signals)
    starter.listen(announce, server.signal_handler_interrupt)
    with reservation:
        server.serve(target_loader=partial(_load, release_root, limits, starter), wrap_loader=False)
    if starter.failure is not None:
        raise ServeError(starter.failure)


def _load(release_root: Path, limits: Settings, starter: Starter) -> Callable[..., Any]:
    """The application, in the process that calls this."""
    starter.attach()
    sys.setswitchinterval(_SWITCH)
    _return_memory()
    for handler in logging.getLogger("_granian").handlers:
        handler.addFilter(_is_news)
    try:
        from kzgraph_server.front.opening import application

        return application(release_root, limits, starter)
    except Exception as error:
        starter.hear_failure(f"{type(error).__name__}: {' '.join(str(error).split())}")
        raise


def _return_memory() -> None:
    """Let large blocks go back to the system as soon as they are free, and threads share heaps.

    By itself the C library of Linux takes ever larger blocks from heaps, where one small block
    behind them keeps them: https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # Not the GNU C library.
            library = ctypes.CDLL(None)
            library.mallopt(_MMAP_THRESHOLD, _LARGE_BLOCK)
            library.mallopt(_ARENA_MAX, 2)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a log line of granian is about more than a broken answer, which the front logs."""
    from kzgraph_server.front.exchange import ClientSlow

    # Granian writes the traceback into the message.
    _, _, last = record.getMessage().rstrip().rpartition("\n")
    return not last.startswith((EngineFailure.__name__, ClientSlow.__name__))


def _check_documents(limits: Settings, host: str) -> None:
    """Refuse to show source texts, which are not the project's to publish, to others."""
    if not limits.documents:
        return
    name = f"--documents ({variable('documents')})"
    if not Path(limits.documents).is_dir():
        raise ServeError(f"{name}: {limits.documents} is not a folder")
    if not _is_loopback(host):
        raise ServeError(
            f"{name} shows words of the source texts, which may not be published: the server must "
            f"listen on the loopback, such as 127.0.0.1, and not on {host}"
        )
    if limits.trusted_proxies:
        raise ServeError(
            f"{name} shows words of the source texts, which may not be published: not through a "
            f"proxy ({variable('trusted_proxies')})"
        )


def _is_loopback(host: str) -> bool:
    """Whether all addresses of a host are of the loopback."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(each[4][0])).is_loopback for each in found)


def _check_access_log(target: str) -> None:
    """Try the access log before anything is started."""
    if target in ("-", "off"):
        return
    from kzgraph_server.front.access_log import open_file

    try:
        os.close(open_file(target))
    except OSError as error:
        raise ServeError(
            f"{variable('access_log')}: {target} cannot be written: {error.strerror}"
        ) from None


def _reserve(host: str, port: int) -> tuple[str, socket.socket]:
    """The numeric address of `host`, and what keeps its port for this server until it is closed.

    Granian wants no name, and (2.8) shares a port with other servers of its kind. Since it listens
    only once the release is open, trying to is not enough where two are started at a time.
    """
    if not 0 < port < 65536:
        raise ServeError(f"{port} is not a port; ports go from 1 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
        reservation = socket.socket(socket.AF_UNIX)
        if sys.platform == "linux":
            # It is in no folder, and of the network that the port is of: unix(7).
            reservation.bind(f"\0kzgraph-{address[0]}-{port}")
        return str(address[0]), reservation
    except socket.gaierror:
        raise ServeError(f"{host!r} is not an address of this machine") from None
    except OSError as error:
        reason = {
            errno.EADDRINUSE: f"port {port} on {host} is in use by another program",
            errno.EACCES: f"port {port} needs rights that this user does not have",
            errno.EADDRNOTAVAIL: f"{host} is not an address of this machine",
        }.get(error.errno or 0, f"cannot listen on {host}, port {port}: {error.strerror}")
        raise ServeError(reason) from None
