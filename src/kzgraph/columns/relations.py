"""Solutions as a relation of SQL: where its columns come from, and what is known of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kzgraph.columns.column_file import TermKind
from kzgraph.columns.plans import Unanswerable

#: Kinds of terms, as bits.
NUMBERS = 1 << TermKind.INTEGER | 1 << TermKind.DECIMAL
INTEGERS = 1 << TermKind.INTEGER
SUBJECTS = 1 << TermKind.IRI | 1 << TermKind.BLANK
#: Those whose terms are equal only where they are the same, and comparing them is no error.
PLAIN = SUBJECTS | 1 << TermKind.STRING | 1 << TermKind.TEXT

#: The number of a property, and `s` or `o`.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in SQL: one of two expressions has its value, or neither where there is none.

    Attributes:
        i: of the value where it is an integer; None where it never is.
        d: likewise, a decimal.
        positive: whether no integer is less than 0.
    """

    i: str | None
    d: str | None
    positive: bool = False

    @property
    def decimal(self) -> str:
        """The value as a decimal, whichever it is."""
        if self.i is None:
            return self.d or "CAST(NULL AS DECIMAL(38, 18))"
        whole = f"CAST({self.i} AS DECIMAL(38, 18))"
        return whole if self.d is None else f"COALESCE({self.d}, {whole})"

    @property
    def is_known(self) -> str:
        """Whether it has a value."""
        parts = [f"{part} IS NOT NULL" for part in (self.i, self.d) if part is not None]
        return f"({' OR '.join(parts)})" if parts else "FALSE"


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a variable.

    Attributes:
        id: the number of the term, in SQL, NULL where unbound; None where it is computed.
        number: its value where it is a number; None where there is none.
        kinds: of its terms, as bits.
        definite: whether it is always bound.
        places: columns of the file that have all its terms; empty where that is not known.
    """

    id: str | None
    number: Number | None
    kinds: int
    definite: bool
    places: frozenset[Place] = frozenset()

    @property
    def is_number(self) -> bool:
        """Whether all its terms are numbers that SQL computes with."""
        return self.kinds & ~NUMBERS == 0

    @property
    def parts(self) -> list[str]:
        """What tells its values apart, in SQL."""
        if self.id is not None:
            return [self.id]
        number = self.number or Number(None, None)
        return [part for part in (number.i, number.d) if part is not None]

    @property
    def is_bound(self) -> str:
        """Whether it is bound."""
        if self.definite:
            return "TRUE"
        if self.id is not None:
            return f"({self.id} IS NOT NULL)"
        return self.number.is_known if self.number is not None else "FALSE"


@dataclass(frozen=True, slots=True)
class Relation:
    """Solutions, as the parts of a SELECT.

    Attributes:
        tables: of FROM; what begins with LEFT JOIN is joined to all before it.
        conditions: of WHERE.
        columns: by the name of the variable.
    """

    tables: tuple[str, ...]
    conditions: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def source(self) -> str:
        """FROM and WHERE."""
        joined = "".join(
            f" {each}" if each.startswith("LEFT JOIN ") else f" CROSS JOIN {each}" if at else each
            for at, each in enumerate(self.tables)
        )
        where = f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        return f" FROM {joined}{where}" if self.tables else where

    def select(self, names: Iterable[str], alias: str) -> tuple[str, dict[str, Column]]:
        """A SELECT of some columns, and those columns of a table called `alias` that it makes."""
        parts, columns = [], {}
        for at, name in enumerate(names):
            column = self.columns[name]
            parts.append(f"{column.id or 'NULL'} AS v{at}")
            outside: Number | None = None
            if column.number is not None:
                i, d = column.number.i, column.number.d
                parts += [f"{i} AS v{at}i"] if i is not None else []
                parts += [f"{d} AS v{at}d"] if d is not None else []
                outside = Number(
                    None if i is None else f"{alias}.v{at}i",
                    None if d is None else f"{alias}.v{at}d",
                    column.number.positive,
                )
            columns[name] = Column(
                None if column.id is None else f"{alias}.v{at}",
                outside,
                column.kinds,
                column.definite,
                column.places,
            )
        return f"SELECT {', '.join(parts) or '1'}{self.source}", columns


def number_column(number: Number, definite: bool = False) -> Column:
    """The column of a computed number."""
    kinds = (1 << TermKind.INTEGER if number.i is not None else 0) | (
        1 << TermKind.DECIMAL if number.d is not None else 0
    )
    return Column(None, number, kinds, definite)


def merge(left: Column, right: Column) -> Column:
    """The column of a variable that two relations have, joined by it.

    Raises:
        Unanswerable: it may be unbound in one of them, or is computed.
    """
    if left.id is None or right.id is None or not (left.definite and right.definite):
        raise Unanswerable("a join by what may be unbound, or is computed")
    return Column(
        left.id,
        left.number if left.number is not None else right.number,
        left.kinds & right.kinds,
        True,
        left.places or right.places,
    )
