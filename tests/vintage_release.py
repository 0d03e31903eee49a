"""A release with superseded graphs, small."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from kzgraph.rdf.content import Content
from kzgraph.release import Release, describe_release, write
from kzgraph.release.contents import gather
from kzgraph.sources.source_entries import SourceEntry, SourceGraph
from small_release import content, report
from vintage_graphs import CURRENT, NEW, list_sources, quads


def make_release(
    root: Path, *, streamed: bool = False, entries: Sequence[SourceEntry] = ()
) -> Release:
    """The release that `root`/current leads to, with the graphs of `vintage_graphs`.

    Args:
        root: a folder of releases.
        streamed: whether it is written as one that is larger than memory.
        entries: the sources; by default one that is current, and all that it superseded.
    """
    folder = root / ".graphs"
    folder.mkdir(parents=True)
    sources = []
    for entry in entries or list_sources():
        path = folder / entry.name
        path.write_bytes(Content(quads([entry.name])).n_quads)
        sources.append(SourceGraph(entry, path))
    base = [
        *(quad for quad in content()[1].quads if not str(quad.graph_name).endswith("metadata>")),
        *quads(name for name in CURRENT if name not in ("metadata", NEW)),
    ]
    version, described = describe_release(Content(base), sources)
    with patch("kzgraph.release.contents.IN_MEMORY", 0 if streamed else 1_000):
        contents = gather(described, sources)
    release = write(contents, version, report(), root)
    shutil.rmtree(folder)
    return release


def copy_release(release: Release, root: Path) -> Release:
    """A copy in the folder of releases `root`, to be damaged."""
    shutil.copytree(release.path, root / release.path.name)
    return Release(root / release.path.name)
