"""Faults in input files, each with its place and its remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, order=True)
class Fault:
    """One fault in a file.

    Attributes:
        file: the file, by the name to show.
        line: the line, counted from 1; 0 for the whole file.
        column: the name of the column, or an empty string.
        message: what is wrong.
        remedy: what would be right.
        cell: the cell of a sheet, such as B7, which is shown in place of the line.
    """

    file: str
    line: int
    column: str
    message: str
    remedy: str
    cell: str = ""

    @classmethod
    def of_file(cls, file: str, message: str, remedy: str) -> Self:
        """A fault of a whole file or folder."""
        return cls(file, 0, "", message, remedy)

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.cell or self.line}"
        if self.column:
            place += f":{self.column}"
        return f"{place}: {self.message}; {self.remedy}"


class TableFaults(ValueError):
    """Tables were refused; `faults` holds every fault of the run, in order of place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))
