"""Rows of a table that is a file: what a worker is asked for in the place of a query."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from kzgraph.tidy.file_tables import FileColumn, FileTable
from kzgraph.tidy.filter_values import Values

#: A value that a column is compared with.
Given = str | int | bool


@dataclass(frozen=True)
class Condition:
    """What a row has to have: in a column, one of some values."""

    column: str
    values: tuple[Given, ...]


@dataclass(frozen=True)
class RowChoice:
    """Rows of a file of Parquet, in its order.

    Attributes:
        file: its name below the dumps of the release.
        columns: those that are wanted, in order.
        conditions: all of which hold.
        credit: whose data it is, for formats with room for it.
        query: the query that has the same rows, from which hashtags follow; or nothing.
    """

    file: str
    columns: tuple[FileColumn, ...]
    conditions: tuple[Condition, ...] = ()
    credit: str = ""
    query: str = ""

    def to_text(self) -> str:
        """The choice as text, which equal choices have in common."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The choice that `to_text` wrote."""
        found = json.loads(text)
        return cls(
            found["file"],
            tuple(FileColumn(**each) for each in found["columns"]),
            tuple(Condition(each["column"], tuple(each["values"])) for each in found["conditions"]),
            found["credit"],
            found["query"],
        )


def choose_rows(
    file: FileTable, values: Values, language: str = "", credit: str = "", query: str = ""
) -> RowChoice:
    """The rows of a table that filters choose.

    Args:
        file: the table.
        values: of `read_values`.
        language: of labels; nothing for all of them.
        credit: see `RowChoice`.
        query: likewise.
    """
    readers: Mapping[str, Callable[[str], Given]] = {
        "year": int,
        "switch": lambda text: text == "true",
    }
    conditions = tuple(
        Condition(
            each.name,
            _sort([readers.get(each.kind, str)(text) for text in values[each.name]]),
        )
        for each in file.table.filters
        if values.get(each.name)
    )
    return RowChoice(
        file.find_parquet(language), file.choose_columns(language), conditions, credit, query
    )


def _sort(values: Sequence[Given]) -> tuple[Given, ...]:
    return tuple(sorted(values, key=lambda each: (str(type(each)), each)))
