"""Mapping official tables: files of rows whose metadata says what they mean.

Rows are read one after the other and are gone when their statements are written. What stays are a
digest and a line for each row (some 130 bytes), by which rows that are there twice are found,
and the statements of the combinations of cells seen so far.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from kzgraph.sources import FaultList, Sink, Source, read_csv
from kzgraph_mappings.official.code_names import NameCheck
from kzgraph_mappings.official.csvw_metadata import Layout, read_layouts
from kzgraph_mappings.official.official_cells import CellFault, object_to_year, show, suggest
from kzgraph_mappings.official.reference_tables import Row, sources_folder
from kzgraph_mappings.official.row_plan import Plan, Reference, is_year
from kzgraph_mappings.official.table_headers import Header, Record, find_header

#: Objects of statements: properties to the IRIs that they lead to, each with the cells of a row
#: that has it, by the names of their columns.
Used = dict[str, dict[str, Mapping[str, str]]]

#: Bytes of the digest of a row's key: two of a hundred million rows have one with a probability
#: under 1e-12.
_DIGEST = 12
#: Rows after which progress is told.
_STEP = 1000
#: Texts of a column that are known to be right; beyond, they are checked anew.
_MOST_KEPT = 50_000


def layouts_of(kind: str) -> tuple[Layout, ...]:
    """The layouts of the tables of a kind."""
    return read_layouts(sources_folder() / f"{kind}.json")


def read_header(path: Path, kind: str) -> Header:
    """The header of a file, and what its preamble says.

    Raises:
        SourceFaults: it is not a file of this kind.
        OSError: it cannot be read.
    """
    faults = FaultList(path.name)
    return find_header(_read(Source(kind, path, "", "", "", ""), faults), layouts_of(kind), faults)


def map_table(source: Source, sink: Sink) -> Used:
    """Map a table; see `kzgraph.sources.Mapper`.

    Returns:
        what its statements lead to, by property, for who describes these things.

    Raises:
        SourceFaults: the file is not a sound table of its kind.
        MetadataError: the metadata of its kind is wrong.
    """
    faults = FaultList(source.path.name)
    records = _read(source, faults)
    header = find_header(records, layouts_of(source.kind), faults)
    _check_licence(header, source, faults)
    used: Used = {}

    names = [column.name for column in header.columns]

    def notice(predicate: str, iri: str, row: Sequence[str]) -> None:
        known = used.setdefault(predicate, {})
        if iri not in known:
            known[iri] = dict(zip(names, row, strict=True))

    plan = Plan(header.layout, header.columns, notice)
    reader = _Rows(plan, header, source.date, faults)
    count = 0
    for line, cells in records:
        checked = reader.read(line, cells)
        if checked and not faults.faults:
            for subject, said in plan.things(*checked, line):
                sink.thing(subject, said)
            if cells_left := plan.left_out(*checked):
                sink.leave_out(line, plan.properties, cells_left)
        count += bool(checked)
        if count % _STEP == 0 and checked:
            sink.advance(_STEP)
    faults.check()
    if not count:
        raise faults.stop(header.line, "", "the file has a header only", "fetch it with its rows")
    sink.advance(count % _STEP)
    return used


def _check_licence(header: Header, source: Source, faults: FaultList) -> None:
    """Refuse a file that states another licence than is stated for it."""
    stated = header.preamble.get("dcterms:license", "")
    if stated and source.licence and _bare(stated) != _bare(source.licence):
        raise faults.stop(
            0,
            "",
            f"it states the licence {stated}, not {source.licence}",
            "give the licence that it states",
        )


def _bare(iri: str) -> str:
    return iri.partition("://")[2].rstrip("/").lower()


class _Rows:
    """Checks the rows of a file one after the other."""

    def __init__(self, plan: Plan, header: Header, extracted: str, faults: FaultList) -> None:
        self._plan, self._header, self._faults = plan, header, faults
        self._extracted = extracted
        self._years = {at for at, column in enumerate(header.columns) if is_year(column)}
        self._known: list[set[str]] = [set() for _ in plan.checks]
        self._named: list[dict[tuple[str, ...], Row]] = [{} for _ in plan.references]
        self._lines: dict[bytes, int] = {}
        self._names = [
            NameCheck(header.columns, at, plan.references)
            for at, column in enumerate(header.columns)
            if column.name_of
        ]

    def read(self, line: int, cells: list[str]) -> tuple[list[str], list[Row]] | None:
        """The cells of a row without outer blanks, and the rows that its foreign keys name.

        Nothing for a row without text, and for one that is wrong.
        """
        row = [cell.strip() for cell in cells]
        if len(row) != len(self._known):
            if not any(row):
                return None
            self._width_fault(line, row)
            return None
        if not any(row):
            return None
        before = len(self._faults.faults)
        for at, text in enumerate(row):
            known = self._known[at]
            if text not in known:
                self._check(line, at, text)
        references = [self._find(line, number, row) for number in range(len(self._named))]
        if self._plan.primary_key and not self._is_first(line, row):
            return None
        if len(self._faults.faults) > before:
            return None
        for names in self._names:
            names.check(line, row, self._faults)
        return row, references

    def _check(self, line: int, at: int, text: str) -> None:
        try:
            self._plan.checks[at].check(text)
        except CellFault as fault:
            self._faults.add(line, self._header.columns[at].title, str(fault), fault.remedy)
            return
        objection = object_to_year(int(text), self._extracted) if at in self._years else None
        if objection:
            self._faults.add(line, self._header.columns[at].title, *objection)
            return
        known = self._known[at]
        if len(known) == _MOST_KEPT:
            known.clear()
        known.add(text)

    def _find(self, line: int, number: int, row: Sequence[str]) -> Row:
        reference = self._plan.references[number]
        cells = tuple(row[at] for at in reference.columns)
        found = self._named[number].get(cells)
        if found is None:
            found = reference.rows.get(cells)
            if found is None:
                found = dict.fromkeys(next(iter(reference.rows.values())), "")
                if not self._is_empty(reference, cells):
                    self._reference_fault(line, reference, cells)
                    return found
            self._named[number][cells] = found
        return found

    def _is_empty(self, reference: Reference, cells: tuple[str, ...]) -> bool:
        """Whether the cells name nothing; where they have to, that was said of the cells."""
        columns = [self._header.columns[at] for at in reference.columns]
        return all(text in column.null for text, column in zip(cells, columns, strict=True))

    def _reference_fault(self, line: int, reference: Reference, cells: tuple[str, ...]) -> None:
        keys, columns = reference.key.keys, [self._header.columns[at] for at in reference.columns]
        for key, text, column in zip(keys, cells, columns, strict=True):
            codes = {row[key] for row in reference.rows.values()}
            if text not in codes:
                what = f"{show(text)} is not a code of {reference.key.resource}"
                self._faults.add(line, column.title, what, suggest(text, frozenset(codes)))
                return
        names = " and ".join(f"{c.title} {show(t)}" for c, t in zip(columns, cells, strict=True))
        right = next(row for row in reference.rows.values() if row[keys[0]] == cells[0])
        goes = ", ".join(
            f"{column.title} {right[key]}" for column, key in zip(columns, keys, strict=True)
        )
        self._faults.add(
            line, columns[-1].title, f"{names} are not codes of one thing", f"these are: {goes}"
        )

    def _is_first(self, line: int, row: Sequence[str]) -> bool:
        key = "\0".join(row[at] for at in self._plan.primary_key)
        digest = blake2b(key.encode(), digest_size=_DIGEST).digest()
        first = self._lines.setdefault(digest, line)
        if first == line:
            return True
        columns = ", ".join(self._header.columns[at].title for at in self._plan.primary_key)
        self._faults.add(
            line, "", f"line {first} has the same {columns}", "keep the row that is right"
        )
        return False

    def _width_fault(self, line: int, row: Sequence[str]) -> None:
        self._faults.add(
            line,
            "",
            f"the row has {len(row)} cells, the header {len(self._known)}",
            "fetch the file again if it was cut, or quote a cell that holds a comma",
        )


def _read(source: Source, faults: FaultList) -> Iterator[Record]:
    return read_csv(source, faults, ends_in_line=True)
