"""A small content and report, to publish releases of."""

from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kzgraph.columns.column_file import COLUMNS
from kzgraph.iri import BASE, graph, term, thing
from kzgraph.prefixes import PREFIXES
from kzgraph.rdf.content import Content
from kzgraph.release import Release, describe_release, write
from kzgraph.validation import Report, Result, Severity

#: What is beside the releases from the second one on.
BESIDE = frozenset({".lock", "current", "history", "history.json"})

LABEL = NamedNode(PREFIXES["rdfs"] + "label")


def report(*severities: Severity) -> Report:
    """A report with a result of each severity."""
    shape, component = NamedNode(BASE + "shapes#Figure"), NamedNode(PREFIXES["sh"] + "MinCount")
    figure = thing("figure", "note", "0")
    messages = (Literal("Look again.", language="en"),)
    return Report(
        Result(severity, figure, term("value"), None, messages, shape, component)
        for severity in severities
    )


def content(size: int = 3) -> tuple[str, Content]:
    """A described content that differs by its size."""
    document, where = thing("document", "note"), graph("note")
    quads = [
        Quad(document, NamedNode(PREFIXES["dcterms"] + "title"), Literal("A note"), where),
        Quad(document, term("sha256"), Literal("0" * 64), where),
        Quad(document, term("length"), Literal(12), where),
        Quad(BlankNode("ontology-0"), LABEL, Literal("x", language="en"), graph("ontology")),
    ]
    for n in range(size):
        quads.append(Quad(thing("figure", "note", str(n)), term("value"), Literal(n), where))
    return describe_release(Content(quads))


def published(root: Path, size: int = 3, keep: int = 3) -> Release:
    version, data = content(size)
    return write(data, version, report(Severity.WARNING), root, keep=keep)


def names(root: Path) -> set[str]:
    return {path.name for path in root.iterdir()}


def bytes_of(release: Release) -> dict[str, bytes]:
    """Every file of a release outside the store, but for the columns.

    What the database writes into the head of a file differs each time.
    """
    return {
        str(path.relative_to(release.path)): path.read_bytes()
        for path in sorted(release.path.rglob("*"))
        if path.is_file() and path.parent.name != "store" and path.name != COLUMNS
    }
