"""Which countries and places the scope of a figure covers, and whether two scopes can meet.

An operation or an organisation covers what its area names; a place covers itself, and lies in what
contains it. Of a scope without an area nobody has said where it is: it may be anywhere.
"""

from collections.abc import Set as AbstractSet

from pyoxigraph import Store

from kzgraph.iri import term
from kzgraph.namespaces import SCHEMA, TYPE, Term
from kzgraph.reach import reach
from kzgraph.reasoning.rules_text import objects

_COUNTRY = SCHEMA["Country"]
_PLACES = {_COUNTRY, SCHEMA["Place"]}
#: Both, because reasoning has not yet said that each area is an area served.
_AREAS = (term("area"), SCHEMA["areaServed"])
_WITHIN = SCHEMA["containedInPlace"]


class Scopes:
    """The scopes of the default graph of a store, which must not change meanwhile."""

    def __init__(self, store: Store) -> None:
        """Nothing is read before it is asked for."""
        self._store = store
        self._known: dict[Term | None, tuple[AbstractSet[Term], AbstractSet[Term]]] = {}

    def places(self, scope: Term | None) -> AbstractSet[Term]:
        """The countries and places that a scope covers; empty where that is unknown."""
        return self._read(scope)[0]

    def enclosing(self, scope: Term | None) -> AbstractSet[Term]:
        """These, and all that they lie in."""
        return self._read(scope)[1]

    def country(self, scope: Term | None) -> Term | None:
        """The one country in which all places that a scope covers lie; None if there is none such.

        A country lies in itself, a region of several countries in none of them.
        """
        found = {self._country_of(place) for place in self.places(scope)}
        return found.pop() if len(found) == 1 else None

    def _country_of(self, place: Term) -> Term | None:
        inside = reach([place], lambda each: objects(self._store, each, _WITHIN))
        found = [each for each in inside if _COUNTRY in objects(self._store, each, TYPE)]
        return found[0] if len(found) == 1 else None

    def _read(self, scope: Term | None) -> tuple[AbstractSet[Term], AbstractSet[Term]]:
        found = self._known.get(scope)
        if found is None:
            own = {scope} if scope and _PLACES & {*objects(self._store, scope, TYPE)} else set()
            places = own.union(*(objects(self._store, scope, area) for area in _AREAS))
            enclosing = reach(places, lambda place: objects(self._store, place, _WITHIN))
            found = self._known[scope] = places, enclosing.keys()
        return found
