"""The columns of a release in a worker: opened for the first query that they may answer."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import QuerySolutions

from kzgraph.columns.column_file import COLUMNS, ColumnsDamaged, ColumnsMissing, open_columns
from kzgraph.sparql.aggregating import Aggregates
from kzgraph.sparql.analysis import Analysis
from kzgraph_server.engine.limits import DATABASE_SHARE, OUT_OF_MEMORY

#: Address space in MiB that a worker needs for the database next to its store.
_LEAST = 512


def open_when_asked(
    folder: Path, memory_mib: int, report: Callable[[str], None]
) -> Aggregates | None:
    """The columns of the release in `folder`; None where it has none, or no room for them.

    Args:
        folder: of the release.
        memory_mib: the address space of this process.
        report: called with what is damaged.
    """
    if memory_mib < _LEAST or not (folder / COLUMNS).is_file():
        return None
    return _LazyColumns(folder, memory_mib // DATABASE_SHARE, report)


class _LazyColumns:
    """Where a release's columns are damaged its store answers, and the server's log says so."""

    def __init__(self, folder: Path, memory_mib: int, report: Callable[[str], None]) -> None:
        self._folder = folder
        self._memory_mib = memory_mib
        self._report = report
        self._opened: Aggregates | None = None
        self._missing = False

    def ask(self, analysis: Analysis) -> QuerySolutions | None:
        """The answer of the columns, if they are to give it; see `Aggregates`."""
        if self._opened is None and not self._missing:
            self._open()
        if self._opened is None:
            return None
        import duckdb

        try:
            return self._opened.ask(analysis)
        except (duckdb.Error, LookupError, TypeError, ArithmeticError, AssertionError) as error:
            # A part of the file is damaged, or here is a fault. Another query may not meet it, and
            # has to be answered by what answers it in another worker.
            self._report(f"{COLUMNS} failed, and the store answered: {error!r}")
            self._opened = None
            return None

    def _open(self) -> None:
        try:
            # The library is loaded now: most workers never need its 50 MiB.
            from kzgraph.columns.column_answers import Columns

            version = json.loads((self._folder / "manifest.json").read_bytes())["version"]
            open_columns(self._folder, version, self._memory_mib).close()
        except ColumnsDamaged as error:
            self._report(f"{error}; the store answers")
            self._missing = True
        except ColumnsMissing:
            self._missing = True
        except ImportError as error:
            # So the loader says that there is no room for a library.
            if "failed to map segment" in str(error):
                os._exit(OUT_OF_MEMORY)
            raise
        else:
            self._opened = Columns(self._folder / COLUMNS, self._memory_mib)
