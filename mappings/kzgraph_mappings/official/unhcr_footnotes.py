"""The official footnotes of the Refugee Data Finder: which cells have one, and of which kind.

The texts have no licence that is known. Published are facts: what a note is about, what kinds of
note it is by its words, the hash of its text and its line; never the text.
"""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal

from kzgraph.iri import ID, ONTOLOGY
from kzgraph.namespaces import LABEL
from kzgraph.sources import FaultList, Kind, Sink, Source, SourceFaults, read_csv
from kzgraph_mappings.curies import curie, number_literal
from kzgraph_mappings.official.official_cells import object_to_year, show, suggest
from kzgraph_mappings.official.official_tables import layouts_of
from kzgraph_mappings.official.reference_tables import Row, read_table
from kzgraph_mappings.official.shared_things import country_labels, describe_used
from kzgraph_mappings.official.table_headers import find_header

_KIND = "unhcr-footnotes"
#: The tables whose cells have notes: the population type of all cells of a table, or nothing where
#: it is a part of a cell's IRI. Types are of groups, and those who apply are asylum-seekers.
_TABLES = {
    **dict.fromkeys(("unhcr-population", "unhcr-solutions", "unhcr-demographics"), ""),
    **dict.fromkeys(("unhcr-asylum-applications", "unhcr-asylum-decisions"), "ASY"),
}
#: Population types to those of cells. People in a situation like that of refugees (ROC), or of
#: displaced people (IOC), are counted with them.
_CELL_TYPES = {
    **{code: code for code in ("REF", "ASY", "IDP", "STA", "OOC", "OIP", "HST")},
    **{code: code for code in ("RET", "RDP", "RST", "NAT")},
    **{"ROC": "REF", "IOC": "IDP"},
}
#: Population types that are no group of their own: refugees to whom something happens.
_GROUPS = {"RST": "REF", "NAT": "REF", "ROC": "REF", "IOC": "IDP"}
_RANGE = re.compile(r"((?:19|20)[0-9]{2})(?:\s*-\s*((?:19|20)[0-9]{2}))?")
#: Kinds of note, by words of their texts.
_WORDS = {
    "masking": re.compile(r"\brounded\b", re.IGNORECASE),
    "estimate": re.compile(r"\bestimat", re.IGNORECASE),
    "date": re.compile(r"\b(as of|as at|mid-\d{4}|census|for \d{4} was not available)", re.I),
    "coverage": re.compile(r"\b(includ|exclud|only|also counted|does not)", re.IGNORECASE),
    "definition": re.compile(r"\b(defin|method|refers? to|corresponds? to)", re.IGNORECASE),
    "source": re.compile(r"\b(provided by|according to|reported by|sourced|source)\b", re.I),
    "revision": re.compile(r"\b(revis|adjust|under review|correct)", re.IGNORECASE),
}
_ANY = {"", "-"}


@dataclass(frozen=True)
class _Note:
    """A note: its line, the hash of its text, and what it is about; empty for anything."""

    line: int
    digest: str
    kinds: tuple[str, ...]
    years: tuple[int, ...]
    origin: str
    asylum: str
    types: tuple[str, ...]

    @property
    def iri(self) -> str:
        about = (self.digest, *map(str, self.years), self.origin, self.asylum, *self.types)
        return f"{ID}official-note/{hashlib.sha256(' '.join(about).encode()).hexdigest()[:16]}"


def map_footnotes(source: Source, sink: Sink) -> None:
    """Map notes, and put them on the cells of the other files; see `kzgraph.sources.Mapper`.

    A note that names a country is on each cell that it is about; another on each data set that has
    such cells.
    """
    faults = FaultList(source.path.name)
    notes = list(_read_notes(source, faults))
    faults.check()
    if not notes:
        raise faults.stop(1, "", "there is no note", "fetch the table with its rows")
    codes = {name: row["iso3"] for name, row in _names().items()}
    used: dict[str, dict[str, Mapping[str, str]]] = {}
    of_cells: dict[tuple[str, str, str, str], list[_Note]] = {}
    for note in {note.iri: note for note in reversed(notes)}.values():
        for triple in _describe(note, used):
            sink.line(triple)
        origin, asylum = codes.get(note.origin, ""), codes.get(note.asylum, "")
        for each in note.years:
            for kind in dict.fromkeys(_CELL_TYPES[code] for code in note.types):
                of_cells.setdefault((str(each), asylum, origin, kind), []).append(note)
    sink.advance(len(notes))
    of_data_sets: dict[tuple[str, str], None] = {}
    for cell in sink.cells(_TABLES):
        table, year, asylum, origin, kind = cell.removeprefix(f"{ID}official/").split("/")[:5]
        kind = _TABLES[table] or kind
        for where in ((asylum, origin), (asylum, ""), ("", origin)):
            for note in of_cells.get((year, where[0], where[1], kind), ()):
                sink.line(f"<{cell}> <{ONTOLOGY}caveat> <{note.iri}>")
        for note in of_cells.get((year, "", "", kind), ()):
            of_data_sets[table, note.iri] = None
    for table, iri in of_data_sets:
        sink.line(f"<{ID}dataset/{table}> <{ONTOLOGY}caveat> <{iri}>")
    sink.share(describe_used(used))


def _names() -> dict[str, Row]:
    """The rows of countries by the names that UNHCR uses."""
    rows = read_table("countries.csv")
    return {name: row for row in rows for name in row["unhcr_names"].split("|") if name}


@cache
def _codes() -> dict[str, str]:
    """The first of the names that UNHCR uses of each country by its code of ISO."""
    return {row["iso3"]: name for name, row in reversed(_names().items())}


def _read_notes(source: Source, faults: FaultList) -> Iterator[_Note]:
    records = read_csv(source, faults, ends_in_line=True, has_paragraphs=True)
    header = find_header(records, layouts_of(_KIND), faults)
    names = [column.name for column in header.columns]
    for line, cells in records:
        if not any(map(str.strip, cells)):
            continue
        if len(cells) != len(names):
            what = f"the row has {len(cells)} cells, the header {len(names)}"
            faults.add(line, "", what, "quote a text that holds a comma")
            continue
        row = dict(zip(names, (" ".join(cell.split()) for cell in cells), strict=True))
        if note := _read_note(line, row, source.date, faults):
            yield note


def _read_note(
    line: int, row: Mapping[str, str], extracted: str, faults: FaultList
) -> _Note | None:
    before = len(faults.faults)
    years: set[int] = set()
    for part in row["years"].split(","):
        found = _RANGE.fullmatch(part.strip())
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if last < first:
            faults.add(line, "Year", f"{show(part)} is not a year or a range", "write 2020 - 2022")
        elif objection := object_to_year(last, extracted):
            faults.add(line, "Year", *objection)
        years.update(range(first, last + 1))
    places = []
    for column, title in (("origin", "Country of Origin"), ("asylum", "Country of Asylum")):
        # The Refugee Data Finder has codes where others have names.
        name = "" if row[column] in _ANY else _codes().get(row[column], row[column])
        if name and name not in (known := _names()):
            faults.add(line, title, f"{show(name)} is not a country", suggest(name, known))
        places.append(name)
    types = tuple(sorted({part.strip() for part in row["types"].split(",")} - _ANY))
    for code in types:
        if code not in _CELL_TYPES:
            what = f"{show(code)} is not a population type"
            faults.add(line, "Population Type", what, f"write {', '.join(_CELL_TYPES)}")
    for column, title in (("note", "Footnote"), ("types", "Population Type")):
        if row[column] in _ANY:
            faults.add(line, title, "the cell is empty", "fill it in, or take the row out")
    if len(faults.faults) > before:
        return None
    kinds = tuple(kind for kind, words in _WORDS.items() if words.search(row["note"]))
    digest = hashlib.sha256(row["note"].encode()).hexdigest()
    return _Note(
        line, digest, kinds or ("other",), tuple(sorted(years)), places[0], places[1], types
    )


def _describe(note: _Note, used: dict[str, dict[str, Mapping[str, str]]]) -> Iterator[str]:
    """The statements about a note; what they lead to is added to `used`."""
    names = _names()

    def tell(prefixed: str, value: str) -> str:
        return f"<{note.iri}> {curie(prefixed)} {value}"

    def link(prefixed: str, path: str) -> str:
        used.setdefault(curie(prefixed).value, {})[ID + path] = {}
        return tell(prefixed, f"<{ID}{path}>")

    for kind in note.kinds:
        yield link("kzg:kind", f"note-kind/{kind}")
    for code in dict.fromkeys(_GROUPS.get(code, code) for code in note.types):
        yield link("kzg:populationGroup", f"population-group/{code}")
    if note.asylum:
        yield link("kzg:scope", names[note.asylum]["scope"])
    if note.origin:
        yield link("kzg:origin", names[note.origin]["origin"])
    for year in note.years:
        yield tell("kzg:year", str(number_literal(str(year))))
    yield tell("kzg:sha256", str(Literal(note.digest)))
    yield tell("kzg:row", str(number_literal(str(note.line))))
    for label in _labels(note, names):
        yield f"<{note.iri}> {LABEL} {label}"


def _labels(note: _Note, names: Mapping[str, Row]) -> Iterator[Literal]:
    """What a note is called: by the countries and years that it is about."""
    codes = [names[name]["iso3"] for name in (note.asylum, note.origin) if name]
    years = f"{note.years[0]}-{note.years[-1]}" if len(note.years) > 1 else f"{note.years[0]}"
    heads = {"en": "UNHCR's note", "ru": "Примечание УВКБ ООН", "kk": "БҰҰ БЖКБ ескертпесі"}
    for language, head in heads.items():
        known = [_name(code, language) for code in codes]
        if None not in known:
            text = ", ".join([head, *filter(None, known), years])
            yield Literal(f"{text} ({note.iri[-4:]})", language=language)


def _name(code: str, language: str) -> str | None:
    try:
        return country_labels(code).get(language)
    except KeyError:
        return None


def _recognize(head: bytes) -> bool:
    lines = head.decode("utf-8-sig", errors="replace").splitlines(keepends=True)
    rows: Iterator[tuple[int, list[str]]] = enumerate(csv.reader(lines), start=1)
    try:
        return bool(find_header(rows, layouts_of(_KIND), FaultList("")))
    except (SourceFaults, csv.Error):
        return False


KIND = Kind(
    "Footnotes of UNHCR's Refugee Data Finder",
    # Of what is published, not of the texts: facts, in which nobody has rights.
    licence="https://creativecommons.org/publicdomain/mark/1.0/",
    attribution="UNHCR Refugee Data Finder",
    recognize=_recognize,
    after_others=True,
)
