"""The addresses of lists."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kzgraph.iri import GRAPH, ONTOLOGY, graph, is_path, thing
from kzgraph.licences import name_licence
from kzgraph.namespaces import SKOS, TYPE
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.pages.browse.cell_tables import show_table
from kzgraph_server.pages.browse.facets import FACETS
from kzgraph_server.pages.browse.list_names import (
    OfficialTable,
    address_class,
    address_graph,
    address_scheme,
    list_tables,
    name_class,
    read_class,
)
from kzgraph_server.pages.browse.list_pages import show_list
from kzgraph_server.pages.browse.members import Pattern
from kzgraph_server.pages.language import get_language, in_languages
from kzgraph_server.pages.views import View, Viewer, sorted_views
from kzgraph_server.served import Served, compute_once, get_served

blueprint = Blueprint("browse", __name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list on the page of lists: what it is of, its address, and how much is in it."""

    view: View
    href: str | None
    count: int
    more: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Lists:
    """All lists of a release."""

    documents: list[Listed]
    tables: list[OfficialTable]
    own: list[Listed]
    others: list[Listed]
    schemes: list[Listed]
    graphs: list[Listed]


@blueprint.get("/browse/")
@in_languages
def index() -> str:
    """The page of all lists."""
    set_rights(get_licensing().whole)
    return render_template(
        "browse/index.html",
        lists=compute_once(_list_all, get_language()),
        name_licence=name_licence,
    )


@blueprint.get("/browse/class/<name>")
@in_languages
def of_class(name: str) -> Response:
    """The things of a class."""
    node = read_class(name)
    counts = {each.term: each.entities for each in get_served().statistics.classes}
    if node is None or node.value not in counts:
        raise Problem(
            404, "The release has nothing of a class with this name; /browse/ lists them."
        )
    facets = [each for each in FACETS if each.name != "class"]

    def address(**parameters: object) -> str:
        return url_for("browse.of_class", name=name, **parameters)  # type: ignore[arg-type]

    page = show_list(Pattern(TYPE, node), facets, address)
    viewer = Viewer(get_served().store)
    return _answer(
        "browse/list.html",
        title=viewer.named(node),
        node=viewer.plain(node),
        kind="class",
        count=counts[node.value],
        page=page,
    )


@blueprint.get("/browse/graph/<name>")
@in_languages
def of_graph(name: str) -> Response:
    """The things that a named graph speaks of."""
    counts = {each.term: each for each in get_served().statistics.graphs}
    known = counts.get(GRAPH + name) if is_path(name) and "/" not in name else None
    if known is None:
        raise Problem(404, "The release has no current graph of this name; /browse/ lists them.")
    tables = {each.graph: key for key, each in list_tables(get_served().release).items()}

    def address(**parameters: object) -> str:
        return url_for("browse.of_graph", name=name, **parameters)  # type: ignore[arg-type]

    node = graph(name)
    page = show_list(Pattern(graph=node), FACETS, address)
    return _answer(
        "browse/list.html",
        title=_title_of_graph(name, Viewer(get_served().store)),
        node=Viewer(get_served().store).plain(node),
        kind="graph",
        count=known.triples,
        page=page,
        table=url_for("browse.of_table", name=tables[name]) if name in tables else None,
    )


@blueprint.get("/browse/scheme/<name>")
@in_languages
def of_scheme(name: str) -> Response:
    """The codes of a concept scheme."""
    store = get_served().store
    node = thing("scheme", name) if is_path(name) else None
    if node is None or not Pattern(TYPE, SKOS["ConceptScheme"]).holds(store, node):
        raise Problem(404, "The release has no code list of this name; /browse/ lists them.")
    facets = [each for each in FACETS if each.name != "scheme"]

    def address(**parameters: object) -> str:
        return url_for("browse.of_scheme", name=name, **parameters)  # type: ignore[arg-type]

    page = show_list(Pattern(SKOS["inScheme"], node), facets, address)
    viewer = Viewer(store)
    return _answer(
        "browse/list.html",
        title=viewer.named(node),
        node=viewer.plain(node),
        kind="scheme",
        count=None,
        page=page,
    )


@blueprint.get("/browse/table/<name>")
@in_languages
def of_table(name: str) -> BaseResponse:
    """The numbers of an official table; the name of its graph leads to that of the table."""
    tables = list_tables(get_served().release)
    entry = tables.get(name)
    if entry is None:
        known = next((key for key, each in tables.items() if each.graph == name), None)
        if known is not None:
            # As they were sent: some names of parameters have a meaning of their own for `url_for`.
            query = request.query_string.decode("latin-1")
            address_of_table = url_for("browse.of_table", name=known)
            return redirect(f"{address_of_table}?{query}" if query else address_of_table, 302)
        raise Problem(404, "The release has no current table of this name; /browse/ lists them.")

    def address(**parameters: object) -> str:
        return url_for("browse.of_table", name=name, **parameters)  # type: ignore[arg-type]

    table = show_table(entry, address)
    viewer = Viewer(get_served().store)
    data_set = thing("dataset", entry.kind)
    return _answer(
        "browse/table.html",
        crawled=False,
        entry=entry,
        licence=name_licence(entry.licence),
        data_set=viewer.named(data_set),
        graph=viewer.plain(graph(entry.graph)),
        things=url_for("browse.of_graph", name=entry.graph),
        table=table,
    )


def _answer(template: str, crawled: bool = True, **values: object) -> Response:
    """A page, which search engines leave out where it is one of countless cuts of a list."""
    set_rights(get_licensing().whole)
    crawled = crawled and not request.query_string
    text = render_template(template, crawled=crawled, **values)
    response = Response(text, content_type=HTML.content_type)
    if not crawled:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _title_of_graph(name: str, viewer: Viewer) -> View:
    """What a graph is called: as its document or its file is, else by its name."""
    entries = {each.name: each for each in get_served().release.sources}
    if name in entries:
        return View(entries[name].title, language="en")
    document = thing("document", name)
    named = viewer.named(document)
    return named if viewer.names(document) else View(name)


def _list_all(now: Served) -> Lists:
    viewer, numbers = Viewer(now.store), now.statistics
    classes = [
        Listed(viewer.named(node), address_class(node), each.entities, text=name_class(node) or "")
        for each in numbers.classes
        if each.example is not None and (node := NamedNode(each.term))
    ]
    classes.sort(key=lambda each: (-each.count, each.view.text))
    own = [each for each in classes if (each.view.iri or "").startswith(ONTOLOGY)]
    sources = {GRAPH + each.name for each in now.release.sources}
    facts = {GRAPH + each.document.rpartition("/")[2]: each for each in numbers.coverage}
    graphs, documents = [], []
    for each in numbers.graphs:
        node = NamedNode(each.term)
        name = each.term.removeprefix(GRAPH)
        listed = Listed(
            _title_of_graph(name, viewer),
            address_graph(node),
            facts[each.term].facts if each.term in facts else each.triples,
            each.subjects,
            name,
        )
        if each.term in facts:
            documents.append(listed)
        elif each.term not in sources:
            graphs.append(listed)
    schemes = []
    for scheme in Pattern(TYPE, SKOS["ConceptScheme"]).read(now.store):
        count = sum(1 for _each in Pattern(SKOS["inScheme"], scheme).read(now.store))
        name = scheme.value.rpartition("/")[2]
        schemes.append(Listed(viewer.named(scheme), address_scheme(scheme), count, text=name))
    order = {id(each): at for at, each in enumerate(sorted_views(each.view for each in schemes))}
    schemes.sort(key=lambda each: order[id(each.view)])
    return Lists(
        documents,
        list(list_tables(now.release).values()),
        own,
        [each for each in classes if each not in own],
        schemes,
        graphs,
    )
