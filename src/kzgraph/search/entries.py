"""What of a release is found by search: its labelled things with all that they are called.

Observations of official tables have no labels and are not entries: their tables, dimensions and
codes are. Memory grows with the number of entries, not with that of triples.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from kzgraph.iri import GRAPH, ID, ONTOLOGY, term
from kzgraph.namespaces import DCT, FOAF, LABEL, OWL, SCHEMA, SKOS, TYPE, Term
from kzgraph.search.kinds_of_things import LEFT_OUT, choose_kind, name_kind
from kzgraph.search.territories import name_territory
from kzgraph.search.typed_words import find_initials, join_words, split_words

#: Sorts of names, the one that tells most first.
LABEL_SORT, OTHER_SORT, CODE_SORT, VALUE_SORT, LINK_SORT = range(5)

#: References to a thing that are counted: what has more is as prominent as can be.
MOST_REFERENCES = 256
#: References to a thing whose words are kept for the others that are about it: most have fewer.
_OFTEN = 4
#: Statements about a thing that are read at once. Of what has more, as a country of millions of
#: cells may, the properties that names and words come from are looked up one by one.
_AT_ONCE = 2_000

_NAMED = (
    (LABEL_SORT, (LABEL, SKOS["prefLabel"], DCT["title"], FOAF["name"])),
    (OTHER_SORT, (SKOS["altLabel"], SKOS["hiddenLabel"])),
    (CODE_SORT, (SKOS["notation"], DCT["identifier"], SCHEMA["identifier"])),
    (VALUE_SORT, tuple(map(term, ("value", "least", "most", "usDollars")))),
    (
        LINK_SORT,
        (OWL["sameAs"], SCHEMA["sameAs"], SKOS["exactMatch"], SKOS["closeMatch"], SCHEMA["url"]),
    ),
)
#: Those by which entries are found to be some.
_LABELS = (LABEL, DCT["title"], FOAF["name"])
_SEARCH_TEXT = term("searchText")
_TEXTS = (_SEARCH_TEXT, DCT["description"], SKOS["definition"])
#: What the words of a thing's context come from, apart from its kind.
_CONTEXT = (
    *map(term, ("about", "scope", "quantity", "status", "time", "kind", "donor", "statedIn")),
    *(SKOS["inScheme"], DCT["isPartOf"]),
)
_READ = (TYPE, *(each for _, predicates in _NAMED for each in predicates), *_TEXTS, *_CONTEXT)
_OURS = (ID, ONTOLOGY, GRAPH)
#: The datatype of the codes by which countries have names elsewhere.
_TWO_LETTERS = term("iso3166Alpha2")


#: The objects of statements about a thing by their properties.
_Said = Mapping[NamedNode, Sequence[Term]]


class Name(NamedTuple):
    """What a thing is called.

    Attributes:
        text: as it is published; a number in digits alone.
        language: of the text; nothing where it has none.
        sort: `LABEL_SORT` and so on.
        key: its words, by which it is compared; of what is an IRI, the IRI.
    """

    text: str
    language: str
    sort: int
    key: str


@dataclass(frozen=True)
class Entry:
    """A thing that is found by search.

    Attributes:
        iri: of the thing.
        kind: the class that it is grouped by.
        references: how many statements lead to it, up to `MOST_REFERENCES`.
        names: what it is called.
        own: further words of its names.
        context: words of what it is about.
    """

    iri: str
    kind: str
    references: int
    names: tuple[Name, ...]
    own: frozenset[str]
    context: frozenset[str]


def list_entries(store: Store) -> Iterator[Entry]:
    """The entries of a release, those that are referred to most first.

    Args:
        store: what a plain query meets.
    """
    reading = _Reading(store)
    left_out = {
        quad.subject
        for each in LEFT_OUT
        for quad in store.quads_for_pattern(None, TYPE, each, None)
    }
    subjects = {
        quad.subject
        for label in _LABELS
        for quad in store.quads_for_pattern(None, label, None, None)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(_OURS)
    }
    subjects -= left_out
    ranked = sorted((-_count_references(store, each), each.value) for each in subjects)
    for negative, iri in ranked:
        yield reading.read(NamedNode(iri), -negative)


def _count_references(store: Store, node: NamedNode) -> int:
    # Copies of one statement under another name, such as `dcterms:type`, count as well: what is
    # compared is how prominent things are, not how many facts there are.
    found = store.quads_for_pattern(None, None, node, None)
    return sum(1 for _ in islice(found, MOST_REFERENCES))


class _Reading:
    """Reads entries, remembering the words of what many are about."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._words: dict[NamedNode, frozenset[str]] = {}

    def read(self, node: NamedNode, references: int) -> Entry:
        """The entry of a thing."""
        said = self._said(node)
        kind = choose_kind(said.get(TYPE, ()))
        names = _names(said)
        if references >= _OFTEN:
            # The others that are about it, most of which come later, need them.
            self._words[node] = _words_of(names)
        if kind == SCHEMA["Country"]:
            names = _add_territory(names, said)
        own: set[str] = set()
        for name in names:
            if name.sort <= OTHER_SORT:
                own.update(join_words(name.text))
                own |= find_initials(name.key.split())
            elif name.sort == VALUE_SORT:
                own |= round_off(name.text)
        context = set(split_words(name_kind(kind))) | self._words_of(kind)
        for predicate in _TEXTS:
            # Of other things it is the names alone, which are there already.
            if predicate == _SEARCH_TEXT and kind != SKOS["Concept"]:
                continue
            for text in said.get(predicate, ()):
                if isinstance(text, Literal):
                    context.update(split_words(text.value))
        for predicate in _CONTEXT:
            for about in said.get(predicate, ()):
                if isinstance(about, NamedNode):
                    context |= self._words_of(about)
        return Entry(node.value, kind.value, references, names, frozenset(own), frozenset(context))

    def _said(self, node: NamedNode) -> _Said:
        """What is said of a thing by the properties that are read."""
        quads = self._store.quads_for_pattern
        found: dict[NamedNode, list[Term]] = {}
        first = list(islice(quads(node, None, None, None), _AT_ONCE))
        if len(first) == _AT_ONCE:
            first = [quad for each in _READ for quad in quads(node, each, None, None)]
        for quad in first:
            found.setdefault(quad.predicate, []).append(quad.object)
        return found

    def _words_of(self, node: NamedNode) -> frozenset[str]:
        """The words of all that a thing is called but for what other data sets call it."""
        if node not in self._words:
            self._words[node] = _words_of(_names(self._said(node)))
        return self._words[node]


def _words_of(names: Sequence[Name]) -> frozenset[str]:
    return frozenset(word for name in names if name.sort <= CODE_SORT for word in name.key.split())


def _names(said: _Said) -> tuple[Name, ...]:
    found: dict[tuple[str, str], int] = {}
    for sort, predicates in _NAMED:
        for predicate in predicates:
            for value in said.get(predicate, ()):
                name = _read_name(value, sort)
                if name is not None:
                    found.setdefault(name, sort)
    named = ((sort, language, text) for (text, language), sort in found.items())
    return tuple(
        Name(text, language, sort, text if sort == LINK_SORT else " ".join(split_words(text)))
        for sort, language, text in sorted(named)
    )


def _add_territory(names: tuple[Name, ...], said: _Said) -> tuple[Name, ...]:
    """The names of a country, and those that CLDR has: its own, and ours where they differ."""
    keys = {name.key for name in names if name.sort <= OTHER_SORT}
    added = [
        Name(text, language, OTHER_SORT, " ".join(split_words(text)))
        for value in said.get(SKOS["notation"], ())
        if isinstance(value, Literal) and value.datatype == _TWO_LETTERS
        for text, language in name_territory(value.value)
    ]
    others = (name for name in added if name.key and name.key not in keys)
    return tuple(sorted((*names, *others), key=_order))


def _order(name: Name) -> tuple[int, bool, str, str]:
    """By what tells most: another name of no stated language is the last that is shown."""
    return name.sort, name.sort == OTHER_SORT and not name.language, name.language, name.text


def _read_name(value: Term, sort: int) -> tuple[str, str] | None:
    """The text and the language of a name; None for what is not one of that sort."""
    if sort == LINK_SORT:
        return (value.value, "") if isinstance(value, NamedNode) else None
    if not isinstance(value, Literal) or not value.value:
        return None
    if sort != VALUE_SORT:
        return value.value, value.language or ""
    try:
        number = abs(Decimal(value.value))
    except InvalidOperation:
        return None
    return (_write_number(number), "") if number.is_finite() else None


def _write_number(number: Decimal) -> str:
    """In digits, without zeros at the end of a fraction."""
    whole = f"{number:f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def round_off(number: str) -> set[str]:
    """A number as pages and people round it: to few digits, and in millions.

    >>> sorted(round_off("7485826.72"))
    ['7.49', '7.5', '7485827']
    """
    value = Decimal(number)
    found = {_write_number(value.quantize(Decimal(each))) for each in ("1", "0.1", "0.01")}
    if value < 1_000:
        return found - {number, "0"}
    found = {_write_number(value.quantize(Decimal(1)))}
    if value >= 1_000_000:
        millions = value / 1_000_000
        found |= {_write_number(millions.quantize(Decimal(each))) for each in ("0.1", "0.01")}
    return found - {number}


def last_segment(iri: str) -> str:
    """What stands behind the last slash or hash of an IRI: the code that a data set gives."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
