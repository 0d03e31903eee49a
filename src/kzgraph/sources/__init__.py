"""Sources: published data files that join the graph, each as a graph of its own.

What is here reads files and keeps them; what a file means is in `kzgraph_mappings.official`, a
mapper for each kind of file. Nothing of a file is ever in memory whole: see `reading`.
"""

from kzgraph.sources.errors import FaultList, SourceError, SourceFaults
from kzgraph.sources.reading import (
    OTHER_SEPARATORS,
    describe_separator,
    open_source,
    read_csv,
    read_lines,
)
from kzgraph.sources.source import Kind, Mapper, Sink, Source

__all__ = [
    "OTHER_SEPARATORS",
    "FaultList",
    "Kind",
    "Mapper",
    "Sink",
    "Source",
    "SourceError",
    "SourceFaults",
    "describe_separator",
    "open_source",
    "read_csv",
    "read_lines",
]
