"""The World Bank's table of inhabitants."""

from kzgraph.iri import ID, ONTOLOGY
from kzgraph.sources import Sink, Source
from kzgraph.tables import parse_time
from kzgraph_mappings.official.official_tables import map_table
from kzgraph_mappings.owl_time import time_quads

_TIME = ID + "time/"


def map_inhabitants(source: Source, sink: Sink) -> None:
    """Map a table of inhabitants, and describe the years that it has.

    Raises:
        SourceFaults: the file is not a sound table of its kind.
    """
    used = map_table(source, sink)
    for year in sorted(used.get(f"{ONTOLOGY}time", ())):
        sink.share(time_quads(parse_time(year.removeprefix(_TIME))))
