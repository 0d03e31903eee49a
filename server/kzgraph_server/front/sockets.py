"""The sockets that the server listens on: what the system is to do about slow clients."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd")


#: Seconds between two looks whether the server listens, and how many there are.
_LOOK, _LOOKS = 0.05, 600


async def limit_sending(seconds: int) -> None:
    """Let the system close connections whose other end takes nothing for so long.

    The front gives up such an answer by itself, but the HTTP server closes a connection only once
    it could send something. Accepted connections inherit the option from the listening socket,
    which the HTTP server (granian 2.8) opens after it has started the application.
    https://www.rfc-editor.org/rfc/rfc5482
    """
    if not hasattr(socket, "TCP_USER_TIMEOUT") or not _DESCRIPTORS.is_dir():
        return  # Not Linux: the connection stays until the other end closes it.
    for _ in range(_LOOKS):
        found = list(_listening())
        for listening in found:
            with listening:
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)
        if found:
            return
        await asyncio.sleep(_LOOK)


def _listening() -> Iterator[socket.socket]:
    for path in _DESCRIPTORS.iterdir():
        with contextlib.suppress(OSError):
            if not str(path.readlink()).startswith("socket:"):
                continue
            copy = socket.socket(fileno=os.dup(int(path.name)))
            if copy.family in (socket.AF_INET, socket.AF_INET6) and copy.getsockopt(
                socket.SOL_SOCKET, socket.SO_ACCEPTCONN
            ):
                yield copy
            else:
                copy.close()
