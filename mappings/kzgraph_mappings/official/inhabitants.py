"""The World Bank's table of inhabitants."""

import csv
from codecs import BOM_UTF8

from kzgraph.sources import Sink, Source
from kzgraph_mappings.official.official_tables import map_table
from kzgraph_mappings.official.shared_things import describe_used

_COLUMNS = ["country code", "country name", "value", "year"]


def map_inhabitants(source: Source, sink: Sink) -> None:
    """Map a table of inhabitants, and describe the years and countries that it has.

    Raises:
        SourceFaults: the file is not a sound table of its kind.
    """
    sink.share(describe_used(map_table(source, sink)))


def recognize_inhabitants(head: bytes) -> bool:
    """Whether a file that starts with `head` is such a table: its header has just its columns."""
    line = head.removeprefix(BOM_UTF8).partition(b"\n")[0]
    cells = next(csv.reader([line.decode(errors="replace")]), [])
    return sorted(cell.strip().casefold() for cell in cells) == _COLUMNS
