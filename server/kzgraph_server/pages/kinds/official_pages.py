"""Pages of official figures: a cell of a table, its line, and the documents that speak of it."""

from dataclasses import dataclass, replace
from itertools import islice

from flask import url_for
from pyoxigraph import Literal, NamedNode

from kzgraph.iri import GRAPH, is_source, term
from kzgraph.licences import name_licence
from kzgraph.namespaces import DCT, SCHEMA
from kzgraph.prefixes import PREFIXES
from kzgraph_server.pages.browse.list_names import list_tables
from kzgraph_server.pages.browse.table_cells import find_rows
from kzgraph_server.pages.figure_values import Value
from kzgraph_server.pages.kinds.agreement import Official, find_concordances
from kzgraph_server.pages.kinds.figure_pages import (
    FigurePage,
    describe_figure,
    make_figure,
    query_figure,
)
from kzgraph_server.pages.kinds.figure_words import write_sentence
from kzgraph_server.pages.kinds.look import Look, PageKind
from kzgraph_server.pages.paging import ROWS
from kzgraph_server.pages.views import View, is_web
from kzgraph_server.served import get_served

_ROW, _SHA = term("row"), term("sha256")
#: Cells of one row of a table that a page shows.
_MOST_OF_ROW = 50


@dataclass(frozen=True)
class SourceFile:
    """The file that an official figure is from.

    Attributes:
        graph: the graph of its data.
        title: what it is.
        address: where it is published.
        credit: who is to be named.
        licence: its licence, as a link.
        sha256: of its bytes.
        row: the line of the figure, from 1.
        place: where the line is in the table, as a page shows that.
        fragment: of the address of the line, by RFC 7111, section 2.
    """

    graph: View
    title: str
    address: View | None
    credit: str
    licence: View | None
    sha256: str
    row: str
    place: str
    fragment: str


@dataclass(frozen=True)
class OfficialPage:
    """What the page of an official figure shows.

    Attributes:
        figure: as the page of any figure has it.
        file: the file it is from.
        table: the table whose cell it is, where it is one.
        row: the other figures of its row.
        beside: concordances that name it, with the figures of documents.
    """

    figure: FigurePage
    file: SourceFile | None
    table: View | None
    row: list[Value]
    beside: list[Official]


def make_official(look: Look) -> OfficialPage:
    """What the page of an official figure shows."""
    graph = _find_graph(look)
    figure, table = make_figure(look), look.view(NamedNode(f"{PREFIXES['qb']}dataSet"))
    file = None if graph is None else _read_file(look, graph)
    title = table.text if table else file.title if file else ""
    return OfficialPage(
        figure=replace(figure, sentence=write_sentence(look, figure.value, title)),
        file=file,
        table=table,
        row=[] if graph is None else _list_row(look, graph),
        beside=find_concordances(look),
    )


def read_source_file(look: Look) -> SourceFile | None:
    """The file that an official figure is from; None of any other thing."""
    graph = _find_graph(look)
    return None if graph is None else _read_file(look, graph)


def _find_graph(look: Look) -> NamedNode | None:
    """The graph of a source that says something of a thing."""
    graphs = (quad.graph_name for quad in look.quads)
    return next(
        (
            each
            for each in graphs
            if isinstance(each, NamedNode) and is_source(each.value.removeprefix(GRAPH))
        ),
        None,
    )


def _list_row(look: Look, graph: NamedNode) -> list[Value]:
    """The other figures of the line of the file."""
    row = look.first(_ROW)
    if row is None:
        return []
    quads = islice(look.store.quads_for_pattern(None, _ROW, row, graph), _MOST_OF_ROW)
    # pyoxigraph 0.5.13 reads on past some integers: see `Pattern` in browse/members.py.
    alike = (quad.subject for quad in quads if quad.object == row)
    nodes = {subject for subject in alike if isinstance(subject, NamedNode)}
    return look.read_all(sorted(nodes - {look.node}, key=lambda each: each.value))


def _read_file(look: Look, graph: NamedNode) -> SourceFile:
    said = {
        name: next(iter(look.store.quads_for_pattern(graph, name, None, graph)), None)
        for name in (DCT["title"], SCHEMA["url"], SCHEMA["creditText"], DCT["license"], _SHA)
    }
    found = {name: quad.object for name, quad in said.items() if quad is not None}
    texts = {name: each.value for name, each in found.items() if isinstance(each, Literal)}
    licence, row = found.get(DCT["license"]), look.text(_ROW)
    address = found.get(SCHEMA["url"])
    where = address.value if isinstance(address, Literal | NamedNode) else ""
    return SourceFile(
        graph=replace(look.viewer.plain(graph), text=graph.value.removeprefix(GRAPH)),
        title=texts.get(DCT["title"], graph.value),
        address=View(where, where, where) if is_web(where) else None,
        credit=texts.get(SCHEMA["creditText"], ""),
        licence=_view_licence(licence.value) if isinstance(licence, NamedNode) else None,
        sha256=texts.get(_SHA, ""),
        row=row,
        place=_find_place(look, graph, row),
        fragment=f"#row={row}" if row.isdigit() else "",
    )


def _find_place(look: Look, graph: NamedNode, row: str) -> str:
    """The address of a line in the page of its table; empty where there is no such page."""
    release, name = get_served().release, graph.value.removeprefix(GRAPH)
    table = next((each for each in list_tables(release).values() if each.graph == name), None)
    if table is None or not (row.isascii() and row.isdigit()):
        return ""
    first, last = find_rows(look.store, graph, table.rows)
    if not first <= int(row) <= last:
        return ""
    number = (int(row) - first) // ROWS + 1
    return url_for("browse.of_table", name=table.name, page=number, _anchor=f"row-{int(row)}")


def _view_licence(iri: str) -> View:
    return View(name_licence(iri), iri, iri if is_web(iri) else None)


#: A page for each cell would be a hundred thousand pages to crawl, and a table says as much.
KINDS = (
    PageKind(
        term("OfficialFigure"), "things/official.html", make_official,
        lambda look, made: describe_figure(look, made.figure),
        lambda look, made: query_figure(look, made.figure),
        is_indexed=False,
    ),
)  # fmt: skip
