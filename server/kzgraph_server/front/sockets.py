"""The sockets of the server: what the system is to do about clients that take nothing."""

import contextlib
import os
import socket
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd")
#: Bytes of a connection that wait to be sent, above which no more are taken.
_UNSENT = 128 * 1024


def limit_sending(seconds: int) -> None:
    """Let the system close connections whose other end does not read for so long.

    The front aborts such an answer by itself, but the HTTP server closes a connection only once
    it could send something. Nor does a connection keep more than a little unsent: with megabytes
    of it, the system reports that a client has taken something only when it took a third, which
    looks like nothing for long. To be called once a first request has come: accepted connections
    inherit the option from the listening socket, which the HTTP server (granian 2.8) opens after
    it has started the application. https://www.rfc-editor.org/rfc/rfc5482
    """
    if not hasattr(socket, "TCP_USER_TIMEOUT") or not _DESCRIPTORS.is_dir():
        return  # Not Linux: the connection stays until the other end closes it.
    for path in _DESCRIPTORS.iterdir():
        with contextlib.suppress(OSError):
            if str(path.readlink()).startswith("socket:"):
                with socket.socket(fileno=os.dup(int(path.name))) as copy:
                    if copy.family in (socket.AF_INET, socket.AF_INET6):
                        copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)
                        copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)
