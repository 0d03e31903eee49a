"""Counting what a release holds in one pass: what describes it says what was counted.

So its description is counted later: of a thing that it shares with other graphs again, with all
that is said of it there.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from pyoxigraph import NamedNode

from kzgraph.iri import graph
from kzgraph.rdf.content import Content, Row
from kzgraph.rdf.sorted_lines import find_subject, merge_subjects, read_subjects
from kzgraph.release.tally import Tally
from kzgraph.sources.source_entries import SourceGraph

_METADATA = str(graph("metadata"))


def count_described(
    content: Content, sources: Sequence[SourceGraph], described: Iterable[NamedNode]
) -> Tally:
    """Count all that a plain query meets but the graph `metadata`.

    How sources refer to what is in memory is kept.

    Args:
        content: the graphs that are in memory, but `metadata` and those of sources.
        sources: the graphs of sources, whose files are read once.
        described: things that `metadata` will be about.
    """
    current = [each for each in sources if each.entry.current]
    tally = Tally(
        {*(row[0] for row in content.rows), *map(str, described)},
        {str(graph(each.name)) for each in current},
    )
    files = (read_subjects(each.path) for each in current)
    for subject, (lines, *others) in merge_subjects(content.subjects(), *files):
        tally.add(subject, [*lines, *(line for other in others for line in other)])
    return tally


def add_description(tally: Tally, content: Content, files: Iterable[Path]) -> None:
    """Count the graph `metadata`, too.

    Args:
        tally: of all else.
        content: the graphs that are in memory, `metadata` among them.
        files: further graphs that were counted, as sorted N-Quads.
    """
    added = _by_subject(row for row in content.rows if row[3] == _METADATA)
    known = tally.find_known(added)
    others = _by_subject(
        row for row in content.rows if row[3] != _METADATA and f"{row[0]} ".encode() in known
    )
    paths = list(files)
    for subject, lines in added.items():
        before = others.get(subject, [])
        if subject in known:
            before = [*before, *(each for path in paths for each in find_subject(path, subject))]
        if before:
            tally.replace(subject, before, [*before, *lines])
        else:
            tally.add(subject, lines)


def _by_subject(rows: Iterable[Row]) -> dict[bytes, list[bytes]]:
    """Lines of canonical N-Quads by their subjects; the rows are in order."""
    return {
        f"{subject} ".encode(): [f"{' '.join(row)} .\n".encode() for row in about]
        for subject, about in groupby(rows, itemgetter(0))
    }
