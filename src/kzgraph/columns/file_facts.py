"""What is known of the tables of a file of columns, looked up when it is first asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kzgraph.columns.relations import Place

if TYPE_CHECKING:
    import duckdb

#: Texts of days that are in the order of time: years of four digits, no time zone.
_DAY = r'"[0-9]{4}-[0-9]{2}-[0-9]{2}"\^\^<http://www\.w3\.org/2001/XMLSchema#date>'


@dataclass(frozen=True, slots=True)
class Property:
    """What the file says of a property; see `column_file`."""

    number: int
    rows: int
    kinds: int
    least: int | None
    most: int | None


class FileFacts:
    """The facts of one file.

    Args:
        database: the file.
    """

    def __init__(self, database: "duckdb.DuckDBPyConnection") -> None:
        self._database = database
        self._aligned: dict[tuple[int, int], bool] = {}
        self._days: dict[Place, bool] = {}

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """The properties of the release, by their IRIs."""
        rows = self._database.execute(
            "SELECT iri, number, rows, kinds, least, most FROM properties"
        ).fetchall()
        return {iri: Property(*rest) for iri, *rest in rows}

    def are_aligned(self, one: str, other: str) -> bool:
        """Whether the tables of two properties have the same subjects, each once, row by row.

        Rows that stand in one place are then the rows of one subject, and no hash is needed to
        join them.
        """
        first, second = self.properties.get(one), self.properties.get(other)
        if first is None or second is None or first.rows != second.rows or one == other:
            return False
        pair = (min(first.number, second.number), max(first.number, second.number))
        if pair not in self._aligned:
            found = self._database.execute(
                "SELECT count(DISTINCT a.s), "  # noqa: S608 - numbers
                "count(*) FILTER (WHERE a.s IS DISTINCT FROM b.s) "
                f"FROM p{pair[0]:d} AS a POSITIONAL JOIN p{pair[1]:d} AS b"
            ).fetchone()
            self._aligned[pair] = found == (first.rows, 0)
        return self._aligned[pair]

    def are_days(self, places: frozenset[Place]) -> bool:
        """Whether all terms of some columns are plain days, which are in the order of their texts.

        Args:
            places: the columns.
        """
        return all(map(self._has_days, sorted(places)))

    def _has_days(self, place: Place) -> bool:
        if place not in self._days:
            number, column = place
            found = self._database.execute(
                f"SELECT count(*) FROM terms WHERE id IN (SELECT {column} FROM p{number:d}) "  # noqa: S608
                "AND NOT regexp_full_match(text, $form)",
                {"form": _DAY},
            ).fetchone()
            self._days[place] = found == (0,)
        return self._days[place]
