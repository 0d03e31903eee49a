"""Tables of cubes as files: Parquet, and CSV by RFC 4180."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kzgraph.cubes.graph_tables import Connection, quote
from kzgraph.cubes.structures import Cube
from kzgraph.tidy.cube_columns import CELL_KINDS, CODED, CubeColumn, list_columns

#: Rows of a table whose CSV is there compressed alone: labels in three languages make a million
#: rows a gigabyte, of which gzip leaves a fiftieth.
LARGE = 50_000


@dataclass(frozen=True)
class MadeTable:
    """A table that was written.

    Attributes:
        cube: what it is of.
        columns: of it, with those of labels.
        types: of DuckDB, of each column.
        order: the columns by which its rows are ordered.
        counts: rows of each kind of cell.
        constants: what columns of codes have that have the same in each row.
        parquet: the name of the file.
        csv: likewise.
    """

    cube: Cube
    columns: tuple[CubeColumn, ...]
    types: Sequence[str]
    order: Sequence[str]
    counts: Mapping[str, int]
    constants: Mapping[str, str]
    parquet: str
    csv: str


def write_cube(database: Connection, cube: Cube, folder: Path) -> MadeTable:
    """Write the table of a cube into `folder`.

    Args:
        database: with `cells` and codes.
        cube: one that has cells.
        folder: it is there, and has no such files.

    Raises:
        duckdb.Error: the disk fails.
        OSError: likewise.
    """
    columns = list_columns(cube.columns)
    order = _order(cube)
    ordered = ", ".join(f'"{name}" NULLS FIRST' for name in order)
    database.execute(
        f"CREATE OR REPLACE TABLE made AS {_select(database, cube, columns)} ORDER BY {ordered}"
    )
    parquet = f"{cube.name}.parquet"
    copy_table(database, folder / parquet)
    types = list_types(database)
    counted = "SELECT kind, count(*) FROM cells WHERE dataset = ? GROUP BY kind"
    counts = dict(database.execute(counted, [cube.id]).fetchall())
    csv = f"{cube.name}.csv" + (".gz" if sum(counts.values()) > LARGE else "")
    # DuckDB writes 2.50; the store and the dumps 2.5.
    texts = ", ".join(
        f"rtrim(rtrim(\"{each.name}\"::VARCHAR, '0'), '.') AS \"{each.name}\""
        if kind.startswith("DECIMAL")
        else f'"{each.name}"'
        for each, kind in zip(columns, types, strict=True)
    )
    compression = "gzip" if csv.endswith(".gz") else "none"
    options = f"FORMAT csv, HEADER, NEW_LINE '\\r\\n', COMPRESSION {compression}"
    _copy(database, f"(SELECT {texts} FROM made)", folder / csv, options)  # noqa: S608 - own names
    constants = _find_constants(database, columns)
    database.execute("DROP TABLE made")
    return MadeTable(cube, columns, types, order, counts, constants, parquet, csv)


def _select(database: Connection, cube: Cube, columns: Sequence[CubeColumn]) -> str:
    """The query of the rows of a table."""
    status = " ".join(f"WHEN {quote(kind)} THEN {quote(a)}" for kind, a in CELL_KINDS.items())
    kinds, statuses = (
        ", ".join(map(quote, dict.fromkeys(each))) for each in (CELL_KINDS, CELL_KINDS.values())
    )
    made = {
        cube.identifier: "identifier.text[2:-2]",
        "value": find_number(database, f"dataset = {cube.id:d}", "i", "d"),
        "us_dollars": find_number(database, f"dataset = {cube.id:d}", "usi", "usd"),
        "hedge": "hedges.code",
        "cell_kind": f"cells.kind::ENUM({kinds})",
        "obs_status": f"(CASE cells.kind {status} END)::ENUM({statuses})",
    }
    selected = [
        f"codes_{each.of}.{each.language or 'code'}"
        if each.of in CODED
        else made.get(each.name, f'cells."{each.name}"')
        for each in columns
    ]
    joins = [
        f'LEFT JOIN codes_{name} ON codes_{name}.id = cells."{name}"'
        for name in CODED
        if name in cube.columns
    ]
    named = (f'{value} AS "{each.name}"' for value, each in zip(selected, columns, strict=True))
    return (
        f"SELECT {', '.join(named)} FROM cells {' '.join(joins)} "  # noqa: S608 - own names
        "LEFT JOIN graph.terms AS identifier ON identifier.id = cells.cell "
        f"LEFT JOIN hedges ON hedges.id = cells.hedge WHERE dataset = {cube.id:d}"
    )


def _order(cube: Cube) -> list[str]:
    """The columns by which rows are ordered: by year, so that a range of years is one of rows."""
    first = [name for name in ("document", "year", "time") if name in cube.columns]
    dimensions = [name for name in CODED if name in cube.columns and name not in first]
    return [*first, *dimensions, cube.identifier]


def find_number(database: Connection, where: str, whole: str, part: str) -> str:
    """A number in SQL: a BIGINT where all are whole, else a decimal with the places they need.

    Args:
        database: with `cells`.
        where: which cells it is of.
        whole: the column of those that are integers.
        part: the column of decimals.
    """
    row = database.execute(
        f"SELECT max(length(rtrim(split_part({part}::VARCHAR, '.', 2), '0'))) FROM cells "  # noqa: S608 - own names
        f"WHERE {where}"
    ).fetchone()
    places = row[0] if row and row[0] else 0
    kind = f"DECIMAL(38, {places:d})" if places else "BIGINT"
    return f"COALESCE({whole}::{kind}, {part}::{kind})"


def list_types(database: Connection) -> list[str]:
    """The types of the columns of the table `made` as files have them."""
    described = database.execute("DESCRIBE made").fetchall()
    return ["VARCHAR" if each.startswith("ENUM") else each for _, each, *_ in described]


def copy_table(database: Connection, path: Path) -> None:
    """Write the table `made` as Parquet.

    Args:
        database: with it.
        path: of the new file.
    """
    # An enumeration would be written whole as the dictionary of each group of rows.
    selected = ", ".join(
        f'"{name}"::VARCHAR AS "{name}"' if kind.startswith("ENUM") else f'"{name}"'
        for name, kind, *_ in database.execute("DESCRIBE made").fetchall()
    )
    options = "FORMAT parquet, COMPRESSION zstd"
    _copy(database, f"(SELECT {selected} FROM made)", path, options)  # noqa: S608 - own names


def _find_constants(database: Connection, columns: Sequence[CubeColumn]) -> dict[str, str]:
    """The codes that are the same in each row, by the names of their columns."""
    names = [each.name for each in columns if each.is_code]
    parts = ", ".join(
        f'CASE WHEN count(DISTINCT "{name}") = 1 AND count("{name}") = count(*) '
        f'THEN min("{name}")::VARCHAR END'
        for name in names
    )
    row = database.execute(f"SELECT {parts} FROM made").fetchone()  # noqa: S608 - own names
    return {name: code for name, code in zip(names, row or (), strict=True) if code is not None}


def _copy(database: Connection, what: str, path: Path, options: str) -> None:
    database.execute(f"COPY {what} TO {quote(str(path))} ({options})")
