"""What is computed from a release once, when it is first wanted."""

from collections.abc import Callable
from threading import RLock
from typing import TypeVar, cast

from flask import current_app

from kzgraph_server.served import Served, served

_KEY = "kzgraph-descriptions"

T = TypeVar("T")


class Memo:
    """The values computed from one release; those of another take their place.

    Requests that want the same value at the same time wait for one computation of it.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._lock = RLock()
        self._of: Served | None = None
        self._values: dict[Callable[[Served], object], object] = {}

    def get(self, of: Served, compute: Callable[[Served], T]) -> T:
        """What `compute` makes of the release `of`."""
        with self._lock:
            if self._of is not of:
                self._of, self._values = of, {}
            if compute not in self._values:
                self._values[compute] = compute(of)
            return cast(T, self._values[compute])


def once(compute: Callable[[Served], T]) -> T:
    """What `compute` makes of the release that the current request is answered from."""
    memo = cast(Memo, current_app.extensions.setdefault(_KEY, Memo()))
    return memo.get(served(), compute)
