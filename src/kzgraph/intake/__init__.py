"""Taking sources into a release: each is mapped to a graph of its own, which is a file.

A graph may have millions of triples, so none is ever whole in memory: lines are sorted in pieces,
and the pieces are merged. In memory is what several sources share, and what reasoning compares
with the documents: the lines about the countries of the tables' places.
"""

from pathlib import Path

from kzgraph.intake.joining import NO_CHANGE, Change, Joining, Plan, plan_sources
from kzgraph.intake.lending import lend
from kzgraph.intake.mapping import KINDS, Mapped, map_sources
from kzgraph.intake.selecting import area_countries, keep_names, load, select_lines
from kzgraph.resources import folder
from kzgraph.sources.listing import read_folder
from kzgraph.sources.taking import Offer

__all__ = [
    "KINDS",
    "NO_CHANGE",
    "Change",
    "Joining",
    "Mapped",
    "Plan",
    "area_countries",
    "keep_names",
    "lend",
    "load",
    "map_sources",
    "packaged_offers",
    "plan_sources",
    "select_lines",
]


def packaged_offers(tables: Path | None) -> list[Offer]:
    """The sources that ship with the packaged tables, and with no others.

    Args:
        tables: the folder of tables; None for the packaged ones.

    Raises:
        SourceFaults: their list is faulty.
    """
    if tables is not None:
        return []
    return read_folder(folder("mappings") / "sources", KINDS, packaged=True)
