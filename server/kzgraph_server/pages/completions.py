"""`/sparql/completions`: the names that the editor of queries proposes, as JSON.

Classes, properties and what goes with what come from the numbers of the release and its VoID
partitions; things come from the store, those of one prefix at a time. All are small and never
change.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from flask import Blueprint, Response, jsonify
from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import ID, graph
from kzgraph.namespaces import RDFS, SKOS, TYPE, VOID
from kzgraph.prefixes import PREDECLARED, shorten
from kzgraph.problem import Problem
from kzgraph_server.pages.language import get_language, in_languages, order_languages
from kzgraph_server.pages.views import Viewer
from kzgraph_server.served import Served, compute_once, get_served

blueprint = Blueprint("completions", __name__)

#: So many values of a property are looked at, of what may be millions.
_SAMPLE = 30
#: So many things of a prefix are proposed. Codes are fewer; figures and cells are looked for.
_MOST_THINGS = 2_000
#: So many triples are looked through for them.
_MOST_TRIPLES = 50_000
_METADATA = graph("metadata")
_DEFINITIONS = (SKOS["definition"], RDFS["comment"])
_KEPT = {"Cache-Control": "public, max-age=300"}


@blueprint.get("/sparql/completions")
@in_languages
def vocabulary() -> Response:
    """The prefixes, and the classes and properties with their labels and what goes with what."""
    return _answer(compute_once(_vocabulary, get_language()))


@blueprint.get("/sparql/completions/<prefix>")
@in_languages
def things(prefix: str) -> Response:
    """The things that have a prefix of their own, with their labels.

    Raises:
        Problem: 404, there is no such prefix.
    """
    if prefix not in PREDECLARED:
        raise Problem(404, "No prefix of this name is declared; /sparql/completions lists them.")
    viewer = Viewer(get_served().store)
    nodes = compute_once(_things).get(prefix, ())[:_MOST_THINGS]
    found = [{"name": shorten(each.value), "label": _label(viewer, each)} for each in nodes]
    return _answer(sorted(found, key=lambda each: (each["label"].casefold(), each["name"])))


def _answer(content: Any) -> Response:
    response = jsonify(content)
    response.headers.update(_KEPT)
    return response


def _vocabulary(now: Served) -> dict[str, Any]:
    counts, store = now.statistics, now.store
    used = [NamedNode(each.term) for each in counts.properties]
    values = {shorten(each.value): _prefixes_of(store, each) for each in used}
    return {
        "prefixes": dict(PREDECLARED),
        "classes": _terms(store, ((each.term, each.entities) for each in counts.classes)),
        "properties": _terms(store, ((each.term, each.triples) for each in counts.properties)),
        "uses": _uses(store),
        "values": {name: found for name, found in values.items() if found},
    }


def _terms(store: Store, counted: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    """Classes or properties that a query can write with a prefix, those used most first."""
    viewer = Viewer(store)
    found = []
    for iri, count in sorted(counted, key=lambda each: (-each[1], each[0])):
        name, node = shorten(iri), NamedNode(iri)
        if not name.startswith("<"):
            label, about = _label(viewer, node), _definition(store, node)
            found.append({"name": name, "label": label, "about": about, "count": count})
    return found


def _label(viewer: Viewer, node: NamedNode) -> str:
    return next((each.value for each in viewer.names(node)), "")


def _definition(store: Store, node: NamedNode) -> str:
    """What a term means, in the language of the page or else in English."""
    found: dict[str, str] = {}
    for name in _DEFINITIONS:
        for quad in store.quads_for_pattern(node, name, None, None):
            if isinstance(quad.object, Literal):
                found.setdefault(quad.object.language or "", quad.object.value)
    return next((found[each] for each in order_languages(get_language()) if each in found), "")


def _uses(store: Store) -> dict[str, list[str]]:
    """The properties that members of each class have, those used most first: VoID's partitions.

    https://www.w3.org/TR/void/#class-property-partitions. Releases that were kept from before they
    were counted have none.
    """
    counted: dict[str, list[tuple[int, str]]] = {}
    for quad in store.quads_for_pattern(None, VOID["propertyPartition"], None, _METADATA):
        of_class, name = (
            _value(store, quad.subject, "class"),
            _value(store, quad.object, "property"),
        )
        if name != TYPE.value:
            triples = int(_value(store, quad.object, "triples") or 0)
            counted.setdefault(shorten(of_class), []).append((-triples, shorten(name)))
    return {of_class: [name for _, name in sorted(found)] for of_class, found in counted.items()}


def _value(store: Store, part: Any, name: str) -> str:
    """What VoID says with `name` of a part of the data set; nothing if it does not."""
    quads = store.quads_for_pattern(part, VOID[name], None, _METADATA)
    values = (each.object for each in quads)
    return next((each.value for each in values if isinstance(each, NamedNode | Literal)), "")


def _prefixes_of(store: Store, name: NamedNode) -> list[str]:
    """The prefixes of the kinds of things that values of a property are."""
    found: Counter[str] = Counter()
    for quad in islice(store.quads_for_pattern(None, name, None, None), _SAMPLE):
        if isinstance(quad.object, NamedNode) and (prefix := _kind(quad.object.value)):
            found[prefix] += 1
    return [prefix for prefix, _ in found.most_common()]


def _kind(iri: str) -> str | None:
    """The prefix of a thing's own kind; None for what has none."""
    prefix = shorten(iri).partition(":")[0]
    return prefix if iri.startswith(ID) and prefix in PREDECLARED else None


def _things(now: Served) -> dict[str, list[NamedNode]]:
    """The things by their prefix: all members of the classes that are not too large."""
    found: dict[str, dict[NamedNode, None]] = {}
    for node in _members(now):
        if (prefix := _kind(node.value)) is not None:
            found.setdefault(prefix, {})[node] = None
    return {prefix: list(nodes) for prefix, nodes in found.items()}


def _members(now: Served) -> Iterator[NamedNode]:
    left = _MOST_TRIPLES
    for each in sorted(now.statistics.classes, key=lambda each: each.entities):
        left -= each.entities
        if left < 0:
            return
        for quad in now.store.quads_for_pattern(None, TYPE, NamedNode(each.term), None):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject
