"""What can be reached by steps of one kind."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def reach(start: Iterable[T], step: Callable[[T], Iterable[T]]) -> dict[T, None]:
    """What is reached from `start` by however many steps, none included.

    >>> list(reach([12], lambda number: [number // 2] if number % 2 == 0 else []))
    [12, 6, 3]
    """
    found: dict[T, None] = {}
    waiting = list(start)
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = None
            waiting += step(current)
    return found
