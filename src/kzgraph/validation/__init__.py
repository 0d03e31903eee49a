"""Validation of a graph against the shapes of the project, https://www.w3.org/TR/shacl/.

pySHACL is the reference, and the tests hold this engine's results against its. It takes about a
minute for the graph of three documents, since it runs each SPARQL-based constraint once for each
focus node; a build has a few seconds. This engine knows the part of SHACL that the shapes use, and
refuses shapes that use another.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, parse

from kzgraph.iri import graph
from kzgraph.resources import folder
from kzgraph.validation import shapes
from kzgraph.validation.data import Data
from kzgraph.validation.report import Report
from kzgraph.validation.result import Result, Severity
from kzgraph.validation.shapes import Shape

__all__ = ["Report", "Result", "Severity", "UnreadableFile", "validate", "validate_files"]

_SHAPES_GRAPH = graph("shapes")


class UnreadableFile(ValueError):
    """A file to validate is not there, or not the RDF that its name says."""


def validate(store: Store) -> Report:
    """Hold all graphs of a store, taken together, against the shapes.

    The graph `shapes` is no data; the graph `ontology` is, for its classes and cube structures.
    """
    return check(quad for quad in store if quad.graph_name != _SHAPES_GRAPH)


def validate_files(files: Iterable[Path]) -> Report:
    """Hold the triples of all files, taken together with the ontology, against the shapes.

    What a file speaks of has to stand in one of the files: a dump of one document without the
    entities and the concepts that it refers to does not conform.

    Raises:
        UnreadableFile: names the file and, where it is not well-formed, line and column.
    """
    quads = [quad for file in files for quad in _quads(file)]
    for file in sorted(folder("ontology").glob("*.ttl")):
        quads += _quads(file)
    return check(quad for quad in quads if quad.graph_name != _SHAPES_GRAPH)


def check(quads: Iterable[Quad]) -> Report:
    """Hold quads, their graphs taken together, against the shapes."""
    data = Data(quads)
    return Report(result for shape in project_shapes() for result in shape.results(data))


@cache
def project_shapes() -> tuple[Shape, ...]:
    """The shapes of the project, read once.

    Raises:
        UnsupportedConstraint: a shape uses a part of SHACL that this engine does not know.
    """
    files = sorted(folder("shapes").glob("*.ttl"))
    return tuple(shapes.read(Data(quad for file in files for quad in _quads(file))))


def _quads(file: Path) -> list[Quad]:
    rdf_format = RdfFormat.from_extension(file.suffix.removeprefix("."))
    if rdf_format is None:
        raise UnreadableFile(
            f"{file}: the name says no RDF format; use one of .ttl .nt .nq .trig .jsonld .rdf"
        )
    try:
        return list(parse(path=file, format=rdf_format, rename_blank_nodes=True))
    except OSError as error:
        raise UnreadableFile(f"{file}: {error.strerror or error}") from error
    except SyntaxError as error:
        place = f":{error.lineno}:{error.offset}" if error.lineno else ""
        raise UnreadableFile(f"{file}{place}: {error.msg}") from error
