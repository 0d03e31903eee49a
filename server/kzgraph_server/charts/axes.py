"""From values to places: axes that begin at zero and have round numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: The steps between the years of an axis.
_YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear axis.

    Attributes:
        low: the value at `start`.
        high: the value at `end`.
        start: the place of `low`, in units of the drawing.
        end: the place of `high`.
        ticks: the values that are marked.
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Where `value` is on the axis."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def scale_values(values: Iterable[float], start: float, end: float, count: int = 5) -> Scale:
    """An axis that has zero and all `values`, with about `count` round ticks."""
    found = [0.0, *values]
    low, high = min(found), max(found)
    high = high if high > low else low + 1
    step = find_step(high - low, count)
    # Rounded, since three times 0.2 is not 0.6.
    ticks = tuple(
        round(step * number, 10)
        for number in range(math.floor(low / step), math.ceil(high / step) + 1)
    )
    return Scale(ticks[0], ticks[-1], start, end, ticks)


def scale_years(years: Iterable[float], start: float, end: float, room: float) -> Scale:
    """An axis of years, with as many ticks as have `room` each."""
    found = list(years)
    low, high = math.floor(min(found)), math.ceil(max(found))
    if low == high:
        low, high = low - 1, high + 1
    most = max(1, int((end - start) // room))
    steps = (each for each in _YEAR_STEPS if (high - low) / each <= most)
    step = next(steps, high - low)
    first = math.ceil(low / step) * step
    ticks = [*range(first, high + 1, step)] or [low]
    return Scale(low, high, start, end, tuple(map(float, ticks)))


def find_step(span: float, count: int) -> float:
    """The step of 1, 2 or 5 times a power of ten that divides `span` into about `count` parts.

    >>> find_step(65_833, 5), find_step(7.5, 5)
    (20000, 2)
    """
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 5, 10) if rough <= each * power * 1.0000001)
    return int(step) if step >= 1 else step
