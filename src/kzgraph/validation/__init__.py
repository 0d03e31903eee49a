"""Validation of a graph against shapes, https://www.w3.org/TR/shacl/.

The engine here is the one that builds use: of SHACL Core it has nearly all, of SPARQL-based
constraints those whose queries it can bind; it refuses the rest by name. `docs/shacl.md` has the
list, `docs/decisions/shacl-engine.md` says why it is not pySHACL, whose results are the
reference: `validate_by_pyshacl` in `kzgraph.validation.reference`.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from pyoxigraph import Quad, Store

from kzgraph.iri import ONTOLOGY, is_source_graph
from kzgraph.namespaces import Term
from kzgraph.rdf.content import Content
from kzgraph.validation import shapes
from kzgraph.validation.batches import check_file
from kzgraph.validation.data import Data
from kzgraph.validation.errors import ShapesRefused
from kzgraph.validation.inputs import (
    SHAPES_GRAPH,
    UnreadableFile,
    project_files,
    read_data,
    read_shapes,
)
from kzgraph.validation.report import Report
from kzgraph.validation.result import Result, Severity
from kzgraph.validation.screening import Screen
from kzgraph.validation.shape import Shape

__all__ = [
    "Report",
    "Result",
    "Severity",
    "ShapesRefused",
    "UnreadableFile",
    "check",
    "check_by_own_shapes",
    "data_of",
    "project_shapes",
    "shapes_of",
    "validate",
    "validate_content",
]


def validate(store: Store) -> Report:
    """Check all graphs of a store, taken together, against the shapes of the project.

    The graph `shapes` is not data; the graph `ontology` is, for its classes and cube structures.
    """
    return check(quad for quad in store if quad.graph_name != SHAPES_GRAPH)


def check(
    quads: Iterable[Quad], against: Sequence[Shape] | None = None, store: Store | None = None
) -> Report:
    """Check quads, their graphs taken together, against shapes.

    Args:
        quads: the data.
        against: the shapes, by default those of the project.
        store: for queries, one that holds just these triples, none of them in two graphs; filling
            another takes as long as a tenth of a build.

    Raises:
        ShapesRefused: a query of a shape cannot be run on these data.
    """
    data = Data(quads, store)
    wanted = project_shapes() if against is None else against
    return Report(result for shape in wanted for result in shape.results(data))


def validate_content(
    content: Content, store: Store, beside: Sequence[Quad] = (), files: Sequence[Path] = ()
) -> Report:
    """The report of `validate`, of a release about to be written.

    Args:
        content: its quads, checked by `kzgraph.rdf.content.check`.
        store: the same quads, and `beside`. Its graph `shapes` is emptied: queries are asked of it
            itself.
        beside: what of `files` these refer to.
        files: further graphs, as sorted N-Quads, which are validated in batches, each by itself:
            those of sources that are not among `content`.
    """
    store.clear_graph(SHAPES_GRAPH)
    quads = [quad for quad in content.quads if quad.graph_name != SHAPES_GRAPH]
    return _check_with_files(quads, project_shapes(), store, beside, files)


def _check_with_files(
    quads: Sequence[Quad],
    against: Sequence[Shape],
    store: Store | None,
    beside: Sequence[Quad],
    files: Sequence[Path],
) -> Report:
    data = Data(chain(quads, beside), store)
    there: set[Term] = {quad.subject for quad in beside}
    results = [
        result
        for shape in against
        for result in shape.results(data, but=there)  # Their own batch has them.
    ]
    del data
    if files:
        context = Data(quad for quad in quads if not is_source_graph(quad.graph_name))
        seen = set(results)
        screen = Screen(against, context)
        for path in files:
            results += check_file(path, context, against, seen, files, screen=screen)
    return Report(results)


def check_by_own_shapes(
    quads: Sequence[Quad], beside: Sequence[Quad] = (), files: Sequence[Path] = ()
) -> Report:
    """Check the quads of a release against the shapes in its graph `shapes`.

    Those of the project may be newer. Where this engine cannot read them, they are used after all.

    Args:
        quads: those that are in memory.
        beside: see `validate_content`; likewise `files`.
        files: further graphs.
    """
    apart: list[Quad] = []
    data: list[Quad] = []
    for quad in quads:
        (apart if quad.graph_name == SHAPES_GRAPH else data).append(quad)
    try:
        return _check_with_files(data, shapes.read(Data(apart)), None, beside, files)
    except ShapesRefused:
        return _check_with_files(data, project_shapes(), None, beside, files)


def data_of(files: Iterable[Path], *, ontology: bool) -> list[Quad]:
    """The data of files, and of the ontology where the shapes of the project need it.

    What a file refers to has to be in one of the files: a dump of one document without the
    entities and the concepts that it refers to does not conform. What the ontology says of the data
    sets of sources in the project's own terms refers to concepts, and is left out.

    Raises:
        UnreadableFile: names the file and, where it is not well-formed, line and column.
    """
    terms = read_data(project_files("ontology")) if ontology else []
    own = [quad for quad in terms if not quad.predicate.value.startswith(ONTOLOGY)]
    return [*read_data(files), *own]


def shapes_of(files: Sequence[Path]) -> list[Shape]:
    """The shapes of files.

    Raises:
        ShapesRefused: a shape is not well-formed, or uses a part of SHACL that this engine lacks.
        UnreadableFile: see `data_of`.
    """
    return shapes.read(Data(read_shapes(files)))


@cache
def project_shapes() -> tuple[Shape, ...]:
    """The shapes of the project, read once."""
    return tuple(shapes_of(project_files("shapes")))
