"""Cells of official tables that are zero or empty: published, but no observations.

The graph of a source does not have them, the table of its data set has. They are in a file beside
the graph, a line a cell, compressed CSV: `kind` (`zero` or `empty`), `row`, the line of the source,
and what an observation in that place would have, a column a property, IRIs without `BASE`.
"""

import csv
import gzip
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Literal

from kzgraph.iri import BASE

#: What is in such a cell.
LeftOutKind = Literal["zero", "empty"]
#: The columns before those of the properties.
FIXED = ("kind", "row")

#: Cells that are written together.
_PIECE = 20_000
#: The fastest: the file is read once and removed.
_LEVEL = 1


class LeftOutWriter:
    """Writes the cells of one source, as they come; the file is there once one came."""

    def __init__(self, path: Path) -> None:
        """Write to the new file `path`."""
        self._path = path
        self._properties: tuple[str, ...] | None = None
        self._waiting: list[tuple[str, ...]] = []
        self.count = 0

    def add(
        self, kind: LeftOutKind, row: int, properties: Sequence[str], objects: Sequence[str]
    ) -> None:
        """Add a cell.

        Args:
            kind: what is in it.
            row: the line of the source.
            properties: IRIs; the same of each cell.
            objects: what stands there of each property: an IRI, the text of a literal, or nothing.

        Raises:
            ValueError: the properties are others than those of the cell before.
        """
        if self._properties is None:
            self._properties = tuple(properties)
            self._waiting.append((*FIXED, *properties))
        elif self._properties != properties:
            raise ValueError(f"the cells of {self._path.name} have different properties")
        self._waiting.append((kind, str(row), *(each.removeprefix(BASE) for each in objects)))
        self.count += 1
        if len(self._waiting) >= _PIECE:
            self._flush()

    def finish(self) -> Path | None:
        """The file, whole; None where no cell was added."""
        self._flush()
        return self._path if self._properties is not None else None

    def _flush(self) -> None:
        if not self._waiting:
            return
        text = StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(self._waiting)
        self._waiting.clear()
        # One member after the other is one file: https://www.rfc-editor.org/rfc/rfc1952#page-5
        with self._path.open("ab") as stream:
            stream.write(gzip.compress(text.getvalue().encode(), _LEVEL, mtime=0))
