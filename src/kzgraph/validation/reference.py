"""Validation by pySHACL, the reference that our own engine is compared with.

It has the whole of SHACL. It runs every SPARQL-based constraint once for each focus node, which
takes it minutes where a batch takes a tenth of a second: `docs/decisions/shacl-engine.md`.
"""

import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import shorten

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from pyshacl.errors import ShapeRecursionWarning

from kzgraph.namespaces import SH, Term
from kzgraph.rdf.rdflib_terms import from_rdflib, rdflib_graph
from kzgraph.validation import property_paths
from kzgraph.validation.components import iri
from kzgraph.validation.data import Data
from kzgraph.validation.errors import ShapesRefused
from kzgraph.validation.report import Report
from kzgraph.validation.result import Result, Severity

#: What every part of SHACL JavaScript names, for which pySHACL needs an engine of JavaScript.
_JS = SH["jsFunctionName"]


def validate_by_pyshacl(quads: Iterable[Quad], shapes: Sequence[Quad]) -> Report:
    """Check quads, their graphs taken together, against the shapes of other quads.

    Raises:
        ShapesRefused: pySHACL cannot read the shapes, cannot run one of their queries, or would
            ignore a part of them.
    """
    _refuse_ignored(shapes)
    try:
        with _quiet():
            _, report, _ = pyshacl.validate(
                rdflib_graph(quad.triple for quad in quads),
                shacl_graph=rdflib_graph(quad.triple for quad in shapes),
                advanced=True,
            )
            if isinstance(report, rdflib.Graph):
                return Report(_results(report))
    except ShapesRefused:
        raise
    except Exception as error:  # Of pySHACL, rdflib, pyparsing: shapes at fault raise them all.
        raise ShapesRefused(f"pySHACL: {_message(error)}") from None
    raise ShapesRefused(f"pySHACL: {_message(report)}")


def _refuse_ignored(shapes: Sequence[Quad]) -> None:
    """What pySHACL does not know, it passes over."""
    for predicate in (quad.predicate for quad in shapes):
        known = rdflib.URIRef(predicate.value) in rdflib.SH
        if predicate.value.startswith(SH.iri) and (not known or predicate == _JS):
            name = predicate.value.removeprefix(SH.iri)
            raise ShapesRefused(f"pySHACL: sh:{name} is not supported")


@contextmanager
def _quiet() -> Iterator[None]:
    """No log of rdflib about ill-formed literals; an error where pySHACL leaves a recursion."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", ShapeRecursionWarning)
        logging.disable()
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)


def _message(error: object) -> str:
    # A nested shape makes a message of any length.
    return shorten(str(getattr(error, "message", None) or error), 300, placeholder=" ...")


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
