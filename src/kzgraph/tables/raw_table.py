"""A table as text, of which some cells or rows change while all else stays to the byte."""

import codecs
from collections.abc import Collection, Iterable

from kzgraph.tables.csv_cells import RawRecord, raw_records, replace_places
from kzgraph.tables.delimited import Records
from kzgraph.tables.folders import TableFile


class RawTable:
    """The records of a table, with the place of each of their cells in its text.

    Attributes:
        parsed: the table, of which the text, the separator and what comes before the header are.
        header: its first record with any text; without cells where there is none.
        records: the others that have any.
    """

    def __init__(self, file: TableFile, columns: Collection[str]) -> None:
        """Read a table whose columns have the names `columns`.

        Raises:
            TableFaults: it is not CSV.
        """
        self.parsed = Records(file, columns)
        for _ in self.parsed:
            pass  # Refuses what is not CSV.
        marked = file.path.read_bytes().startswith(codecs.BOM_UTF8)
        self._mark = codecs.BOM_UTF8 if marked else b""
        skipped = len(self.parsed.before.splitlines())
        found = [
            RawRecord(record.line + skipped, record.cells)
            for record in raw_records(self.parsed.text, self.parsed.separator)
            if any(cell.text.strip() for cell in record.cells)
        ]
        self.header, *self.records = found or [RawRecord(1, [])]

    def replace(self, changes: Iterable[tuple[int, int, str]]) -> bytes:
        """The file with other contents at places of its text; see `replace_places`."""
        changed = self.parsed.before + replace_places(self.parsed.text, changes)
        return self._mark + changed.encode()
