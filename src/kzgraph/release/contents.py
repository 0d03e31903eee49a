"""What a release holds: graphs in memory, and graphs of sources in files.

A release of up to `IN_MEMORY` quads is in memory whole while it is written. Of a larger one the
graphs of sources stay files, and what is made of all graphs is made line by line. A superseded
graph is in memory while its dumps are written, if it fits there beside the rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from kzgraph.rdf.content import Content, ContentFaults, Row, check
from kzgraph.rdf.sorted_lines import About, merge_subjects, read_subjects
from kzgraph.release.tally import Tally
from kzgraph.sources.source_entries import SourceGraph

#: The most quads of a release that is in memory while it is written: 1 GB of memory.
IN_MEMORY = 1_000_000
#: Lines that are parsed together.
_PIECE = 10_000


@dataclass(frozen=True)
class Contents:
    """What a release holds.

    Attributes:
        content: the graphs that are in memory, `metadata` among them.
        sources: the graphs of sources.
        streamed: whether those of current sources are files alone, and not in `content` too.
        removed: the names of packaged sources that an operator took out.
        tally: the numbers of what a plain query meets, where that was counted; but for `metadata`.
    """

    content: Content
    sources: Sequence[SourceGraph] = ()
    streamed: bool = False
    removed: Sequence[str] = ()
    tally: Tally | None = None

    @property
    def current(self) -> list[SourceGraph]:
        """The graphs of sources that a plain query meets."""
        return [each for each in self.sources if each.entry.current]

    @property
    def superseded(self) -> list[SourceGraph]:
        """The graphs of sources that a query has to name."""
        return [each for each in self.sources if not each.entry.current]

    def split_superseded(self) -> tuple[list[SourceGraph], list[SourceGraph]]:
        """The superseded graphs that each fit into memory beside `content`, and the others."""
        small: list[SourceGraph] = []
        large: list[SourceGraph] = []
        for each in self.superseded:
            fits = len(self.content.rows) + each.entry.triples <= IN_MEMORY
            (small if fits else large).append(each)
        return small, large

    @property
    def source_names(self) -> frozenset[str]:
        """The names of the graphs of all sources."""
        return frozenset(each.name for each in self.sources)

    def subjects(self) -> Iterator[About]:
        """All that a plain query meets, by subject: lines of canonical N-Quads in order.

        Raises:
            ContentFaults: a triple is in two graphs.
        """
        own = self.content.subjects()
        if not self.streamed:
            yield from own
            return
        files = (read_subjects(each.path) for each in self.current)
        for subject, (lines, *others) in merge_subjects(own, *files):
            if others:
                lines = sorted(chain(lines, *others))
                for line, after in pairwise(lines):
                    triple = after.rsplit(b" ", 2)[0]
                    if line.rsplit(b" ", 2)[0] == triple:
                        what = f"{triple.decode()} is in two graphs; keep it in one"
                        raise ContentFaults([what])
            yield subject, lines

    def references(self) -> Iterator[Quad]:
        """A triple for each way in which current sources refer to a thing that is in memory.

        So a shape that asks whether anything refers to it sees that something does.
        """
        if self.tally is not None:
            yield from parse_lines(self.tally.references.values())

    def lines(self) -> Iterator[bytes]:
        """The lines of `subjects`."""
        return chain.from_iterable(lines for _, lines in self.subjects())


def choose_large(sources: Sequence[SourceGraph]) -> list[SourceGraph]:
    """The graphs that a plain query meets, where they alone are larger than memory; else none."""
    current = [each for each in sources if each.entry.current]
    return current if sum(each.entry.triples for each in current) > IN_MEMORY else []


def gather(
    base: Content,
    sources: Sequence[SourceGraph],
    removed: Iterable[str] = (),
    tally: Tally | None = None,
) -> Contents:
    """The contents of a release, in memory if they are small enough, and checked.

    Args:
        base: all graphs but those of sources.
        sources: those.
        removed: see `Contents`; likewise `tally`.
        tally: which takes the description in when the release is written.

    Raises:
        ContentFaults: the named graphs overlap, or hold what no dump can carry.
    """
    current = [each for each in sources if each.entry.current]
    size = len(base.rows) + sum(each.entry.triples for each in current)
    if not current or size > IN_MEMORY:
        check(base)
        return Contents(base, sources, bool(current), sorted(removed), tally)
    whole = base.with_quads(quad for each in current for quad in read_quads([each.path]))
    check(whole)
    return Contents(whole, sources, removed=sorted(removed), tally=tally)


def read_file(path: Path) -> Iterator[bytes]:
    """The lines of a file."""
    with path.open("rb") as stream:
        yield from stream


def read_quads(paths: Iterable[Path]) -> Iterator[Quad]:
    """The quads of files of N-Quads."""
    for path in paths:
        yield from parse(path=str(path), format=RdfFormat.N_QUADS)


def split_row(line: bytes) -> Row:
    """The terms of a line of canonical N-Quads."""
    subject, name, rest = line.decode().split(" ", 2)
    value, where, _ = rest.rsplit(" ", 2)
    return subject, name, value, where


def parse_lines(lines: Iterable[bytes]) -> Iterator[Quad]:
    """The quads of lines of N-Quads, parsed in pieces."""
    waiting: list[bytes] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) == _PIECE:
            yield from parse(b"".join(waiting), RdfFormat.N_QUADS)
            waiting.clear()
    yield from parse(b"".join(waiting), RdfFormat.N_QUADS)
