"""Where figures hold, for choosing among those whose places overlap."""

from collections.abc import Set as AbstractSet

from pyoxigraph import NamedNode, Store

from kzgraph.namespaces import OA, SCHEMA, TYPE, Term
from kzgraph.reasoning.rules_text import objects
from kzgraph.reasoning.scopes import Scopes

_BODY = OA["hasBody"]
_PLACES = frozenset({SCHEMA["Country"], SCHEMA["Place"]})


class Places:
    """The places of scopes, by documents or else by notes of the project, in a store."""

    def __init__(self, store: Store) -> None:
        """Nothing is read before it is asked for."""
        self._store = store
        self._scopes = Scopes(store)
        self._noted: dict[Term | None, frozenset[Term]] = {}

    def of(self, scope: Term | None) -> AbstractSet[Term]:
        """The countries and places that a scope covers; empty where nobody says."""
        return self._scopes.places(scope) or self._by_notes(scope)

    def own(self, scope: Term | None) -> Term | AbstractSet[Term] | None:
        """What tells a scope from others: what documents say it covers, or else itself."""
        return frozenset(self._scopes.places(scope)) or scope

    def around(self, scope: Term | None) -> AbstractSet[Term]:
        """These, and all that they lie in."""
        places = self.of(scope)
        return frozenset(places).union(*(self._scopes.enclosing(place) for place in places))

    def is_within_country(self, scope: Term | None) -> bool:
        """Whether a scope covers a part of a country and not the whole of it."""
        return any(
            not self._is_country(place) and self._scopes.country(place) is not None
            for place in self.of(scope)
        )

    def breadth(self, scope: Term | None) -> int:
        """0 for one country, 1 for several, 2 where only a note says which, 3 where nobody does."""
        places = self._scopes.places(scope)
        if places:
            return 0 if len(places) == 1 and all(map(self._is_country, places)) else 1
        return 2 if self._by_notes(scope) else 3

    def start_choice(self) -> "Choice":
        """A choice in which nothing is chosen yet."""
        return Choice(self)

    def _is_country(self, place: Term) -> bool:
        return SCHEMA["Country"] in objects(self._store, place, TYPE)

    def _by_notes(self, scope: Term | None) -> frozenset[Term]:
        if scope not in self._noted:
            notes = (
                self._store.quads_for_pattern(None, OA["hasTarget"], scope, None)
                if isinstance(scope, NamedNode)
                else ()
            )
            bodies = {body for note in notes for body in objects(self._store, note.subject, _BODY)}
            self._noted[scope] = frozenset(
                body for body in bodies if _PLACES & {*objects(self._store, body, TYPE)}
            )
        return self._noted[scope]


class Choice:
    """Figures that were chosen so far, found by their places."""

    def __init__(self, places: Places) -> None:
        """Nothing is chosen."""
        self._places = places
        self._first: NamedNode | None = None
        self._anywhere: set[NamedNode] = set()
        self._at: dict[Term, set[NamedNode]] = {}
        self._in: dict[Term, set[NamedNode]] = {}

    def add(self, scope: Term | None, figure: NamedNode) -> None:
        """Choose a figure of a scope."""
        self._first = self._first or figure
        if not self._places.of(scope):
            self._anywhere.add(figure)
        for place in self._places.of(scope):
            self._at.setdefault(place, set()).add(figure)
        for place in self._places.around(scope):
            self._in.setdefault(place, set()).add(figure)

    def overlapping(self, scope: Term | None) -> set[NamedNode]:
        """What was chosen and may overlap with a scope; the first, if that may be anywhere."""
        places = self._places.of(scope)
        if not places:
            return {self._first} if self._first else set()
        found = set(self._anywhere)
        for place in places:
            found |= self._in.get(place, set())
        for place in self._places.around(scope):
            found |= self._at.get(place, set())
        return found
