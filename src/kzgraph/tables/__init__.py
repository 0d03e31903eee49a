"""The tables of facts: parsed, and validated against their schemas and each other."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from kzgraph.faults import Fault, TableFaults
from kzgraph.resources import folder as resource
from kzgraph.tables.checks import SCHEME_CODE, check_rows
from kzgraph.tables.folders import check_has_tables, table_files
from kzgraph.tables.hedges import Hedges
from kzgraph.tables.reader import Findings, Row, read_table
from kzgraph.tables.schema import Schema, load_schemas
from kzgraph.tables.spans import Span, parse_span
from kzgraph.tables.times import Time, parse_time

__all__ = [
    "SCHEME_CODE",
    "Hedges",
    "Row",
    "Span",
    "Tables",
    "Time",
    "parse_span",
    "parse_time",
    "project_schemas",
    "read_kind",
    "read_tables",
    "survey_tables",
]


@dataclass(frozen=True)
class Tables:
    """All rows of all tables.

    Attributes:
        rows: in order of folder, table and line.
        warnings: what is not wrong, and should be looked at.
        faults: all faults of form and of references; `rows` lack those that are faulty by form.
        refused: these rows, as far as they can be told.
    """

    rows: tuple[Row, ...]
    warnings: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()
    refused: tuple[Row, ...] = ()

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
    def factors(self) -> dict[str, Decimal]:
        """How many one of each unit of money is, by the code of the unit."""
        return {
            row.require("code"): Decimal(row.require("factor"))
            for row in self.of("concepts")
            if row.get("scheme") == "unit" and row.get("factor")
        }

    @cached_property
    def documents(self) -> dict[str, Row]:
        """The row that describes each document, by slug."""
        return {row.folder: row for row in self.of("document")}


@cache
def project_schemas() -> dict[str, Schema]:
    """The schemas of the project's own tables, by name of the table; only to be read."""
    return load_schemas(resource("mappings") / "schemas")


def read_kind(name: str, root: Path | None = None) -> Tables:
    """Read the tables called `name` below `root`, and no others, whatever faults those have.

    Raises:
        TableFaults: one of them has a fault.
        FileNotFoundError: `root` is not a folder.
    """
    root, known = _start(root, None)
    findings = Findings()
    rows: list[Row] = []
    for file in table_files(root, known, []):
        if file.path.stem == name:
            rows += read_table(file, known[name], findings)
    if findings.faults:
        raise TableFaults(findings.faults)
    return Tables(tuple(rows))


def read_tables(root: Path | None = None, schemas: Path | None = None) -> Tables:
    """Read every table below `root` (by default the project's own).

    `root` holds one folder per document, named by its slug, and the folder `shared`.

    Raises:
        TableFaults: any fault anywhere, all of them in one; or `root` holds no tables.
        FileNotFoundError: `root` is not a folder.
    """
    tables = survey_tables(root, schemas)
    if tables.faults:
        raise TableFaults(tables.faults)
    return tables


def survey_tables(root: Path | None = None, schemas: Path | None = None) -> Tables:
    """Read every table as `read_tables` does, and return the faults with what is sound.

    Raises:
        TableFaults: `root` holds no tables.
        FileNotFoundError: `root` is not a folder.
    """
    root, known = _start(root, schemas)
    findings = Findings()
    rows: list[Row] = []
    for file in table_files(root, known, findings.faults):
        try:
            rows += read_table(file, known[file.path.stem], findings)
        except TableFaults as refused:
            findings.faults += refused.faults
            findings.lost.append(known[file.path.stem])
    if any(not fault.line for fault in findings.faults):
        # A file that is not read as a table may hold anything.
        findings.lost += known.values()
    faults = [*findings.faults, *check_rows(rows, findings)]
    if not faults and not any(row.schema.name == "document" for row in rows):
        message = "no table describes a document"
        faults = [Fault.of_file(root.name, message, "add a folder for one")]
    return Tables(
        tuple(rows), tuple(findings.warnings), tuple(sorted(set(faults))), tuple(findings.refused)
    )


def _start(root: Path | None, schemas: Path | None) -> tuple[Path, dict[str, Schema]]:
    """The folder of tables, which is one, and the schemas."""
    root = root or resource("mappings") / "tables"
    known = load_schemas(schemas) if schemas else project_schemas()
    if not root.is_dir():
        raise FileNotFoundError(f"no folder of tables at {root}")
    check_has_tables(root, known)
    return root, known
