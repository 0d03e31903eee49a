"""Validation by pySHACL, the reference that our own engine is compared with.

It has the whole of SHACL. It runs every SPARQL-based constraint once for each focus node, which
takes it minutes where a batch takes a tenth of a second: `docs/decisions/shacl-engine.md`.
"""

from collections.abc import Iterable, Iterator

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kzgraph.namespaces import SH, Term
from kzgraph.rdf.rdflib_terms import from_rdflib, rdflib_graph
from kzgraph.validation import property_paths
from kzgraph.validation.components import iri
from kzgraph.validation.data import Data
from kzgraph.validation.refusal import ShapesRefused
from kzgraph.validation.report import Report
from kzgraph.validation.result import Result, Severity


def validate_by_pyshacl(quads: Iterable[Quad], shapes: Iterable[Quad]) -> Report:
    """Check quads, their graphs taken together, against the shapes of other quads.

    Raises:
        ShapesRefused: pySHACL cannot read the shapes, or cannot run one of their queries.
    """
    data = rdflib_graph(quad.triple for quad in quads)
    try:
        _, report, _ = pyshacl.validate(
            data, shacl_graph=rdflib_graph(quad.triple for quad in shapes)
        )
    except Exception as error:  # Of pySHACL, rdflib, pyparsing: shapes at fault raise them all.
        raise ShapesRefused(f"pySHACL: {_message(error)}") from None
    if not isinstance(report, rdflib.Graph):
        raise ShapesRefused(f"pySHACL: {_message(report)}")
    return Report(_results(report))


def _message(error: object) -> str:
    return " ".join(str(getattr(error, "message", None) or error).split())


def _results(report: rdflib.Graph) -> Iterator[Result]:
    graph = Data(
        Quad(*Triple(from_rdflib(s), from_rdflib(p), from_rdflib(o)))  # type: ignore[arg-type]
        for s, p, o in report
    )
    result = SH["result"]
    # Not all typed nodes: those behind sh:detail explain another result.
    for head in graph.subjects_of(result):
        for node in graph.objects(head, result):
            yield _result(graph, node)


def _result(graph: Data, node: Term) -> Result:
    def found(name: str) -> list[Term]:
        return sorted(graph.objects(node, SH[name]), key=str)

    def one(name: str) -> Term:
        return graph.one(node, SH[name])

    shape, path = one("sourceShape"), found("resultPath")
    assert isinstance(shape, NamedNode | BlankNode)  # noqa: S101
    return Result(
        severity=Severity.of(iri(one("resultSeverity"))),
        focus=one("focusNode"),
        path=property_paths.read(graph, path[0]) if path else None,
        value=next(iter(found("value")), None),
        messages=tuple(m for m in found("resultMessage") if isinstance(m, Literal)),
        shape=shape,
        component=iri(one("sourceConstraintComponent")),
        constraint=next(iter(found("sourceConstraint")), None),
    )
