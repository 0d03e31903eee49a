"""The mappers of published data files, one for each kind of file."""

from kzgraph.sources import Kind, Mapper

__all__ = ["KINDS", "MAPPERS"]

#: Kind of file to what maps it.
MAPPERS: dict[str, Mapper] = {}

#: Kind of file to what its files have in common; each kind of `MAPPERS` has an entry.
KINDS: dict[str, Kind] = {}
