"""What a release has names, hedges and kinds for, as claims are read with it."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Store
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kzgraph.checking.cues import Token, load_cues, matches, split_words
from kzgraph.checking.known_figures import Figures
from kzgraph.checking.names_of_things import Names
from kzgraph.checking.units import HOUSEHOLDS, PER_CENT, PERSONS
from kzgraph.iri import thing
from kzgraph.namespaces import LABEL, SKOS
from kzgraph.prefixes import PREFIXES
from kzgraph.tables.hedges import Hedges

_THINGS = PREFIXES["kzr"]
#: A quantity that no release has.
_UNKNOWN = "other"
_BOUNDS = ("approximate", "exact", "lower", "upper")
#: A word of this many letters may have a mistake, one of the second number two.
_ONE_MISTAKE, _TWO_MISTAKES = 6, 10


class KnownWords:
    """The words of one release.

    Attributes:
        names: what its things are called.
        hedges: the words that hedge.
        hosts: the countries that its documents have figures about.
    """

    def __init__(self, store: Store, figures: Figures) -> None:
        """Read them from `store`."""
        bounds = _read_bounds(store)
        self.hedges = Hedges(bounds)
        self.hosts = frozenset(each.country for each in figures.known if each.country)
        self._figures = figures
        cue_words = {word for cues in load_cues().values() for cue in cues for word in cue.words}
        self._plain = {word for word in cue_words if not word.endswith("*")}
        hedging = {token.text for word in bounds for token in split_words(word)}
        self.names = Names(store, self._plain | hedging)
        self._beginnings = tuple(word for word in cue_words if word.endswith("*"))
        self._vocabulary = sorted(
            {*self.names.words, *(word for word in self._plain if len(word) >= _ONE_MISTAKE)}
        )

    def correct(self, token: Token) -> Token:
        """A token, or what it is a mistake of."""
        word = token.text
        if len(word) < _ONE_MISTAKE or not word.isalpha() or self._knows(word):
            return token
        most = 2 if len(word) >= _TWO_MISTAKES else 1
        found = process.extractOne(
            word, self._vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=most
        )
        return (
            Token(found[0], token.start, token.end) if found and found[0][0] == word[0] else token
        )

    def _knows(self, word: str) -> bool:
        return (
            word in self._plain
            or any(matches(each, word) for each in self._beginnings)
            or self.names.knows(word)
        )

    def whole(self, code: str) -> str:
        """A code as an IRI: `country/KAZ` of the tables of cues; others stay.

        A region is the operation that is called so, where there is one.
        """
        if code.startswith(f"{_THINGS}place/"):
            operation = f"{_THINGS}operation/{code.rsplit('/', 1)[1]}"
            return operation if operation in self._figures.areas else code
        return f"{_THINGS}{code}" if "/" in code and "://" not in code else code

    @staticmethod
    def is_country(code: str) -> bool:
        """Whether a place is a country, one of the release or another."""
        return code.startswith((f"{_THINGS}country/", "territory:"))

    @staticmethod
    def is_city(code: str) -> bool:
        """Whether a place is a city or region of a country."""
        return code.startswith(f"{_THINGS}place/")

    def is_single(self, code: str) -> bool:
        """Whether a place is an operation or office of which no countries are known."""
        return code.startswith(f"{_THINGS}operation/") and code not in self._figures.areas

    def area_of(self, countries: Iterable[str]) -> str:
        """The operation that covers just these countries, of several; else nothing."""
        wanted = frozenset(countries)
        if len(wanted) < 2:
            return ""
        return next(
            (iri for iri, area in sorted(self._figures.areas.items()) if area == wanted), ""
        )

    def broader(self, group: str) -> set[str]:
        """The groups that a group is one of."""
        return self._figures.broader.get(group, set())

    def unit_kinds(self, unit: str) -> frozenset[str]:
        """The kinds of unit that a number of a claim may have."""
        if unit == PER_CENT:
            return frozenset({"ratio"})
        if unit in (PERSONS, HOUSEHOLDS):
            return frozenset({"people", "count"})
        if unit:
            return frozenset({"money"})
        return frozenset()

    def fits(self, codes: Iterable[str], kinds: frozenset[str]) -> bool:
        """Whether one of some quantities has a unit of some kinds."""
        codes = list(codes)
        if not kinds or _UNKNOWN in codes:
            return True
        known = [self._figures.kinds.get(self.whole(code), set()) for code in codes]
        if kinds == {"ratio"}:
            # A share is of people, and the quantity is theirs; of money there are rates alone.
            parts = any(self._figures.measures.get(self.whole(code)) == "stock" for code in codes)
            return parts or any(each & {"ratio", "people"} for each in known)
        return any(each & kinds for each in known)


def _read_bounds(store: Store) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code in _BOUNDS:
        node: NamedNode = thing("bound", code)
        for name in (SKOS["altLabel"], *((LABEL,) if code == "exact" else ())):
            for quad in store.quads_for_pattern(node, name, None, None):
                if isinstance(quad.object, Literal):
                    found.setdefault(quad.object.value.casefold(), set()).add(code)
    return {word: frozenset(codes) for word, codes in found.items()}
