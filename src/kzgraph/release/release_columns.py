"""The columns of a release, which follow from its dump of N-Quads: written, and checked.

The database is imported inside the functions: whoever only reads releases does without 26 MiB.
"""

from pathlib import Path

from kzgraph.columns.column_file import COLUMNS
from kzgraph.release.dumps import LINES
from kzgraph.release.errors import ReleaseError


def write_release_columns(root: Path, version: str) -> None:
    """Write the columns of the release `version` in `root`, whose dump of N-Quads is there.

    Raises:
        ReleaseError: the dump has what no plain query meets, or the disk or the memory fails.
    """
    import duckdb

    from kzgraph.columns.column_tables import write_columns

    try:
        write_columns(root / LINES, root / COLUMNS, version)
    except (duckdb.Error, ValueError) as error:
        raise ReleaseError(f"{COLUMNS} cannot be written: {error}") from None


def columns_faults(root: Path, version: str) -> list[str]:
    """Whether the columns are whole, of this release, and hold what its dump of N-Quads holds.

    Columns that are missing or of another version of kzgraph are not a fault: the store answers.
    """
    from kzgraph.columns.column_check import find_faults

    return find_faults(root, root / LINES, version)
