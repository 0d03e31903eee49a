"""Lists of who takes part in treaties, as their depositary keeps them.

A row is an act of a state, with its date, or says that the list of a day has no entry for the
state. Instruments are recognized by the depositary's number, which has to go with their title,
states by their names; both lists are tables of `mappings/sources`. That cells and rows agree with
each other, a description of columns cannot say: hence a mapper of its own.
"""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from pyoxigraph import Literal, NamedNode

from kzgraph.folding import fold_text
from kzgraph.iri import thing
from kzgraph.namespaces import DCT, LABEL, LANGUAGES, TYPE, XSD, Term
from kzgraph.sources import FaultList, Sink, Source, describe_separator, read_csv
from kzgraph.tables import parse_time
from kzgraph_mappings.curies import curie, number_literal
from kzgraph_mappings.official.official_cells import shorten, show, suggest
from kzgraph_mappings.official.reference_tables import index_table, read_labels, read_table
from kzgraph_mappings.official.shared_things import country_labels, country_quads
from kzgraph_mappings.official.table_headers import find_separator, skip_blank_rows
from kzgraph_mappings.owl_time import time_quads
from kzgraph_mappings.time_labels import time_labels

COLUMNS = ("depositary_number", "instrument", "participant", "act", "date", "status_as_of")
#: The code for what is no act, and so has no date.
_NOT_LISTED = "not-listed"
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
#: Where and when a treaty was concluded, behind its title.
_CONCLUDED = re.compile(r"\s*\([^()]*\)$")


@dataclass(frozen=True)
class _Row:
    """A row whose cells are right; `act` is None where the list has no entry."""

    line: int
    number: str
    instrument: str
    title: str
    participant: str
    country: str
    kind: str
    act: date | None
    as_of: date


def map_treaties(source: Source, sink: Sink) -> None:
    """Map a list of participations in treaties.

    Raises:
        SourceFaults: a cell is wrong, or two rows tell of one act, or of an act and of none.
        OSError: it cannot be read.
    """
    faults = FaultList(source.path.name)
    rows = list(_read(source, faults))
    faults.check()
    for row in rows:
        subject = thing(
            "official", source.kind, row.number, row.country.rpartition("/")[2], row.kind
        )
        for predicate, value in _describe(row):
            sink.line(f"{subject} {predicate} {value}")
        sink.share(country_quads(row.country.rpartition("/")[2]))
        if row.act:
            sink.share(time_quads(parse_time(row.act.isoformat())))
    sink.advance(len(rows))


def recognize_treaties(head: bytes) -> bool:
    """Whether a file that starts with `head` is such a list: its header has just these columns."""
    line = head.removeprefix(BOM_UTF8).partition(b"\n")[0]
    return sorted(next(csv.reader([line.decode(errors="replace")]), [])) == sorted(COLUMNS)


def _describe(row: _Row) -> Iterator[tuple[NamedNode, Term]]:
    country = thing(*row.country.split("/"))
    yield TYPE, curie("kzg:OfficialParticipation")
    for language, label in _labels(row).items():
        yield LABEL, Literal(label, language=language)
    yield curie("kzg:scope"), country
    yield curie("kzg:country"), country
    yield curie("kzg:instrument"), thing(*row.instrument.split("/"))
    yield curie("kzg:kind"), thing("participation-kind", row.kind)
    if row.act:
        yield curie("kzg:time"), thing("time", row.act.isoformat())
        yield curie("kzg:date"), Literal(row.act.isoformat(), datatype=XSD["date"])
        yield curie("kzg:year"), number_literal(str(row.act.year))
    yield DCT["valid"], Literal(row.as_of.isoformat(), datatype=XSD["date"])
    yield curie("kzg:row"), number_literal(str(row.line))


def _labels(row: _Row) -> dict[str, str]:
    """State, act, its day or that of the list, and treaty, in each language where all have a name.

    In English state and treaty are called as in the list.
    """
    days = time_labels(parse_time((row.act or row.as_of).isoformat()))
    parts = (
        {**country_labels(row.country.rpartition("/")[2]), "en": row.participant},
        read_labels()[f"participation-kind/{row.kind}"],
        {**read_labels()[row.instrument], "en": row.title},
    )
    return {
        language: f"{state}, {act.lower()}, {days[language]}: {treaty}"
        for language in LANGUAGES
        for state, act, treaty in [[part.get(language, "") for part in parts]]
        if state and act and treaty
    }


def _read(source: Source, faults: FaultList) -> Iterator[_Row]:
    """The rows without faults; the others are added to `faults`."""
    filled = skip_blank_rows(read_csv(source, faults, ends_in_line=True))
    line, cells = next(filled, (1, []))
    header = [cell.strip() for cell in cells]
    if sorted(header) != sorted(COLUMNS):
        raise faults.stop(line, "", *_describe_header(header))
    told: dict[tuple[str, str], dict[str, int]] = {}
    for line, record in filled:
        if len(record) != len(header):
            faults.add(
                line,
                "",
                f"the row has {len(record)} cells",
                f"a row has {len(header)}; quote cells with commas, as RFC 4180 says",
            )
            continue
        row = _parse(dict(zip(header, map(str.strip, record), strict=True)), line, faults)
        if row is not None and _is_new(row, told.setdefault((row.number, row.country), {}), faults):
            yield row
    if not told and not faults.faults:
        raise faults.stop(line, "", "the file has no rows", "fetch the file again")


def _describe_header(header: Sequence[str]) -> tuple[str, str]:
    """What is wrong with names of columns, and what would be right."""
    if separator := find_separator(header, lambda cells: len(set(COLUMNS).intersection(cells))):
        return describe_separator(separator)
    what = f"the columns are {shorten(', '.join(header)) or 'none'}"
    if missing := [name for name in COLUMNS if name not in header]:
        what += f", without {', '.join(missing)}"
    elif more := [show(name) for name in header if name not in COLUMNS]:
        what += f", with {', '.join(more)}"
    return what, f"a list of participations in treaties has {', '.join(COLUMNS)}"


def _parse(cells: Mapping[str, str], line: int, faults: FaultList) -> _Row | None:
    """The row; None, and a fault for each cell, where cells are wrong."""
    before = len(faults.faults)
    instrument = _find_instrument(cells, line, faults)
    country = _find("participant", _countries(), cells, line, faults)
    kind = _find("act", _kinds(), cells, line, faults)
    as_of = _parse_day("status_as_of", cells, line, faults)
    not_listed = kind == _NOT_LISTED
    act = None if not_listed and not cells["date"] else _parse_day("date", cells, line, faults)
    if act and not_listed:
        faults.add(
            line, "date", f"{act} dates what is not listed", "empty the date, or name the act"
        )
    if act and as_of and act > as_of:
        faults.add(
            line,
            "date",
            f"{act} is later than the list, which is of {as_of}",
            "check which of the two dates is right",
        )
    if act and instrument and act.year < int(instrument["year"]):
        faults.add(
            line,
            "date",
            f"in {act.year} the instrument of {instrument['year']} was not there",
            "check the date and the number of the instrument",
        )
    if len(faults.faults) > before:
        return None
    assert instrument and country and kind and as_of  # noqa: S101 - else there is a fault
    return _Row(
        line,
        cells["depositary_number"],
        instrument["thing"],
        cells["instrument"],
        cells["participant"],
        country,
        kind,
        act,
        as_of,
    )


def _is_new(row: _Row, told: dict[str, int], faults: FaultList) -> bool:
    """Whether nothing before told of the same or denied it; `told` has the lines by kind."""
    other = next(
        (
            line
            for kind, line in told.items()
            if kind == row.kind or _NOT_LISTED in (kind, row.kind)
        ),
        None,
    )
    if other is not None:
        faults.add(
            row.line,
            "act",
            f"line {other} tells of {row.participant} and {row.number} too",
            "keep one row for each act, and one without an act only where there is no other",
        )
    told.setdefault(row.kind, row.line)
    return other is None


@cache
def _countries() -> Mapping[str, str]:
    """The paths of countries by their names, folded: the depositary writes Côte d'Ivoire."""
    return {
        fold_text(name): row["country"]
        for row in read_table("countries.csv")
        if row["country"]
        for name in (row["name_en"], *row["unhcr_names"].split("|"))
    }


@cache
def _kinds() -> Mapping[str, str]:
    """The codes of participation-kind by what the list calls an act."""
    return {row["act"]: row["kind"] for row in read_table("treaty-acts.csv")}


def _find_instrument(
    cells: Mapping[str, str], line: int, faults: FaultList
) -> Mapping[str, str] | None:
    known = index_table("treaty-instruments.csv", ("depositary_number",))
    number, title = cells["depositary_number"], _CONCLUDED.sub("", cells["instrument"])
    found = known.get((number,))
    if found is None:
        _add_unknown("depositary_number", number, [key for (key,) in known], line, faults)
    elif title.casefold() != found["title"].casefold():
        faults.add(
            line,
            "instrument",
            f"{show(title)} is not the title of {number}",
            f"write {found['title']}, or the number that goes with the title",
        )
    return found


def _find(
    column: str, known: Mapping[str, str], cells: Mapping[str, str], line: int, faults: FaultList
) -> str | None:
    found = known.get(fold_text(cells[column]))
    if found is None:
        _add_unknown(column, cells[column], list(known), line, faults)
    return found


def _add_unknown(
    column: str, text: str, known: Sequence[str], line: int, faults: FaultList
) -> None:
    what = "the cell is empty" if not text else f"{show(text)} is not known"
    faults.add(line, column, what, suggest(text, frozenset(known)))


def _parse_day(column: str, cells: Mapping[str, str], line: int, faults: FaultList) -> date | None:
    text = cells[column]
    try:
        if not _DAY.fullmatch(text):
            raise ValueError  # Python takes other forms of ISO 8601, which no xsd:date has.
        return date.fromisoformat(text)
    except ValueError:
        what = f"{show(text)} is not a day" if text else "the cell is empty"
        faults.add(line, column, what, "write the day as 2014-12-31")
        return None
