"""Errors of publishing and opening releases."""

from collections.abc import Iterable
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Protocol

from kzgraph import settings

if TYPE_CHECKING:
    from kzgraph.faults import Fault
    from kzgraph.validation import Report, Result


class Tracer(Protocol):
    """Finds the cell of a table that a result of the validation is about."""

    def trace(self, result: "Result") -> "Fault | None":
        """The cell, with the value and what to do; None without one."""


class ReleaseError(Exception):
    """A release cannot be published or opened."""


class ReleaseRefused(ReleaseError):
    """Validation found violations, so nothing was published; `report` holds them.

    Attributes:
        report: the violations.
        places: finds the rows that they are about; None where there are no tables.
    """

    def __init__(self, report: "Report") -> None:
        self.report = report
        self.places: Tracer | None = None
        count = report.counts["Violation"]
        super().__init__(f"violations of the shapes: {count}; nothing was published")


class ReleaseDamaged(ReleaseError):
    """A release on disk does not match its manifest; `faults` names each file."""

    def __init__(self, path: object, faults: Iterable[str]) -> None:
        self.path = path
        self.faults = list(faults)
        super().__init__("\n".join(f"{path}: {fault}" for fault in self.faults))

    def summary(self) -> str:
        """The first fault and how many there are, in one line."""
        more = len(self.faults) - 1
        rest = f", and {more} more; kzgraph verify-release lists them" if more else ""
        return f"{self.path}: {self.faults[0]}{rest}"


class ReleaseMissing(ReleaseError):
    """There is no release in the folder of releases `root`.

    Attributes:
        root: the folder.
        elsewhere: another one that has a release, and may be meant; None without one.
    """

    def __init__(self, root: Path, elsewhere: Path | None) -> None:
        self.root, self.elsewhere = root, elsewhere
        super().__init__(f"no release in {root}{describe_elsewhere(elsewhere)}; {_remedy(root)}")


def describe_elsewhere(elsewhere: Path | None) -> str:
    """What follows "no release in X" where another folder has one; nothing without one."""
    if elsewhere is None:
        return ""
    return f", but one in {elsewhere}: add --releases {quote(str(elsewhere))}"


def _remedy(root: Path) -> str:
    chosen = "" if root == settings.releases_root() else f" --out {quote(str(root))}"
    return f"write one with: kzgraph build{chosen}"


class ReleaseBusy(ReleaseError):
    """Another process is building in the same folder of releases."""
