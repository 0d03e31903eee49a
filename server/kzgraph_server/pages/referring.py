"""What refers to a thing, by kind and in pages, with the values of figures.

The work is bounded, however often a thing is referred to: of each property so many links are read,
and where there are more, some of each graph, so that a few entries of one list are seen among the
hundreds of thousands of cells of one table. A page says where it does not have all.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import NamedNode, Quad

from kzgraph.iri import ID, ONTOLOGY, term
from kzgraph.namespaces import TYPE
from kzgraph.prefixes import shorten
from kzgraph.problem import Problem
from kzgraph_server.pages.figure_values import Value
from kzgraph_server.pages.kinds.look import Look, link_editor, list_properties
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.statement_tables import ENTAILED
from kzgraph_server.pages.views import View
from kzgraph_server.served import Served, compute_once, get_served

#: Links of one property that are read, and where there are more, of each of its graphs.
_MOST_OF_EACH, _MOST_OF_GRAPH = 500, 50
#: Things of a kind that the page of a thing lists, and of those that are folded away, without their
#: values, of which each is tens of statements to read; a page of one kind has `max_incoming`.
_FEW, _FEWEST = 5, 3
#: Kinds whose things have several classes: the class that all of them have.
_CLASSES = {"figure": "StatedFigure", "derived": "DerivedFigure"}
#: The kinds that a page lists before others, and after.
_FIRST, _LAST = (
    ("figure", "document"),
    ("derived", "official", "editorial", "evidence", "link", "other"),
)
#: An entailed link that leads to what no other link does.
_ABOUT = term("about")


@dataclass(frozen=True)
class Referrer:
    """A thing that refers to another.

    Attributes:
        view: the thing.
        value: its value, where it is a figure.
        properties: by which it refers to the other.
    """

    view: View
    value: Value | None
    properties: list[View]


@dataclass(frozen=True)
class Referring:
    """The things of one kind that refer to another.

    Attributes:
        kind: as a parameter of the page has it: `figure`, `official/unhcr-population`.
        title: what they are called together.
        total: how many were read; more where `Referrers.is_cut`.
        shown: those that the page lists.
    """

    kind: str
    title: View
    total: int
    shown: list[Referrer]


@dataclass(frozen=True)
class Referrers:
    """What refers to a thing.

    Attributes:
        stated: by kind, those that somebody says to have to do with it.
        entailed: by kind, those of which it only follows.
        is_cut: whether there are more than were read.
        query: the address of a query for all of them.
        chosen: the kind that the page lists alone; empty where it lists some of each.
        page: which page of these it is, from 1.
        pages: how many there are.
        quads: the statements by which those that are shown refer to it.
    """

    stated: list[Referring]
    entailed: list[Referring]
    is_cut: bool
    query: str
    chosen: str = ""
    page: int = 1
    pages: int = 1
    quads: Sequence[Quad] = ()


def list_referrers(look: Look, chosen: str = "", page: int = 1) -> Referrers:
    """What refers to a thing: some of each kind, or a page of those of one kind.

    Raises:
        Problem: 404, where there is no such page.
    """
    links, is_cut = _read(look)
    query = link_editor(
        "SELECT DISTINCT ?thing ?label WHERE {\n"
        f"  ?thing ?property {shorten(look.node.value)} .\n"
        '  OPTIONAL { ?thing rdfs:label ?label FILTER(LANG(?label) = "en") }\n'
        "}\nORDER BY ?thing\nLIMIT 10000\n"
    )
    stated: dict[str, dict[NamedNode, list[NamedNode]]] = {}
    entailed: dict[str, dict[NamedNode, list[NamedNode]]] = {}
    for subject, quads in sorted(links.items(), key=lambda each: _rank(each[0])):
        said = [quad.predicate for quad in quads if _is_stated(quad)]
        names = list(dict.fromkeys(said or (quad.predicate for quad in quads)))
        kinds = stated if said else entailed
        kinds.setdefault(_find_kind(subject), {})[subject] = names
    if not chosen:
        parts = [
            [_show(look, kind, found, 0, count, valued=valued) for kind, found in kinds.items()]
            for kinds, count, valued in ((stated, _FEW, True), (entailed, _FEWEST, False))
        ]
        quads = _pick(links, *parts[0], *parts[1])
        return Referrers(parts[0], parts[1], is_cut, query, quads=quads)
    found = {**entailed.get(chosen, {}), **stated.get(chosen, {})}
    size = get_served().settings.max_incoming
    pages = -(-len(found) // size)
    if not 1 <= page <= pages:
        raise Problem(404, "Nothing of this kind refers to the thing, or not as much.")
    shown = _show(look, chosen, found, (page - 1) * size, size)
    return Referrers([shown], [], is_cut, query, chosen, page, pages, _pick(links, shown))


def _is_stated(quad: Quad) -> bool:
    graph = quad.graph_name
    return quad.predicate == _ABOUT or not isinstance(graph, NamedNode) or graph.value != ENTAILED


def _read(look: Look) -> tuple[dict[NamedNode, list[Quad]], bool]:
    """The links to a thing by subject, and whether there are more."""
    found: dict[NamedNode, list[Quad]] = {}
    is_cut = False
    for name in list_properties():
        quads = list(islice(_links(look, name), _MOST_OF_EACH + 1))
        if len(quads) > _MOST_OF_EACH:
            is_cut = True
            quads = [
                *quads[:_MOST_OF_EACH],
                *(
                    quad
                    for graph in _list_graphs()
                    for quad in islice(_links(look, name, graph), _MOST_OF_GRAPH)
                ),
            ]
        for quad in dict.fromkeys(quads):
            if isinstance(quad.subject, NamedNode):
                found.setdefault(quad.subject, []).append(quad)
    return found, is_cut


def _links(look: Look, name: NamedNode, graph: NamedNode | None = None) -> Iterator[Quad]:
    return look.store.quads_for_pattern(None, name, look.node, graph)


def _list_graphs() -> tuple[NamedNode, ...]:
    return compute_once(_find_graphs)


def _find_graphs(now: Served) -> tuple[NamedNode, ...]:
    return tuple(each for each in now.store.named_graphs() if isinstance(each, NamedNode))


def _rank(node: NamedNode) -> tuple[int, str]:
    """Figures first; what only helps, and the cells of tables, last."""
    kind = _find_kind(node).partition("/")[0]
    if kind in _FIRST:
        return _FIRST.index(kind) - len(_FIRST), node.value
    return _LAST.index(kind) + 1 if kind in _LAST else 0, node.value


def _find_kind(node: NamedNode) -> str:
    """The kind of a thing by its path: of cells their table, of terms and others nothing."""
    if not node.value.startswith(ID):
        return "other"
    first, _slash, rest = node.value[len(ID) :].partition("/")
    return f"{first}/{rest.partition('/')[0]}" if first == "official" and "/" in rest else first


def _pick(links: Mapping[NamedNode, list[Quad]], *shown: Referring) -> list[Quad]:
    """The statements of those that are shown, by which it is known whose data a page has."""
    nodes = {each.view.iri for part in shown for each in part.shown}
    return [quad for node, quads in links.items() if node.value in nodes for quad in quads]


def _show(
    look: Look,
    kind: str,
    found: dict[NamedNode, list[NamedNode]],
    start: int,
    count: int,
    *,
    valued: bool = True,
) -> Referring:
    shown = [
        Referrer(
            look.viewer.named(subject),
            look.values.read(subject) if valued else None,
            [look.viewer.named(name) for name in names],
        )
        for subject, names in islice(found.items(), start, start + count)
    ]
    return Referring(kind, _name_kind(look, kind, next(iter(found))), len(found), shown)


def _name_kind(look: Look, kind: str, example: NamedNode) -> View:
    """What things of a kind are called: as their class, or as their table."""
    if kind in _CLASSES:
        return look.viewer.named(term(_CLASSES[kind]))
    if kind == "other":
        return View(_("Other things"))
    first, _slash, table = kind.partition("/")
    if table and (names := look.viewer.names(NamedNode(f"{ID}dataset/{table}"))):
        return View(names[0].value, language=names[0].language)
    quads = look.store.quads_for_pattern(example, TYPE, None, None)
    counts = compute_once(_count_classes)
    classes = {quad.object for quad in quads if isinstance(quad.object, NamedNode)}
    narrow = min(
        classes,
        # Those of the project have labels; the one that the fewest things have tells most. What
        # is not counted, such as schema:Thing, is of others and tells least.
        key=lambda each: (
            not each.value.startswith(ONTOLOGY),
            counts.get(each.value, sys.maxsize),
        ),
        default=None,
    )
    return look.viewer.named(narrow) if narrow else View(first)


def _count_classes(now: Served) -> dict[str, int]:
    """How many things are of each class."""
    return {each.term: each.entities for each in now.statistics.classes}
