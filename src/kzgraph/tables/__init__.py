"""The tables of facts: read, held to their schemas and to each other, and refused with remedies."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kzgraph.faults import Fault, TableFaults
from kzgraph.resources import folder as resource
from kzgraph.tables.checks import check_rows
from kzgraph.tables.reader import Row, read_table
from kzgraph.tables.schema import Schema, load_schemas
from kzgraph.tables.spans import Span, parse_span
from kzgraph.tables.times import Time, parse_time

__all__ = ["Row", "Span", "Tables", "Time", "parse_span", "parse_time", "read_tables"]

#: The folder whose tables belong to no one document.
SHARED = "shared"


@dataclass(frozen=True)
class Tables:
    """All rows of all tables, in order of folder, table and line."""

    rows: tuple[Row, ...]

    def of(self, table: str, folder: str | None = None) -> list[Row]:
        """The rows of the tables called `table`, of one folder or of all."""
        return [
            row
            for row in self.rows
            if row.schema.name == table and (folder is None or row.folder == folder)
        ]

    @cached_property
    def documents(self) -> dict[str, Row]:
        """The row that describes each document, by slug."""
        return {row.folder: row for row in self.of("document")}


def read_tables(root: Path | None = None, schemas: Path | None = None) -> Tables:
    """Read every table below `root` (by default the project's own).

    `root` holds one folder per document, named by its slug, and the folder `shared`.

    Raises:
        TableFaults: any fault anywhere; all of them are in it.
        FileNotFoundError: `root` is no folder.
    """
    root = root or resource("mappings") / "tables"
    known = load_schemas(schemas or resource("mappings") / "schemas")
    if not root.is_dir():
        raise FileNotFoundError(f"no folder of tables at {root}")
    faults: list[Fault] = []
    rows: list[Row] = []
    for folder in sorted(path for path in root.iterdir() if not path.name.startswith(".")):
        if folder.is_dir():
            for path in sorted(p for p in folder.iterdir() if not p.name.startswith(".")):
                rows += _read(path, f"{folder.name}/{path.name}", folder.name, known, faults)
        elif folder.suffix == ".csv":
            faults.append(
                Fault(folder.name, 0, "", "a table outside a folder", "move it to a document's")
            )
    faults += check_rows(rows, unread={fault.file for fault in faults})
    if faults:
        raise TableFaults(faults)
    return Tables(tuple(rows))


def _read(
    path: Path, shown: str, folder: str, known: dict[str, Schema], faults: list[Fault]
) -> list[Row]:
    if path.suffix != ".csv":
        return []
    schema = known.get(path.stem)
    if schema is None:
        faults.append(
            Fault(shown, 0, "", f"no table is called {path.stem!r}", "use " + ", ".join(known))
        )
        return []
    if schema.is_fact and folder == SHARED:
        faults.append(
            Fault(shown, 0, "", "a table of facts in shared", "move it to its document's folder")
        )
        return []
    return list(read_table(path, shown, folder, schema, faults))
