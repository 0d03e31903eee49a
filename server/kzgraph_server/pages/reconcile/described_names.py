"""What types, properties and things are called, in the language of the address."""

from collections.abc import Iterator
from typing import Any

from pyoxigraph import NamedNode, Store

from kzgraph.iri import ID, is_path, term, thing
from kzgraph.namespaces import ORG, SCHEMA
from kzgraph.reconciling import TYPES, Properties, Property, Type
from kzgraph.search import Hit, name_kind
from kzgraph_server.pages.kind_names import name_groups
from kzgraph_server.pages.language import NAMES
from kzgraph_server.pages.language import gettext as _
from kzgraph_server.pages.views import Viewer
from kzgraph_server.served import Served, compute_once, get_served

#: What tells things of one name apart.
_TELLING = (term("kind"), SCHEMA["containedInPlace"], ORG["unitOf"])
_BY_KIND = {kind: each for each in reversed(TYPES) for kind in each.kinds}


def get_properties() -> Properties:
    """The properties of the release."""
    return compute_once(_find_properties)


def _find_properties(served: Served) -> Properties:
    return Properties(served.store)


def describe_type(type_: Type) -> dict[str, Any]:
    """A type: section 2.2."""
    described: dict[str, Any] = {"id": type_.name, "name": name_groups()[type_.name]}
    broader = [each for each in TYPES if type_.name in each.narrower]
    if broader:
        described["broader"] = [describe_type(each) for each in broader]
    return described


def list_types(kind: str) -> list[dict[str, str]]:
    """The types of things of a kind, the narrowest first."""
    name = name_kind(NamedNode(kind))
    headings = name_groups()
    names = [each.name for each in TYPES if each.name == name or name in each.narrower]
    return [{"id": each, "name": headings[each]} for each in names]


def describe_property(each: Property, viewer: Viewer) -> dict[str, str]:
    """A property: section 2.3."""
    if each.language:
        return {"id": each.id, "name": f"{_('Name')} ({NAMES[each.language]})"}
    return {"id": each.id, "name": viewer.named(each.term).text}


def name_node(node: NamedNode, viewer: Viewer) -> str:
    """What a thing is called."""
    return viewer.named(node).text


def describe_node(node: NamedNode, viewer: Viewer, store: Store) -> str:
    """What kind of thing it is, where it is, and what it belongs to."""
    found: list[str] = []
    for predicate in _TELLING:
        objects = [q.object for q in store.quads_for_pattern(node, predicate, None, None)]
        names = sorted({viewer.named(each).text for each in objects if isinstance(each, NamedNode)})
        found += names[:1]
    return ", ".join(found)


def find_node(identifier: str) -> NamedNode | None:
    """The thing with an identifier, whether or not anything is said of it; None for none."""
    return thing(*identifier.split("/")) if is_path(identifier) else None


def other_names(hit: Hit, viewer: Viewer) -> Iterator[str]:
    """What else a thing is called, each once."""
    shown = name_node(NamedNode(hit.iri), viewer).casefold()
    for name in hit.names:
        if name.text.casefold() != shown:
            yield name.text


def get_id(node: NamedNode) -> str:
    """The identifier of a thing."""
    return node.value.removeprefix(ID)


def is_offered(kind: str) -> bool:
    """Whether things of a kind are of a type that is offered."""
    return kind in _BY_KIND


def get_store() -> Store:
    """The quads of the release."""
    return get_served().store
