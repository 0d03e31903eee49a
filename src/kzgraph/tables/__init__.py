"""The tables of facts: parsed, and validated against their schemas and each other."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kzgraph.faults import Fault, TableFaults
from kzgraph.resources import folder as resource
from kzgraph.tables.checks import check_rows
from kzgraph.tables.folders import check_has_tables, table_files
from kzgraph.tables.hedges import Hedges
from kzgraph.tables.reader import Row, read_table
from kzgraph.tables.schema import load_schemas
from kzgraph.tables.spans import Span, parse_span
from kzgraph.tables.times import Time, parse_time

__all__ = ["Hedges", "Row", "Span", "Tables", "Time", "parse_span", "parse_time", "read_tables"]


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
    def hedges(self) -> Hedges:
        """The words that hedge a number."""
        return Hedges.of(self.rows)

    @cached_property
    def documents(self) -> dict[str, Row]:
        """The row that describes each document, by slug."""
        return {row.folder: row for row in self.of("document")}


def read_tables(root: Path | None = None, schemas: Path | None = None) -> Tables:
    """Read every table below `root` (by default the project's own).

    `root` holds one folder per document, named by its slug, and the folder `shared`.

    Raises:
        TableFaults: any fault anywhere, all of them in one; or `root` holds no tables.
        FileNotFoundError: `root` is not a folder.
    """
    root = root or resource("mappings") / "tables"
    known = load_schemas(schemas or resource("mappings") / "schemas")
    if not root.is_dir():
        raise FileNotFoundError(f"no folder of tables at {root}")
    check_has_tables(root, known)
    faults: list[Fault] = []
    rows: list[Row] = []
    for file in table_files(root, known, faults):
        try:
            rows += read_table(file, known[file.path.stem], faults)
        except TableFaults as refused:
            faults += refused.faults
    faults += check_rows(rows, unread={fault.file for fault in faults})
    if faults:
        raise TableFaults(faults)
    tables = Tables(tuple(rows))
    if not tables.documents:
        raise TableFaults(
            [Fault.of_file(root.name, "no table describes a document", "add a folder for one")]
        )
    return tables
