"""Whose data each file of a release has, and under which licence.

The licence and the attribution of a source stand in its graph, so in every file that has the graph.
What is computed from sources, and what is compared with them, names them too. For the files that
have no room for it, such as tables, they stand in one text beside them, and the manifest has the
licences of each file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import Literal, Quad

from kzgraph.iri import BASE, GRAPH, graph
from kzgraph.licences import OWN, name_licence
from kzgraph.namespaces import DCT, SCHEMA
from kzgraph.release.concordance_table import FILES
from kzgraph.release.dumps import ATTRIBUTION, DUMPS, STEM, File
from kzgraph.sources.source_entries import SourceEntry
from kzgraph.sparql.origins import MADE_FROM

_HEAD = """\
kzgraph, release {version}: whose data this is, and under which licence

What documents state, what the project computes, and the selection as a whole:
  Licence: {name}, {iri}
  Attribution: {creator}
"""
_SOURCES = """
The release holds data of the sources below, each under its own licence. Whoever passes on a file
that has them names whom each asks to be named.
"""


def cite_rights(version: str, sources: Iterable[SourceEntry]) -> tuple[str, str, str]:
    """Under which licence a release is as a whole: name, SPDX identifier and IRI.

    Where its data are under several, it is under none of them, and the address is that of the text
    that says which data are under which.

    Args:
        version: of the release.
        sources: of the release.
    """
    if {each.licence for each in sources if each.current} <= {OWN.iri}:
        return OWN.name, OWN.spdx, OWN.iri
    name = f"{OWN.name}, and for official data the licences of their sources"
    return name, "", f"{BASE}releases/{version}/{DUMPS}/{ATTRIBUTION}"


def find_sources(file: File, sources: Iterable[SourceEntry]) -> list[SourceEntry]:
    """The sources whose numbers a file has.

    Args:
        file: of the release.
        sources: all of the release.
    """
    if file.sources:
        return [each for each in sources if each.name in file.sources]
    name = file.graph.removeprefix(GRAPH)
    if file.whole or name in MADE_FROM or file.name in FILES:
        return [each for each in sources if each.current]
    return [each for each in sources if each.name == name]


def add_licences(file: File, sources: Sequence[SourceEntry]) -> File:
    """`file` with the licences of what is in it."""
    carried = find_sources(file, sources)
    own = not any(file.graph == GRAPH + each.name for each in carried)
    iris = {*(each.licence for each in carried), *([OWN.iri] if own else [])}
    return replace(file, licences=tuple(sorted(iris)))


def credit_sources(names: Iterable[str], sources: Sequence[SourceEntry]) -> Iterator[Quad]:
    """What the graphs called `names` say in themselves of the sources that they are made from."""
    for name in names:
        if name in MADE_FROM:
            node = graph(name)
            for each in sources:
                if each.current:
                    yield Quad(node, DCT["source"], graph(each.name), node)
                    yield Quad(node, SCHEMA["creditText"], Literal(each.attribution), node)


def write_attribution(
    version: str, creator: str, sources: Sequence[SourceEntry], files: Iterable[File] = ()
) -> bytes:
    """The text on the data of a release.

    Args:
        version: of the release.
        creator: of the release.
        sources: all of the release, those among them that no plain query meets.
        files: of the release; those that say whose numbers they have are named.
    """
    head = _HEAD.format(version=version, name=OWN.name, iri=OWN.iri, creator=creator)
    parts = [head, *([_SOURCES] if sources else [])]
    stems = dict.fromkeys(name.partition(".")[0] for name in sorted(FILES))
    made = ", ".join(
        [*(f"graphs/{name}.*" for name in MADE_FROM), *(f"{stem}.*" for stem in stems)]
    )
    tables: dict[str, list[str]] = {}
    for file in files:
        for name in file.sources:
            tables.setdefault(name, []).append(file.name)
    for each in sorted(sources, key=lambda each: each.name):
        whole = f"{STEM}.*, " if each.current else ""
        with_tables = "".join(f", {name}" for name in sorted(tables.get(each.name, ())))
        facts = {
            "Licence": f"{name_licence(each.licence)}, {each.licence}",
            "Attribution": each.attribution,
            "Published at": each.url,
            "Extracted on": each.date,
            "SHA-256 of the file": each.sha256,
            "Extract of the file with SHA-256": each.whole,
            "Graph": f"{GRAPH}{each.name}",
            f"Files below {DUMPS}/": f"{whole}graphs/{each.name}.*{with_tables}",
            "Files that may be made from it": made if each.current else "",
        }
        lines = [f"  {name}: {_one_line(value)}" for name, value in facts.items() if value]
        parts.append("\n".join(["", _one_line(each.title), *lines, ""]))
    return "".join(parts).encode()


def _one_line(text: str) -> str:
    return " ".join(text.split())
