"""The file of columns: its form, and how it is opened.

A database of DuckDB. Its tables:

- `about (name VARCHAR, value VARCHAR)`: `format` and `version`, the release it was made from;
- `terms (id INTEGER, text VARCHAR, kind UTINYINT)`: every subject and object, as in canonical
  N-Triples, in the order of the code points of `text`; `id` counts from 0 in that order, so that
  equal ids are equal terms, and looking up a text reads one part of the table;
- `properties (number INTEGER, iri VARCHAR, rows BIGINT, kinds UINTEGER, least HUGEINT, most
  HUGEINT)`: every property, its IRI without `<>`; `kinds` has bit `1 << kind` for each kind of its
  objects; `least` and `most` are of its objects that are integers, NULL where none is;
- `p<number> (s INTEGER, o INTEGER[, i BIGINT][, d DECIMAL(38, 18)])`: a row for each quad of that
  property, in order of `s` and `o`, as often as there are quads, whichever graphs they are in.
  `i` is the value where the object is an integer, `d` where it is a decimal, else NULL; a table
  has these columns only where an object needs them.

Terms are those that the store gives back, not those that were loaded: pyoxigraph 0.5 keeps the
value of a number, truth value or date and not how it was written, so that `+1`, `01` and an xsd:int
of 1 are all the xsd:integer `1`, and quads that differ in nothing else are one.
"""

from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: The file, next to the store of a release.
COLUMNS = "columns.duckdb"
#: The form of the file that this code writes, and the only one that it reads.
FORMAT = 1


class TermKind(IntEnum):
    """The kinds of terms, as far as computing tells them apart."""

    IRI = 0
    BLANK = 1
    #: A literal of xsd:string.
    STRING = 2
    #: One with a language.
    TEXT = 3
    #: Of xsd:integer, within 64 bits: the store computes with no other.
    INTEGER = 4
    #: Of xsd:decimal, with at most 20 digits before the point and 18 behind it. The store also
    #: computes with those up to 1.7e20, which are OTHER.
    DECIMAL = 5
    #: Any other literal, such as an xsd:double, with which the store computes, too.
    OTHER = 6


class ColumnsMissing(Exception):
    """A release has no columns that this code can read; the message is one line."""


class ColumnsDamaged(ColumnsMissing):
    """The columns of a release cannot be read, or are those of another release."""


def open_columns(folder: Path, version: str, memory_mib: int) -> "duckdb.DuckDBPyConnection":
    """The columns of the release `version` in `folder`, opened as `open_locked` does.

    Raises:
        ColumnsMissing: it was written without them, or by another version of kzgraph.
        ColumnsDamaged: they cannot be read, or are those of another release.
        MemoryError: the memory does not suffice.
    """
    import duckdb

    if not (folder / COLUMNS).is_file():
        raise ColumnsMissing("the release was written without columns")
    try:
        found = open_locked(folder / COLUMNS, memory_mib)
        about = dict(found.execute("SELECT name, value FROM about").fetchall())
    except duckdb.OutOfMemoryException as error:
        raise MemoryError(one_line(error)) from None
    except duckdb.Error as error:
        raise ColumnsDamaged(f"{COLUMNS} cannot be read: {one_line(error)}") from None
    if about.get("format") != str(FORMAT):
        raise ColumnsMissing(f"{COLUMNS} is of another version of kzgraph")
    if about.get("version") != version:
        raise ColumnsDamaged(
            f"{COLUMNS} is that of {about.get('version')}, and the release is {version}"
        )
    return found


def one_line(error: Exception) -> str:
    """What the database says, without the advice below."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def open_locked(path: Path, memory_mib: int) -> "duckdb.DuckDBPyConnection":
    """The file opened for reading, where nothing else can be reached from.

    Args:
        path: of the file.
        memory_mib: what the database may take; it writes no temporary files.

    Raises:
        duckdb.Error: it cannot be read.
    """
    import duckdb  # Here: it takes 0.1 s and 26 MiB, and the name of the file alone needs it not.

    return _lock(duckdb.connect(str(path), read_only=True, config=_options(memory_mib)))


def open_reader(path: Path, memory_mib: int) -> "duckdb.DuckDBPyConnection":
    """A database in memory that can read the file at `path`, such as one of Parquet, and no other.

    Args:
        path: of the file.
        memory_mib: see `open_locked`.
    """
    import duckdb

    found = duckdb.connect(config=_options(memory_mib))
    text = str(path).replace("'", "''")
    found.execute(f"SET allowed_paths = ['{text}']")
    return _lock(found)


def _options(memory_mib: int) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "threads": "1",
        "async_threads": "0",
        "memory_limit": f"{memory_mib}MiB",
        "temp_directory": "",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


def silence(found: "duckdb.DuckDBPyConnection") -> None:
    """Draw no bar on standard output, as it does after two seconds where Python has no script."""
    found.execute("SET enable_progress_bar = false")


def _lock(found: "duckdb.DuckDBPyConnection") -> "duckdb.DuckDBPyConnection":
    # A file that this process has open already is the same database, which is locked by then.
    if found.execute("SELECT current_setting('lock_configuration')").fetchone() != (True,):
        silence(found)
        found.execute("SET enable_external_access = false")
        found.execute("SET lock_configuration = true")
    return found
