"""Tables of cubes as files: Parquet, and CSV by RFC 4180."""

import fcntl
import os
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kzgraph.cubes.cube_codes import Codes
from kzgraph.cubes.graph_tables import Connection, quote
from kzgraph.cubes.structures import Cube
from kzgraph.tidy.cube_columns import CELL_KINDS, CODED, CubeColumn, list_columns, make_code

#: Rows of a table whose CSV is there compressed alone: labels in three languages make a million
#: rows a gigabyte, of which gzip leaves a fiftieth.
LARGE = 50_000
#: 6 is a tenth smaller for twice the time.
_LEVEL = 4
#: Bytes that are compressed at a time.
_PIECE = 1 << 20
_CSV = "FORMAT csv, HEADER, NEW_LINE '\\r\\n'"


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


def write_cube(database: Connection, codes: Codes, cube: Cube, folder: Path) -> MadeTable:
    """Write the table of a cube into `folder`.

    Args:
        database: with `cells`.
        codes: of the cells.
        cube: one that has cells.
        folder: it is there, and has no such files.

    Raises:
        duckdb.Error: the disk fails.
        OSError: likewise.
    """
    columns = list_columns(cube.columns)
    order = _order(cube)
    counted = "SELECT kind, count(*) FROM cells WHERE dataset = ? GROUP BY kind"
    counts = dict(database.execute(counted, [cube.id]).fetchall())
    large = sum(counts.values()) > LARGE
    where = f"dataset = {cube.id:d}"
    codes.write(database, (n for n in (*CODED, "hedge") if n in cube.columns), where, narrow=large)
    ordered = ", ".join(f'"{name}" NULLS FIRST' for name in order)
    database.execute(f"CREATE TABLE made AS {_select(database, cube, columns)} ORDER BY {ordered}")
    parquet, csv = f"{cube.name}.parquet", f"{cube.name}.csv{'.gz' if large else ''}"
    copy_parquet(database, "made", folder / parquet)
    types = list_types(database, "made")
    # DuckDB writes 2.50; the store and the dumps 2.5.
    texts = ", ".join(
        f"rtrim(rtrim(\"{each.name}\"::VARCHAR, '0'), '.') AS \"{each.name}\""
        if kind.startswith("DECIMAL")
        else f'"{each.name}"'
        for each, kind in zip(columns, types, strict=True)
    )
    database.execute(f"CREATE OR REPLACE VIEW shown AS SELECT {texts} FROM made")  # noqa: S608 - own names
    if large:
        _copy_packed(database, folder / csv)
    else:
        _copy(database, "shown", folder / csv, _CSV)
    database.execute("DROP VIEW shown")
    database.execute("DROP TABLE made")
    constants = _find_constants(database, codes, cube)
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
        "hedge": "codes_hedge.code",
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
        for name in (*CODED, "hedge")
        if name in cube.columns
    ]
    named = (f'{value} AS "{each.name}"' for value, each in zip(selected, columns, strict=True))
    cells = f"(SELECT * FROM cells WHERE dataset = {cube.id:d})"  # noqa: S608 - own names
    # Only the terms that are joined: a table of all of them would take most of the memory.
    identifiers = f"(FROM graph.terms SEMI JOIN {cells} AS cells ON cells.cell = terms.id)"
    return (
        f"SELECT {', '.join(named)} FROM {cells} AS cells {' '.join(joins)} "  # noqa: S608 - own names
        f"LEFT JOIN {identifiers} AS identifier ON identifier.id = cells.cell"
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


def list_types(database: Connection, table: str) -> list[str]:
    """The types of the columns of a table or view as files have them."""
    described = database.execute(f"DESCRIBE {table}").fetchall()
    return ["VARCHAR" if each.startswith("ENUM") else each for _, each, *_ in described]


def copy_parquet(database: Connection, table: str, path: Path) -> None:
    """Write a table or view as Parquet.

    Args:
        database: with it.
        table: its name.
        path: of the new file.
    """
    # Each group of rows has most codes, so that filters of Bloom leave none out.
    options = "FORMAT parquet, COMPRESSION zstd, WRITE_BLOOM_FILTER false"
    _copy(database, table, path, options)


def _find_constants(database: Connection, codes: Codes, cube: Cube) -> dict[str, str]:
    """The codes that are the same in each row, by the names of their columns."""
    names = [name for name in CODED if name in cube.columns]
    parts = ", ".join(
        f'CASE WHEN min("{name}") = max("{name}") AND count("{name}") = count(*) '
        f'THEN min("{name}") END'
        for name in names
    )
    row = database.execute(
        f"SELECT {parts} FROM cells WHERE dataset = ?",  # noqa: S608 - own names
        [cube.id],
    ).fetchone()
    found = zip(names, row or (), strict=True)
    return {
        name: make_code(name, codes.iris[number]) for name, number in found if number is not None
    }


def _copy(database: Connection, table: str, path: Path, options: str) -> None:
    database.execute(f"COPY {table} TO {quote(str(path))} ({options})")


def _copy_packed(database: Connection, path: Path) -> None:
    """Write the view `shown` as CSV, compressed while it is written.

    The bytes of DuckDB's own compression are those of its version, and it takes twice the time.
    """
    pipe = path.with_name(f".{path.name}")
    os.mkfifo(pipe)
    # In this order, neither waits for the other end.
    source = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    end = os.open(pipe, os.O_WRONLY)
    os.set_blocking(source, True)
    with suppress(OSError):
        # A whole piece: each turn of the two ends costs as much as compressing some kilobytes.
        fcntl.fcntl(source, fcntl.F_SETPIPE_SZ, _PIECE)
    with ThreadPoolExecutor(1, "packing") as pool:
        packed = pool.submit(_pack, source, path)
        try:
            _copy(database, "shown", pipe, f"{_CSV}, USE_TMP_FILE false")
        finally:
            os.close(end)
            pipe.unlink()
            packed.result()


def _pack(source: int, path: Path) -> None:
    """Compress what comes through a pipe into a new file, without time or name."""
    packer = zlib.compressobj(_LEVEL, wbits=zlib.MAX_WBITS | 16)
    with os.fdopen(source, "rb") as stream:
        try:
            with path.open("xb") as target:
                while piece := stream.read(_PIECE):
                    target.write(packer.compress(piece))
                target.write(packer.flush())
        except OSError:
            # Whoever writes at the other end would wait.
            while stream.read(_PIECE):
                pass
            raise
