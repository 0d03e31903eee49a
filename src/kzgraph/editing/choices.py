"""What a cell can be chosen from: the codes of a scheme, the things that a path may lead to."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kzgraph.tables import Row
from kzgraph.tables.checks import path_of
from kzgraph.tables.folders import table_files
from kzgraph.tables.reader import Findings, read_table
from kzgraph.tables.schema import Column, Schema


class Choice(NamedTuple):
    """An item that a cell may hold, and what it is called."""

    item: str
    label: str


class Choices:
    """The lists of a set of tables, each made once.

    Attributes:
        lists: the lists that columns had so far, by name, in order.
    """

    def __init__(self, things: Iterable[Row]) -> None:
        """Take the rows of codes and of things."""
        self._by_head: dict[str, list[Choice]] = {}
        for row in things:
            path = path_of(row)
            self._by_head.setdefault(path.partition("/")[0], []).append(Choice(path, _label(row)))
        self.lists: dict[str, list[Choice]] = {}

    def name_of(self, column: Column) -> str | None:
        """The name of the list for a column; None where it has none."""
        if column.scheme:
            name = column.scheme
            found = [
                Choice(path.partition("/")[2], label)
                for path, label in sorted(self._by_head.get(name, ()))
            ]
        elif column.heads:
            name = ", ".join(column.heads)
            found = [each for head in column.heads for each in sorted(self._by_head.get(head, ()))]
        elif column.words:
            name = " or ".join(column.words)
            found = [Choice(word, "") for word in column.words]
        else:
            return None
        if not found:
            return None
        return name if self.lists.setdefault(name, found) == found else None


def read_things(root: Path, schemas: dict[str, Schema]) -> list[Row]:
    """The rows of codes and things in all folders, as far as they are sound."""
    findings = Findings()
    rows: list[Row] = []
    for file in table_files(root, schemas, []):
        schema = schemas[file.path.stem]
        if not schema.is_fact:
            try:
                rows += read_table(file, schema, findings)
            except ValueError:
                continue  # A table that is faulty as a whole is for a build to report.
    return rows


def _label(row: Row) -> str:
    names = ("label_en", "label", "name", "title")
    return next((label for name in names if (label := row.cells.get(name))), [""])[0]
