"""`/quality`: how the release was checked, and where its sources disagree; a page for each."""

from kzgraph_server.pages.quality import (
    changes,
    concordance,
    coverage,
    cross_checks,
    disagreements,
    labels,
    links,
    overview,
    validation,
)
from kzgraph_server.pages.quality.room import blueprint

__all__ = [
    "blueprint",
    "changes",
    "concordance",
    "coverage",
    "cross_checks",
    "disagreements",
    "labels",
    "links",
    "overview",
    "validation",
]
