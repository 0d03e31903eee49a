"""How the columns of a release differ from its quads: a sentence for each fault."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from kzgraph.columns.column_file import (
    COLUMNS,
    ColumnsDamaged,
    ColumnsMissing,
    one_line,
    open_columns,
    silence,
)
from kzgraph.columns.column_tables import MEMORY_MIB, write_columns

_TABLES = """
SELECT table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY table_name
"""


def find_faults(folder: Path, lines: Path, version: str) -> list[str]:
    """How the columns of the release `version` in `folder` differ from its quads.

    They are written once more, below the folder for temporary files, and compared row by row: what
    is written depends on the quads alone. 2.5 million quads take about 10 s.

    Columns that are missing or of another version of kzgraph are not a fault: the store answers.

    Args:
        folder: of the release.
        lines: its canonical N-Quads.
        version: its own.

    Raises:
        ValueError, duckdb.Error: see `write_columns`.
    """
    try:
        open_columns(folder, version, MEMORY_MIB).close()
    except ColumnsDamaged as error:
        return [str(error)]
    except ColumnsMissing:
        return []
    with TemporaryDirectory() as name:
        write_columns(lines, Path(name, COLUMNS), version)
        # One thread: rows of both come in the order in which they were written.
        options: dict[str, str | bool | int | float | list[str]] = {
            "threads": "1",
            "memory_limit": f"{MEMORY_MIB}MiB",
        }
        with duckdb.connect(config=options) as database:
            silence(database)
            for alias, path in (("fresh", Path(name, COLUMNS)), ("found", folder / COLUMNS)):
                quoted = str(path).replace("'", "''")
                database.execute(f"ATTACH '{quoted}' AS {alias} (READ_ONLY)")
            try:
                return list(_differences(database))
            except duckdb.Error as error:
                return [f"{COLUMNS} cannot be read: {one_line(error)}"]


def _differences(database: duckdb.DuckDBPyConnection) -> Iterator[str]:
    fresh, found = (
        {name for (name,) in database.execute(_TABLES, [alias]).fetchall()}
        for alias in ("fresh", "found")
    )
    if fresh != found:
        yield f"{COLUMNS} has other properties than the quads"
        return
    for name in sorted(fresh):
        row = database.execute(
            f"SELECT 1 FROM fresh.{name} AS a POSITIONAL JOIN found.{name} AS b "  # noqa: S608 - own
            "WHERE a IS DISTINCT FROM b LIMIT 1"
        ).fetchone()
        if row is not None:
            yield f"{COLUMNS} does not hold what the quads hold: its table {name} differs"
            return
