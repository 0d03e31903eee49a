"""A small release with a data set of its own licence, and a superseded vintage of it."""

from dataclasses import replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kzgraph.iri import graph, term, thing
from kzgraph.namespaces import DCT, LABEL, SCHEMA, TYPE
from kzgraph.rdf.content import Content
from kzgraph.release import Release
from kzgraph.release.contents import gather
from kzgraph.release.metadata import describe_release
from kzgraph.release.publish import write_folder
from kzgraph.sources.source_entries import SourceEntry, SourceGraph
from kzgraph.validation import Report

PDDL = "https://opendatacommons.org/licenses/pddl/1-0/"
NAME, OLD = "invented-0123456789ab", "invented-ba9876543210"
ENTRY = SourceEntry(
    NAME, "invented", "0" * 64, "An invented table", PDDL, "The inventor", "https://example.org/t",
    "2024-01-01", "", 2, 5, "1" * 64, (2019, 2020), packaged=False, current=True, replaced_by="",
)  # fmt: skip
SUPERSEDED = replace(
    ENTRY, name=OLD, sha256="2" * 64, date="2023-01-01", current=False, replaced_by=NAME,
    triples=4, graph_sha256="3" * 64,
)  # fmt: skip


def make_licensed_release(folder: Path) -> Release:
    """The release, in a new folder of `folder`."""
    place = thing("country", "KAZ")
    own = [
        Quad(place, LABEL, Literal("Kazakhstan", language="en"), graph("entities")),
        Quad(place, TYPE, SCHEMA["Country"], graph("entities")),
        Quad(place, SCHEMA["identifier"], Literal("KAZ"), graph("entities")),
        Quad(thing("derived", "d"), TYPE, term("DerivedFigure"), graph("computed")),
        Quad(thing("derived", "e"), TYPE, NamedNode("urn:x"), graph("entailed")),
    ]
    sources = [_write(ENTRY, folder, True), _write(SUPERSEDED, folder, False)]
    version, content = describe_release(Content(own), sources)
    write_folder(gather(content, sources), version, Report(()), folder / version)
    return Release(folder / version)


def _write(entry: SourceEntry, folder: Path, newer: bool) -> SourceGraph:
    node, figure = graph(entry.name), thing("official", "invented", "1")
    facts: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (node, DCT["license"], NamedNode(entry.licence)),
        (node, SCHEMA["creditText"], Literal(entry.attribution)),
        (node, DCT["title"], Literal(entry.title, language="en")),
        (figure, term("country"), thing("country", "KAZ")),
        *([(figure, term("officialValue"), Literal(5))] if newer else []),
    ]
    path = folder / f"{entry.name}.nq"
    path.write_text("".join(sorted(f"{s} {p} {o} {node} .\n" for s, p, o in facts)), "utf-8")
    return SourceGraph(entry, path)
