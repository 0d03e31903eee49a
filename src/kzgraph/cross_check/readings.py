"""The dumps as parsed by rdflib."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import rdflib
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
)
from rdflib.util import guess_format

from kzgraph.cross_check.outcome import Comparison, compare_items
from kzgraph.iri import graph
from kzgraph.rdf.formats import GRAPH_FORMATS, QUAD_FORMATS
from kzgraph.rdf.rdflib_terms import from_rdflib, keep_lexical_forms

_BY_SUFFIX = {f".{each.suffix}": each for each in GRAPH_FORMATS}
_HOW = "Every triple or quad that rdflib reads, blank nodes named canonically (RDFC-1.0)."


def compare_dumps(folder: Path, quads: Iterable[Quad], version: str) -> Iterator[Comparison]:
    """Compare each dump below a folder, as parsed by rdflib, with the quads of the release.

    Args:
        folder: that of the dumps.
        quads: what the store holds.
        version: of rdflib.
    """
    stored = list(quads)
    named, merged = _canonicalize(stored), _canonicalize(map(_drop_graph, stored))
    for file in sorted(folder.rglob("*")):
        known = _BY_SUFFIX.get(file.suffix)
        if known is None or file.name == "context.jsonld":
            continue
        has_graphs = known in QUAD_FORMATS
        expected = named if has_graphs else merged
        if file.parent.name == "graphs":
            one = graph(file.stem)
            expected = _canonicalize(_drop_graph(quad) for quad in stored if quad.graph_name == one)
        path = file.relative_to(folder.parent).as_posix()
        try:
            found = _read_dump(file, has_graphs)
        except Exception as error:  # Each parser of rdflib has its own exceptions.
            found = [f"cannot be read: {' '.join(str(error).split())[:200]}"]
        yield compare_items(path, f"rdflib {version}", _HOW, expected, found)


def _read_dump(file: Path, has_graphs: bool) -> list[str]:
    """The quads of a file, whose name says its format, as parsed by rdflib: canonical, sorted."""
    with keep_lexical_forms():
        found = rdflib.Dataset()
        (found if has_graphs else found.default_graph).parse(file, format=guess_format(file.name))
        return _canonicalize(
            Quad(
                _node(subject),
                NamedNode(str(predicate)),
                from_rdflib(obj),
                NamedNode(str(where)) if has_graphs else DefaultGraph(),
            )
            for subject, predicate, obj, where in found.quads()
        )


def _node(node: rdflib.term.Node) -> NamedNode | BlankNode:
    found = from_rdflib(node)
    if isinstance(found, Literal):
        raise TypeError(f"{node} cannot be a subject")
    return found


def _drop_graph(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)


def _canonicalize(quads: Iterable[Quad]) -> list[str]:
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, found))
