"""The names of the things of a release that claims speak of, in three languages."""

from collections.abc import Iterator, Sequence, Set

from babel import Locale
from pyoxigraph import Literal, NamedNode, Store

from kzgraph.checking.cues import Token, split_words
from kzgraph.iri import term
from kzgraph.namespaces import LABEL, LANGUAGES, SCHEMA, SKOS, TYPE
from kzgraph.prefixes import PREFIXES
from kzgraph.search.word_forms import Forms

#: By which properties a thing has its names.
_NAMES = (LABEL, SKOS["altLabel"], SCHEMA["alternateName"])
#: What claims name: by the class of the thing, or by the scheme that its IRI says.
_CLASSES = {SCHEMA["Country"]: "country", term("Operation"): "place", SCHEMA["Place"]: "place"}
_SCHEMES = {"population-group": "group", "region": "place"}
_THINGS = f"{PREFIXES['kzr']}"
#: Below this many letters a word has to be there as it is.
_SHORT = 4
#: With what the codes of countries begin that a release knows nothing of.
OTHER_COUNTRY = "territory:"


class Names:
    """Phrases that name things; several may share one."""

    def __init__(self, store: Store, plain: Set[str]) -> None:
        """Read the names of countries, operations, places and population groups.

        Args:
            store: the quads of the release.
            plain: folded words that mean something else, and are the form of no name.
        """
        self._plain = plain
        self._by_beginning: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        self._forms: dict[str, Forms] = {}
        self.words: dict[str, str] = {}
        for node, kind in _list_things(store):
            for name in _NAMES:
                for quad in store.quads_for_pattern(node, name, None, None):
                    if isinstance(quad.object, Literal):
                        self._add(quad.object.value, kind, node.value)
        for iri, label in _list_territories():
            self._add(label, "country", iri)
        for phrases in self._by_beginning.values():
            phrases.sort(key=lambda each: -len(each[0]))

    def _add(self, name: str, kind: str, iri: str) -> None:
        words = tuple(token.text for token in split_words(name))
        if not words:
            return
        others = self._by_beginning.get(words[0][:2], ())
        if iri.startswith(OTHER_COUNTRY) and any(words == each[0] for each in others):
            return
        self._by_beginning.setdefault(words[0][:2], []).append((words, kind, iri))
        for word in words:
            self._forms.setdefault(word, Forms(word))
            if len(word) > _SHORT:
                self.words.setdefault(word, word)

    def find(self, tokens: Sequence[Token], taken: set[int]) -> Iterator[tuple[str, str, range]]:
        """The things that are named, longer names first at each place: kind, IRI, places."""
        at = 0
        while at < len(tokens):
            for words, kind, iri in self._by_beginning.get(tokens[at].text[:2], ()):
                places = range(at, at + len(words))
                if places.stop > len(tokens) or not taken.isdisjoint(places):
                    continue
                if all(map(self._is_form, words, (tokens[place].text for place in places))):
                    taken.update(places)
                    yield kind, iri, places
                    at = places.stop - 1
                    break
            at += 1

    def knows(self, word: str) -> bool:
        """Whether a word is one of some name, in any form."""
        return (
            any(
                self._is_form(each, word)
                for words, _, _ in self._by_beginning.get(word[:2], ())
                for each in words[:1]
            )
            or word in self._forms
        )

    def _is_form(self, word: str, token: str) -> bool:
        if word == token:
            return True
        if len(word) < _SHORT or token in self._plain:
            return False
        return self._forms[word].has(token)


def _list_territories() -> Iterator[tuple[str, str]]:
    """The countries and regions of the world: what is said of them is not said of others."""
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            yield f"{OTHER_COUNTRY}{code}", name


def _list_things(store: Store) -> Iterator[tuple[NamedNode, str]]:
    for kind, name in _CLASSES.items():
        for quad in store.quads_for_pattern(None, TYPE, kind, None):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject, name
    for quad in store.quads_for_pattern(None, TYPE, SKOS["Concept"], None):
        if isinstance(quad.subject, NamedNode):
            scheme = quad.subject.value.removeprefix(_THINGS).split("/")[0]
            if scheme in _SCHEMES:
                yield quad.subject, _SCHEMES[scheme]
