"""A kind of source that is invented: tests register it, and give its files to builds.

Its files have the columns year, country and value. It shares a label, claims nothing, and finds
faults, as the mappers of real kinds do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import graph, term, thing
from kzgraph.namespaces import LABEL, TYPE, XSD, Term
from kzgraph.prefixes import PREFIXES
from kzgraph.sources import FaultList, Kind, Sink, Source, read_csv
from kzgraph.tables import parse_time
from kzgraph_mappings.official import KINDS, MAPPERS
from kzgraph_mappings.official.shared_things import describe_used
from kzgraph_mappings.owl_time import time_quads

KIND, RECORDS = "invented", "invented-records"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
#: A file of two years.
SMALL = "year,country,value\n2019,KAZ,5\n2020,KAZ,6\n2020,AFG,7\n"

_HEADER = ["year", "country", "value"]
_QB = PREFIXES["qb"]
_DATA_SET = thing("dataset", "invented")


def _map(source: Source, sink: Sink) -> None:
    faults = FaultList(source.path.name)
    records = read_csv(source, faults)
    if next(records, (0, []))[1] != _HEADER:
        raise faults.stop(1, "", "the columns are others", f"they are {', '.join(_HEADER)}")
    label = Literal("Invented figures", language="en")
    structure = NamedNode("https://w3id.org/kzgraph/id/structure/population")
    shared: list[tuple[NamedNode, Term]] = [
        (TYPE, NamedNode(f"{_QB}DataSet")),
        (LABEL, label),
        (NamedNode(f"{_QB}structure"), structure),
    ]
    sink.share(Quad(_DATA_SET, name, value, graph("entities")) for name, value in shared)
    for line, record in records:
        if len(record) != 3 or not all(cell.isalnum() for cell in record):
            faults.add(line, "value", "it is not a number", "write digits")
            continue
        year, country, value = record
        if sink.claim(f"{source.kind}/{year}/{country}"):
            sink.share(time_quads(parse_time(year)))
            sink.share(describe_used({"scope": [thing("country", country).value]}))
            for triple in _cell(year, country, value, line):
                sink.line(triple)
        sink.advance(1)
    faults.check()


def _cell(year: str, country: str, value: str, line: int) -> Iterator[str]:
    cell = thing("official", "invented", year, country)
    integer = XSD["integer"]
    facts: list[tuple[NamedNode, Term]] = [
        (TYPE, term("OfficialFigure")),
        (term("country"), thing("country", country)),
        (term("scope"), thing("country", country)),
        (term("quantity"), thing("quantity", "stock")),
        (term("time"), thing("time", year)),
        (term("year"), Literal(year, datatype=integer)),
        (term("officialValue"), Literal(value, datatype=integer)),
        (term("row"), Literal(str(line), datatype=integer)),
    ]
    for name, value_term in facts:
        yield f"{cell} {name} {value_term}"


def _recognize(head: bytes) -> bool:
    return head.startswith(b"year,country,value")


def _find_date(head: bytes) -> str:
    return "2024-01-01" if b"#2024" in head else ""


KNOWN = {
    KIND: Kind("An invented table", LICENCE, "The inventor", _recognize, _find_date),
    RECORDS: Kind("Invented records", records=True),
}


@contextmanager
def invented() -> Iterator[None]:
    """Register the kinds meanwhile."""
    with (
        patch.dict(KINDS, KNOWN),
        patch.dict(MAPPERS, dict.fromkeys(KNOWN, _map)),
    ):
        yield


def write_file(folder: Path, text: str = SMALL, name: str = "file.csv") -> Path:
    """A file of data."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path
