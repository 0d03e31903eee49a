"""Validation by pySHACL, and the queries of the shapes by rdflib."""

from collections.abc import Iterator, Sequence

import rdflib
from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.cross_check.outcome import Comparison, compare_items
from kzgraph.cross_check.samples import Sample
from kzgraph.namespaces import SH, Term
from kzgraph.rdf.rdflib_terms import from_rdflib, rdflib_graph, to_rdflib
from kzgraph.validation import Result, check, project_shapes, property_paths
from kzgraph.validation.constraints import SparqlConstraint
from kzgraph.validation.data import Data
from kzgraph.validation.inputs import project_files, read_shapes
from kzgraph.validation.reference import validate_by_pyshacl
from kzgraph.validation.shape import Shape

_SPARQL = SH["sparql"]
_COMPONENT = SH["SPARQLConstraintComponent"]
_HOW_CORE = "All shapes without their SPARQL-based constraints, on {what}, the graph shapes aside."
_HOW_SPARQL = (
    "The query of each constraint, run once by rdflib's engine for all focus nodes: pySHACL, which "
    "runs it for each of them, would take minutes. On {what}, the graph shapes aside."
)


def compare_shapes(sample: Sample, pyshacl: str, rdflib_version: str) -> Iterator[Comparison]:
    """Compare the results of validation with those of pySHACL and rdflib.

    Args:
        sample: the data.
        pyshacl: the version of pySHACL.
        rdflib_version: the version of rdflib.
    """
    kinds = ("SHACL Core", "SPARQL-based constraints")
    names = [f"results of {kind}: {sample.what}" for kind in kinds]
    engines = [f"pySHACL {pyshacl}", f"rdflib {rdflib_version}"]
    if not sample.quads:
        for name, engine in zip(names, engines, strict=True):
            yield Comparison(name, engine, sample.left_out, None)
        return
    quads = sample.quads
    results = check(quads).results
    core = [result for result in results if result.component != _COMPONENT]
    shapes = [quad for quad in read_shapes(project_files("shapes")) if quad.predicate != _SPARQL]
    yield compare_items(
        names[0],
        engines[0],
        _HOW_CORE.format(what=sample.what),
        map(_line, core),
        map(_line, validate_by_pyshacl(quads, shapes).results),
        sample.left_out,
    )
    yield compare_items(
        names[1],
        engines[1],
        _HOW_SPARQL.format(what=sample.what),
        (_line(result) for result in results if result.component == _COMPONENT),
        _by_rdflib(quads),
        sample.left_out,
    )


def _by_rdflib(quads: Sequence[Quad]) -> Iterator[str]:
    graph, data = rdflib_graph(quad.triple for quad in quads), Data(quads)
    for shape in project_shapes():
        focus_nodes = shape.focus_nodes(data)
        for constraint in shape.constraints:
            query = constraint.query
            if query is not None and focus_nodes:
                yield from _findings(graph, shape, query, focus_nodes)


def _findings(
    graph: rdflib.Graph, shape: Shape, constraint: SparqlConstraint, focus_nodes: set[Term]
) -> Iterator[str]:
    for row in graph.query(constraint.query.text, initNs=constraint.prefixes):
        assert isinstance(row, rdflib.query.ResultRow)  # noqa: S101 - it is a SELECT
        found = {name: from_rdflib(node) for name, node in row.asdict().items()}
        focus, named = found.get("this"), found.get("path")
        path = named if isinstance(named, NamedNode) else shape.path
        if focus is not None and focus in focus_nodes:
            value = found.get("value", focus if shape.path is None else None)
            yield _line(Result(shape.severity, focus, path, value, (), shape.node, _COMPONENT))


def _line(result: Result) -> str:
    """A result in a line; literals by value, since the two engines serialize some differently."""
    path = property_paths.text(result.path) if result.path else ""
    ends = (result.component.value, result.focus, path, result.value)
    return " ".join(
        repr(to_rdflib(part).toPython()) if isinstance(part, Literal) else str(part or "-")
        for part in (result.severity.value, result.shape, *ends)
    )
