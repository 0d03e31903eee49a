"""Search: an index of all that a release names, made with it and read alongside it.

`write_index` makes one, `Index.search` finds things by their names, codes and values, however they
are typed. [docs/search.md](../../../docs/search.md) says what is found, and in which order.
"""

from kzgraph.search.entries import Name
from kzgraph.search.found import Found, Hit, Reading
from kzgraph.search.index import Index, IndexDamaged, IndexMissing, name_kinds
from kzgraph.search.indexing import INDEX, write_index
from kzgraph.search.kinds_of_things import KIND_NAMES, name_kind
from kzgraph.search.one_search import COUNTED
from kzgraph.search.ranking import Match

__all__ = [
    "COUNTED",
    "INDEX",
    "KIND_NAMES",
    "Found",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexMissing",
    "Match",
    "Name",
    "Reading",
    "name_kind",
    "name_kinds",
    "write_index",
]
