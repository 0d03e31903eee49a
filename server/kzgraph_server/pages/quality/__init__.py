"""`/quality`: how the release was checked, and where its sources disagree; a page for each."""

from kzgraph_server.pages.quality import (
    changed_things,
    concordance,
    coverage,
    cross_checks,
    disagreements,
    in_short,
    labels,
    outer_links,
    validation,
)
from kzgraph_server.pages.quality.room import blueprint

#: The modules have the views, and are imported for these.
__all__ = [
    "blueprint",
    "changed_things",
    "concordance",
    "coverage",
    "cross_checks",
    "disagreements",
    "in_short",
    "labels",
    "outer_links",
    "validation",
]
