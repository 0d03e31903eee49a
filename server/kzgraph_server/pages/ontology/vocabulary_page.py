"""The views of `/ontology`."""

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, render_template, request, url_for
from pyoxigraph import NamedNode

from kzgraph.iri import ID, ONTOLOGY, graph, is_path
from kzgraph.namespaces import OWL, RDFS, SKOS, TYPE
from kzgraph.prefixes import shorten
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, TRIPLE_FORMATS
from kzgraph_server.licensing import get_licensing, set_rights
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.downloads import list_formats, send_graph
from kzgraph_server.pages.language import get_language, in_languages
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.ontology.class_diagram import Class, Diagram, choose_lines, draw_classes
from kzgraph_server.pages.ontology.term_shapes import read_rules
from kzgraph_server.pages.ontology.vocabulary_terms import (
    CLASSES,
    DATATYPES,
    PROPERTIES,
    Entry,
    Reader,
)
from kzgraph_server.pages.views import View, Viewer
from kzgraph_server.served import Served, compute_once, get_served

#: Letters of a filter that are read.
_LONGEST = 200

blueprint = Blueprint("ontology", __name__)


@dataclass(frozen=True)
class CodeList:
    """A list of codes: its name in addresses, how many it has, and where they are listed."""

    name: str
    view: View
    count: int
    listing: str


@dataclass(frozen=True)
class Vocabulary:
    """All that the page shows, in one language.

    Attributes:
        sections: the anchor and heading of each, and its terms.
        diagram: the classes as a picture.
        code_lists: in order of their names.
        others: the terms of other vocabularies that are in use, with how often.
    """

    sections: list[tuple[str, str, list[Entry]]]
    diagram: Diagram
    code_lists: list[CodeList]
    others: list[tuple[View, int]]


@blueprint.get("/ontology/<version>")
def show_version(version: str) -> Response:
    """The vocabulary by its version IRI; a release holds one version."""
    node = NamedNode(ONTOLOGY.rstrip("#"))
    stated = get_served().store.quads_for_pattern(node, OWL["versionIRI"], None, None)
    if f"{node.value}/{version}" not in [getattr(quad.object, "value", "") for quad in stated]:
        raise Problem(404, "This release holds another version of the vocabulary.")
    return show()


@blueprint.get("/ontology")
@in_languages
def show() -> Response:
    """The vocabulary in the format that Accept or `?format=` asks for, or its page.

    The page has the terms that contain each word of `?q=`, where that is given.
    """
    name = graph("ontology").value
    chosen = negotiate((*list_formats(name), HTML))
    if chosen.format is not HTML:
        return send_graph(name, chosen)
    set_rights(get_licensing().whole)  # An example may be what official data say.
    vocabulary = compute_once(read_vocabulary, get_language())
    asked = request.args.get("q", "")[:_LONGEST].strip()
    words = asked.casefold().split()
    sections = [
        (anchor, heading, [each for each in entries if each.has(words)])
        for anchor, heading, entries in vocabulary.sections
    ]
    text = render_template(
        "ontology/show.html",
        asked=asked,
        found=sum(len(entries) for *_, entries in sections),
        sections=sections,
        vocabulary=vocabulary,
        formats=TRIPLE_FORMATS,
    )
    return Response(text, content_type=HTML.content_type)


def read_vocabulary(now: Served) -> Vocabulary:
    """The vocabulary of the release in the language of the page."""
    viewer = Viewer(now.store)
    reader = Reader(now, viewer, read_rules(now.store, viewer))
    classes, properties, datatypes = map(reader.read, (CLASSES, PROPERTIES, DATATYPES))
    for entry in classes:
        if entry.count:
            entry.listing = list_class(entry.anchor)
    for entry in properties:
        if entry.count:
            query = f"SELECT ?thing ?value WHERE {{ ?thing kzg:{entry.anchor} ?value }}"
            entry.listing = url_for("sparql.page", query=f"{query}\nLIMIT 100")
    return Vocabulary(
        [
            ("classes", _("Classes"), classes),
            ("properties", _("Properties"), properties),
            ("datatypes", _("Datatypes"), datatypes),
        ],
        _draw(now, viewer, classes, properties),
        list(_read_code_lists(now, viewer)),
        reader.read_others(),
    )


def list_class(name: str) -> str:
    """Where the things of a class of the project are listed."""
    if "browse.of_class" in current_app.view_functions:
        return url_for("browse.of_class", name=name)
    return url_for("sparql.page", query=f"SELECT ?thing WHERE {{ ?thing a kzg:{name} }}\nLIMIT 100")


def _draw(now: Served, viewer: Viewer, classes: list[Entry], properties: list[Entry]) -> Diagram:
    """The picture of the classes, and of the properties that say between which they are."""

    def objects(node: NamedNode, predicate: NamedNode) -> list[str]:
        quads = now.store.quads_for_pattern(node, predicate, None, graph("ontology"))
        found = (quad.object for quad in quads)
        return sorted(each.value for each in found if isinstance(each, NamedNode))

    drawn = {
        each.node.value: Class(
            each.node.value,
            each.anchor,
            View(each.label.text, each.node.value, f"#{each.anchor}", each.label.language),
            tuple(objects(each.node, RDFS["subClassOf"])),
        )
        for each in classes
    }
    related = [
        (
            each.anchor,
            View(each.label.text, each.node.value, f"#{each.anchor}", each.label.language),
            objects(each.node, RDFS["domain"]),
            objects(each.node, RDFS["range"]),
        )
        for each in properties
    ]
    # Codes are the values of half of the properties: lines to them would tell nothing.
    targets = {
        to for _, _, domains, ranges in related
        if any(each in drawn for each in domains)
        for to in ranges
        if to not in drawn and to != SKOS["Concept"].value and _is_class(now, to)
    }  # fmt: skip
    for iri in sorted(targets):
        drawn[iri] = Class(iri, shorten(iri), viewer.plain(NamedNode(iri)), own=False)
    return draw_classes(list(drawn.values()), choose_lines(related, drawn))


def _is_class(now: Served, iri: str) -> bool:
    """Whether a term of another vocabulary is declared as a class."""
    quads = now.store.quads_for_pattern(NamedNode(iri), TYPE, OWL["Class"], graph("ontology"))
    return any(True for _ in quads)


def _read_code_lists(now: Served, viewer: Viewer) -> list[CodeList]:
    """The code lists of the release."""
    found = []
    for quad in now.store.quads_for_pattern(None, TYPE, SKOS["ConceptScheme"], None):
        node = quad.subject
        if not isinstance(node, NamedNode) or not node.value.startswith(f"{ID}scheme/"):
            continue
        name = node.value.removeprefix(f"{ID}scheme/")
        if not is_path(name):
            continue
        codes = {
            each.subject for each in now.store.quads_for_pattern(None, SKOS["inScheme"], node, None)
        }
        has_list = "browse.of_scheme" in current_app.view_functions
        listing = (
            url_for("browse.of_scheme", name=name)
            if has_list
            else url_for("things.page", path=f"scheme/{name}")
        )
        found.append(CodeList(name, viewer.named(node), len(codes), listing))
    return sorted(found, key=lambda each: each.name)
