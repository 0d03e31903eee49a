"""The one country that a fact or figure is about, where that can be told."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Store, Triple

from kzgraph.iri import term
from kzgraph.namespaces import ORG, SCHEMA, Term
from kzgraph.reasoning.rules_text import objects
from kzgraph.reasoning.scopes import Scopes

#: What says where a fact holds, the first that it has: most have a scope; a participation has its
#: state, an event its place or else who was there, a pledge and a change of law who made them.
_WHERE = (
    term("scope"),
    term("participant"),
    SCHEMA["location"],
    term("actor"),
    ORG["organization"],
)
_COUNTRY = term("country")


def countries(store: Store) -> Iterator[Triple]:
    """`kzg:country` of each fact and derived figure in the default graph of `store` that has it."""
    scopes = Scopes(store)
    facts = {quad.subject for quad in store.quads_for_pattern(None, term("statedIn"), None, None)}
    derived = store.quads_for_pattern(None, term("derivation"), None, None)
    for subject in facts.union(quad.subject for quad in derived):
        if isinstance(subject, NamedNode):
            places = next(filter(None, (objects(store, subject, each) for each in _WHERE)), [])
            country = _common_country(scopes, places)
            if country is not None:
                yield Triple(subject, _COUNTRY, country)


def _common_country(scopes: Scopes, places: list[Term]) -> Term | None:
    found = {scopes.country(place) for place in places}
    return found.pop() if len(found) == 1 else None
