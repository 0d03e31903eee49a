"""`/ontology`: the vocabulary, as RDF or as a list of its terms."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import ONTOLOGY, graph
from kzgraph.namespaces import OWL, RDF, RDFS, SKOS, TYPE
from kzgraph.problem import Problem
from kzgraph.rdf.formats import HTML, TRIPLE_FORMATS
from kzgraph_server.negotiate import negotiate
from kzgraph_server.pages.downloads import list_formats, send_graph
from kzgraph_server.pages.language import in_languages
from kzgraph_server.pages.views import View, Viewer, sorted_views
from kzgraph_server.served import get_served

_DEFINITIONS = (SKOS["definition"], RDFS["comment"])
_CLASSES = (OWL["Class"], RDFS["Class"])
_PROPERTIES = (
    OWL["ObjectProperty"],
    OWL["DatatypeProperty"],
    OWL["AnnotationProperty"],
    RDF["Property"],
)
_RELATIONS = (
    RDFS["subClassOf"],
    RDFS["subPropertyOf"],
    OWL["inverseOf"],
    RDFS["domain"],
    RDFS["range"],
)

blueprint = Blueprint("ontology", __name__)


@blueprint.get("/ontology/<version>")
def show_version(version: str) -> Response:
    """The vocabulary by its version IRI; a release holds one version."""
    node = NamedNode(ONTOLOGY.rstrip("#"))
    stated = get_served().store.quads_for_pattern(node, OWL["versionIRI"], None, None)
    if f"{node.value}/{version}" not in [getattr(quad.object, "value", "") for quad in stated]:
        raise Problem(404, "This release holds another version of the vocabulary.")
    return show()


@dataclass(frozen=True)
class Entry:
    """A term of the vocabulary on the page; `anchor` is its name, so that `#name` finds it."""

    anchor: str
    view: View
    names: list[Literal]
    definition: Literal | None
    relations: list[tuple[View, list[View]]]


@blueprint.get("/ontology")
@in_languages
def show() -> Response:
    """The vocabulary in the format that Accept or `?format=` asks for."""
    now = get_served()
    name = graph("ontology").value
    chosen = negotiate((*list_formats(name), HTML))
    if chosen.format is not HTML:
        return send_graph(name, chosen)
    viewer = Viewer(now.store)
    text = render_template(
        "ontology.html",
        sections=[
            ("Classes", _entries(now.store, viewer, _CLASSES)),
            ("Properties", _entries(now.store, viewer, _PROPERTIES)),
            ("Datatypes", _entries(now.store, viewer, (RDFS["Datatype"],))),
        ],
        formats=TRIPLE_FORMATS,
    )
    return Response(text, content_type=HTML.content_type)


def _entries(store: Store, viewer: Viewer, classes: tuple[NamedNode, ...]) -> list[Entry]:
    """The project's own terms that are instances of one of `classes`, sorted by name."""
    found = {
        quad.subject
        for each in classes
        for quad in store.quads_for_pattern(None, TYPE, each, graph("ontology"))
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ONTOLOGY)
    }
    return [
        _entry(store, viewer, node)
        for node in sorted(found, key=lambda node: node.value.casefold())
    ]


def _entry(store: Store, viewer: Viewer, node: NamedNode) -> Entry:
    relations = []
    for relation in _RELATIONS:
        # Restrictions and lists are blank nodes; they are in the RDF, not on the page.
        targets = {
            quad.object
            for quad in store.quads_for_pattern(node, relation, None, graph("ontology"))
            if isinstance(quad.object, NamedNode)
        }
        if targets:
            shown = sorted_views(viewer.plain(each) for each in targets)
            relations.append((View(relation.value.rpartition("#")[2]), shown))
    return Entry(
        anchor=node.value[len(ONTOLOGY) :],
        view=viewer.plain(node),
        names=viewer.names(node),
        definition=_definition(store, node),
        relations=relations,
    )


def _definition(store: Store, node: NamedNode) -> Literal | None:
    for predicate in _DEFINITIONS:
        for quad in store.quads_for_pattern(node, predicate, None, None):
            if isinstance(quad.object, Literal) and quad.object.language in (None, "en"):
                return quad.object
    return None
