"""Taking a person out of the tables: rows go, and names in the cells of other rows are replaced.

A table is changed as text, so that all else stays to the byte, and whether or not its rows are
sound: drafts, and rows that a build refuses, may have the name as well.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kzgraph.faults import TableFaults
from kzgraph.iri import ID
from kzgraph.redaction.mentions import REDACTED, Mentions
from kzgraph.tables import project_schemas
from kzgraph.tables.csv_cells import RawCell, RawRecord
from kzgraph.tables.folders import TableFile, table_files
from kzgraph.tables.raw_table import RawTable
from kzgraph.tables.schema import Column, Schema, expand
from kzgraph.tables.span_rows import SPANS, VERBATIM
from kzgraph.tables.spans import FACT_SPANS

#: Tables whose rows are not facts or people, but go when they name the person.
_GOING = frozenset({"editorial", "parts", "people"})
_PEOPLE = "people"
#: Columns whose text is the document's, not ours: they stay, whatever they say.
_DESCRIPTION = "document"


@dataclass
class _Record:
    """A row of a table as text.

    Attributes:
        line: where it begins, from 1.
        cells: by name of the column; none where the row does not fit the header.
        start: where it begins in the text.
        end: where the next one begins.
        iri: of its subject; nothing where that cannot be told.
        whole: whether the row goes.
        changes: new contents of cells.
    """

    line: int
    cells: dict[str, RawCell]
    texts: list[str]
    start: int
    end: int
    iri: str
    whole: bool = False
    changes: dict[str, str] = field(default_factory=dict)


@dataclass
class TableText:
    """A table as text with its rows."""

    file: TableFile
    schema: Schema
    raw: RawTable
    records: list[_Record]

    @classmethod
    def read(cls, file: TableFile, schema: Schema) -> "TableText":
        """Read a table.

        Raises:
            TableFaults: it is not CSV.
        """
        raw = RawTable(file, schema.by_name)
        made = cls(file, schema, raw, [])
        names = [cell.text for cell in raw.header.cells]
        starts = [each.cells[0].start for each in raw.records]
        ends = [*starts, len(raw.parsed.text)][1:]
        for each, start, end in zip(raw.records, starts, ends, strict=True):
            made.records.append(made._record(each, names, start, end))
        return made

    def _record(self, raw: RawRecord, names: list[str], start: int, end: int) -> _Record:
        cells = dict(zip(names, raw.cells, strict=False)) if len(names) <= len(raw.cells) else {}
        values = {name: cell.text.strip() for name, cell in cells.items()}
        try:
            iri = expand(self.schema.about_url, {**values, "_document": self.file.folder})
        except LookupError:
            iri = ""
        texts = [cell.text for cell in raw.cells]
        return _Record(raw.line, cells, texts, start, end, iri)

    def items(self, record: _Record, column: Column) -> list[str]:
        """The items of a cell."""
        cell = record.cells.get(column.name)
        text = record.changes.get(column.name, cell.text if cell else "").strip()
        return text.split(column.separator) if text and column.separator else [text] * bool(text)

    def drop_items(self, record: _Record, column: Column, gone: Collection[str]) -> list[str]:
        """Take items out of a cell; those that are left."""
        left = [item for item in self.items(record, column) if item not in gone]
        record.changes[column.name] = (column.separator or "").join(left)
        return left

    def to_bytes(self) -> bytes:
        """The table with its changes."""
        edits: list[tuple[int, int, str]] = []
        for record in self.records:
            if record.whole:
                edits.append((record.start, record.end, ""))
                continue
            for name, text in record.changes.items():
                cell = record.cells[name]
                edits.append((cell.start, cell.end, self._render(cell, text)))
        return self.raw.replace(edits)

    def _render(self, cell: RawCell, text: str) -> str:
        special = (self.raw.parsed.separator, '"', "\n", "\r")
        if cell.is_enclosed or any(mark in text for mark in special):
            return '"' + text.replace('"', '""') + '"'
        return text


@dataclass(frozen=True)
class Edit:
    """What changes in a table: a row that goes, or a cell with another text."""

    file: str
    line: int
    column: str
    what: str


@dataclass
class TableEdits:
    """What changes in a folder of tables.

    Attributes:
        tables: those that change, people last: while their row is there, their name is known.
        edits: the changes, in order.
        refused: the IRIs of rows that go, which a build refuses from then on.
        by_hand: files that name the person and cannot be changed by a program.
        suspects: cells that stay and have the surname alone, as `file:line`.
        addresses: things that stay and have the name in their address.
    """

    tables: list[TableText] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    by_hand: list[str] = field(default_factory=list)
    suspects: list[str] = field(default_factory=list)
    addresses: set[str] = field(default_factory=set)


def read_texts(root: Path) -> list[TableText]:
    """The tables below `root`, but for those that are not CSV, which only a person can change."""
    known = project_schemas()
    found = []
    for file in table_files(root, known, []):
        with suppress(TableFaults):
            found.append(TableText.read(file, known[file.path.stem]))
    return found


def people(tables: Iterable[TableText]) -> dict[str, set[str]]:
    """The names of people in the tables, by their paths below `id/`."""
    found: dict[str, set[str]] = {}
    for table in tables:
        if table.schema.name == _PEOPLE:
            for record in table.records:
                path = record.iri.removeprefix(ID)
                texts = {cell.text for name, cell in record.cells.items() if name != "id"}
                found.setdefault(path, set()).update(text for text in texts if text.strip())
    return found


def emails(tables: Iterable[TableText], path: str) -> set[str]:
    """The e-mail addresses by which the person at `path` is reached."""
    return {
        record.cells["email"].text.strip()
        for table in tables
        if table.schema.name == "contact_points"
        for record in table.records
        if {"email", "contact_for"} <= record.cells.keys()
        and record.cells["contact_for"].text.strip() == path
        and record.cells["email"].text.strip()
    }


def plan_edits(root: Path, tables: list[TableText], mentions: Mentions) -> TableEdits:
    """What changes in the tables below `root`; nothing is written."""
    done = TableEdits()
    for table in tables:
        for record in table.records:
            _mark(table, record, mentions)
    while _follow(tables):
        pass
    _fit_spans(tables)
    for table in tables:
        edits = list(_list_edits(table, mentions, done))
        if edits:
            done.edits += edits
            done.tables.append(table)
            if not table.schema.made_by:
                done.refused |= {each.iri for each in table.records if each.whole and each.iri}
    done.tables.sort(key=lambda table: table.schema.name == _PEOPLE)
    done.by_hand = list(_others(root, {table.file.path for table in tables}, mentions))
    return done


def _mark(table: TableText, record: _Record, mentions: Mentions) -> None:
    """Let a row go, or change its cells, where they name the person."""
    beside = {
        path for path in mentions.others if any(path in text.split() for text in record.texts)
    }
    if not any(mentions.find(text, beside) for text in record.texts):
        return
    fact = table.schema.is_fact and table.schema.name != _DESCRIPTION
    if table.schema.name == _PEOPLE and record.iri != ID + mentions.path:
        return  # A namesake.
    if fact or table.schema.name in _GOING or not record.cells:
        record.whole = True
        return
    for name, cell in record.cells.items():
        column = table.schema.by_name.get(name)
        if column is None or not mentions.find(cell.text, beside):
            continue
        if column.refers or column.scheme:
            table.drop_items(record, column, {mentions.path})
        elif name not in table.schema.primary_key:
            record.changes[name] = mentions.redact(cell.text)


def _follow(tables: list[TableText]) -> bool:
    """Take references to rows that go out of others; whether there was anything."""
    gone = {
        each.iri.removeprefix(ID) for table in tables for each in table.records if each.whole
    } - {""}
    found = False
    for table in tables:
        for record in table.records:
            if record.whole:
                continue
            for column in table.schema.columns:
                if not column.refers or column.name not in record.cells:
                    continue
                if gone.isdisjoint(table.items(record, column)):
                    continue
                found = True
                left = table.drop_items(record, column, gone)
                if not left and column.required:
                    record.whole = True
                    break
    return found


def _fit_spans(tables: list[TableText]) -> None:
    """Let the hashes of spans go that no row rests on any more, and of the others the quotes."""
    used: dict[str, set[str]] = {}
    for table in tables:
        columns = [
            table.schema.by_name[name] for name in FACT_SPANS if name in table.schema.by_name
        ]
        for record in table.records if columns else ():
            if not record.whole:
                spans = used.setdefault(table.file.folder, set())
                spans.update(item for column in columns for item in table.items(record, column))
    for table in tables:
        if table.schema.name != SPANS:
            continue
        for record in table.records:
            span = record.cells["span"].text.strip() if "span" in record.cells else ""
            if span not in used.get(table.file.folder, set()):
                record.whole = True
            elif record.whole:
                # Something else rests on the words that name the person.
                record.whole = False
                told = (*VERBATIM, "shown")
                record.changes = {name: "" for name in told if record.cells[name].text}


def _list_edits(table: TableText, mentions: Mentions, done: TableEdits) -> Iterator[Edit]:
    for record in table.records:
        shown = table.file.shown
        if record.whole:
            yield Edit(shown, record.line, "", "the row goes")
            continue
        for name, text in record.changes.items():
            what = f"becomes {text!r}" if text and REDACTED in text else "loses a reference"
            yield Edit(shown, record.line, name, what)
        if table.schema.name != _PEOPLE and record.iri and mentions.find(record.iri):
            done.addresses.add(record.iri)
        if any(mentions.suspects(text) for text in record.texts):
            done.suspects.append(f"{shown}:{record.line}")


def _others(root: Path, tables: set[Path], mentions: Mentions) -> Iterator[str]:
    """Files among the tables that are none, and name the person."""
    for path in sorted(root.rglob("*")):
        if path in tables or not path.is_file() or path.is_symlink():
            continue
        try:
            text = path.read_bytes().decode("utf-8")
        except OSError:
            continue
        except UnicodeDecodeError:
            yield f"{path.relative_to(root)} is not a text: look whether it names the person"
            continue
        if mentions.find(text):
            yield f"{path.relative_to(root)} names the person"
