"""How alike two names are, and what that is worth: the score of a candidate.

The levels say on what a likeness rests, and the score follows them, so that a higher score is
never less sure. benchmarks/bench_reconcile.py measures how often the candidates of each score are
right.
"""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """What a likeness rests on."""

    UNSURE = 0
    """Words are left over, or differ in more letters than people mistype."""
    MISTYPED = 1
    """The same name with mistakes."""
    SAME_WORDS = 2
    """The same words in another order, in other forms, in another alphabet, or abbreviated."""
    EXACT = 3
    """The same name, code or identifier."""


#: The least and the largest score of each level.
_SCORES = {
    Level.UNSURE: (0.0, 79.0),
    Level.MISTYPED: (80.0, 91.0),
    Level.SAME_WORDS: (92.0, 99.0),
    Level.EXACT: (100.0, 100.0),
}


@dataclass(frozen=True, order=True)
class Likeness:
    """How alike two names are.

    Attributes:
        level: what that rests on.
        alike: how much of both is the same, from 0 to 1.
    """

    level: Level
    alike: float

    @property
    def score(self) -> float:
        """From 0 to 100."""
        least, most = _SCORES[self.level]
        # What is sure is alike at least by half: the rest of the range tells such names apart.
        share = self.alike if self.level is Level.UNSURE else max(0.0, 2 * self.alike - 1)
        return round(least + (most - least) * min(share, 1.0), 1)


NOTHING = Likeness(Level.UNSURE, 0.0)
EXACT = Likeness(Level.EXACT, 1.0)
