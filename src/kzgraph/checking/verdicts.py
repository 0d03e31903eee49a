"""What is said of a claim: how it was read, and what the sources have for each of its numbers.

Nothing here says that a claim is true or false: an answer says what is stated, by whom, of what.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from pyoxigraph import NamedNode


class Verdict(Enum):
    """What the sources have for a claim, the most telling first where several hold alike."""

    STATED = "stated"
    ROUNDED = "rounded"
    OTHER_SCOPE = "other-scope"
    FORECAST = "forecast"
    SUPERSEDED = "superseded"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not-found"


class Dimension(Enum):
    """What a claim may say beside its number."""

    PLACE = "place"
    TIME = "time"
    GROUP = "group"
    ORIGIN = "origin"
    QUANTITY = "quantity"
    SERIES = "series"
    REGISTERED_BY = "registered-by"
    STATUS = "status"
    HEDGE = "hedge"
    UNIT = "unit"
    DIRECTION = "direction"


@dataclass(frozen=True)
class Read:
    """One thing that was read in a claim.

    Attributes:
        dimension: what it is about.
        code: what it was taken for: the IRI of a thing, or a word of ours, such as a year.
        words: the words of the claim that it was read from.
        start: where these begin in the claim, in code points.
        end: where they end, exclusive.
        inherited: whether they are said of another number, and so of this one perhaps.
    """

    dimension: Dimension
    code: str
    words: str
    start: int
    end: int
    inherited: bool = False


@dataclass(frozen=True)
class Quantified:
    """A number of a claim with all that was read about it.

    Attributes:
        value: the number, scaled: 7900 of "7.9 thousand"; signed where it tells of a fall.
        written: as the claim has it.
        start: where it begins in the claim, in code points.
        end: where it ends, exclusive.
        step: the unit of its last digit that counts: 100 of 7,900, 0.01 of 5.52.
        read: what was read about it.
        unread: words beside it that were not understood and may change what it counts.
    """

    value: Decimal
    written: str
    start: int
    end: int
    step: Decimal
    read: tuple[Read, ...] = ()
    unread: tuple[str, ...] = ()

    def codes(self, dimension: Dimension) -> list[str]:
        """What was read of a dimension, in the order of the claim."""
        return [each.code for each in self.read if each.dimension is dimension]

    def code(self, dimension: Dimension) -> str | None:
        """The first that was read of a dimension; None where the claim says nothing of it."""
        return next(iter(self.codes(dimension)), None)


class Reason(Enum):
    """In what a figure and a claim differ, or agree in another way than to the last digit."""

    ROUNDING = "rounding"
    SCOPE = "scope"
    STATUS = "status"
    LATER = "later"
    VALUE = "value"
    DIGITS = "digits"
    GROUP = "group"
    ORIGIN = "origin"
    QUANTITY = "quantity"
    SERIES = "series"
    REGISTERED_BY = "registered-by"
    TIME = "time"
    UNIT = "unit"
    HEDGE = "hedge"
    DIRECTION = "direction"
    COMPUTED = "computed"
    #: The claim says something that was not understood.
    UNREAD = "unread"


@dataclass(frozen=True)
class Finding:
    """What one figure has to do with a claim.

    Attributes:
        verdict: what it makes of the claim.
        figure: the figure; of official data the first of the cells.
        reasons: in what it differs from the claim; none where it states it as it is.
        cells: official figures that are summed to what is compared with the claim, if it is one.
        value: the number compared, in people, dollars, per cent or things; None where a figure
            has none.
        later: the newer figure of the same, where the verdict is that it is superseded.
    """

    verdict: Verdict
    figure: NamedNode
    reasons: tuple[Reason, ...] = ()
    cells: tuple[NamedNode, ...] = ()
    value: Decimal | None = None
    later: NamedNode | None = None


@dataclass(frozen=True)
class NumberAnswer:
    """What the sources have for one number of a claim.

    Attributes:
        number: the number with what was read about it.
        verdict: the most useful one.
        findings: the figures that bear on it, the most useful first; each of the verdict of its
            own.
        nearest: figures that are like it, where nothing bears on it.
    """

    number: Quantified
    verdict: Verdict
    findings: tuple[Finding, ...]
    nearest: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the sources have for a claim.

    Attributes:
        claim: the text as it was read, at most `kzgraph.checking.LONGEST` code points of it.
        language: that it was taken to be in: `en`, `ru` or `kk`.
        verdict: the least favourable of its numbers: a sentence is stated if all of it is.
        numbers: the answers, in the order of the claim.
        unread: words that were not understood.
        shortened: whether the claim was too long, or had too many numbers, and its end was not
            read.
    """

    claim: str
    language: str
    verdict: Verdict
    numbers: tuple[NumberAnswer, ...] = ()
    unread: tuple[str, ...] = field(default=())
    shortened: bool = False
