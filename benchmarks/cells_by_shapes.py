"""The cells of a published table against all shapes: our engine on all, pySHACL on samples.

What a cell takes pySHACL is the difference of two samples, so that what it takes to begin, and what
the cells refer to, is not counted against it.
"""

import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import official_rows
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kzgraph.build import build
from kzgraph.intake import KINDS, Change
from kzgraph.iri import graph, is_source_graph
from kzgraph.rdf.sorted_lines import read_subjects
from kzgraph.release import Release
from kzgraph.sources.listing import read_folder
from kzgraph.validation import project_shapes
from kzgraph.validation.batches import check_file
from kzgraph.validation.data import Data
from kzgraph.validation.inputs import SHAPES_GRAPH, project_files, read_shapes
from kzgraph.validation.reference import validate_by_pyshacl
from kzgraph.validation.screening import Screen

#: Cells of the samples.
_FEW, _MORE = 25, 125
#: Steps to what the cells refer to.
_STEPS = 3


@dataclass(frozen=True)
class Compared:
    """Seconds of the processor.

    Attributes:
        cells: of the table.
        triples: likewise.
        own: of our engine, on all of them.
        other: of pySHACL, on one.
    """

    cells: int
    triples: int
    own: float
    other: float

    @property
    def ratio(self) -> float:
        """How many times as long pySHACL would take."""
        return self.other * self.cells / self.own


def compare(rows: int) -> Compared:
    """Check a table of so many invented rows."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        sources = root / "sources"
        official_rows.write_folder(sources, rows)
        release = build(None, root / "releases", change=Change(read_folder(sources, KINDS)))
        return _compare(release, root)


def _compare(release: Release, folder: Path) -> Compared:
    name = max(release.sources, key=lambda source: source.triples).name
    context = [
        quad
        for each in release.store.named_graphs()
        if not is_source_graph(each) and each != SHAPES_GRAPH
        for quad in release.store.quads_for_pattern(None, None, None, each)
    ]
    path = folder / "cells.nq"
    end = f" {graph(name)} .\n".encode()
    with (release.path / f"dumps/graphs/{name}.nt").open("rb") as lines, path.open("wb") as out:
        out.writelines(line[:-3] + end for line in lines)
    things = [
        (subject, lines) for subject, lines in read_subjects(path) if b"/official/" in subject
    ]
    started = time.process_time()
    data = Data(context)
    screen = Screen(project_shapes(), data)
    found = list(check_file(path, data, project_shapes(), set(), screen=screen))
    own = time.process_time() - started
    if any(result.severity.stops for result in found):
        raise SystemExit("the table does not conform")
    store = Store()
    store.bulk_extend(context)
    few, more = (_reference(things[:: len(things) // n][:n], store) for n in (_FEW, _MORE))
    each = (more - few) / (_MORE - _FEW)
    return Compared(len(things), sum(len(lines) for _, lines in things), own, each)


def _reference(things: Iterable[tuple[bytes, list[bytes]]], store: Store) -> float:
    """The seconds that pySHACL takes for some cells and what they refer to."""
    data = b"".join(line for _, lines in things for line in lines)
    quads: list[Quad] = list(parse(data, RdfFormat.N_QUADS))
    nodes, seen = {quad.object for quad in quads}, set[object]()
    for _ in range(_STEPS):
        about = [
            quad
            for node in nodes - seen
            if isinstance(node, NamedNode)
            for quad in store.quads_for_pattern(node, None, None, None)
        ]
        seen |= nodes
        nodes = {quad.object for quad in about if "cube#" in quad.predicate.value}
        quads += about
    shapes = read_shapes(project_files("shapes"))
    started = time.process_time()
    validate_by_pyshacl(quads, shapes)
    return time.process_time() - started
