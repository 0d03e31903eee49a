"""pySHACL, the reference: its results in the same form as those of the engine."""

from collections import Counter
from collections.abc import Iterable

import pyshacl
import rdflib
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store
from rdflib.namespace import SH

from kzgraph.namespaces import Term
from kzgraph.resources import folder
from kzgraph.validation import Result

#: Severity, shape, component, focus node, value: what results of both are told apart by.
Found = tuple[str, str, str, str, str]


def reference_results(quads: Iterable[Quad], *, sparql: bool = True) -> Counter[Found]:
    """What pySHACL finds in the union of the quads' graphs.

    Args:
        quads: the data.
        sparql: whether to check the SPARQL-based constraints too, which takes it minutes.
    """
    shapes = shapes_graph()
    if not sparql:
        shapes.remove((None, SH.sparql, None))
    _, report, _ = pyshacl.validate(_graph(quads), shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph), report
    return Counter(
        (
            _text(report.value(node, SH.resultSeverity)),
            _text(report.value(node, SH.sourceShape)),
            _text(report.value(node, SH.sourceConstraintComponent)),
            _text(report.value(node, SH.focusNode)),
            _text(report.value(node, SH.value)),
        )
        # Not all typed nodes: those behind sh:detail explain another result.
        for node in report.objects(None, SH.result)
    )


def as_found(result: Result) -> Found:
    """A result of the engine in the same form."""
    return (
        result.severity.iri.value,
        _plain(result.shape),
        result.component.value,
        _plain(result.focus),
        "" if result.value is None else _plain(result.value),
    )


def shapes_graph() -> rdflib.Graph:
    """All shapes, parsed by rdflib anew, since pySHACL adds to the graph that it is given."""
    graph = rdflib.Graph()
    for file in sorted(folder("shapes").glob("*.ttl")):
        graph.parse(file)
    return graph


def _graph(quads: Iterable[Quad]) -> rdflib.Graph:
    store = Store()
    store.bulk_extend(Quad(*quad.triple) for quad in quads)
    text = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    graph = rdflib.Graph()
    graph.parse(data=text, format="nt")
    return graph


def _text(node: rdflib.term.Node | None) -> str:
    # Labels of blank nodes do not outlive the change of library.
    return "" if node is None else "_:" if isinstance(node, rdflib.BNode) else str(node)


def _plain(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else "_:"
