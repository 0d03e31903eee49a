"""The graph of a source, as it lies on the disk before it is in a release."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

from kzgraph.sources.source import Source

#: The folder below that of the releases in which ingested files are kept.
KEPT = "sources"


@dataclass(frozen=True)
class SourceEntry:
    """What a release says of one of its sources.

    Attributes:
        name: of its graph.
        kind: see `Source`; likewise those up to `whole`.
        rows: how many the mapper read.
        triples: how many its graph has.
        graph_sha256: the SHA-256 of its graph as canonical N-Quads.
        years: the years that it is about, in order.
        packaged: whether it belongs to the packaged tables; else an operator brought it, and it
            stays until it is removed.
        current: whether its graph is among those that a plain query meets.
        replaced_by: the graph that has its place, where it has not.
    """

    name: str
    kind: str
    sha256: str
    title: str
    licence: str
    attribution: str
    url: str
    date: str
    whole: str
    rows: int
    triples: int
    graph_sha256: str
    years: tuple[int, ...]
    packaged: bool
    current: bool
    replaced_by: str

    @classmethod
    def from_manifest(cls, found: Mapping[str, Any]) -> Self:
        """The entry that `to_manifest` wrote."""
        given = {each.name: found[each.name] for each in fields(cls)}
        return cls(**{**given, "years": tuple(given["years"])})

    def to_manifest(self) -> dict[str, Any]:
        """The entry as members of a JSON object."""
        return asdict(self)

    def source(self, root: Path) -> Source:
        """The source, as it is kept in the folder of releases `root`."""
        return Source(
            self.kind,
            kept_path(root, self.sha256),
            self.sha256,
            self.title,
            self.licence,
            self.attribution,
            self.url,
            self.date,
            self.whole,
        )


@dataclass(frozen=True)
class SourceGraph:
    """The graph of a source.

    Attributes:
        entry: what the release says of it.
        path: a file of it as canonical N-Quads, its lines sorted and each once.
        left_out: a file of the cells that the graph leaves out; None where there are none.
    """

    entry: SourceEntry
    path: Path
    left_out: Path | None = None

    @property
    def name(self) -> str:
        """Of the graph."""
        return self.entry.name


def kept_path(root: Path, sha256: str) -> Path:
    """Where the folder of releases `root` keeps the file with this content, compressed."""
    return root / KEPT / f"{sha256}.gz"
