"""What a graph says of its file, in itself, so that whoever has the graph has its licence too."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import graph, term
from kzgraph.namespaces import DCAT, DCT, SCHEMA, TYPE, VOID, XSD
from kzgraph.sources import Source


def describe(source: Source) -> Iterator[str]:
    """The triples about the graph of a source, in canonical N-Triples form, without a dot."""
    name = graph(source.name)
    facts: list[tuple[NamedNode, NamedNode | Literal]] = [
        (TYPE, VOID["Dataset"]),
        (TYPE, DCAT["Dataset"]),
        (DCT["title"], Literal(source.title, language="en")),
        (DCT["license"], NamedNode(source.licence)),
        (SCHEMA["creditText"], Literal(source.attribution)),
        (term("sha256"), Literal(source.sha256)),
    ]
    if source.url:
        facts.append((SCHEMA["url"], NamedNode(source.url)))
    if source.date:
        facts.append((DCT["created"], Literal(source.date, datatype=XSD["date"])))
    for predicate, value in facts:
        yield f"{name} {predicate} {value}"
