"""The mappers of published data files, one for each kind of file."""

from kzgraph.sources import Kind, Mapper
from kzgraph_mappings.official.treaties import map_treaties, recognize_treaties

__all__ = ["KINDS", "MAPPERS"]

#: Kind of file to what maps it.
MAPPERS: dict[str, Mapper] = {"treaties": map_treaties}

#: Kind of file to what its files have in common; each kind of `MAPPERS` has an entry.
KINDS: dict[str, Kind] = {
    "treaties": Kind(
        "Status of treaties",
        # Dates of acts are facts, in which nobody has rights.
        licence="https://creativecommons.org/publicdomain/mark/1.0/",
        attribution="United Nations Treaty Collection",
        recognize=recognize_treaties,
    ),
}
