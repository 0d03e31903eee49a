"""What the page of downloads says of each file of a release: what it holds, and for whom it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kzgraph.iri import GRAPH
from kzgraph.namespaces import VOID
from kzgraph.rdf.formats import (
    GRAPH_FORMATS,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    TRIG,
    TURTLE,
    Format,
)
from kzgraph.release import MANIFEST
from kzgraph.release.concordance_table import TABLE as CONCORDANCE
from kzgraph.release.dump_tables import metadata_name, tagged_name
from kzgraph.release.dumps import ATTRIBUTION, STEM, SUMS, File
from kzgraph.release.hdx import HDX
from kzgraph.release.mapping_set import MAPPING_SET
from kzgraph.release.publish import CITATION
from kzgraph.release.statistics import STATISTICS
from kzgraph.tidy.file_tables import FOLDER, LIST
from kzgraph_server.pages.language import get_language
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.openapi.elements import N_
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.release_tables import get_tables
from kzgraph_server.served import Served

#: The tables among the files: what each holds, and for whom it is.
TABLES: Mapping[str, tuple[str, str]] = {
    CONCORDANCE: (
        N_("What official data say about each figure of the documents, and why they differ"),
        N_("For spreadsheets, R, pandas and DuckDB"),
    ),
    MAPPING_SET: (
        N_("The links to other data sets, as a mapping set of SSSOM"),
        N_("For those who join this data with other data"),
    ),
}
_DATA_SET = N_("The data set: each triple in its named graph")
_ONE_GRAPH = N_("All current triples in one graph")
#: The files of the whole data likewise.
_WHOLE: Mapping[Format, tuple[str, str]] = {
    TURTLE: (_ONE_GRAPH, N_("For most RDF tools, and to be read by people")),
    N_TRIPLES: (_ONE_GRAPH, N_("For programs that read line by line")),
    JSON_LD: (_ONE_GRAPH, N_("For programs that work with JSON")),
    RDF_XML: (_ONE_GRAPH, N_("For older RDF tools")),
    TRIG: (_DATA_SET, N_("To be read by people")),
    N_QUADS: (_DATA_SET, N_("For triple stores, and for programs that read line by line")),
}
#: What the other files hold.
_OTHERS = {
    "context.jsonld": N_("The context of JSON-LD"),
    SUMS: N_("The checksums of all files"),
    MANIFEST: N_("What the release is, file by file"),
    STATISTICS: N_("The numbers of the release"),
    CITATION: N_("How the release is cited"),
    HDX: N_("The description of the data for the Humanitarian Data Exchange"),
    ATTRIBUTION: N_("Whose data it is, and under which licences"),
}


@dataclass(frozen=True)
class FileRow:
    """A file of the release.

    Attributes:
        holds: what it holds; nothing where its name says it.
        readers: for whom it is; may be empty.
        file: as it is.
        packed: the same, compressed; None where there is none.
    """

    holds: str
    readers: str
    file: File
    packed: File | None = None


@dataclass(frozen=True)
class GraphRow:
    """A named graph.

    Attributes:
        name: of the graph.
        title: what it is, in words.
        triples: how many it has; None where the release does not say.
        files: each format with its file, and the same compressed.
    """

    name: str
    title: View
    triples: int | None
    files: Sequence[tuple[str, FileRow]]


@dataclass(frozen=True)
class Listing:
    """The files of a release, in the order of the page."""

    whole: Sequence[FileRow]
    tables: Sequence[FileRow]
    graphs: Sequence[GraphRow]
    superseded: Sequence[GraphRow]
    others: Sequence[FileRow]


def list_files(now: Served, files: Mapping[str, File]) -> Listing:
    """All files of the release, each once.

    Args:
        now: the release.
        files: its files by their names.
    """
    superseded = set(now.release.superseded)
    graphs = _list_graphs(now, files)
    whole = [
        FileRow(_(holds), _(readers), *_pair(files, f"{STEM}.{each.suffix}"))
        for each, (holds, readers) in _WHOLE.items()
        if _find(files, f"{STEM}.{each.suffix}")
    ]
    tables = [
        row
        for name, said in TABLES.items()
        if name in files
        for row in _list_table(files, name, said)
    ]
    tables += _list_data_sets(files)
    shown = {each.name for row in (*whole, *tables) for each in (row.file, row.packed) if each}
    rest = [each for each in files.values() if not each.graph and each.name not in shown]
    return Listing(
        whole,
        tables,
        [each for each in graphs if each.name not in superseded],
        [each for each in graphs if each.name in superseded],
        [FileRow(_(_OTHERS[each.name]) if each.name in _OTHERS else "", "", each) for each in rest],
    )


def _list_table(files: Mapping[str, File], name: str, said: tuple[str, str]) -> list[FileRow]:
    """A table, its variant with HXL hashtags, and the metadata of both."""
    holds, readers = _(said[0]), _(said[1])
    tagged = tagged_name(name)
    meant = _("What the columns of %(table)s mean, in three languages (CSVW)", table=name)
    rows = {
        name: (holds, readers),
        metadata_name(name): (meant, _("For programs that read CSVW")),
        tagged: (
            _("%(table)s with HXL hashtags in its second row", table=name),
            _("For tools of humanitarian data"),
        ),
        metadata_name(tagged): (
            _("What the columns of %(table)s mean, in three languages (CSVW)", table=tagged),
            _("For programs that read CSVW"),
        ),
    }
    return [FileRow(*said, files[each]) for each, said in rows.items() if each in files]


def _list_data_sets(files: Mapping[str, File]) -> list[FileRow]:
    """The tables of data sets: each file with what the table is called."""
    language = get_language()
    rows: dict[str, tuple[str, str]] = {}
    for each in get_tables().files.values():
        title = each.table.titles[language]
        rows |= {
            name: (title, _("For spreadsheets, R, pandas and DuckDB"))
            for name in (each.parquet, each.csv, *each.languages.values())
        }
        meant = _("What the columns of %(table)s mean, in three languages (CSVW)", table=each.csv)
        rows[each.metadata] = meant, _("For programs that read CSVW")
    rows[f"{FOLDER}/{LIST}"] = _("The list as JSON"), ""
    return [FileRow(*said, files[each]) for each, said in rows.items() if each in files]


def _list_graphs(now: Served, files: Mapping[str, File]) -> list[GraphRow]:
    viewer = Viewer(now.store)
    names = dict.fromkeys(
        each.graph.removeprefix(GRAPH) for each in files.values() if each.graph.startswith(GRAPH)
    )
    sources = {each.name: each for each in now.release.sources}
    rows = []
    for name in sorted(names):
        node = NamedNode(GRAPH + name)
        title, source = viewer.named(node), sources.get(name)
        if source is not None and not viewer.names(node):
            title = View(source.title, language="en")
        found = [
            (each.title, FileRow("", "", *_pair(files, f"graphs/{name}.{each.suffix}")))
            for each in GRAPH_FORMATS
            if _find(files, f"graphs/{name}.{each.suffix}")
        ]
        triples = source.triples if source is not None else _count(now, node)
        rows.append(GraphRow(name, title, triples, found))
    return rows


def _count(now: Served, node: NamedNode) -> int | None:
    for quad in now.store.quads_for_pattern(node, VOID["triples"], None, None):
        if isinstance(quad.object, Literal):
            return int(quad.object.value)
    return None


def _find(files: Mapping[str, File], name: str) -> File | None:
    """The file, or where there is none, what it is compressed."""
    return files.get(name) or files.get(f"{name}.gz")


def _pair(files: Mapping[str, File], name: str) -> tuple[File, File | None]:
    packed = files.get(f"{name}.gz")
    plain = files.get(name)
    if plain is not None:
        return plain, packed
    return files[f"{name}.gz"], None
