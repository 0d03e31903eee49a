"""Faults of sources."""

from collections.abc import Iterable

from kzgraph.faults import Fault

#: Faults of one file that are listed; what comes after them is said to be more.
MOST = 100


class SourceFaults(ValueError):
    """A source was refused.

    Attributes:
        faults: of one file, or of several, in the order in which they were found.
        more: whether reading ended before the end of the file, so that there may be others.
    """

    def __init__(self, faults: Iterable[Fault], *, more: bool = False) -> None:
        self.faults = list(dict.fromkeys(faults))
        self.more = more
        rest = [f"and more: only {MOST} are listed"] if more else []
        super().__init__("\n".join([*map(str, self.faults), *rest]))


class SourceError(Exception):
    """What is asked of a source cannot be done; the message says why, and what can."""


class FaultList:
    """Collects the faults of one file, and ends its reading where they are too many."""

    def __init__(self, file: str) -> None:
        """Collect those of the file that is shown as `file`."""
        self.file = file
        self.faults: list[Fault] = []

    def add(self, line: int, column: str, message: str, remedy: str) -> None:
        """Add a fault; see `Fault`.

        Raises:
            SourceFaults: there are more than `MOST`.
        """
        if len(self.faults) == MOST:
            raise SourceFaults(self.faults, more=True)
        self.faults.append(Fault(self.file, line, column, message, remedy))

    def stop(self, line: int, column: str, message: str, remedy: str) -> SourceFaults:
        """The exception for a fault after which the rest cannot be read."""
        return SourceFaults([*self.faults, Fault(self.file, line, column, message, remedy)])

    def check(self) -> None:
        """Refuse the file if it has faults.

        Raises:
            SourceFaults: it has.
        """
        if self.faults:
            raise SourceFaults(self.faults)
