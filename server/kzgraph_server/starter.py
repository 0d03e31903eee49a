"""The process that starts the server, and what it and the server tell each other.

Granian runs the application in a process of its own, which it replaces when it dies. The process
that was started by the operator gets the signals, and says when something is served or why
nothing can be.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from kzgraph.lifetime import end_with

#: Seconds between two looks at whether the starter lives, where the system does not watch it.
_LOOK = 1.0


class Starter:
    """The process that makes this, as it and the server's process see it.

    Attributes:
        failure: why nothing can be served, in one line; known in the starting process.
    """

    failure: str | None = None

    def __init__(self) -> None:
        self._pid = os.getpid()
        # Before granian sets handlers of its own: `nohup` has the signal ignored.
        ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        self._hangs_up = _has_terminal() and not ignored
        self._stop = multiprocessing.Event()
        self._look = multiprocessing.Event()
        self._heard, self._tell = multiprocessing.Pipe(duplex=False)

    # In the starting process.

    def handle_signals(self) -> None:
        """Let the application know of signals.

        To be called when granian has set its own handlers. Granian waits for the requests that
        run before it tells the application of a stop, which is what ends those that run too long.
        """
        ends = [signal.SIGINT, signal.SIGTERM]
        if self._hangs_up:
            ends.append(signal.SIGHUP)
        else:
            signal.signal(signal.SIGHUP, lambda *_: self._look.set())
        end: Any = signal.getsignal(signal.SIGTERM)

        def stop(number: int, frame: FrameType | None) -> None:
            self._stop.set()
            end(number, frame)

        for number in ends:
            signal.signal(number, stop)

    def listen(self, announce: Callable[[str], None], end: Callable[[], None]) -> None:
        """Hear, in a thread, how the server fares.

        Args:
            announce: called once, with the version of the release that is served.
            end: called when nothing can be served; `failure` says why.
        """

        def hear() -> None:
            announced = False
            while True:
                served, text = self._heard.recv()
                if not served:
                    self.failure = text
                    end()
                    return
                if not announced:
                    announce(text)
                announced = True

        threading.Thread(target=hear, daemon=True).start()

    # In the server's process.

    def attach(self) -> None:
        """Tie this process to the starting one: it ends with it, and has signals from it alone."""
        # A closed terminal tells both; what is to be done about it is for the starter to say.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        end_with(self._pid)
        if sys.platform != "linux":
            threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while os.getppid() == self._pid:
            time.sleep(_LOOK)
        os._exit(1)

    def wants_stop(self) -> bool:
        """Whether the server is to stop."""
        return self._stop.is_set()

    def wants_look(self) -> bool:
        """Whether the server is to look for a new release now; True once for each request."""
        wanted = self._look.is_set()
        if wanted:
            self._look.clear()
        return wanted

    def hear_serving(self, version: str) -> None:
        """Tell the starter that the release `version` answers queries."""
        self._tell.send((True, version))

    def hear_failure(self, reason: str) -> None:
        """Tell the starter why nothing can be served, and wait to be ended by it.

        A process that ended by itself would be replaced, fail again, and so on.
        """
        # Before the starter knows: granian's own handlers let the signal pass unheard.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        self._tell.send((False, reason))
        while True:
            signal.pause()


def _has_terminal() -> bool:
    """Whether this process belongs to a terminal that can be closed."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
