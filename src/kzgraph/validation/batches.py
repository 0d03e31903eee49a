"""Validating a graph that is larger than memory, a batch of things at a time.

Each batch is checked together with the graphs that are in memory and with what its things refer to,
and the focus nodes are its things and their values: so every shape is checked on every thing as on
the whole graph, as far as a shape looks at a thing, at what that refers to, and at what is in
memory. `shapes/README.md` holds shapes of sources to that.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kzgraph.iri import ID
from kzgraph.namespaces import Term
from kzgraph.rdf.sorted_lines import find_subject, read_subjects
from kzgraph.validation.data import Data
from kzgraph.validation.result import Result
from kzgraph.validation.screening import Screen
from kzgraph.validation.shape import Shape

#: Triples of a batch, which its last thing may exceed: 200 MB of memory.
BATCH = 200_000


def check_file(
    path: Path,
    context: Data,
    against: Iterable[Shape],
    seen: set[Result],
    others: Sequence[Path] = (),
    batch: int = BATCH,
    screen: Screen | None = None,
) -> Iterator[Result]:
    """The results of the things of one graph.

    Args:
        path: the graph as N-Quads, sorted.
        context: the graphs that are in memory.
        against: the shapes.
        seen: results that are known, of what is in memory; further ones are added.
        others: further graphs that its things may refer to, likewise sorted.
        batch: the size of a batch in triples.
        screen: tells which things certainly conform; without one all of them are looked at.

    Raises:
        ShapesRefused: a query of a shape cannot be run on these data.
        OSError: a file cannot be read.
    """
    shapes = tuple(against)
    for lines in _batches(path, batch, screen):
        quads = list(parse(b"".join(lines), RdfFormat.N_QUADS))
        about: set[Term] = {quad.subject for quad in quads}
        focus = about | {quad.object for quad in quads}
        for node in focus - about:
            if (
                isinstance(node, NamedNode)
                and node.value.startswith(ID)
                and not context.describes(node)
            ):
                found = _look_up(node, (path, *others))
                if found:
                    # It is a focus node of its own batch, or of its own graph.
                    focus.remove(node)
                    quads += found
        with context.joined(quads) as data:
            found_there = [each for shape in shapes for each in shape.results(data, focus)]
        for result in found_there:
            if result.focus in about:
                yield result
            elif result not in seen:
                seen.add(result)
                yield result


def _look_up(node: NamedNode, paths: Iterable[Path]) -> list[Quad]:
    """What the first of the files that know a thing says of it: vintages would mix otherwise."""
    for path in paths:
        lines = find_subject(path, f"{node} ".encode())
        if lines:
            return list(parse(b"".join(lines), RdfFormat.N_QUADS))
    return []


def find_mentioned(paths: Sequence[Path], context: Iterable[Quad]) -> Iterator[Quad]:
    """What graphs say of the things that those in memory refer to.

    Args:
        paths: the graphs as N-Quads, sorted.
        context: what is in memory.
    """
    objects: dict[Term, None] = {}
    known: set[Term] = set()
    for quad in context:
        known.add(quad.subject)
        objects[quad.object] = None
    for node in objects:
        if node not in known and isinstance(node, NamedNode) and node.value.startswith(ID):
            yield from _look_up(node, paths)


def _batches(path: Path, size: int, screen: Screen | None) -> Iterator[list[bytes]]:
    """The lines of a file that have to be looked at, in batches, none of which splits a subject.

    What the screen lets pass is looked at after all where a thing of the file refers to it.
    """
    waiting: list[bytes] = []
    missed: set[bytes] = set()
    for subject, lines in read_subjects(path):
        if screen is not None:
            if screen.passes(subject, lines):
                continue
            missed |= screen.find_missing(lines)
        waiting += lines
        if len(waiting) >= size:
            yield waiting
            waiting = []
    for subject in sorted(missed):
        lines = find_subject(path, subject)
        if lines and screen is not None and screen.passes(subject, lines):
            waiting += lines
    if waiting:
        yield waiting
