"""Cells of official tables that are zero or empty: published, but no observations.

The graph of a source does not have them, the table of its data set has. They are in a file beside
the graph, a line a cell, compressed CSV: `kind` (`zero` or `empty`), `row`, the line of the source,
and what an observation in that place would have, a column a property, IRIs without `BASE`.
"""

import gzip
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from kzgraph.iri import BASE

#: What is in such a cell.
LeftOutKind: TypeAlias = Literal["zero", "empty"]
#: The columns before those of the properties.
_FIXED = ("kind", "row")
#: Lines that are written together.
_PIECE = 20_000
#: The fastest: the file is read once and removed.
_LEVEL = 1
#: What has to be quoted: https://www.rfc-editor.org/rfc/rfc4180#section-2
_SPECIAL = re.compile(r'[,"\r\n]')


def join_objects(objects: Sequence[str]) -> str:
    """What stands in several columns of properties, as the file has it.

    >>> join_objects(["https://w3id.org/kzgraph/id/country/KAZ", "", "a, b"])
    'id/country/KAZ,,"a, b"'
    """
    return ",".join(
        [
            '"' + each.replace('"', '""') + '"' if _SPECIAL.search(each) else each
            for each in [each.removeprefix(BASE) for each in objects]
        ]
    )


class LeftOutWriter:
    """Writes the cells of one source, as they come; the file is there once one came."""

    def __init__(self, path: Path) -> None:
        """Write to the new file `path`."""
        self._path = path
        self._properties: Sequence[str] = ()
        self._waiting: list[str] = []

    def add(
        self, row: int, properties: Sequence[str], cells: Sequence[tuple[LeftOutKind, str]]
    ) -> None:
        """Add cells of one row.

        Args:
            row: the line of the source.
            properties: their IRIs, the same of each cell.
            cells: what is in each, and what stands in the columns of its properties; see
                `join_objects`.

        Raises:
            ValueError: the properties are others than those of the cell before.
        """
        if properties != self._properties:
            if self._properties:
                raise ValueError(f"the cells of {self._path.name} have different properties")
            self._properties = properties
            self._waiting.append(f"{','.join((*_FIXED, *properties))}\n")
        self._waiting += [f"{kind},{row},{objects}\n" for kind, objects in cells]
        if len(self._waiting) >= _PIECE:
            self._flush()

    def finish(self) -> Path | None:
        """The file, whole; None where no cell was added."""
        self._flush()
        return self._path if self._properties else None

    def _flush(self) -> None:
        if self._waiting:
            data = "".join(self._waiting).encode()
            self._waiting.clear()
            # Members after each other are one file: https://www.rfc-editor.org/rfc/rfc1952#page-5
            with self._path.open("ab") as stream:
                stream.write(gzip.compress(data, _LEVEL, mtime=0))
