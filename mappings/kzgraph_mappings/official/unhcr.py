"""The tables of UNHCR's Refugee Population Statistics Database."""

import csv
import re
from collections.abc import Iterator
from functools import partial

from kzgraph.iri import ID, ONTOLOGY
from kzgraph.sources import FaultList, Kind, Sink, Source, SourceFaults
from kzgraph_mappings.official.official_tables import layouts_of, map_table
from kzgraph_mappings.official.shared_things import describe_used, location_quads
from kzgraph_mappings.official.table_headers import Header, find_header

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION = "UNHCR Refugee Population Statistics Database"
_TITLES = {
    "unhcr-population": "UNHCR population figures",
    "unhcr-solutions": "UNHCR returns, resettlement and naturalisation",
    "unhcr-asylum-applications": "UNHCR asylum applications",
    "unhcr-asylum-decisions": "UNHCR asylum decisions",
    "unhcr-demographics": "UNHCR demographics",
}
_LOCATION = f"{ONTOLOGY}location"
#: A day as the Refugee Data Finder writes it: 21/07/2024 14:54 UTC.
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})\b.*")


def map_unhcr_table(source: Source, sink: Sink) -> None:
    """Map a table of figures; see `kzgraph.sources.Mapper`."""
    used = map_table(source, sink)
    sink.share(describe_used(used))
    for iri, cells in used.get(_LOCATION, {}).items():
        code = iri.removeprefix(f"{ID}location/")
        sink.share(
            location_quads(
                code, cells["location"], cells["coa_iso"], cells["loc_type"], cells["acc_type"]
            )
        )


def _read_head(kind: str, head: bytes) -> Header | None:
    """The header of a file that starts with `head`; None where it is of another kind."""
    lines = head.decode("utf-8-sig", errors="replace").splitlines(keepends=True)
    rows: Iterator[tuple[int, list[str]]] = enumerate(csv.reader(lines), start=1)
    try:
        return find_header(rows, layouts_of(kind), FaultList(""))
    except (SourceFaults, csv.Error):
        return None


def _recognize(kind: str, head: bytes) -> bool:
    return _read_head(kind, head) is not None


def find_date(kind: str, head: bytes) -> str:
    """The day on which a download was made, by its preamble; nothing where it states none."""
    header = _read_head(kind, head)
    stated = _DAY.fullmatch(header.preamble.get("dcterms:issued", "") if header else "")
    return f"{stated[3]}-{stated[2]}-{stated[1]}" if stated else ""


KINDS = {
    kind: Kind(
        title,
        LICENCE,
        ATTRIBUTION,
        recognize=partial(_recognize, kind),
        find_date=partial(find_date, kind),
    )
    for kind, title in _TITLES.items()
}
