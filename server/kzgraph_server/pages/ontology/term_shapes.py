"""Which shapes constrain a term of the vocabulary, by what SHACL says of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kzgraph.iri import graph
from kzgraph.namespaces import RDF, SH, Term
from kzgraph.prefixes import shorten
from kzgraph_server.pages.language import get_language, order_languages
from kzgraph_server.pages.views import View, Viewer

_SHAPES = graph("shapes")
_PATH, _MESSAGE = SH["path"], SH["message"]
#: How a shape says whom it is about: https://www.w3.org/TR/shacl/#targets
_TARGETS = (SH["targetClass"], SH["targetSubjectsOf"], SH["targetObjectsOf"])
_STEPS = {SH["inversePath"]: "^", SH["zeroOrMorePath"]: "*", SH["oneOrMorePath"]: "+"}


@dataclass(frozen=True)
class Rule:
    """What a shape demands.

    Attributes:
        shape: its short name.
        message: what it says to whoever does otherwise.
        severity: Violation, Warning or Info.
        path: the property that it is about; None of a rule for the thing as a whole.
        targets: the classes that it is about.
    """

    shape: str
    message: View
    severity: str
    path: View | None
    targets: list[View]


def read_rules(store: Store, viewer: Viewer) -> Mapping[str, list[Rule]]:
    """The rules for each class and property, by its IRI, those of one path together."""
    found: dict[str, dict[str, Rule]] = defaultdict(dict)
    for shape, targets in _find_targets(store).items():
        views = [viewer.named(each) for each in targets]
        for rule, direct in _read_shape(store, viewer, shape, views):
            for each in targets:
                found[each.value].setdefault(rule.shape, rule)
            if direct is not None:
                found[direct.value].setdefault(rule.shape, rule)
    return {
        iri: sorted(rules.values(), key=lambda rule: (rule.path is not None, rule.shape))
        for iri, rules in found.items()
    }


def _find_targets(store: Store) -> dict[NamedNode, list[NamedNode]]:
    """The shapes that have targets: the classes, or the properties of what they are about."""
    found: dict[NamedNode, dict[NamedNode, None]] = defaultdict(dict)
    for target in _TARGETS:
        for quad in store.quads_for_pattern(None, target, None, _SHAPES):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                found[quad.subject][quad.object] = None
    return {shape: sorted(targets, key=lambda node: node.value) for shape, targets in found.items()}


def _read_shape(
    store: Store, viewer: Viewer, shape: NamedNode, targets: list[View]
) -> Iterator[tuple[Rule, NamedNode | None]]:
    """The rules of a node shape, each with the property that it constrains directly."""
    own = _objects(store, shape, _PATH)
    for each in [shape, *_objects(store, shape, SH["property"])]:
        if not isinstance(each, NamedNode):
            continue
        (path,) = _objects(store, each, _PATH)[:1] or (None,)
        path = path if path is not None else next(iter(own), None)
        direct = path if isinstance(path, NamedNode) else None
        shown = viewer.named(direct) if direct else View(write_path(store, path)) if path else None
        sources = [each, *_objects(store, each, SH["sparql"])]
        for source in sources:
            message = _choose_message(store, source)
            if message is not None and isinstance(source, NamedNode):
                name = source.value.rpartition("#")[2]
                severity = _read_severity(store, source, each, shape)
                yield Rule(name, message, severity, shown, targets), direct


def write_path(store: Store, path: Term | None) -> str:
    """A path as SPARQL writes it: https://www.w3.org/TR/shacl/#property-paths."""
    if isinstance(path, NamedNode):
        return shorten(path.value)
    if not isinstance(path, BlankNode):
        return ""
    for step, sign in _STEPS.items():
        for inner in _objects(store, path, step):
            text = write_path(store, inner)
            return f"^{text}" if sign == "^" else f"{text}{sign}"
    for inner in _objects(store, path, SH["alternativePath"]):
        return "|".join(write_path(store, each) for each in _list(store, inner))
    return "/".join(write_path(store, each) for each in _list(store, path))


def _list(store: Store, node: Term) -> Iterator[Term]:
    """The members of a list of RDF; a list that leads back to itself ends there."""
    seen = set()
    while isinstance(node, BlankNode) and node not in seen:
        seen.add(node)
        yield from _objects(store, node, RDF["first"])[:1]
        node = next(iter(_objects(store, node, RDF["rest"])), RDF["nil"])


def _choose_message(store: Store, node: Term) -> View | None:
    """The message of a shape in the language of the page, else in the next best."""
    said = {
        each.language or "": each.value
        for each in _objects(store, node, _MESSAGE)
        if isinstance(each, Literal)
    }
    for language in order_languages(get_language()):
        if language in said:
            return View(said[language], language=language or None)
    return None


def _read_severity(store: Store, *nodes: Term) -> str:
    """That of the first shape that has one; a violation where none has."""
    for node in nodes:
        for each in _objects(store, node, SH["severity"]):
            if isinstance(each, NamedNode):
                return each.value.rpartition("#")[2]
    return "Violation"


def _objects(store: Store, node: Term, predicate: NamedNode) -> list[Term]:
    if not isinstance(node, NamedNode | BlankNode):
        return []
    found = (quad.object for quad in store.quads_for_pattern(node, predicate, None, _SHAPES))
    return sorted(found, key=str)
